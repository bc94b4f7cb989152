"""The distribution of income before and after assistance: poverty, inequality, progressivity, targeting."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microsim import measures as m
from microsim.errors import InputError, MicrosimError, Offence
from microsim.measures import influence
from microsim.outcome import Outcome, flat_name, worded
from microsim.studies.common.benefits import benefits
from microsim.studies.common.estimates import (
    Floats,
    Group,
    Influence,
    Of,
    Sampling,
    Statistic,
    by_area,
    by_decile,
    by_size,
    errors_of,
    everybody,
    persons,
    with_people,
)
from microsim.studies.common.poverty import (
    AFTER,
    BEFORE,
    inequality_of,
    line_of_each,
    poverty_lines,
    poverty_of,
)
from microsim.studies.distribution.progressivity import (
    paid_per_head,
    progressivity_of,
    redistribution_of,
    shares_of,
    targeting_of,
)

if TYPE_CHECKING:
    import pandas as pd

    from microsim.simulation import Result

# What the headline says, by name of the figure.
_SAID = {
    "poverty.headcount_before": "poverty rate before assistance",
    "poverty.headcount": "poverty rate after",
    "gini.income_before_benefits": "Gini before assistance",
    "gini.disposable_income": "Gini after",
    "gainers.disposable_income": "persons who gain",
    "losers.disposable_income": "persons who lose",
}
INCOMES = {"disposable_income": AFTER, "income_before_benefits": BEFORE}
EQUALS_WITHIN = 500.0  # yuan a year per head: about a tenth of a rural dibao line


@dataclass(frozen=True)
class Estimate:
    """One figure of a study: ``standard_error`` in the unit of the value, None where there is none."""

    measure: str
    subject: str
    group: str
    value: float
    unit: str
    standard_error: float | None

    @property
    def name(self) -> str:
        """As :attr:`microsim.studies.common.indicators.Indicator.name`."""
        return flat_name(self.measure, self.subject, self.group)


@dataclass(frozen=True, repr=False)
class Distribution(Outcome):
    """Figures of a distribution, and those that have no answer with the reason, by name."""

    rows: tuple[Estimate, ...]
    without_answer: Mapping[str, str]

    @property
    def table(self) -> pd.DataFrame:
        """Tidy table: measure, subject, group, value, unit, standard_error."""
        import pandas as pd

        columns = ["measure", "subject", "group", "value", "unit", "standard_error"]
        frame = pd.DataFrame([[getattr(row, name) for name in columns] for row in self.rows], columns=columns)
        return frame.astype({"value": float, "standard_error": float})

    @property
    def headline(self) -> str:
        """How many figures, and those that are looked at first."""
        said = [f"{_SAID[row.name]} {worded(row.value, row.unit)}" for row in self.rows if row.name in _SAID]
        return "; ".join([f"{len(self.rows):,} figures", *said])

    @property
    def summary(self) -> dict[str, dict[str, float | str]]:
        """Flat name -> value and unit, and standard error where there is one."""
        out: dict[str, dict[str, float | str]] = {}
        for row in self.rows:
            out[row.name] = {"value": row.value, "unit": row.unit}
            if row.standard_error is not None:
                out[row.name]["standard_error"] = row.standard_error
        return out


def distribution(
    result: Result,
    *,
    lines: Mapping[str, Mapping[str, float]] | None = None,
    target: str | None = None,
    equals_within: float = EQUALS_WITHIN,
    sampling: Sampling | None = None,
) -> Distribution:
    """Figures of income per head among persons, before and after the benefits of a result.

    Groups: everybody (empty name), each area, ``size_1`` to ``size_5_or_more``, and ``decile_1`` to
    ``decile_10`` of persons by income before benefits. Names read measure, subject, group:

    * ``mean``, ``median`` of ``disposable_income`` and ``income_before_benefits``;
      ``poverty.headcount.rural`` and the gap and squared gap, with ``_before`` before benefits, at each line:
      for all groups;
    * ``gini``, ``s80s20``, ``palma``, ``theil``, ``mean_log_deviation``, ``atkinson_half``, ``_1``, ``_2``,
      ``p10``, ``p90``, ``p90_p10``, ``at_risk_of_poverty``, ``decile_share`` (tenths by the income itself,
      the boundary person split), and for each line ``sen`` and ``watts`` after benefits: for areas and all;
    * ``redistribution``, ``reversed_pairs``, and for each programme that pays anybody ``concentration``,
      ``kakwani``, ``reynolds_smolensky``, ``reranking``, ``coverage``, ``exclusion_error``,
      ``inclusion_error``, ``leakage``, ``cgh``, ``recipient_share``: for areas and all; ``benefit_share`` by
      area, size and decile.

    ``lines``: name -> yuan/year by area; left out, the national line and the dibao line in force.
    ``target``: the line below which, before benefits, a person is meant to be reached; left out, the dibao
    line, else the first. ``equals_within``: yuan/year per head that make equals, see
    :func:`microsim.measures.redistribution`. ``sampling`` says how a survey's households were drawn; without
    it (a synthetic population is not a sample) there are no standard errors. The result needs the
    outputs of ``studies/common/outputs.py``.

    Incomes below zero count as zero in all but mean, median and quantiles. Definitions: docs/measures.md.
    Raises ``MicrosimError`` for outputs that are missing, an unknown ``target``, or a missing column of the
    design.
    """
    areas = result.population.categories.get("area", ())
    if lines is None:
        lines = poverty_lines(result.policy, areas) if areas else {}
    meant = target or next((name for name in ("dibao_line", *lines) if name in lines), None)
    _check(result, lines, meant)
    some = [*by_area(result), everybody(result)]
    deciles = by_decile(result, BEFORE)
    apart = [*by_area(result), *by_size(result), *deciles]
    groups = [*apart, everybody(result)]
    paid = paid_per_head(result)
    asked = [
        *_means_of(result, groups),
        *poverty_of(result, lines, groups, deepest=2),
        *_depth_of(result, lines, some),
        *inequality_of(result, [*by_size(result), *some]),
        *_spread_of(result, some),
        *progressivity_of(result, paid, some),
        *redistribution_of(result, some, equals_within),
        *shares_of(paid, apart),
    ]
    if meant is not None:
        poor = (np.maximum(result.array(BEFORE), 0.0) < line_of_each(result, lines[meant])).astype(float)
        asked += targeting_of(paid, poor, some)
    return estimated(asked, result, sampling)


def estimated(asked: Sequence[Statistic], result: Result, sampling: Sampling | None) -> Distribution:
    """Values and standard errors of statistics of persons; those that cannot be computed are listed
    separately.
    """
    weights = persons(result)
    values: list[float] = []
    answered: list[Statistic] = []
    without: dict[str, str] = {}
    for one in with_people(asked, weights):
        try:
            value = one.value(weights)
        except MicrosimError as error:
            without[one.name] = "; ".join(map(str, error.offences))
            continue
        if np.isfinite(value):
            answered.append(one)
            values.append(value)
        else:
            without[one.name] = "a share of an empty group or a zero total"
    errors = errors_of(answered, weights, sampling, result)
    found = (
        Estimate(one.measure, one.subject, one.group[0], value, one.unit, error)
        for one, value, error in zip(answered, values, errors, strict=True)
    )
    return Distribution(tuple(found), without)


def _check(result: Result, lines: Mapping[str, Mapping[str, float]], target: str | None) -> None:
    areas = result.population.categories.get("area", ())
    needed = [BEFORE, AFTER, *(rule for rules in benefits(result.policy).values() for rule in rules)]
    found = [
        Offence(f"'{name}' is not among the outputs of this run", "result", "ask for it in simulate(...)")
        for name in needed
        if name not in result.arrays
    ]
    found += [
        Offence(f"has no value for the area '{area}'", f"lines.{name}")
        for name, by_area_lines in lines.items()
        for area in areas
        if area not in by_area_lines
    ]
    if lines and not areas:
        found.append(Offence("the population has no column 'area'", "lines", "lines are given by area"))
    if target is not None and target not in lines:
        found.append(Offence(f"there is no line '{target}'", "target", "lines: " + ", ".join(lines)))
    if found:
        raise InputError(found, title="the distribution cannot be computed")


def _means_of(result: Result, groups: Sequence[Group]) -> Iterator[Statistic]:
    for subject, income in INCOMES.items():
        values = np.asarray(result.array(income), dtype=np.float64)
        for group in groups:
            yield Statistic("mean", subject, group, "yuan/year", *_both(m.mean, influence.mean, values))
            yield Statistic("median", subject, group, "yuan/year", *_quantile(values, 0.5))


def _depth_of(
    result: Result, lines: Mapping[str, Mapping[str, float]], groups: Sequence[Group]
) -> Iterator[Statistic]:
    values = np.maximum(result.array(AFTER), 0.0)
    for name, by_area_lines in lines.items():
        measure = "poverty" if name == "national" else f"poverty_{name}"
        line = line_of_each(result, by_area_lines)
        for group in groups:
            yield Statistic(measure, "sen", group, "1", *_both(m.sen, influence.sen, values, line))
            yield Statistic(measure, "watts", group, "1", *_both(m.watts, influence.watts, values, line))


def _spread_of(result: Result, groups: Sequence[Group]) -> Iterator[Statistic]:
    for subject, income in INCOMES.items():
        kept = np.asarray(result.array(income), dtype=np.float64)
        values = np.maximum(kept, 0.0)
        for group in groups:
            for measure, of, moved, more in (
                ("s80s20", m.s80s20, influence.s80s20, ()),
                ("palma", m.palma, influence.palma, ()),
                ("theil", m.theil, influence.theil, ()),
                ("mean_log_deviation", m.mean_log_deviation, influence.mean_log_deviation, ()),
                ("atkinson_half", m.atkinson, influence.atkinson, (0.5,)),
                ("atkinson_1", m.atkinson, influence.atkinson, (1.0,)),
                ("atkinson_2", m.atkinson, influence.atkinson, (2.0,)),
                ("p90_p10", m.quantile_ratio, influence.quantile_ratio, (0.9, 0.1)),
            ):
                yield Statistic(measure, subject, group, "1", *_both(of, moved, values, *more))
            for measure, q in (("p10", 0.1), ("p90", 0.9)):
                yield Statistic(measure, subject, group, "yuan/year", *_quantile(kept, q))
            # Its line is drawn from everybody, so the group is chosen inside.
            whole = (group[0], np.ones(len(values), dtype=bool))
            yield Statistic("at_risk_of_poverty", subject, whole, "1", *_at_risk(kept, group[1]))
        for k in range(1, 11):
            whole = (f"decile_{k}", np.ones(len(values), dtype=bool))
            yield Statistic("decile_share", subject, whole, "1", *_tenth(values, k))


def _both(
    of: Callable[..., float], moved: Callable[..., Floats], values: Floats, *more: float | Floats
) -> tuple[Of, Influence]:
    return lambda w: float(of(values, *more, w)), lambda w: moved(values, *more, w)


def _quantile(values: Floats, q: float) -> tuple[Of, Influence]:
    return lambda w: m.quantile(values, q, w), lambda w: influence.quantile(values, q, w)


def _at_risk(values: Floats, mask: NDArray[np.bool_]) -> tuple[Of, Influence]:
    return (
        lambda w: m.at_risk_of_poverty(values, w, 0.6, by=mask).get(True, np.nan),
        lambda w: influence.at_risk_of_poverty(values, w, 0.6, where=mask),
    )


def _tenth(values: Floats, k: int) -> tuple[Of, Influence]:
    return (
        lambda w: float(m.quantile_shares(values, w)[k - 1]),
        lambda w: influence.lorenz(values, k / 10, w) - influence.lorenz(values, (k - 1) / 10, w),
    )
