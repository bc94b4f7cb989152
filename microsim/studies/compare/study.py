"""A base and a reform side by side: every figure of both, the change, and who gains and who loses by it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from microsim.outcome import Outcome, Ranges, flat_name, in_brackets, low_and_high, worded
from microsim.studies.common.baseline import RunResult, run_scenario
from microsim.studies.compare.ranges import effect_ranges
from microsim.studies.ensemble.study import effect_ranges as ensemble_ranges
from microsim.studies.financing.rules import LEVELS
from microsim.studies.ledger.study import Ledger, ledger

if TYPE_CHECKING:
    import pandas as pd

    from microsim.simulation import Result
    from microsim.studies.distribution.study import Distribution

# Sums: where a law has no such programme, it pays nothing to nobody, and the figure is a zero.
SUMS = ("caseload", "households", "cost", "cost_part", "within_market_income")


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Outcome):
    """Two runs and what lies between them.

    ``gains`` is None where the two are not of the same households or in the money of different years: then
    nobody can be followed, and only figures are compared.
    """

    base: RunResult
    reform: RunResult
    gains: Distribution | None

    @property
    def other_money(self) -> bool:
        """Whether base and reform are in the money of different years."""
        return not self.base.money.same_as(self.reform.money)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Tidy: measure, subject, group, unit, a (base), b (reform), change (b - a; NaN without both)."""
        import pandas as pd

        columns = ["measure", "subject", "group", "unit"]
        sides = []
        for name, run in (("a", self.base), ("b", self.reform)):
            frame = run.indicators.table()[[*columns, "value"]]
            sides.append(frame.rename(columns={"value": name}).set_index(columns))
        order = list(dict.fromkeys([*sides[0].index, *sides[1].index]))
        index = pd.MultiIndex.from_tuples(order, names=columns)
        table = pd.concat([side.reindex(index) for side in sides], axis=1).reset_index()
        sums = table["measure"].isin(SUMS)
        table.loc[sums, ["a", "b"]] = table.loc[sums, ["a", "b"]].fillna(0.0)
        return table.assign(change=table["b"] - table["a"])

    @cached_property
    def ledgers(self) -> tuple[Ledger, Ledger] | None:
        """Who pays under base and reform; None where either county has no profile.

        Fixed grants to the reform are those of the base, where both are of one county and year; otherwise
        each has those of its own year.
        """
        if self.base.county is None or self.reform.county is None:
            return None
        before = ledger(self.base)
        one, other = self.base.scenario, self.reform.scenario
        same = (one.county_path, one.year) == (other.county_path, other.year)
        return before, ledger(self.reform, reference=before if same else None)

    @cached_property
    def payers(self) -> pd.DataFrame:
        """Tidy: programme (empty: all), payer, unit, a (base), b (reform), change; empty without profiles.

        Yuan a year, wages of posts and dividends included. Levels of budget come first, in their order.
        """
        import pandas as pd

        keys, sides = ["programme", "payer"], []
        for name, study in zip(("a", "b"), self.ledgers or (), strict=False):
            rows = study.table.assign(**{name: study.table["cost"] + study.table["within_market_income"]})
            rows = pd.concat([rows.assign(programme=""), rows])
            sides.append(rows.groupby(keys, sort=False)[name].sum())
        if not sides:
            return pd.DataFrame(columns=[*keys, "unit", "a", "b", "change"])
        table = pd.concat(sides, axis=1).fillna(0.0).reset_index().assign(unit="yuan/year")
        table = table.assign(
            change=table["b"] - table["a"],
            order=[LEVELS.index(p) if p in LEVELS else len(LEVELS) for p in table["payer"]],
        ).sort_values(["programme", "order", "payer"], kind="stable", ignore_index=True)
        return table[[*keys, "unit", "a", "b", "change"]]

    @cached_property
    def values(self) -> dict[str, tuple[float, float]]:
        """Flat name -> the figure under the base and under the reform (NaN where there is none)."""
        return {name: (a, b) for name, _, a, b, _ in self._rows()}

    @cached_property
    def summary(self) -> dict[str, dict[str, Any]]:
        """The reform's figures under their names, those of base and change under these, and the gains."""
        out: dict[str, dict[str, Any]] = {}
        for name, unit, base, reform, change in self._rows():
            for side, value in (("", reform), ("base.", base), ("change.", change)):
                if np.isfinite(value):
                    out[f"{side}{name}"] = {"value": value, "unit": unit}
        out |= low_and_high(self.ranges, "change_")
        for programme, payer, unit, base, reform, change in self.payers.itertuples(index=False, name=None):
            name = flat_name("paid", payer, programme)
            for side, value in (("", reform), ("base.", base), ("change.", change)):
                out[f"{side}{name}"] = {"value": value, "unit": unit}
        out = {**self._money(), **out}
        return out if self.gains is None else {**out, **self.gains.summary}

    @cached_property
    def ranges(self) -> Ranges:
        """Changes over the sets of levers that fit the county equally well.

        Those of the ensemble that the reform names, or of the county's calibration (``ranges.py``).
        """
        return ensemble_ranges(self.base, self.reform) or effect_ranges(self.base, self.reform)

    def _money(self) -> dict[str, dict[str, Any]]:
        """In whose year's money the reform is, and the base under its own name."""
        base = {f"base.{name}": said for name, said in self.base.money.summary.items()}
        return {**self.reform.money.summary, **base}

    def _rows(self) -> Iterator[tuple[str, str, float, float, float]]:
        """Flat name, unit, base, reform, change."""
        for measure, subject, group, unit, a, b, change in self.table.itertuples(index=False, name=None):
            yield flat_name(measure, subject, group), unit, a, b, change

    @property
    def headline(self) -> str:
        """By how much the expenditure of all programmes and the caseload of dibao change."""
        said = [
            f"{label} {worded(b - a, unit)}{in_brackets(self.ranges, name)}"
            for name, label, unit in (
                ("cost.total", "expenditure", "yuan/year"),
                ("caseload.dibao", "dibao recipients", "persons"),
            )
            if (pair := self.values.get(name)) is not None
            for a, b in (pair,)
        ]
        money = " -> ".join(dict.fromkeys((self.base.money.headline, self.reform.money.headline)))
        if self.ranges:
            said.append("in brackets the range over calibrations that fit equally well")
        names = f"change from {self.base.scenario.name} to {self.reform.scenario.name}"
        return "; ".join([names, *said, money])


def compare(
    a: Any, b: Any, *, allow_code: bool = False, progress: Callable[[str], None] = lambda text: None
) -> Comparison:
    """The figures of a base ``a`` and a reform ``b`` side by side, the change, and winners and losers.

    ``a`` and ``b``: paths of scenario files, :class:`microsim.Scenario` objects, or results of
    :func:`microsim.run`. Where both are of one county its households are read once, the same typical family
    is followed under both laws, and ``gains`` counts the persons who gain and lose (as
    :func:`microsim.gains` does, by area, household size, and decile of income before benefits under the
    base). Comparing a scenario with itself gives zero everywhere. ``allow_code``: whether the rules of a
    scenario file's ``law_package:`` may be run.

    Raises ``MicrosimError`` as loading and running either scenario does.
    """
    base = _run(a, None, allow_code, progress)
    reform = _run(b, base, allow_code, progress)
    return Comparison(base, reform, _gains(base, reform))


def _run(
    source: Any, beside: RunResult | None, allow_code: bool, progress: Callable[[str], None]
) -> RunResult:
    from microsim.scenario import load_scenario

    if isinstance(source, RunResult):
        return source
    named = isinstance(source, str | os.PathLike)
    scenario = load_scenario(source, allow_code=allow_code) if named else source
    return run_scenario(scenario, progress, beside=beside)


def _gains(base: RunResult, reform: RunResult) -> Distribution | None:
    from microsim.studies.distribution.gains import different_households, gains

    if different_households(base.population, reform.population) or not base.money.same_as(reform.money):
        return None
    return gains(*_household_by_household(base, reform))


def _household_by_household(base: RunResult, reform: RunResult) -> tuple[Result, Result]:
    """Both results row by row for the same households, also where rationing has parted some of them."""
    from microsim.studies.common.rationing.rows import matched, parted, result_for

    if base.rationing is None and reform.rationing is None:
        return base.result, reform.result
    sides = [
        (
            np.arange(run.population.n_households) if run.rationing is None else run.rationing.origin,
            np.asarray(run.result.population.weight),
        )
        for run in (base, reform)
    ]
    origin, *rows, weight = matched(*sides)
    population = parted(base.population, origin, weight)
    first, second = (
        result_for(run.result, own, population) for run, own in zip((base, reform), rows, strict=True)
    )
    return first, second
