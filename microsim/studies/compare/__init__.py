"""One law beside another on the same households: what changes, and who gains or loses."""
