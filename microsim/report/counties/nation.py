"""The results folder of the national study: tables by county, province and zone, charts, and the manifest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from microsim.documents import shown
from microsim.policy.policy import Policy
from microsim.population import synthesize
from microsim.population.census.donor import read_archetypes
from microsim.report.books.book import Book, book_of
from microsim.report.books.headings import labels_of
from microsim.report.counties.nation_text import chart_note
from microsim.report.results import now, versions, write_results
from microsim.scenario.model import plain_json
from microsim.studies.common.expenditure import account_of
from microsim.studies.nation.provinces import places
from microsim.studies.nation.results import NationResult, province_name

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from microsim.studies.nation.work import NationWork

STUDY = "nation"
_FEW = 50  # households, of which nothing is computed


def write_nation(
    folder: Path, found: NationResult, work: NationWork, command: str, lang: str, xlsx: bool = False
) -> Path:
    """Write the national study into ``folder`` as one whole; ``xlsx``: its tables as one workbook, too."""
    import pandas as pd

    law = Policy.load(found.nation.day)

    failed = pd.DataFrame(
        [(one.code, one.name, one.reason) for one in found.failed], columns=["code", "county", "reason"]
    )
    manifest: dict[str, Any] = {
        "study": STUDY,
        "scenario": {
            "name": found.nation.name,
            "file": shown(found.nation.path),
            "title": dict(found.nation.title),
        },
        "law": found.nation.day.isoformat(),
        "census": Path(work.census).name,
        "table": Path(work.table).name if work.table else None,
        "counties": len(found.codes),
        "failed": [one.code for one in found.failed],
        "unmatched": list(found.unmatched),
        "households": found.households,
        "seed": found.seed,
        "coverage": found.coverage(),
        "coverage_needed": found.nation.coverage,
        "scenarios": {case.name: dict(case.title) for case in found.nation.cases},
        "unify": plain_json(found.nation.data["unify"]),
        "hashes": dict(work.plan),
        "versions": versions(),
        "command": command,
        "time": now(),
    }
    return write_results(
        folder,
        manifest=manifest,
        summary=found.summary,
        tables={
            "counties": found.counties,
            "provinces": found.by_province,
            "nation": found.table,
            "zones": found.order,
            "filled": found.filled,
            "failed": failed,
            "assumptions": found.nation.assumptions,
        },
        figures=figures_of(found, lang),
        labels=labels_of(law),
        book=_book(law, lang) if xlsx else None,
    )


def _book(law: Policy, lang: str) -> Book:
    """With the parameters of the national law; the counties' own lines are in their table."""
    county = next(iter(read_archetypes().values()))  # with the columns that every county has
    people = synthesize(county, households=_FEW)
    return book_of({"": (law, people, account_of(law).outputs)}, lang)


def figures_of(found: NationResult, lang: str) -> Mapping[str, Callable[[], Figure]]:
    """The charts by the name of their files."""
    return {
        "tiles": partial(tiles, found, lang),
        "provinces": partial(ranked, found, lang),
        "curves": partial(curves, found, lang),
    }


def tiles(found: NationResult, lang: str) -> Figure:
    """The map of tiles: the share of residents whose county has one line or could pay for it."""
    import pandas as pd

    from microsim import charts

    people, kinds = found.counties["residents"].to_numpy(), np.array(found.outlook.kind)
    codes = np.array(found.provinces)
    ready = np.isin(kinds, ("unified", "own"))
    rows = []
    for code, place in places().items():
        own = codes == code
        whole = float(people[own].sum())
        share = float(people[own & ready].sum()) / whole if whole else float("nan")
        rows.append((code, place.name[lang], *place.tile, share))
    provinces = pd.DataFrame(rows, columns=["code", "label", "column", "row", "share"])
    counties = pd.DataFrame({"code": codes, "kind": kinds, "residents": people})
    return charts.tile_map(provinces, counties, lang, note=chart_note(found, lang))


def ranked(found: NationResult, lang: str) -> Figure:
    """Provinces by what one line asks of their counties' own revenue."""
    import pandas as pd

    from microsim import charts

    extra, revenue = found.curves.extra[:, -1], found.outlook.revenue
    people, burden = found.counties["residents"].to_numpy(), found.outlook.burden
    rows = []
    for code in dict.fromkeys(found.provinces):
        own = np.array(found.provinces) == code
        spread = _weighted(burden[own], people[own], (0.1, 0.5, 0.9))
        rows.append((province_name(code, lang), extra[own].sum() / revenue[own].sum(), *spread))
    table = pd.DataFrame(rows, columns=["label", "value", "low", "median", "high"])
    return charts.ranked_provinces(table, "one_line_burden", lang, note=chart_note(found, lang))


def curves(found: NationResult, lang: str) -> Figure:
    """Each province's additional expenditure on the way to one line."""
    import pandas as pd

    from microsim import charts

    first = found.nation.cases[0].name
    present, extra = found.of(first, "cost", "total"), found.curves.extra
    codes = [code for code in places() if code in found.provinces]
    rows = []
    for code in codes:
        own = np.array(found.provinces) == code
        rise = extra[own].sum(axis=0) / max(float(present[own].sum()), 1.0)
        rows += [(code, k / (len(rise) - 1), float(value)) for k, value in enumerate(rise)]
    labels = {code: province_name(code, lang) for code in codes}
    table = pd.DataFrame(rows, columns=["code", "way", "value"])
    return charts.province_curves(table, labels, lang, note=chart_note(found, lang))


def _weighted(values: Any, weights: Any, at: tuple[float, ...]) -> list[float]:
    """Values below which the shares ``at`` of the weights lie."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    places_of = [min(int(np.searchsorted(reached, share)), len(order) - 1) for share in at]
    return [float(values[order][k]) for k in places_of]
