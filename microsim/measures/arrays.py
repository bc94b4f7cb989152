"""Checked columns for the measures, ranks that share ties, and the float that remembers what was left out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from microsim.errors import DataError, MicrosimError, Offence

Floats = npt.NDArray[np.float64]
Negatives = Literal["keep", "floor", "drop"]

_OPTIONS = ("keep", "floor", "drop")
_SHOWN = 5  # positions named in a message


class PositiveOnly(float):
    """A float that was computed on positive values only, and how much weight that left out.

    ``excluded_weight`` is the sum of the weights of values at or below 0 (in the unit of the weights),
    ``excluded_share`` the same as a share of all weight (0 to 1). In every other way it is a plain float.

    >>> PositiveOnly(0.5, excluded_weight=3.0, total_weight=12.0).excluded_share
    0.25
    """

    excluded_weight: float
    total_weight: float

    def __new__(cls, value: float, excluded_weight: float, total_weight: float) -> PositiveOnly:
        self = super().__new__(cls, value)
        self.excluded_weight = excluded_weight
        self.total_weight = total_weight
        return self

    @property
    def excluded_share(self) -> float:
        return self.excluded_weight / self.total_weight

    def __reduce__(self) -> tuple[type[PositiveOnly], tuple[float, float, float]]:
        # Floats rebuild from their value alone; without this, copies and other processes would lose the rest.
        return (type(self), (float(self), self.excluded_weight, self.total_weight))


def rows(
    measure: str,
    weights: npt.ArrayLike | None,
    offences: Iterable[Offence] = (),
    *,
    negatives: Negatives = "keep",
    negatives_in: tuple[str, ...] = (),
    **columns: npt.ArrayLike,
) -> list[Floats]:
    """Weights and columns as float64[n], without the rows of weight 0.

    ``offences`` found in other arguments are raised together with those found here, as one
    ``MicrosimError`` that says ``measure`` cannot be computed. ``negatives`` acts on the columns
    ``negatives_in``, by default the first; a row is dropped where any of them is negative.
    """
    found = list(offences)
    arrays = {name: _numbers(name, values, found) for name, values in columns.items()}
    first, length = next(iter(arrays)), len(next(iter(arrays.values())))
    if length == 0 and not found:
        found.append(Offence("is empty", first, "give at least one value"))
    if weights is None:
        w = np.ones(length)
    else:
        w = _numbers("weights", weights, found)
        arrays["weights"] = w
        _list_positions(
            found, "weights", "are negative", w < 0, "a weight is the number of units a row represents"
        )
        if len(w) and not np.any(w):
            found.append(Offence("are all zero", "weights", "at least one weight must be positive"))
    found += [
        Offence(f"has {len(array)} values but {first} has {length}", name, "give one value per row")
        for name, array in arrays.items()
        if len(array) != length
    ]
    if negatives not in _OPTIONS:
        found.append(Offence(f"'{negatives}' is not one of {', '.join(_OPTIONS)}", "negatives"))
    if found:
        raise DataError(found, title=f"{measure} cannot be computed")

    data = [arrays[name] for name in columns]
    signed = [k for k, name in enumerate(columns) if name in (negatives_in or (first,))]
    counts = w > 0
    for k in signed if negatives != "keep" else ():
        if negatives == "drop":
            counts = counts & (data[k] >= 0)
        else:
            data[k] = np.maximum(data[k], 0.0)
    if counts.all():
        return [w, *data]
    if not counts.any():
        raise no_answer(
            measure, "no value is left", first, "every row with positive weight is negative and was dropped"
        )
    kept = np.flatnonzero(counts)  # one search for all columns: a mask is gone through for each of them
    return [w[kept], *(column[kept] for column in data)]


def _numbers(name: str, values: npt.ArrayLike, found: list[Offence]) -> Floats:
    """One column as float64[n]; what is wrong with it is added to ``found``."""
    raw: npt.NDArray[Any] = np.asarray(values)
    try:
        if raw.dtype.kind not in "biufO":
            raise TypeError
        array = raw.astype(np.float64, copy=False)
    except (TypeError, ValueError):
        found.append(Offence(f"holds values that are not numbers (dtype {raw.dtype})", name))
        return np.zeros(raw.size)
    if array.ndim != 1:
        found.append(Offence(f"has {array.ndim} dimensions", name, "give a column, one value per row"))
        array = array.reshape(-1)
    _list_positions(
        found, name, "are NaN or infinite", ~np.isfinite(array), "fill or leave out these rows first"
    )
    return array


def _list_positions(
    found: list[Offence], name: str, what: str, bad: npt.NDArray[np.bool_], hint: str
) -> None:
    positions = np.flatnonzero(bad)
    if len(positions):
        shown = ", ".join(map(str, positions[:_SHOWN])) + (", ..." if len(positions) > _SHOWN else "")
        text = f"{len(positions)} of {len(bad)} values {what}, at positions {shown} (the first row is 0)"
        found.append(Offence(text, name, hint))


def number(name: str, value: object, low: float, below: float = np.inf) -> list[Offence]:
    """The offence of a single number that is not finite, or not from ``low`` to under ``below``, or none."""
    if isinstance(value, (int, float, np.integer, np.floating)) and low <= value < below and value > -np.inf:
        return []
    wanted = "a finite number" if low == -np.inf else f"a number of at least {low:g}"
    return [Offence(f"is {value!r}", name, f"give {wanted}" + (f" and below {below:g}" * (below < np.inf)))]


def whole(name: str, value: object, low: int) -> list[Offence]:
    """The offence of what is no whole number of at least ``low``, or none."""
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool) and value >= low:
        return []
    return [Offence(f"is {value!r}", name, f"give a whole number of at least {low}")]


def shares(name: str, values: npt.ArrayLike) -> tuple[Floats, list[Offence]]:
    """Numbers from 0 to 1 (any shape) and the offences among them."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        return np.zeros(0), [Offence("holds values that are not numbers", name, "give numbers from 0 to 1")]
    found: list[Offence] = []
    flat = array.reshape(-1)
    _list_positions(
        found, name, "are outside 0 to 1", ~((flat >= 0) & (flat <= 1)), "give shares, not percent"
    )
    return array, found


def no_answer(measure: str, message: str, place: str = "x", hint: str = "") -> MicrosimError:
    """The error for sound input that has no answer, such as shares of a total of 0."""
    return DataError(Offence(message, place, hint), title=f"{measure} cannot be computed")


def positive_total(measure: str, x: Floats, weights: Floats, place: str = "x") -> float:
    """Weighted total of ``x``; an error where it is not positive, because shares of it would mean nothing."""
    total = float(np.sum(weights * x))
    if not total > 0:
        text = f"the weighted total is {total:g}, so shares of it do not exist"
        raise no_answer(measure, text, place, hint="the option negatives= floors or drops negative values")
    return total


def midranks(values: Floats, weights: Floats, order: npt.NDArray[np.intp] | None = None) -> Floats:
    """Fractional rank of each row: weight below it plus half the weight of its ties, over all weight.

    Shapes: ``values`` and ``weights`` float64[n], weights positive. The weighted mean of the result is 1/2.
    ``order``: that of the values where it is known, ties as they come.
    """
    if order is None:
        order = np.argsort(values, kind="stable")
    ranked = values[order]
    cumulative = np.cumsum(weights[order])
    ends = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))
    upper = cumulative[ends]
    lower = np.append(0.0, upper[:-1])
    of_group = (lower + upper) / (2.0 * cumulative[-1])
    result = np.empty(len(values))
    result[order] = np.repeat(of_group, np.diff(ends, prepend=-1))
    return result
