"""What the models of faces and their rooms call things. Without torch: the page is built before it is imported."""

DIRECTIONS = ("smile", "age", "gender")
"""Differences of two means along which a face is changed, in the order in which models keep them."""
