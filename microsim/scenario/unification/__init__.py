"""What a scenario says of one standard for town and country."""
