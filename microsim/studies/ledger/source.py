"""What a ledger is made of: the run of a scenario, and that of its base."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from microsim.studies.common.baseline import Compared, RunResult, run_scenario

if TYPE_CHECKING:
    from microsim.scenario import Scenario

Progress = Callable[[str], None]


def scenario_of(source: Any, allow_code: bool) -> Scenario:
    """The scenario of a file, of a run or of the reform of a comparison; a scenario as it is."""
    from microsim.scenario import load_scenario

    if isinstance(source, Compared):
        return source.reform.scenario
    if isinstance(source, RunResult):
        return source.scenario
    named = isinstance(source, str | os.PathLike)
    scenario: Scenario = load_scenario(source, allow_code=allow_code) if named else source
    return scenario


def runs_of(
    source: Any, scenario: Scenario, with_base: bool, progress: Progress
) -> tuple[RunResult, RunResult | None]:
    """The run, and that of its base where it is asked for."""
    if isinstance(source, Compared):
        return source.reform, source.base
    base = scenario.base if with_base else None
    if isinstance(source, RunResult):
        return source, None if base is None else run_scenario(base, progress, beside=source)
    before = None if base is None else run_scenario(base, progress)
    return run_scenario(scenario, progress, beside=before), before
