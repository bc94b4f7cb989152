"""Functions that generated modules hold besides the rules: plain Python here, compiled with the kernel."""
