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

from microsim.errors import MicrosimError, Offence, did_you_mean
from microsim.population.distances import Distance, distance
from microsim.population.feasibility import (
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


@dataclass(frozen=True)
class CalibrationReport:
    """What each control was, is, and should be; and what that did to the weights."""

    names: tuple[str, ...]
    targets: Floats
    before: Floats
    after: Floats
    steps: int
    lowest_ratio: float  # of new to old weight
    highest_ratio: float
    design_effect: float  # n sum(w^2) / (sum w)^2: how much less the sample is worth for its uneven weights
    method: str

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

    def __str__(self) -> str:
        worst = np.abs(self.misses).max(initial=0.0)
        ratios = f"weight ratios {self.lowest_ratio:.3g} to {self.highest_ratio:.3g}"
        fit = f"{len(self.names)} controls, largest miss {worst:.1e}, {self.steps} steps"
        return f"{fit}, {ratios}, design effect {self.design_effect:.3f}"


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

    Returns the weights and a ``CalibrationReport``. Raises ``MicrosimError`` naming the controls that cannot
    be met.
    """
    from scipy import sparse

    matrix, names = _matrix(X)
    targets, start = _vector(totals, names, "totals"), np.asarray(weights, dtype=np.float64)
    check_inputs(matrix, names, targets, start)
    softness = _softness(importance, names, start)
    shape = distance(method, bounds)
    scale = _scale(targets)
    scaled = sparse.csr_array(matrix @ sparse.diags_array(1.0 / scale))
    refuse_unreachable(matrix, names, targets, start, softness, shape)
    refuse_contradictions(scaled, names, targets / scale, start, softness)
    multipliers, steps = _solve(scaled, targets / scale, start, softness, shape, names)
    new = start * shape.ratio(scaled @ multipliers)
    used = start > 0
    ratio = new[used] / start[used]
    report = CalibrationReport(
        names=names,
        targets=targets,
        before=np.asarray(matrix.T @ start),
        after=np.asarray(matrix.T @ new),
        steps=steps,
        lowest_ratio=float(ratio.min()),
        highest_ratio=float(ratio.max()),
        design_effect=float(len(new) * np.square(new).sum() / new.sum() ** 2) if new.sum() else float("nan"),
        method=method,
    )
    return new, report


def _solve(
    scaled: Any, aims: Floats, start: Floats, softness: Floats, shape: Distance, names: tuple[str, ...]
) -> tuple[Floats, int]:
    """Minimise the convex dual by Newton steps, halved until they help."""
    transposed = scaled.T.tocsr()
    multipliers = np.zeros(len(aims))

    def objective(at: Floats) -> float:
        # Sums, not products of vectors: those are split among threads, and their bits depend on how many.
        value = np.sum(start * shape.integral(scaled @ at)) - np.sum(aims * at)
        value += 0.5 * np.sum(softness * np.square(at))
        return float(value) if np.isfinite(value) else float("inf")

    value = objective(multipliers)
    for step in range(1, MAX_STEPS + 1):
        inner = scaled @ multipliers
        gradient = transposed @ (start * shape.ratio(inner)) - aims + softness * multipliers
        if np.abs(gradient).max(initial=0.0) <= TOLERANCE:
            return multipliers, step - 1
        curvature = start * shape.slope(inner)
        hessian = (transposed @ (scaled * curvature[:, None])).toarray() + np.diag(softness)
        # Least squares: controls may repeat one another (areas and ages both add up to all residents).
        direction = np.linalg.lstsq(hessian, -gradient, rcond=1e-12)[0]
        length, expected = 1.0, float(gradient @ direction)
        while length > 1e-9:
            trial = objective(multipliers + length * direction)
            if trial <= value + 1e-4 * length * expected + 1e-12 * abs(value):
                break
            length /= 2
        else:
            break
        multipliers = multipliers + length * direction
        value = trial
    refuse_unmet(names, gradient)
    raise AssertionError("a solve that stops early leaves some control unmet")


def _scale(targets: Floats) -> Floats:
    return np.where(targets == 0, 1.0, np.abs(targets))


def _matrix(given: Any) -> tuple[Any, tuple[str, ...]]:
    """Sparse rows x controls, and the names of the controls."""
    from scipy import sparse

    if sparse.issparse(given):
        return sparse.csr_array(given).astype(np.float64), _numbered(given.shape[1])
    if isinstance(given, Mapping):
        columns = [np.asarray(column, dtype=np.float64) for column in given.values()]
        return sparse.csr_array(np.column_stack(columns)), tuple(str(name) for name in given)
    dense = np.asarray(given, dtype=np.float64)
    if dense.ndim == 1:
        dense = dense[:, None]
    names = getattr(given, "columns", None)
    labels = _numbered(dense.shape[1]) if names is None else tuple(str(name) for name in names)
    return sparse.csr_array(dense), labels


def _numbered(count: int) -> tuple[str, ...]:
    return tuple(f"control {k}" for k in range(count))


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
            raise MicrosimError(offences, title=REFUSED)
        keyed = [given[name] for name in names]
    vector = np.atleast_1d(np.asarray(keyed, dtype=np.float64))
    if vector.shape != (len(names),):
        raise MicrosimError(f"{what} has shape {vector.shape}; there are {len(names)} controls")
    return vector


def _softness(importance: Any, names: tuple[str, ...], weights: Floats) -> Floats:
    """What a relative miss of each control costs, inverted: 0 where the control must be met."""
    if importance is None:
        return np.zeros(len(names))
    values = _vector(importance, names, "importance")
    if not (values > 0).all():
        wrong = [name for name, value in zip(names, values, strict=True) if not value > 0]
        raise MicrosimError(
            [Offence(f"importance of '{name}' must be above 0 (inf: must be met)") for name in wrong]
        )
    # Against the sum of the weights, so that the same importance means the same in a county and in a nation.
    softness: Floats = 1.0 / (values * weights.sum())
    return softness
