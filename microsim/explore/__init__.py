"""A local page on which the main numbers of a scenario are moved and the results seen at once."""
