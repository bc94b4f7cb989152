"""A sweep in two processes has the same bytes as one in threads, and so has one that is resumed in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import microsim as ms
from microsim.cli.main import cli
from microsim.errors import DataError, Offence
from microsim.sweeps import work
from tests.sweeps.stopping import Content, stop_after

pytestmark = [pytest.mark.slow, pytest.mark.compiled]


@pytest.mark.usefixtures("small_parts")
def test_processes_give_the_same_bytes(content: Content, tmp_path: Path) -> None:
    grid = tmp_path / "grid.yaml"
    grid.write_text(f"scenario: {content['scenario']}\naxes: {dict(content['axes'])}\n", encoding="utf-8")
    one = ms.sweep(grid, tmp_path / "one")
    two = ms.sweep(grid, tmp_path / "two", processes=2)
    assert (one.parts, two.parts, two.failed) == (3, 3, ())
    for part in (tmp_path / "one" / "parts").iterdir():
        assert part.read_bytes() == (tmp_path / "two" / "parts" / part.name).read_bytes()
    with pytest.raises(KeyboardInterrupt):
        ms.sweep(grid, tmp_path / "three", progress=stop_after(1, KeyboardInterrupt()))
    assert ms.sweep(grid, tmp_path / "three", processes=2, resume=True).kept == 1
    assert ms.read_sweep(tmp_path / "three").equals(one.table)


@pytest.mark.usefixtures("small_parts")
def test_what_failed_is_printed_and_the_rest_is_there(
    content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lines.yaml"
    path.write_text(f"scenario: {content['scenario']}\naxes: {dict(content['axes'])}\n", encoding="utf-8")
    call = ["sweep", str(path), "--out", str(tmp_path / "out")]
    rows = work.SweepWork.rows

    def failing(self: work.SweepWork, number: int, threads: int | None) -> object:
        if number == 1:
            raise DataError(Offence("no such column 'age'", "persons", "add it"))
        return rows(self, number, threads)

    with monkeypatch.context() as patch:
        patch.setattr(work.SweepWork, "rows", failing)
        done = CliRunner().invoke(cli, call)
        assert done.exit_code == 1
        assert "1 of 3 parts failed and have no figures here; --resume tries them again:" in done.stdout
        assert "scenarios 5 to 8 of 10: persons: no such column 'age'; add it" in done.stdout
        assert ms.read_sweep(tmp_path / "out")["scenario"].nunique() == 6
        chinese = CliRunner().invoke(cli, [*call, "--resume", "--lang", "zh"])
        assert "共3个部分，其中1个未能计算" in chinese.stdout
    whole = CliRunner().invoke(cli, [*call, "--resume"])
    assert whole.exit_code == 0, whole.stderr
    assert ms.read_sweep(tmp_path / "out")["scenario"].nunique() == 10
