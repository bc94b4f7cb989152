"""What a scenario says of money that does not suffice: ``budget:``."""
