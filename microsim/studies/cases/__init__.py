"""Hand-worked cases: families with the amounts that the law must give them."""
