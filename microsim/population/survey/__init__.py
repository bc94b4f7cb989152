"""Survey and register microdata into a population."""
