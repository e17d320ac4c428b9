"""What the GANs and their room call things. Without torch: the page is built before it is imported."""

DATA = ("faces", "fashion")
PLAYERS = ("d", "g")
"""Whose losses are recorded: the discriminator's without its penalty, and -log D(G(z))."""
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
RATES = ("0.001", "0.0001", "0.0002", "0.0005", "0.002", "0.003", "0.005", "0.01", "0.02", "0.05", "0.1", "0.2")
STEPS_OF_D = ("1", "2", "3", "5", "8", "12")
WIDTHS, DEPTHS = ("64", "16", "32", "128"), ("2", "1", "3", "4")
BATCHES = ("128", "16", "32", "64", "256", "512")
SMOOTHINGS = ("0", "0.1", "0.2", "0.3")
CLIPS, WEIGHTS = ("0.1", "0.01", "0.03", "0.3"), ("1", "0.1", "0.3", "3", "10")
"""What the laboratory may be set to; the first of each is where it begins."""
AXES = ("axis1", "axis2", "axis3", "axis4")
"""The first principal axes of w, of which a room steers along so many."""
REACH = 3.0
"""k of each direction goes from -3 to 3: in differences of two means, or in standard deviations of w along an axis."""
WAYS = ("w", "layers", "offsets")
"""In what a photo is looked for: one style, a style for each layer, or those with offsets of the feature maps."""
