"""Time microsim on the bench policy, alone or beside its peers, and write the tables.

    python -m benchmarks.run                               # microsim alone, a few minutes
    python -m benchmarks.run --large                       # up to 10 million households
    python -m benchmarks.run --peers DIR --venvs DIR       # beside the peers that are installed there
    ... --only-peers --before CHECKOUT                     # and beside another version, in the same rounds
    python -m benchmarks.run --markdown tables.md

``--peers`` is a folder with the peers' scripts (its ``run.py``), ``--venvs`` the folder of their
environments (``venv-base``, ``venv-openfisca``, ...); ``BENCH_PEERS`` and ``BENCH_VENVS`` in the
environment replace them. What is not there is named and skipped. Every measurement is a process of its
own. Limits are printed with what was measured; ``--strict`` ends with exit code 1 where one is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import calibration, notches, plain, projection, report, sweeps, synthesis, whole_law
from benchmarks.bench_population import stored

ROOT = Path(__file__).resolve().parent.parent
SIZES = (10_000, 100_000, 1_000_000)
LARGE = 10_000_000
TASKS = {"T1": LARGE, "T2": 1_000_000, "T3": 10_000}  # task -> most households
Row = dict[str, Any]


def measured(task: str, population: Path, cache: Path | None = None, **options: Any) -> Row:
    """One measurement in a new process; ``cache``: another kernel cache than the user's."""
    return _in_process(["benchmarks.measure", task, "--population", str(population)], cache, options)


def _in_process(module: list[str], cache: Path | None, options: dict[str, Any]) -> Row:
    command = [sys.executable, "-m", *module]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    environment = {**os.environ, **({"MICROSIM_CACHE": str(cache)} if cache else {})}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    row: Row = json.loads(done.stdout.strip().splitlines()[-1])
    return row


def starts(data: Path) -> list[Row]:
    """First call with an empty kernel cache and with a filled one, in new processes."""
    population = stored(data, 1_000)
    rows = []
    for task in TASKS:
        with tempfile.TemporaryDirectory(prefix="microsim-bench-cache-") as cache:
            cold = measured(task, population, Path(cache), seconds=0)
            warm = [measured(task, population, Path(cache), seconds=0) for _ in range(3)]
        least = {name: min(row[name] for row in warm) for name in ("first_s", "import_s")}
        rows.append(
            {
                "task": task,
                "cold_s": cold["first_s"],
                "warm_s": least["first_s"],
                "import_s": least["import_s"],
            }
        )
    return rows


def law(seconds: float) -> list[Row]:
    """The whole law: first call with an empty and with a filled kernel cache, and later calls."""
    rows = []
    for task in whole_law.TASKS:
        say(f"the whole law: {task}")
        with tempfile.TemporaryDirectory(prefix="microsim-bench-cache-") as cache:
            cold = _in_process(["benchmarks.whole_law", task], Path(cache), {"seconds": 0})
            warm = _in_process(["benchmarks.whole_law", task], Path(cache), {"seconds": seconds})
        rows.append({**warm, "cold_s": cold["first_s"], "warm_s": warm["first_s"]})
    return rows


def growth(data: Path, sizes: tuple[int, ...], seconds: float) -> list[Row]:
    """Each task on each size that is meant for it."""
    jobs = [(task, size) for task, most in TASKS.items() for size in sizes if size <= most]
    rows = []
    for task, size in jobs:
        for variant in ("microsim", "microsim-1t"):
            if size == LARGE and variant == "microsim-1t":
                continue
            say(f"{variant} {task} {size:,} households")
            rows.append(measured(task, stored(data, size), variant=variant, seconds=seconds))
    return rows


def beside_peers(options: argparse.Namespace) -> list[Row]:
    """Rows of the peers' own runner, with microsim as one more implementation in the same run."""
    script, venvs = options.peers / "run.py", options.venvs
    present = [
        name for name in ("base", "openfisca", "pe", "ttsim") if (venvs / f"venv-{name}/bin/python").exists()
    ]
    for name in ("base", "openfisca", "pe", "ttsim"):
        if name not in present:
            say(f"skipped: the peers of environment '{name}' are not installed ({venvs / f'venv-{name}'})")
    if not script.exists() or "base" not in present:
        say(f"skipped: no comparison without {script} and {venvs / 'venv-base'}")
        return []
    impl = ROOT / "benchmarks" / "impl_microsim.py"
    versions = {"microsim": f"{impl}@ours", "microsim-1t": f"{impl}@ours"}
    environments = [f"ours={sys.prefix}"]
    if options.before:
        os.environ["BENCH_BEFORE"] = str(options.before)
        other = ROOT / "benchmarks" / "impl_before.py"
        versions |= {"before": f"{other}@then", "before-1t": f"{other}@then"}
        environments.append(f"then={options.before / '.venv'}")
    common = [
        *(sys.executable, str(script), "--root", str(venvs), "--data", str(options.data / "peers")),
        *("--venvs", *environments, "--extra", *(f"{name}={where}" for name, where in versions.items())),
    ]
    peers = {
        "base": ("numba", "numba-1t", "numpy", "numpy-tuned", "pandas", "polars"),
        "openfisca": ("openfisca",),
    }
    peers |= {"pe": ("policyengine",), "ttsim": ("ttsim", "ttsim-jax")}
    wanted = [name for environment in present for name in peers[environment]]
    if options.tools:
        wanted = [name for name in wanted if name in options.tools]
    rows: list[Row] = []
    checked = subprocess.run(
        [*common, "--check", "--impls", *versions],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    if "| NO |" in checked.stdout or "failed" in checked.stdout:
        raise SystemExit(f"microsim disagrees with the peers' reference:\n{checked.stdout}")
    for task, size in (("T1", 1_000_000), ("T2", 100_000), ("T3", 10_000)):
        say(f"{task} beside {', '.join(wanted)}")
        with tempfile.TemporaryDirectory() as folder:
            found = Path(folder) / "rows.json"
            names = [*wanted, *versions]
            if task == "T1" and "numpy-tuned" in names:
                names.remove("numpy-tuned")  # tuned for many evaluations; it has no T1 of its own
            detail = ["--tasks", task, "--sizes", str(size), "--impls", *names, "--json", str(found)]
            detail += ["--rounds", str(options.rounds)]
            subprocess.run([*common, *detail], stdout=subprocess.DEVNULL, check=True)
            rows += json.loads(found.read_text())["rows"]
    return rows


def _folder(text: str) -> Path:
    return Path(text).resolve()


def others() -> float:
    """Share of the processors that was in use in the last minute, before this run."""
    return os.getloadavg()[0] / (os.cpu_count() or 1)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n")[0], epilog="Example: python -m benchmarks.run --markdown tables.md"
    )
    temporary = Path(tempfile.gettempdir()) / "microsim-bench"
    parser.add_argument("--data", type=Path, default=temporary, help=f"folder for populations ({temporary})")
    parser.add_argument("--large", action="store_true", help="up to 10 million households")
    parser.add_argument("--seconds", type=float, default=3.0, help="time for the repeats of one measurement")
    parser.add_argument(
        "--peers", type=_folder, default=os.environ.get("BENCH_PEERS"), help="folder of the peers' scripts"
    )
    parser.add_argument(
        "--venvs", type=_folder, default=os.environ.get("BENCH_VENVS"), help="folder of their environments"
    )
    parser.add_argument(
        "--before", type=_folder, help="with --peers: a checkout of another version, installed in its .venv"
    )
    parser.add_argument("--rounds", type=int, default=3, help="rounds of the comparison with peers")
    parser.add_argument("--tools", nargs="*", help="only these of the peers, such as numba openfisca")
    parser.add_argument("--only-peers", action="store_true", help="leave out what does not need peers")
    parser.add_argument("--markdown", type=Path, help="write the tables here as well")
    parser.add_argument("--readme", action="store_true", help="put the tables into benchmarks/README.md")
    parser.add_argument("--strict", action="store_true", help="exit code 1 where a limit is missed")
    options = parser.parse_args()
    if (options.peers is None) != (options.venvs is None):
        parser.error("--peers and --venvs are given together")

    load = others()
    alone: list[Row] = []
    begin: list[Row] = []
    laws: list[Row] = []
    if not options.only_peers:
        begin = starts(options.data)
        laws = law(options.seconds)
        alone = growth(options.data, (*SIZES, LARGE) if options.large else SIZES, options.seconds)
    beside: list[Row] = []
    if options.peers:
        beside = beside_peers(options)
    else:
        say("skipped: no comparison with peers (give --peers and --venvs)")
    limits = report.limits(begin, laws, alone, beside)
    if not options.only_peers:
        say("the plain way beside the tuned way")
        limits += plain.limits(plain.measured(options.seconds))
    text = report.markdown(begin, laws, alone, beside, limits, load)
    if not options.only_peers:
        say("calibration of weights")
        text += "\n" + calibration.markdown(calibration.measured())
        say("a county of 100,000 households")
        text += "\n" + synthesis.markdown(synthesis.measured())
        say("every notch of 100,000 households")
        text += "\n" + notches.markdown(notches.measured())
        say("a projection")
        text += "\n" + projection.markdown(projection.measured())
        say("sweeps")
        text += "\n" + sweeps.markdown(sweeps.measured())
    print(text)
    if options.markdown:
        options.markdown.write_text(text, encoding="utf-8")
    if options.readme:
        page = ROOT / "benchmarks" / "README.md"
        page.write_text(report.inserted(page.read_text(encoding="utf-8"), text), encoding="utf-8")
    if options.strict and any(not limit.met for limit in limits):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
