"""The results folder of a synthesis: how well a county meets its profile, as tables, text and charts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.report.books.book import Book
from microsim.report.results import now, versions, write_results
from microsim.report.texts.synthesis_text import fit_markdown, fit_title

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from microsim.population import County, Population
    from microsim.population.synthesis.fit import CountyFit

STUDY = "synthesis"


def write_fit(
    folder: Path,
    county: County,
    population: Population,
    fit: CountyFit,
    *,
    seed: int,
    command: str,
    lang: str,
    xlsx: bool = False,
) -> Path:
    """Write ``fit.md``, a CSV file per table, and the charts with labels in ``lang``, as one whole folder.

    ``xlsx``: whether the tables are written as one workbook, too.
    """
    about: dict[str, Any] = {
        "study": STUDY,
        "county": dict(county.name),
        "population": {"households": population.n_households, "persons": population.n_persons},
        "hashes": {"population": population.hash},
        "seed": seed,
        "controls_left_out": list(fit.left_out),
        "versions": versions(),
        "command": command,
        "time": now(),
    }
    return write_results(
        folder,
        manifest=about,
        summary=fit.summary,
        tables=fit.tables,
        figures=figures(fit, lang),
        book=Book(lang) if xlsx else None,
        texts={"fit.md": f"{fit_title(county, lang)}\n\n{fit_markdown(fit, lang)}"},
    )


def figures(fit: CountyFit, lang: str) -> dict[str, Callable[[], Figure]]:
    """A maker for each chart."""
    from microsim import charts

    return {
        "ages": lambda: charts.age_pyramid(fit.ages, lang),
        "household_sizes": lambda: charts.household_sizes(fit.sizes, lang),
        "incomes": lambda: charts.income_fit(fit.lorenz, fit.density, lang),
        "correlations": lambda: charts.correlation_map(fit.correlations, lang),
    }
