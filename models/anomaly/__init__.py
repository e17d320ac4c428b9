"""Autoencoders that tell what is foreign to them by what they cannot draw again."""
