"""Controls that no weights can meet, named."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from microsim.errors import MicrosimError, Offence
from microsim.population.distances import Distance

Floats = NDArray[np.float64]
REFUSED = "the weights cannot be calibrated"
_SHOWN = 10
_SLACK = 1e-9  # relative: rounding of published totals is far above, rounding of sums far below


def check_inputs(matrix: Any, names: tuple[str, ...], targets: Floats, start: Floats) -> None:
    """Shapes fit, every number is finite, starting weights are not negative."""
    offences = []
    if start.shape != (matrix.shape[0],):
        offences.append(Offence(f"weights have shape {start.shape}; X has {matrix.shape[0]} rows"))
    elif not np.isfinite(start).all() or (start < 0).any():
        bad = np.flatnonzero(~np.isfinite(start) | (start < 0))
        rows = ", ".join(f"row {row} ({float(start[row])!r})" for row in bad[:5])
        offences.append(Offence(f"starting weights must be finite and not negative: {rows}"))
    elif not start.any():
        offences.append(Offence("all starting weights are 0"))
    if not np.isfinite(matrix.data).all():
        columns = sorted({names[column] for column in matrix.tocoo().col[~np.isfinite(matrix.data)]})
        offences += [Offence(f"control '{name}' has missing or infinite values") for name in columns]
    offences += [
        Offence(f"the total of control '{name}' is {float(target)!r}")
        for name, target in zip(names, targets, strict=True)
        if not np.isfinite(target)
    ]
    if offences:
        raise MicrosimError(offences, title=REFUSED)


def refuse_unreachable(
    matrix: Any, names: tuple[str, ...], targets: Floats, start: Floats, softness: Floats, shape: Distance
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
                Offence(f"control '{name}' should be {targets[k]:,.6g}, but no row has any of it")
            )
            continue
        offences.append(
            Offence(
                f"control '{name}' should be {targets[k]:,.6g}; "
                f"weights within bounds give {lowest[k]:,.6g} to {highest[k]:,.6g}"
            )
        )
    if offences:
        raise MicrosimError(offences, title=REFUSED)


def refuse_contradictions(
    scaled: Any, names: tuple[str, ...], aims: Floats, start: Floats, softness: Floats
) -> None:
    """Controls that add up to one another must have totals that do."""
    hard = np.flatnonzero(softness == 0)
    rows = scaled[start > 0][:, hard]
    gram = (rows.T @ rows).toarray()
    unit = np.sqrt(np.where(gram.diagonal() > 0, gram.diagonal(), 1.0))
    values, vectors = np.linalg.eigh(gram / np.outer(unit, unit))
    # A combination of controls that is 0 in every row must have a total of 0.
    dependent = vectors[:, values < 1e-12 * max(len(hard), 1) * 100] / unit[:, None]
    if not dependent.shape[1]:
        return
    basis = np.linalg.qr(dependent)[0]
    wrong = basis @ (basis.T @ aims[hard])
    if np.abs(wrong).max() <= _SLACK:
        return
    involved = [int(k) for k in np.argsort(-np.abs(wrong), kind="stable") if abs(wrong[k]) > _SLACK]
    listed = ", ".join(f"'{names[hard[k]]}'" for k in sorted(involved[:_SHOWN]))
    more = f" and {len(involved) - _SHOWN} more" if len(involved) > _SHOWN else ""
    raise MicrosimError(
        Offence(
            f"the totals of these controls contradict one another: {listed}{more}; what adds up to the same "
            f"thing in every row has totals that differ (by up to {np.abs(wrong).max():.2g} of a total)",
            hint="reconcile the totals, or give the less trusted ones a finite importance",
        ),
        title=REFUSED,
    )


def refuse_unmet(names: tuple[str, ...], relative_miss: Floats) -> None:
    """The solve stalled: no weights of the allowed kind meet all controls together."""
    worst = np.argsort(-np.abs(relative_miss), kind="stable")[:_SHOWN]
    offences = [
        Offence(f"control '{names[k]}' stays {relative_miss[k]:+.3%} off its total")
        for k in worst
        if abs(relative_miss[k]) > _SLACK
    ]
    raise MicrosimError(
        offences or [Offence(f"control '{names[int(worst[0])]}' is not met to the last digits")],
        title=f"{REFUSED}: no weights of this kind meet all controls together; the nearest miss these",
    )


def _positive_and_negative_parts(matrix: Any, start: Floats) -> tuple[Floats, Floats]:
    up = matrix.maximum(0.0).T @ start
    down = (-matrix).maximum(0.0).T @ start
    return np.asarray(up), np.asarray(down)
