"""A scenario under each of the sets of assumptions that fit its county equally well."""
