"""Dibao that a survey records: shown beside the computed one, and no income of anybody."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import microsim as ms
from microsim.population import Population
from microsim.report.texts.run_text import run_text
from microsim.studies.common.baseline import RunResult, run_scenario
from tests.scenario.small_county import PROFILE, frames

SCENARIO = "county: {}\nlaw: {}-12-31\noutputs: [cost, caseload]\n"


def run_of(folder: Path, received: np.ndarray | None, year: int = 2020) -> RunResult:
    persons, households = frames()
    if received is not None:
        households["dibao_received"] = received
    Population.from_frames(persons, households).select(np.arange(1, 31)).write(folder)
    (folder / "profile.yaml").write_bytes(PROFILE.read_bytes())
    path = folder.with_suffix(".yaml")
    path.write_text(SCENARIO.format(folder.name, year), encoding="utf-8")
    return run_scenario(ms.load_scenario(path))


@pytest.mark.usefixtures("as_plain_python")
def test_both_are_shown_and_the_recorded_one_is_no_income(tmp_path: Path) -> None:
    received = np.where(np.arange(300) % 5 == 0, 3000.0, 0.0)
    plain, with_it = run_of(tmp_path / "plain", None), run_of(tmp_path / "with", received)
    own = {name: row for name, row in with_it.summary.items() if "_recorded" not in name}
    assert own == plain.summary  # the same programmes, recipients and amounts
    assert not any("_recorded" in name for name in plain.summary)
    sizes = np.diff(with_it.population.offsets)
    assert with_it.summary["cost_recorded.dibao"]["value"] == 6 * 3000.0 * 40.0
    assert with_it.summary["caseload_recorded.dibao"]["value"] == 40.0 * sizes[::5].sum()
    later = run_of(tmp_path / "later", received, 2024)  # incomes are carried, the record is not
    assert later.summary["cost_recorded.dibao"] == with_it.summary["cost_recorded.dibao"]
    for lang, said in (("en", "in the data: received"), ("zh", "数据记载：领取金额")):
        assert said in run_text(with_it, lang)
        assert said not in run_text(plain, lang)
