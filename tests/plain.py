"""The law as plain Python: for a few households done before numba would have compiled it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numba
import pytest


@contextmanager
def plain() -> Iterator[None]:
    """Nothing is compiled within."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numba.config, "DISABLE_JIT", 1)
        yield
