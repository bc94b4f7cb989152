"""``microsim sweep``: what it prints, what it writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import microsim as ms
from microsim.cli.main import cli
from microsim.cli.signals import TerminatedError
from microsim.report.text import display_width
from tests.scenario.small_county import write
from tests.wrapped import says

SWEEP = """\
title: {en: Two lines, zh: 两条标准}
scenario: small.yaml
axes: {dibao.line.rural: [4400, 4800], dibao.line.urban: [7000]}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county, a scenario and sweeps over it."""
    place = tmp_path_factory.mktemp("sweep")
    write(place)
    (place / "two.yaml").write_text(SWEEP, encoding="utf-8")
    (place / "many.yaml").write_text(
        SWEEP.replace("[4400, 4800]", "{from: 4000, to: 5000, steps: 21}"), encoding="utf-8"
    )
    return place


def call(folder: Path, *arguments: str) -> Result:
    out = str(folder / "results" / "out")
    return CliRunner().invoke(cli, ["sweep", *arguments, "--out", out])


def test_a_short_sweep_is_printed_whole(folder: Path) -> None:
    done = call(folder, str(folder / "two.yaml"), "--workers", "1")
    assert done.exit_code == 0, done.stderr
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == "Two lines"
    assert lines[1] == "2 scenarios based on: A small county (law of 2020-12-31)"
    assert lines[2] == "Incomes of 2020, the year of the county's figures."
    assert lines[3] == "dibao.line.rural: Dibao line per person, yuan/year"
    assert all(display_width(line) <= 80 for line in lines if "results" not in line)
    table = ms.read_sweep(folder / "results" / "out")
    cost = table.query("measure == 'cost' and subject == 'total' and group == ''")["value"]
    for line, amount in zip(lines[8:10], cost, strict=True):
        assert line.split()[2] == f"{amount / 1e6:,.1f}"
    assert f"All {len(table)} figures as one table: microsim.read_sweep(" in " ".join(lines)
    assert "\x1b" not in done.stdout


def test_a_long_sweep_shows_its_ends_in_chinese_too(folder: Path) -> None:
    english = call(folder, str(folder / "many.yaml"), "--restart").stdout
    assert says(english, "The 5 scenarios with the least expenditure")
    assert says(english, "The 5 scenarios with the most expenditure")
    again = call(folder, str(folder / "many.yaml"), "--resume", "--lang", "zh").stdout
    assert says(again, "支出最少的5个方案")
    assert says(again, "共1个部分，其中1个此前已完成，未重新计算。")
    assert all(display_width(line) <= 80 for line in again.splitlines() if "results" not in line)


def test_json_and_quiet(folder: Path) -> None:
    done = call(folder, str(folder / "two.yaml"), "--json", "--restart")
    summary = json.loads(done.stdout)
    assert summary["scenarios"] == {"value": 2, "unit": "scenarios"}
    assert summary == json.loads((folder / "results" / "out" / "summary.json").read_text(encoding="utf-8"))
    assert call(folder, str(folder / "two.yaml"), "--quiet").output == ""


def test_bad_input_leaves_with_2_and_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("scenario: nowhere.yaml\naxes: {dibao.lne: [1]}\n", encoding="utf-8")
    done = CliRunner().invoke(cli, ["sweep", str(path), "--out", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert f"{path}:1:1: no scenario at 'nowhere.yaml'" in done.stderr
    assert f"{path}:2:8: dibao.lne: no such parameter; did you mean 'dibao.line'?" in done.stderr
    assert {p.name for p in tmp_path.iterdir()} == {"bad.yaml"}


def test_a_scheduler_that_does_not_answer_is_named(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("microsim.batch.cluster.PATIENCE", 0.5)
    out = str(tmp_path / "out")
    given = ["sweep", str(folder / "two.yaml"), "--out", out, "--scheduler", "tcp://127.0.0.1:9"]
    done = CliRunner().invoke(cli, given)
    assert done.exit_code == 2
    assert "tcp://127.0.0.1:9: no Dask scheduler answers there" in done.stderr
    assert list(tmp_path.iterdir()) == []
    assert call(folder, str(folder / "two.yaml"), "--workers", "0").exit_code == 2


@pytest.mark.parametrize(("stop", "code"), [(KeyboardInterrupt, 130), (TerminatedError, 143)])
def test_a_stop_says_what_is_kept_and_how_to_go_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException], code: int
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise stop

    with monkeypatch.context() as patch:
        patch.setattr("microsim.sweeps.work.SweepWork.rows", interrupted)
        out = folder / f"stopped-{code}"
        done = CliRunner().invoke(cli, ["sweep", str(folder / "two.yaml"), "--out", str(out)])
    assert done.exit_code == code
    assert not out.exists()
    assert (
        f"stopped-{code}.unfinished holds what is finished, and --resume continues from there" in done.stderr
    )
    again = CliRunner().invoke(cli, ["sweep", str(folder / "two.yaml"), "--out", str(out), "--resume", "-q"])
    assert again.exit_code == 0, again.stderr
    assert len(ms.read_sweep(out)) > 0
