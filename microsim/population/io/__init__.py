"""Populations on disk."""
