"""What befalls a household or is in its papers: shocks, dwelling, registers, dibao of the year before.

Each column comes from figures of the profile's section ``circumstances`` and has random streams of its own. A
column whose figures a profile does not give is left out; each run names the programmes affected.
"""

from __future__ import annotations

import math

import numpy as np

from microsim.numerics.copula import correlation_of_leaving
from microsim.numerics.functions import exp, normal_quantile
from microsim.population.synthesis.drawn import Columns, Drawn, Flags, Floats
from microsim.population.synthesis.households import code, whole
from microsim.population.synthesis.traits import at_level

# The gravest first: a household has one shock a year.
_SHOCKS = ("disaster", "illness", "accident", "job_loss", "education", "other")
_MONTHS = {"mild": (1, 3), "serious": (4, 6), "special": (7, 12)}
_SPREAD_OF_RENT = 0.4  # standard deviation of the logarithm
_DAYS_AWAY = (3, 60)
# Last year's seen income is this year's with this standard deviation of the logarithm, where a profile does
# not say how many leave poverty within a year.
_INCOME_OF_LAST_YEAR = 0.4


def household_circumstances(drawn: Drawn, homes: Flags, seen: Floats) -> Columns:
    """Columns of households. ``homes``: whether each owns a dwelling; ``seen``: its share of income seen."""
    struck = _struck(drawn)
    return {
        **_shocks(drawn, struck),
        **_disasters(drawn, struck.get("disaster")),
        **_dwelling(drawn, homes),
        **_registers(drawn),
        **last_year(drawn, seen),
        **_village(drawn),
    }


def _struck(drawn: Drawn) -> dict[str, Flags]:
    """Households struck by each kind of shock, at most one each; nobody where the profile is silent."""
    rates = drawn.figure("shock_rates")
    if rates is None:
        return {}
    roster, traits = drawn.roster, drawn.traits
    studies = (traits.in_school == code("in_school", "university")) | (
        traits.in_school == code("in_school", "senior")
    )
    # Whom a shock can strike; the rates are shares of all households.
    open_to = {
        "illness": roster.any_member(traits.severe_illness | traits.admitted),
        "job_loss": roster.any_member(traits.works),
        "education": roster.any_member(studies),
    }
    free = np.ones(len(drawn.weights), dtype=bool)
    everybody = free.copy()
    found = {}
    for kind in _SHOCKS:
        chance = np.where(free & open_to.get(kind, everybody), 1.0, 0.0)
        found[kind] = drawn.uniform(f"shock {kind}") < at_level(chance, rates[kind], drawn.weights, everybody)
        free &= ~found[kind]
    return found


def _shocks(drawn: Drawn, struck: dict[str, Flags]) -> Columns:
    months, loss = drawn.figure("shock_months"), drawn.figure("shock_loss")
    if not struck or months is None or loss is None:
        return {}
    any_shock = np.logical_or.reduce(list(struck.values()))
    kind = np.zeros(len(any_shock), dtype=np.int8)
    for name, who in struck.items():
        kind[who] = code("shock", name)
    edges = np.cumsum([months[grade] for grade in _MONTHS])
    grade = np.minimum(np.searchsorted(edges, drawn.uniform("shock grade"), side="right"), len(_MONTHS) - 1)
    first, last = np.array(list(_MONTHS.values())).T
    length = first[grade] + np.floor(drawn.uniform("shock months") * (last - first + 1)[grade])
    # Illness, an accident or school fees strike one; disaster and loss of work all who live there.
    one = struck["illness"] | struck["accident"] | struck["education"]
    persons = np.where(one, 1, drawn.roster.size)
    amount = np.round(loss["median"] * exp(loss["spread"] * drawn.normal("shock loss")), -2)
    return {
        "shock": kind,
        "shock_months": np.where(any_shock, length, 0).astype(np.int16),
        "shock_persons": np.where(any_shock, persons, 0).astype(np.int16),
        "shock_loss": np.where(any_shock, amount, 0.0),
    }


def _disasters(drawn: Drawn, struck: Flags | None) -> Columns:
    columns: Columns = {}
    damage = drawn.figure("house_damage")
    if struck is not None and damage is not None:
        draw = drawn.uniform("house damage")
        collapsed = struck & (draw < damage["collapsed"])
        damaged = struck & ~collapsed & (draw < damage["collapsed"] + damage["damaged"])
        hurt = np.select(
            [collapsed, damaged], [code("house_damage", "collapsed"), code("house_damage", "damaged")], 0
        )
        away = collapsed | (struck & (drawn.uniform("moved to safety") < damage["displaced"]))
        first, last = _DAYS_AWAY
        days = first + np.floor(drawn.uniform("days away") * (last - first + 1))
        columns |= {
            "house_damage": hurt.astype(np.int8),
            "displaced_persons": np.where(away, drawn.roster.size, 0).astype(np.int16),
            "displaced_days": np.where(away, days, 0).astype(np.int16),
        }
    winter = drawn.figure("winter_hardship")
    if winter is not None:
        columns["winter_hardship"] = _poorer_first(drawn, "winter hardship", drawn.by_area(winter))
    return columns


def _dwelling(drawn: Drawn, homes: Flags) -> Columns:
    columns: Columns = {}
    rent = drawn.figure("rent")
    if rent is not None:
        paid = drawn.by_area(rent) * exp(_SPREAD_OF_RENT * drawn.normal("rent"))
        columns |= {"tenant": ~homes, "rent_paid": np.where(homes, 0.0, np.round(paid, -2))}
    grades = drawn.figure("dwelling_grades")
    if grades is not None:
        # The poor live in the worst houses: the grade follows a draw that their poverty lowers.
        draw = drawn.uniform("grade of dwelling") * drawn.incomes.rank
        order = np.argsort(draw, kind="stable")
        below = np.empty(len(draw))
        for urban in (False, True):
            inside = order[drawn.urban[order] == urban]
            share = np.cumsum(drawn.weights[inside])
            below[inside] = share / share[-1] if len(inside) else 0.0
        edges = np.where(drawn.urban, 0.0, 1.0)  # houses in town were not graded
        worst = np.cumsum([grades[grade] for grade in ("D", "C", "B")])
        codes = [code("dwelling_grade", grade) for grade in ("D", "C", "B")]
        columns["dwelling_grade"] = np.select(
            [below < edges * share for share in worst], codes, code("dwelling_grade", "A")
        ).astype(np.int8)
    return columns


def _registers(drawn: Drawn) -> Columns:
    monitored = drawn.figure("monitored_share")
    if monitored is None:
        return {}
    return {"monitored": _poorer_first(drawn, "monitored", drawn.by_area(monitored))}


def last_year(drawn: Drawn, seen: Floats) -> Columns:
    """Dibao of the year before: those who looked poorest then, up to the share of persons that it had."""
    share = drawn.figure("dibao_last_year")
    if share is None:
        return {}
    roster = drawn.roster
    income = np.maximum(roster.sums(drawn.incomes.disposable), 1.0) / roster.size * seen
    before = _incomes_before(drawn, income)
    persons, admitted = drawn.weights * roster.size, np.zeros(len(before), dtype=bool)
    for urban, name in ((False, "rural"), (True, "urban")):
        inside = np.flatnonzero(drawn.urban == urban)
        order = inside[np.argsort(before[inside], kind="stable")]
        below = np.cumsum(persons[order])
        admitted[order[below <= share[name] * below[-1]] if len(order) else order] = True
    earns = roster.any_member(drawn.incomes.wage_income > 0)
    months = np.floor(12.0 * drawn.uniform("months since income rose"))
    return {
        "dibao_last_year": admitted,
        "months_since_income_rose": np.where(admitted & earns, months, 0).astype(np.int16),
    }


def _incomes_before(drawn: Drawn, income: Floats) -> Floats:
    """What last year's seen incomes are ordered by: amounts or, where the profile says how many leave
    poverty within a year, normal scores with the correlation that follows (:mod:`microsim.numerics.copula`).
    """
    chance, leaving = drawn.normal("income of last year"), drawn.county.get("income.leave_poverty")
    if leaving is None:
        return income * exp(_INCOME_OF_LAST_YEAR * chance)
    correlation = correlation_of_leaving(leaving["share"], leaving["poorest"])
    persons, scores = drawn.weights * drawn.roster.size, np.empty(len(income))
    for urban in (False, True):
        inside = np.flatnonzero(drawn.urban == urban)
        order = inside[np.argsort(income[inside], kind="stable")]
        upto = np.cumsum(persons[order])
        if len(order):
            scores[order] = normal_quantile((upto - 0.5 * persons[order]) / upto[-1])
    return correlation * scores + math.sqrt(1.0 - correlation * correlation) * chance


def _village(drawn: Drawn) -> Columns:
    """What the village shares out, and whether winters are heated where the county lies."""
    columns: Columns = {}
    dividend = drawn.figure("collective_dividend")
    if dividend is not None:
        declared = ~drawn.urban & drawn.filed_poor & (drawn.uniform("dividend declared") < dividend["share"])
        amount = dividend["median"] * exp(dividend["spread"] * drawn.normal("dividend"))
        # It was paid and is in property income, which it cannot exceed.
        most = np.floor(drawn.roster.sums(drawn.incomes.property_income) / drawn.roster.size)
        columns["collective_dividend_per_head"] = np.where(declared, np.minimum(whole(amount), most), 0.0)
    heating = drawn.figure("heating_area")
    if heating is not None:
        columns["heating_area"] = drawn.uniform("heating area") < drawn.by_area(heating)
    return columns


def _poorer_first(drawn: Drawn, purpose: str, share: Floats) -> Flags:
    """Households drawn up to a share in each area, the poor more likely."""
    out = np.zeros(len(share), dtype=bool)
    draw = drawn.uniform(purpose)
    for urban in (False, True):
        inside = drawn.urban == urban
        if inside.any():
            chance = at_level(np.where(inside, drawn.poorer, 0.0), share[inside][0], drawn.weights, inside)
            out |= inside & (draw < chance)
    return out
