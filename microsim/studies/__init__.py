"""The questions analysts ask, as functions from a scenario (or population and policy) to frozen results."""
