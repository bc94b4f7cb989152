"""What a brief says of each kind of results: one table of sentences a kind."""
