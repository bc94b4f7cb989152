"""What the engine reads: a population by its columns, and parameters as one vector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from microsim.engine.compiler.nodes import Plan, Slot
from microsim.errors import Offence, RuleError, did_you_mean
from microsim.policy.parameters import SCHEDULES, DatedValue, Parameter
from microsim.policy.policy import keys_at

if TYPE_CHECKING:
    from microsim.policy.policy import Policy

Floats = NDArray[np.float64]
Known = tuple[DatedValue, tuple[Any, ...], list[Any]]  # value, what it is read by -> cells in slot order


class Data(Protocol):
    """A population as the engine sees it (``microsim.Population`` fulfils it).

    ``offsets``: int64[H + 1], household h owns persons ``offsets[h]:offsets[h + 1]``. Columns are float64,
    bool, integer, or small integer codes with an entry in ``categories``.
    """

    @property
    def offsets(self) -> NDArray[np.int64]: ...
    @property
    def person_columns(self) -> Mapping[str, NDArray[Any]]: ...
    @property
    def household_columns(self) -> Mapping[str, NDArray[Any]]: ...
    @property
    def categories(self) -> Mapping[str, tuple[str, ...]]: ...
    @property
    def weight(self) -> Floats: ...
    @property
    def household_id(self) -> NDArray[Any]: ...
    @property
    def person_id(self) -> NDArray[Any]: ...


def parameter_vector(policy: Policy, plan: Plan, known: dict[str, Known] | None = None) -> Floats:
    """The vector P: one number a cell, schedules behind them, each pointed at by its cell.

    ``known``: cells as they were when last looked up. From year to year and from law to law most parameters
    have the same value, and are not looked up again.
    """
    known = {} if known is None else known
    fixed = [slot for slot in plan.slots if not slot.varies]
    count = sum(slot.cells for slot in fixed)
    head: list[float] = [0.0] * count
    tail: list[float] = []
    offences: list[Offence] = []
    for slot in fixed:
        for k, value in enumerate(_known_cells(policy, slot, offences, known)):
            if isinstance(value, list):
                head[slot.offset + k] = float(count + len(tail))
                tail += [float(len(value)), *(x for x, _ in value), *(y for _, y in value)]
            else:
                head[slot.offset + k] = value
    if offences:
        raise RuleError(offences, title="parameters without a value")
    return np.array([*head, *tail], dtype=np.float64)


def varying_matrix(policies: Sequence[Policy], plan: Plan) -> Floats:
    """The matrix V of the parameters that vary: one row a cell, one column a scenario."""
    rows = sum(slot.cells for slot in plan.slots if slot.varies)
    matrix = np.zeros((rows, len(policies)))
    offences: list[Offence] = []
    for s, policy in enumerate(policies):
        for slot in plan.slots:
            if slot.varies:
                matrix[slot.offset : slot.offset + slot.cells, s] = list(_cells(policy, slot, offences))
    if offences:
        raise RuleError(list(dict.fromkeys(offences)), title="parameters without a value")
    return matrix


def _known_cells(policy: Policy, slot: Slot, offences: list[Offence], known: dict[str, Known]) -> list[Any]:
    """:func:`_cells`, or what they were when the parameter had the value that it has now."""
    dated, parameter = policy.values.get(slot.parameter), policy.timelines[slot.parameter]
    if dated is None:
        return _cells(policy, slot, offences)
    form = (parameter.kind, parameter.unit, parameter.choices)
    last = known.get(slot.parameter)
    if last is not None and last[0] is dated and last[1] == form:
        return last[2]
    before = len(offences)
    cells = _cells(policy, slot, offences)
    if len(offences) == before:
        known[slot.parameter] = dated, form, cells
    return cells


def _cells(policy: Policy, slot: Slot, offences: list[Offence]) -> list[Any]:
    """A parameter's numbers in slot order."""
    parameter = policy.timelines[slot.parameter]
    dated = policy.values.get(slot.parameter)
    if dated is None:
        first = min(parameter.values, default=None)
        offences.append(
            Offence(
                f"{parameter.name} has no value on {policy.date}",
                parameter.place,
                f"its first value is of {first}",
            )
        )
        return [0.0] * slot.cells
    for level, (by, known) in enumerate(zip(slot.by, slot.categories, strict=True)):
        for key in dict.fromkeys(keys_at(dated.value, level)):
            if key != "default" and key not in known:
                hint = did_you_mean(key, known) or f"categories of {by}: {', '.join(known)}"
                offences.append(
                    Offence(
                        f"{parameter.name} has a value for '{key}', which is not a category of {by}",
                        parameter.place,
                        hint,
                    )
                )
    out: list[Any] = []
    for combination in _product(slot.categories):
        try:
            out.append(_number(parameter, parameter.cell(dated.value, combination)))
        except KeyError as error:
            where = " x ".join(combination)
            offences.append(
                Offence(
                    f"{parameter.name} has no value for {where} ({error.args[0]})",
                    parameter.place,
                    "add it, or a default",
                )
            )
            out.append(0.0)
    return out


def _product(categories: tuple[tuple[str, ...], ...]) -> list[tuple[str, ...]]:
    out: list[tuple[str, ...]] = [()]
    for names in categories:
        out = [(*done, name) for done in out for name in names]
    return out


def _number(parameter: Parameter, value: Any) -> Any:
    value = parameter.inside(value)
    if parameter.kind in SCHEDULES:
        return [(float(x), float(y)) for x, y in value]
    if parameter.kind == "choice":
        return float(parameter.choices.index(value))
    return float(value)
