"""Names of the flow room. Without torch: the page is built before it is imported."""

FORMS = ("affine", "spline", "fit")
"""What f may be in one dimension: a line, a spline through knots that are dragged, one that is fitted to a sample."""
SAMPLES = ("bumps", "skewed", "uniform")
"""Samples to which it may be fitted, beside one that is drawn."""

SWITCHES = ("keep", "zero", "noise")
"""What becomes of each of Glow's three levels of z."""
FURTHEST = 2.0
"""k of each direction of Glow's faces goes from -2 to 2, in differences of the two means."""

MODELS = ("realnvp", "nice", "spline", "matching")
TARGETS = ("moons", "ring", "spiral", "checkerboard", "rings", "letter")
"""Flows of the plane, and the densities that they ship for."""
OWN = {"realnvp": (12, 16), "nice": (12, 32), "spline": (4, 32)}
"""Layers and width of each that ships; those are trained while one looks on, too."""
DEPTHS = ("12", "1", "2", "4", "6", "8", "16")
WIDTHS = ("16", "4", "8", "32", "64")
MASKS = ("alternate", "pairs", "never")
"""Which coordinate the layers keep."""
RATES = ("0.005", "0.0005", "0.001", "0.002", "0.01", "0.02")
SIZES = ("0", "50", "200", "1000")
"""Points of a training set; 0: fresh ones in every step."""
BOUNDS = ("4.5", "1", "1.5", "2", "3")
"""Of the splines: beyond, they leave everything as it is."""
OWN_TARGETS = ("mixture", "drawn")
"""Densities of the visitor's own: Gaussians to be dragged, and points to be drawn."""
MIXTURE = ((-260, 260), (-260, 260), (12, 120), (12, 120), (0, 179), (1, 999))
"""Bounds of a part of such a mixture: mean, two standard deviations, angle, weight; see models.plane.mixtures."""
MOST_PARTS = 6
PIECES = ("layers", "masks", "parts", "tails", "copies", "volume")
"""Of the museum."""
WAYS = ("there", "back")
GROUNDS = ("density", "stretch")
PAIRINGS = ("independent", "transport", "reflow")
"""Which noise a point of the data is paired with when a flow is matched."""
EULER = ("50", "1", "2", "4", "8")
"""Steps of Euler's method from noise to data; the first is where the room begins."""
MATCHED = ("field", "pairs", "point")
"""What the room shows of matching: particles in the field, the pairs that taught it, one point's straight lines."""
PARTICLES = 256
MOMENTS = 50
"""Steps of t between the frames of its film."""
