"""The same rules in plain Python: the slow twin of the compiled kernels."""
