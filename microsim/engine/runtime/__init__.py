"""Compiled kernels: made, kept, fed with data and driven."""
