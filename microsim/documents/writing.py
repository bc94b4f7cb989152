"""Values as YAML on one line, for files that are written and read again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

# Text that YAML reads as text without quotes; names that it, or older readers of it, take for something else.
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*\Z")
_WORDS = ("true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf")


def quoted(value: Any) -> str:
    """A value with all its text in quotes, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False)


def flow(value: Any) -> str:
    """A value on one line: text in quotes only where it needs them.

    >>> flow({"path": "linear", "from": {2021: 0.6}, "on": [True, "a b"]})
    '{path: linear, from: {2021: 0.6}, "on": [true, "a b"]}'
    """
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{flow(key)}: {flow(item)}' for key, item in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(flow, value))}]"
    if isinstance(value, str):
        return value if _PLAIN.match(value) and value.lower() not in _WORDS else quoted(value)
    return json.dumps(value) if value is None or isinstance(value, bool) else repr(value)
