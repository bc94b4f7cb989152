"""How the functions of this package are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Machine code without fused or reordered arithmetic, kept on disk where a place can be written to."""
    try:
        made: Any = numba.njit(function, cache=True, nogil=True, fastmath=False, error_model="numpy")
    except RuntimeError:  # neither the package's folder nor the user's can be written to
        made = numba.njit(function, nogil=True, fastmath=False, error_model="numpy")
    kept: Function = made
    return kept
