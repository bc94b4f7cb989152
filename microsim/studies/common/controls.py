"""What a survey's weights were calibrated to: controls by name, as columns of households."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.errors import Offence, did_you_mean

if TYPE_CHECKING:
    from microsim.engine.runtime.arrays import Data

Floats = NDArray[np.float64]
SIZE = "household_size"  # persons of the household, which is no column
_WHOLE = 1e-3  # a total this near to a whole number was made so: chance does it once in 500


def control_columns(population: Data, controls: Sequence[str]) -> Floats:
    """The controls as float64[households, k]: of each household, what it adds to each total.

    A control is a column, or several joined by ``*``. Of households: households in each category, or the
    amount. With a person column among them: members in each category, or the members' sum. So ``"area"`` is
    households by area, ``"area*household_size"`` persons by area, ``"area*sex"`` persons by area and sex.
    """
    found = [column for control in controls for column in _of_control(population, control)]
    return np.column_stack(found) if found else np.zeros((len(population.weight), 0))


def unknown_controls(population: Data, controls: Sequence[str]) -> list[Offence]:
    """Controls that name no column."""
    known = [SIZE, *population.household_columns, *population.person_columns]
    return [
        Offence(f"there is no column '{name}'", "controls", did_you_mean(name, known) or ", ".join(known))
        for control in controls
        for name in _names(control)
        if name not in known
    ]


def made_whole(population: Data) -> list[str]:
    """Columns whose every category has a whole number of persons or households, by weights that are not.

    Weights of a drawn sample do not add up so; calibrated ones do.
    """
    weights = np.asarray(population.weight, dtype=np.float64)
    if np.array_equal(weights, np.round(weights)):
        return []
    found = []
    for name, categories in population.categories.items():
        control = f"{name}*{SIZE}" if name in population.household_columns else name
        for one in dict.fromkeys((name, control)):
            columns = [column for column in _of_control(population, one) if column.any()]
            totals = np.array([weights @ column for column in columns])
            varies = any(np.ptp(weights[column > 0]) > 0 for column in columns)
            if len(categories) > 1 and len(columns) > 1 and varies and _is_whole(totals):
                found.append(one)
                break
    return found


def _is_whole(totals: Floats) -> bool:
    return bool(np.all(np.abs(totals - np.round(totals)) < _WHOLE))


def _names(control: str) -> list[str]:
    return [name.strip() for name in control.split("*")]


def _of_control(population: Data, control: str) -> Iterator[Floats]:
    names = _names(control)
    sizes = np.diff(population.offsets)
    of_persons = any(name in population.person_columns for name in names)
    products: list[Floats] = [np.ones(int(sizes.sum()) if of_persons else len(sizes))]
    for name in names:
        parts = list(_parts(population, name, sizes))
        if of_persons and name not in population.person_columns:
            parts = [np.repeat(part, sizes) for part in parts]
        products = [product * part for product in products for part in parts]
    for product in products:
        yield np.add.reduceat(product, population.offsets[:-1]) if of_persons else product


def _parts(population: Data, name: str, sizes: NDArray[Any]) -> Iterator[Floats]:
    """A column as numbers: itself, or one of 0 and 1 for each category."""
    if name == SIZE:
        yield sizes.astype(np.float64)
        return
    of_persons = name in population.person_columns
    column = np.asarray((population.person_columns if of_persons else population.household_columns)[name])
    if name in population.categories:
        for code in range(len(population.categories[name])):
            yield (column == code).astype(np.float64)
    elif column.dtype == bool:
        yield column.astype(np.float64)
        yield (~column).astype(np.float64)
    else:
        yield column.astype(np.float64)
