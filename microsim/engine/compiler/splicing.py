"""Real modules as a part of generated ones: their source as it is, every function compiled with the kernel.

Their text is part of the generated module, so that the kernel's name depends on it too: an edited function is
another kernel, where numba's own cache would return the old machine code.
"""

from __future__ import annotations

import ast
import inspect
import re
from types import ModuleType


def spliced(module: ModuleType) -> str:
    """The text of ``module`` behind its imports, with numba's decorator on each function."""
    source = inspect.getsource(module)
    imports = [n for n in ast.parse(source).body if isinstance(n, ast.Import | ast.ImportFrom)]
    rest = "\n".join(source.split("\n")[imports[-1].end_lineno :])
    return re.sub(r"(?m)^def ", "@njit(**OPTIONS)\ndef ", rest).strip("\n")
