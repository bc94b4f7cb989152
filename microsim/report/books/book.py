"""The workbook of a results folder: what it is about, its tables, assumptions, parameters with sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from microsim.report.books.headings import (
    COLUMNS,
    PLAIN,
    WRITTEN,
    Labels,
    code_words,
    heading_of,
    labels_of,
    sheet_title,
    unit_words,
    words_for_codes,
)
from microsim.studies.common.assumptions import parameters_in_use
from microsim.words.codes import CODED
from microsim.workbook import Sheet

if TYPE_CHECKING:
    import pandas as pd

    from microsim.policy.policy import Policy
    from microsim.population import Population

_LAST = ("assumptions", "parameters")
# What a reader needs of a manifest: key -> its words. Time and command are left out: equal results have equal
# workbooks.
_FACTS: dict[str, tuple[str, str]] = {
    "base": ("Base", "基准方案"),
    "reform": ("Reform", "改革方案"),
    "study": ("Study", "分析类型"),
    "title": ("Title", "标题"),
    "scenario": ("Scenario", "方案"),
    "scenarios": ("Scenarios", "方案"),
    "families": ("Families", "典型家庭"),
    "file": ("File", "文件"),
    "changes": ("Changed", "改动"),
    "law": ("Law of", "适用政策日期"),
    "law_package": ("Own law", "自有规则"),
    "law_known_until": ("Law included up to", "政策法规收录至"),
    "regime": ("Regimes", "制度阶段"),
    "county": ("County", "县"),
    "population": ("Population", "人口数据"),
    "years": ("Years", "年份"),
    "economy": ("Growth a year", "年增长率"),
    "money": ("Incomes", "收入"),
    "year": ("of the year", "所属年份"),
    "income_year": ("year of the county's figures", "县情资料年份"),
    "seed": ("Seed", "随机种子"),
    "households": ("households", "户数"),
    "persons": ("persons", "人数"),
    "withheld": ("Smallest count shown", "最小公布人（户）数"),
    "hashes": ("SHA-256", "SHA-256"),
    "policy": ("law", "政策"),
    "kernel": ("computed function", "计算函数"),
    "name": ("name", "名称"),
    "versions": ("Version", "版本"),
    "microsim": ("microsim", "microsim"),
}
_ANY_KEY = ("changes", "regime", "economy", "hashes")  # whose own keys are names


@dataclass(frozen=True)
class Book:
    """What the workbook of results needs besides their tables: its language, and the parameters in use.

    ``labels``: column -> what it is called by language, for columns that are rules or parameters.
    """

    lang: str
    parameters: pd.DataFrame | None = None
    labels: Labels | None = None


def book_of(sides: Mapping[str, tuple[Policy, Population, Iterable[str]]], lang: str) -> Book:
    """The workbook of results of one law, or of several by the names of their sides.

    Each side: the law, the households, and the rules that its figures depend on.
    """
    import pandas as pd

    found: list[pd.DataFrame] = []
    labels: dict[str, Mapping[str, str]] = {}
    for side, (policy, population, outputs) in sides.items():
        parameters = parameters_in_use(policy, population, outputs, lang)
        found.append(parameters.assign(side=side) if len(sides) > 1 else parameters)
        labels |= labels_of(policy)
    return Book(lang, pd.concat(found, ignore_index=True), labels)


def sheets_of(book: Book, manifest: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> list[Sheet]:
    """The sheets: what the results are about, the tables, and last the assumptions and parameters."""
    import pandas as pd

    about = pd.DataFrame(list(_facts(manifest, book.lang)), columns=["fact", "said"])
    found = {"about": about, **tables}
    if book.parameters is not None:
        found["parameters"] = book.parameters
    names = [name for name in found if name not in _LAST] + [name for name in _LAST if name in found]
    return [_sheet(book, name, found[name]) for name in names]


def _sheet(book: Book, name: str, table: pd.DataFrame) -> Sheet:
    labels = book.labels or {}
    headings, units = {}, {}
    for column in map(str, table.columns):
        headings[column] = heading_of(column, book.lang, labels)
        units[column] = COLUMNS.get(column, ("", "", ""))[2]
    words = words_for_codes(book.lang, labels)
    texts = {
        column: {text: said(text, book.lang) for text in table[column].unique() if isinstance(text, str)}
        for column, said in WRITTEN.items()
        if column in table.columns
    }
    return Sheet(
        sheet_title(name, book.lang),
        _with_numbers(table) if name in _LAST else table,
        headings,
        {column: unit for column, unit in units.items() if unit},
        unit_of="unit",
        words={**dict.fromkeys(CODED, words), "unit": unit_words(book.lang), **texts},
        plain=PLAIN,
    )


def _with_numbers(table: pd.DataFrame) -> pd.DataFrame:
    """Values that are text because some are lists: the numbers among them as numbers."""
    import pandas as pd

    values = []
    for value in table["value"]:
        try:
            values.append(float(str(value).replace(",", "")))
        except ValueError:
            values.append(value)
    return table.assign(value=pd.Series(values, index=table.index, dtype=object))


def _facts(manifest: Mapping[str, Any], lang: str, above: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """What is known of the results, one fact a row."""
    last = above[-1] if above else ""
    for key, given in manifest.items():
        if key not in _FACTS and last not in _ANY_KEY:
            continue
        value = _entry(key, given, lang)
        steps = (*above, key)
        if isinstance(value, Mapping) and last != "changes":
            yield from _facts(value, lang, steps)
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for item in value:
                yield from _facts(item, lang, steps)
        elif value not in (None, "", [], {}):
            words = [_FACTS[step][lang == "zh"] if step in _FACTS else step for step in steps]
            yield ("：" if lang == "zh" else ": ").join(words), _text(value, code_words(lang))


def _entry(key: str, value: Any, lang: str) -> Any:
    """What is shown of an entry of a manifest: the names of withheld figures are not."""
    if key == "withheld":
        return value["min_count"]
    if key == "versions":
        return {"microsim": value["microsim"]}
    if key == "title" and isinstance(value, Mapping):
        return value.get(lang) or next(iter(value.values()), "")
    return value


def _text(value: Any, words: Mapping[str, str]) -> str:
    if isinstance(value, Mapping):
        if set(value) == {"by"}:
            return _text(value["by"], words)
        return "; ".join(f"{words.get(str(key), key)} {_text(item, words)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_text(item, words) for item in value)
    return str(value)
