"""Faces that were damaged, and a network that is told how: denoising, inpainting, deblurring, super-resolution."""
