"""What the GANs and their room call things. Without torch: the page is built before it is imported."""

DATA = ("faces", "fashion")
LABELS = tuple(map(str, range(10)))
"""Of the clothes: the classes of Fashion-MNIST."""
LAYERS = {"faces": 9, "fashion": 5}
"""Layers that are told a style."""
LOSSES = ("nonsaturating", "minimax", "leastsquares", "wasserstein", "penalty", "relativistic")
"""What D and G of the laboratory may learn by; the first is where a visitor begins."""
NOISES = ("gauss2", "gauss1", "uniform1")
OPTIMISERS = ("adam", "sgd")
PIECES = ("vanishing", "collapse", "oscillation", "clipping", "smoothing")
"""Of the museum of failures."""
