"""Running a policy on a population: results as DataFrames and weighted totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeGuard

import numpy as np
from numpy.typing import ArrayLike, NDArray

from microsim.engine import drivers
from microsim.engine.codegen import BLOCK
from microsim.engine.data import Data
from microsim.engine.kernels import Kernel
from microsim.engine.policy import Policy
from microsim.errors import MicrosimError, Offence, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from microsim.engine.explain import Explanation


class InPieces(Data, Protocol):
    """A population on disk that is gone through piece by piece (``Population.open`` gives one)."""

    @property
    def n_households(self) -> int: ...
    @property
    def n_persons(self) -> int: ...
    def pieces(self) -> Iterator[InPieces]: ...


def _in_pieces(population: Data) -> TypeGuard[InPieces]:
    # isinstance with a protocol would read every column that is a property.
    return hasattr(population, "pieces")


@dataclass(frozen=True, eq=False)
class Result:
    """Outputs of a policy on a population.

    ``households`` and ``persons`` are DataFrames with ids, weight and the asked-for outputs; ``array(name)``
    is the bare column; ``total(name)`` the weighted total.
    """

    population: Data
    policy: Policy
    outputs: tuple[str, ...]
    arrays: Mapping[str, NDArray[Any]] = field(repr=False)
    kernel: Kernel = field(repr=False)
    by: str | None = None
    _ready: Mapping[str, tuple[tuple[str, ...], NDArray[np.float64]]] = field(
        default_factory=dict, repr=False
    )

    def array(self, output: str) -> NDArray[Any]:
        """One value a household (or person); categoricals as codes."""
        if output not in self.arrays:
            hint = did_you_mean(output, self.arrays) or f"asked for: {', '.join(self.arrays)}"
            raise MicrosimError(Offence(f"'{output}' is not among the outputs of this run", "", hint))
        return self.arrays[output]

    def categories(self, output: str) -> tuple[str, ...]:
        item = self.kernel.plan.nodes[output].item
        return item.categories if item is not None else ()

    def is_person(self, output: str) -> bool:
        return self.kernel.plan.nodes[output].level == "person"

    @cached_property
    def households(self) -> pd.DataFrame:
        """One row a household: household_id, weight and household outputs."""
        return self._frame(
            False, {"household_id": self.population.household_id, "weight": self.population.weight}
        )

    @cached_property
    def persons(self) -> pd.DataFrame:
        """One row a person: person_id, household_id, weight (of the household) and person outputs."""
        sizes = np.diff(self.population.offsets)
        ids = {
            "person_id": self.population.person_id,
            "household_id": np.repeat(self.population.household_id, sizes),
            "weight": np.repeat(self.population.weight, sizes),
        }
        return self._frame(True, ids)

    def _frame(self, person: bool, ids: dict[str, NDArray[Any]]) -> pd.DataFrame:
        import pandas as pd

        columns: dict[str, Any] = dict(ids)
        for name in self.outputs:
            if self.is_person(name) == person:
                words = self.categories(name)
                codes = self.arrays[name]
                columns[name] = (
                    pd.Categorical.from_codes(codes.astype(np.int64), pd.Index(words)) if words else codes
                )
        return pd.DataFrame(columns)

    def total(self, output: str, by: str | None = None) -> Any:
        """Weighted total: a float, or a Series over the categories of the household column ``by``.

        A yes/no output is counted. A person output is added over persons with their household's weight.
        Raises ``MicrosimError`` where a value is not finite (a rule divided by zero, say).
        """
        import pandas as pd

        ready = self._ready.get(output)
        if ready is not None and by == self.by:
            names, values = ready
        else:
            names, values = self._summed(output, by)
        if not np.isfinite(values).all():
            raise MicrosimError(self._not_finite(output))
        if by is None:
            return float(values[0])
        return pd.Series(
            values, index=pd.CategoricalIndex(list(names), categories=list(names), name=by), name=output
        )

    def _summed(self, output: str, by: str | None) -> tuple[tuple[str, ...], NDArray[np.float64]]:
        everyone = self.array(output)
        if self.categories(output):
            raise MicrosimError(
                Offence(f"'{output}' is a category and has no total", "", "count a yes/no rule instead")
            )
        values = everyone.astype(np.float64)
        groups = drivers.Groups.of(self.population, by)
        with np.errstate(invalid="ignore"):  # infinity times no weight: told by name, and not by NumPy
            if self.is_person(output):
                values = np.add.reduceat(np.append(values, 0.0), self.population.offsets[:-1])
            weighted = values * self.population.weight
        return groups.names, _block_sums(weighted, groups.codes, len(groups.names))

    def _not_finite(self, output: str) -> Offence:
        bad = np.flatnonzero(~np.isfinite(self.array(output).astype(np.float64)))
        owner = (
            np.searchsorted(self.population.offsets, bad, side="right") - 1 if self.is_person(output) else bad
        )
        rule = self.policy.rules.get(output)
        ids = ", ".join(str(self.population.household_id[h]) for h in owner[:5])
        return Offence(
            f"{len(bad)} values of '{output}' are not finite (households {ids})", rule.place if rule else ""
        )


def _block_sums(values: NDArray[np.float64], codes: NDArray[np.uint8], groups: int) -> NDArray[np.float64]:
    """Sums by group over the kernels' fixed blocks, in their order and so with their bits."""
    blocks = np.arange(len(values)) // BLOCK
    count = int(blocks[-1]) + 1 if len(values) else 0
    sums = np.bincount(blocks * groups + codes, weights=values, minlength=count * groups).reshape(
        count, groups
    )
    total = np.zeros(groups)
    for block in sums:
        total += block
    return total


def simulate(
    population: Data,
    policy: Policy,
    outputs: Sequence[str],
    *,
    totals: Sequence[str] = (),
    by: str | None = "area",
    reuse: Result | None = None,
    threads: int | None = None,
) -> Result:
    """Evaluate ``outputs`` for every household (and person) of a population.

    ``totals``: household outputs whose weighted totals ``by`` a categorical household column are taken in the
    same pass (others are added up when asked for). ``reuse``: a result that is no longer needed, whose arrays
    are written anew. A population from ``Population.open`` is read piece by piece, and of it only the columns
    that the outputs need. Raises ``MicrosimError`` with every name that neither policy nor population knows.
    """
    outputs, totals = _names(outputs), _names(totals)
    by = _grouping(population, by) if totals else None
    kept = reuse.arrays if reuse else None
    if _in_pieces(population):
        done = _piece_by_piece(population, policy, outputs, totals, by, kept, threads)
    else:
        done = drivers.evaluate(
            policy, population, outputs, totals=totals, by=by, reuse=kept, threads=threads
        )
    ready = {name: (done.groups, done.totals[:, k]) for k, name in enumerate(done.total_names)}
    return Result(population, policy, outputs, done.arrays, done.kernel, by, ready)


def _piece_by_piece(
    population: InPieces,
    policy: Policy,
    outputs: tuple[str, ...],
    totals: tuple[str, ...],
    by: str | None,
    reuse: Mapping[str, NDArray[Any]] | None,
    threads: int | None,
) -> drivers.Evaluated:
    """``drivers.evaluate`` with one piece in memory at a time: the same bits as all at once."""
    carry = drivers.Carry()
    arrays: dict[str, NDArray[Any]] = {}
    households = persons = 0
    done: drivers.Evaluated | None = None
    for piece in population.pieces():
        rows = {"household": slice(households, households + piece.n_households)}
        rows["person"] = slice(persons, persons + piece.n_persons)
        own = {name: array[rows[_level(done, name)]] for name, array in arrays.items()} if done else None
        done = drivers.evaluate(
            policy, piece, outputs, totals=totals, by=by, reuse=own, carry=carry, threads=threads
        )
        for name, array in done.arrays.items():
            level = _level(done, name)
            size = population.n_persons if level == "person" else population.n_households
            if name not in arrays:
                old = reuse.get(name) if reuse else None
                fits = old is not None and old.shape == (size,) and old.dtype == array.dtype
                arrays[name] = old if old is not None and fits else np.empty(size, array.dtype)
                arrays[name][rows[level]] = array
        households, persons = rows["household"].stop, rows["person"].stop
    assert done is not None, "a population has at least one piece"
    return replace(done, arrays=arrays)


def _level(done: drivers.Evaluated, name: str) -> str:
    return done.kernel.plan.nodes[name].level


def simulate_many(
    population: Data,
    policy: Policy,
    changes: Sequence[Mapping[str, Any]],
    outputs: Sequence[str],
    *,
    by: str | None = "area",
    threads: int | None = None,
) -> pd.DataFrame:
    """Weighted totals of ``outputs`` under each of ``changes`` (as for ``Policy.reform``), in one pass.

    Returns one row a figure: scenario (0, 1, ...), output, ``by`` (left out where ``by`` is None), value.
    Scenarios that change a schedule are run one by one, the others together. Raises with the offences of
    every scenario.
    """
    import pandas as pd

    outputs = _names(outputs)
    values, names = many_totals(population, policy, changes, outputs, by=by, threads=threads)
    count = len(changes)
    index: dict[str, Any] = {
        "scenario": np.repeat(np.arange(count), len(outputs) * len(names)),
        "output": np.tile(np.repeat(np.array(outputs, dtype=object), len(names)), count),
    }
    if by is not None:
        index[by] = pd.Categorical(list(names) * (count * len(outputs)), categories=list(names))
    return pd.DataFrame({**index, "value": values.transpose(2, 0, 1).ravel()})


def many_totals(
    population: Data,
    policy: Policy,
    changes: Sequence[Mapping[str, Any]],
    outputs: Sequence[str],
    *,
    by: str | None = "area",
    threads: int | None = None,
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """As :func:`simulate_many`, but a bare array [output, group, scenario] and the names of the groups."""
    policies, offences = [], []
    for k, change in enumerate(changes):
        try:
            policies.append(policy.reform(change))
        except MicrosimError as error:
            offences += [Offence(o.message, f"scenario {k}: {o.place}", o.hint) for o in error.offences]
    if offences:
        raise MicrosimError(offences, title="the scenarios cannot be run")
    by, outputs = _grouping(population, by), _names(outputs)
    policy, names = _with_person_totals(population, policy, outputs)
    policies = [p if policy.book is p.book else _rebooked(p, policy) for p in policies]
    varying, alone = _varying(policy, policies)
    groups = drivers.Groups.of(population, by)
    out = np.zeros((len(outputs), len(groups.names), len(policies)))
    together = [k for k in range(len(policies)) if k not in alone]
    batches = ([together] if together else []) + [[k] for k in sorted(alone)]
    carries = [drivers.Carry() for _ in batches]
    for piece in population.pieces() if _in_pieces(population) else [population]:
        for batch, carry in zip(batches, carries, strict=True):
            chosen = [policies[k] for k in batch]
            out[:, :, batch], _ = drivers.totals(
                chosen, varying, piece, names, by=by, carry=carry, threads=threads
            )
    wrong = np.argwhere(~np.isfinite(out).all(axis=1))
    if len(wrong):
        offences = [
            Offence(
                f"the total of '{outputs[k]}' is not finite",
                f"scenario {s}",
                "simulate it alone to see where",
            )
            for k, s in wrong
        ]
        raise MicrosimError(offences, title="some totals cannot be taken")
    return out, groups.names


def _names(outputs: Sequence[str] | str) -> tuple[str, ...]:
    return tuple(dict.fromkeys([outputs] if isinstance(outputs, str) else outputs))


def _grouping(population: Data, by: str | None) -> str | None:
    """``by``, except that a population without areas is one group unless another column is named."""
    return None if by == "area" and by not in population.household_columns else by


def _with_person_totals(population: Data, policy: Policy, outputs: Sequence[str]) -> tuple[Policy, list[str]]:
    """Person outputs get a household total, so that every output can be added up in the kernel."""
    from microsim.engine.policy import RuleBook
    from microsim.engine.rules import total

    names, extra = [], {}
    for name in outputs:
        rule = policy.rules.get(name)
        person = rule.entity == "person" if rule else name in population.person_columns
        categories = rule.categories if rule else population.categories.get(name)
        if person and not categories:
            extra[f"total_of_{name}"] = total(name).named(f"total_of_{name}")
        names.append(f"total_of_{name}" if f"total_of_{name}" in extra else name)
    if not extra:
        return policy, names
    book = policy.book.kernels.setdefault(
        ("with totals", tuple(sorted(extra))), RuleBook({**policy.rules, **extra}, policy.book.shapes)
    )
    return replace(policy, book=book), names


def _rebooked(policy: Policy, model: Policy) -> Policy:
    return replace(policy, book=model.book)


def _varying(base: Policy, policies: Sequence[Policy]) -> tuple[list[str], set[int]]:
    """Arguments whose values differ between scenarios, and scenarios that must be run alone (schedules)."""
    varying: set[str] = set()
    alone: set[int] = set()
    changed: set[str] = set()
    for policy in policies:
        changed |= {name for name, p in policy.timelines.items() if p is not base.timelines.get(name)}
        changed |= {path.target for path in policy.paths[len(base.paths) :]}
    for name in changed:
        values = [policy.values.get(name) for policy in policies]
        if base.timelines[name].kind in ("step", "linear", "brackets"):
            first = base.values.get(name)
            alone |= {k for k, v in enumerate(values) if (v and v.value) != (first and first.value)}
        else:
            varying.add(base.timelines[name].argument)
    return sorted(varying), alone


@dataclass(frozen=True, eq=False)
class Walk:
    """Household outputs along one member's varied income: ``walk[output]`` is an array households x grid."""

    grid: NDArray[np.float64]
    population: Data = field(repr=False)
    rows: NDArray[np.uint64] = field(repr=False)
    walked: NDArray[np.uint64] = field(repr=False)
    arrays: Mapping[str, NDArray[Any]] = field(repr=False)
    kernel: Kernel = field(repr=False)

    @cached_property
    def household_id(self) -> NDArray[Any]:
        """Ids of the households, in the order of the arrays' rows."""
        return self.population.household_id[self.rows]

    @cached_property
    def person_id(self) -> NDArray[Any]:
        """The member of each whose income was varied."""
        return self.population.person_id[self.walked]

    def __getitem__(self, output: str) -> NDArray[Any]:
        return self.arrays[output]


def walk(
    population: Data,
    policy: Policy,
    vary: str = "wage_income",
    grid: ArrayLike | None = None,
    outputs: Sequence[str] = ("disposable_income",),
    *,
    households: ArrayLike | None = None,
    member: str | ArrayLike | None = None,
    reuse: Walk | None = None,
    threads: int | None = None,
) -> Walk:
    """Household ``outputs`` with one member's ``vary`` set to each value of ``grid`` (yuan/year).

    ``households``: ids to walk (default: all). ``member``: a boolean person column (name or array) that marks
    one member of each household; by default the member with the largest value of ``vary``, the first of
    equals. Members past the grid stay what they are: only the marked one is varied.
    """
    points = _numbers(np.linspace(0.0, 60_000.0, 101) if grid is None else grid)
    if points.ndim != 1 or not len(points) or not np.isfinite(points).all():
        raise MicrosimError(
            Offence("the grid is a list of finite amounts", "grid", "for example np.linspace(0, 60000, 101)")
        )
    column = population.person_columns.get(vary)
    if column is None or column.dtype != np.float64:
        money = [n for n, c in population.person_columns.items() if c.dtype == np.float64]
        hint = did_you_mean(vary, money) or f"one of {', '.join(sorted(money))}"
        raise MicrosimError(Offence(f"'{vary}' is not an amount of each person", "vary", hint))
    rows = _rows(population, households)
    walked = _earners(population, column) if member is None else _marked(population, member)
    if households is not None:
        walked = walked[rows]
    outputs = _names(outputs)
    arrays, kernel = drivers.walk(
        policy,
        population,
        vary,
        points,
        outputs,
        rows,
        walked,
        reuse=reuse.arrays if reuse else None,
        threads=threads,
    )
    return Walk(points, population, rows, walked, arrays, kernel)


def _numbers(grid: ArrayLike) -> NDArray[np.float64]:
    try:
        return np.ascontiguousarray(grid, dtype=np.float64)
    except (TypeError, ValueError):
        return np.array([np.nan])


def _rows(population: Data, households: ArrayLike | None) -> NDArray[np.uint64]:
    if households is None:
        return np.arange(len(population.household_id), dtype=np.uint64)
    wanted = np.atleast_1d(np.asarray(households))
    order = np.argsort(population.household_id, kind="stable")
    place = np.searchsorted(population.household_id, wanted, sorter=order)
    place = order[np.minimum(place, len(order) - 1)]
    missing = wanted[population.household_id[place] != wanted]
    if len(missing):
        shown = ", ".join(map(str, missing[:5]))
        raise MicrosimError(Offence(f"{len(missing)} unknown household ids ({shown})", "households"))
    return place.astype(np.uint64)


def _marked(population: Data, member: str | ArrayLike) -> NDArray[np.uint64]:
    """The marked person of each household; every household must have exactly one."""
    marks = population.person_columns.get(member) if isinstance(member, str) else np.asarray(member)
    if marks is None or marks.shape != population.person_id.shape or marks.dtype != np.bool_:
        raise MicrosimError(Offence(f"member {member!r} is not a yes/no person column", "member"))
    marked = np.flatnonzero(marks)
    first, end = population.offsets[:-1], population.offsets[1:]
    if len(marked) == len(first) and (first <= marked).all() and (marked < end).all():
        return marked.view(np.uint64)
    low = np.searchsorted(marked, population.offsets)
    counts = np.diff(low)
    if not (counts == 1).all():
        wrong = population.household_id[counts != 1]
        shown = ", ".join(map(str, wrong[:5]))
        raise MicrosimError(
            Offence(
                f"{len(wrong)} households without exactly one marked member (households {shown})", "member"
            )
        )
    return marked.astype(np.uint64)


def _earners(population: Data, column: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Of each household the member with the largest value, the first of equals."""
    best = np.maximum.reduceat(column, population.offsets[:-1])
    sizes = np.diff(population.offsets)
    at_best = np.flatnonzero(column == np.repeat(best, sizes))
    return at_best[np.searchsorted(at_best, population.offsets[:-1])].astype(np.uint64)


def explain(
    population: Data,
    policy: Policy,
    household_id: int,
    outputs: Sequence[str] | None = None,
    lang: str = "en",
) -> Explanation:
    """How ``policy`` comes to its results for one household, step by step, with every citation; ``print`` it.

    As :func:`microsim.engine.explain.explain`, with the registry's words for the columns, and those of
    ``words.yaml`` for categories and cited documents.
    """
    from pathlib import Path

    from microsim.documents import read_document
    from microsim.engine.explain import explain as traced
    from microsim.population.columns import registry

    words = read_document(Path(__file__).with_name("words.yaml")).data
    return traced(
        population,
        policy,
        household_id,
        outputs,
        lang,
        columns=registry(),
        words=words["categories"],
        phrases=words["phrases"],
    )
