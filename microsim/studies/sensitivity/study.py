"""Which undocumented numbers move a law's expenditure most: each made a tenth lower, the rest as they are."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from microsim.policy.parameters import ALWAYS
from microsim.studies.common.assumptions import UNDOCUMENTED, parameters_of, value_shown
from microsim.studies.common.expenditure import account_of

if TYPE_CHECKING:
    import pandas as pd

    from microsim.policy.policy import Policy
    from microsim.population import Population

LOWER = 0.9  # a tenth lower: upwards, a share of one would leave its bounds
MOST_HOUSEHOLDS = 50_000  # beyond which a hundred evaluations take longer than the study they are about
# Limits on how many of a thing there may be: nine tenths of a home are none.
_COUNTS = (
    *("means_test.home_limit", "means_test.edge_home_limit"),
    *("means_test.vehicle_limit", "means_test.edge_vehicle_limit"),
    "elderly_vouchers.least_failed_adls",
)
COLUMNS = ("name", "value", "unit", "source", "reference", "effect")


@dataclass(frozen=True)
class Law:
    """A law on its households; ``outputs``: the rules that were computed, so that no kernel is compiled."""

    policy: Policy
    population: Population
    outputs: Sequence[str]


def sensitivity(law: Law, base: Law | None = None) -> pd.DataFrame | None:
    """The undocumented parameters in use in the order in which they move expenditure, largest first.

    Columns: name, value, unit, source, reference, effect. ``effect``: by how many yuan a year the expenditure
    of all programmes (with ``base``: its change from base to law) moves when the value is a tenth lower, all
    its categories and steps together and everything else as it is; caps of a scenario are left out of
    account. Switches, choices and counts, which have no tenth, and figures of the county's profile, which
    were used before the study, are no part of it. None where there are too many households
    (``MOST_HOUSEHOLDS``) or the law pays nothing.
    """
    sides = [law] if base is None else [law, base]
    if any(side.population.n_households > MOST_HOUSEHOLDS or not _pays(side.policy) for side in sides):
        return None
    before = [_expenditure(side.policy, side) for side in sides]

    def effect(name: str) -> float:
        moved = [_moved(side, name, amount) for side, amount in zip(sides, before, strict=True)]
        return moved[0] - (moved[1] if base is not None else 0.0)

    return ordered(law.policy, {name: effect(name) for name in undocumented_numbers(law)})


def sensitivity_of_figure(law: Law, figure: Callable[[Policy], float]) -> pd.DataFrame | None:
    """The same for any figure of one law: ``effect`` is in its unit. None where the figure is none."""
    before = figure(law.policy)
    if law.population.n_households > MOST_HOUSEHOLDS or not math.isfinite(before):
        return None
    names = undocumented_numbers(law)
    return ordered(law.policy, {name: figure(lowered(law.policy, name)) - before for name in names})


def ordered(policy: Policy, effects: Mapping[str, float]) -> pd.DataFrame:
    """The table of parameters and their effects, the largest first."""
    import pandas as pd

    rows = []
    for name, effect in effects.items():
        dated, unit = policy.values[name], policy.parameters[name].unit
        rows.append((name, value_shown(dated.value), unit, dated.source, dated.reference, effect))
    rows.sort(key=lambda row: (-abs(row[-1]), row[0]))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def sensitivity_table(
    policy: Policy, population: Population, outputs: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """The table of one law under its name, as results folders have it; empty where there is none."""
    found = sensitivity(Law(policy, population, outputs))
    return {} if found is None else {"sensitivity": found}


def undocumented(policy: Policy, population: Population, outputs: Iterable[str]) -> list[str]:
    """The parameters in use without a document behind them, and those that the scenario changes, by name."""
    values = policy.values
    return [n for n in parameters_of(policy, population, outputs) if values[n].source in UNDOCUMENTED]


def undocumented_numbers(law: Law) -> list[str]:
    """Those of them that have a tenth: numbers and schedules."""
    found = undocumented(law.policy, law.population, law.outputs)
    return [n for n in found if law.policy.parameters[n].kind in ("number", "step") and n not in _COUNTS]


def lowered(policy: Policy, name: str) -> Policy:
    """The law with one parameter a tenth lower on every day; as it is where it does not have it."""
    if name not in policy.values:
        return policy
    dated = policy.values[name]
    lower = policy.parameters[name].with_values(
        {ALWAYS: replace(dated, value=_lower(dated.value), since=ALWAYS)}
    )
    return replace(policy, timelines={**policy.timelines, name: lower})


def _moved(side: Law, name: str, before: float) -> float:
    """By how much a law's expenditure moves; not at all where it does not have the parameter."""
    if name not in side.policy.values:
        return 0.0
    return _expenditure(lowered(side.policy, name), side) - before


def _lower(value: Any) -> Any:
    """A number, the numbers of categories, or the steps of a schedule, a tenth lower."""
    if isinstance(value, Mapping):
        return {key: _lower(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [(x, LOWER * y) for x, y in value]
    return LOWER * float(value)


def _pays(policy: Policy) -> bool:
    from microsim.studies.common.benefits import benefits

    return bool(benefits(policy))


def _expenditure(policy: Policy, side: Law) -> float:
    """Yuan a year of all programmes, in cash and in kind."""
    from microsim.simulation import simulate

    result = simulate(side.population, policy, outputs=side.outputs, warn=False)
    paid = (result.total(payment.rule) for payment in account_of(policy).payments if payment.counts)
    return float(sum(paid))
