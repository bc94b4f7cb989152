"""Synthetic counties out of their profiles."""
