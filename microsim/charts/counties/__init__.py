"""Charts over many counties: provinces as tiles, and the policy of one county on the people of others."""
