"""Another version of microsim in the same rounds as this one: the checkout that ``BENCH_BEFORE`` names."""

from __future__ import annotations

import os
import runpy
from pathlib import Path
from typing import Any

_other = runpy.run_path(str(Path(os.environ["BENCH_BEFORE"]) / "benchmarks" / "impl_microsim.py"))

Impl = _other["Impl"]
VARIANTS: dict[str, dict[str, Any]] = {
    name.replace("microsim", "before"): options for name, options in _other["VARIANTS"].items()
}
