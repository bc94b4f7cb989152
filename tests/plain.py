"""The law as plain Python: for a few households done before numba would have compiled it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numba
import pytest
from numba.core.dispatcher import Dispatcher


@contextmanager
def plain() -> Iterator[None]:
    """No kernel is compiled within.

    A function of ``numerics`` that an earlier test imported is a compiled one and stays one: to compile it
    for arguments of further types, numba needs its own functions compiled.
    """
    compile_ = Dispatcher.compile

    def compiled(self: Dispatcher, signature: Any) -> Any:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(numba.config, "DISABLE_JIT", 0)
            return compile_(self, signature)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numba.config, "DISABLE_JIT", 1)
        patch.setattr(Dispatcher, "compile", compiled)
        yield
