"""What every generated page of docs/ has in common: it is written, or looked at with ``--check``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path


def keep(page: Path, text: Callable[[], str]) -> int:
    """Write ``page``; with ``--check`` write nothing, and return 1 where ``text`` gives another one now."""
    parser = argparse.ArgumentParser(description=f"Writes {page.name}.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 where it is old")
    if parser.parse_args().check:
        good = page.is_file() and page.read_text(encoding="utf-8") == text()
        print(f"{page.name} is {'up to date' if good else 'out of date: run this again without --check'}")
        return 0 if good else 1
    page.write_text(text(), encoding="utf-8", newline="\n")
    return 0
