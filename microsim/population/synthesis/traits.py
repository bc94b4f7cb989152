"""Health, disability, schooling and work of persons, and what they spend on health."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from microsim.numerics.functions import exp
from microsim.numerics.streams import Streams
from microsim.numerics.sums import product, total
from microsim.population.profile.county import County
from microsim.population.synthesis.households import Roster, by_band, code, whole

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
# Of the severe (grades 1-2) and of the others (3-4), the share of the lower number.
_GRADE1_OF_SEVERE, _GRADE3_OF_OTHERS = 0.45, 0.40
# How much likelier the disabled are to be severely ill, and how much less the disabled and ill work.
_ILL_IF_DISABLED = 2.5
_WORK_IF_SEVERE, _WORK_IF_DISABLED = 0.15, 0.6
# Stages of school and the ages at which they are attended, as in the profile's schooling.enrolment.
SCHOOL_AGES = {
    ("preschool",): (3, 5),
    ("primary",): (6, 11),
    ("junior",): (12, 14),
    ("senior", "vocational"): (15, 17),
    ("university",): (18, 21),
}


@dataclass(frozen=True)
class Traits:
    """One value per person."""

    disability_grade: NDArray[np.int8]
    disability_type: NDArray[np.int8]
    severe_illness: Flags
    in_school: NDArray[np.int8]
    works: Flags
    medical_out_of_pocket: Floats
    admitted: Flags  # to hospital in the year

    @property
    def disabled(self) -> Flags:
        """Any grade."""
        return np.asarray(self.disability_grade > 0)

    @property
    def severely_disabled(self) -> Flags:
        """Grades 1 and 2."""
        return np.asarray((self.disability_grade == 1) | (self.disability_grade == 2))


def draw_traits(county: County, streams: Streams, roster: Roster, weights: Floats) -> Traits:
    """Draw the traits of every person from age, sex and the rates of the profile.

    Chances follow age and sex in the proportions of the profile; their weighted mean is the published rate.
    """
    ids, member = roster.household_id[roster.owner], roster.member
    persons = weights[roster.owner]
    everybody = np.ones(len(persons), dtype=bool)

    def uniform(purpose: str) -> Floats:
        return streams.uniform(purpose, ids, member)

    def by_age(table: str) -> Floats:
        return by_band(county[table], roster.age)

    chance = at_level(
        by_age("health.disability_by_age"), county["health.disability_rate"], persons, everybody
    )
    disabled: Flags = uniform("disability") < chance
    severe = uniform("disability severe") < county["health.disability_severe_share"]
    lower = uniform("disability grade")
    grade = np.where(severe, 1 + (lower >= _GRADE1_OF_SEVERE), 3 + (lower >= _GRADE3_OF_OTHERS))
    grade = np.where(disabled, grade, 0).astype(np.int8)
    kind = _type(county["health.disability_types"], uniform("disability type"))
    illness = by_age("health.severe_illness_by_age") * np.where(disabled, _ILL_IF_DISABLED, 1.0)
    chance = at_level(illness, county["assumptions.severe_illness_rate"], persons, everybody)
    ill: Flags = uniform("severe illness") < chance
    school = _school(county, roster, uniform("schooling"))
    able = np.where(disabled, _WORK_IF_DISABLED, 1.0)
    able = np.where(ill | (disabled & severe), _WORK_IF_SEVERE, able)
    rates = county["work.rates"]
    by_sex = [by_band(rates[sex], roster.age) for sex in ("female", "male")]
    work = np.where(school == 0, np.where(roster.female, *by_sex), 0.0) * able
    works: Flags = uniform("work") < at_level(work, county["work.employed_share"], persons, roster.age >= 15)
    admission = by_age("health.admission_by_age")
    chance = at_level(admission, county["health.admission_rate"], persons, everybody)
    admitted: Flags = uniform("hospital") < chance
    return Traits(
        disability_grade=grade,
        disability_type=np.where(disabled, kind, 0).astype(np.int8),
        severe_illness=ill,
        in_school=school,
        works=works,
        medical_out_of_pocket=_medical(county, streams, roster, ill, admitted),
        admitted=admitted,
    )


def at_level(relative: Floats, rate: float, persons: Floats, among: Flags) -> Floats:
    """Chances in given proportions whose weighted mean among some persons is a rate; none above 0.97.

    Where nobody is among them, or nobody of them has a chance, the proportions are given back.
    """
    chance = relative
    if not among.any():
        return chance
    everybody = bool(among.all())
    counted = persons if everybody else persons[among]
    number = total(counted)
    # Cutting off what is above 0.97 lowers the mean; a few rounds bring it back.
    for _ in range(8):
        mean = product(counted, chance if everybody else chance[among]) / number
        if mean <= 0 or mean == rate:
            break
        chance = np.minimum(chance * (rate / mean), 0.97)
    return chance


def _type(shares: Mapping[str, float], draw: Floats) -> NDArray[np.int8]:
    edges = np.cumsum(list(shares.values())) / fsum(shares.values())
    codes = np.array([code("disability_type", name) for name in shares], dtype=np.int8)
    chosen: NDArray[np.int8] = codes[np.minimum(np.searchsorted(edges, draw, side="right"), len(codes) - 1)]
    return chosen


def _school(county: County, roster: Roster, draw: Floats) -> NDArray[np.int8]:
    """Stage by age; draws below the enrolment rate are at school (vocational next to senior in 15-17)."""
    rates, age = county["schooling.enrolment"], roster.age
    school = np.zeros(len(age), dtype=np.int8)
    for (stage, *_), (first, last) in SCHOOL_AGES.items():
        # Whoever leads a household or is married into it has left school.
        at_age = (age >= first) & (age <= last) & (roster.relation == code("relation", "child"))
        school[at_age & (draw < rates[stage])] = code("in_school", stage)
        if stage == "senior":
            next_door = (draw >= rates["senior"]) & (draw < rates["senior"] + rates["vocational"])
            school[at_age & next_door] = code("in_school", "vocational")
    return school


def _medical(county: County, streams: Streams, roster: Roster, ill: Flags, admitted: Flags) -> Floats:
    """Out-of-pocket spending in a year, whole yuan: near zero, an admission, or severe illness."""
    spread = county["health.spread_out_of_pocket"]
    medians = [
        county[f"health.{kind}_out_of_pocket"]["median"] for kind in ("severe", "admission", "everyday")
    ]
    median = np.select([ill, admitted], medians[:2], medians[2])
    sigma = np.select([ill, admitted], [spread["severe"], spread["admission"]], spread["everyday"])
    draw = streams.normal("medical spending", roster.household_id[roster.owner], roster.member)
    return whole(median * exp(sigma * draw))
