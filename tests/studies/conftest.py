"""What tests of several studies share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.plain import plain


@pytest.fixture(scope="module")
def as_plain_python() -> Iterator[None]:
    """Nothing is compiled in a module that uses it, its own fixtures included."""
    with plain():
        yield
