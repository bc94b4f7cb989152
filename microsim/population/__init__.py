"""Who lives in the county: columns, the population container, county profiles, synthesis and calibration."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from microsim.population.calibration import CalibrationReport, calibrate
    from microsim.population.columns import Column, registry
    from microsim.population.container import Population
    from microsim.population.families import Families, load_families
    from microsim.population.figures import Figure
    from microsim.population.gb2 import GB2, IncomeFit, fit_gb2
    from microsim.population.import_report import ImportReport
    from microsim.population.import_survey import import_survey
    from microsim.population.integers import integer_weights, whole_households
    from microsim.population.opened import OpenedPopulation
    from microsim.population.profile import County
    from microsim.population.streaming import synthesize_to
    from microsim.population.synthesis import SynthesisReport, synthesize, synthesize_with_report

_HOMES = {
    "CalibrationReport": "calibration",
    "Column": "columns",
    "County": "profile",
    "Families": "families",
    "Figure": "figures",
    "GB2": "gb2",
    "ImportReport": "import_report",
    "IncomeFit": "gb2",
    "OpenedPopulation": "opened",
    "Population": "container",
    "SynthesisReport": "synthesis",
    "calibrate": "calibration",
    "fit_gb2": "gb2",
    "import_survey": "import_survey",
    "integer_weights": "integers",
    "load_families": "families",
    "registry": "columns",
    "synthesize": "synthesis",
    "synthesize_to": "streaming",
    "synthesize_with_report": "synthesis",
    "whole_households": "integers",
}
__all__ = [
    "GB2",
    "CalibrationReport",
    "Column",
    "County",
    "Families",
    "Figure",
    "ImportReport",
    "IncomeFit",
    "OpenedPopulation",
    "Population",
    "SynthesisReport",
    "calibrate",
    "fit_gb2",
    "import_survey",
    "integer_weights",
    "load_families",
    "registry",
    "synthesize",
    "synthesize_to",
    "synthesize_with_report",
    "whole_households",
]


def __getattr__(name: str) -> Any:
    # Lazy, so that importing microsim does not read pandas, pyarrow and scipy.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
