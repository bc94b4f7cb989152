"""Results over many counties: the nation county by county, and the policy of one on the people of others."""
