"""Which value of a parameter meets a target."""
