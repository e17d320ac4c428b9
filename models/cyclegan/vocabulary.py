"""What the CycleGANs and their room call things. Without torch: the page is built before it is imported."""

CYCLES = ("0.3", "0", "0.1", "1", "3", "10", "100", "300")
IDENTITIES = ("0", "0.1", "0.3", "1", "3")
"""Weights of the cycle and of the identity in the plane; the first is where a visitor begins."""
SHAKES = ("0", "0.05", "0.1", "0.2")
"""Noise on a translation before the way back."""
RATES, PENALTIES, BATCHES = (
    ("0.002", "0.0005", "0.001", "0.005"),
    ("0.03", "0", "0.1", "0.3"),
    ("128", "32", "64", "256"),
)
PIECES = ("nocycle", "lambda", "noidentity", "hidden")
"""Of the museum: trainings in the plane."""
ASKED = ("monet", "emoji")
"""Pairs that are asked what their translations hide."""
PAIRS = ("monet", "emoji", "smile")
"""Of the act "translate": two collections each."""
WAYS = ("a2b", "b2a")
"""From the first collection to the second (photo to Monet, Noto to Twemoji, neutral to smiling), and the other way."""
SIDES = ("a", "b")
"""The two collections."""
WITHOUT_IDENTITY = ("monet",)
"""Of PAIRS, those that were trained without the identity term: training/cyclegan/pairs.py."""
