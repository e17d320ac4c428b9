"""Pictures out of their edges."""
