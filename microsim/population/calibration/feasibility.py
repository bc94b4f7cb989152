"""Controls that no weights can meet, named."""

from __future__ import annotations

from copy import copy

import numpy as np
from numpy.typing import NDArray

from microsim.errors import DataError, Offence
from microsim.numerics.solving import following, null_space
from microsim.numerics.sums import product
from microsim.population.calibration.design import Design
from microsim.population.calibration.distances import Distance

Floats = NDArray[np.float64]
REFUSED = "the weights cannot be calibrated"
_SHOWN = 10
_SECONDS = 60.0  # for the search of what cannot be met together
_NULL = 1e-10  # of a squared length, times the number of controls: what is this short is nothing
_SLACK = 1e-9  # relative: rounding of published totals is far above, rounding of sums far below


def check_inputs(matrix: Design, names: tuple[str, ...], targets: Floats, start: Floats) -> None:
    """Shapes fit, every number is finite, starting weights are not negative."""
    offences = []
    if start.shape != (matrix.rows,):
        offences.append(Offence(f"weights have shape {start.shape}; X has {matrix.rows} rows"))
    elif not np.isfinite(start).all() or (start < 0).any():
        bad = np.flatnonzero(~np.isfinite(start) | (start < 0))
        rows = ", ".join(f"row {row} ({float(start[row])!r})" for row in bad[:5])
        offences.append(Offence(f"starting weights must be finite and not negative: {rows}"))
    elif not start.any():
        offences.append(Offence("all starting weights are 0"))
    if not np.isfinite(matrix.data).all():
        columns = sorted({names[column] for column in matrix.indices[~np.isfinite(matrix.data)]})
        offences += [Offence(f"control '{name}' has missing or infinite values") for name in columns]
    offences += [
        Offence(f"the total of control '{name}' is {float(target)!r}")
        for name, target in zip(names, targets, strict=True)
        if not np.isfinite(target)
    ]
    if offences:
        raise DataError(offences, title=REFUSED)


def refuse_unreachable(
    matrix: Design, names: tuple[str, ...], targets: Floats, start: Floats, softness: Floats, shape: Distance
) -> None:
    """Each control alone: does its total lie between the lowest and the highest that the ratios allow?"""
    up, down = _positive_and_negative_parts(matrix, start)
    low, high = shape.low, shape.high
    with np.errstate(invalid="ignore"):
        lowest = np.where(up > 0, low * up, 0.0) - np.where(down > 0, high * down, 0.0)
        highest = np.where(up > 0, high * up, 0.0) - np.where(down > 0, low * down, 0.0)
    slack = _SLACK * np.maximum(np.abs(targets), 1.0)
    offences = []
    for k, name in enumerate(names):
        if softness[k] > 0 or lowest[k] - slack[k] <= targets[k] <= highest[k] + slack[k]:
            continue
        if up[k] == 0 and down[k] == 0:
            offences.append(
                Offence(f"control '{name}' should be {targets[k]:,.6g}, but it is 0 in every row")
            )
            continue
        offences.append(
            Offence(
                f"control '{name}' should be {targets[k]:,.6g}; "
                f"weights within bounds give {lowest[k]:,.6g} to {highest[k]:,.6g}"
            )
        )
    if offences:
        raise DataError(offences, title=REFUSED)


def refuse_contradictions(
    scaled: Design, names: tuple[str, ...], aims: Floats, start: Floats, softness: Floats
) -> tuple[str, ...]:
    """Controls that add up to one another must have totals that do; returns those that say nothing new."""
    hard = np.flatnonzero(softness == 0)
    gram = scaled.moments((start > 0).astype(np.float64))[np.ix_(hard, hard)]
    unit = np.sqrt(np.where(gram.diagonal() > 0, gram.diagonal(), 1.0))
    correlations = gram / np.outer(unit, unit)
    nothing = _NULL * max(len(hard), 1)
    # A combination of controls that is 0 in every row must have a total of 0.
    wrong = np.zeros(len(hard))
    basis: list[Floats] = []
    for combination in null_space(correlations, nothing) / unit:
        left = combination
        for one in basis:
            left = left - product(one, left) * one
        basis.append(left / np.sqrt(product(left, left)))
        wrong += product(basis[-1], aims[hard]) * basis[-1]
    if not basis:
        return ()
    if np.abs(wrong).max() <= _SLACK:
        return tuple(names[k] for k in hard[following(correlations, nothing)])
    involved = [int(k) for k in np.argsort(-np.abs(wrong), kind="stable") if abs(wrong[k]) > _SLACK]
    raise DataError(
        Offence(
            f"the totals of these controls are inconsistent: "
            f"{_listed(names, sorted(int(hard[k]) for k in involved))}; what adds up to the same "
            f"thing in every row has totals that differ (by up to {np.abs(wrong).max():.2g} of a total)",
            hint="reconcile the totals, or give the less trusted ones a finite importance",
        ),
        title=REFUSED,
    )


def refuse_unmet(
    scaled: Design,
    names: tuple[str, ...],
    aims: Floats,
    start: Floats,
    softness: Floats,
    shape: Distance,
    relative_miss: Floats,
) -> None:
    """The solve stalled: say whether the controls can be met at all, and which conflict with each other.

    A linear programme looks for weights within the bounds whose relative misses add up to the least; what it
    misses is named. ``relative_miss`` is what the stalled solve left, reported if the programme gives none.
    """
    title = f"{REFUSED}: no weights of this kind meet all controls together; the nearest miss these"
    low, high = max(shape.low, 0.0) if np.isfinite(shape.low) else -np.inf, shape.high
    misses, conflict = _least_misses(scaled, aims, start, softness, low, high)
    if misses is not None and np.abs(misses).max(initial=0.0) <= _SLACK:
        raise DataError(
            Offence(
                f"all controls can be met, but only with weights at the very edge of the ratios allowed "
                f"({low:g} to {high:g}), which this method reaches slowly or never; the solve stopped with "
                f"{_listed(names, np.flatnonzero(np.abs(relative_miss) > _SLACK).tolist())} unmet",
                hint="allow wider bounds, or use method='linear', which reaches its bounds",
            ),
            title=REFUSED,
        )
    left = relative_miss if misses is None else misses
    worst = [int(k) for k in np.argsort(-np.abs(left), kind="stable")[:_SHOWN] if abs(left[k]) > _SLACK]
    offences = [Offence(f"control '{names[k]}' stays {left[k]:+.3%} off its total") for k in worst]
    if len(conflict) > 1:
        offences.append(Offence(f"these conflict with each other: {_listed(names, conflict)}"))
    if (low, high) != (0.0, np.inf) and misses is not None:
        free, _ = _least_misses(scaled, aims, start, softness, 0.0, np.inf)
        if free is not None and np.abs(free).max(initial=0.0) <= _SLACK:
            offences.append(
                Offence(
                    f"the bounds prevent it: without them (ratios {low:g} to {high:g}) "
                    f"all controls could be met",
                    hint="widen the bounds, or give the less trusted controls a finite importance",
                )
            )
    raise DataError(
        offences
        or [Offence(f"control '{names[int(np.argmax(np.abs(left)))]}' is not met to the last digits")],
        title=title,
    )


def _least_misses(
    scaled: Design, aims: Floats, start: Floats, softness: Floats, low: float, high: float
) -> tuple[Floats | None, list[int]]:
    """Misses per control whose sizes add up to the least, and the controls that cause them (by duality)."""
    from scipy import sparse
    from scipy.optimize import linprog

    hard, used = np.flatnonzero(softness == 0), np.flatnonzero(start > 0)
    rows = (scaled.sparse[used] * start[used, None]).tocsc()[:, hard].T
    one = sparse.eye_array(len(hard))
    found = linprog(
        np.concatenate([np.zeros(len(used)), np.ones(2 * len(hard))]),
        A_eq=sparse.hstack([rows, one, -one], format="csc"),
        b_eq=aims[hard],
        bounds=[(low, high)] * len(used) + [(0, None)] * (2 * len(hard)),
        method="highs",
        options={"time_limit": _SECONDS},
    )
    if found.status != 0:
        return None, []
    short, over = found.x[len(used) : len(used) + len(hard)], found.x[len(used) + len(hard) :]
    misses = np.zeros(len(aims))
    misses[hard] = over - short
    return misses, [int(hard[k]) for k in np.flatnonzero(np.abs(found.eqlin.marginals) > _SLACK)]


def _listed(names: tuple[str, ...], which: list[int]) -> str:
    listed = ", ".join(f"'{names[k]}'" for k in which[:_SHOWN])
    return f"{listed} and {len(which) - _SHOWN} more" if len(which) > _SHOWN else listed


def _positive_and_negative_parts(matrix: Design, start: Floats) -> tuple[Floats, Floats]:
    if (matrix.data >= 0.0).all():
        return matrix.sums(start), np.zeros(matrix.controls)
    up, down = copy(matrix), copy(matrix)
    up.data, down.data = np.maximum(matrix.data, 0.0), np.maximum(-matrix.data, 0.0)
    return up.sums(start), down.sums(start)
