"""Rules as boxes with arrows from what each needs to what needs it, in columns from left to right."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path

from microsim.charts import style
from microsim.charts.base import finished, wide, wrapped
from microsim.errors import FileError, Offence

INSTALL = "pip install 'microsim[graph]'"
_SIZE, _SMALL = 8.5, 7.0  # of the type, in points
_LATIN, _LEADING = 0.58, 1.35  # width of a Latin character and height of a line, as shares of the size
_CHARACTERS = 38  # in a line of a box
_PAD, _BETWEEN, _GAP, _BEND = 7.0, 12.0, 60.0, 10.0  # points: inside a box, between boxes, columns, routes
_MARGIN, _HEAD = 18.0, 40.0
_SWEEPS = 6


@dataclass(frozen=True)
class Box:
    """One box: a title, the name beneath it, lines of text, and a note in small type.

    ``apart``: it belongs to another programme, and is drawn in grey. ``needs``: names of the boxes that
    arrows come from.
    """

    name: str
    title: str
    lines: tuple[str, ...] = ()
    note: str = ""
    apart: bool = False
    needs: tuple[str, ...] = ()
    texts: tuple[tuple[str, float, str], ...] = field(init=False, repr=False)  # text, size, colour

    def __post_init__(self) -> None:
        rows = [(line, _SIZE, style.BLACK) for line in wrapped(self.title, _CHARACTERS)]
        if self.name != self.title:
            rows.append((self.name, _SMALL, style.GREY))
        for line in self.lines:
            rows += [(part, _SMALL, style.BLACK) for part in wrapped(line, _CHARACTERS + 4)]
        rows += [(part, _SMALL, style.BLUE) for part in wrapped(self.note, _CHARACTERS + 4)]
        object.__setattr__(self, "texts", tuple(rows))

    @property
    def width(self) -> float:
        """In points."""
        return max(_text_width(text, size) for text, size, _ in self.texts) + 2 * _PAD

    @property
    def height(self) -> float:
        """In points."""
        return sum(size * _LEADING for _, size, _ in self.texts) + 2 * _PAD


def rule_graph(boxes: Sequence[Box], title: str) -> Figure:
    """Boxes in columns, each to the right of all that it needs.

    The order within the columns, which keeps arrows from crossing, is that of Sugiyama's method (igraph).
    Raises ``FileError`` where igraph is not installed.
    """
    if find_spec("igraph") is None:
        message = "drawing a graph needs igraph, which is not installed"
        raise FileError(Offence(message, "", f"{INSTALL}, or write a .dot file"))
    columns, chains = _layers(boxes)
    widths = [max((boxes[v].width for v in column if v < len(boxes)), default=_BEND) for column in columns]
    lefts = np.cumsum([0.0, *[width + _GAP for width in widths]])[:-1] + _MARGIN
    tops = _tops(boxes, columns, chains)
    layer_of = {vertex: layer for layer, column in enumerate(columns) for vertex in column}
    high = max(tops[v] + (boxes[v].height if v < len(boxes) else _BEND) for v in layer_of)
    across = float(lefts[-1] + widths[-1]) + _MARGIN
    down = high + _HEAD + _MARGIN
    figure = Figure(figsize=(across / 72, down / 72), facecolor="white")
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0, across)
    axes.set_ylim(down, 0)
    axes.axis("off")
    axes.text(_MARGIN, _MARGIN, title, fontsize=style.TITLE_SIZE, va="center")

    def middle(vertex: int) -> float:
        return _HEAD + tops[vertex] + (boxes[vertex].height if vertex < len(boxes) else _BEND) / 2

    for chain in chains:
        points: list[tuple[float, float]] = []
        for vertex in chain:
            left = float(lefts[layer_of[vertex]])
            own = boxes[vertex].width if vertex < len(boxes) else widths[layer_of[vertex]]
            ends = [(left, middle(vertex)), (left + own, middle(vertex))]
            points += ends[1:] if vertex == chain[0] else ends[:1] if vertex == chain[-1] else ends
        axes.add_patch(_arrow(points))
    for vertex, box in enumerate(boxes):
        _draw(axes, box, float(lefts[layer_of[vertex]]), _HEAD + tops[vertex])
    return finished(figure)


def _text_width(text: str, size: float) -> float:
    return size * sum(1.0 if wide(letter) else _LATIN for letter in text)


def _layers(boxes: Sequence[Box]) -> tuple[list[list[int]], list[list[int]]]:
    """The vertices of each column in their order, and each arrow as the vertices that it goes through.

    Vertices from ``len(boxes)`` on are the places at which a long arrow passes a column.
    """
    import igraph

    number = {box.name: k for k, box in enumerate(boxes)}
    arrows = [(number[need], k) for k, box in enumerate(boxes) for need in dict.fromkeys(box.needs)]
    layer = _longest_paths(len(boxes), arrows)
    chains = []
    for source, target in arrows:
        passed = range(layer[source] + 1, layer[target])
        chains.append([source, *range(len(layer), len(layer) + len(passed)), target])
        layer += passed
    steps = [step for chain in chains for step in itertools.pairwise(chain)]
    graph = igraph.Graph(n=len(layer), edges=steps, directed=True)
    places: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for vertex, (across, _) in enumerate(graph.layout_sugiyama(layers=layer).coords[: len(layer)]):
        places[layer[vertex]].append((across, vertex))
    return [[vertex for _, vertex in sorted(places[k])] for k in sorted(places)], chains


def _longest_paths(count: int, arrows: Sequence[tuple[int, int]]) -> list[int]:
    """The column of each box: right of all that it needs, and what needs nothing beside what needs it."""
    import igraph

    graph = igraph.Graph(n=count, edges=arrows, directed=True)
    if not graph.is_dag():  # programmes may need each other: arrows back are drawn, and move nothing
        back = set(graph.feedback_arc_set())
        graph = igraph.Graph(
            n=count, edges=[arrow for k, arrow in enumerate(arrows) if k not in back], directed=True
        )
    layer = [0] * count
    for vertex in graph.topological_sorting():
        layer[vertex] = max((layer[w] + 1 for w in graph.predecessors(vertex)), default=0)
    for vertex in range(count):
        if not graph.predecessors(vertex):
            layer[vertex] = min((layer[w] - 1 for w in graph.successors(vertex)), default=0)
    return layer


def _tops(
    boxes: Sequence[Box], columns: Sequence[Sequence[int]], chains: Sequence[Sequence[int]]
) -> dict[int, float]:
    """Distance of each vertex from the top, in points: near what it is joined to, in the given order."""
    from scipy.optimize import isotonic_regression

    heights = {v: boxes[v].height if v < len(boxes) else _BEND for column in columns for v in column}
    joined: dict[tuple[int, int], list[int]] = defaultdict(list)
    for chain in chains:
        for one, next_one in itertools.pairwise(chain):
            joined[next_one, -1].append(one)
            joined[one, 1].append(next_one)
    middles: dict[int, float] = {}
    offsets = {}
    for layer, column in enumerate(columns):
        steps = [heights[v] + _BETWEEN for v in column]
        offsets[layer] = np.cumsum([0.0, *[(a + b) / 2 for a, b in itertools.pairwise(steps)]])
        middles |= dict(zip(column, offsets[layer] - offsets[layer][-1] / 2, strict=True))
    for sweep in range(_SWEEPS):
        side = -1 if sweep % 2 == 0 else 1
        for layer in range(len(columns)) if side < 0 else range(len(columns) - 1, -1, -1):
            column = columns[layer]
            wanted = [
                float(np.mean([middles[w] for w in joined[v, side]])) if joined[v, side] else middles[v]
                for v in column
            ]
            # The nearest places to those wanted that keep the order and the room between.
            fitted = isotonic_regression(np.asarray(wanted) - offsets[layer]).x + offsets[layer]
            middles |= dict(zip(column, fitted, strict=True))
    least = min(middles[v] - heights[v] / 2 for v in middles)
    return {v: float(middles[v] - heights[v] / 2 - least) for v in middles}


def _arrow(points: Sequence[tuple[float, float]]) -> PathPatch:
    """A line that leaves and reaches every column level."""
    path, codes = [points[0]], [Path.MOVETO]
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        half = (x1 - x0) / 2
        path += [(x0 + half, y0), (x1 - half, y1), (x1, y1)]
        codes += [Path.CURVE4] * 3
    # The head, as part of the line.
    x, y = points[-1]
    path += [(x - 5, y - 3), (x, y), (x - 5, y + 3)]
    codes += [Path.MOVETO, Path.LINETO, Path.LINETO]
    return PathPatch(Path(path, codes), fill=False, edgecolor=style.GREY, linewidth=0.8, zorder=1)


def _draw(axes: object, box: Box, left: float, top: float) -> None:
    from matplotlib.axes import Axes

    assert isinstance(axes, Axes)
    face = "#F2F2F2" if box.apart else style.WHITE
    edge = style.GREY if box.apart else style.BLUE
    axes.add_patch(
        FancyBboxPatch(
            (left, top),
            box.width,
            box.height,
            boxstyle="round,pad=0,rounding_size=3",
            facecolor=face,
            edgecolor=edge,
            linewidth=0.9,
            zorder=2,
        )
    )
    at = top + _PAD
    for text, size, colour in box.texts:
        axes.text(
            left + _PAD, at + size * _LEADING / 2, text, fontsize=size, color=colour,
            va="center", zorder=3,
        )  # fmt: skip
        at += size * _LEADING
