"""Arithmetic with the same bits on every processor, for whatever decides something.

NumPy's exp, log and powers, the mathematics library of the system and BLAS choose their instructions by the
processor, and their last bits differ with it. Who is drawn into a sample must not. What is here uses
addition, subtraction, multiplication, division and square roots of 64-bit floating-point numbers alone, which
IEEE 754 rounds in one way, in an order that is written down. (numba fuses and reorders nothing unless asked
to, and it is not.)

- ``functions``: exp, log, normal and beta distributions
- ``sums``: sums, sums by group, products of sparse matrices
- ``solving``: linear equations, least squares
- ``ranking``: an order of computed amounts
- ``copula``: correlations of ranks, and who leaves the bottom of them
- ``changes``: who is in, came and left, by weight

A compiled function calls compiled functions of its own file only: numba's cache notices changes of that file
and of no other.
"""
