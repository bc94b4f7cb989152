"""Results folders are whole or not there."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from matplotlib.figure import Figure

from microsim.errors import MicrosimError
from microsim.report.results import made_before, refuse_foreign, versions, write_results


def write(folder: Path, value: float = 1.0, **more: Any) -> Path:
    content: dict[str, Any] = {
        "manifest": {"scenario": "s"},
        "summary": {"cost.total": {"value": value, "unit": "yuan/year"}},
        "tables": {"figures": pd.DataFrame({"value": [value]})},
        "figures": {},
    }
    return write_results(folder, **{**content, **more})


def value_in(folder: Path) -> float:
    found: float = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["cost.total"]["value"]
    return found


def chart() -> Figure:
    figure = Figure()
    figure.subplots().plot([0, 1], [0, 1])
    return figure


def test_a_folder_holds_all_parts(tmp_path: Path) -> None:
    folder = write(tmp_path / "new" / "s", figures={"line": chart})
    assert sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()) == [
        "figures/line.png",
        "figures/line.svg",
        "manifest.json",
        "summary.json",
        "tables/figures.csv",
        "tables/figures.parquet",
    ]
    assert (folder / "tables" / "figures.csv").read_bytes() == b"value\n1.0\n"


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = (write(tmp_path / name, figures={"line": chart}) for name in ("a", "b"))
    for path in one.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (two / path.relative_to(one)).read_bytes()


def test_a_new_run_takes_the_old_ones_place(tmp_path: Path) -> None:
    folder = write(tmp_path / "s", 1.0)
    (folder / "tables" / "stale.csv").write_text("old")
    write(tmp_path / "s", 2.0)
    assert value_in(folder) == 2.0
    assert not (folder / "tables" / "stale.csv").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["s"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError, MicrosimError("bad")])
def test_a_run_that_stops_leaves_the_old_folder_and_nothing_else(tmp_path: Path, error: Any) -> None:
    folder = write(tmp_path / "s", 1.0)

    def stop() -> Figure:
        raise error

    with pytest.raises((KeyboardInterrupt, OSError, MicrosimError)):
        write(tmp_path / "s", 2.0, figures={"line": chart, "stops": stop})
    assert value_in(folder) == 1.0
    assert [p.name for p in tmp_path.iterdir()] == ["s"]


def test_a_first_run_that_stops_leaves_nothing(tmp_path: Path) -> None:
    def stop() -> Figure:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "s", figures={"stops": stop})
    assert list(tmp_path.iterdir()) == []


def test_the_old_folder_comes_back_where_the_new_one_cannot_be_put(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "s", 1.0)
    rename = os.rename

    def fails_for_the_new(one: Path, other: Path) -> None:
        if Path(one).name == "new":
            raise OSError("disk is gone")
        rename(one, other)

    monkeypatch.setattr(os, "rename", fails_for_the_new)
    with pytest.raises(OSError, match="disk is gone"):
        write(tmp_path / "s", 2.0)
    assert value_in(folder) == 1.0
    assert [p.name for p in tmp_path.iterdir()] == ["s"]


def test_what_is_not_results_is_left_alone(tmp_path: Path) -> None:
    precious = tmp_path / "s"
    precious.mkdir()
    (precious / "thesis.docx").write_text("years of work")
    with pytest.raises(MicrosimError, match="left untouched; choose another place with --out"):
        write(precious)
    assert [p.name for p in precious.iterdir()] == ["thesis.docx"]
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(MicrosimError, match="is a file"):
        refuse_foreign(file)


def test_results_give_way_to_results_of_the_same_study_only(tmp_path: Path) -> None:
    folder = write(tmp_path / "s", 1.0)
    with pytest.raises(MicrosimError, match=r"results of another study \(run\) and is left untouched"):
        write(folder, 2.0, manifest={"study": "unification"})
    assert value_in(folder) == 1.0
    other = write(tmp_path / "s-unify", 2.0, manifest={"study": "unification"})
    assert value_in(write(other, 3.0, manifest={"study": "unification"})) == 3.0
    with pytest.raises(MicrosimError, match=r"another study \(unification\)"):
        refuse_foreign(other)


def test_results_of_other_scenarios_are_left_alone(tmp_path: Path) -> None:
    """Where the name of the folder does not tell what it is about."""
    folder = write(tmp_path / "s", 1.0, manifest={"study": "families", "scenarios": [{"name": "a"}]})
    refuse_foreign(folder, "families", ["a"])
    with pytest.raises(
        MicrosimError, match=r"results of other scenarios \(a\) and is left untouched; choose"
    ):
        refuse_foreign(folder, "families", ["a", "b"])


def test_what_was_there_is_told(tmp_path: Path) -> None:
    assert made_before(tmp_path / "s") is None
    folder = write(tmp_path / "s", manifest={"scenario": "s", "time": "noon", "command": "microsim run s"})
    assert made_before(folder) == {"time": "noon", "command": "microsim run s"}
    (folder / "manifest.json").write_text("{")
    assert made_before(folder) is None


@pytest.mark.parametrize("manifest", ['{"name": "an app of somebody"}', "{", "[]", ""])
def test_a_manifest_of_somebody_else_makes_no_results(tmp_path: Path, manifest: str) -> None:
    theirs = tmp_path / "s"
    theirs.mkdir()
    (theirs / "manifest.json").write_text(manifest)
    with pytest.raises(
        MicrosimError, match="contains something other than results of a run and is left untouched"
    ):
        write(theirs)
    assert (theirs / "manifest.json").read_text() == manifest


def test_a_full_disk_is_told_with_the_folder(tmp_path: Path) -> None:
    def full() -> Figure:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left on device") as caught:
        write(tmp_path / "s", figures={"cost": full})
    assert caught.value.filename == str(tmp_path / "s")
    assert list(tmp_path.iterdir()) == []


def test_a_sweep_does_not_give_way_to_a_run(tmp_path: Path) -> None:
    sweep = write(tmp_path / "s", 1.0, manifest={"kind": "sweep", "scenario": {"name": "s"}})
    with pytest.raises(MicrosimError, match=r"results of another study \(sweep\) and is left untouched"):
        write(sweep, 2.0)
    assert value_in(sweep) == 1.0


def test_a_place_where_nothing_can_be_written_is_told_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MicrosimError, match=r"file: is a file, so it cannot contain results; choose"):
        refuse_foreign(tmp_path / "file" / "deep" / "s")
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path)
    with pytest.raises(PermissionError, match="no permission to write here; choose another place with --out"):
        refuse_foreign(tmp_path / "new" / "s")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    assert value_in(write(tmp_path / "s")) == 1.0


def test_a_number_that_json_cannot_hold_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write(tmp_path / "s", float("nan"))
    assert list(tmp_path.iterdir()) == []


def test_versions_name_what_makes_a_number() -> None:
    found = versions()
    assert {"python", "microsim", "numpy", "numba", "pandas"} <= set(found)
    assert all(found.values())


def test_results_can_be_read_by_others(tmp_path: Path) -> None:
    folder = write(tmp_path / "s")
    assert folder.stat().st_mode & 0o777 == 0o777 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
