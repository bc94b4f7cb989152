"""The commands that make a county's data: profile, population, microdata, practice."""
