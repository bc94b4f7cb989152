"""Who lives in the county: columns, the population container, county profiles, synthesis and calibration."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from microsim.population.calibration.calibrate import CalibrationReport, calibrate
    from microsim.population.calibration.whole_weights import integer_weights, whole_households
    from microsim.population.core.columns import Column, registry
    from microsim.population.draws import with_draws
    from microsim.population.families import Families, load_families
    from microsim.population.population import OpenedPopulation, Population
    from microsim.population.profile.county import County
    from microsim.population.profile.figures import SourcedValue
    from microsim.population.survey.importing import import_survey
    from microsim.population.survey.report import ImportReport
    from microsim.population.synthesis.gb2 import GB2, IncomeFit, fit_gb2
    from microsim.population.synthesis.sample import SynthesisReport
    from microsim.population.synthesis.seen import SeenAnew
    from microsim.population.synthesis.streaming import synthesize_to
from microsim.population.synthesis.synthesize import synthesize, synthesize_with_report

_HOMES = {
    "CalibrationReport": "calibration.calibrate",
    "Column": "core.columns",
    "County": "profile.county",
    "Families": "families",
    "SourcedValue": "profile.figures",
    "GB2": "synthesis.gb2",
    "ImportReport": "survey.report",
    "IncomeFit": "synthesis.gb2",
    "OpenedPopulation": "population",
    "Population": "population",
    "SeenAnew": "synthesis.seen",
    "SynthesisReport": "synthesis.sample",
    "calibrate": "calibration.calibrate",
    "fit_gb2": "synthesis.gb2",
    "import_survey": "survey.importing",
    "integer_weights": "calibration.whole_weights",
    "load_families": "families",
    "registry": "core.columns",
    "synthesize": "synthesis.synthesize",
    "synthesize_to": "synthesis.streaming",
    "synthesize_with_report": "synthesis.synthesize",
    "whole_households": "calibration.whole_weights",
    "with_draws": "draws",
}
__all__ = [
    "GB2",
    "CalibrationReport",
    "Column",
    "County",
    "Families",
    "ImportReport",
    "IncomeFit",
    "OpenedPopulation",
    "Population",
    "SeenAnew",
    "SourcedValue",
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
    "with_draws",
]


def __getattr__(name: str) -> Any:
    if name == "Figure":
        from microsim.renamed import say_renamed

        say_renamed("microsim.population.Figure", "microsim.population.SourcedValue")
        name = "SourcedValue"
    # Lazy, so that importing microsim does not read pandas, pyarrow and scipy.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
