"""A county's calibration: levers of practice that make the rules give what its office counts and pays."""
