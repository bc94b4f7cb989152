"""What all charts share: an empty figure in our style, number formats, checks of tables, and saving."""

from __future__ import annotations

import re
import textwrap
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import Formatter

from microsim.charts import style
from microsim.charts.glyphs import told_once
from microsim.errors import DataError, InputError, Offence, did_you_mean
from microsim.language import Lang

_saving = threading.Lock()
_DPI = 160.0  # of the PNG
_LEFT_OUT = ("Date", "CreationDate", "Software")  # of a file: they would differ from run to run
_SETTINGS: Any = {
    "svg.hashsalt": "microsim",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    # Whatever the user's own settings are, no layout engine comes back while a figure is saved.
    "figure.autolayout": False,
    "figure.constrained_layout.use": False,
}
# In a legend, shares of the size of its text: a Latin character, and the sign and gap beside each entry.
_NARROW, _BESIDE_TEXT = 0.56, 4.6
_ROW, _USUAL_ROWS = 1.75, 3  # height of a row likewise, and the rows that a figure's height allows for


def blank(
    width: float = 7.0,
    height: float = 4.4,
    columns: int = 1,
    rows: int = 1,
    shares: Sequence[float] | None = None,
) -> tuple[Figure, list[Axes]]:
    """An empty figure (inches) with ``columns`` panels side by side, free of pyplot's global state.

    With several ``rows`` the panels come row by row. ``shares``: of the width, where columns differ.
    """
    figure = Figure(figsize=(width, height), layout="constrained", facecolor="white")
    panels = list(figure.subplots(rows, columns, squeeze=False, width_ratios=shares).ravel())
    for axes in panels:
        axes.set_facecolor("white")
        axes.spines[["top", "right"]].set_visible(False)
        axes.spines[["left", "bottom"]].set_color(style.GREY)
        axes.grid(axis="y", color=style.RULE, linewidth=style.EDGE)
        axes.set_axisbelow(True)
    return figure, panels


def head(panels: Sequence[Axes], titles: Sequence[str], note: str = "", width: int = 92) -> None:
    """A title at the left of each panel; under the first, in small type, what a reader must know besides.

    The note may run on above the next panels: ``width`` is its line length in Latin characters.
    """
    lines = wrapped(note, width)
    for axes, title in zip(panels, titles, strict=True):
        axes.set_title(title, loc="left", fontsize=style.TITLE_SIZE, pad=8 + 11.5 * len(lines))
    if lines:
        small = panels[0].annotate(
            "\n".join(lines), (0, 1), (0, 6), xycoords="axes fraction", textcoords="offset points",
            va="bottom", fontsize=style.SMALL_SIZE, color=style.GREY, linespacing=1.25,
        )  # fmt: skip
        # The titles' padding makes the room; counted as well, a long note would squeeze its panel.
        small.set_in_layout(False)


def below(figure: Figure, handles: Sequence[Artist], columns: int = 4) -> None:
    """Legend under the panels, where it can cover no data. Entries are read along the rows.

    ``columns`` is the most that there may be; long entries leave room for fewer, and a legend of many rows
    makes the figure higher rather than its panels lower.
    """
    columns = min(columns, len(handles)) or 1
    while columns > 1 and _legend_width(handles, columns) > 72 * figure.get_figwidth():
        columns -= 1
    rows = -(-len(handles) // columns)
    breaks = sum(str(handle.get_label()).count("\n") for handle in handles)
    more = max(rows + breaks - _USUAL_ROWS, 0)
    figure.set_figheight(figure.get_figheight() + more * _ROW * style.TEXT_SIZE / 72)
    # matplotlib fills column by column; a reader goes along the row.
    ordered = [
        handles[i * columns + j]
        for j in range(columns)
        for i in range(rows)
        if i * columns + j < len(handles)
    ]
    figure.legend(
        handles=ordered, loc="outside lower center", ncols=columns, frameon=False,
        fontsize=style.TEXT_SIZE, handlelength=2.2, handleheight=1.1, columnspacing=1.6,
    )  # fmt: skip


def _legend_width(handles: Sequence[Artist], columns: int) -> float:
    """About how wide a legend gets, in points."""
    longest = [0.0] * columns
    for place, handle in enumerate(handles):
        lines = str(handle.get_label()).split("\n")
        characters = max(sum(1.0 if wide(c) else _NARROW for c in line) for line in lines)
        longest[place % columns] = max(longest[place % columns], characters)
    return style.TEXT_SIZE * (sum(longest) + _BESIDE_TEXT * columns)


def finished(figure: Figure) -> Figure:
    """Set the type of every text, so that Chinese glyphs are found whatever the user's own settings are."""
    family = style.font_family()
    for axes in figure.axes:
        axes.tick_params(labelfontfamily=family, labelsize=style.TEXT_SIZE)
        for label in (axes.xaxis.label, axes.yaxis.label):
            label.set_fontsize(style.TEXT_SIZE + 0.5)
    for text in figure.findobj(Text):
        if isinstance(text, Text):
            text.set_fontfamily(family)
    return figure


class Separated(Formatter):
    """Ticks with thousands separators, a true minus sign, and as many decimals as distinguish them
    exactly.
    """

    def __init__(self) -> None:
        self._decimals = 0

    def set_locs(self, locs: Any) -> None:
        """The places of all ticks of the axis, in its unit: ticks every 2.5 show one decimal, all of them."""
        places = np.asarray(locs, dtype=float)
        # matplotlib's places are off by the rounding of their step times a count.
        exact = (d for d in range(6) if np.allclose(places, places.round(d), rtol=1e-9, atol=1e-9))
        self._decimals = next(exact, 6)

    def __call__(self, value: float, position: int | None = None) -> str:
        """The text of the tick at ``value``."""
        return number(value, self._decimals)


def number(value: float, decimals: int = 0) -> str:
    """``-1234.5`` as ``−1,234.5``.

    >>> number(43800.0)
    '43,800'
    """
    text = f"{value:,.{decimals}f}"
    return text.replace("-", "−") if float(text.replace(",", "")) != 0 else text.replace("-", "")


def money_scale(largest: float, lang: Lang) -> tuple[float, str]:
    """Divisor and unit in which sums up to ``largest`` yuan/year read well."""
    if largest < 1e6:
        return 1.0, "yuan/year"
    return (1e4, "ten thousand yuan/year") if lang == "zh" else (1e6, "million yuan/year")


def decimals_for(largest: float) -> int:
    """Decimals of value labels: three digits or so in all."""
    return 0 if largest >= 100 else 1 if largest >= 10 else 2


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` Latin characters; a Chinese character counts as two and may end a line.

    Numbers and Latin words among Chinese ones are not broken.
    """
    if not text:
        return []
    if not any(wide(character) for character in text):
        return textwrap.wrap(text, width)
    lines, line, used = [], "", 0
    for piece in re.findall(r"[!-~−]+|.", text):
        step = sum(2 if wide(character) else 1 for character in piece)
        if line and used + step > width and piece not in "，。；：、）」》%…":
            lines.append(line.rstrip())
            line, used = "", 0
        line, used = line + piece, used + step
    return [*lines, line.rstrip()]


def wide(character: str) -> bool:
    """Whether a character takes two Latin ones' room."""
    return unicodedata.east_asian_width(character) in "WF"


def need_columns(table: pd.DataFrame, names: Iterable[str], chart: str) -> None:
    """Raise ``MicrosimError`` naming every column that ``chart`` needs and the table lacks."""
    columns = [str(column) for column in table.columns]
    offences = [
        Offence(f"column '{name}' is missing", f"table for {chart}", did_you_mean(name, columns))
        for name in names
        if name not in columns
    ]
    if not offences and table.empty:
        offences.append(Offence("no rows to draw", f"table for {chart}"))
    if offences:
        raise DataError(offences, title=f"the chart {chart} cannot be drawn")


def need_numbers(values: np.ndarray, name: str, chart: str) -> None:
    """Raise ``MicrosimError`` where ``values`` (any shape) holds NaN or infinity."""
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        raise DataError(
            Offence(
                f"{bad.size} of {values.size} values are not finite, the first at position {bad[0]}",
                f"{chart}: {name}",
            )
        )


def save(
    figure: Figure,
    folder: str | Path,
    name: str,
    formats: Sequence[str] = ("svg", "png"),
    title: str = "",
    alt: str = "",
) -> list[Path]:
    """Write ``folder/name.svg`` and ``folder/name.png``; the same figure gives the same bytes each time.

    ``formats``: of svg, png and pdf. ``title`` and ``alt`` (a description for those who cannot see it) are
    kept in the files. Letters in the SVG are outlines and fonts are in the PDF, so that both look the same
    where the fonts are missing. Characters that the fonts lack are reported once, as ``GlyphWarning``.
    Raises ``InputError`` for another format.
    """
    kept: dict[str, dict[str, str | None]] = {
        "svg": {"Date": None, "Creator": "microsim", "Title": title or None, "Description": alt or None},
        "png": {"Software": None, "Title": title or None, "Description": alt or None},
        "pdf": {"CreationDate": None, "Creator": "microsim", "Title": title or None, "Subject": alt or None},
    }
    unknown = [
        Offence(f"charts have no format '{one}'", "formats", did_you_mean(one, kept) or "svg, png or pdf")
        for one in formats
        if one not in kept
    ]
    if unknown:
        raise InputError(unknown)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = {form: folder / f"{name}.{form}" for form in formats}
    # The ids in an SVG are salted by a global setting: one thread at a time may hold ours.
    with _saving, mpl.rc_context(_SETTINGS), told_once(figure), _laid_out(figure, _DPI):
        for form, path in paths.items():
            said = {key: text for key, text in kept[form].items() if text is not None or key in _LEFT_OUT}
            figure.savefig(path, dpi=_DPI if form == "png" else "figure", metadata=said)
    return list(paths.values())


@contextmanager
def _laid_out(figure: Figure, dpi: float) -> Iterator[None]:
    """The figure with the places of all its parts settled for good, as they are at ``dpi``.

    With its layout engine at work matplotlib would settle them again for each file, by a trial drawing.
    """
    engine, own = figure.get_layout_engine(), figure.dpi
    if engine is None:
        yield
        return
    figure.dpi = dpi
    engine.execute(figure)
    figure.dpi = own
    figure.set_layout_engine(None)
    try:
        yield
    finally:
        figure.set_layout_engine(engine)
