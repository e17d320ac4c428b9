"""Faces in words of a codebook, and what is likely to be said next."""
