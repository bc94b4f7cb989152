"""What a change costs at the margin, and whom: a line that rises, and one more recipient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from microsim.studies.common.expenditure import Account, by_area
from microsim.studies.common.payers import GOVERNMENT
from microsim.studies.common.rationing.study import ration
from microsim.studies.common.within_year import Stretch, totals_of_year
from microsim.studies.financing.rules import CENTRE, Amount, Task

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import Population
    from microsim.scenario.budget.caps import Cap
    from microsim.studies.financing.reading import Financing

LINE = "dibao.line"
STEP = 1.0  # yuan a year by which the line is moved, up and down
PERCENT = 1.01
MOVES = 3  # of the line: lower, higher, and one per cent higher
DIBAO = "dibao"
UNASSIGNED = "unassigned"  # the key of programmes that no financing rule names: the county pays them

Tasks = Mapping[str, Task]  # key -> what is to be financed


class Financed(Protocol):
    """How each financing key is paid, new central money included."""

    @property
    def increases(self) -> Mapping[str, object]: ...

    def split(self, key: str, task: Task) -> Mapping[str, Amount]: ...

    def added_by(self, key: str, task: Task) -> Amount: ...


@dataclass(frozen=True)
class Moved:
    """What is to be financed with the line one yuan a year lower and higher, and one per cent higher.

    ``others`` likewise: payer that is no budget -> yuan a year.
    """

    lower: Tasks
    higher: Tasks
    percent: Tasks
    others: tuple[Mapping[str, float], Mapping[str, float]]

    def yuan(self, how: Financed) -> dict[tuple[str, str], float]:
        """(key, payer) -> yuan a year more for one yuan a year more of the line in every area.

        The rules' slopes at the middle, times what a yuan moves of expenditure and of recipients.
        """
        out: dict[tuple[str, str], float] = {}
        for key, high in self.higher.items():
            low = self.lower[key]
            cost, recipients = (
                (high.cost - low.cost) / (2 * STEP),
                (high.recipients - low.recipients) / (2 * STEP),
            )
            middle = Task((high.cost + low.cost) / 2, (high.recipients + low.recipients) / 2)
            amounts = dict(how.split(key, middle))
            if key in how.increases:
                amounts[CENTRE] = amounts[CENTRE].plus(how.added_by(key, middle))
            for level, amount in amounts.items():
                out[key, level] = amount.per_yuan * cost + amount.per_recipient * recipients
        low_others, high_others = self.others
        for payer, value in high_others.items():
            out["", payer] = (value - low_others[payer]) / (2 * STEP)
        return out


def moved(
    population: Population, stretches: Sequence[Stretch], account: Account, keys: Mapping[str, str]
) -> Moved | None:
    """The three moves of the dibao line, one pass over the households for each stretch of the year.

    ``keys``: programme -> financing key. None where the law has no such line.
    """
    found = moved_under(population, stretches, [{}], account, keys)
    return None if found is None else found[0]


def moved_under(
    population: Population,
    stretches: Sequence[Stretch],
    changes: Sequence[Mapping[str, Any]],
    account: Account,
    keys: Mapping[str, str],
    threads: int | None = None,
) -> list[Moved] | None:
    """:func:`moved` under each of some changes of the law, all of them in the same passes."""
    from microsim.simulation import totals_under

    if not all(_has_line(one.policy) for one in stretches):
        return None
    outputs = _rules(account)

    def totals(one: Stretch, asked: list[str]) -> tuple[NDArray[np.float64], tuple[str, ...]]:
        laws = (one.policy.reform(said, allow_unusual=True) if said else one.policy for said in changes)
        policies = [law for middle in laws for law in _moves(middle)]
        return totals_under(population, policies[0], policies, asked, threads=threads)

    sums, _ = totals_of_year(stretches, outputs, totals)
    county = [dict(zip(outputs, values, strict=True)) for values in sums.sum(axis=1).T.tolist()]
    return [_moved(county[k : k + MOVES], account, keys) for k in range(0, len(county), MOVES)]


def moved_within(
    population: Population,
    policy: Policy,
    caps: Sequence[Cap],
    outputs: Sequence[str],
    account: Account,
    keys: Mapping[str, str],
) -> Moved | None:
    """:func:`moved` where money runs out: the ``caps`` are met anew under each of the three lines.

    ``policy`` is the law without caps, ``outputs`` the rules that a run with them asks for.
    """
    from microsim.simulation import simulate

    if not _has_line(policy):
        return None
    served = (
        ration(simulate(population, law, outputs, warn=False), caps, outputs).result for law in _moves(policy)
    )
    rules = _rules(account)
    return _moved(
        [{rule: sum(by_area(one, rule).values()) for rule in rules} for one in served], account, keys
    )


def _rules(account: Account) -> list[str]:
    return list(dict.fromkeys([*(p.rule for p in account.payments), *account.recipients.values()]))


def _moved(totals: Sequence[Mapping[str, float]], account: Account, keys: Mapping[str, str]) -> Moved:
    """Out of the weighted totals by rule with the line lower, higher, and one per cent higher."""
    low, high, percent = (tasks_of(one, account, keys) for one in totals)
    return Moved(low, high, percent, (others_of(totals[0], account), others_of(totals[1], account)))


def others_of(totals: Mapping[str, float], account: Account) -> dict[str, float]:
    """Payer that is no budget -> what it pays, out of weighted totals by rule."""
    out: dict[str, float] = {}
    for p in account.payments:
        if p.source.payer != GOVERNMENT:
            out[p.source.payer] = out.get(p.source.payer, 0.0) + totals[p.rule]
    return out


def _has_line(policy: Policy) -> bool:
    line = policy.parameters.get(LINE)
    return line is not None and LINE in policy.values and line.by == ("area",)


def _moves(policy: Policy) -> list[Policy]:
    """The law with its line lower, higher, and one per cent higher."""
    # A line on a path is taken as it is on the day.
    held = replace(policy, paths=tuple(path for path in policy.paths if path.target != LINE))
    areas = tuple(policy.values[LINE].value)

    def at(change: float, factor: float) -> Policy:
        values = {
            area: policy.value(f"{LINE}.{area}") * (factor + change / policy.amount(f"{LINE}.{area}"))
            for area in areas
        }
        return held.reform({LINE: {"by": values}}, allow_unusual=True)

    return [at(-STEP, 1.0), at(STEP, 1.0), at(0.0, PERCENT)]


def keys_of(account: Account, financing: Financing) -> dict[str, str]:
    """Programme that budgets pay for -> its financing key."""
    out = {}
    for payment in account.payments:
        if payment.source.payer == GOVERNMENT:
            key = financing.key_of(payment.programme)
            out[payment.programme] = UNASSIGNED if key is None else key.name
    return out


def tasks_of(totals: Mapping[str, float], account: Account, keys: Mapping[str, str]) -> dict[str, Task]:
    """Key -> what budgets pay of its programmes (wages of public posts among it), and their recipients."""
    out: dict[str, Task] = {}
    for programme, key in keys.items():
        cost = sum(
            totals[p.rule]
            for p in account.payments
            if p.programme == programme and p.source.payer == GOVERNMENT
        )
        recipients = totals.get(account.recipients.get(programme, ""), 0.0)
        had = out.get(key, Task(0.0, 0.0))
        out[key] = Task(had.cost + cost, had.recipients + recipients)
    return out


def recipient_cost(dibao: Task, county: Amount) -> float:
    """What the county itself pays for one more recipient of dibao with the mean payment, yuan a year."""
    mean = dibao.cost / dibao.recipients if dibao.recipients else 0.0
    return mean * county.per_yuan + county.per_recipient
