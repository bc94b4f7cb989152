"""Incomes that grow by rank: factors of market income under which quintiles grow as stated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microsim.errors import InputError, Offence
from microsim.numerics.solving import solve
from microsim.numerics.sums import product, total
from microsim.scenario.outlook.nodes import RANK_GROUPS

if TYPE_CHECKING:
    from microsim.scenario.economy import Economy
    from microsim.studies.projection.places import Incomes

Floats = NDArray[np.float64]


def relative_growth(
    economy: Economy, differences: Sequence[float], area: str, since: int, year: int
) -> Floats:
    """Of each quintile: its growth from ``since`` to ``year`` over the default path's, a factor.

    The product over the years of (g + d) / g, where g is the default growth factor of the area's incomes.
    """
    out = np.ones(RANK_GROUPS)
    for into in range(since + 1, year + 1):
        by_area = economy.factors("income_growth", into - 1, into, (area,))
        growth = by_area.get(area, by_area.get("", 1.0))
        out = out * (growth + np.array(differences)) / growth
    return out


def factors_by_rank(incomes: Incomes, areas: NDArray[np.int64], growth: Mapping[int, Floats]) -> Floats:
    """What each household's market income is multiplied by, float64[households].

    ``growth``: code of an area -> factor of each quintile of persons by income per head. The factor is a
    line between the middles of the quintiles, and flat beyond the outer two: households on either side of a
    boundary fare alike. Its values there are such that each quintile's total income, pensions included, is
    multiplied by exactly the factor given. Raises ``InputError`` where that takes a negative one.
    """
    out = np.ones(len(incomes.size))
    for area, wanted in growth.items():
        inside = np.flatnonzero((areas == area) & (incomes.persons > 0.0))
        if not len(inside) or (wanted == 1.0).all():
            continue
        order = inside[np.argsort(incomes.per_head[inside], kind="stable")]
        persons = incomes.persons[order]
        rank = (np.cumsum(persons) - 0.5 * persons) / total(persons)
        weight = persons / incomes.size[order]
        market, fixed = weight * incomes.market[order], weight * incomes.fixed[order]
        shape = hats(rank)
        group = np.minimum((rank * RANK_GROUPS).astype(np.int64), RANK_GROUPS - 1)
        matrix, right = np.zeros((RANK_GROUPS, RANK_GROUPS)), np.zeros(RANK_GROUPS)
        for q in range(RANK_GROUPS):
            mine = group == q
            for node in range(RANK_GROUPS):
                matrix[q, node] = product(market[mine], shape[mine, node])
            pensions = total(fixed[mine])
            right[q] = wanted[q] * (total(market[mine]) + pensions) - pensions
        scale = np.where(matrix.max(axis=1) > 0.0, matrix.max(axis=1), 1.0)
        matrix, right = matrix / scale[:, None], right / scale
        nodes = solve(_products(matrix, matrix), _products(matrix, right[:, None])[:, 0])
        if (nodes < 0.0).any():
            hint = "take smaller differences: incomes of one quintile cannot move so far from the next one's"
            raise InputError(Offence("growth by rank takes incomes below zero", "economy.by_rank", hint))
        out[order] = sum((shape[:, node] * nodes[node] for node in range(RANK_GROUPS)), np.zeros(len(order)))
    return out


def hats(rank: Floats) -> Floats:
    """How much each of the five middles counts at a rank: linear between two, one alone beyond the outer."""
    at = np.clip(rank * RANK_GROUPS - 0.5, 0.0, RANK_GROUPS - 1.0)
    low = np.minimum(at.astype(np.int64), RANK_GROUPS - 2)
    out = np.zeros((len(rank), RANK_GROUPS))
    rows = np.arange(len(rank))
    out[rows, low] = 1.0 - (at - low)
    out[rows, low + 1] = at - low
    return out


def _products(left: Floats, right: Floats) -> Floats:
    """``left' right`` in a stated order."""
    return np.array(
        [[product(left[:, i], right[:, j]) for j in range(right.shape[1])] for i in range(left.shape[1])]
    )
