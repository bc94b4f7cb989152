"""``microsim synth``: a profile in, a population folder out, the same bytes each time."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from microsim.population import Population
from microsim.population.synthesis import streaming
from microsim.population.synthesis import synthesize as synthesis
from tests.cli.conftest import Call
from tests.scenario.small_county import PROFILE
from tests.wrapped import says


def test_a_county_is_made_the_same_each_time(call: Call) -> None:
    done = call("synth", PROFILE, "--out", "one", "--households", "800", "--seed", "7")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("one: 800 households, ")
    assert call("synth", PROFILE, "--out", "two", "--households", "800", "--seed", "7", "-q").stdout == ""
    for path in Path("one").iterdir():
        assert path.read_bytes() == Path("two", path.name).read_bytes(), path
    assert call("check", "one").exit_code == 0
    assert Population.read("one").n_households == 800


def test_a_small_sample_says_what_it_is_not_held_to(call: Call) -> None:
    done = call("synth", PROFILE, "--out", "few", "--households", "50")
    assert done.exit_code == 0, done.stderr
    text = " ".join(done.stdout.split())
    assert re.search(
        r"few: 50 households, \d+ persons Too few households: the weights are calibrated to \d\d figures of",
        text,
    )
    assert re.search(r"and \d\d are left out \(disabled grades 1-2, ", text)
    assert "With more households (--households; default 20,000)" in text
    assert len(done.stdout.splitlines()) <= 6
    whole = call("synth", PROFILE, "--out", "few-whole", "--households", "50", "--whole", "--lang", "zh")
    assert re.search(r"样本户数太少：权重仅按\d\d项指标校准，另有\d\d项未纳入", whole.stdout)
    assert call("synth", PROFILE, "--out", "many", "--households", "6000").stdout.count("\n") == 1


def test_another_seed_is_another_county(call: Call) -> None:
    for seed in ("1", "2"):
        call("synth", PROFILE, "--out", seed, "--households", "400", "--seed", seed)
    assert Population.read("1").hash != Population.read("2").hash


def test_one_row_per_household(call: Call) -> None:
    done = call("synth", PROFILE, "--out", "whole", "--households", "400", "--whole")
    assert done.exit_code == 0, done.stderr
    population = Population.read("whole")
    assert set(population.weight) == {1.0}
    assert population.n_households > 50_000


def test_a_scenario_may_name_a_profile(call: Call) -> None:
    Path("county.yaml").write_bytes(PROFILE.read_bytes())
    Path("s.yaml").write_text("county: county.yaml\nlaw: 2020-12-31\n", encoding="utf-8")
    assert call("check", "s.yaml").stdout == "s.yaml: good scenario\n"


def test_bad_use(call: Call) -> None:
    assert call("synth", PROFILE, "--out", "x", "--households", "0").exit_code == 2
    assert call("synth", PROFILE).exit_code == 2
    Path("bad.yaml").write_text(
        PROFILE.read_text(encoding="utf-8").replace("residents:", "resident:", 1), encoding="utf-8"
    )
    done = call("synth", "bad.yaml", "--out", "x")
    assert done.exit_code == 2
    assert "bad.yaml:" in done.stderr
    assert "demography.residents" in done.stderr
    assert not Path("x").exists()


def test_no_county_is_written_over_a_file_or_into_results(call: Call) -> None:
    Path("file").write_text("mine")
    Path("results").mkdir()
    Path("results/manifest.json").write_text("{}")
    for out, said in (("file", "is a file, but a population is a folder"), ("results", "contains results")):
        done = call("synth", PROFILE, "--out", out, "--households", "400")
        assert done.exit_code == 2
        assert said in done.stderr
        assert "--out" in done.stderr
    assert Path("file").read_text() == "mine"
    assert [path.name for path in Path("results").iterdir()] == ["manifest.json"]


@pytest.mark.slow
def test_a_large_county_is_written_in_pieces(
    call: Call, scenario: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It runs and sweeps to the numbers of the same county in two files."""
    monkeypatch.setattr(synthesis, "LARGEST_PIECE", 500)
    monkeypatch.setattr(streaming, "LARGEST_PIECE", 500)
    done = call("synth", PROFILE, "--out", "county", "--households", "1200", "--seed", "7")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("county: 1,200 households, ")
    assert max(path.name for path in Path("county/persons").iterdir()) == "part-00003.parquet"
    assert call("check", "county").stdout.startswith("county: good population (1,200 households")
    Population.read("county").write("two-files")
    text = scenario.read_text(encoding="utf-8") + "outputs: [cost]\n"  # and no walk, which takes the longest
    for name in ("county", "two-files"):
        Path(f"{name}.yaml").write_text(text.replace("county: county", f"county: {name}"), encoding="utf-8")
        ran = call("run", f"{name}.yaml", "--out", f"run-{name}", "-q")
        assert ran.exit_code == 0, ran.stderr
        Path(f"sweep-{name}.yaml").write_text(
            f"scenario: {name}.yaml\naxes:\n  dibao.line.rural: [4000, 5000]\n",
            encoding="utf-8",
        )
        assert call("sweep", f"sweep-{name}.yaml", "--out", f"sweep-{name}", "-q").exit_code == 0
    for kind in ("run", "sweep"):
        summaries = [
            [path.read_bytes() for path in Path(f"{kind}-{name}").rglob("summary.json")]
            for name in ("county", "two-files")
        ]
        assert len(summaries[0]) == 1
        assert summaries[0] == summaries[1]


@pytest.mark.slow
def test_the_report_stands_beside_the_county(call: Call) -> None:
    done = call("synth", PROFILE, "--out", "one", "--households", "400", "--report", "--lang", "zh")
    assert done.exit_code == 0, done.stderr
    assert says(done.stdout, "one/report：")
    assert says(done.stdout, "项控制总数")
    assert says(done.stdout, "；因样本不足未纳入：")
    names = {path.relative_to("one/report").as_posix() for path in Path("one/report").rglob("*.*")}
    charts = {f"figures/{name}.svg" for name in ("ages", "household_sizes", "incomes", "correlations")}
    assert charts | {"fit.md", "tables/controls.csv", "tables/incomes.csv", "manifest.json"} <= names
    assert Population.read("one").n_households == 400
    assert "已替换" not in done.stdout
    Path("one/notes.txt").write_text("mine", encoding="utf-8")
    done = call("synth", PROFILE, "--out", "one", "--households", "300", "--report")
    assert says(done.stdout, "one: replaced the population that was there")
    assert Population.read("one").n_households == 300
    assert Path("one/notes.txt").read_text(encoding="utf-8") == "mine"
    assert Path("one/report/fit.md").is_file()
    done = call("synth", PROFILE, "--out", "large", "--households", "500000", "--report")
    assert done.exit_code == 2
    assert "examine the fit of a smaller sample: --households 100000" in done.stderr


def test_no_room_for_the_county(call: Call) -> None:
    done = call("synth", PROFILE, "--out", "x", "--households", str(10**30))
    assert done.exit_code == 2
    assert "GiB on disk, and only" in done.stderr
    assert not Path("x").exists()


@pytest.mark.skipif(os.name != "posix", reason="no such signal")
def test_a_kill_leaves_nothing_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "microsim.cli.main", "synth", str(PROFILE.absolute())]
    command += ["--out", "county", "--households", "400000", "--quiet"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as run:
        while run.poll() is None and not list(tmp_path.glob(".county.unfinished-*/new/persons")):
            time.sleep(0.05)
        time.sleep(0.5)
        assert not (tmp_path / "county").exists()
        run.send_signal(signal.SIGTERM)
        began = time.monotonic()
        said = run.communicate()[1]
    assert run.returncode == 143
    assert said == "interrupted; nothing incomplete is left behind\n"
    assert time.monotonic() - began < 8.0
    assert list(tmp_path.iterdir()) == []
