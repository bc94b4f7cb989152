"""A county's profile: published figures, each with its source."""
