"""What the GANs and their room call things. Without torch: the page is built before it is imported."""

DATA = ("faces", "fashion")
LABELS = tuple(map(str, range(10)))
"""Of the clothes: the classes of Fashion-MNIST."""
LAYERS = {"faces": 9, "fashion": 5}
"""Layers that are told a style."""
