"""Planning one standard: paths under a cap, paths at least cost, and a budget split over counties."""
