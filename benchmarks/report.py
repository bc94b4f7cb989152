"""Tables of what was measured, and the limits it is held against."""

from __future__ import annotations

import datetime as dt
import os
import platform
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from benchmarks.whole_law import SCENARIOS

Row = dict[str, Any]
PEERS = ("numpy", "numpy-tuned", "pandas", "polars", "openfisca", "policyengine", "ttsim", "ttsim-jax")
PROTOTYPE = "numba"  # the hand-fused kernel: what the machine allows
# task, households, most times the prototype, least times faster than the best framework and OpenFisca
RATIOS = (("T1", 1_000_000, 1.1, 8, 10), ("T2", 100_000, 1.8, 20, 50), ("T3", 10_000, 2.5, 45, 120))
FRAMEWORKS = ("openfisca", "policyengine", "ttsim", "ttsim-jax")
MARKS = ("<!-- measured -->", "<!-- end of measured -->")
BUSY = 0.15  # load of other programs, as a share of the cores, above which the tables say so
COLD_S, WARM_S, LARGE_MIB = 5.0, 0.3, 2048.0
# The whole law: seconds to compile and to load, and the least millions of evaluations a second by task
LAW_COLD_S, LAW_LOAD_S = 8.0, 1.0
LAW_RATES = {"benefits": 2.0, "amounts": 5.0}
# Solving for the cost of all programmes: seconds for 100,000 households, and how many scenarios of `lines` in
# the same run would take as long
SOLVE_S, SOLVE_SCENARIOS = 2.0, 80


@dataclass(frozen=True)
class Limit:
    """One figure that the project set itself, and what was measured."""

    what: str
    limit: str
    measured: str
    met: bool


def limits(
    begin: Iterable[Row], laws: Iterable[Row], alone: Iterable[Row], beside: Iterable[Row]
) -> list[Limit]:
    """Every limit that the rows speak about."""
    found: list[Limit] = []
    laws = list(laws)
    for row in begin:
        if row["task"] == "T1":
            cold, warm = row["cold_s"], row["warm_s"]
            found.append(
                Limit("first call, empty kernel cache", f"<= {COLD_S:g} s", f"{cold:.2f} s", cold <= COLD_S)
            )
            found.append(
                Limit("first call, filled kernel cache", f"<= {WARM_S:g} s", f"{warm:.2f} s", warm <= WARM_S)
            )
    for row in laws:
        what = f"whole law, {row['task']}"
        load = row["warm_s"] - min(row["times"])  # the first call less what each later one takes
        found.append(Limit(f"{what}: loading", f"<= {LAW_LOAD_S:g} s", f"{load:.2f} s", load <= LAW_LOAD_S))
        least = LAW_RATES.get(row["task"])
        if least is None:
            continue
        rate, cold, is_met = million_per_second(row), row["cold_s"], row["cold_s"] <= LAW_COLD_S
        found.append(
            Limit(f"{what}: first call, empty cache", f"<= {LAW_COLD_S:g} s", f"{cold:.2f} s", is_met)
        )
        found.append(
            Limit(f"{what}: million evaluations a second", f">= {least:g}", f"{rate:.2f}", rate >= least)
        )
    found += _of_solve(laws)
    for row in alone:
        if (row["task"], row["households"]) == ("T1", 10_000_000):
            peak = row["peak_mib"]
            what = "peak memory of T1 on 10,000,000 households"
            found.append(Limit(what, f"< {LARGE_MIB:,.0f} MiB", f"{peak:,.0f} MiB", peak < LARGE_MIB))
    best = {(r["impl"], r["task"], r["households"]): min(r["times"]) for r in beside if r.get("times")}
    for task, size, most, framework, openfisca in RATIOS:
        ours = best.get(("microsim", task, size))
        if ours is None:
            continue
        prototype = best.get((PROTOTYPE, task, size))
        if prototype is not None:
            ratio = ours / prototype
            found.append(
                Limit(f"{task}: time over the prototype's", f"<= {most:g}", f"{ratio:.2f}", ratio <= most)
            )
        rivals = {name: best[name, task, size] for name in FRAMEWORKS if (name, task, size) in best}
        if rivals:
            name = min(rivals, key=rivals.__getitem__)
            ratio = rivals[name] / ours
            what = f"{task}: times faster than the best framework ({name})"
            found.append(Limit(what, f">= {framework}", f"{ratio:.1f}", ratio >= framework))
        if "openfisca" in rivals:
            ratio = rivals["openfisca"] / ours
            found.append(
                Limit(
                    f"{task}: times faster than OpenFisca",
                    f">= {openfisca}",
                    f"{ratio:.1f}",
                    ratio >= openfisca,
                )
            )
    return found


def inserted(page: str, tables: str) -> str:
    """``page`` with the text between its two marks replaced by ``tables``."""
    before, _, rest = page.partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    if not rest or not after:
        raise ValueError(f"the page has no {MARKS[0]} ... {MARKS[1]}")
    return f"{before}{MARKS[0]}\n{tables}{MARKS[1]}{after}"


def million_per_second(row: Row) -> float:
    """Evaluations of one household, in one scenario, a second, in millions."""
    return float(row["evaluations"] / min(row["times"]) / 1e6)


def _of_solve(laws: Iterable[Row]) -> list[Limit]:
    """How long a target takes to solve for, in seconds and in scenarios."""
    each = {row["task"]: min(row["times"]) / row["households"] for row in laws}
    if not {"solve", "lines"} <= set(each):
        return []
    seconds, scenarios = 1e5 * each["solve"], each["solve"] / (each["lines"] / SCENARIOS)
    return [
        Limit("solve, 100,000 households", f"<= {SOLVE_S:g} s", f"{seconds:.2f} s", seconds <= SOLVE_S),
        Limit(
            "solve, in scenarios of `lines`",
            f"<= {SOLVE_SCENARIOS}",
            f"{scenarios:.0f}",
            scenarios <= SOLVE_SCENARIOS,
        ),
    ]


def markdown(
    begin: list[Row],
    laws: list[Row],
    alone: list[Row],
    beside: list[Row],
    held: list[Limit],
    load: float = 0.0,
) -> str:
    """All tables, under machine and versions; ``load``: of other programs, as a share of the cores."""
    parts = [setting()]
    if load > BUSY:
        parts.append(
            f"The machine was busy when this run began (load {load:.0%} of its cores): times are too long, "
            "and those of several threads most of all. Read ratios with care."
        )
    if begin:
        lines = [
            f"| {r['task']} | {r['cold_s']:.2f} | {r['warm_s']:.3f} | {r['import_s']:.2f} |" for r in begin
        ]
        head = "| task | empty cache, s | filled cache, s | imports, s |\n|---|---:|---:|---:|"
        parts.append("### Start\n\n" + "\n".join([head, *lines]))
    if laws:
        lines = [
            f"| {r['task']} | {r['households']:,} | {r['cold_s']:.1f} | {r['warm_s']:.2f} "
            f"| {1e3 * min(r['times']):.3g} | {million_per_second(r):.2f} |"
            for r in laws
        ]
        head = (
            "| task | households | empty cache, s | filled cache, s | min ms | million a second |\n"
            "|---|---:|---:|---:|---:|---:|"
        )
        parts.append("### The whole law\n\n" + "\n".join([head, *lines]))
    if alone:
        head = "| task | households | variant | median ms | min ms | ns per evaluation | peak MiB | load s |"
        parts.append(
            "### Growth\n\n" + "\n".join([head, "|---|---:|---|---:|---:|---:|---:|---:|", *map(_own, alone)])
        )
    if beside:
        parts.append("### Beside the peers, one run\n\n" + "\n".join(_beside(beside)))
    if held:
        lines = [f"| {x.what} | {x.limit} | {x.measured} | {'yes' if x.met else '**no**'} |" for x in held]
        parts.append(
            "### Limits\n\n" + "\n".join(["| what | limit | measured | met |", "|---|---|---:|---|", *lines])
        )
    return "\n\n".join(parts) + "\n"


def setting() -> str:
    """Processor, cores, memory, versions and date."""
    names = ("microsim", "numpy", "numba", "pandas")
    versions = ", ".join(f"{name} {version(name)}" for name in names if _installed(name))
    python = platform.python_version()
    today = dt.date.today().isoformat()
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()}; Python {python}, {versions}; {today}."
    )


def _installed(name: str) -> bool:
    from importlib.metadata import PackageNotFoundError

    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or platform.machine()


def evaluations(task: str, households: int) -> int:
    """Households evaluated in one call: once, for 100 scenarios, or at 101 wages."""
    return households * {"T1": 1, "T2": 100, "T3": 101}[task]


def _own(row: Row) -> str:
    median, least = 1e3 * statistics.median(row["times"]), 1e3 * min(row["times"])
    each = 1e6 * least / evaluations(row["task"], row["households"])
    return (
        f"| {row['task']} | {row['households']:,} | {row['variant']} | {median:.3g} | {least:.3g} "
        f"| {each:.3g} | {row['peak_mib']:,.0f} | {row['load_s']:.2g} |"
    )


def _beside(rows: list[Row]) -> list[str]:
    lines = [
        "| task | households | tool | median ms | min ms | / numba | / microsim | peak MiB | others |",
        "|---|---:|---|---:|---:|---:|---:|---:|---:|",
    ]
    best = {(r["impl"], r["task"]): min(r["times"]) for r in rows if r.get("times")}
    for row in sorted(rows, key=lambda r: (r["task"], best.get((r["impl"], r["task"]), float("inf")))):
        name, task = row["impl"], row["task"]
        if not row.get("times"):
            lines.append(f"| {task} | {row['households']:,} | {name} | {row['why']} | | | | | |")
            continue
        least, median = min(row["times"]), statistics.median(row["times"])
        ratios = [
            f"{least / best[x, task]:.3g}" if (x, task) in best else "" for x in (PROTOTYPE, "microsim")
        ]
        load = f"{row['others_cpu']:.0%}" if row.get("others_cpu") is not None else ""
        lines.append(
            f"| {task} | {row['households']:,} | {name} | {1e3 * median:.3g} | {1e3 * least:.3g} "
            f"| {ratios[0]} | {ratios[1]} | {row['peak_mib']:,.0f} | {load} |"
        )
    return lines
