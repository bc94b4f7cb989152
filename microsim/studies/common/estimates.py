"""Figures of the people in a result: what is asked of whom, and its standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from microsim.errors import InputError, MicrosimError, Offence, warn
from microsim.measures import (
    influence,
    linearised_error,
    quantile_groups,
    ratio,
    replicate_error,
    replicate_weights,
)
from microsim.measures.standard_errors import Kind
from microsim.outcome import flat_name
from microsim.studies.common.controls import control_columns, made_whole, unknown_controls

if TYPE_CHECKING:
    from microsim.simulation import Result

Floats = NDArray[np.float64]
Of = Callable[[Floats], float]
Influence = Callable[[Floats], Floats]
Group = tuple[str, NDArray[np.bool_]]
Errors = Literal["linearised", "bootstrap", "replicates"]
TYPES = ("type_elderly", "type_disabled", "type_children", "type_others")  # of households, see by_type
LARGEST_SIZE = 5  # households of this size and more are one group


@dataclass(frozen=True, eq=False)
class Statistic:
    """One figure of a group: a function of weights, and its influence on each row where there is a formula.

    Both take the weights of all rows; rows outside the group then have weight 0, and are ignored.
    """

    measure: str
    subject: str
    group: Group
    unit: str
    of: Of
    influence: Influence | None = None

    @property
    def name(self) -> str:
        """As :attr:`microsim.studies.common.indicators.Indicator.name`."""
        return flat_name(self.measure, self.subject, self.group[0])

    def value(self, weights: Floats) -> float:
        """The figure; raises ``MicrosimError`` where the group has no answer to it."""
        return float(self.of(weights * self.group[1]))


@dataclass(frozen=True)
class Sampling:
    """How the households were drawn and weighted, for standard errors.

    ``clusters`` and ``strata`` name household columns; without them each household was drawn by itself.
    ``fpc`` is the number of clusters (of households, without clusters) in the population of each stratum: a
    number, or a household column. ``controls`` name what the weights were calibrated to: columns of
    households or persons, joined by ``*`` where they were crossed (``"area*sex"`` is persons by area and sex,
    ``"area"`` households and ``"area*household_size"`` persons by area); ``design_weights`` the household
    column of the weights before that. ``()`` says that they were not calibrated; where nothing is said and
    weights look calibrated, a ``MicrosimWarning`` says so.
    ``replicates`` and ``seed`` are the bootstrap's. With ``errors="replicates"``, ``columns`` names the
    household columns of the survey's own replicate weights, ``kind`` and ``fay`` what they are
    (:func:`microsim.measures.replicate_error`).
    """

    errors: Errors
    clusters: str | None = None
    strata: str | None = None
    replicates: int = 200
    seed: int = 0
    columns: tuple[str, ...] = ()
    kind: Kind = "bootstrap"
    fay: float = 0.5
    controls: tuple[str, ...] | None = None
    design_weights: str | None = None
    fpc: str | float | None = None

    def check(self, result: Result) -> None:
        """Raise ``MicrosimError`` with every column that is missing and every option that does not exist."""
        known = result.population.household_columns
        wanted = [
            ("clusters", self.clusters),
            ("strata", self.strata),
            ("design_weights", self.design_weights),
        ]
        wanted += [("columns", name) for name in self.columns]
        if isinstance(self.fpc, str):
            wanted.append(("fpc", self.fpc))
        found = [
            Offence(f"there is no household column '{name}'", place, "columns: " + ", ".join(known))
            for place, name in wanted
            if name is not None and name not in known
        ]
        found += unknown_controls(result.population, self.controls or ())
        if self.errors not in ("linearised", "bootstrap", "replicates"):
            words = "is not one of linearised, bootstrap, replicates"
            found.append(Offence(f"'{self.errors}' {words}", "errors"))
        if self.errors == "replicates" and len(self.columns) < 2:
            found.append(
                Offence(f"names {len(self.columns)} replicate weights", "columns", "name at least 2")
            )
        if found:
            raise InputError(found, title="standard errors cannot be computed")
        if self.controls is None and self.errors != "replicates":
            looks = made_whole(result.population)
            if looks:
                named, argument = ", ".join(looks), tuple(looks)
                warn(
                    f"the weights add up to whole numbers by {named}, as calibrated weights do, and were "
                    f"taken for design weights, so that errors are too large; name what they were calibrated "
                    f"to with Sampling(..., controls={argument}), or controls=() if they were not"
                )

    def design(self, result: Result) -> dict[str, Any]:
        """Arguments of :func:`microsim.measures.linearised_error`, one entry a household."""
        columns = result.population.household_columns
        wanted = {"clusters": self.clusters, "strata": self.strata, "design_weights": self.design_weights}
        found: dict[str, Any] = {
            place: None if name is None else np.asarray(columns[name]) for place, name in wanted.items()
        }
        found["fpc"] = np.asarray(columns[self.fpc]) if isinstance(self.fpc, str) else self.fpc
        found["controls"] = control_columns(result.population, self.controls) if self.controls else None
        return found


def ratio_of(above: Floats, below: Floats) -> tuple[Of, Influence]:
    """A ratio of weighted totals and its influence, for a :class:`Statistic`."""
    return lambda w: ratio(above, below, w), lambda w: influence.ratio(above, below, w)


def persons(result: Result) -> Floats:
    """Persons represented by each household row: weight times size."""
    return np.asarray(result.population.weight) * np.diff(result.population.offsets)


def everybody(result: Result) -> Group:
    """All households, under the empty name."""
    return ("", np.ones(len(result.population.weight), dtype=bool))


def by_area(result: Result) -> list[Group]:
    """Households of each area."""
    areas = result.population.categories.get("area", ())
    if not areas:
        return []
    codes = result.population.household_columns["area"]
    return [(area, codes == i) for i, area in enumerate(areas)]


def by_size(result: Result) -> list[Group]:
    """Households by number of persons: ``size_1`` to ``size_4``, ``size_5_or_more``."""
    size = np.diff(result.population.offsets)
    groups = [(f"size_{k}", size == k) for k in range(1, LARGEST_SIZE)]
    return [*groups, (f"size_{LARGEST_SIZE}_or_more", size >= LARGEST_SIZE)]


def by_type(result: Result) -> list[Group]:
    """Households by who lives in them; of two types that fit, the first counts.

    ``type_elderly``: everybody is 60 or older; ``type_disabled``: somebody is severely disabled (grade 1 or
    2); ``type_children``: somebody is under 18; ``type_others``. Nothing where the ages are not known.
    """
    population = result.population
    if "age" not in population.person_columns:
        return []
    age, first = population.person_columns["age"], population.offsets[:-1]
    elderly, children = (np.logical_and.reduceat(age >= 60, first), np.logical_or.reduceat(age < 18, first))
    disabled = np.zeros(len(first), dtype=bool)
    if "disability_grade" in population.person_columns:
        grades = population.categories["disability_grade"]
        severe = [k for k, grade in enumerate(grades) if grade in ("grade1", "grade2")]
        disabled = np.logical_or.reduceat(
            np.isin(population.person_columns["disability_grade"], severe), first
        )
    rest, groups = np.ones(len(first), dtype=bool), []
    for name, who in zip(TYPES, (elderly, disabled, children, rest), strict=True):
        groups.append((name, rest & who))
        rest = rest & ~who
    return groups


def by_decile(result: Result, income: str) -> list[Group]:
    """Deciles of the persons by a household's income, ``decile_1`` the lowest; ties are together."""
    tenth = quantile_groups(result.array(income), persons(result))
    return [(f"decile_{k}", tenth == k) for k in range(1, 11)]


def errors_of(
    statistics: Sequence[Statistic], weights: Floats, sampling: Sampling | None, result: Result
) -> list[float | None]:
    """Standard error of each statistic in its own unit; None where there is none.

    Linearised errors exist for statistics with an influence formula; bootstrap errors for those that have an
    answer under every set of replicate weights.
    """
    if sampling is None:
        return [None] * len(statistics)
    sampling.check(result)
    design = sampling.design(result)
    # Households were drawn and weighted; persons count as often as a household has members.
    size = np.diff(result.population.offsets)
    drawn_by = np.asarray(result.population.weight, dtype=np.float64)
    if sampling.errors == "linearised":
        return [
            None
            if statistic.influence is None
            else linearised_error(
                size * statistic.influence(weights * statistic.group[1]), drawn_by, **design
            )
            for statistic in statistics
        ]
    if sampling.errors == "replicates":
        columns = (result.population.household_columns[name] for name in sampling.columns)
        drawn: Iterable[Floats] = (np.asarray(column, dtype=np.float64) * size for column in columns)
    else:
        replicates = replicate_weights(drawn_by, sampling.replicates, sampling.seed, **design)
        drawn = (own * size for own in replicates)
    values = np.array([[_value_or_nan(statistic, w) for statistic in statistics] for w in drawn])
    return [
        None if np.isnan(own).any() else _error_of(statistic, weights, own, sampling)
        for statistic, own in zip(statistics, values.T, strict=True)
    ]


def _error_of(statistic: Statistic, weights: Floats, replicates: Floats, sampling: Sampling) -> float:
    if sampling.errors == "bootstrap":
        return float(np.std(replicates, ddof=1))
    return replicate_error(statistic.value(weights), replicates, sampling.kind, fay=sampling.fay)


def _value_or_nan(statistic: Statistic, weights: Floats) -> float:
    try:
        return statistic.value(weights)
    except MicrosimError:
        return float("nan")


def with_people(statistics: Iterable[Statistic], weights: Floats) -> list[Statistic]:
    """Those whose group has anybody."""
    counted = weights > 0
    return [one for one in statistics if np.any(counted & one.group[1])]
