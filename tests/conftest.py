"""Settings of every test run: the cache of kernels, runs without compilation, and how Hypothesis searches."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from microsim.engine.runtime import kernels
from tests.untraced import untraced

ROOT = Path(__file__).resolve().parents[1]

# Compiled kernels survive between runs, but in the checkout and not among the user's own.
os.environ.setdefault("MICROSIM_CACHE", str(ROOT / ".cache" / "kernels"))

# The same examples on each run and machine: a red test is red for everyone. `make test-long` searches anew.
settings.register_profile(
    "same", derandomize=True, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("search", settings.get_profile("same"), derandomize=False, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

_no_garbage_collection = kernels.no_garbage_collection


@contextmanager
def _compiling() -> Iterator[None]:
    with untraced(), _no_garbage_collection():
        yield


kernels.no_garbage_collection = _compiling


@pytest.fixture
def root() -> Path:
    """The checkout."""
    return ROOT


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip tests marked ``compiled`` where compilation is off."""
    if os.environ.get("NUMBA_DISABLE_JIT", "0") in ("", "0"):
        return
    skip = pytest.mark.skip(reason="about compiled code, and NUMBA_DISABLE_JIT is set")
    for item in items:
        if item.get_closest_marker("compiled"):
            item.add_marker(skip)
