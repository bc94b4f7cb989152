"""Who lives in the county: columns, the population container, county profiles, synthesis and calibration."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from microsim.population.calibration import CalibrationReport, calibrate
    from microsim.population.columns import Column, registry
    from microsim.population.container import Population

_HOMES = {
    "CalibrationReport": "calibration",
    "Column": "columns",
    "Population": "container",
    "calibrate": "calibration",
    "registry": "columns",
}
__all__ = ["CalibrationReport", "Column", "Population", "calibrate", "registry"]


def __getattr__(name: str) -> Any:
    # Lazy, so that importing microsim does not read pandas, pyarrow and scipy.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
