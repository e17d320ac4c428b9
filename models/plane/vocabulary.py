"""What the densities of the plane are called. Without torch: the page is built before it is imported."""

TARGETS = ("ring", "moons", "spiral", "checkerboard", "rings", "line", "blobs", "letter")
