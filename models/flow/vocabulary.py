"""Names of the flow room. Without torch: the page is built before it is imported."""

FORMS = ("affine", "spline")
"""What f may be in one dimension."""

MODELS = ("realnvp", "nice", "spline", "matching")
TARGETS = ("moons", "ring", "spiral", "checkerboard", "rings", "letter")
"""Densities of the act "plane"; those of the endpoints too."""
TRAINED = MODELS[:3]
"""Those that are trained while one looks on."""
OWN = {"realnvp": (12, 16), "nice": (12, 32), "spline": (4, 32)}
"""Layers and width of each that ships."""
DEPTHS = ("12", "1", "2", "4", "6", "8", "16")
WIDTHS = ("16", "4", "8", "32", "64")
MASKS = ("alternate", "pairs", "never")
RATES = ("0.005", "0.0005", "0.001", "0.002", "0.01", "0.02")
SIZES = ("0", "50", "200", "1000")
"""Points of a training set; 0: fresh ones in every step."""
WAYS = ("there", "back")
GROUNDS = ("density", "stretch")
