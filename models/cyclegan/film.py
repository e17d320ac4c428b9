"""The film of a CycleGAN's training, as it lies in the file of weights: pictures there and back, and the losses."""

from __future__ import annotations

from models.cyclegan.vocabulary import ROWS, TERMS

ACROSS = 8
"""Pictures of each side in a frame."""
BANDS = len(ROWS)
"""Rows of a frame."""
EVERY = 500
"""Images from one row of the losses to the next."""
LOSSES = TERMS
"""Adversarial: what both generators want of the discriminators. Judges: both discriminators' loss."""
