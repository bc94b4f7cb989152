"""Which number without a document matters most: each moved by itself, and what it does to cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from microsim.studies.common.expenditure import TOTAL, account_of

if TYPE_CHECKING:
    import pandas as pd

    from microsim.policy.parameters import Parameter
    from microsim.policy.policy import Policy
    from microsim.population import Population

UNSOURCED = ("assumption", "recalled")  # what a scenario says itself is its author's own
STEP = 0.1  # where no range is stated: a tenth down and up


@dataclass(frozen=True)
class Trial:
    """A value that an undocumented parameter might have instead, as ``changes`` take it."""

    said: str
    change: Any


def unsourced(population: Population, policy: Policy) -> pd.DataFrame:
    """Parameters behind cost that no document supports, the one that moves it most first.

    Each is moved alone: to the two ends of its observed range where the law file states one, by a tenth where
    not, a switch to its other position, a choice to each other one. Columns: name, source, lowest and highest
    (the trial values), cost_lowest and cost_highest (yuan a year, the least and the greatest cost among the
    trials and the value in force), moves (their difference).
    """
    import pandas as pd

    from microsim.simulation import simulate

    rules = [payment.rule for payment in account_of(policy).subjects[TOTAL]]
    needs = policy.needs(rules, [*population.person_columns, *population.household_columns])

    def cost(under: Policy) -> float:
        result = simulate(population, under, rules)
        return sum(float(result.total(rule)) for rule in rules)

    now = cost(policy)
    rows = []
    for name in sorted(needs.parameters):
        dated = policy.values.get(name)
        if dated is None or dated.source not in UNSOURCED:
            continue
        costs = {"": now}
        for trial in trials(policy, name):
            costs[trial.said] = cost(policy.reform({name: trial.change}, allow_unusual=True))
        low, high = min(costs, key=costs.__getitem__), max(costs, key=costs.__getitem__)
        rows.append((name, dated.source, low, high, costs[low], costs[high], costs[high] - costs[low]))
    head = ["name", "source", "lowest", "highest", "cost_lowest", "cost_highest", "moves"]
    return pd.DataFrame(rows, columns=head).sort_values("moves", ascending=False, ignore_index=True)


def trials(policy: Policy, name: str) -> Iterator[Trial]:
    """The values tried for one parameter; none where its value leaves nothing to move (zero, no range)."""
    parameter, value = policy.parameters[name], policy.value(name)
    if parameter.kind == "boolean":
        yield Trial("switched", _each(value, lambda switch, cell: not switch))
        return
    if parameter.kind == "choice":
        for choice in parameter.choices:
            yield Trial(choice, choice)
        return
    for end, word in ((0, "low"), (1, "high")):
        moved = _each(value, lambda number, cell, end=end: _moved(policy, parameter, number, cell, end))
        if moved != _each(value, lambda number, cell: number):
            yield Trial(word, moved)


def _moved(policy: Policy, parameter: Parameter, value: Any, cell: tuple[str, ...], end: int) -> Any:
    """One number, or the levels of one schedule, at an end of what is observed."""
    from microsim.policy.ranges import limits_of

    def by_a_step(number: float) -> float:
        moved = number * (1.0 + (STEP if end else -STEP))
        return min(max(moved, parameter.bounds.least), parameter.bounds.most)

    if isinstance(value, tuple | list):
        return [[x, by_a_step(y)] for x, y in value]
    limits = limits_of(parameter.range_on(policy.date), cell)
    return by_a_step(value) if limits is None else (min, max)[end](value, limits[end])


def _each(value: Any, change: Any, cell: tuple[str, ...] = ()) -> Any:
    """``change`` of every cell of a value, in the form that ``changes`` take."""
    if not isinstance(value, Mapping):
        return change(value, cell)

    def inside(part: Any, place: tuple[str, ...]) -> Any:
        if isinstance(part, Mapping):
            return {key: inside(item, (*place, key)) for key, item in part.items()}
        return change(part, place)

    return {"by": inside(value, cell)}
