"""Transplants: each county's policy applied to each county's people, for all pairs of a list.

A *policy* is all that a scenario says of the law: its day, province, regimes, changes (those of its base
included), own rules, and the practice that calibration found. *People* are a county's households, in the
money of their own economy, with the public finance and the fiscal zone of where they live. On the diagonal
each county has its own policy, as ``microsim run`` gives it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from microsim.errors import InputError, Offence
from microsim.outcome import Outcome, flat_name, worded
from microsim.studies.common.baseline import RunResult, run_scenario
from microsim.studies.ledger.study import Ledger, ledger

if TYPE_CHECKING:
    import pandas as pd

    from microsim.scenario import Scenario

Progress = Callable[[str], None]
YUAN, SHARE = "yuan/year", "1"
OUTPUTS = ("cost", "caseload", "poverty")
# Figures of a run that are laid side by side, with their units as a run has them.
OF_RUNS = (
    "cost.total",
    "revenue_share.total",
    "caseload.dibao",
    "resident_share.dibao",
    "poverty.headcount",
)
PER_RESIDENT, COUNTY_SHARE = "cost_per_resident.total", "county_share.total"
# Numbers that a law takes from the place where it is applied: those of the people's county, and no policy.
OF_THE_PLACE = ("low_income.local_income", "medical_insurance.pool_income")
# Parts of financing: that a county has by agreement with others, or by a reform.
_AGREED = ("pool", "increase")


@dataclass(frozen=True, eq=False, repr=False)
class Transplant(Outcome):
    """Every policy on every county's people.

    ``scenarios``: the counties, in the order given; ``runs``: (name of the policy, name of the people) -> the
    run; ``ledgers``: likewise who pays for it, without those whose people have no profile. ``of_the_place``:
    parameters whose values are those of the people's own scenario.
    """

    scenarios: tuple[Scenario, ...]
    runs: Mapping[tuple[str, str], RunResult]
    ledgers: Mapping[tuple[str, str], Ledger]
    of_the_place: tuple[str, ...]

    @cached_property
    def table(self) -> pd.DataFrame:
        """Tidy: policy, people, measure, subject, group, value, change (on the people's own policy), unit."""
        import pandas as pd

        own = {(people, name): value for policy, people, name, value, _ in self._rows() if policy == people}
        rows = [
            (policy, people, *name.split(".", 1), "", value, value - own[people, name], unit)
            for policy, people, name, value, unit in self._rows()
        ]
        columns = ["policy", "people", "measure", "subject", "group", "value", "change", "unit"]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def summary(self) -> dict[str, dict[str, Any]]:
        """Flat name (policy, people, figure) -> value and unit, with the year of the money."""
        first = self.scenarios[0]
        out: dict[str, dict[str, Any]] = dict(self.runs[first.name, first.name].money.summary)
        for policy, people, name, value, unit in self._rows():
            out[flat_name(policy, people, name)] = {"value": value, "unit": unit}
        return out

    @property
    def headline(self) -> str:
        """The policy under which all the people together cost most, and least."""
        total = {one.name: 0.0 for one in self.scenarios}
        for (policy, _), run in self.runs.items():
            total[policy] += float(run.summary["cost.total"]["value"])
        low, high = min(total, key=lambda name: total[name]), max(total, key=lambda name: total[name])
        count = len(self.scenarios)
        most, least = (f"{name} ({worded(total[name], YUAN)})" for name in (high, low))
        return f"{count} policies on the people of {count} counties; most expensive: {most}, least: {least}"

    def _rows(self) -> Iterator[tuple[str, str, str, float, str]]:
        """Policy, people, figure, value, unit."""
        for (policy, people), run in self.runs.items():
            found = run.summary
            for name in OF_RUNS:
                if name in found:
                    yield policy, people, name, float(found[name]["value"]), str(found[name]["unit"])
            residents = float(found["residents"]["value"])
            yield policy, people, PER_RESIDENT, float(found["cost.total"]["value"]) / residents, YUAN
            paid = self.ledgers.get((policy, people))
            if paid is not None and sum(paid.payers.values()) > 0.0:
                share = paid.payers.get("county", 0.0) / sum(paid.payers.values())
                yield policy, people, COUNTY_SHARE, share, SHARE


def transplant(
    sources: Sequence[str | os.PathLike[str] | Scenario],
    *,
    of_the_place: Sequence[str] = OF_THE_PLACE,
    allow_code: bool = False,
    progress: Progress = lambda text: None,
) -> Transplant:
    """Apply the policy of each scenario to the people of each, all pairs.

    ``of_the_place``: parameters that describe a place rather than its policy; they keep the value that the
    people's own scenario gives them. Fixed grants to a county are those of its own policy. Raises
    ``MicrosimError`` where there are fewer than two scenarios, two of one name or of different years, paths
    over years or budget caps (an amount that is another county's), and as running a scenario does.
    """
    from microsim.scenario import load_scenario
    from microsim.scenario.model import Scenario

    loaded = [
        one if isinstance(one, Scenario) else load_scenario(one, allow_code=allow_code) for one in sources
    ]
    _check(loaded)
    runs: dict[tuple[str, str], RunResult] = {}
    ledgers: dict[tuple[str, str], Ledger] = {}
    for people in loaded:
        progress(f"{people.name}: its own policy")
        own = run_scenario(transplanted(people, people, of_the_place))
        runs[people.name, people.name] = own
        paid = None if own.county is None else ledger(own)
        for policy in loaded:
            pair = policy.name, people.name
            if policy is not people:
                progress(f"{people.name}: the policy of {policy.name}")
                # Households of a calibrated county have draws, which others may lack.
                same = (policy.calibration is None) == (people.calibration is None)
                moved = transplanted(policy, people, of_the_place)
                runs[pair] = run_scenario(moved, beside=own if same else None)
            if paid is not None:
                ledgers[pair] = paid if policy is people else ledger(runs[pair], reference=paid)
    order = [(policy.name, people.name) for policy in loaded for people in loaded]
    return Transplant(
        tuple(loaded),
        {pair: runs[pair] for pair in order},
        {pair: ledgers[pair] for pair in order if pair in ledgers},
        tuple(of_the_place),
    )


def transplanted(policy: Scenario, people: Scenario, of_the_place: Sequence[str] = OF_THE_PLACE) -> Scenario:
    """The scenario of one county's policy on another's people."""

    def is_of_the_place(name: str) -> bool:
        return any(name == one or name.startswith(f"{one}.") for one in of_the_place)

    changes = {name: change for name, change in policy.changes.items() if not is_of_the_place(name)}
    changes |= {name: change for name, change in people.changes.items() if is_of_the_place(name)}
    return replace(
        policy,
        name=policy.name if policy is people else f"{policy.name}-on-{people.name}",
        county_path=people.county_path,
        economy=people.economy,
        financing={key: said for key, said in people.financing.items() if key not in _AGREED},
        changes=changes,
        outputs=OUTPUTS,
        base=None,
        ensemble=(),
    )


def _check(loaded: Sequence[Scenario]) -> None:
    offences = []
    if len(loaded) < 2:
        offences.append(Offence("a transplant needs two scenarios or more", "", "name another county's"))
    names = [one.name for one in loaded]
    twice = sorted({name for name in names if names.count(name) > 1})
    offences += [Offence(f"two scenarios are named {name}", "", "rename a file") for name in twice]
    years = {one.year for one in loaded}
    for one in loaded:
        if one.years:
            hint = "name the scenario of one year"
            offences.append(Offence("is over years, and a transplant is of one", one.place("years"), hint))
        elif len(years) > 1:
            message = f"is of {one.year}, and all must be of one year"
            offences.append(Offence(message, one.place("law"), "give the same year in law:"))
        if one.budget:
            hint = "take budget: out for the policy without its caps"
            message = "a cap is an amount of its own county and no policy for another's people"
            offences.append(Offence(message, one.place("budget"), hint))
    if offences:
        raise InputError(offences, title="nothing was run")
