"""The policy of one county on the people of another."""
