"""A sweep gives the figures of separate runs, survives a stop, and never looks finished before it is."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import microsim as ms
from microsim.errors import MicrosimError
from microsim.report.sweep_text import sweep_text
from microsim.studies.common.baseline import run_scenario
from microsim.sweeps import run, store
from tests.scenario.small_county import write

LINES = [4000, 4400, 4800, 5200, 5600]
Content = Mapping[str, Any]


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """Ten scenarios on a small county."""
    scenario = write(tmp_path_factory.mktemp("sweep"))
    return {"scenario": scenario, "axes": {"dibao.line.rural": LINES, "dibao.line.urban": [6800, 7200]}}


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four scenarios a part: three parts."""
    monkeypatch.setattr(run, "PART", 4)


def stop_after(count: int, error: BaseException) -> Callable[[str], None]:
    """A ``progress`` that raises when part ``count`` is about to begin."""
    begun = []

    def progress(step: str) -> None:
        if step.startswith("scenarios"):
            begun.append(step)
            if len(begun) > count:
                raise error

    return progress


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


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
        changed = policy.reform({"dibao.line.rural": rural, "dibao.line.urban": urban})
        result = ms.simulate(
            population, changed, ["dibao_benefit", "total_benefits", "in_kind_benefits", "dibao_recipient"]
        )
        found = rows.set_index(["measure", "subject", "group"])["value"]
        for key, rules in (
            (("cost", "dibao"), ["dibao_benefit"]),
            (("cost", "total"), ["total_benefits", "in_kind_benefits"]),
            (("caseload", "dibao"), ["dibao_recipient"]),
        ):
            by_area = sum(result.total(rule, by="area") for rule in rules)
            assert found[(*key, "rural")] == pytest.approx(by_area["rural"], rel=1e-12)
            assert found[(*key, "urban")] == pytest.approx(by_area["urban"], rel=1e-12)
            assert found[(*key, "")] == found[(*key, "rural")] + found[(*key, "urban")]


def test_cost_is_what_a_run_calls_cost_and_adds_up(content: Content, tmp_path: Path) -> None:
    """In cash and in kind, by programme and in all, under one name in both commands."""
    scenario = ms.load_scenario(content["scenario"])
    cases = [{"dibao.line.rural": scenario.policy().value("dibao.line.rural")}]
    table = ms.sweep({"scenario": content["scenario"], "cases": cases}, tmp_path / "out").table
    wide = table[table["measure"] == "cost"].pivot(index="group", columns="subject", values="value")
    assert wide.drop(columns="total").sum(axis=1).to_numpy() == pytest.approx(
        wide["total"].to_numpy(), rel=1e-12
    )
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
    monkeypatch.setattr(run, "PART", 3)
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
    assert names(tmp_path / "out") == {"manifest.json", "summary.json", "parts"}
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


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError("disk full"), MicrosimError("bad")])
def test_a_stopped_sweep_does_not_look_finished(
    content: Content, tmp_path: Path, error: BaseException
) -> None:
    with pytest.raises(type(error)):
        ms.sweep(content, tmp_path / "out", progress=stop_after(2, error))
    assert names(tmp_path) == {"out.unfinished"}
    assert names(tmp_path / "out.unfinished") == {"plan.json", "parts"}
    assert names(tmp_path / "out.unfinished" / "parts") == {"00000.parquet", "00001.parquet"}
    with pytest.raises(MicrosimError, match=r"unfinished: 2 parts are there; run it again with --resume"):
        ms.read_sweep(tmp_path / "out")


@pytest.mark.usefixtures("small_parts")
def test_a_stopped_sweep_goes_on(content: Content, tmp_path: Path) -> None:
    whole = ms.sweep(content, tmp_path / "whole").table
    with pytest.raises(KeyboardInterrupt):
        ms.sweep(content, tmp_path / "out", progress=stop_after(2, KeyboardInterrupt()))
    told: list[str] = []
    done = ms.sweep(content, tmp_path / "out", resume=True, progress=told.append)
    assert told == ["reading the county", "scenarios 9 to 10 of 10", "writing"]
    assert (done.kept, done.parts) == (2, 3)
    assert names(tmp_path) == {"out", "whole"}
    pd.testing.assert_frame_equal(done.table, whole, check_exact=True)


@pytest.mark.usefixtures("small_parts")
def test_a_part_that_is_damaged_is_made_again(content: Content, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        ms.sweep(content, tmp_path / "out", progress=stop_after(2, KeyboardInterrupt()))
    part = tmp_path / "out.unfinished" / "parts" / "00001.parquet"
    part.write_bytes(part.read_bytes()[:100])
    (part.parent / ".00002.parquet.4711").write_bytes(b"half")
    done = ms.sweep(content, tmp_path / "out", resume=True)
    assert done.kept == 1
    assert done.table["scenario"].nunique() == 10


@pytest.mark.usefixtures("small_parts")
def test_a_sweep_that_was_changed_is_not_resumed(content: Content, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        ms.sweep(content, tmp_path / "out", progress=stop_after(2, KeyboardInterrupt()))
    other = {**content, "axes": {"dibao.line.rural": [4000, 4400], "dibao.line.urban": [6800, 7200]}}
    with pytest.raises(MicrosimError, match=r"cannot be resumed: values, scenarios, parts changed"):
        ms.sweep(other, tmp_path / "out", resume=True)
    assert names(tmp_path) == {"out.unfinished"}
    assert ms.sweep(other, tmp_path / "out", restart=True).table["scenario"].nunique() == 4
    assert names(tmp_path) == {"out"}


def test_a_finished_sweep_is_left_alone_when_resumed(content: Content, tmp_path: Path) -> None:
    ms.sweep(content, tmp_path / "out")
    before = (tmp_path / "out" / "manifest.json").stat().st_mtime_ns
    assert ms.sweep(content, tmp_path / "out", resume=True).kept == 1
    assert (tmp_path / "out" / "manifest.json").stat().st_mtime_ns == before


def test_an_older_sweep_gives_way_when_the_new_one_is_whole(content: Content, tmp_path: Path) -> None:
    ms.sweep(content, tmp_path / "out")
    other = {**content, "axes": {"dibao.line.rural": [5000], "dibao.line.urban": [7000]}}
    with pytest.raises(OSError, match="full"):
        ms.sweep(other, tmp_path / "out", progress=stop_after(0, OSError("full")))
    assert ms.read_sweep(tmp_path / "out")["scenario"].nunique() == 10
    ms.sweep(other, tmp_path / "out")
    assert ms.read_sweep(tmp_path / "out")["scenario"].nunique() == 1
    assert names(tmp_path) == {"out"}


def test_what_is_in_the_way_is_left_alone(content: Content, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "thesis.txt").write_text("mine")
    with pytest.raises(MicrosimError, match="is a file, and a sweep is a folder"):
        ms.sweep(content, tmp_path / "file")
    with pytest.raises(MicrosimError, match="holds something else than a sweep, and is left alone"):
        ms.sweep(content, tmp_path / "folder")
    assert names(tmp_path) == {"file", "folder"}


def test_two_sweeps_cannot_write_one_folder(content: Content, tmp_path: Path) -> None:
    inner: list[str] = []

    def progress(step: str) -> None:
        if step.startswith("scenarios"):
            with pytest.raises(MicrosimError, match="another sweep is being written here") as caught:
                ms.sweep(content, tmp_path / "out")
            inner.append(str(caught.value))

    ms.sweep(content, tmp_path / "out", progress=progress)
    assert len(inner) == 1
    assert names(tmp_path) == {"out"}


def test_what_cannot_be_done_is_said(content: Content, tmp_path: Path) -> None:
    with pytest.raises(MicrosimError) as caught:
        ms.sweep(content, tmp_path / "out", workers=0, scheduler="tcp://10.0.0.1:8786")
    assert "cannot use the scheduler 'tcp://10.0.0.1:8786'; leave the scheduler out" in str(caught.value)
    assert "workers: workers is 0; a whole number from 1" in str(caught.value)
    assert names(tmp_path) == set()


def test_reading_what_is_no_sweep(content: Content, tmp_path: Path) -> None:
    with pytest.raises(MicrosimError, match="no such folder"):
        ms.read_sweep(tmp_path / "nowhere")
    with pytest.raises(MicrosimError, match="holds no sweep"):
        ms.read_sweep(tmp_path)
    ms.sweep(content, tmp_path / "out")
    (tmp_path / "out" / "parts" / "00000.parquet").unlink()
    with pytest.raises(MicrosimError, match="this part of the sweep is missing"):
        ms.read_sweep(tmp_path / "out")
    assert ms.sweep(content, tmp_path / "out", resume=True).kept == 0


# --- Stopped, damaged, in the way


def flip(path: Path, where: int) -> None:
    """One bit of a file."""
    content = bytearray(path.read_bytes())
    content[where] ^= 1
    path.write_bytes(content)


@pytest.mark.usefixtures("small_parts")
def test_work_that_was_done_is_deleted_only_where_that_is_asked_for(content: Content, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        ms.sweep(content, tmp_path / "out", progress=stop_after(2, KeyboardInterrupt()))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(MicrosimError) as caught:
        ms.sweep(content, tmp_path / "out")
    said = str(caught.value)
    assert (
        "an unfinished sweep is here, with 2 of 3 parts done; --resume (resume=True) goes on with it" in said
    )
    assert "--restart (restart=True) deletes it and begins anew; or choose another place with --out" in said
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    with pytest.raises(MicrosimError, match="resume and restart contradict each other"):
        ms.sweep(content, tmp_path / "out", resume=True, restart=True)
    done = ms.sweep(content, tmp_path / "out", restart=True)
    assert (done.kept, done.deleted) == (0, 2)
    assert names(tmp_path) == {"out"}


@pytest.mark.usefixtures("small_parts")
def test_a_sweep_without_a_finished_part_has_nothing_to_lose(content: Content, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        ms.sweep(content, tmp_path / "out", progress=stop_after(0, KeyboardInterrupt()))
    assert names(tmp_path) == {"out.unfinished"}
    assert ms.sweep(content, tmp_path / "out").kept == 0


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("finished", [False, True])
@pytest.mark.parametrize("where", [40, -20])
def test_a_flipped_bit_is_noticed_and_the_part_made_again(
    content: Content, tmp_path: Path, finished: bool, where: int
) -> None:
    whole = ms.sweep(content, tmp_path / "whole").table
    progress = stop_after(3 if finished else 2, KeyboardInterrupt())
    try:
        ms.sweep(content, tmp_path / "out", progress=progress)
    except KeyboardInterrupt:
        assert not finished
    place = tmp_path / ("out" if finished else "out.unfinished") / "parts"
    flip(place / "00001.parquet", where)
    if finished:
        with pytest.raises(MicrosimError) as caught:
            ms.read_sweep(tmp_path / "out")
        said = str(caught.value)
        assert "out is damaged; the same sweep with --resume makes these parts again" in said
        assert "parts/00001.parquet: this part of the sweep is damaged: its bytes are not those" in said
        assert "00000" not in said
    told: list[str] = []
    done = ms.sweep(content, tmp_path / "out", resume=True, progress=told.append)
    assert [one.path.name for one in done.damaged] == ["00001.parquet"]
    assert done.kept == (2 if finished else 1)
    assert "scenarios 5 to 8 of 10" in told
    assert "scenarios 1 to 4 of 10" not in told
    pd.testing.assert_frame_equal(done.table, whole, check_exact=True)
    for path in (tmp_path / "out" / "parts").iterdir():
        assert path.read_bytes() == (tmp_path / "whole" / "parts" / path.name).read_bytes()


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("older", [False, True])
def test_a_stop_in_the_last_moments_can_be_resumed(
    content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, older: bool
) -> None:
    """Wherever in `finish` it is: no part is made again, and what was there stays until the end."""
    if older:
        ms.sweep(content, tmp_path / "out")
    again = {**content, "axes": {"dibao.line.rural": LINES, "dibao.line.urban": [6900, 7300]}}
    rename, write = os.rename, store._write
    for stop in range(4):
        calls: list[object] = []

        def stops(*given: Any, calls: list[object] = calls, stop: int = stop, what: Any = None) -> Any:
            calls.append(given)
            if len(calls) == stop + 1:
                raise KeyboardInterrupt
            return what(*given)

        with monkeypatch.context() as patch:
            patch.setattr(store.Store, "finish", _with(patch, stops, rename, write))
            with contextlib.suppress(KeyboardInterrupt):
                ms.sweep(again, tmp_path / "out", resume=True)
        if not calls or len(calls) <= stop:
            break
        if older:
            assert ms.read_sweep(tmp_path / "out")["scenario"].nunique() == 10
        told: list[str] = []
        assert ms.sweep(again, tmp_path / "out", resume=True, progress=told.append).kept == 3
        assert not [step for step in told if step.startswith("scenarios")]
        assert names(tmp_path) == {"out"}
        assert names(tmp_path / "out") == {"manifest.json", "summary.json", "parts"}
        shutil.rmtree(tmp_path / "out")
        if older:
            ms.sweep(content, tmp_path / "out")


def _with(patch: pytest.MonkeyPatch, stops: Any, rename: Any, write: Any) -> Any:
    """``finish`` with steps that stop."""
    finish = store.Store.finish

    def stopping(self: store.Store, *given: Any) -> None:
        patch.setattr(os, "rename", functools.partial(stops, what=rename))
        patch.setattr(store, "_write", functools.partial(stops, what=write))
        finish(self, *given)

    return stopping


def test_an_unfinished_folder_of_somebody_else_is_left_alone(content: Content, tmp_path: Path) -> None:
    (tmp_path / "out.unfinished" / "parts").mkdir(parents=True)
    (tmp_path / "out.unfinished" / "parts" / "thesis.parquet").write_text("mine")
    for more in ({}, {"resume": True}, {"restart": True}):
        with pytest.raises(MicrosimError, match="something else than an unfinished sweep, and is left alone"):
            ms.sweep(content, tmp_path / "out", **more)
    assert (tmp_path / "out.unfinished" / "parts" / "thesis.parquet").read_text() == "mine"


def test_the_sweep_of_another_file_is_left_alone(content: Content, tmp_path: Path) -> None:
    for name, lines in (("one", "[4000, 4400]"), ("two", "[5000]")):
        text = f"scenario: {content['scenario']}\naxes: {{dibao.line.rural: {lines}}}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    first = ms.sweep(tmp_path / "one.yaml", out)
    assert first.replaced is None
    with pytest.raises(
        MicrosimError, match=r"out: holds the sweep of one, and is left alone; choose another"
    ):
        ms.sweep(tmp_path / "two.yaml", out)
    assert ms.read_sweep(out)["scenario"].nunique() == 2
    assert ms.sweep(tmp_path / "one.yaml", out).replaced is not None
    assert ms.sweep(tmp_path / "two.yaml", out, restart=True).table["scenario"].nunique() == 1


def test_a_sweep_of_before_there_were_checksums_can_be_read(content: Content, tmp_path: Path) -> None:
    whole = ms.sweep(content, tmp_path / "out").table
    path = tmp_path / "out" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    del manifest["checksums"]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(MicrosimError, match="is damaged"):
        ms.read_sweep(tmp_path / "out")
    manifest["plan"]["format"] = 1
    path.write_text(json.dumps(manifest), encoding="utf-8")
    pd.testing.assert_frame_equal(ms.read_sweep(tmp_path / "out"), whole, check_exact=True)


def test_axes_along_which_nothing_moved_are_named(content: Content, tmp_path: Path) -> None:
    axes = {"dibao.line.rural": [4000, 5600], "dibao.top_up.share_elderly": [0.1, 0.2]}
    done = ms.sweep({**content, "axes": axes}, tmp_path / "out")
    assert done.idle_axes == ["dibao.top_up.share_elderly"]
    assert "No figure moved along dibao.top_up.share_elderly" in " ".join(sweep_text(done, "en").split())
    assert ms.sweep({**content, "axes": {"dibao.line.rural": [4000]}}, tmp_path / "one").idle_axes == []
