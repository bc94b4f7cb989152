"""Figures of a run: one number a row, named by measure, subject and group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from microsim.outcome import flat_name

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Indicator:
    """One number of a run; ``paper`` is the source paper's, where it prints one."""

    measure: str
    subject: str
    group: str
    value: float
    unit: str
    paper: float | None = None

    @property
    def name(self) -> str:
        """``caseload.dibao.rural``; parts that say nothing are left out."""
        return flat_name(self.measure, self.subject, self.group)

    @property
    def difference(self) -> float | None:
        """How far the value lies from the paper's, as a share of it."""
        return None if not self.paper else self.value / self.paper - 1.0


class Indicators:
    """Indicators in the order in which they are shown."""

    def __init__(self, paper: Mapping[str, float]) -> None:
        self._paper = paper
        self.rows: list[Indicator] = []

    def add(self, measure: str, subject: str, group: str, value: float, unit: str) -> None:
        """Note a figure; the paper's one is found by its name."""
        paper = self._paper.get(flat_name(measure, subject, group)) if self._paper else None
        self.rows.append(Indicator(measure, subject, group, float(value), unit, paper))

    def having(self, rows: Iterable[Indicator]) -> Indicators:
        """The same collection with these figures only."""
        out = Indicators(self._paper)
        out.rows = list(rows)
        return out

    def summary(self) -> dict[str, dict[str, float | str]]:
        """Flat name -> value and unit, as in ``summary.json``."""
        return {figure.name: {"value": figure.value, "unit": figure.unit} for figure in self.rows}

    def table(self) -> pd.DataFrame:
        """Tidy table: measure, subject, group, value, unit, paper, difference (a share)."""
        import pandas as pd

        rows = [(f.measure, f.subject, f.group, f.value, f.unit, f.paper, f.difference) for f in self.rows]
        columns = ["measure", "subject", "group", "value", "unit", "paper", "difference"]
        return pd.DataFrame(rows, columns=columns).astype({"paper": float, "difference": float})

    def value(self, name: str) -> float | None:
        """The value of a figure by its flat name; ``None`` where the run has none."""
        return next((figure.value for figure in self.rows if figure.name == name), None)
