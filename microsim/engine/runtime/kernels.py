"""Compiled policies: which kernel a question needs, written once and compiled once for data of one shape."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from microsim.engine.compiler.emit import ARGUMENTS, Text, write
from microsim.engine.compiler.emit_notches import write_events
from microsim.engine.compiler.nodes import Driver, Plan
from microsim.engine.compiler.plan import make_plan
from microsim.engine.runtime.arrays import Data, Known
from microsim.engine.runtime.cache import compiled, no_garbage_collection
from microsim.engine.runtime.layout import Layout, columns_of, names_of_columns
from microsim.errors import InputError, Offence
from microsim.policy.graph import Item

if TYPE_CHECKING:
    from microsim.policy.policy import Policy


@dataclass(frozen=True, eq=False)
class Kernel:
    """A compiled policy.

    ``source`` is the readable text, ``hash`` names it in the cache, ``inputs`` are the population columns it
    reads and ``outputs`` the values it gives.
    """

    plan: Plan
    text: Text
    hash: str
    function: Callable[..., Any]
    from_cache: bool
    cells: dict[str, Known] = field(default_factory=dict, repr=False)  # of parameters, when last looked up

    @property
    def source(self) -> str:
        return self.text.source

    @property
    def inputs(self) -> tuple[str, ...]:
        return (*self.text.person_columns, *self.text.household_columns)

    @property
    def outputs(self) -> tuple[str, ...]:
        return self.text.outputs


def kernel_and_layout(
    policy: Policy,
    outputs: Sequence[str],
    data: Data,
    *,
    driver: Driver = "evaluate",
    varying: Sequence[str] = (),
    totals: Sequence[str] = (),
) -> tuple[Kernel, Layout]:
    """A kernel of ``policy``, and the data as this kernel takes them: nobody behind it asks them again.

    ``varying``: argument names of parameters (``totals``) or the walked column (``walk``); values play no
    part, so that reforms share one kernel. ``totals``: household values whose weighted sums are taken on the
    way.
    """
    known = policy.book.prepared.setdefault(data, {})
    key = (tuple(outputs), driver, tuple(sorted(varying)), tuple(totals), os.environ.get("MICROSIM_CACHE"))
    if key not in known:
        with no_garbage_collection():
            known[key] = _prepared(policy, data, *key)
    kernel, layout = known[key]
    return kernel, layout


def _prepared(
    policy: Policy,
    data: Data,
    outputs: tuple[str, ...],
    driver: Driver,
    varying: tuple[str, ...],
    totals: tuple[str, ...],
    cache: str | None,
) -> tuple[Kernel, Layout]:
    """A kernel is shared by all data of one shape, its text by all with columns of the same names."""
    kernels = policy.book.kernels
    named = (outputs, driver, varying, totals, names_of_columns(data, policy.book.kinds_asked))
    if named not in kernels:
        kernels[named] = generate(policy, outputs, data, driver=driver, varying=varying, totals=totals)
    text, plan = kernels[named]
    layout = Layout.of(data, text, plan)
    key = (*named, layout.dtypes, cache)
    if key not in kernels:
        made = compiled(plan, text, _signature(plan, text, layout))
        kernels[key] = Kernel(plan, text, made.hash, made.function, made.from_cache)
    return kernels[key], layout


def generate(
    policy: Policy,
    outputs: Sequence[str],
    data: Data,
    *,
    driver: Driver = "evaluate",
    varying: Sequence[str] = (),
    totals: Sequence[str] = (),
) -> tuple[Text, Plan]:
    """The readable text of a kernel, without compiling it."""
    wanted = tuple(dict.fromkeys([*outputs, *totals]))
    items = policy.book.resolve(wanted, columns_of(data))
    _check_wanted(items, outputs, totals, driver)
    plan = make_plan(items, wanted, driver, [v for v in varying if v in items])
    keep = tuple(outputs)
    plan.outputs = keep if driver != "totals" else ()
    # The date is no part of the text: a policy on another day with the same rules shares the kernel.
    title = f"{driver.capitalize()}: {', '.join(wanted[:6])}{' ...' if len(wanted) > 6 else ''}"
    if driver == "notches":
        return write_events(plan, title), plan
    return write(plan, tuple(totals), title), plan


def _check_wanted(
    items: Mapping[str, Item], outputs: Sequence[str], totals: Sequence[str], driver: Driver
) -> None:
    """Raises for what is no value of households, or not one number where a number is needed."""
    offences = []
    walks = driver in ("walk", "notches")
    if walks and not outputs:
        offences.append(Offence("no outputs are asked for", "outputs", "name at least one household value"))
    for name in dict.fromkeys([*outputs, *totals]):
        item = items[name]
        parameter = item.parameter
        if parameter is not None and parameter.kind not in ("number", "boolean"):
            hint = f"policy.value('{parameter.name}') gives it"
            offences.append(
                Offence(f"'{name}' is a {parameter.kind} and no value of households", "outputs", hint)
            )
        elif item.categories and name in totals:
            hint = "count a yes/no rule instead"
            offences.append(Offence(f"'{name}' is a category and has no total", "outputs", hint))
        elif item.level == "person" and (name in totals or walks):
            hint = f"take total({name}) or another household value"
            offences.append(Offence(f"'{name}' differs from person to person", "outputs", hint))
    if offences:
        raise InputError(offences)


def _signature(plan: Plan, text: Text, layout: Layout) -> tuple[Any, ...]:
    """numba types of the kernel's arguments: it is compiled once, under the lock, for the data at hand."""
    import numpy as np
    from numba import typeof as numba_type
    from numba import types

    typeof: Callable[[Any], Any] = numba_type

    def array(dtype: Any, dimensions: int) -> Any:
        return typeof(np.empty((1,) * dimensions, dtype))

    whole, number, yes_no = types.int64, types.float64, types.boolean
    numbers, table = array(np.float64, 1), array(np.float64, 2)
    codes, indices = array(np.uint8, 1), array(np.uint64, 1)
    types_by_name = {
        **dict.fromkeys(("block_from", "block_to", "start", "most_members"), whole),
        **dict.fromkeys(("low", "high", "smallest"), number),
        "kinks": yes_no,
        "offsets": typeof(layout.offsets),
        "weight": typeof(layout.weight),
        "sums": array(np.float64, 3 if plan.driver == "evaluate" else 4),
        **dict.fromkeys(("group", "flags"), codes),
        **dict.fromkeys(("rows", "walked_member", "owners", "cases"), indices),
        **dict.fromkeys(("P", "grid", "present"), numbers),
        **dict.fromkeys(("V", "levels", "places", "jumps"), table),
    }
    fixed = [types_by_name[name] for name in ARGUMENTS[plan.driver].split(", ")]
    columns = [typeof(values) for values in layout.columns.values()]
    dimensions = 2 if plan.driver == "walk" else 1
    written = layout.outputs.values() if plan.driver != "notches" else ()
    outputs = [array(dtype, dimensions) for _, dtype in written]
    return (*fixed, *columns, *outputs)
