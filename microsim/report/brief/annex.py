"""The annex of a brief as a workbook: its text and tables, its charts as Excel draws them, all tables."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.report.books.book import Book, sheets_of
from microsim.report.brief.drawing import charts_of
from microsim.report.brief.folder import Folder
from microsim.report.brief.model import Brief, Chart, Section, Table, Text
from microsim.report.text import in_words
from microsim.workbook import Sheet, write_workbook

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl.workbook import Workbook

WORDS: dict[str, dict[str, str]] = {
    "brief": {"en": "Brief", "zh": "简报"},
    "heading": {"en": "Part", "zh": "部分"},
    "text": {"en": "Text", "zh": "内容"},
    "table": {"en": "Table {n}", "zh": "表{n}"},
    "chart": {"en": "Chart {n}", "zh": "图{n}"},
    "title": {"en": "Title", "zh": "标题"},
    "question": {"en": "Question", "zh": "问题"},
    "answer": {"en": "Answer", "zh": "答案"},
    "label": {"en": "Label", "zh": "项目"},
    "value": {"en": "Value", "zh": "数值"},
}
say = partial(in_words, WORDS)
_WIDTH, _HEIGHT = 17.0, 9.0  # cm
_OVER_NUMBERS = ("lines", "lorenz", "multiples")


def xlsx_of(brief: Brief, folders: Sequence[Folder]) -> bytes:
    """The workbook: the brief, its tables and charts, then every table of each folder in words."""
    sheets = [_texts(brief), *_tables(brief)]
    for folder in folders:
        sheets += _all_of(folder, brief.lang)
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "annex.xlsx"
        write_workbook(path, sheets, partial(_charts, brief=brief))
        return path.read_bytes()


def _texts(brief: Brief) -> Sheet:
    """Everything that is text, one paragraph a row."""
    import pandas as pd

    lang = brief.lang
    rows = [(say("title", lang), brief.title), (say("question", lang), brief.question)]
    rows += [(say("answer", lang), one.text) for one in brief.answer]
    rows += _paragraphs(brief.sections)
    return Sheet(say("brief", lang), pd.DataFrame(rows, columns=[say("heading", lang), say("text", lang)]))


def _paragraphs(sections: tuple[Section, ...]) -> list[tuple[str, str]]:
    found = []
    for section in sections:
        found += [(section.heading, part.text) for part in section.parts if isinstance(part, Text)]
        found += _paragraphs(section.sections)
    return found


def _tables(brief: Brief) -> list[Sheet]:
    """The tables of the brief as they are read: rounded, with their units."""
    found = [*_in(brief.sections), *brief.annex]
    return [
        Sheet(say("table", brief.lang, n=str(n)), _frame(table)) for n, table in enumerate(found, start=1)
    ]


def _in(sections: tuple[Section, ...]) -> list[Table]:
    found = []
    for section in sections:
        found += [part for part in section.parts if isinstance(part, Table)]
        found += _in(section.sections)
    return found


def _frame(table: Table) -> pd.DataFrame:
    import pandas as pd

    head = [table.header[0] or table.caption, *table.header[1:]]
    return pd.DataFrame(list(table.rows), columns=head)


def _all_of(folder: Folder, lang: str) -> list[Sheet]:
    """Every table of a results folder, headed and worded as its own workbook has them."""
    labels: dict[str, Mapping[str, str]] = {}
    for said in folder.about.get("labels", {}).values():
        labels |= said
    tables: dict[str, Any] = {name: folder.table(name) for name in folder.tables}
    if folder.kind == "sweep":
        from microsim.sweeps.reading import read_sweep

        tables["figures"] = read_sweep(folder.path)
    return sheets_of(Book(lang, None, labels), folder.manifest, tables)


def _charts(book: Workbook, brief: Brief) -> None:
    """Each chart on a sheet of its own, beside its numbers, so that it can be changed there."""
    for n, chart in enumerate(charts_of(brief.sections), start=1):
        page = book.create_sheet(say("chart", brief.lang, n=str(n)))
        names = [one.name or say("value", brief.lang) for one in chart.series]
        page.append([chart.axis or say("label", brief.lang), *(f"{name} ({chart.unit})" for name in names)])
        for at, label in enumerate(chart.labels):
            first = float(label) if chart.kind in _OVER_NUMBERS else label
            page.append([first, *(one.values[at] for one in chart.series)])
        page.add_chart(_drawn(page, chart), "E2")


def _drawn(page: Any, chart: Chart) -> Any:
    """The chart as Excel draws it: bars lying or standing, or lines over numbers."""
    from openpyxl.chart import BarChart, Reference, ScatterChart
    from openpyxl.chart import Series as Drawn

    last = len(chart.labels) + 1
    columns = range(2, len(chart.series) + 2)
    labels = Reference(page, min_col=1, min_row=2, max_row=last)
    made: Any
    if chart.kind in _OVER_NUMBERS:
        made = ScatterChart()
        for column in columns:
            values = Reference(page, min_col=column, min_row=1, max_row=last)
            made.series.append(Drawn(values, labels, title_from_data=True))
    else:
        made = BarChart()
        made.type = "col" if chart.kind == "two_sided" else "bar"
        for column in columns:
            values = Reference(page, min_col=column, min_row=1, max_row=last)
            made.add_data(values, titles_from_data=True)
        made.set_categories(labels)
        if made.type == "bar":
            made.y_axis.delete = False
            # The first at the top, but the youngest at the bottom.
            made.x_axis.scaling.orientation = "minMax" if chart.kind == "pyramid" else "maxMin"
    made.x_axis.delete = made.y_axis.delete = False
    made.title, made.width, made.height = chart.title, _WIDTH, _HEIGHT
    made.legend = made.legend if len(chart.series) > 1 else None
    return made
