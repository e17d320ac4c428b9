"""Names of the flow room. Without torch: the page is built before it is imported."""

FORMS = ("affine", "spline")
"""What f may be in one dimension."""
