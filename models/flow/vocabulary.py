"""Names of the flow room. Without torch: the page is built before it is imported."""

FORMS = ("affine", "spline", "fit")
"""What f may be in one dimension: a line, a spline through knots that are dragged, one that is fitted to a sample."""
SAMPLES = ("bumps", "skewed", "uniform")
"""Samples to which it may be fitted, beside one that is drawn."""
