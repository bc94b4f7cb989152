"""The measures again: plain Python loops, slow, from the definitions, sharing no code with the package.

Where the package uses ranks, these use pairs or areas, so that an error in one form shows. Data that have
no answer end in ``ZeroDivisionError``.
"""

from __future__ import annotations

import math


def _sum(values):
    return math.fsum(values)


def _counted(x, weights):
    weights = [1.0] * len(x) if weights is None else weights
    return sorted((float(v), float(w)) for v, w in zip(x, weights, strict=True) if w > 0)


def quantile(x, q, weights=None):
    rows = _counted(x, weights)
    whole = _sum(w for _, w in rows)
    if q == 0:
        return rows[0][0]
    if q == 1:
        return rows[-1][0]
    below = 0.0
    for k, (value, w) in enumerate(rows):
        below += w
        if abs(below / whole - q) <= 1e-12 and k + 1 < len(rows):
            return (value + rows[k + 1][0]) / 2
        if below / whole > q:
            return value
    return rows[-1][0]


def lorenz(x, weights=None, at=0.5):
    """Height of the polygon, by filling ``at`` of the population from the poorest upwards."""
    rows = _counted(x, weights)
    whole, total = _sum(w for _, w in rows), _sum(v * w for v, w in rows)
    room, held = at * whole, []
    for value, w in rows:
        part = min(w, room)
        held.append(part * value)
        room -= part
        if room <= 0:
            break
    return _sum(held) / total


def gini(x, weights=None):
    """Mean absolute difference of all pairs over twice the mean."""
    rows = _counted(x, weights)
    whole, total = _sum(w for _, w in rows), _sum(v * w for v, w in rows)
    apart = _sum(wi * wj * abs(vi - vj) for vi, wi in rows for vj, wj in rows)
    return apart / (2 * whole * total)


def s80s20(x, weights=None):
    """Eurostat: what the top fifth receives in all over what the bottom fifth receives in all."""
    low, high = quantile(x, 0.2, weights), quantile(x, 0.8, weights)
    rows = _counted(x, weights)
    rich = [v * w for v, w in rows if v > high]
    if not rich:
        raise ZeroDivisionError
    return _sum(rich) / _sum(v * w for v, w in rows if v <= low)


def palma(x, weights=None):
    return (1 - lorenz(x, weights, 0.9)) / lorenz(x, weights, 0.4)


def _positive(x, weights):
    rows = [(v, w) for v, w in _counted(x, weights) if v > 0]
    whole = _sum(w for _, w in rows)
    return rows, whole, _sum(v * w for v, w in rows) / whole


def theil(x, weights=None):
    rows, whole, mean = _positive(x, weights)
    return _sum(w / whole * v / mean * math.log(v / mean) for v, w in rows)


def mean_log_deviation(x, weights=None):
    rows, whole, mean = _positive(x, weights)
    return _sum(w / whole * math.log(mean / v) for v, w in rows)


def atkinson(x, epsilon, weights=None):
    if epsilon >= 1:
        rows, whole, mean = _positive(x, weights)
    else:
        rows = _counted(x, weights)
        whole = _sum(w for _, w in rows)
        mean = _sum(v * w for v, w in rows) / whole
    if epsilon == 1:
        return 1 - math.exp(_sum(w / whole * math.log(v / mean) for v, w in rows))
    power = 1 - epsilon
    return 1 - _sum(w / whole * (v / mean) ** power for v, w in rows) ** (1 / power)


def fgt(x, line, alpha, weights=None):
    rows = _counted(x, weights)
    gaps = _sum(w * ((line - v) / line) ** alpha for v, w in rows if v < line)
    return gaps / _sum(w for _, w in rows)


def watts(x, line, weights=None):
    rows, whole, _ = _positive(x, weights)
    return _sum(w * (math.log(line) - math.log(v)) for v, w in rows if v < line) / whole


def sen(x, line, weights=None):
    rows = _counted(x, weights)
    poor = [(v, w) for v, w in rows if v < line]
    if not poor:
        return 0.0
    people = _sum(w for _, w in poor)
    gap = _sum(w * (line - v) / line for v, w in poor) / people
    total = _sum(v * w for v, w in poor)
    spread = gini([v for v, _ in poor], [w for _, w in poor]) if total > 0 else 0.0
    return people / _sum(w for _, w in rows) * (gap + (1 - gap) * spread)


def at_risk_of_poverty(x, weights=None, share=0.6, by=None):
    median = quantile(x, 0.5, weights)
    if median <= 0:
        raise ZeroDivisionError
    line = share * median
    weights = [1.0] * len(x) if weights is None else weights
    labels = [None] * len(x) if by is None else by
    poor, whole = {}, {}
    for value, w, label in zip(x, weights, labels, strict=True):
        if w > 0:
            whole[label] = whole.get(label, 0.0) + w
            poor[label] = poor.get(label, 0.0) + (w if value < line else 0.0)
    rates = {label: poor[label] / whole[label] for label in whole}
    return rates[None] if by is None else rates


def concentration_index(x, rank_by, weights=None):
    """1 minus twice the area below the curve; rows with equal rank are one straight piece of it."""
    weights = [1.0] * len(x) if weights is None else weights
    groups = {}
    for value, rank, w in zip(x, rank_by, weights, strict=True):
        if w > 0:
            people, amount = groups.get(rank, (0.0, 0.0))
            groups[rank] = (people + w, amount + w * value)
    whole = _sum(people for people, _ in groups.values())
    total = _sum(amount for _, amount in groups.values())
    area, height = 0.0, 0.0
    for rank in sorted(groups):
        people, amount = groups[rank]
        area += people / whole * (height + height + amount / total) / 2
        height += amount / total
    return 1 - 2 * area


def kakwani(tax, pre, weights=None):
    return concentration_index(tax, pre, weights) - gini(pre, weights)


def reynolds_smolensky(pre, post, weights=None):
    return gini(pre, weights) - concentration_index(post, pre, weights)


def reranking(pre, post, weights=None):
    return gini(post, weights) - concentration_index(post, pre, weights)


def rank_reversals(pre, post, weights=None):
    """Shares of reversed and of levelled pairs among those that differ before, by all pairs."""
    weights = [1.0] * len(pre) if weights is None else weights
    turned = level = pairs = 0.0
    for i in range(len(pre)):
        for j in range(len(pre)):
            if pre[i] < pre[j]:
                w = weights[i] * weights[j]
                pairs += w
                turned += w * (post[i] > post[j])
                level += w * (post[i] == post[j])
    return turned / pairs, level / pairs


def redistribution(pre, post, weights=None, equals_within=0.0):
    """Total, vertical, horizontal, re-ranking; groups found by comparing, the within part as sum a_k G_k."""
    weights = [1.0] * len(pre) if weights is None else weights
    groups = {}
    for x, y, w in zip(pre, post, weights, strict=True):
        if w > 0:
            groups.setdefault(math.floor(x / equals_within) if equals_within else x, []).append((x, y, w))
    whole = _sum(weights)

    def parts(k):
        total = _sum(row[k] * row[2] for rows in groups.values() for row in rows)
        everyone = [(row[k], row[2]) for rows in groups.values() for row in rows]
        within, means = 0.0, []
        for place in sorted(groups):
            rows = groups[place]
            people, held = _sum(row[2] for row in rows), _sum(row[k] * row[2] for row in rows)
            means.append((held / people, place, people))
            if held:
                own = gini([row[k] for row in rows], [row[2] for row in rows])
                within += people / whole * held / total * own
        between = concentration_index(*map(list, zip(*means, strict=True)))
        return gini(*map(list, zip(*everyone, strict=True))), between, within

    (g0, b0, a0), (g1, b1, a1) = parts(0), parts(1)
    return g0 - g1, b0 - b1, a1 - a0, g1 - b1 - a1


def decile_groups(x, weights=None, groups=10):
    """Group of each row, counting the boundaries below it."""
    boundaries = [quantile(x, k / groups, weights) for k in range(1, groups)]
    return [1 + sum(b < v for b in boundaries) for v in x]


def derivative(measure, w, k, step=1e-5):
    """Two-sided difference of ``measure(weights)`` when the weight of row ``k`` moves."""
    up, down = list(w), list(w)
    up[k] += step
    down[k] -= step
    return (measure(up) - measure(down)) / (2 * step)
