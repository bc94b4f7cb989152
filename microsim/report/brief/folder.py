"""A results folder as a brief reads it: what it is about, its figures and its tables."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import shown
from microsim.errors import FileError, Offence
from microsim.report.books.headings import code_words, unit_of
from microsim.report.results import MANIFEST, RUN
from microsim.simulation.explaining import labelled

if TYPE_CHECKING:
    import pandas as pd

COMPARE, SWEEP = "compare", "sweep"


@dataclass(frozen=True)
class Figure:
    """A number of a summary; ``low`` and ``high``: its range over an ensemble, where there is one.

    ``at_least``: the number is a bound, and the truth is not below it.
    """

    name: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    at_least: bool = False
    digits: int = 0  # how many are said, where that is not for its range to decide

    def __abs__(self) -> Figure:
        """The size of a change whose sign is said in words; its range likewise, if of one sign."""
        ends = [end for end in (self.low, self.high) if end is not None]
        low, high = (min(map(abs, ends)), max(map(abs, ends))) if ends else (None, None)
        return replace(self, value=abs(self.value), low=low, high=high)


@dataclass(frozen=True)
class Folder:
    """A results folder that has been read. ``kind``: the study that made it, ``compare`` for a run "
    "beside a base."""

    path: Path
    kind: str
    manifest: Mapping[str, Any]
    summary: Mapping[str, Mapping[str, Any]]

    @cached_property
    def about(self) -> Mapping[str, Any]:
        """What the manifest says of the scenario that the results are about: of two, the reform."""
        found: Mapping[str, Any] = self.manifest.get("reform", self.manifest)
        return found

    @cached_property
    def withheld(self) -> frozenset[str]:
        """Figures that may not be shown."""
        return frozenset(self.manifest.get("withheld", {}).get("figures", ()))

    def title(self, lang: str) -> str:
        """The title of the scenario, or its name where it has none."""
        own = self.manifest.get("title") or {}
        said = own.get(lang) or next(iter(own.values()), "")
        return str(said) or _title(self.about.get("scenario", {}), lang) or self.path.name

    def base_title(self, lang: str) -> str:
        """The title of what it is compared with."""
        base = self.manifest.get("base", {})
        return _title(base.get("scenario", base), lang)

    def label(self, kind: str, name: str, lang: str) -> str:
        """What a programme or parameter (``kind``: ``programmes``, ``parameters``) is called."""
        labels = self.about.get("labels", {}).get(kind, {})
        return str(labels.get(name, {}).get(lang) or name)

    def parameter_words(self, name: str, lang: str) -> str:
        """A parameter, or one category of it (``dibao.line.rural``), in words."""
        labels = self.about.get("labels", {}).get("parameters", {})
        known = [one for one in labels if name == one or name.startswith(f"{one}.")]
        if not known:
            return name
        whole = max(known, key=len)
        cells = [labelled(cell, lang) for cell in name[len(whole) :].strip(".").split(".") if cell]
        label = self.label("parameters", whole, lang)
        return f"{''.join(cells)}{label}" if lang == "zh" else ", ".join([label, *cells])

    def figure_words(self, name: str, lang: str) -> str:
        """A figure of a summary (``cost.dibao.rural``) in words."""
        words = code_words(lang)
        labels = self.about.get("labels", {}).get("programmes", {})
        parts = [str(labels.get(part, {}).get(lang) or words.get(part, part)) for part in name.split(".")]
        return _in_chinese(name.split("."), parts) if lang == "zh" else ", ".join(parts)

    def unit_words(self, unit: str, lang: str) -> str:
        """A unit as it is written beside a number; nothing where a number has none."""
        return "" if unit in ("", "1", "choice", "yes/no", "date") else unit_of(unit, lang)

    def figure(self, name: str) -> Figure | None:
        """A figure by its flat name with its range; None where there is none, or it is withheld."""
        said = self.summary.get(name)
        if said is None or name in self.withheld or not _is_number(said["value"]):
            return None
        low, high = (self._value(f"{end}{_stem(name)}") for end in _ends(name))
        return Figure(name, float(said["value"]), str(said["unit"]), low, high, bool(said.get("at_least")))

    def flag(self, name: str) -> Any:
        """What the summary says under a name that is no number; None where it says nothing."""
        return self.summary.get(name, {}).get("value")

    def programmes(self, measure: str = "cost") -> list[str]:
        """The programmes of which the summary has a figure for the whole county, in its order."""
        sums = ("total", "cash", "kind")
        parts = (name.split(".") for name in self.summary)
        return [p[1] for p in parts if len(p) == 2 and p[0] == measure and p[1] not in sums]

    def table(self, name: str) -> pd.DataFrame | None:
        """A table of the folder under the names that programs use; None where it has none of that name."""
        import pandas as pd

        path = self.path / "tables" / f"{name}.parquet"
        return pd.read_parquet(path) if path.is_file() else None

    @cached_property
    def tables(self) -> list[str]:
        """The names of all tables, in alphabetical order."""
        return sorted(path.stem for path in (self.path / "tables").glob("*.parquet"))

    def _value(self, name: str) -> float | None:
        said = self.summary.get(name)
        return None if said is None else float(said["value"])


def read_folder(path: str | os.PathLike[str]) -> Folder:
    """Read a results folder.

    Raises ``FileError`` where the folder is not there, or is none of results.
    """
    where = Path(path)
    hint = "name a folder that microsim run, compare, cliffs, ledger, unify, solve, sweep or nation wrote"
    if not where.is_dir():
        raise FileError(Offence("there is no such folder", shown(where), hint))
    manifest, summary = (_read(where / name) for name in (MANIFEST, "summary.json"))
    if manifest is None or summary is None or not _of_results(manifest):
        raise FileError(Offence("is no results folder", shown(where), hint))
    kind = str(manifest.get("study") or manifest.get("kind") or RUN)
    if kind == RUN and "base" in manifest:
        kind = COMPARE
    return Folder(where, kind, manifest, summary)


def _of_results(manifest: Mapping[str, Any]) -> bool:
    """The rows of each county that a national study keeps are not its results."""
    return bool({"study", "scenario"} & set(manifest)) or manifest.get("kind") == SWEEP


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _title(scenario: Mapping[str, Any], lang: str) -> str:
    title = scenario.get("title") or {}
    return str(title.get(lang) or next(iter(title.values()), "") or scenario.get("name", ""))


def _ends(name: str) -> tuple[str, str]:
    return ("change_low.", "change_high.") if name.startswith("change.") else ("low.", "high.")


def _stem(name: str) -> str:
    return name.removeprefix("change.")


def _in_chinese(codes: list[str], parts: list[str]) -> str:
    """Measure, subject and group as one word: 农村最低生活保障支出, 支出合计, 贫困发生率."""
    measure, subject, group = (*parts, "", "")[:3]
    if codes[0] == "poverty":
        return f"{group}{measure}{subject}"
    if subject and codes[1] == "total":
        return f"{group}{measure}{subject}"
    if measure.startswith("保障") and subject.endswith("保障"):
        measure = measure.removeprefix("保障")
    return f"{group}{subject}{measure}"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value
