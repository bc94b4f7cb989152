"""The charts of briefs as files of their own, for pages, columns and slides."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from microsim.language import language
from microsim.report.brief import common
from microsim.report.brief.build import findings_of
from microsim.report.brief.drawing import figure_of, say
from microsim.report.brief.folder import Folder, read_folder

if TYPE_CHECKING:
    from microsim.report.brief.model import Chart

LIST = "charts"  # the file of texts beside the charts


def brief_charts(
    results: str | os.PathLike[str],
    out: str | os.PathLike[str] | None = None,
    *,
    lang: str | None = None,
    size: str = "page",
    formats: Sequence[str] = ("svg", "png"),
) -> list[Path]:
    """Write every chart that a brief of a results folder may show, and return the paths.

    The files are ``out``/NAME.LANG.FORMAT (default of ``out``: beside the folder, called as it is, with
    ``-charts``); ``out``/charts.LANG.txt has the title, the description for readers who cannot see it, and
    the source of each. ``lang``: en or zh (default: the language in force). ``size``: page (as wide as the
    text of an A4 page), column (half of it) or slide. ``formats``: of svg, png and pdf. The same folder gives
    the same bytes. Raises ``MicrosimError`` where the folder is none of results, or size or format unknown.
    """
    from microsim.charts import save

    folder, spoken = read_folder(results), lang or language()
    found = findings_of(folder, spoken).charts
    source = source_of(folder, spoken)
    drawn = [(chart, figure_of(chart, source, size)) for chart in found]
    goal = folder.path.with_name(f"{folder.path.name}-charts") if out is None else Path(out)
    paths = []
    for chart, figure in drawn:
        name = f"{chart.name}.{spoken}"
        paths += save(figure, goal, name, formats, title=chart.title, alt=chart.alt)
    goal.mkdir(parents=True, exist_ok=True)
    texts = goal / f"{LIST}.{spoken}.txt"
    told = "\n".join(_told(chart, source, spoken) for chart in found)
    texts.write_text(told, encoding="utf-8", newline="\n")
    return [*paths, texts]


def source_of(folder: Folder, lang: str) -> str:
    """Whose numbers a chart shows: the scenario, its law, and the year of its money."""
    money = folder.about.get("money", {})
    parts = [say("source", lang, title=folder.title(lang))]
    if "law" in folder.about:
        parts.append(say("law", lang, day=common.law_of(folder, lang)))
    if "year" in money:
        parts.append(say("money", lang, year=str(money["year"])))
    return (say("comma", lang)).join(parts)


def _told(chart: Chart, source: str, lang: str) -> str:
    rows = [("file", chart.name), ("title", chart.title), ("alt", chart.alt)]
    rows.append(("below", " ".join(filter(None, [chart.note, source]))))
    return "".join(f"{say(key, lang)}{text}\n" for key, text in rows)
