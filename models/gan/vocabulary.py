"""What the GANs and their room call things. Without torch: the page is built before it is imported."""

DATA = ("faces", "fashion")
LABELS = tuple(map(str, range(10)))
"""Of the clothes: the classes of Fashion-MNIST."""
LAYERS = {"faces": 9, "fashion": 5}
"""Layers that are told a style."""
AXES = ("axis1", "axis2", "axis3", "axis4")
"""The first principal axes of w, of which a room steers along so many."""
REACH = 3.0
"""k of each direction goes from -3 to 3: in differences of two means, or in standard deviations of w along an axis."""
WAYS = ("w", "layers", "offsets")
"""In what a photo is looked for: one style, a style for each layer, or those with offsets of the feature maps."""
