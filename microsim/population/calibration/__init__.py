"""Weights that meet given totals."""
