"""What every household gets in dibao, outside of it and in gradual exit, under one law and in one set of
circumstances.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microsim.errors import InputError, Offence
from microsim.simulation.gates import Gates, held_at, is_held, with_gates
from microsim.studies.common.expenditure import Account, account_of

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import Population

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

GATE, BENEFIT, RESOURCES = "dibao_eligible", "dibao_benefit", "resources"
ADMITTING = ("dibao_within_law", "dibao_by_discretion")
CLAIMS, LEAVING = "claims_dibao", "gradual_exit_household"
WORK = ("unit_wage_income", "unit_business_income")
NEEDED = (GATE, BENEFIT, RESOURCES, *ADMITTING, CLAIMS, LEAVING, *WORK)
# Columns by which a household is put in gradual exit.
LAST_YEAR, SINCE, BEFORE = "dibao_last_year", "months_since_income_rose", "assessed_work_income_before_rise"
WORKING_AGE = (16, 60)


@dataclass(frozen=True)
class Amounts:
    """What households get in one status: yuan a year by paying rule, recipients by programme, resources."""

    paid: Mapping[str, Floats]
    recipients: Mapping[str, Floats]
    resources: Floats

    @property
    def dibao(self) -> Floats:
        """The dibao benefit, yuan a year."""
        return self.paid[BENEFIT]


@dataclass(frozen=True)
class Situation:
    """One law and one set of circumstances.

    ``due``: households that the law admits, or the office by discretion, and that claim. ``work``: counted
    income from work, yuan a year. ``gradual``: those that would leave step by step. ``leaving``: what they
    get in gradual exit from each month of ``steps`` on; ``exit_months``: how long that lasts. ``stable``:
    nobody in the household is able to work.
    """

    policy: Policy
    account: Account
    weight: Floats
    due: Flags
    work: Floats
    stable: Flags
    gradual: Flags
    exit_months: int
    steps: tuple[int, ...]
    inside: Amounts
    outside: Amounts
    leaving: tuple[Amounts, ...]

    def step_of(self, months: NDArray[np.int32]) -> NDArray[np.intp]:
        """Which of ``leaving`` is paid in each of these months of gradual exit, the first of which is 0."""
        return np.searchsorted(self.steps, months, side="right") - 1


def gated(policy: Policy) -> Gates:
    """The policy with the gate of dibao. Raises ``InputError`` with the rules that it lacks."""
    missing = [name for name in NEEDED if name not in policy.rules]
    if missing:
        offences = [Offence(f"the policy has no rule '{name}'", "policy") for name in missing]
        raise InputError(offences, title="dibao cannot be followed month by month")
    return with_gates(policy, [GATE])


def situation_of(population: Population, policy: Policy, work_before: Floats | None = None) -> Situation:
    """Evaluate households in every status.

    ``work_before``: counted income from work when each household was last assessed, yuan a year; left out,
    that of now. What is paid in gradual exit is worked out from it (2021 review measures, art. 33).
    """
    law = gated(policy)
    account = account_of(policy)
    size = population.n_households
    given = np.zeros(size) if work_before is None else work_before
    outside = _evaluate(population, law, account, held=False, before=given)
    due = (outside.flags[ADMITTING[0]] | outside.flags[ADMITTING[1]]) & outside.flags[CLAIMS]
    given = outside.work if work_before is None else work_before
    inside = _evaluate(population, law, account, held=True, before=given)
    steps, months = _gradual_exit(policy)
    ways = [_evaluate(population, law, account, held=None, before=given, since=step) for step in steps]
    return Situation(
        policy=policy,
        account=account,
        weight=np.asarray(population.weight),
        due=due,
        work=outside.work,
        stable=stable_households(population),
        gradual=ways[0].flags[LEAVING] if ways else np.zeros(size, dtype=bool),
        exit_months=months,
        steps=steps,
        inside=inside.amounts,
        outside=outside.amounts,
        leaving=tuple(way.amounts for way in ways),
    )


def stable_households(population: Population) -> Flags:
    """Households without a member of working age who is able to work: they are reviewed less often."""
    least, most = WORKING_AGE
    age = np.asarray(population.person_columns["age"])
    none = population.categories["labour_capacity"].index("none")
    able = (age >= least) & (age < most) & (np.asarray(population.person_columns["labour_capacity"]) != none)
    found: Flags = np.add.reduceat(able.astype(np.int64), population.offsets[:-1]) == 0
    return found


@dataclass(frozen=True)
class _Evaluated:
    amounts: Amounts
    flags: Mapping[str, Flags]
    work: Floats


def _evaluate(
    population: Population,
    law: Gates,
    account: Account,
    *,
    held: bool | None,
    before: Floats,
    since: int | None = None,
) -> _Evaluated:
    """All households with dibao ``held`` (None: as the law says), and with ``since`` in gradual exit."""
    from microsim.simulation import simulate

    size = population.n_households
    columns = {
        is_held(GATE): np.full(size, held is not None),
        held_at(GATE): np.full(size, bool(held)),
        LAST_YEAR: np.full(size, since is not None),
        SINCE: np.full(size, since or 0),
        BEFORE: before,
    }
    outputs = list(dict.fromkeys([*account.outputs, *NEEDED]))
    result = simulate(population.with_columns(households=columns), law.policy, outputs, warn=False)
    paid = {p.rule: np.asarray(result.array(p.rule)) for p in account.payments if p.counts}
    recipients = {name: result.of_households(rule) for name, rule in account.recipients.items()}
    return _Evaluated(
        Amounts(paid, recipients, np.asarray(result.array(RESOURCES))),
        {name: np.asarray(result.array(name), dtype=bool) for name in (*ADMITTING, CLAIMS, LEAVING)},
        np.asarray(result.array(WORK[0]) + result.array(WORK[1])),
    )


def _gradual_exit(policy: Policy) -> tuple[tuple[int, ...], int]:
    """Months of gradual exit from which another rate is paid, and how many months it lasts."""
    if not policy.value("gradual_exit.enabled"):
        return (), 0
    months = int(policy.amount("gradual_exit.months"))
    rate: Sequence[tuple[float, float]] = policy.value("gradual_exit.rate")
    starts = {0, *(int(np.ceil(start)) for start, _ in rate)}
    return tuple(sorted(start for start in starts if start < months)), months
