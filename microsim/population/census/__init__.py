"""Profiles out of the tables of the 2020 census."""
