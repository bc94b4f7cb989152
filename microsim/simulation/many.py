"""Many scenarios in one pass: weighted totals alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.engine.runtime import drivers
from microsim.engine.runtime.arrays import Data
from microsim.engine.runtime.layout import Groups
from microsim.errors import DataError, InputError, MicrosimError, Offence
from microsim.policy.policy import Policy
from microsim.simulation.asked import grouping, in_pieces, names_of, refuse_swapped
from microsim.simulation.ignored import warn_of_ignored

if TYPE_CHECKING:
    import pandas as pd


def simulate_many(
    population: Data,
    policy: Policy,
    changes: Sequence[Mapping[str, Any]],
    outputs: Sequence[str],
    *,
    by: str | None = "area",
    threads: int | None = None,
    allow_unusual: bool = False,
) -> pd.DataFrame:
    """Weighted totals of ``outputs`` under each of ``changes`` (as for ``Policy.reform``), in one pass.

    With ``allow_unusual`` values outside the observed ranges are taken.

    Returns one row a figure: scenario (0, 1, ...), output, ``by`` (left out where ``by`` is None), value.
    Scenarios that change a schedule are run one by one, the others together. Raises with the offences of
    every scenario.
    """
    import pandas as pd

    refuse_swapped(population, policy, "simulate_many")
    outputs = names_of(outputs)
    warn_of_ignored(policy, population)
    options: dict[str, Any] = {"by": by, "threads": threads, "allow_unusual": allow_unusual}
    values, names = many_totals(population, policy, changes, outputs, **options)
    count = len(changes)
    index: dict[str, Any] = {
        "scenario": np.repeat(np.arange(count), len(outputs) * len(names)),
        "output": np.tile(np.repeat(np.array(outputs, dtype=object), len(names)), count),
    }
    if by is not None:
        index[by] = pd.Categorical(list(names) * (count * len(outputs)), categories=list(names))
    return pd.DataFrame({**index, "value": values.transpose(2, 0, 1).ravel()})


def many_totals(
    population: Data,
    policy: Policy,
    changes: Sequence[Mapping[str, Any]],
    outputs: Sequence[str],
    *,
    by: str | None = "area",
    threads: int | None = None,
    allow_unusual: bool = True,
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """As :func:`simulate_many`, but a bare array [output, group, scenario] and the names of the groups.

    Changes are those that a grid has checked, unless ``allow_unusual`` says that they are not.
    """
    policies, offences = [], []
    for k, change in enumerate(changes):
        try:
            policies.append(policy.reform(change, allow_unusual=allow_unusual))
        except MicrosimError as error:
            offences += [Offence(o.message, f"scenario {k}: {o.place}", o.hint) for o in error.offences]
    if offences:
        raise InputError(offences, title="the scenarios cannot be run")
    return totals_under(population, policy, policies, outputs, by=by, threads=threads)


def totals_under(
    population: Data,
    policy: Policy,
    policies: Sequence[Policy],
    outputs: Sequence[str],
    *,
    by: str | None = "area",
    threads: int | None = None,
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """As :func:`many_totals`, for reforms of ``policy`` that are made already."""
    by, outputs = grouping(population, by), names_of(outputs)
    policy, names = _with_person_totals(population, policy, outputs)
    policies = [p if policy.book is p.book else _rebooked(p, policy) for p in policies]
    varying, alone = _varying(policy, policies)
    groups = Groups.of(population, by)
    out = np.zeros((len(outputs), len(groups.names), len(policies)))
    together = [k for k in range(len(policies)) if k not in alone]
    batches = ([together] if together else []) + [[k] for k in sorted(alone)]
    carries = [drivers.Carry() for _ in batches]
    for piece in population.pieces() if in_pieces(population) else [population]:
        for batch, carry in zip(batches, carries, strict=True):
            chosen = [policies[k] for k in batch]
            out[:, :, batch], _ = drivers.totals(
                chosen, varying, piece, names, by=by, carry=carry, threads=threads
            )
    wrong = np.argwhere(~np.isfinite(out).all(axis=1))
    if len(wrong):
        offences = [
            Offence(
                f"the total of '{outputs[k]}' is not finite",
                f"scenario {s}",
                "simulate it alone to see which households",
            )
            for k, s in wrong
        ]
        raise DataError(offences, title="some totals cannot be computed")
    return out, groups.names


def _with_person_totals(population: Data, policy: Policy, outputs: Sequence[str]) -> tuple[Policy, list[str]]:
    """Person outputs get a household total, so that every output can be added up in the kernel."""
    from microsim.policy.policy import RuleBook
    from microsim.policy.rules import total

    names, extra = [], {}
    for name in outputs:
        rule = policy.rules.get(name)
        person = rule.entity == "person" if rule else name in population.person_columns
        categories = rule.categories if rule else population.categories.get(name)
        if person and not categories:
            extra[f"total_of_{name}"] = total(name).named(f"total_of_{name}")
        names.append(f"total_of_{name}" if f"total_of_{name}" in extra else name)
    if not extra:
        return policy, names
    book = policy.book.kernels.setdefault(
        ("with totals", tuple(sorted(extra))), RuleBook({**policy.rules, **extra}, policy.book.shapes)
    )
    return replace(policy, book=book), names


def _rebooked(policy: Policy, model: Policy) -> Policy:
    return replace(policy, book=model.book)


def _varying(base: Policy, policies: Sequence[Policy]) -> tuple[list[str], set[int]]:
    """Arguments whose values differ between scenarios, and scenarios that must be run alone (schedules)."""
    varying: set[str] = set()
    alone: set[int] = set()
    changed: set[str] = set()
    for policy in policies:
        changed |= {name for name, p in policy.timelines.items() if p is not base.timelines.get(name)}
        changed |= {path.target for path in policy.paths[len(base.paths) :]}
    for name in changed:
        values = [policy.values.get(name) for policy in policies]
        if base.timelines[name].kind in ("step", "linear", "brackets"):
            first = base.values.get(name)
            alone |= {k for k, v in enumerate(values) if (v and v.value) != (first and first.value)}
        else:
            varying.add(base.timelines[name].argument)
    return sorted(varying), alone
