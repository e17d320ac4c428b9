"""The film of a CycleGAN's training, as it lies in the file of weights: pictures there and back, and the losses."""

from __future__ import annotations

ACROSS = 8
"""Pictures of each side in a frame."""
BANDS = 6
"""Rows of a frame: x, G(x), F(G(x)), y, F(y), G(F(y))."""
EVERY = 500
"""Images from one row of the losses to the next."""
LOSSES = ("adversarial", "cycle", "identity", "judges")
"""Adversarial: what both generators want of the discriminators. Judges: both discriminators' loss."""
