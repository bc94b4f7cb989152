"""Several processes give the same rows as one, and none is lost or there twice when one of them dies."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from microsim.batch.reading import read_results
from tests.batch.works import KIND, Squares, made

pytestmark = pytest.mark.slow


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "parts").iterdir()}


def test_the_same_bytes_and_no_process_left(tmp_path: Path) -> None:
    (tmp_path / "marks").mkdir()
    work = Squares(12, marks=tmp_path / "marks")
    made(work, tmp_path / "one")
    steps: list[str] = []
    done = made(work, tmp_path / "two", processes=2, progress=steps.append)
    assert (done.count, done.kept, done.failed) == (12, 0, ())
    assert sorted(steps[:-1], key=lambda step: int(step.split()[1])) == [f"county {k}" for k in range(12)]
    assert steps[-1] == "writing"
    assert files(tmp_path / "one") == files(tmp_path / "two")
    ran = {line for path in (tmp_path / "marks").iterdir() for line in path.read_text().split()}
    assert len(ran) == 3  # this process and two others
    for number in ran - {str(os.getpid())}:
        with pytest.raises(ProcessLookupError):
            os.kill(int(number), 0)


def test_a_process_that_dies_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "marks").mkdir()
    work = Squares(12, 0.05, deadly=(3, 4, 9), marks=tmp_path / "marks")
    done = made(work, tmp_path / "out", processes=2)
    assert done.failed == ()
    table = read_results(tmp_path / "out", KIND)
    assert table["number"].to_pylist() == list(range(120))
    again = {path.name for path in (tmp_path / "marks").iterdir() if path.read_text().count("\n") > 1}
    assert {"3", "4", "9"} <= again


def test_a_task_that_fails_elsewhere_fails_alone(tmp_path: Path) -> None:
    done = made(Squares(6, bad=(2, 5)), tmp_path / "out", processes=2)
    assert [(one.number, one.name) for one in done.failed] == [(2, "county 2"), (5, "county 5")]
    assert done.failed[0].reason == "2.csv: no such column 'age'; add it"
    assert len(read_results(tmp_path / "out", KIND)) == 40
