"""One county in two years: what calibration meets, and what the earlier one predicts.

Both years of H county are calibrated, each with levers of its own, so that whatever is said about the change
between them adds up by construction. A prediction can fail: the practice of the earlier year is held, and
only what comes from outside changes: the law, the lines, and incomes by national growth. It is made under
every set of the earlier year's ensemble, on the earlier county's households and on the later one's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from microsim.errors import InputError, Offence
from microsim.outcome import Outcome
from microsim.scenario.economy import Economy
from microsim.studies.caseload.study import TARGETS, known_figures
from microsim.studies.common.remade import seen_anew, under, with_figures

if TYPE_CHECKING:
    import pandas as pd

    from microsim.policy.policy import Policy
    from microsim.population import Population, SeenAnew
    from microsim.scenario import Scenario
    from microsim.scenario.model import Member

EARLIER, LATER = "earlier", "later"  # whose households
_LINE, _TOP_UPS, _SHARED = "dibao.line", "dibao.top_up.", "price_supplement.rate"
Progress = Callable[[str], None]


@dataclass(frozen=True, eq=False, repr=False)
class Replication(Outcome):
    """What each set of the earlier year predicts of the later, beside what is known of it.

    ``table``: member, people (``earlier`` or ``later`` households), target, area, unit, known, predicted,
    miss (a share of the known).
    """

    earlier: Scenario
    later: Scenario
    table: pd.DataFrame

    @cached_property
    def ranges(self) -> pd.DataFrame:
        """people, target, area, unit, known, first (member's prediction), low, high, and their misses."""
        import pandas as pd

        keys = ["people", "target", "area", "unit", "known"]
        rows = []
        for key, rows_of in self.table.groupby(keys, sort=False):
            values = rows_of["predicted"]
            first, low, high = float(values.iloc[0]), float(values.min()), float(values.max())
            known = float(rows_of["known"].iloc[0])
            rows.append((*key, first, low, high, *(x / known - 1.0 for x in (first, low, high))))
        columns = [*keys, "first", "low", "high", "miss", "miss_low", "miss_high"]
        return pd.DataFrame(rows, columns=columns)

    @property
    def summary(self) -> dict[str, dict[str, Any]]:
        """``<people>.<target>.<area>`` of the first set, and ``low.`` and ``high.`` over all."""
        out: dict[str, dict[str, Any]] = {}
        for row in self.ranges.to_dict("records"):
            name = f"{row['people']}.{row['target']}.{row['area']}"
            for prefix, column in (("", "first"), ("low.", "low"), ("high.", "high"), ("miss.", "miss")):
                unit = "1" if column == "miss" else row["unit"]
                out[f"{prefix}{name}"] = {"value": float(row[column]), "unit": unit}
        return out

    @property
    def headline(self) -> str:
        """By how much the first set misses each figure of the later year, on the later households."""
        rows = self.ranges[self.ranges["people"] == LATER].to_dict("records")
        said = [f"{row['target']} {row['area']} {100 * row['miss']:+.0f} %" for row in rows]
        sets = self.table["member"].nunique()
        return f"{self.earlier.name} -> {self.later.name}, {sets} sets; predicted: {', '.join(said)}"


def replicate(earlier: Scenario, later: Scenario, progress: Progress = lambda text: None) -> Replication:
    """Predict the later year's caseload and expenditure from the earlier one's practice.

    ``earlier`` names an ensemble; both are of counties that are made from their profiles, and the later
    one's profile says what is known of its year. Held: what the office sees of incomes, discretion, floors,
    individual entry, and top-ups at their share of the line. From outside: the law, the lines and the price
    supplement of ``later``, and incomes (national growth by area for the earlier households, those of its own
    profile for the later). Raises ``InputError`` where this is not so, ``DataError`` without known figures.
    """
    import pandas as pd

    from microsim.simulation import simulate

    county, anews = later.profile, {EARLIER: seen_anew(earlier), LATER: seen_anew(later)}
    if not earlier.ensemble or county is None or None in anews.values():
        message = "a prediction needs an ensemble of the earlier year, and two counties made from profiles"
        hint = f"add ensemble: all to {earlier.path.name}"
        raise InputError(Offence(message, earlier.place("county"), hint))
    known = known_figures(county)
    rows = []
    for member in earlier.ensemble:
        progress(member.name)
        law = _held(earlier, later, member)
        for people, scenario in ((EARLIER, earlier), (LATER, later)):
            anew = anews[people]
            assert anew is not None, "asked above"
            population = _seen_as_then(scenario, anew, member)
            if people == EARLIER:
                population = _grown(population, law, earlier.year, later.year)
            result = simulate(population, law, list(TARGETS), warn=False)
            totals = {rule: result.total(rule, by="area") for rule in TARGETS}
            for (rule, area), figure in known.items():
                unit, value = TARGETS[rule][1], float(totals[rule][area])
                rows.append((member.name, people, rule, area, unit, figure, value))
    columns = ["member", "people", "target", "area", "unit", "known", "predicted"]
    table = pd.DataFrame(rows, columns=columns)
    return Replication(earlier, later, table.assign(miss=table["predicted"] / table["known"] - 1.0))


def _held(earlier: Scenario, later: Scenario, member: Member) -> Policy:
    """The later law and lines under the practice of a set of the earlier year."""
    law = later.policy()
    then, now = (scenario.policy().value(_LINE) for scenario in (earlier, later))
    changes: dict[str, Any] = {}
    for name, change in member.changes.items():
        if name in (_LINE, _SHARED):
            continue
        if name.startswith(_TOP_UPS):
            scaled = {area: amount * now[area] / then[area] for area, amount in change["by"].items()}
            changes[name] = {"by": scaled}
        else:
            changes[name] = change
    return law.reform(changes, allow_unusual=True)


def _seen_as_then(scenario: Scenario, anew: SeenAnew, member: Member) -> Population:
    """A county's households, of whose incomes the office sees as much as under a set of the earlier year."""
    county = scenario.profile
    assert county is not None, "its households are made from it"
    return scenario.carried(under(scenario, anew, with_figures(county, member.county)))


def _grown(population: Population, law: Policy, since: int, year: int) -> Population:
    """The earlier county's households in the later year's money, by national growth."""
    from microsim.scenario.uprating import uprated, uprating

    return uprated(population, replace(uprating(population, law, Economy()), since=since), year)
