"""Parameters that move over the years."""
