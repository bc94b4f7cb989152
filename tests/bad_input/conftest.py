"""What lies here is wrong on purpose: pytest must not look for tests (or doctests) in it."""

collect_ignore_glob = ["*/*.py"]
