"""Coverage of the law is measured where the interpreter runs the hand-worked cases, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.untraced import untraced


@pytest.fixture(autouse=True)
def unmeasured(request: pytest.FixtureRequest) -> Iterator[None]:
    """Elsewhere coverage looks away: the interpreter takes three times as long where it looks."""
    if getattr(request.node, "originalname", "") == "test_interpreter_gives_the_amounts_worked_out_by_hand":
        yield
        return
    with untraced():
        yield
