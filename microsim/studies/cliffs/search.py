"""Every notch along one member's own income, for every household: the search, and what it found as tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from microsim.engine.runtime.notches import Found
from microsim.engine.runtime.notches import notches as search
from microsim.engine.support.notch_walk import EXACT, LEVELS, PLACES
from microsim.errors import InputError, Offence
from microsim.outcome import Outcome
from microsim.policy.money import HALF_FEN
from microsim.renamed import renamed_arguments
from microsim.simulation.asked import refuse_swapped
from microsim.studies.cliffs.earners import income_column, walked_members
from microsim.studies.cliffs.indicators import AHEAD, population_indicators, standard_errors
from microsim.studies.cliffs.life import MINIMUM_WAGE, days_of_minimum_wage
from microsim.studies.cliffs.searched import Searched
from microsim.studies.common.benefits import CASH, IN_KIND, benefits

if TYPE_CHECKING:
    import pandas as pd

    from microsim.engine.runtime.arrays import Data
    from microsim.policy.policy import Policy
    from microsim.studies.common.estimates import Sampling
    from microsim.studies.common.indicators import Indicators

MAX_INCOME = 60_000.0  # yuan/year: how far earnings are followed at least
HOURS_A_DAY = 8.0  # of full-time work: Labour Law of 1994, art. 36 (recalled)
# Yuan: a smaller jump is no loss. Money is compared at the fen, so that a payment that runs out at a line
# ends up to half a fen a head before it.
SMALLEST = 0.1
_JUMPS_OF = ("resources", "disposable_income")  # what a household has, the first that the policy knows
_AT, _BEFORE, _SLOPE_BELOW, _SLOPE_ABOVE, _DEAD, _WIDTH = range(len(PLACES))


class Cliffs(Searched, Outcome):
    """Notches of a population, what each household faces, and weighted figures; tables as in ``Searched``."""

    @cached_property
    def indicators(self) -> Indicators:
        """Weighted figures of the population, by area, size, tier and decile."""
        return population_indicators(self)

    @property
    def summary(self) -> dict[str, dict[str, float | str]]:
        """Flat name -> value and unit: ``cliffs.facing_notch_within_1000.rural``."""
        return self.indicators.summary()

    @property
    def table(self) -> pd.DataFrame:
        """The figures in tidy form: measure, subject, group, value, unit."""
        return self.indicators.table()[["measure", "subject", "group", "value", "unit"]]

    def standard_errors(self, sampling: Sampling) -> pd.DataFrame:
        """Sampling errors of the figures; see ``studies/cliffs/indicators.py``."""
        return standard_errors(self, sampling)

    @property
    def headline(self) -> str:
        """How far earnings were followed, and how many drops were found."""
        drops, rises = ((self.notches[name] > 0.0).sum() for name in ("drop", "rise"))
        return (
            f"{len(self.households)} members walked along {self.vary} "
            f"from 0 to {self.max_income:,.0f} yuan/year, {drops} drops and {rises} rises of {self.resources}"
        )


@renamed_arguments(upto="max_income")
def cliffs(
    population: Data,
    policy: Policy,
    *,
    vary: str = "wage_income",
    member: str | ArrayLike | None = None,
    households: ArrayLike | None = None,
    resources: str | None = None,
    max_income: float | None = None,
    kinks: bool = False,
    threads: int | None = None,
) -> Cliffs:
    """Every notch of household resources along one member's ``vary`` from 0 to ``max_income`` (yuan/year).

    The law is followed from flip to flip, not on a grid: where it is piecewise linear in the varied income,
    each jump of a tenth of a yuan or more is found, its place and size to far better than 0.01 yuan;
    households for which it is not have ``exact`` = False, and their flips are bracketed within 0.00001
    yuan. Payments are not rounded here.

    Args:
        population: with the varied person column.
        policy: whose law is walked.
        vary: a person column of money; all else stays, also the incomes of the other members.
        member: whose income is walked (see ``earners.walked_members``); ``"each"``: every earner in turn.
        households: ids to search (default: all).
        resources: household rule that counts as what the household has; by default ``resources``, else
            ``disposable_income``.
        max_income: the end of the range; by default 60,000 yuan or 3,000 above the highest present income.
        kinks: also list the places where only the slope changes.
        threads: as for ``simulate``.

    Raises ``MicrosimError`` for unknown names, a range that is none, and members that are not one a
    household.
    """
    refuse_swapped(population, policy, "cliffs")
    column = income_column(population, vary)
    name = _resources(policy, resources)
    rows, walked = walked_members(population, vary, member, households)
    present = np.ascontiguousarray(column[walked])
    if max_income is None:
        max_income = float(np.ceil(max(MAX_INCOME, present.max(initial=0.0) + max(AHEAD)) / 1000.0) * 1000.0)
    if not (np.isfinite(max_income) and max_income > 0.0):
        raise InputError(
            Offence(f"the range ends at {max_income}", "max_income", "an amount above 0, in yuan a year")
        )
    roles = (CASH, IN_KIND) if name == "resources" else (CASH,)
    parts = {rule: programme for programme, rules in benefits(policy, roles).items() for rule in rules}
    found = search(
        policy,
        population,
        vary,
        [name, *(p for p in parts if p != name)],
        rows,
        walked,
        0.0,
        float(max_income),
        present,
        smallest=SMALLEST,
        kinks=kinks,
        threads=threads,
    )
    chosen = is_notch(found)
    tables = _Tables(population, rows, walked, found, parts)
    notches = tables.notches(chosen)
    return Cliffs(
        notches,
        tables.by_programme(chosen),
        _households(population, policy, rows, walked, present, found, notches, chosen),
        tables.kinks(~chosen),
        population,
        policy,
        vary,
        name,
        float(max_income),
        found,
        rows,
        walked,
    )


def _resources(policy: Policy, name: str | None) -> str:
    known = [n for n in ((name,) if name else _JUMPS_OF) if n in policy.rules]
    if known:
        return known[0]
    hint = "name a household rule with resources=..."
    raise InputError(Offence(f"the policy has no rule '{name or ' or '.join(_JUMPS_OF)}'", "resources", hint))


@dataclass(frozen=True)
class _Tables:
    """What the search found, as tables."""

    population: Data
    rows: NDArray[np.uint64]
    walked: NDArray[np.uint64]
    found: Found
    parts: Mapping[str, str]  # benefit -> programme

    def _who(self, chosen: NDArray[np.bool_]) -> dict[str, Any]:
        row = self.found.row[chosen]
        return {
            "household_id": self.population.household_id[self.rows[row]],
            "person_id": self.population.person_id[self.walked[row]],
        }

    def notches(self, chosen: NDArray[np.bool_]) -> pd.DataFrame:
        import pandas as pd

        places, jumps = self.found.places[chosen], self.found.jumps[chosen]
        change = jumps[:, 0] if len(jumps) else np.empty(0)
        change = np.where(np.abs(change) < SMALLEST, 0.0, change)
        cases = self.found.kernel.text.cases
        comparisons = [(plain_rule(c.rule), plain_text(c.text, c.rule)) for c in cases] + [("", "")]
        which = self.found.case[chosen]
        return pd.DataFrame(
            {
                **self._who(chosen),
                "at": places[:, _AT],
                "drop": np.maximum(-change, 0.0),
                "rise": np.maximum(change, 0.0),
                "programme": self._largest(jumps),
                "rule": [comparisons[c][0] for c in which],
                "comparison": [comparisons[c][1] for c in which],
                "dead_zone": np.where(change < 0.0, places[:, _DEAD], 0.0),
                "bracket": places[:, _WIDTH],
                "before": places[:, _BEFORE],
                "slope_before": places[:, _SLOPE_BELOW],
                "slope_after": places[:, _SLOPE_ABOVE],
                "weight": self.population.weight[self.rows[self.found.row[chosen]]],
            }
        )

    def _largest(self, jumps: NDArray[np.float64]) -> list[str]:
        """Of each notch the programme that changes most in its direction."""
        programmes = sorted(set(self.parts.values()))
        if not programmes or not len(jumps):
            return [""] * len(jumps)
        sums = np.zeros((len(jumps), len(programmes)))
        for k, rule in enumerate(self.found.kernel.outputs[1:], start=1):
            sums[:, programmes.index(self.parts[rule])] += jumps[:, k]
        directed = sums * np.where(jumps[:, :1] < 0.0, -1.0, 1.0)
        best = directed.argmax(axis=1)
        return [programmes[b] if directed[i, b] > 0.0 else "" for i, b in enumerate(best)]

    def by_programme(self, chosen: NDArray[np.bool_]) -> pd.DataFrame:
        import pandas as pd

        jumps = self.found.jumps[chosen]
        rest = jumps[:, 0] - jumps[:, 1:].sum(axis=1) if len(jumps) else np.empty(0)
        rules = [*self.found.kernel.outputs[1:], ""]
        every = np.column_stack([jumps[:, 1:], rest]) if len(jumps) else np.empty((0, len(rules)))
        notch, part = np.nonzero(np.abs(every) >= SMALLEST)
        who = self._who(chosen)
        return pd.DataFrame(
            {
                "notch": notch,
                "household_id": who["household_id"][notch],
                "programme": [self.parts.get(rules[p], "other") for p in part],
                "benefit": [rules[p] for p in part],
                "change": every[notch, part],
            }
        )

    def kinks(self, chosen: NDArray[np.bool_]) -> pd.DataFrame:
        import pandas as pd

        places = self.found.places[chosen]
        names = {"at": _AT, "slope_before": _SLOPE_BELOW, "slope_after": _SLOPE_ABOVE, "before": _BEFORE}
        return pd.DataFrame({**self._who(chosen), **{n: places[:, k] for n, k in names.items()}})


def _households(
    population: Data,
    policy: Policy,
    rows: NDArray[np.uint64],
    walked: NDArray[np.uint64],
    present: NDArray[np.float64],
    found: Found,
    notches: pd.DataFrame,
    chosen: NDArray[np.bool_],
) -> pd.DataFrame:
    """What each walked member's household faces from its present position.

    Columns: ``household_id``, ``person_id``, ``weight``, ``present`` (the varied income now), ``resources``
    (now), ``marginal_rate`` (share of an additional yuan that is lost; above 1: the household is left with
    less),
    ``next_at``, ``next_distance`` (additional income to the next drop), ``next_percent`` (that in per cent of
    the present income), ``next_hours`` (in hours at the local minimum wage), ``next_drop``,
    ``next_dead_zone``, ``next_rule``, ``participation_tax_rate`` (share of the present income that not
    earning it would save; nan where nothing is earned), ``total_loss`` (sum of all drops of the range),
    ``worst_drop``, ``in_dead_zone``, ``trapped`` (income earned since the drop whose dead zone the household
    is in), ``exact``, ``evaluations``.
    """
    import pandas as pd

    level = {name: found.levels[:, k] for k, name in enumerate(LEVELS)}
    drop = notches["drop"].to_numpy()
    at, dead = notches["at"].to_numpy(), notches["dead_zone"].to_numpy()
    row = found.row[chosen]
    falls = drop > 0.0
    count = len(rows)
    now = present[row] if len(row) else np.empty(0)
    ahead = np.flatnonzero(falls & (at > now))
    following = np.full(count, -1)
    following[row[ahead][::-1]] = ahead[::-1]  # notches are in rising order, so that the first ahead stays
    has = following >= 0

    def of_next(values: NDArray[Any]) -> NDArray[np.float64]:
        out = np.full(count, np.nan)
        out[has] = values[following[has]]
        return out

    until = at + np.where(np.isnan(dead), np.inf, dead)
    inside = np.flatnonzero(falls & (at <= now) & (now < until) & (now > 0.0))
    trapped = np.zeros(count)
    np.maximum.at(trapped, row[inside], now[inside] - at[inside])
    in_zone = np.zeros(count, dtype=bool)
    in_zone[row[inside]] = True
    worst = np.zeros(count)
    np.maximum.at(worst, row, drop)
    rules = notches["rule"].to_numpy(dtype=object)
    next_rule = np.full(count, "", dtype=object)
    next_rule[has] = rules[following[has]]
    earns = present > 0.0

    def nothing() -> NDArray[np.float64]:
        return np.full(count, np.nan)

    kept = np.divide(level["at_present"] - level["at_low"], present, where=earns, out=nothing())
    further = of_next(at) - present
    paid = MINIMUM_WAGE in policy.values
    return pd.DataFrame(
        {
            "household_id": population.household_id[rows],
            "person_id": population.person_id[walked],
            "weight": population.weight[rows],
            "present": present,
            "resources": level["at_present"],
            "marginal_rate": 1.0 - level["slope_at_present"],
            "next_at": of_next(at),
            "next_distance": further,
            "next_percent": np.divide(100.0 * further, present, where=earns, out=nothing()),
            "next_hours": days_of_minimum_wage(further, policy) * HOURS_A_DAY if paid else nothing(),
            "next_drop": of_next(drop),
            "next_dead_zone": of_next(dead),
            "next_rule": next_rule,
            "participation_tax_rate": 1.0 - kept,
            "total_loss": np.bincount(row, drop, count),
            "worst_drop": worst,
            "in_dead_zone": in_zone,
            "trapped": trapped,
            "exact": found.flags == EXACT,
            "evaluations": np.nan_to_num(level["evaluations"]).astype(np.int64),
        }
    )


def plain_rule(name: str) -> str:
    """The rule's own name: the walked member's part of it is the same rule."""
    return re.sub(r"(_of_others|_walked)$", "", name)


def plain_text(text: str, rule: str) -> str:
    """A comparison as the law states it: without the names that the generated text adds."""
    text = re.sub(r"\bschedule_\w+\(P, (\w+), ", r"\1(", text)
    text = re.sub(rf"\b{re.escape(plain_rule(rule))}__(\w+)", r"\1", text)
    text = re.sub(r"(\w)_walked\b", r"\1", text)
    text = re.sub(rf"\((\w+) \+ {HALF_FEN}\) / ", r"\1 / ", text)  # money is compared at the fen
    return re.sub(rf"\b{HALF_FEN}\b", "0.0", re.sub(rf" [-+] {HALF_FEN}\b", "", text))


def is_notch(found: Found) -> NDArray[np.bool_]:
    """Which of the places are notches: some output jumps there."""
    return np.asarray((np.abs(found.jumps) >= SMALLEST).any(axis=1), dtype=np.bool_)
