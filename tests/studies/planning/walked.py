"""Every path over some years followed by itself, year by year, with the status that it leaves behind.

Each household's status is what the path itself made of it, however it came there. A year is worked out once
for paths that have the same law in it and the same status of every household, compared one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import microsim as ms
from microsim.population import Population
from microsim.studies.common.expenditure import account_of

LAST_YEAR = "dibao_last_year"
DIBAO = ("dibao_within_law", "dibao_by_discretion", "claims_dibao")
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Walked:
    """What one year of a path costs, yuan: in all, by paying rule, and what rural persons lack to a line."""

    cost: float
    paid: dict[str, float]
    gap: float


def walk(
    years: Sequence[int],
    ways: Callable[[int, int], Sequence[int]],
    households: Callable[[int], Population],
    law: Callable[[int, int], ms.Policy],
    urban_line: Callable[[int], float],
    carry: bool,
) -> Iterator[tuple[tuple[int, ...], list[Walked]]]:
    """Every path that starts at ratio 0, and its years.

    ``ways(year, k)``: ratios that may follow ratio ``k`` in ``year``; ``law(year, k)``: the law at a ratio.
    """
    given = {year: households(year) for year in years}
    known: dict[tuple[int, int, bytes], tuple[Walked, Flags]] = {}
    stack: list[tuple[tuple[int, ...], list[Walked], Flags | None]] = [((0,), [], None)]
    while stack:
        path, before, status = stack.pop()
        year = years[len(path) - 1]
        key = (year, path[-1], b"" if status is None else status.tobytes())
        if key not in known:
            people = given[year]
            if status is not None:
                people = people.with_columns(households={LAST_YEAR: status})
            known[key] = _year(people, law(year, path[-1]), urban_line(year))
        found, admitted = known[key]
        walked = [*before, found]
        if len(path) == len(years):
            yield path, walked
            continue
        left = admitted if carry else None
        stack += [((*path, k), walked, left) for k in ways(years[len(path)], path[-1])]


def _year(people: Population, law: ms.Policy, urban_line: float) -> tuple[Walked, Flags]:
    account = account_of(law)
    rules = [p.rule for p in account.payments]
    asked = list(dict.fromkeys([*account.outputs, *rules, "disposable_income_per_head", *DIBAO]))
    result = ms.simulate(people, law, asked, warn=False)
    by_law, by_discretion, claims = (result.array(name) for name in DIBAO)
    weight, size = np.asarray(people.weight), np.diff(people.offsets)
    rural = np.asarray(people.household_columns["area"]) == people.categories["area"].index("rural")
    lacks = np.maximum(urban_line - np.maximum(result.array("disposable_income_per_head"), 0.0), 0.0)
    totals = {name: float(result.total(name)) for name in (*account.outputs, *rules)}
    counted = {p.rule for p in account.payments if p.counts}
    return (
        Walked(sum(totals[rule] for rule in counted), totals, float(np.sum((weight * size * lacks)[rural]))),
        np.array([c and (a or b) for a, b, c in zip(by_law, by_discretion, claims, strict=True)], dtype=bool),
    )
