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
LOSSES = ("nocycle", "noidentity", "whole")
"""What is left out of the emoji pair's loss, as the cards "cyclegan-emoji-..." are called: the cycle, the identity, and
the patches of the discriminator."""
HELD_OUT, SHOWN = 161, 32
"""Emoji that no recipe trains on; and how many of them ship to be shown, the first ones."""
CLAIMS = {
    "back": "cycle_error",
    "style": "judged",
    "same": "identity_error",
    "colour": "colour",
    "grain": "grain",
}
"""What may be lost without a term, and the figure of a card, less its direction, that says so; the grain is the energy
of the network's own grid, patterns of 2 and 4 pixels, over what surrounds it in the spectrum."""
QUESTIONS = {"nocycle": ("back", "style"), "noidentity": ("same", "colour"), "whole": ("style", "grain")}
"""What is asked of each: two claims, and "neither"."""
MUCH, POINTS = 1.1, 0.05
"""Something counts as lost from this many times the error, or the grain, of the full loss; the style, where a judge
sees it this much less often."""
FILMED = ("smile", "emoji-full", "emoji-nocycle", "emoji-noidentity", "emoji-whole")
"""Pairs whose training can be looked at, where their weights hold a film."""
TERMS = ("adversarial", "cycle", "identity", "judges")
"""Of the losses, as they are recorded."""
ROWS = ("x", "gx", "fgx", "y", "fy", "gfy")
"""Of a film: x, G(x), F(G(x)), y, F(y), G(F(y))."""
