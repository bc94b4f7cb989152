"""The plain run of the engine is not measured: its lines are, in the compiled run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.random_populations import PLAIN
from tests.untraced import untraced


@pytest.fixture(autouse=True)
def unmeasured() -> Iterator[None]:
    """Where coverage looks, generated text run as plain Python takes twice the time."""
    if not PLAIN:
        yield
        return
    with untraced():
        yield
