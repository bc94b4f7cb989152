"""The report of docs/nation.md: every county of the 2020 census under scenarios/nation.yaml.

    python tools/nation_page.py [CENSUS] [--rows DIR] [--processes N] [--minutes M]

CENSUS is the file of county tables that docs/census.md describes; unless given, MICROSIM_CENSUS names it.
Where it is not there, this says so and ends well. DIR holds the rows of each county, so that a run that was
stopped goes on; ``--minutes``: how long the run took that made them. The report holds no figure of the census
but the number of residents.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from microsim.studies.nation.results import NationResult
    from microsim.studies.nation.work import NationWork

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "nation.md"
MARK = "<!-- written by tools/nation_page.py from here on -->"
TIMED = 60  # counties whose steps are timed
CENSUS_RESIDENTS = 1_390_201_461


def census_file(given: str | None) -> Path | None:
    """The file that was given or that the environment names; None without any."""
    named = given or os.environ.get("MICROSIM_CENSUS")
    return Path(named) if named and Path(named).is_file() else None


def timings(work: NationWork, count: int = TIMED) -> dict[str, float]:
    """Processor seconds a county of each step, over counties spread evenly; memory after 10 and after all."""
    from microsim.studies.nation.county import make, of_cliffs, of_county, of_laws
    from microsim.studies.nation.work import opened

    shared = opened(work)
    codes = [code for code, _ in work.counties][:: max(1, work.count // count)][:count]
    used = dict.fromkeys(("made", "scenarios", "cliffs"), 0.0)
    memory = []
    for k, code in enumerate([codes[0], *codes]):
        begin = time.process_time()
        made = make(shared, code)
        of_county(made)
        middle = time.process_time()
        of_laws(shared, made)
        later = time.process_time()
        of_cliffs(made)
        if k:  # the first one reads files and opens kernels
            used["made"] += middle - begin
            used["scenarios"] += later - middle
            used["cliffs"] += time.process_time() - later
        if k == 10:
            memory.append(_memory())
    memory.append(_memory())
    each = {name: seconds / len(codes) for name, seconds in used.items()}
    return each | {"memory at 10": memory[0], "memory": memory[-1], "counties": float(len(codes))}


def _memory() -> float:
    """The most memory that this process has had, in million bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most * 1024 / 1e6


def report(found: NationResult, asked: int, minutes: float, processes: int, timed: dict[str, float]) -> str:
    """The report as Markdown."""
    from microsim.report.counties.nation_text import nation_text
    from microsim.studies.nation.results import province_name

    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    residents = float(found.counties["residents"].sum())
    per_core = {name: timed[name] * asked / 2 / 60 for name in ("made", "scenarios", "cliffs")}
    lines = [
        MARK,
        "",
        "## All counties",
        "",
        f"{dt.date.today().isoformat()}, {machine}, Python {platform.python_version()}; "
        "no table of counties, so that every line and income is filled in.",
        f"{found.households:,} households a county; {minutes:.0f} minutes with {processes} processes.",
        "",
        f"**{len(found.codes):,} of {asked:,} counties were made, with {residents:,.0f} residents; the",
        f"census has {CENSUS_RESIDENTS:,} in these rows (a difference of "
        f"{abs(residents / CENSUS_RESIDENTS - 1):.0e}).**",
        "",
        "Processor time of one county, and minutes of all of them on two cores, from "
        f"{timed['counties']:.0f} counties spread evenly:",
        "",
        "| step | seconds a county | minutes on two cores |",
        "|---|---:|---:|",
        f"| made from the census | {timed['made']:.3f} | {per_core['made']:.1f} |",
        f"| {len(found.nation.cases)} scenarios, and a curve of {found.nation.unify.ratios} lines | "
        f"{timed['scenarios']:.3f} | {per_core['scenarios']:.1f} |",
        f"| cliffs of every household | {timed['cliffs']:.3f} | {per_core['cliffs']:.1f} |",
        "",
        f"Memory of the process: {timed['memory at 10']:,.0f} million bytes after 10 counties, "
        f"{timed['memory']:,.0f} after {timed['counties']:.0f}.",
        "",
    ]
    if found.failed:
        lines += ["Not made:", "", *(f"- {one.code} {one.name}: {one.reason}" for one in found.failed), ""]
    lines += ["What the command prints:", "", "```text", nation_text(found, "en").rstrip(), "```", ""]
    lines += [
        "## Provinces",
        "",
        "Recipients of dibao among residents, present lines; dibao with one line over the present; what one",
        "line costs more over own revenue; residents whose county has one line or could pay for it. All of",
        "it under figures that are filled in.",
        "",
        "| province | counties | rural | urban | one line, times | of own revenue | ready |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    people, kinds = found.counties["residents"].to_numpy(), np.array(found.outlook.kind)
    values = found.by_province.set_index(["place", "scenario", "measure", "subject", "group"])["value"]
    first, last = found.nation.cases[0].name, found.nation.cases[-1].name
    for code in dict.fromkeys(found.provinces):
        own = np.array(found.provinces) == code
        ready = float(people[own & np.isin(kinds, ("unified", "own"))].sum() / people[own].sum())
        burden = float(found.curves.extra[own, -1].sum() / found.outlook.revenue[own].sum())
        rural, urban = (values[code, first, "resident_share", "dibao", area] for area in ("rural", "urban"))
        times = values[code, last, "times_present", "dibao", ""]
        lines.append(
            f"| {province_name(code, 'en')} | {int(own.sum()):,} | {_percent(rural)} | {_percent(urban)} | "
            f"{times:.2f} | {_percent(burden)} | {_percent(ready, 0)} |"
        )
    return "\n".join(lines) + "\n"


def _percent(share: float, digits: int = 1) -> str:
    return "-" if np.isnan(share) else f"{100 * share:.{digits}f} %"


def main(arguments: list[str] | None = None) -> int:
    """Run the nation and write its report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("census", nargs="?", help="county tables of the 2020 census")
    parser.add_argument("--rows", type=Path, metavar="DIR", help="where the rows of counties are kept")
    parser.add_argument("--processes", type=int, default=2, metavar="N")
    parser.add_argument("--minutes", type=float, metavar="M", help="how long the rows took")
    given = parser.parse_args(arguments)
    path = census_file(given.census)
    if path is None:
        print("skipped: no census tables; name the file, or set MICROSIM_CENSUS (docs/census.md)")
        return 0
    from microsim.studies.nation.run import run_nation
    from microsim.studies.nation.work import nation_work

    work = nation_work(str(ROOT / "scenarios" / "nation.yaml"), str(path))
    timed = timings(work)
    with tempfile.TemporaryDirectory() as folder:
        rows = given.rows or Path(folder) / "rows"
        found, done = run_nation(work, rows, processes=given.processes, resume=True)
    minutes = given.minutes or done.seconds / 60
    guide = PAGE.read_text(encoding="utf-8").split(MARK)[0].rstrip() + "\n\n"
    text = report(found, work.count, minutes, given.processes, timed)
    PAGE.write_text(guide + text, encoding="utf-8", newline="\n")
    print(text)
    return int(bool(found.failed))


if __name__ == "__main__":
    sys.exit(main())
