"""What taking a job is worth over the next months, beside what the static model says of it.

A static result takes a household's status as that of the whole year: past the line dibao is gone at once,
and in gradual exit an amount of one month counts as that of the year. Followed by month, dibao goes on until
the next review finds the job, then for the months of gradual exit, and only then ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.errors import DataError, InputError, Offence
from microsim.outcome import Outcome, flat_name
from microsim.scenario.administration.figures import MOST_MONTHS, Administration
from microsim.studies.months.register import Register
from microsim.studies.months.situation import WORKING_AGE, Flags, Floats, Situation, situation_of

if TYPE_CHECKING:
    import pandas as pd

    from microsim.policy.policy import Policy
    from microsim.population import Population

MOST_WAGE = 1e7  # yuan a year
FEN = 0.005  # half of one: who is left with as much loses nothing
PHASES = 12  # months since the last review, over which the answer is a mean
SHARE, YUAN = "1", "yuan"
PAST = "past_line"  # households that the job takes past the line
Row = tuple[float, str, str, str, float, str]  # wage, measure, subject, group, value, unit


@dataclass(frozen=True, eq=False, repr=False)
class JobValue(Outcome):
    """What a job is worth to dibao households with a member who could take one.

    ``table`` is tidy: wage (yuan a year), measure, subject, group, value, unit. Subjects: ``months`` (the
    register followed) and, for a whole stretch under one status, ``static`` (dibao ends at once where the
    household is not due any more) and ``static_gradual_exit`` (the first month's rate of gradual exit all the
    time). Groups: all, and ``past_line``, those that the job takes past the line. Measures: ``households``
    (share of all), ``gain`` (mean change of resources over the stretch, yuan), ``kept`` (that over the
    wages), ``losing`` (share of households left with less), ``worst`` (the lowest gain), ``months_paid``.
    ``path`` has the mean change of resources: wage, group, month, value (yuan a month).
    """

    table: pd.DataFrame
    path: pd.DataFrame
    months: int
    households: int
    administration: Administration

    @property
    def past_line(self) -> bool:
        """Whether any of the wages takes a household past the line."""
        return bool((self.path["group"] == PAST).any())

    @property
    def summary(self) -> dict[str, dict[str, Any]]:
        """``job.24000.kept.months`` -> value and unit."""
        return {
            f"job.{wage:.0f}.{flat_name(measure, subject, group)}": {"value": value, "unit": unit}
            for wage, measure, subject, group, value, unit in self.table.itertuples(index=False, name=None)
        }

    @property
    def headline(self) -> str:
        """What is kept of the highest wage, by month and in the static model."""
        kept = self.table[(self.table["measure"] == "kept") & (self.table["group"] == "")]
        wage = kept["wage"].max()
        of = dict(zip(*kept[kept["wage"] == wage][["subject", "value"]].to_numpy().T, strict=True))
        return (
            f"of {wage:,.0f} yuan a year a dibao household keeps {of['months']:.0%} over "
            f"{self.months} months; in the static model {of['static']:.0%}"
        )


def value_of_job(
    population: Population,
    policy: Policy,
    wages: Sequence[float],
    *,
    months: int = 24,
    administration: Mapping[str, Any] | Administration | None = None,
    seed: int = 1,
) -> JobValue:
    """What households in dibao keep of a job over ``months``, followed by month and in the static model.

    In every dibao household with a member of 16 to 59 who is able to work, is not in school and has no wage,
    the first such member takes a job at ``wages`` (yuan a year, one after the other) in the first month. The
    change of resources is that against going on without it; the mean is over households by weight and over
    the months since their last review (0 to 11, as far as the interval goes). Audits and reviews that leave a
    household in are drawn.

    Raises ``InputError`` with every offence; ``DataError`` where no household has such a member.
    """
    office = Administration.of(administration)
    refuse_job(wages, months)
    able = np.add.reduceat(_takers(population).astype(np.int64), population.offsets[:-1]) > 0
    few = population.select(able)
    due = situation_of(few, policy).due if able.any() else able
    if not due.any():
        hint = "it takes a member of 16 to 59 who is able to work, not in school and without a wage"
        raise DataError([Offence("no household in dibao could take a job", "", hint)])
    few = few.select(due)
    people = _first(_takers(few), few)
    base = situation_of(few, policy)
    rows: list[Row] = []
    paths: list[tuple[float, str, int, float]] = []
    without = base.inside.resources  # all of them are due, and stay so
    for wage in dict.fromkeys(wages):
        earned = np.asarray(few.person_columns["wage_income"]) + np.where(people, float(wage), 0.0)
        after = situation_of(few.with_columns(persons=_wages(few, earned)), policy, base.work)
        gains, paid, path = _followed(few, base, after, office, months, seed)
        scale = months / 12.0
        static = np.where(after.due, after.inside.resources, after.outside.resources)
        subjects = {"months": gains, "static": (static - without) * scale}
        if after.leaving:
            on_way = np.where(~after.due & after.gradual, after.leaving[0].resources, static)
            subjects["static_gradual_exit"] = (on_way - without) * scale
        for group, who in {"": np.ones(len(few.weight), dtype=bool), PAST: ~after.due}.items():
            weight = base.weight * who
            share = float(weight.sum() / base.weight.sum())
            rows.append((wage, "households", "", group, share, SHARE))
            if share == 0.0:
                continue
            for name, gain in subjects.items():
                rows += _figures(wage, name, group, np.atleast_2d(gain), weight, wage * scale)
            rows.append((wage, "months_paid", "months", group, _mean(paid, weight), "months"))
            paths += [(wage, group, k + 1, _mean(change[None, :], weight)) for k, change in enumerate(path)]
    import pandas as pd

    return JobValue(
        pd.DataFrame(rows, columns=["wage", "measure", "subject", "group", "value", "unit"]),
        pd.DataFrame(paths, columns=["wage", "group", "month", "value"]),
        months,
        few.n_households,
        office,
    )


def refuse_job(wages: Sequence[float], months: int) -> None:
    """Raise ``InputError`` with everything that is wrong with a job, before anything is worked out."""
    offences = [
        Offence(f"a wage of {wage!r}", "wages", "yuan a year, above 0: 24000")
        for wage in wages
        if not 0.0 < wage < MOST_WAGE
    ]
    if not len(wages):
        offences.append(Offence("no wage is given", "wages", "for example [12000, 24000]"))
    if not 1 <= months <= MOST_MONTHS:
        offences.append(Offence(f"months is {months!r}", "months", f"a whole number from 1 to {MOST_MONTHS}"))
    if offences:
        raise InputError(offences, title="the value of a job cannot be worked out")


def _followed(
    few: Population, base: Situation, after: Situation, office: Administration, months: int, seed: int
) -> tuple[Floats, Floats, Floats]:
    """Gains and months paid, [months since the last review, household]; the change, [month, household]."""
    gains, paid, path = [], [], np.zeros((months, len(base.weight)))
    for phase in range(PHASES):
        register = Register.begin(np.asarray(few.household_id), base, office, seed)
        register.meet(after)
        register.clock = (phase % register.interval).astype(np.int32)
        gain, count = np.zeros(len(base.weight)), np.zeros(len(base.weight))
        for month in range(months):
            change = register.resources(after) - base.inside.resources / 12.0
            gain += change
            count += register.paid()
            path[month] += change / PHASES
            register.turn(after)
        gains.append(gain)
        paid.append(count)
    return np.array(gains), np.array(paid), path


def _figures(wage: float, name: str, group: str, gains: Floats, weight: Floats, earned: float) -> list[Row]:
    """The figures of one way to see it; ``gains``: [months since the last review, household], yuan."""
    mean, there = _mean(gains, weight), gains[:, weight > 0.0]
    return [
        (wage, "gain", name, group, mean, YUAN),
        (wage, "kept", name, group, mean / earned, SHARE),
        (wage, "losing", name, group, _mean(gains < -FEN, weight), SHARE),
        (wage, "worst", name, group, float(there.min()), YUAN),
    ]


def _mean(values: Floats | Flags, weight: Floats) -> float:
    """The mean over rows, and over households by weight."""
    return float((values * weight).sum() / (weight.sum() * len(values)))


def _takers(population: Population) -> Flags:
    """Persons who could take a job."""
    least, most = WORKING_AGE
    columns, words = population.person_columns, population.categories
    age = np.asarray(columns["age"])
    able = np.asarray(columns["labour_capacity"]) != words["labour_capacity"].index("none")
    home = np.asarray(columns["in_school"]) == words["in_school"].index("none")
    found: Flags = (age >= least) & (age < most) & able & home & (np.asarray(columns["wage_income"]) <= 0.0)
    return found


def _first(takers: Flags, population: Population) -> Flags:
    """The first of them in each household."""
    before: NDArray[np.intp] = np.cumsum(takers) - takers
    of_household: NDArray[np.intp] = np.repeat(before[population.offsets[:-1]], np.diff(population.offsets))
    first: Flags = takers & (before == of_household)
    return first


def _wages(population: Population, earned: Floats) -> dict[str, Floats]:
    """The columns of wages; where the data say what the office sees of them, it sees all of a new job."""
    new = {"wage_income": earned}
    seen = "assessed_wage_income"
    if seen in population.person_columns and seen not in population.defaulted:
        own = np.asarray(population.person_columns["wage_income"])
        new[seen] = np.asarray(population.person_columns[seen]) + (earned - own)
    return new
