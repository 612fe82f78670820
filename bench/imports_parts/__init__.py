"""A function as Cloud Run starts it."""
