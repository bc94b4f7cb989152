"""A sweep gives the figures of separate runs, and its folder says what it is."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest

import microsim as ms
from microsim.errors import MicrosimError
from microsim.report.texts.sweep_text import sweep_text
from microsim.studies.common.baseline import run_scenario
from microsim.studies.common.benefits import parts
from microsim.studies.common.outputs import baseline_outputs
from microsim.sweeps import work
from tests.face.same_face import check_face
from tests.sweeps.stopping import Content, names
from tests.wrapped import says


def test_a_sweep_equals_separate_runs(content: Content, tmp_path: Path) -> None:
    done = ms.sweep(content, tmp_path / "out")
    table = ms.read_sweep(tmp_path / "out")
    pd.testing.assert_frame_equal(table, done.table)
    assert list(table.columns) == [
        *("scenario", "county", "seed", "dibao.line.rural", "dibao.line.urban"),
        *("measure", "subject", "group", "value", "unit"),
    ]
    assert (table["scenario"].nunique(), set(table["county"]), set(table["seed"])) == (10, {"county"}, {0})
    scenario = ms.load_scenario(content["scenario"])
    population, policy = scenario.population(), scenario.policy()
    for (rural, urban), rows in table.groupby(["dibao.line.rural", "dibao.line.urban"]):
        changed = policy.reform({"dibao.line.rural": rural, "dibao.line.urban": urban}, allow_unusual=True)
        result = ms.simulate(population, changed, baseline_outputs(changed))  # the kernel of a run
        found = rows.set_index(["measure", "subject", "group"])["value"]
        for key, rules in (
            (("cost", "dibao"), {"dibao_benefit": 1.0}),
            (("cost", "total"), parts(changed)),
            (("caseload", "dibao"), {"dibao_recipient": 1.0}),
        ):
            by_area = sum(sign * result.total(rule, by="area") for rule, sign in rules.items())
            assert found[(*key, "rural")] == pytest.approx(by_area["rural"], rel=1e-12)
            assert found[(*key, "urban")] == pytest.approx(by_area["urban"], rel=1e-12)
            assert found[(*key, "")] == found[(*key, "rural")] + found[(*key, "urban")]


def test_the_face_is_that_of_all_results(content: Content, tmp_path: Path) -> None:
    done = ms.sweep(content, tmp_path / "out")
    check_face(done, tmp_path)
    assert done.headline.startswith(f"{len(done.grid.points)} scenarios of ")


def test_cost_is_what_a_run_calls_cost_and_adds_up(content: Content, tmp_path: Path) -> None:
    """In cash and in kind, by programme and in all, under one name in both commands."""
    scenario = ms.load_scenario(content["scenario"])
    cases = [{"dibao.line.rural": scenario.policy().value("dibao.line.rural")}]
    table = ms.sweep({"scenario": content["scenario"], "cases": cases}, tmp_path / "out").table
    wide = table[table["measure"] == "cost"].pivot(index="group", columns="subject", values="value")
    total = pytest.approx(wide["total"].to_numpy(), rel=1e-12)
    assert wide.drop(columns=["total", "cash", "kind"]).sum(axis=1).to_numpy() == total
    assert (wide["cash"] + wide["kind"]).to_numpy() == total
    once = run_scenario(scenario)
    kinds = {row.subject for row in once.indicators.rows if row.measure == "cost"}
    assert kinds == set(wide.columns)
    for row in once.indicators.rows:
        if row.measure in ("cost", "caseload"):
            found = table.query("measure == @row.measure and subject == @row.subject and group == @row.group")
            assert found["value"].item() == pytest.approx(row.value, rel=1e-12), row.name
    in_kind = [name for name, rule in scenario.policy().rules.items() if rule.role == "in_kind_benefit"]
    assert sum(once.result.total(name) for name in in_kind) > 0  # else the test could not fail


def test_the_numbers_do_not_depend_on_threads_or_parts(
    content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = ms.sweep(content, tmp_path / "one", workers=1).table
    two = ms.sweep(content, tmp_path / "two", workers=2).table
    monkeypatch.setattr(work, "PART", 3)
    pieces = ms.sweep(content, tmp_path / "pieces")
    assert pieces.parts == 4
    pd.testing.assert_frame_equal(one, two, check_exact=True)
    pd.testing.assert_frame_equal(one, pieces.table, check_exact=True)


def test_cases_and_outputs(content: Content, tmp_path: Path) -> None:
    cases = [{"dibao.line.rural": 4800.0}, {"dibao.line.urban": 7100.0}]
    sweep = {"scenario": content["scenario"], "cases": cases, "outputs": ["caseload"]}
    table = ms.sweep(sweep, tmp_path / "out").table
    assert set(table["measure"]) == {"caseload"}
    lines = table.groupby("scenario")[["dibao.line.rural", "dibao.line.urban"]].first()
    assert lines.to_numpy().tolist() == [[4800.0, 7000.0], [4600.0, 7100.0]]


def test_the_folder_says_what_it_is(content: Content, tmp_path: Path) -> None:
    done = ms.sweep(content, tmp_path / "out")
    assert names(tmp_path) == {"out"}
    assert names(tmp_path / "out") == {"manifest.json", "summary.json", "journal.jsonl", "parts"}
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == "sweep"
    assert manifest["law"] == "2020-12-31"
    assert manifest["units"] == {"dibao.line.rural": "yuan/year", "dibao.line.urban": "yuan/year"}
    assert manifest["plan"]["scenarios"] == 10
    assert "defaulted_columns" in manifest
    assert set(manifest["lacking_columns"]) <= set(manifest["defaulted_columns"])
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert summary == done.summary
    assert summary["scenarios"] == {"value": 10, "unit": "scenarios"}
    county = done.table.query("measure == 'cost' and subject == 'total' and group == ''")["value"]
    assert summary["cost.total.greatest"]["value"] == county.max() > summary["cost.total.least"]["value"]


def test_two_sweeps_cannot_write_one_folder(content: Content, tmp_path: Path) -> None:
    inner: list[str] = []

    def progress(step: str) -> None:
        if step.startswith("scenarios"):
            with pytest.raises(MicrosimError, match="another microsim sweep is writing here") as caught:
                ms.sweep(content, tmp_path / "out")
            inner.append(str(caught.value))

    ms.sweep(content, tmp_path / "out", progress=progress)
    assert len(inner) == 1
    assert names(tmp_path) == {"out"}


def test_what_cannot_be_done_is_said(content: Content, tmp_path: Path) -> None:
    with pytest.raises(MicrosimError) as caught:
        ms.sweep(content, tmp_path / "out", workers=0, processes=-1, scheduler="here")
    assert "workers: workers is 0; a whole number from 1" in str(caught.value)
    assert "processes: processes is -1; a whole number from 1" in str(caught.value)
    assert "scheduler: this is no address: here; the address of a Dask scheduler:" in str(caught.value)
    assert "workers: workers and processes and scheduler exclude each other" in str(caught.value)
    assert names(tmp_path) == set()


def test_reading_what_is_no_sweep(content: Content, tmp_path: Path) -> None:
    with pytest.raises(MicrosimError, match="no such folder"):
        ms.read_sweep(tmp_path / "nowhere")
    with pytest.raises(MicrosimError, match="contains no results of microsim sweep"):
        ms.read_sweep(tmp_path)
    ms.sweep(content, tmp_path / "out")
    (tmp_path / "out" / "parts" / "00000.parquet").unlink()
    with pytest.raises(MicrosimError, match="this part of the results is missing"):
        ms.read_sweep(tmp_path / "out")
    assert ms.sweep(content, tmp_path / "out", resume=True).kept == 0


def test_a_sweep_of_before_there_were_checksums_can_be_read(content: Content, tmp_path: Path) -> None:
    whole = ms.sweep(content, tmp_path / "out").table
    path = tmp_path / "out" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    (tmp_path / "out" / "journal.jsonl").unlink()
    with pytest.raises(MicrosimError, match="is damaged"):
        ms.read_sweep(tmp_path / "out")
    part = tmp_path / "out" / "parts" / "00000.parquet"
    manifest["checksums"] = {part.name: hashlib.sha256(part.read_bytes()).hexdigest()}
    manifest["plan"]["format"] = 4  # before there was a journal
    path.write_text(json.dumps(manifest), encoding="utf-8")
    pd.testing.assert_frame_equal(ms.read_sweep(tmp_path / "out"), whole, check_exact=True)
    manifest["checksums"] = {part.name: "0"}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(MicrosimError, match="is damaged"):
        ms.read_sweep(tmp_path / "out")
    manifest["plan"]["format"] = 1
    path.write_text(json.dumps(manifest), encoding="utf-8")
    pd.testing.assert_frame_equal(ms.read_sweep(tmp_path / "out"), whole, check_exact=True)


@pytest.mark.slow
def test_axes_along_which_nothing_moved_are_named(content: Content, tmp_path: Path) -> None:
    axes = {"dibao.line.rural": [4000, 5600], "dibao.top_up.share_elderly": [0.1, 0.2]}
    done = ms.sweep({**content, "axes": axes}, tmp_path / "out")
    assert done.idle_axes == ["dibao.top_up.share_elderly"]
    assert says(sweep_text(done, "en"), "dibao.top_up.share_elderly changed no figure")
    assert ms.sweep({**content, "axes": {"dibao.line.rural": [4000]}}, tmp_path / "one").idle_axes == []
