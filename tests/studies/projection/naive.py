"""Places, margins and flows in plain Python, one household after the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist


def places(
    kinds: Sequence[int],
    per_head: Sequence[float],
    persons: Sequence[float],
    moves: Sequence[bool],
    permanent: Sequence[float],
    chance: Sequence[float],
    correlation: float,
) -> list[int]:
    """Whose place each household takes; ``permanent`` and ``chance`` are its two normal draws."""
    taken = list(range(len(kinds)))
    for kind in set(kinds):
        old = sorted((h for h in taken if kinds[h] == kind and moves[h]), key=lambda h: per_head[h])
        whole = sum(persons[h] for h in old)
        score, upto = {}, 0.0
        for h in old:
            z = NormalDist().inv_cdf((upto + persons[h] / 2) / whole)
            upto += persons[h]
            stays = math.sqrt(correlation) * z + math.sqrt(1 - correlation) * permanent[h]
            score[h] = math.sqrt(correlation) * stays + math.sqrt(1 - correlation) * chance[h]
        before = 0.0
        for h in sorted(old, key=lambda h: score[h]):
            middle, upto = before + persons[h] / 2, 0.0
            for donor in old:
                upto += persons[donor]
                if middle <= upto:
                    taken[h] = donor
                    break
            before += persons[h]
    return taken


def stocks(
    is_in: Sequence[Sequence[bool]], weights: Sequence[Sequence[float]]
) -> list[tuple[float, float, float, float]]:
    """Year by year: stock, entries, exits, reweighting; rows are persons with the weights of the year."""
    out = []
    for year, now in enumerate(is_in):
        stock = sum(w for one, w in zip(now, weights[year], strict=True) if one)
        if not year:
            out.append((stock, math.nan, math.nan, math.nan))
            continue
        entries = exits = moved = 0.0
        for k, one in enumerate(now):
            before, early, late = is_in[year - 1][k], weights[year - 1][k], weights[year][k]
            entries += early if one and not before else 0.0
            exits += early if before and not one else 0.0
            moved += late - early if one else 0.0
        out.append((stock, entries, exits, moved))
    return out


def in_a_row(is_in: Sequence[Sequence[bool]], weights: Sequence[float], person_of: Sequence[int]) -> float:
    """Mean years in a row of those in at the end."""
    years = heads = 0.0
    for k, now in enumerate(is_in[-1]):
        if now:
            run = 0
            while run < len(is_in) and is_in[-1 - run][k]:
                run += 1
            years, heads = years + run * weights[person_of[k]], heads + weights[person_of[k]]
    return years / heads


def chance_below(score: float, limit: float, correlation: float, within: int, nodes: int) -> float:
    """Of a place below ``limit`` in at least one of ``within`` years."""
    normal, out = NormalDist(), 0.0
    for k in range(nodes):
        stays = math.sqrt(correlation) * score
        stays += math.sqrt(1 - correlation) * normal.inv_cdf((k + 0.5) / nodes)
        below = normal.cdf((limit - math.sqrt(correlation) * stays) / math.sqrt(1 - correlation))
        out += 1.0 - (1.0 - below) ** within
    return out / nodes
