"""From the text of rules to the text of one function for numba."""
