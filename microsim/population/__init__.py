"""Who lives in the county: columns, the population container, county profiles, synthesis and calibration."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from microsim.population.calibration import CalibrationReport, calibrate
    from microsim.population.columns import Column, registry
    from microsim.population.container import Population
    from microsim.population.figures import Figure
    from microsim.population.profile import County
    from microsim.population.synthesis import SynthesisReport, synthesize, synthesize_with_report

_HOMES = {
    "CalibrationReport": "calibration",
    "Column": "columns",
    "County": "profile",
    "Figure": "figures",
    "Population": "container",
    "SynthesisReport": "synthesis",
    "calibrate": "calibration",
    "registry": "columns",
    "synthesize": "synthesis",
    "synthesize_with_report": "synthesis",
}
__all__ = [
    "CalibrationReport",
    "Column",
    "County",
    "Figure",
    "Population",
    "SynthesisReport",
    "calibrate",
    "registry",
    "synthesize",
    "synthesize_with_report",
]


def __getattr__(name: str) -> Any:
    # Lazy, so that importing microsim does not read pandas, pyarrow and scipy.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
