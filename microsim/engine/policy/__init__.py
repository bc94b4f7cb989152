"""Rules, parameters and the policy that they are on one date."""
