"""What a sweep computes of each scenario, class by class."""
