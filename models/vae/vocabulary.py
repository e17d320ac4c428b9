"""What the VAEs and their room call things. Without torch: the page is built before it is imported."""

DATA = ("digits", "fashion")
"""Data sets with a latent plane."""
BETAS = (0, 1, 4, 20)
"""0 is an autoencoder."""
REACH = 3.0
"""The plane goes from -3 to 3 in both directions, in standard deviations of the prior; so does k of each direction, in
differences of the two means."""
PRIORS = ("learned", "normal")
