"""Coverage looks away: it watches each call of Python code, and some tests make them by the million."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def untraced() -> Iterator[None]:
    """Inside, no call is traced."""
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)


def untraced_environment() -> dict[str, str]:
    """For processes that are killed or have no disk to write to: coverage would fail with them."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COV")}
