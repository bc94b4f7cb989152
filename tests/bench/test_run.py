"""The runner and its tables: one measurement in a process, what is skipped is said, limits met and missed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from benchmarks import plain, report, run, whole_law
from benchmarks.bench_population import stored


def row(impl, task, households, least, **more):
    return {
        "impl": impl,
        "task": task,
        "households": households,
        "times": [least, 2 * least],
        "peak_mib": 100.0,
        **more,
    }


BESIDE = [
    row("numba", "T1", 1_000_000, 0.010, others_cpu=0.02),
    row("microsim", "T1", 1_000_000, 0.012),
    row("openfisca", "T1", 1_000_000, 0.130),
    row("ttsim-jax", "T1", 1_000_000, 0.090),
    {"impl": "polars", "task": "T1", "households": 1_000_000, "why": "over 900 s"},
]


@pytest.mark.slow
@pytest.mark.compiled
def test_one_measurement_in_a_process_of_its_own(tmp_path):
    population = stored(tmp_path, 200)
    task = "T2"  # the others run in test_bench_policy.py
    found = run.measured(task, population, tmp_path / "cache", seconds=0)
    assert found["task"] == task
    assert found["households"] == 200
    assert len(found["times"]) == 3
    assert all(seconds > 0 for seconds in (*found["times"], found["first_s"], found["import_s"]))
    assert found["peak_mib"] > 50
    assert list((tmp_path / "cache").glob("kernel_*.py"))


def test_limits_are_met_or_missed():
    begin = [{"task": "T1", "cold_s": 5.5, "warm_s": 0.2, "import_s": 1.0}]
    alone = [
        {**row("microsim", "T1", 10_000_000, 1.0), "variant": "microsim", "load_s": 0.1, "peak_mib": 2048.0}
    ]
    held = {limit.what: limit for limit in report.limits(begin, [], alone, BESIDE)}
    assert not held["first call, empty kernel cache"].met
    assert held["first call, filled kernel cache"].met
    assert not held["peak memory of T1 on 10,000,000 households"].met
    assert held["T1: time over the prototype's"].measured == "1.20"
    assert not held["T1: time over the prototype's"].met
    assert not held["T1: times faster than the best framework (ttsim-jax)"].met
    assert held["T1: times faster than OpenFisca"].met
    assert len(held) == 6


LAW = [
    {
        "task": task,
        "households": 1000,
        "evaluations": 1000,
        "times": [0.0006, 0.0004],
        "cold_s": 21.0,
        "warm_s": 0.5,
    }
    for task in whole_law.TASKS
]


def test_limits_of_the_whole_law():
    held = {limit.what: limit for limit in report.limits([], LAW, [], [])}
    assert len(held) == 11
    assert held["solve, 100,000 households"].measured == "0.04 s"
    assert held["solve, in scenarios of `lines`"].measured == "100"
    assert held["whole law, benefits: million evaluations a second"].measured == "2.50"
    assert held["whole law, benefits: million evaluations a second"].met
    assert not held["whole law, amounts: million evaluations a second"].met
    assert not held["whole law, benefits: first call, empty cache"].met
    assert held["whole law, lines: loading"].measured == "0.50 s"
    assert held["whole law, lines: loading"].met
    assert "| rules | 1,000 | 21.0 | 0.50 | 0.4 | 2.50 |" in report.markdown([], LAW, [], [], [])


@pytest.mark.long  # each task compiles the whole law
@pytest.mark.parametrize("task", ["benefits", "amounts"])
def test_the_whole_law_is_timed(task):
    county = whole_law.population(times=2)
    assert county.n_households == 40_000
    call, evaluations = whole_law.calls(task, county)
    assert evaluations == 40_000 * (whole_law.SCENARIOS if task == "amounts" else 1)
    call()


def test_limits_need_our_own_row():
    assert report.limits([], [], [], [r for r in BESIDE if r["impl"] != "microsim"]) == []


def test_tables_carry_machine_versions_misses_and_failures():
    begin = [{"task": "T1", "cold_s": 5.5, "warm_s": 0.2, "import_s": 1.0}]
    alone = [{**row("", "T2", 10_000, 0.5), "variant": "microsim-1t", "load_s": 0.1}]
    text = report.markdown(begin, [], alone, BESIDE, report.limits(begin, [], alone, BESIDE))
    assert "numba " in text.splitlines()[0]
    assert "cores" in text.splitlines()[0]
    assert "| T1 | 5.50 | 0.200 | 1.00 |" in text
    assert "| T2 | 10,000 | microsim-1t | 750 | 500 | 500 | 100 | 0.1 |" in text
    assert "| T1 | 1,000,000 | polars | over 900 s |" in text
    assert "| T1 | 1,000,000 | microsim | 18 | 12 | 1.2 | 1 | 100 |  |" in text
    assert "**no**" in text


def test_a_busy_machine_is_named_and_the_readme_keeps_its_words():
    text = report.markdown([], [], [], [], [], load=0.5)
    assert "load 50% of its cores" in text
    assert "busy" not in report.markdown([], [], [], [], [], load=0.05)
    page = (run.ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    new = report.inserted(page, text)
    assert text in new
    assert new.split(report.MARKS[0])[0] == page.split(report.MARKS[0])[0]
    assert report.inserted(new, text) == new
    with pytest.raises(ValueError, match="has no"):
        report.inserted("nothing", text)


def test_missing_peers_are_named_and_skipped(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(
        sys, "argv", ["run", "--only-peers", "--peers", str(tmp_path), "--venvs", str(tmp_path)]
    )
    run.main()
    said = capsys.readouterr().err
    for name in ("base", "openfisca", "pe", "ttsim"):
        assert f"skipped: the peers of environment '{name}' are not installed" in said
    assert "skipped: no comparison without" in said


def test_peers_need_both_folders():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.run", "--peers", "somewhere"],
        cwd=run.ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "--peers and --venvs are given together" in done.stderr


def test_the_plain_way_is_held_against_the_tuned_way():
    row = {
        "households": 1_000_000,
        "tuned": 0.020,
        "plain": 0.032,
        "small": 10_000,
        "call": 6e-4,
        "bare": 5e-4,
    }
    ratio, overhead = plain.limits(row)
    assert (ratio.measured, ratio.met) == ("1.60", False)
    assert (overhead.measured, overhead.met) == ("0.100 ms", True)


@pytest.mark.compiled
def test_both_ways_are_timed_in_turn():
    row = plain.measured(seconds=0.0, large=300, small=200)
    assert all(row[name] > 0.0 for name in ("tuned", "plain", "call", "bare"))
