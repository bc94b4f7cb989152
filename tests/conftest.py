"""Settings of every test run: the cache of kernels, runs without compilation, and how Hypothesis searches."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from matplotlib.figure import Figure

import microsim
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

# jsonschema asks for the grammar of international links, which takes seconds to build and is in no schema.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

_no_garbage_collection = kernels.no_garbage_collection


@contextmanager
def _compiling() -> Iterator[None]:
    with untraced(), _no_garbage_collection():
        yield


# Where nothing is compiled, writing the text of a kernel is quick, and coverage sees it there.
if os.environ.get("NUMBA_DISABLE_JIT", "0") in ("", "0"):
    kernels.no_garbage_collection = _compiling

_savefig, _draw = Figure.savefig, Figure.draw


def _saved(self: Figure, *arguments: Any, **options: Any) -> None:
    with untraced():
        _savefig(self, *arguments, **options)


def _drawn(self: Figure, *arguments: Any, **options: Any) -> None:
    with untraced():
        _draw(self, *arguments, **options)


Figure.savefig, Figure.draw = _saved, _drawn  # type: ignore[method-assign]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Reading the tests is not measured; what runs as a module of the package is imported is."""
    if sys.gettrace() is not None:
        for module in pkgutil.walk_packages(microsim.__path__, "microsim."):
            importlib.import_module(module.name)
    with untraced():
        return (yield)


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
