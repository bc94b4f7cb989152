"""How the office works, as a scenario says it: decisions, reviews, audits, and who is spared them."""
