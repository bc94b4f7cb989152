"""Exact budget lines: what a household has along one member's income, from breakpoint to breakpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.errors import InputError, MicrosimError, Offence
from microsim.outcome import Outcome
from microsim.renamed import renamed_arguments, renamed_attribute
from microsim.simulation import walk
from microsim.studies.cliffs.causes import BESIDE, Causes, causes
from microsim.studies.cliffs.indicators import COUNTED
from microsim.studies.cliffs.life import days_of_minimum_wage, months_of_support
from microsim.studies.cliffs.search import Cliffs
from microsim.studies.common.benefits import CASH, IN_KIND, benefits

if TYPE_CHECKING:
    import pandas as pd

EARNINGS, OTHER, COSTS, TOTAL = "earnings", "other_income", "costs", "total"
BELOW, ABOVE = "below", "above"
_BEFORE_BENEFITS = "income_before_benefits"
_INSIDE = (0.2113, 0.5, 0.7887)  # where a stretch is looked at, to see that nothing bends between its ends
_STRAIGHT = 0.01  # yuan off the straight line
_PIECES = 32  # a stretch that is not straight is drawn in so many
_NOBODY_HAS = 0.005  # yuan: a part that is nowhere more is left out
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class BudgetLines(Outcome):
    """Budget lines of some households, and the notches on them.

    Attributes:
        points: one row a household, place and part: ``household_id``, ``earnings`` (the moved income),
            ``side`` (``below`` or ``above`` at a notch, where a position occurs twice; else empty), ``part``,
            ``value`` (yuan/year). Parts: ``earnings``, ``other_income``, the programmes, ``costs`` (below
            zero: spending that is taken off), and ``total``, which is the sum of the others. Between two
            places all parts are straight.
        notches: rows of ``Cliffs.notches`` with ``notch`` (1, 2, ... along each line), ``benefits_before``,
            ``months_of_support`` and ``days_of_minimum_wage`` (nan where the policy knows no minimum wage).
        causes: ``Causes.table``, with the ``notch`` of its line: what each notch goes through.
        households: rows of ``Cliffs.households``.
        labels: programme or rule -> language -> label.
        max_income: where the lines end.
    """

    points: pd.DataFrame
    notches: pd.DataFrame
    causes: pd.DataFrame
    households: pd.DataFrame
    labels: Mapping[str, Mapping[str, str]]
    max_income: float

    upto = renamed_attribute("upto", "max_income")

    @property
    def table(self) -> pd.DataFrame:
        """``points``."""
        return self.points

    @property
    def summary(self) -> dict[str, dict[str, float | str]]:
        """``drops.<household_id>`` and ``worst_loss.<household_id>`` -> value and unit."""
        out: dict[str, dict[str, float | str]] = {}
        for household, own in self.notches[self.notches["drop"] >= COUNTED].groupby(
            "household_id", sort=False
        ):
            out[f"drops.{household}"] = {"value": len(own), "unit": "notches"}
            out[f"worst_loss.{household}"] = {"value": float(own["drop"].max()), "unit": "yuan/year"}
        return out

    @property
    def headline(self) -> str:
        """How many lines, how far, and the largest drop."""
        return lines_headline(len(self.households), self.max_income, self.notches)

    def line(self, household_id: int) -> pd.DataFrame:
        """One household: ``earnings``, ``side``, a column for each part that it has, ``total``."""
        rows = self.points[self.points["household_id"] == household_id]
        if rows.empty:
            known = ", ".join(map(str, self.households["household_id"]))
            raise InputError(
                Offence(f"no budget constraint of household {household_id}", "", f"known: {known}")
            )
        return wide(rows)


def lines_headline(lines: int, end: float, notches: pd.DataFrame) -> str:
    """Of budget lines: how many, how far they go, and the largest drop."""
    drops = notches.loc[notches["drop"] >= COUNTED, "drop"]
    worst = f", the largest {drops.max():,.0f} yuan/year" if len(drops) else ""
    return f"{lines} lines from 0 to {end:,.0f} yuan/year; {len(drops)} drops{worst}"


def wide(points: pd.DataFrame) -> pd.DataFrame:
    """Points of one line as a table with a column for each part, in the order in which they are stacked."""
    order = list(dict.fromkeys(points["part"]))
    place = (points["part"] != points["part"].shift()).cumsum()
    # Within a part its places are in their order, and every part has the same ones.
    number = points.groupby(place)["value"].cumcount()
    table = points.assign(place=number).pivot_table(index="place", columns="part", values="value")[order]
    first = points[points["part"] == order[0]].reset_index(drop=True)
    table.insert(0, "side", first["side"].to_numpy())
    table.insert(0, "moved", first["earnings"].to_numpy())
    table.columns.name = None
    return table.reset_index(drop=True)


@renamed_arguments(upto="max_income")
def budget_lines(
    found: Cliffs, *, why: Causes | None = None, max_income: float | None = None, threads: int | None = None
) -> BudgetLines:
    """Budget lines of the households of a search with ``kinks=True``.

    Breakpoints are those that the search found; at a notch both sides are there, so that its drop is upright.
    Stretches that are not straight all the same (the law is not piecewise linear there, or parts bend that
    offset each other) are cut into 32.

    Args:
        found: of a few households, each with one member walked.
        why: their causes, where they are known already.
        max_income: the end of the lines, yuan/year; by default a fifth beyond last notch and present income.
        threads: as for ``simulate``.

    Raises ``MicrosimError`` where a household was walked along more than one member.
    """
    ids = found.households["household_id"].to_numpy()
    if len(np.unique(ids)) < len(ids):
        hint = "search with one member of each household, not with member='each'"
        raise InputError(Offence("a household occurs more than once", "households", hint))
    why = why if why is not None else causes(found)
    end = line_end(found) if max_income is None else min(float(max_income), found.max_income)
    lines = _Lines(found, threads)
    notches = found.notches.iloc[why.notches].reset_index(drop=True)
    notches["benefits_before"] = why.benefits_before
    notches["months_of_support"] = months_of_support(notches["drop"], why.benefits_before)
    notches["days_of_minimum_wage"] = _days(notches["drop"].to_numpy(), found)
    along = notches.groupby("household_id").cumcount().to_numpy() + 1
    notches.insert(0, "notch", along)
    position = {int(row): int(number) for row, number in zip(why.notches, along, strict=True)}
    table = why.table.assign(notch=why.table["notch"].map(position).astype(np.int64))
    return BudgetLines(lines.points(end), notches, table, found.households, _labels(found), end)


def _days(drop: Floats, found: Cliffs) -> Floats:
    try:
        return days_of_minimum_wage(drop, found.policy)
    except MicrosimError:  # a policy written by hand need not have one
        return np.full(len(drop), np.nan)


def line_end(found: Cliffs) -> float:
    """A fifth beyond the last notch and the present incomes, in whole thousands; yuan/year."""
    last = max(found.notches["at"].max() if len(found.notches) else 0.0, found.households["present"].max())
    return float(min(np.ceil(max(1.2 * last, 1000.0) / 1000.0) * 1000.0, found.max_income))


def _labels(found: Cliffs) -> dict[str, Mapping[str, str]]:
    policy = found.policy
    out: dict[str, Mapping[str, str]] = {name: rule.label for name, rule in policy.rules.items()}
    return out | {programme.name: programme.label for programme in policy.programmes}


class _Lines:
    """Values of the walked households wherever they are asked for."""

    def __init__(self, found: Cliffs, threads: int | None) -> None:
        self.found, self.threads = found, threads
        policy = found.policy
        roles = (CASH, IN_KIND) if found.resources == "resources" else (CASH,)
        self.programmes = benefits(policy, roles)
        rules = [rule for names in self.programmes.values() for rule in names]
        self.split = _BEFORE_BENEFITS in policy.rules
        self.outputs = [found.resources, *([_BEFORE_BENEFITS] if self.split else []), *rules]
        # Somebody must be marked in every household; only the searched ones are walked.
        marks = np.zeros(len(found.population.person_id), dtype=bool)
        first = found.population.offsets[:-1].copy()
        first[found.rows.astype(np.int64)] = found.walked.astype(np.int64)
        marks[first] = True
        self.marks = marks

    def at(self, grid: Floats) -> dict[str, Floats]:
        """Part -> households x grid."""
        found = self.found
        walked = walk(
            found.population,
            found.policy,
            vary=found.vary,
            grid=grid,
            outputs=self.outputs,
            households=found.households["household_id"].to_numpy(),
            member=self.marks,
            threads=self.threads,
        )
        values = {name: np.asarray(walked[name], dtype=np.float64) for name in self.outputs}
        total = values[found.resources]
        paid = {p: np.sum([values[rule] for rule in rules], axis=0) for p, rules in self.programmes.items()}
        rest = total - np.sum(list(paid.values()), axis=0) - grid
        other = np.maximum(values[_BEFORE_BENEFITS] - grid if self.split else rest, 0.0)
        earned = np.broadcast_to(grid, total.shape)
        return {EARNINGS: earned, OTHER: other, **paid, COSTS: rest - other, TOTAL: total}

    def points(self, end: float) -> pd.DataFrame:
        """The tidy table of all lines from 0 to ``end``."""
        import pandas as pd

        places = [self._places(int(h), end) for h in self.found.households["household_id"]]
        places = self._straightened(places)
        grid = np.unique(np.concatenate([p["look"].ravel() for p in places]))
        values = self.at(grid)
        frames = []
        for row, (household, own) in enumerate(
            zip(self.found.households["household_id"], places, strict=True)
        ):
            near, far = (np.searchsorted(grid, own["look"][k]) for k in (0, 1))
            for part, table in values.items():
                # Beside a notch the line is followed to the notch itself from two places on its own side.
                value = np.where(near == far, table[row][near], 2.0 * table[row][near] - table[row][far])
                if part not in (EARNINGS, TOTAL) and np.abs(value).max() < _NOBODY_HAS:
                    continue
                columns: dict[str, Any] = {"earnings": own["at"], "side": own["side"], "part": part}
                frames.append(pd.DataFrame({"household_id": household, **columns, "value": value}))
        return pd.concat(frames, ignore_index=True)

    def _places(self, household: int, end: float) -> dict[str, Any]:
        """Places of one line (``at``), their ``side``, and the two places each at which it is looked at."""
        notches, kinks = self.found.notches, self.found.kinks
        own = notches[(notches["household_id"] == household) & (notches["at"] < end)]
        bends = kinks.loc[(kinks["household_id"] == household) & (kinks["at"] < end), "at"].to_numpy()
        present = self.found.households
        now = present.loc[present["household_id"] == household, "present"].to_numpy()
        plain = np.unique(np.concatenate([[0.0, end], bends, now[now < end]]))
        plain = plain[~np.isin(plain, own["at"].to_numpy())]
        at, width = own["at"].to_numpy(), own["bracket"].to_numpy()
        edges = np.unique(np.concatenate([plain, at]))
        place = np.searchsorted(edges, at)
        # Two looks on each side lie within the stretch, however short it is.
        gap = np.diff(edges, prepend=-1.0, append=end + 1.0)
        below = np.minimum(BESIDE + width, gap[place] / 3.0)
        above = np.minimum(BESIDE, gap[place + 1] / 3.0)
        start = at <= 0.0  # at 0 there is nothing below
        everywhere = np.concatenate([plain, at[~start], at])
        side = np.array([""] * len(plain) + [BELOW] * int((~start).sum()) + [ABOVE] * len(at), dtype=object)
        near = np.concatenate([plain, (at - below)[~start], at + above])
        far = np.concatenate([plain, (at - 2.0 * below)[~start], at + 2.0 * above])
        order = np.lexsort((side == ABOVE, everywhere))
        return {"at": everywhere[order], "side": side[order], "look": np.stack([near[order], far[order]])}

    def _straightened(self, places: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The places, with more of them in stretches that are not straight."""
        inner = [self._inside(own) for own in places]
        grid = np.unique(np.concatenate([*(i.ravel() for i in inner), *(p["look"][0] for p in places)]))
        values = self.at(grid)
        out = []
        for row, (own, inside) in enumerate(zip(places, inner, strict=True)):
            look = own["look"][0]
            bent = np.zeros(len(look) - 1, dtype=bool)
            for table in values.values():
                ends = table[row][np.searchsorted(grid, look)]
                slope = np.divide(
                    np.diff(ends), np.diff(look), where=np.diff(look) > 0.0, out=np.zeros_like(ends[1:])
                )
                straight = ends[:-1] + slope * (inside - look[:-1])
                bent |= (np.abs(table[row][np.searchsorted(grid, inside)] - straight) > _STRAIGHT).any(axis=0)
            bent &= np.diff(look) > 1.0
            more = [np.linspace(look[k], look[k + 1], _PIECES + 1)[1:-1] for k in np.flatnonzero(bent)]
            new = np.concatenate([np.empty(0), *more])
            at = np.concatenate([own["at"], new])
            side = np.concatenate([own["side"], np.full(len(new), "", dtype=object)])
            both = np.concatenate([own["look"], np.stack([new, new])], axis=1)
            order = np.lexsort((side == ABOVE, at))
            out.append({"at": at[order], "side": side[order], "look": both[:, order]})
        return out

    @staticmethod
    def _inside(own: dict[str, Any]) -> Floats:
        look: Floats = own["look"][0]
        inside: Floats = look[:-1] + np.array(_INSIDE)[:, None] * np.diff(look)
        return inside
