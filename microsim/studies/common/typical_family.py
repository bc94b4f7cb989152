"""A typical family near the dibao line, and what it has as its earner earns more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microsim.engine.reference.interpreter import Interpreter, household_from
from microsim.measures import quantile
from microsim.numerics.ranking import to_rank_by
from microsim.studies.common.benefits import CASH
from microsim.studies.common.benefits import parts as parts_of_benefits

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import Population
    from microsim.simulation import Result

Floats = NDArray[np.float64]

NEEDED = (
    "disposable_income",
    "income_before_benefits",
    "counted_income_per_head",
    "unit_size",
    "household_size",
    "dibao_eligible",
    "property_within_limits",
)
CLAIMS = "claims_dibao"
RESOURCES = "resources"  # what `microsim cliffs` counts: in cash and in kind, less rigid expenses
NEAR = 0.3  # near the line: counted income per head within 30 % of it
# Wages are walked in whole yuan: a family keeps at most one yuan of another one, and so any fall of more than
# a yuan shows as less income one step on. The exact search (`microsim cliffs`) would do as well, but needs a
# kernel of its own, which a run need not compile for one family.
WALKED = 1.0
DRAWN = 10  # every tenth of these wages is drawn
FEN = 0.01  # yuan between the two wages beside a fall
_NOISE = 1.0  # a fall of less than a yuan is not shown


@dataclass(frozen=True)
class Notch:
    """At a wage of ``at`` one more fen leaves the family ``drop`` yuan a year less disposable income.

    ``lost``: the benefits in cash that fall there (names of rules), and by how much, the largest first.
    ``resources``: what it loses there of resources, benefits in kind among them; None without such a rule.
    """

    at: float
    drop: float
    lost: Mapping[str, float]
    resources: float | None = None


@dataclass(frozen=True)
class TypicalFamily:
    """One household's disposable income over the wage of its earner (yuan/year; arrays of one length)."""

    household_id: int
    size: int
    wage: float
    earnings: Floats
    parts: Mapping[str, Floats]
    total: Floats
    notches: tuple[Notch, ...]


def typical_family(
    population: Population, policy: Policy, result: Result, household: int | None = None
) -> TypicalFamily | None:
    """The budget constraint of a typical rural family near the line, or ``None`` where the county has none.

    ``household``: the one to follow (a ``household_id``), such as the one followed under another law.

    Among rural households with one wage earner, all of whose persons belong to the assistance unit, with
    property within limits and counted income per head within 30 % of the line, it is one of (weighted) median
    size, that claims dibao if any does, and whose earner's wage lies nearest to the (weighted) median; the
    lowest household number settles ties.
    """
    if household is None:
        position = choose(population, policy, result)
    else:
        position = int(np.flatnonzero(population.household_id == household)[0])
    if position is None:
        return None
    household = int(population.household_id[position])
    members = slice(int(population.offsets[position]), int(population.offsets[position + 1]))
    wage = float(population.person_columns["wage_income"][members].max())
    size = int(result.array("household_size")[position])
    walk = _Walk(population, policy, household, result.outputs)
    wages = np.arange(0.0, walk.end(policy.amount("dibao.line.rural") * size) + WALKED / 2, WALKED)
    total, parts = walk(wages)
    drawn = {name: values[::DRAWN] for name, values in parts.items()}
    notches = walk.notches(wages, total)
    return TypicalFamily(household, size, wage, wages[::DRAWN], drawn, total[::DRAWN], notches)


def choose(population: Population, policy: Policy, result: Result) -> int | None:
    """Position of the typical family among the households."""
    areas = population.categories.get("area", ())
    if "rural" not in areas or "wage_income" not in population.person_columns:
        return None
    line = policy.amount("dibao.line.rural")
    earners = np.add.reduceat(
        population.person_columns["wage_income"] > 0, population.offsets[:-1], dtype=np.int64
    )
    wage = np.maximum.reduceat(population.person_columns["wage_income"], population.offsets[:-1])
    size = result.array("household_size")
    near = np.abs(result.array("counted_income_per_head") / line - 1.0) <= NEAR
    fits = (population.household_columns["area"] == areas.index("rural")) & (earners == 1) & near
    fits &= (size == result.array("unit_size")) & result.array("property_within_limits").astype(bool)
    if not fits.any():
        return None
    weight = np.asarray(population.weight)
    fits &= size == np.floor(quantile(size[fits].astype(float), 0.5, weight[fits]))
    if not fits.any():
        return None
    positions = np.flatnonzero(fits)
    middle = quantile(wage[positions], 0.5, weight[positions])
    order = np.lexsort((population.household_id[positions], np.abs(wage[positions] - middle)))
    nearest = [int(position) for position in positions[order]]
    return next((one for one in nearest if _claims(population, policy, one)), nearest[0])


def _claims(population: Population, policy: Policy, position: int) -> bool:
    """Whether a household claims dibao: one that does not has nothing to lose, whatever it earns."""
    if CLAIMS not in policy.rules:
        return True
    household, persons = household_from(population, position)
    return bool(Interpreter(policy, household, persons).household_value(CLAIMS))


class _Walk:
    """One household along the wage of its best-paid member.

    A copy of it for each wage, simulated as the county was: the same outputs, and so the same kernel.
    """

    def __init__(
        self, population: Population, policy: Policy, household: int, outputs: Sequence[str]
    ) -> None:
        self._alone = population.select([household])
        wages = self._alone.person_columns["wage_income"]
        self._earner = int(np.argmax(wages))
        self._policy = policy
        self._outputs = outputs
        self._signs = parts_of_benefits(policy, (CASH,))

    def end(self, lines: float) -> float:
        """Where the wage axis ends: at twice the family's line, or half as far again as it stays in dibao.

        A family whose income the office sees in part only stays longer; at ten lines the search ends.
        """
        wages = np.linspace(0.0, 10.0 * lines, 401)
        inside = np.flatnonzero(self._rows(wages)["dibao_eligible"])
        last = float(wages[inside[-1]]) if len(inside) else 0.0
        return float(np.ceil(max(2.0 * lines, 1.5 * last) / 1000.0) * 1000.0)

    def _rows(self, grid: Floats) -> dict[str, Floats]:
        """Every value that is needed, over the grid."""
        from microsim.simulation import simulate

        wages = np.tile(self._alone.person_columns["wage_income"], (len(grid), 1))
        wages[:, self._earner] = grid
        copies = self._alone.select(np.repeat(self._alone.household_id, len(grid)))
        moved = copies.with_columns(persons={"wage_income": wages.ravel()})
        result = simulate(moved, self._policy, self._outputs, warn=False)
        names = ["disposable_income", "income_before_benefits", "dibao_eligible", *self._signs]
        return {name: np.asarray(result.array(name), dtype=float) for name in names}

    def __call__(self, grid: Floats) -> tuple[Floats, dict[str, Floats]]:
        """Disposable income over the grid, and its parts."""
        rows = self._rows(grid)
        # Net of social contributions; where these are more than all other income, the rest is not drawn.
        other = rows["income_before_benefits"] - grid
        parts = {"earnings": grid, "other_income": np.maximum(other, 0.0)}
        # What is taken off a benefit is seen in the total, which then lies below the parts.
        parts |= {name: rows[name] for name, sign in self._signs.items() if sign > 0 and rows[name].any()}
        return rows["disposable_income"], parts

    def notches(self, grid: Floats, total: Floats) -> tuple[Notch, ...]:
        """Every fall of more than a yuan, its place found to the fen."""
        found = []
        for i in np.flatnonzero(np.diff(total) < 0.0):
            notch = self._closer(float(grid[i]), float(grid[i + 1]))
            if notch is not None:
                found.append(notch)
        return tuple(found)

    def _closer(self, low: float, high: float) -> Notch | None:
        """The largest fall between two wages, closed in on until they are a fen apart."""
        while True:
            # linspace, since both ends must be met to the bit: the fall may lie on one of them.
            count = min(50, max(1, round((high - low) / FEN)))
            grid = np.linspace(low, high, count + 1)
            total, parts = self(grid)
            i = int(np.argmin(np.diff(total)))
            low, high = float(grid[i]), float(grid[i + 1])
            if high - low < 1.5 * FEN:
                drop = float(total[i] - total[i + 1])
                lost = {name: float(values[i] - values[i + 1]) for name, values in parts.items()}
                fallen = sorted(
                    ((name, fall) for name, fall in lost.items() if fall > _NOISE),
                    key=lambda x: -to_rank_by(x[1]),
                )
                if drop <= _NOISE:
                    return None
                return Notch(low, drop, dict(fallen), self._of_resources(low, high))

    def _of_resources(self, low: float, high: float) -> float | None:
        """How much less resources there are at the higher wage; by the interpreter, for two wages only."""
        if RESOURCES not in self._policy.rules:
            return None
        household, persons = household_from(self._alone, 0)
        sides = []
        for wage in (low, high):
            moved = [
                {**one, "wage_income": wage} if k == self._earner else one for k, one in enumerate(persons)
            ]
            sides.append(Interpreter(self._policy, household, moved).household_value(RESOURCES))
        return float(sides[0] - sides[1])
