"""A county year by year: the same households, their incomes, places and weights, and who receives what."""
