"""What ``economy:`` says of the years after the first: ranks, mobility, population, shocks."""
