"""What persons need and are given besides income: care, treatment, schooling costs, support, posts, training.

Each column comes from figures of the profile's section ``circumstances``, as in ``circumstances.py``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from microsim.population.core.columns import registry
from microsim.population.synthesis.drawn import Columns, Drawn, Flags, Floats
from microsim.population.synthesis.households import code, whole
from microsim.population.synthesis.traits import at_level

_WORKING_AGE = (16, 64)
_OLD_AGE_OF_CARE, _OLD_AGE, _ADULT = 75, 60, 18
# Unmarried old men are most of the destitute in the villages.
_MAN_ALONE, _WOMAN_ALONE = 4.0, 1.0
_POST_WAGES, _WORKSHOP_WAGES = (2_400, 30_000), (3_000, 36_000)  # yuan a year that such work can pay
_WOMEN_IN_WORKSHOPS = 2.0


def person_needs(drawn: Drawn) -> Columns:
    """Columns of persons."""
    return {
        **_capacity(drawn),
        **_treatment(drawn),
        **_studies(drawn),
        **_support(drawn),
        **_work(drawn),
    }


def _capacity(drawn: Drawn) -> Columns:
    """Capacity to work by health, and activities of daily living that fail."""
    traits, age = drawn.traits, drawn.roster.age
    none = ~traits.works & (traits.severely_disabled | traits.severe_illness)
    partial = ~none & (traits.disabled | traits.severe_illness)
    codes = [code("labour_capacity", name) for name in ("none", "partial")]
    columns: Columns = {
        "labour_capacity": np.select([none, partial], codes, code("labour_capacity", "full")).astype(np.int8)
    }
    care = drawn.figure("care_needs")
    if care is not None:
        chance = np.where(age >= _OLD_AGE_OF_CARE, care["old_age"], 0.0)
        chance = np.where(traits.severely_disabled, care["severe_disability"], chance)
        # Squared, so that few activities fail more often than many: one to three in seven of ten.
        failed = 1 + np.floor(6.0 * np.square(drawn.uniform_each("activities that fail")))
        columns["failed_adls"] = np.where(drawn.uniform_each("care") < chance, failed, 0).astype(np.int16)
    return columns


def _treatment(drawn: Drawn) -> Columns:
    traits, incomes = drawn.traits, drawn.incomes
    insured = np.where(
        incomes.as_employee, code("medical_insurance", "employee"), code("medical_insurance", "resident")
    )
    # Care of the severely disabled is in the household's rigid_expenditure; here it is given by person.
    care = np.where(traits.severely_disabled, drawn.county["health.care_of_severe_disability"], 0.0)
    columns: Columns = {"medical_insurance": insured.astype(np.int8), "rehabilitation_cost": care}
    paid = drawn.figure("insurance_pays")
    if paid is not None:
        treated = traits.severe_illness | traits.admitted
        bill = np.round(traits.medical_out_of_pocket / (1.0 - paid), -1)
        columns["medical_bill"] = np.where(treated, bill, 0.0)
    injury = drawn.figure("work_injury_care")
    if injury is not None:
        of_age = drawn.roster.age >= _ADULT
        columns["work_injury_care"] = (
            of_age & traits.severely_disabled & (drawn.uniform_each("work injury") < injury)
        )
    return columns


def _studies(drawn: Drawn) -> Columns:
    board, cost = drawn.figure("boarding"), drawn.figure("education_cost")
    if board is None or cost is None:
        return {}
    stage = drawn.traits.in_school

    def by_stage(figure: Any) -> Floats:
        table = [float(figure.get(name, 0.0)) for name in registry()["in_school"].categories]
        values: Floats = np.array(table)[stage]
        return values

    boards = drawn.uniform_each("boarding") < by_stage(board)
    amount = by_stage(cost) + np.where(boards, cost["board"], 0.0)
    return {"boards": boards, "education_cost": np.where(stage > 0, amount, 0.0)}


def _support(drawn: Drawn) -> Columns:
    """Persons whom nobody is bound and able to support, and those registered apart from their family."""
    roster, traits = drawn.roster, drawn.traits
    columns: Columns = {}
    without, homes = drawn.figure("without_supporter"), drawn.figure("in_institution")
    if without is not None and homes is not None:
        alone = (roster.size == 1)[roster.owner]
        needy = alone & ((roster.age >= _OLD_AGE) | traits.severely_disabled) & ~drawn.incomes.as_employee
        chance = np.where(needy, np.where(roster.female, _WOMAN_ALONE, _MAN_ALONE), 0.0)
        chance = chance * (1.0 - drawn.incomes.rank[roster.owner])
        nobody = _at_share(drawn, "nobody to support", chance, without)
        columns["has_able_supporter"] = ~nobody
        columns["in_institution"] = nobody & (drawn.uniform_each("institution") < homes)
    apart = drawn.figure("own_registration")
    if apart is not None:
        grown = (roster.age >= _ADULT) & (roster.member > 0) & traits.severely_disabled
        columns["own_registration"] = grown & (drawn.uniform_each("own registration") < apart)
    return columns


def _at_share(drawn: Drawn, purpose: str, relative: Floats, share: Any) -> Flags:
    """Persons drawn by relative chances up to a share of the residents of each area."""
    urban, draw = drawn.urban[drawn.roster.owner], drawn.uniform_each(purpose)
    chance = np.zeros(len(draw))
    for inside, name in ((~urban, "rural"), (urban, "urban")):
        if inside.any():
            chance += at_level(np.where(inside, relative, 0.0), share[name], drawn.person_weights, inside)
    drawn_ones: Flags = draw < chance
    return drawn_ones


def _work(drawn: Drawn) -> Columns:
    """Posts and workshops of the registered poor, training, loans, and refusals of work."""
    roster, traits, wage = drawn.roster, drawn.traits, drawn.incomes.wage_income
    first, last = _WORKING_AGE
    of_age = (roster.age >= first) & (roster.age <= last)
    poor, urban = drawn.filed_poor[roster.owner], drawn.urban[roster.owner]
    lower = 1.0 - drawn.incomes.rank[roster.owner]
    # Nobody has a post and a workshop: one half of the workers may have the one, the other half the other.
    for_posts = drawn.uniform_each("kind of aided work") < 0.5
    columns: Columns = {}
    posts = drawn.figure("public_posts")
    if posts is not None:
        taken, held = np.zeros(len(wage), dtype=bool), np.zeros(len(wage), dtype=np.int8)
        for name in ("forest_guard", "village", "town"):
            where = urban if name == "town" else ~urban
            among = of_age & poor & where
            able = among & for_posts & ~taken & _between(wage, _POST_WAGES) & ~drawn.incomes.as_employee
            chance = at_level(np.where(able, lower, 0.0), posts[name], drawn.person_weights, among)
            given = able & (drawn.uniform_each(f"post {name}") < chance)
            held[given] = code("public_post", name)
            taken |= given
        columns["public_post"] = held
    workshop = drawn.figure("workshops")
    if workshop is not None:
        among = of_age & poor & ~urban
        able = among & ~for_posts & _between(wage, _WORKSHOP_WAGES) & ~drawn.incomes.as_employee
        relative = np.where(roster.female, _WOMEN_IN_WORKSHOPS, 1.0) * lower
        chance = at_level(np.where(able, relative, 0.0), workshop, drawn.person_weights, among)
        there = able & (drawn.uniform_each("workshop") < chance)
        columns["workshop_wage"] = np.where(there, wage, 0.0)
    training = drawn.figure("training")
    if training is not None:
        open_to = of_age & ~urban & (traits.in_school == 0)
        chance = at_level(
            np.where(open_to, np.where(poor, 2.0, 1.0), 0.0), training, drawn.person_weights, open_to
        )
        columns["in_training"] = open_to & (drawn.uniform_each("training") < chance)
    loans = drawn.figure("loans")
    if loans is not None:
        on_account = of_age & (drawn.incomes.business_income > 0)
        has = on_account & (drawn.uniform_each("loan") < loans["share"])
        amount = np.round(loans["largest"] * (0.2 + 0.8 * drawn.uniform_each("amount of loan")), -4)
        columns["self_employed_loan"] = np.where(has, whole(amount), 0.0)
    refusals = drawn.figure("refused_work")
    if refusals is not None:
        able = of_age & ~traits.works & (traits.in_school == 0) & ~traits.disabled & ~traits.severe_illness
        columns["refused_work"] = np.where(
            able & (drawn.uniform_each("refused work") < refusals), 3, 0
        ).astype(np.int16)
    return columns


def _between(values: Floats, limits: tuple[int, int]) -> NDArray[np.bool_]:
    low, high = limits
    inside: NDArray[np.bool_] = (values >= low) & (values <= high)
    return inside
