"""Matrices: one figure for every pair of two lists, as numbers on shades."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from microsim.charts import style
from microsim.charts.base import blank, finished, head, need_columns, number, wrapped
from microsim.charts.words import checked, word

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SHADES = LinearSegmentedColormap.from_list("matrix", [style.WHITE, style.BLUE])
_DARK = 0.6  # of the way to the darkest shade, from which text is white
_NAME = 16  # Latin characters in a line of a name


class Panel(NamedTuple):
    """A figure and how it is written: percent, or a number with so many decimals."""

    figure: str
    percent: bool
    decimals: int


PANELS = (
    Panel("cost_per_resident.total", False, 0),
    Panel("county_share.total", True, 1),
    Panel("resident_share.dibao", True, 2),
    Panel("poverty.headcount", True, 2),
)


def transplants(
    table: pd.DataFrame, lang: str | None = None, note: str = "", names: dict[str, str] | None = None
) -> Figure:
    """Each policy (rows) on each county's people (columns): four figures, a panel each.

    ``table``: policy, people, measure, subject, value. ``names``: what policies and people are called. A
    figure that no pair has is left out; the darkest cell of a panel is its largest value.
    """
    language = checked(lang)
    need_columns(table, ["policy", "people", "measure", "subject", "value"], "transplants")
    order = list(dict.fromkeys(table["policy"]))
    figures = table["measure"] + "." + table["subject"]
    panels = [panel for panel in PANELS if (figures == panel.figure).any()]
    rows = -(-len(panels) // 2)
    size = 1.1 * len(order)
    columns = min(2, len(panels))
    figure, axes = blank(columns * (size + 2.2), rows * (0.62 * size + 1.5), columns, rows)
    labels = ["\n".join(wrapped((names or {}).get(name, name), _NAME)) for name in order]
    for panel, place in zip(panels, axes, strict=False):
        values = (
            table[figures == panel.figure]
            .pivot(index="policy", columns="people", values="value")
            .reindex(index=order, columns=order)
            .to_numpy(float)
        )
        _fill(place, values, panel)
        place.set_xticks(range(len(order)), labels)
        place.set_yticks(range(len(order)), labels)
    for place in axes[len(panels) :]:
        place.set_visible(False)
    for place in axes[::columns]:
        place.set_ylabel(word("policy_of", language))
    for place in axes[len(panels) - columns : len(panels)]:
        place.set_xlabel(word("people_of", language))
    titles = [word(f"matrix_{panel.figure.split('.')[0]}", language) for panel in panels]
    head(axes[: len(panels)], titles, note)
    return finished(figure)


def _fill(axes: Axes, values: np.ndarray, panel: Panel) -> None:
    """One panel: shades and numbers, each county's own policy in a frame."""
    top = float(np.nanmax(values)) or 1.0
    axes.imshow(np.where(np.isnan(values), 0.0, values), cmap=_SHADES, vmin=0.0, vmax=top, aspect="auto")
    for (row, column), value in np.ndenumerate(values):
        if np.isnan(value):
            continue
        shown = f"{number(100 * value, panel.decimals)}%" if panel.percent else number(value, panel.decimals)
        axes.text(
            column, row, shown, ha="center", va="center", fontsize=style.SMALL_SIZE,
            color=style.WHITE if value > _DARK * top else style.BLACK,
        )  # fmt: skip
        if row == column:
            corner = (column - 0.47, row - 0.47)
            axes.add_patch(Rectangle(corner, 0.94, 0.94, fill=False, edgecolor=style.BLACK, linewidth=1.2))
    axes.tick_params(length=0)
    axes.grid(visible=False)
