"""What the diffusion models and their room call things. Without torch: the page is built before it is imported."""

T = 1000
"""Steps of noise between a picture, t = 0, and pure noise, t = T."""
MODELS = ("faces", "fashion")
"""Models that ship."""
BIGGER = ("celebahq", "cat", "church", "cifar10")
"""Models of the Hub, which a visitor orders first."""
SAMPLERS = ("ddpm", "ddim", "dpm++", "euler", "heun")
SCHEDULES = ("cosine", "linear")
MOODS = ("neutral", "smile")
PEOPLE = ("man", "woman")
"""What can be asked of the faces, in the order in which the network counts it; 0 is "not asked"."""
GARMENTS = tuple(map(str, range(10)))
"""What can be asked of the clothes: the classes of Fashion-MNIST."""
WAYS = ("reverse", "forward")
"""Which way time runs in the plane."""
