"""Calibration of weights: the weights nearest to the given ones under which every control is met.

Deville and Särndal (1992), "Calibration estimators in survey sampling", JASA 87: minimise a distance between
new and old weights subject to ``X' w = totals``. The dual is a smooth convex problem in one multiplier per
control; a Newton solve with step halving finds it in a few steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.errors import DataError, Offence, did_you_mean
from microsim.numerics.solving import solve
from microsim.numerics.sums import dense_products, product, total
from microsim.outcome import Outcome
from microsim.population.calibration.design import Design, read_design
from microsim.population.calibration.distances import Distance, distance
from microsim.population.calibration.feasibility import (
    REFUSED,
    check_inputs,
    refuse_contradictions,
    refuse_unmet,
    refuse_unreachable,
)

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
TOLERANCE = 1e-10  # largest relative miss of a control that counts as met
MAX_STEPS = 200
_AT_BOUND = 1e-9  # of the bound, relative
_LOST = 1e-3  # of the gradient: more than this left by a Newton step means that slopes are missing
_DAMPING = 0.1  # share of the initial slopes used in their place


@dataclass(frozen=True, repr=False)
class CalibrationReport(Outcome):
    """What each control was, is, and should be; and what that did to the weights."""

    names: tuple[str, ...]
    targets: Floats
    before: Floats
    after: Floats
    steps: int
    lowest_ratio: float  # of new to old weight
    highest_ratio: float
    lowest_weight: float  # of rows that had a weight
    highest_weight: float
    rows_at_bounds: int  # rows whose ratio is the lowest or the highest allowed
    design_effect: float  # n sum(w^2) / (sum w)^2: how much less the sample is worth for its uneven weights
    method: str
    repeated: tuple[str, ...] = ()  # controls that say nothing new: they follow from those before them

    @property
    def misses(self) -> Floats:
        """Relative miss of each control (absolute where the target is 0)."""
        return (self.after - self.targets) / _scale(self.targets)

    @property
    def table(self) -> pd.DataFrame:
        """control, target, before, after, miss."""
        import pandas as pd

        return pd.DataFrame(
            {
                "control": self.names,
                "target": self.targets,
                "before": self.before,
                "after": self.after,
                "miss": self.misses,
            }
        )

    @property
    def summary(self) -> dict[str, dict[str, float | str]]:
        """Each control's total under the new weights, and what calibration did to the weights."""
        out: dict[str, dict[str, float | str]] = {
            name: {"value": float(value), "unit": ""}
            for name, value in zip(self.names, self.after, strict=True)
        }
        for name in ("lowest_ratio", "highest_ratio", "lowest_weight", "highest_weight", "design_effect"):
            out[name] = {"value": getattr(self, name), "unit": "1"}
        return out

    def __str__(self) -> str:
        return self.headline

    @property
    def headline(self) -> str:
        """How well the controls are met, and how far the weights moved."""
        worst = np.abs(self.misses).max(initial=0.0)
        repeated = f" ({len(self.repeated)} follow from others)" if self.repeated else ""
        fit = f"{len(self.names)} controls{repeated}, largest miss {worst:.1e}, {self.steps} steps"
        ratios = f"weight ratios {self.lowest_ratio:.3g} to {self.highest_ratio:.3g}"
        if self.rows_at_bounds:
            ratios += f" ({self.rows_at_bounds:,} rows at a bound)"
        weights = f"weights {self.lowest_weight:.4g} to {self.highest_weight:.4g}"
        return f"{fit}, {ratios}, {weights}, design effect {self.design_effect:.3f}"


def calibrate(
    X: Any,  # noqa: N803 (a public name)
    totals: Any,
    weights: Any,
    method: str = "raking",
    bounds: tuple[float, float] | None = None,
    importance: Any = None,
) -> tuple[Floats, CalibrationReport]:
    """Weights ``w`` with ``X' w = totals``, as near as possible to ``weights``.

    X
        rows x controls: array, DataFrame (its columns name the controls), scipy sparse, or mapping of
        name to column.
    totals
        one target per control: array, Series or mapping in any order of the names.
    weights
        starting weights, positive (a row with weight 0 keeps it).
    method
        ``raking`` (exponential distance, weights stay positive), ``linear`` (GREG; weights may become
        negative unless bounded), ``logit`` (smooth and bounded; needs ``bounds``).
    bounds
        lowest and highest ratio of new to old weight, with 0 <= low < 1 < high.
    importance
        per control, ``inf`` or left out = must be met; a finite number lets a control be missed at a price:
        doubling it about halves the relative miss.

    Controls may repeat one another as long as their totals agree; the report says which do. Returns the
    weights and a ``CalibrationReport``. Raises ``MicrosimError`` naming the controls that cannot be met:
    those out of reach alone, those whose totals contradict one another, and those that no weights of the
    kind asked for meet together, with the smallest changes of totals that would do.
    """
    matrix, names = read_design(X)
    targets, start = _vector(totals, names, "totals"), np.asarray(weights, dtype=np.float64)
    check_inputs(matrix, names, targets, start)
    softness = _softness(importance, names, start)
    shape = distance(method, bounds)
    scale = _scale(targets)
    aims = targets / scale
    scaled = matrix.scaled(scale)
    refuse_unreachable(matrix, names, targets, start, softness, shape)
    repeated = refuse_contradictions(scaled, names, aims, start, softness)
    multipliers, steps, left = _solve(scaled, aims, start, softness, shape)
    if left is not None:
        refuse_unmet(scaled, names, aims, start, softness, shape, left)
    new = start * shape.ratio(scaled.times(multipliers))
    return new, _report(matrix, names, targets, start, new, steps, method, shape, repeated)


def _solve(
    scaled: Design, aims: Floats, start: Floats, softness: Floats, shape: Distance
) -> tuple[Floats, int, Floats | None]:
    """Minimise the convex dual by Newton steps, halved until they help.

    Returns the multipliers, the number of steps and, where the solve stalls, what is left of each miss.
    """
    multipliers = np.zeros(len(aims))

    def objective(at: Floats, inner: Floats) -> float:
        # A step too long runs out of numbers; it is then halved.
        with np.errstate(over="ignore", invalid="ignore"):
            value = product(start, shape.integral(inner)) - product(aims, at)
            value += 0.5 * product(softness, np.square(at))
        return value if np.isfinite(value) else float("inf")

    inner = np.zeros(len(start))
    value = objective(multipliers, inner)
    damping: Floats | None = None
    for step in range(1, MAX_STEPS + 1):
        gradient = scaled.sums(start * shape.ratio(inner)) - aims + softness * multipliers
        if np.abs(gradient).max(initial=0.0) <= TOLERANCE:
            return multipliers, step - 1, None
        hessian = scaled.moments(start * shape.slope(inner)) + np.diag(softness)
        # Controls may repeat one another (areas and ages both add up to all residents).
        direction = solve(hessian, -gradient)
        left = dense_products(hessian, direction) + gradient
        if np.abs(left).max() > _LOST * np.abs(gradient).max():
            # Rows at their bounds have no slope: what only they change is steered by the slope they had.
            damping = scaled.moments(start) if damping is None else damping
            direction = solve(hessian + _DAMPING * damping, -gradient)
        along = scaled.times(direction)
        length, expected = 1.0, product(gradient, direction)
        while length > 1e-9:
            ahead = inner + length * along
            trial = objective(multipliers + length * direction, ahead)
            if trial <= value + 1e-4 * length * expected + 1e-12 * abs(value):
                break
            length /= 2
        else:
            break
        multipliers = multipliers + length * direction
        inner = ahead
        value = trial
    return multipliers, step, gradient


def _report(
    matrix: Design,
    names: tuple[str, ...],
    targets: Floats,
    start: Floats,
    new: Floats,
    steps: int,
    method: str,
    shape: Distance,
    repeated: tuple[str, ...],
) -> CalibrationReport:
    used = start > 0
    ratio = new[used] / start[used]
    at_bounds = np.zeros(len(ratio), dtype=bool)
    if np.isfinite(shape.high):
        near = _AT_BOUND * shape.high
        at_bounds = (ratio >= shape.high - near) | (ratio <= shape.low + near)
    return CalibrationReport(
        names=names,
        targets=targets,
        before=matrix.sums(start),
        after=matrix.sums(new),
        steps=steps,
        lowest_ratio=float(ratio.min()),
        highest_ratio=float(ratio.max()),
        lowest_weight=float(new[used].min()),
        highest_weight=float(new[used].max()),
        rows_at_bounds=int(at_bounds.sum()),
        design_effect=float(len(new) * np.square(new).sum() / new.sum() ** 2) if new.sum() else float("nan"),
        method=method,
        repeated=repeated,
    )


def _scale(targets: Floats) -> Floats:
    return np.where(targets == 0, 1.0, np.abs(targets))


def _vector(values: Any, names: tuple[str, ...], what: str) -> Floats:
    """One value per control, in the order of the controls."""
    keyed = values.to_dict() if hasattr(values, "to_dict") else values
    if isinstance(keyed, Mapping):
        given = {str(name): value for name, value in keyed.items()}
        offences = [
            Offence(f"{what} has no value for control '{name}'", hint=did_you_mean(name, given))
            for name in names
            if name not in given
        ]
        offences += [
            Offence(f"{what} names '{name}', which is no control", hint=did_you_mean(name, names))
            for name in given
            if name not in names
        ]
        if offences:
            raise DataError(offences, title=REFUSED)
        keyed = [given[name] for name in names]
    vector = np.atleast_1d(np.asarray(keyed, dtype=np.float64))
    if vector.shape != (len(names),):
        raise DataError(f"{what} has shape {vector.shape}; there are {len(names)} controls")
    return vector


def _softness(importance: Any, names: tuple[str, ...], weights: Floats) -> Floats:
    """What a relative miss of each control costs, inverted: 0 where the control must be met."""
    if importance is None:
        return np.zeros(len(names))
    values = _vector(importance, names, "importance")
    if not (values > 0).all():
        wrong = [name for name, value in zip(names, values, strict=True) if not value > 0]
        raise DataError(
            [Offence(f"importance of '{name}' must be above 0 (inf: must be met)") for name in wrong]
        )
    # Against the sum of the weights, so that the same importance means the same in a county and in a nation.
    softness: Floats = 1.0 / (values * total(weights))
    return softness
