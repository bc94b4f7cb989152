"""The bench policy: a small social assistance law that every engine can express (yearly, yuan).

A gap benefit below a line by area, and four benefits tied to it or to the band just above it: medical,
education and disability assistance, and single-person admission. It is made for timing and is no law of any
place.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from microsim import Policy, count, household, person, total

OUTPUTS = ("dibao", "medical", "education", "disability", "single_person", "net")
BENEFITS = OUTPUTS[:-1]

PARAMETERS: dict[str, Any] = {
    "line_rural": 12 * 560.0,
    "line_urban": 12 * 790.0,
    "employment_cost": 0.2,  # share of wages that is not counted
    "marginal_ratio": 1.5,  # marginal: from the line to below this multiple of it
    "medical_rate_dibao": 0.7,
    "medical_rate_marginal": 0.6,
    "medical_threshold": 0.1,  # share of the urban line that marginal households pay first
    "medical_cap": 30_000.0,  # per person
    "education_grant": {
        "by": "student_stage",
        "values": {"none": 0.0, "compulsory": 1000.0, "senior": 2000.0, "university": 4000.0},
    },
    "living_subsidy": 12 * 80.0,
    "nursing_subsidy": 12 * 80.0,
}
CATEGORIES = {
    "area": ("rural", "urban"),
    "disability_grade": ("none", "grade1", "grade2", "grade3", "grade4"),
    "student_stage": ("none", "compulsory", "senior", "university"),
}

# The sweep: both lines times 1.00, 1.01 ... 1.99. The walk: wages of the first adult from 0 to 60 000 yuan.
SWEEP = tuple(
    {name: PARAMETERS[name] * (1.0 + 0.01 * k) for name in ("line_rural", "line_urban")} for k in range(100)
)
GRID = np.linspace(0.0, 60_000.0, 101)
ADULT_AGE = 18

# -- the household's means and status ----------------------------------------------------------------------

size = count()
wages = total("wage", unit="yuan/year")
farming = total("farm_income", unit="yuan/year")
transfers = total("transfer_income", unit="yuan/year")
out_of_pocket = total("medical_oop", unit="yuan/year")


@household(unit="yuan/year")
def line(area: str, line_rural: float, line_urban: float) -> float:
    """Assistance line of the household's area, per person."""
    return line_urban if area == "urban" else line_rural


@household(unit="yuan/year")
def counted_per_head(
    wages: float, employment_cost: float, farming: float, transfers: float, size: int
) -> float:
    """Income that counts, with the cost of employment taken off wages, per person."""
    return (wages * (1.0 - employment_cost) + farming + transfers) / size


@household
def is_dibao(counted_per_head: float, line: float) -> bool:
    """Income per person is below the line."""
    return counted_per_head < line


@household
def is_marginal(counted_per_head: float, line: float, marginal_ratio: float) -> bool:
    """Income per person is at the line or above it, and below the marginal multiple of it."""
    return line <= counted_per_head < marginal_ratio * line


@household
def is_helped(is_dibao: bool, is_marginal: bool) -> bool:
    """The household has either status."""
    return is_dibao or is_marginal


# -- benefits ------------------------------------------------------------------------------------------


@household(unit="yuan/year")
def dibao(is_dibao: bool, counted_per_head: float, line: float, size: int) -> float:
    """The gap between the line and counted income, for every person."""
    if not is_dibao:
        return 0.0
    return max(line - counted_per_head, 0.0) * size


@household(unit="yuan/year")
def medical_deductible(medical_threshold: float, line_urban: float) -> float:
    """What a person in a marginal household pays before assistance begins."""
    return medical_threshold * line_urban


@person(unit="yuan/year")
def medical_aid(
    is_dibao: bool,
    is_marginal: bool,
    medical_oop: float,
    medical_deductible: float,
    medical_rate_dibao: float,
    medical_rate_marginal: float,
    medical_cap: float,
) -> float:
    """Share of a person's own medical cost, up to the cap; marginal households after the deductible."""
    if is_dibao:
        return min(medical_rate_dibao * max(medical_oop, 0.0), medical_cap)
    if is_marginal:
        return min(medical_rate_marginal * max(medical_oop - medical_deductible, 0.0), medical_cap)
    return 0.0


@person(unit="yuan/year")
def education_aid(is_helped: bool, education_grant: float) -> float:
    """Grant by stage of schooling."""
    return education_grant if is_helped else 0.0


@person
def is_severely_disabled(disability_grade: str) -> bool:
    """Disability of grade 1 or 2."""
    return disability_grade in ("grade1", "grade2")


@person(unit="yuan/year")
def living_aid(is_helped: bool, is_severely_disabled: bool, living_subsidy: float) -> float:
    """Living subsidy of the severely disabled in dibao and marginal households."""
    return living_subsidy if is_helped and is_severely_disabled else 0.0


@person(unit="yuan/year")
def nursing_aid(is_severely_disabled: bool, nursing_subsidy: float) -> float:
    """Nursing subsidy of the severely disabled, whatever the income."""
    return nursing_subsidy if is_severely_disabled else 0.0


@person(unit="yuan/year")
def admission_alone(
    is_marginal: bool, severe_illness: bool, is_severely_disabled: bool, line: float
) -> float:
    """Severely ill or disabled persons in marginal households are assisted as if alone and without income."""
    if not is_marginal:
        return 0.0
    return line if severe_illness or is_severely_disabled else 0.0


medical = total(medical_aid)
education = total(education_aid)
living = total(living_aid)
nursing = total(nursing_aid)
single_person = total(admission_alone)


@household(unit="yuan/year")
def disability(living: float, nursing: float) -> float:
    """Both subsidies of the severely disabled."""
    return living + nursing


@household(unit="yuan/year")
def benefits(
    dibao: float, medical: float, education: float, disability: float, single_person: float
) -> float:
    """All benefits of the household."""
    return dibao + medical + education + disability + single_person


@household(unit="yuan/year")
def net(wages: float, farming: float, transfers: float, benefits: float, out_of_pocket: float) -> float:
    """Income and benefits less medical cost paid."""
    return wages + farming + transfers + benefits - out_of_pocket


def policy() -> Policy:
    """The bench policy as this module states it."""
    import sys

    return Policy.from_rules(sys.modules[__name__], parameters=PARAMETERS)
