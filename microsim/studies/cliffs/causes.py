"""Which statuses and tests a notch goes through, and what each of them is worth: exact Shapley values.

The players of a notch are the yes/no rules that compare amounts themselves and whose answer differs just
below and just above it. A rule that only passes other answers on (tiers, "eligible by law or by discretion")
is no player: it follows. Holding a player means that its answer stays what it was just below the notch;
everything else is worked out above it. What holding all of them leaves is the step inside the rule that
flips: a schedule of amounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.measures import shapley
from microsim.numerics.ranking import to_rank_by
from microsim.outcome import Outcome
from microsim.simulation import simulate
from microsim.simulation.gates import held_at, is_held, with_gates
from microsim.studies.cliffs.search import Cliffs, is_notch, plain_rule

if TYPE_CHECKING:
    import pandas as pd

    from microsim.population import Population

BESIDE = 0.004  # yuan: how far from a notch its two sides are looked at; brackets are narrower
MOST_PLAYERS = 8
ROWS = 200_000  # households worked on at a time
Floats = NDArray[np.float64]
_COLUMNS = ["notch", "household_id", "gate", "through", "programme", "change", "weight"]


@dataclass(frozen=True, eq=False, repr=False)
class Causes(Outcome):
    """What each notch goes through.

    Attributes:
        table: one row a notch, gate and programme: ``notch`` (row of ``cliffs.notches``), ``household_id``,
            ``gate`` (rule; where nothing is a player, the rule with the step), ``through`` (``status`` or
            ``step``), ``programme``, ``change`` (yuan/year), ``weight``. The changes of a notch add up to its
            rise or drop.
        benefits_before: benefits just below each notch asked for, yuan/year; in the order of ``notches``.
        notches: rows of ``cliffs.notches`` that were asked for.
    """

    table: pd.DataFrame
    benefits_before: Floats
    notches: NDArray[np.int64]

    @property
    def summary(self) -> dict[str, dict[str, float | str]]:
        """``causes.<gate>.<programme>`` -> weighted change, yuan/year."""
        rows = self.shares().itertuples(index=False, name=None)
        return {
            f"causes.{gate}.{programme}".rstrip("."): {"value": change, "unit": "yuan/year"}
            for gate, programme, change, _ in rows
        }

    @property
    def headline(self) -> str:
        """How many notches, and what most of the loss goes through."""
        shares = self.shares()
        if shares.empty:
            return "no notches"
        gate, programme, _, share = shares.iloc[0]
        by = f"{gate} ({programme or 'a step'})"
        return f"{len(self.notches):,} notches; {share:.0%} of the change through {by}"

    def shares(self) -> pd.DataFrame:
        """Gate and programme: weighted sum of the changes (yuan/year) and its share of all, largest losses
        first."""
        sums = self.table.assign(change=self.table["change"] * self.table["weight"])
        sums = sums.groupby(["gate", "programme"])["change"].sum().reset_index()
        sums["share"] = sums["change"] / sums["change"].sum()
        order = sums.assign(change=sums["change"].map(to_rank_by))
        order = order.sort_values(["change", "gate", "programme"])
        return sums.loc[order.index].reset_index(drop=True)


def causes(cliffs: Cliffs, notches: Sequence[int] | NDArray[np.int64] | None = None) -> Causes:
    """Exact Shapley values of the gates of some notches (rows of ``cliffs.notches``; default: all).

    Raises ``MicrosimError`` as ``simulate`` does. A notch of more than 8 players keeps the first 8 by order
    of the law; the others flip with the last of them.
    """
    import pandas as pd

    asked = np.arange(len(cliffs.notches)) if notches is None else np.asarray(notches, dtype=np.int64)
    work = _Work(cliffs)
    frames, before = [], [np.empty(0)]
    most = max(ROWS // (2 ** min(len(work.players), 4)), 1)
    for first in range(0, len(asked), most):
        frame, own = work.attribute(asked[first : first + most])
        frames.append(frame)
        before.append(own)
    table = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=_COLUMNS)
    return Causes(table, np.concatenate(before), asked)


class _Work:
    """The law with gates that can be held, and households beside their notches."""

    def __init__(self, cliffs: Cliffs) -> None:
        self.cliffs = cliffs
        cases = cliffs.found.kernel.text.cases
        rules = cliffs.policy.rules
        names = dict.fromkeys(plain_rule(case.rule) for case in cases)
        self.players = [
            n for n in names if n in rules and rules[n].dtype == "bool" and rules[n].kind == "formula"
        ]
        self.outputs = list(cliffs.found.kernel.outputs)
        chosen = is_notch(cliffs.found)
        self.jumps, self.row = cliffs.found.jumps[chosen], cliffs.found.row[chosen]
        gates = with_gates(cliffs.policy, self.players)
        self.held, self.gate_columns = gates.policy, gates.columns
        inputs = {*self.held.needs([*self.outputs, *self.players], self._columns()).columns}
        population = cliffs.population
        self.person_columns = {n: c for n, c in population.person_columns.items() if n in inputs}
        self.household_columns = {n: c for n, c in population.household_columns.items() if n in inputs}
        self.person_columns[cliffs.vary] = population.person_columns[cliffs.vary]

    def _columns(self) -> list[str]:
        population = self.cliffs.population
        return [*population.person_columns, *population.household_columns, *self.gate_columns]

    def attribute(self, asked: NDArray[np.int64]) -> tuple[pd.DataFrame, Floats]:
        """The table and the benefits just below, for some notches."""
        cliffs = self.cliffs
        row = self.row[asked]
        at = cliffs.notches["at"].to_numpy()[asked]
        width = cliffs.notches["bracket"].to_numpy()[asked]
        below, above = np.maximum(at - width - BESIDE, 0.0), at + BESIDE
        sides = [self._evaluate(row, income, None) for income in (below, above)]
        flips = self._flips(sides, row)
        picked = [np.flatnonzero(f)[:MOST_PLAYERS] for f in flips]
        jump = self.jumps[asked]
        value = self._shapley(row, above, sides, picked)
        benefits = sides[0]["values"][:, 1:].sum(axis=1)
        return self._table(asked, picked, value, jump), benefits

    def _evaluate(self, row: NDArray[np.int64], income: Floats, hold: Any) -> dict[str, Any]:
        """Values of households ``row`` with the walked income at ``income``.

        ``hold``: (mask over players x rows, state of each player just below), or None for nothing held.
        """
        population = self._beside(row, income, hold)
        result = simulate(population, self.held, [*self.outputs, *self.players])
        values = np.column_stack([result.array(n).astype(np.float64) for n in self.outputs])
        states = {n: result.array(n).astype(bool) for n in self.players}
        return {"values": values, "states": states, "offsets": population.offsets}

    def _beside(self, row: NDArray[np.int64], income: Floats, hold: Any) -> Population:
        from microsim.population import Population

        cliffs, source = self.cliffs, self.cliffs.population
        household = cliffs.rows[row].astype(np.int64)
        first, size = source.offsets[household], np.diff(source.offsets)[household]
        offsets = np.concatenate([[0], np.cumsum(size)])
        person = np.repeat(first - offsets[:-1], size) + np.arange(offsets[-1])
        persons = {name: column[person] for name, column in self.person_columns.items()}
        persons[cliffs.vary][cliffs.walked[row].astype(np.int64) - first + offsets[:-1]] = income
        households = {name: column[household] for name, column in self.household_columns.items()}
        for name in self.players:
            person_level = self.held.rules[name].entity == "person"
            target = persons if person_level else households
            shape = offsets[-1] if person_level else len(row)
            flag, state = np.zeros(shape, bool), np.zeros(shape, bool)
            if hold is not None:
                mask, states = hold
                chosen = mask[name]
                flag = np.repeat(chosen, size) if person_level else chosen
                state = states(name)
            target[is_held(name)], target[held_at(name)] = flag, state
        # The weights play no part; ids are new, since a household occurs here more than once.
        households["weight"] = np.ones(len(row))
        categories = {n: c for n, c in source.categories.items() if n in persons or n in households}
        return Population.from_arrays(offsets.astype(np.int64), persons, households, categories)

    def _flips(self, sides: list[dict[str, Any]], row: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Notches x players: whose answer differs, for anybody in the household."""
        out = np.zeros((len(row), len(self.players)), dtype=bool)
        for k, name in enumerate(self.players):
            differs = sides[0]["states"][name] != sides[1]["states"][name]
            if self.held.rules[name].entity == "person":
                differs = (
                    np.logical_or.reduceat(differs, sides[0]["offsets"][:-1]) if len(differs) else differs
                )
            out[:, k] = differs
        return out

    def _shapley(
        self,
        row: NDArray[np.int64],
        above: Floats,
        sides: list[dict[str, Any]],
        picked: list[NDArray[np.int64]],
    ) -> list[Floats]:
        """Of each notch players x outputs: the change that goes through each player."""
        value: list[Floats] = [np.zeros((len(p), len(self.outputs))) for p in picked]
        for count in sorted({len(p) for p in picked} - {0}):
            those = np.array([i for i, p in enumerate(picked) if len(p) == count])
            own = [picked[i] for i in those]
            released = {str(k): k for k in range(count)}

            def worth(
                team: frozenset[str],
                those: NDArray[np.int64] = those,
                own: list[NDArray[np.int64]] = own,
                released: dict[str, int] = released,
            ) -> Floats:
                """Outputs just above the notches where only ``team`` has flipped."""
                held = tuple(k for name, k in released.items() if name not in team)
                if not held:
                    above_all: Floats = sides[1]["values"][those]
                    return above_all
                return self._held(row, above, sides, those, own, held)

            for name, gain in shapley(released, worth).items():
                for i, change in zip(those, gain, strict=True):
                    value[i][released[name]] = change
        return value

    def _held(
        self,
        row: NDArray[np.int64],
        above: Floats,
        sides: list[dict[str, Any]],
        those: NDArray[np.int64],
        picked: list[NDArray[np.int64]],
        held: tuple[int, ...],
    ) -> Floats:
        """Outputs just above the notches with some of their players held."""
        mask = {name: np.zeros(len(those), dtype=bool) for name in self.players}
        for i, players in enumerate(picked):
            for player in held:
                mask[self.players[players[player]]][i] = True
        starts, ends = sides[0]["offsets"][:-1][those], sides[0]["offsets"][1:][those]

        def states(name: str) -> NDArray[np.bool_]:
            own: NDArray[np.bool_] = sides[0]["states"][name]
            where = those
            if self.held.rules[name].entity == "person":
                where = np.concatenate([np.arange(a, b) for a, b in zip(starts, ends, strict=True)])
            chosen: NDArray[np.bool_] = own[where]
            return chosen

        out: Floats = self._evaluate(row[those], above[those], (mask, states))["values"]
        return out

    def _table(
        self, asked: NDArray[np.int64], picked: list[NDArray[np.int64]], value: list[Floats], jump: Floats
    ) -> pd.DataFrame:
        import pandas as pd

        notches = self.cliffs.notches
        households, weights = notches["household_id"].to_numpy(), notches["weight"].to_numpy()
        named = notches["rule"].to_numpy()
        parts = self.cliffs.found.kernel.outputs[1:]
        rules = self.cliffs.policy.rules
        programme = {part: rules[part].programme for part in parts}
        rows: list[tuple[int, int, str, str, str, float, float]] = []
        for i, notch in enumerate(asked):
            household, weight = int(households[notch]), float(weights[notch])
            shares = value[i]
            # The small move to the side of the notch, and steps inside a rule, are what no gate explains.
            rest = jump[i] - shares.sum(axis=0)
            entries = [(self.players[p], "status", shares[k]) for k, p in enumerate(picked[i])]
            if np.abs(rest).max(initial=0.0) > 2.0 * BESIDE or not entries:
                entries.append((str(named[notch]), "step", rest))
            else:
                largest = int(np.argmax([abs(e[2][0]) for e in entries]))
                name, through, own = entries[largest]
                entries[largest] = (name, through, own + rest)
            for gate, through, change in entries:
                if not parts:
                    rows.append((int(notch), household, gate, through, "", float(change[0]), weight))
                    continue
                by: dict[str, float] = {}
                for k, part in enumerate(parts, start=1):
                    if change[k]:
                        by[programme[part]] = by.get(programme[part], 0.0) + float(change[k])
                left = float(change[0]) - sum(by.values())
                if abs(left) > 1e-6:
                    by["other"] = left
                rows += [(int(notch), household, gate, through, p, c, weight) for p, c in by.items()]
        return pd.DataFrame(rows, columns=_COLUMNS)
