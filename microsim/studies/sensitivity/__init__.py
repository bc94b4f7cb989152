"""Which undocumented numbers move the answer most."""
