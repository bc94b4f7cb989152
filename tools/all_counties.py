"""Every county of the 2020 census: its profile, 2,000 households, and how closely they match its margins.

    python tools/all_counties.py [CENSUS] [--sample N] [--report FILE]

CENSUS is the file of county tables that docs/census.md describes; unless given, MICROSIM_CENSUS names it.
Where it is not there, this says so and ends well. The report holds counts and the names of the worst
counties, and no figure of the census.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from microsim.numerics.ranking import to_rank_by

ROOT = Path(__file__).resolve().parents[1]
HOUSEHOLDS, SEED = 2_000, 3  # profiles are tried with other seeds while they are built
MET, WORTH, SHARE = (
    1e-3,
    0.9,
    0.99,
)  # a control's miss, effective rows among rows, counties that shall have both
PROCESSES = 2
NEIGHBOURS = (
    Path("china_county_census2020.csv.gz"),
    Path("../shared/realdata/china_county_census2020.csv.gz"),
)
GOOD, GROUPED, UNEVEN, MISSED, REFUSED = (
    "all controls met, effective sample above 90 %",
    "the same, with cells that have no row in the sample merged with their neighbours",
    "effective sample of 90 % or less",
    "a control missed by more than 0.1 %",
    "refused",
)


@dataclass(frozen=True)
class Outcome:
    """The outcome for one county; ``worth`` counts copies of one candidate as one row."""

    code: str
    name: str
    kind: str
    controls: int = 0
    miss: float = 0.0
    design_effect: float = 0.0
    worth: float = 0.0
    grouped: int = 0
    moved: float = 0.0  # the largest relative change of a table of households for want of families
    collective: float = 0.0
    elderly: float = 0.0  # relative change of the households with elderly members
    donor: str = ""
    words: str = ""
    seconds: float = 0.0  # of processor time


def census_file(given: str | None) -> Path | None:
    """The file that was given or that the environment names, else one nearby; None without any."""
    named = given or os.environ.get("MICROSIM_CENSUS")
    places = [Path(named)] if named else [ROOT / near for near in NEIGHBOURS]
    return next((path for path in places if path.is_file()), None)


_table: Any = None
_donors: Any = None


def _open(path: Path) -> None:
    """In each process once: the tables and the archetypes."""
    global _table, _donors
    from microsim.population.census.donor import read_archetypes
    from microsim.population.census.tables import read_census

    _table, _donors = read_census(path), read_archetypes()


def county(code: str) -> Outcome:
    """Build, draw and weight one county."""
    from microsim.errors import MicrosimError
    from microsim.population.census.families import NO_FAMILIES
    from microsim.population.census.margins import COLLECTIVE, ELDERLY_SCALED
    from microsim.population.census.profile import build_profile

    begin = time.process_time()
    row = _table.find(code)
    name = f"{row.county} ({row.province})"
    try:
        built = build_profile(row, _donors)
        measured = measure(built.county)
    except MicrosimError as error:
        return Outcome(code, name, REFUSED, words=str(error), seconds=time.process_time() - begin)
    by_rule = {COLLECTIVE: 0.0, ELDERLY_SCALED: 0.0, NO_FAMILIES: 0.0}
    for conflict in built.conflicts:
        for words in by_rule:
            if words in conflict.rule:
                by_rule[words] = max(by_rule[words], conflict.size, key=abs)
    return Outcome(
        code,
        name,
        collective=by_rule[COLLECTIVE],
        elderly=by_rule[ELDERLY_SCALED],
        moved=by_rule[NO_FAMILIES],
        donor=built.donor.name,
        seconds=time.process_time() - begin,
        **measured,
    )


def measure(profile: Any, households: int = HOUSEHOLDS, seed: int = SEED) -> dict[str, Any]:
    """A sample of the county, weighted: its controls, their worst miss, design effect and effective rows."""
    import numpy as np

    from microsim.numerics.streams import Streams
    from microsim.population.synthesis.candidates import choose, picked, weighted_candidates
    from microsim.population.synthesis.margins import household_weights

    candidates, likely, _ = weighted_candidates(profile, Streams(seed), households)
    rows = choose(candidates, likely, households)
    sample = picked(candidates, rows, np.arange(1, households + 1))
    weights, report = household_weights(profile, sample)
    distinct = np.bincount(rows, weights)
    worth = float(weights.sum() ** 2 / np.sum(distinct**2) / households)
    miss = float(np.abs(report.misses).max())
    grouped = cells(profile) - len(report.names)
    kind = MISSED if miss > MET else UNEVEN if worth <= WORTH else GROUPED if grouped > 0 else GOOD
    return {
        "kind": kind,
        "controls": len(report.names),
        "miss": miss,
        "design_effect": report.design_effect,
        "worth": worth,
        "grouped": max(grouped, 0),
    }


def cells(profile: Any) -> int:
    """Number of figures to which a sample could be calibrated: ages by sex, areas, sizes, generations,
    elderly.
    """
    ages = sum(len(groups) for groups in profile["demography.age_by_sex"].values())
    tables = ("demography.residents", "demography.household_sizes", "demography.generations")
    return ages + sum(len(profile[name]) for name in tables) + 1  # households with elderly members


def report(outcomes: list[Outcome], seconds: float, whole: bool) -> str:
    """The report as Markdown."""
    count = len(outcomes)
    kinds = Counter(outcome.kind for outcome in outcomes)
    good = kinds[GOOD] + kinds[GROUPED]
    made = [outcome for outcome in outcomes if outcome.kind != REFUSED]
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    which = "Every county" if whole else f"{count:,} counties drawn at random"
    used = sum(outcome.seconds for outcome in outcomes)
    lines = [
        "# All counties of the 2020 census",
        "",
        f"{which} of the county tables: `microsim profile` builds a profile ([census.md](census.md)), the",
        f"generator draws {HOUSEHOLDS:,} households, and `calibrate` weights them to every reconciled "
        f"margin.",
        "`python tools/all_counties.py CENSUS --report docs/all-counties.md` writes this page, as does",
        "`make check-all` where `MICROSIM_CENSUS` names the file.",
        "",
        f"{dt.date.today().isoformat()}, {machine}, Python {platform.python_version()}:",
        f"{seconds / 60:.1f} minutes with {PROCESSES} processes, with "
        f"{used / 60 / PROCESSES:.1f} minutes of work per core ({used / max(count, 1):.2f} s per county).",
        "",
        f"**{good:,} of {count:,} counties ({good / max(count, 1):.2%}) have every control within 0.1 %",
        f"and an effective sample above 90 % of the rows** (goal: {SHARE:.0%}).",
        "",
        "| outcome | counties | share |",
        "|---|---:|---:|",
    ]
    lines += [
        f"| {kind} | {kinds[kind]:,} | {kinds[kind] / max(count, 1):.2%} |"
        for kind in (GOOD, GROUPED, UNEVEN, MISSED, REFUSED)
    ]
    lines += [
        "",
        "The effective sample is (sum of weights)² / sum of squared weights, where copies of one candidate",
        "count as one row.",
        "",
        "| over the counties generated | lowest | 5 % | half | 95 % | highest |",
        "|---|---:|---:|---:|---:|---:|",
        _spread("effective sample, % of rows", [100 * o.worth for o in made], "{:.1f}"),
        _spread("design effect of the weights", [o.design_effect for o in made], "{:.3f}"),
        _spread("largest miss of a control, %", [100 * o.miss for o in made], "{:.0e}"),
        _spread("controls", [o.controls for o in made], "{:.0f}"),
        _spread("cells merged with a neighbour", [o.grouped for o in made], "{:.0f}"),
        "",
        "## What was reconciled",
        "",
        "| conflict | counties | half of them | 95 % | largest |",
        "|---|---:|---:|---:|---:|",
        _conflict("collective households: residents represented by families", made, lambda o: o.collective),
        _conflict("persons aged 65 and over in households against the age table", made, lambda o: o.elderly),
        _conflict("no set of families met all margins: household tables adjusted", made, lambda o: o.moved),
        "",
        "Sources of figures that the census lacks: "
        + ", ".join(f"{name} {number:,}" for name, number in Counter(o.donor for o in made).most_common())
        + ".",
        "",
        "## The worst counties",
        "",
        "| county | code | outcome | effective sample | represented by families | tables adjusted by up to |",
        "|---|---|---|---:|---:|---:|",
    ]
    worst = sorted(outcomes, key=lambda o: (o.kind in (GOOD, GROUPED), to_rank_by(o.worth, 0.0)))[:15]
    lines += [
        f"| {o.name} | {o.code} | {o.words.splitlines()[0] if o.words else o.kind} | {o.worth:.1%} | "
        f"{o.collective:+.0%} | {o.moved:+.0%} |"
        for o in worst
    ]
    return "\n".join(lines) + "\n"


def _spread(name: str, values: list[float], form: str) -> str:
    import numpy as np

    points = np.percentile(values, [0, 5, 50, 95, 100]) if values else [0.0] * 5
    return f"| {name} | " + " | ".join(form.format(point) for point in points) + " |"


def _conflict(name: str, outcomes: list[Outcome], size: Callable[[Outcome], float]) -> str:
    import numpy as np

    sizes = np.abs([size(o) for o in outcomes if size(o)])
    if not len(sizes):
        return f"| {name} | 0 | | | |"
    points = " | ".join(f"{point:.1%}" for point in np.percentile(sizes, [50, 95, 100]))
    return f"| {name} | {len(sizes):,} | {points} |"


def main(arguments: list[str] | None = None) -> int:
    """Run all counties; 1 if fewer than 99 % succeed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("census", nargs="?", help="county tables of the 2020 census")
    parser.add_argument("--sample", type=int, metavar="N", help="so many counties drawn at random, not all")
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="where the report goes (else it is printed)"
    )
    given = parser.parse_args(arguments)
    path = census_file(given.census)
    if path is None:
        print("skipped: no census tables; name the file, or set MICROSIM_CENSUS (docs/census.md)")
        return 0
    from microsim.population.census.tables import read_census

    # Each process works on one core; libraries of linear algebra would take both.
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    codes = list(read_census(path).codes)
    if given.sample:
        codes = random.Random(SEED).sample(codes, min(given.sample, len(codes)))
    begin = time.monotonic()
    with ProcessPoolExecutor(PROCESSES, initializer=_open, initargs=(path,)) as pool:
        outcomes = list(pool.map(county, codes, chunksize=20))
    text = report(outcomes, time.monotonic() - begin, whole=not given.sample)
    if given.report:
        given.report.write_text(text, encoding="utf-8")
    print(text)
    good = sum(outcome.kind in (GOOD, GROUPED) for outcome in outcomes)
    return int(good < SHARE * len(outcomes))


if __name__ == "__main__":
    sys.exit(main())
