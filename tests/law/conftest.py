"""Coverage of the law is measured in the uncompiled run of the hand-worked cases."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.untraced import untraced


@pytest.fixture(autouse=True)
def unmeasured() -> Iterator[None]:
    """In the other run coverage looks away: the interpreter takes three times as long where it looks."""
    if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
        yield
        return
    with untraced():
        yield
