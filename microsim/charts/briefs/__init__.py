"""Charts of briefs, whose titles are findings."""
