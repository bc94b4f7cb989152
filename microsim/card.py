"""What a notebook shows of an object: what it is, its answer, key figures, how to go on, and first rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import yaml

from microsim.language import Lang, language, spoken
from microsim.words.codes import CODES
from microsim.words.of_units import unit_word

if TYPE_CHECKING:
    import pandas as pd

KINDS = Path(__file__).parent / "words" / "kinds.yaml"
ROWS_SHOWN = 12  # of a table in a notebook
COLUMNS_SHOWN = 10
FIGURES_SHOWN = 8
LONGEST = 80  # letters of a text in a cell
LONGEST_HEADLINE = 600
# Measures in the unit 1 that are read as a percentage; a Gini coefficient or a ratio of lines is not.
_SHARES = ("share", "headcount", "facing", "rate", "burden", "kept", "dead_zone", "to_revenue")
_CHANGES = ("change.", "effect.")
Share = Literal["", "share", "change"]
_PERCENT: dict[tuple[str, Lang], str] = {
    ("share", "en"): " %",
    ("share", "zh"): "%",
    ("change", "en"): " percentage points",
    ("change", "zh"): "个百分点",
}
_MONEY = ("yuan", "yuan/year")
_YEAR = re.compile(r"(?<![^.])[12]\d{3}(?![^.])")
# Language -> from what size on, divided by what, and the word before the unit.
_LARGE: dict[Lang, tuple[tuple[float, float, str], ...]] = {
    "en": ((1e9, 1e9, " billion"), (1e6, 1e6, " million")),
    "zh": ((1e8, 1e8, "亿"), (1e6, 1e4, "万")),
}
_SAID = {
    "en": {
        "figures": "Key figures",
        "name": "name in <code>summary</code>",
        "next": "Going on",
        "rows": "First rows of the table ({rows:,} rows, {columns} columns)",
        "all": "The table ({rows:,} rows, {columns} columns)",
    },
    "zh": {
        "figures": "主要数字",
        "name": "<code>summary</code>中的名称",
        "next": "下一步",
        "rows": "数据表前几行（共{rows:,}行、{columns}列）",
        "all": "数据表（{rows:,}行、{columns}列）",
    },
}
# Colours are the notebook's own, so that a card is read in its light and its dark theme.
_CELL = "padding:.15em .8em .15em 0;text-align:{align};border:0;background:none;color:inherit"
_LINE = "border-top:1px solid rgba(128,128,128,.45)"


@dataclass(frozen=True)
class Kind:
    """What is said of a kind of object: what it is, key figures (patterns of names), how to go on."""

    what: Mapping[str, str]
    figures: tuple[str, ...]
    last: bool  # figures by year: those of the last year
    steps: tuple[Mapping[str, str], ...]


def card(
    name: str,
    headline: str,
    table: pd.DataFrame | Iterable[Mapping[str, object]],
    summary: Mapping[str, Mapping[str, Any]] | None = None,
    labels: Mapping[str, Mapping[str, str]] | None = None,
    *,
    result: bool = False,
) -> str:
    """HTML of an object, in the language in force: without scripts or addresses, of limited size.

    ``name``: its class, as ``words/kinds.yaml`` has it; ``table``: a table, or rows; ``summary``: figures by
    name, with units; ``labels``: what parts of those names are called, by language; ``result``: whether it
    has ``table`` and ``summary`` to go on with.
    """
    import pandas as pd

    lang = language()
    table = table if isinstance(table, pd.DataFrame) else pd.DataFrame(list(table))
    kind = kinds().get(name) or Kind({}, (), False, ())
    what = kind.what.get(lang, "")
    colon = "：" if lang == "zh" else ": "
    said = _cut(spoken(headline), LONGEST_HEADLINE)
    begin = f"<b>{escape(name)}</b>" + (f"{colon}{escape(what)}" if what else "")
    parts = [f"<p>{begin}</p>", f'<p style="font-size:1.1em">{escape(said)}</p>']
    parts += [_figures(kind, summary, labels or {}, lang, named=result)] if summary else []
    parts += [_steps(kind, result, lang), _rows(table, lang)]
    return f'<div lang="{lang}" style="max-width:60em;line-height:1.4">{"".join(parts)}</div>'


@cache
def kinds() -> Mapping[str, Kind]:
    """Class -> what is said of it."""
    return {
        name: Kind(
            {lang: said[lang] for lang in ("en", "zh")},
            tuple(said.get("figures", ())),
            bool(said.get("last")),
            tuple(said.get("next", ())),
        )
        for name, said in _document()["kinds"].items()
    }


@cache
def _document() -> Mapping[str, Any]:
    document: Mapping[str, Any] = yaml.safe_load(KINDS.read_text(encoding="utf-8"))
    return document


def key_figures(kind: Kind, names: Iterable[str]) -> list[str]:
    """The names that come first: those of its patterns in their order, else the first of all."""
    known = list(names)
    found: dict[str, None] = {}
    for pattern in kind.figures:  # a star is one part: `*.cost.total` is not `base.2027.cost.total`
        form = re.compile(re.escape(pattern).replace(r"\*", "[^.]+"))
        fit = [name for name in known if form.fullmatch(name)]
        if kind.last:
            last = max((year for name in fit for year in _YEAR.findall(name)), default="")
            fit = [name for name in fit if last in name]
        found |= dict.fromkeys(fit)
    return (list(found) or known)[:FIGURES_SHOWN]


def amount(value: Any, unit: str, lang: Lang, share: Share = "") -> str:
    """A value with its unit as it is read; ``share``: whether a plain number is a share or a change of one.

    >>> amount(304858421.0, "yuan/year", "en"), amount(304858421.0, "yuan/year", "zh")
    ('304.9 million yuan/year', '3.049亿元/年')
    >>> amount(0.1868, "1", "en", share="share"), amount(62296.8, "persons", "zh")
    ('18.7 %', '62,297人')
    """
    if isinstance(value, str | bool) or value is None:
        return _cut(str(value), LONGEST)
    if unit in ("", "1"):
        return f"{100 * value:.3g}{_PERCENT[share, lang]}" if share else short(value)
    word, space = unit_word(unit, lang) if lang == "zh" else unit, "" if lang == "zh" else " "
    if unit == "year":
        return f"{value:.0f}"
    if unit in _MONEY:
        for least, divisor, many in _LARGE[lang]:
            if abs(value) >= least:
                return f"{value / divisor:,.4g}{many}{space}{word}"
    whole = unit in ("persons", "households") and abs(value) >= 100
    return f"{value:,.0f}{space}{word}" if whole else f"{short(value)}{space}{word}"


def short(value: float) -> str:
    """A number as it is read: whole where it is large, four digits where it is small."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _figures(
    kind: Kind,
    summary: Mapping[str, Mapping[str, Any]],
    labels: Mapping[str, Mapping[str, str]],
    lang: Lang,
    named: bool,
) -> str:
    rows = [
        (
            escape(_cut(in_words(name, labels, lang), LONGEST)),
            escape(_worded(name, summary[name], lang)),
            f"<code>{escape(_cut(name, LONGEST))}</code>" if named else "",
        )
        for name in key_figures(kind, summary)
    ]
    said = _SAID[lang]
    head = (f"<b>{said['figures']}</b>", "", f"<small>{said['name']}</small>" if named else "")
    return _grid([head, *rows], ("left", "right", "left"))


def _worded(name: str, said: Mapping[str, Any], lang: Lang) -> str:
    share: Share = "share" if any(part in name for part in _SHARES) else ""
    if share and name.startswith(_CHANGES):
        share = "change"
    text = amount(said["value"], str(said.get("unit", "")), lang, share)
    return f"≥ {text}" if said.get("at_least") else text


def in_words(name: str, labels: Mapping[str, Mapping[str, str]], lang: Lang) -> str:
    """A figure's name in words, part by part; a part without words stays as it is.

    >>> in_words("cost.dibao.rural", {}, "en"), in_words("cost.dibao.rural", {}, "zh")
    ('expenditure · dibao · rural', '支出 · 低保 · 农村')
    """
    own = _document()["words"]
    said = []
    for part in name.split("."):
        pair = own.get(part) or CODES.get(part)
        label = labels.get(part, {}).get(lang)
        said.append(label or (pair[lang == "zh"] if pair else part))
    return " · ".join(filter(None, said))


def _steps(kind: Kind, result: bool, lang: Lang) -> str:
    steps = [*kind.steps, *(_document()["result"] if result else ())]
    rows = [(f"<code>{escape(step['code'])}</code>", escape(step[lang])) for step in steps]
    return _grid([(f"<b>{_SAID[lang]['next']}</b>", ""), *rows], ("left", "left")) if rows else ""


def _grid(rows: Iterable[tuple[str, ...]], aligned: tuple[str, ...]) -> str:
    lines = [
        "".join(
            f'<td style="{_CELL.format(align=align)}">{cell}</td>'
            for cell, align in zip(row, aligned, strict=True)
        )
        for row in rows
    ]
    body = "".join(f'<tr style="background:none">{line}</tr>' for line in lines)
    return f'<table style="margin:.6em 0;border-collapse:collapse;{_LINE}">{body}</table>'


def _rows(table: pd.DataFrame, lang: Lang) -> str:
    rows, columns = table.shape
    if not rows:
        return ""
    first = table.iloc[:ROWS_SHOWN, :COLUMNS_SHOWN]
    cells = [[_cell(value) for value in row] for row in first.itertuples(index=False, name=None)]
    names = "".join(f"<th>{escape(_cut(str(name), LONGEST))}</th>" for name in first.columns)
    lines = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in cells)
    body = f"<table><thead><tr>{names}</tr></thead><tbody>{lines}</tbody></table>"
    whole = rows <= ROWS_SHOWN and columns <= COLUMNS_SHOWN
    said = _SAID[lang]["all" if whole else "rows"].format(rows=rows, columns=columns)
    return f"<details{' open' if whole else ''}><summary>{said}</summary>{body}</details>"


def _cell(value: object) -> str:
    if isinstance(value, float):
        return short(value) if value == value else ""
    return "" if value is None else _cut(str(value), LONGEST)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
