"""How much the donor of a census county decides."""
