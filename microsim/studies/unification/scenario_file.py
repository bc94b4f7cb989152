"""The unification study of a scenario file: the path of its rural line, and others beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from microsim.documents import read_document
from microsim.errors import InputError, MicrosimError, Offence
from microsim.outcome import flat_name
from microsim.policy.paths.path import HELD_FROM_THE_START
from microsim.scenario.practice.jump import law_jump
from microsim.studies.ensemble.study import figures_under, ranges_of
from microsim.studies.unification.carried import carrying_offences
from microsim.studies.unification.study import Unification, unify
from microsim.studies.unification.year import RURAL, URBAN

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import Population
    from microsim.scenario import Scenario

Progress = Callable[[str], None]
UNIFY = "unify"  # the path of a scenario's changes
# Measures whose range over an ensemble is kept.
RANGED = (
    "cost", "extra_cost", "automatic_cost", "caseload", "paid", "extra_paid", "paid_revenue_share",
    "extra_paid_revenue_share", "county_share", "county_cost_per_recipient", "benefit", "poverty",
    "poverty_urban_line", "poverty_gap",
)  # fmt: skip
WHAT = "the study of unification"
CARRY = "carry_status"


def unify_scenario(scenario: Scenario, progress: Progress = lambda text: None) -> Unification:
    """The unification study of a scenario file: the path of its rural line against the ratio held.

    Paths under ``unification: {paths: ...}`` are followed beside it. Where the law is later than the county's
    figures and no practice is anchored, the jump that this alone makes is a figure of its own. Under each set
    of an ensemble the same paths are followed, and the study has their ranges. Raises ``MicrosimError`` with
    every offence, at its place in the file.
    """
    study = _on(scenario, None, progress)
    jump = law_jump(scenario, study.population) if scenario.anchor is None else None
    return replace(study, jump=jump, ranges=ranges_of(figures_under(scenario, _under, progress)))


def _under(scenario: Scenario, given: Population) -> dict[str, tuple[float, str]]:
    """The figures of a summary that have a range."""
    table = _on(scenario, given, lambda text: None).table
    return {
        f"{path}.{year}.{flat_name(measure, subject, group)}": (float(value), unit)
        for path, year, measure, subject, group, value, unit in table.itertuples(index=False, name=None)
        if measure in RANGED
    }


def _on(scenario: Scenario, given: Population | None, progress: Progress) -> Unification:
    """The study on households in the county's own money, where they are given; else on the scenario's."""
    scenario.refuse_budget(WHAT)
    paths, others = paths_of(scenario)
    years = scenario.years
    assert years is not None, "paths_of refuses a scenario without years"
    progress("reading the county")
    county = scenario.county
    population = scenario.population_as_given() if given is None else given
    scenario.money(population, years[-1])  # growth that is not known is refused at its line
    policy = scenario.law_of(scenario.law.date).reform(others, allow_unusual=True)
    _refuse_unusual(scenario, policy, paths)
    try:
        return unify(
            population,
            policy,
            county,
            paths,
            years,
            economy=scenario.economy,
            follow=scenario.law.follow,
            within_year=scenario.within_year,
            allow_unusual=True,  # the file was checked when it was read
            financing=scenario.financing.get("rules"),
            price_parity=scenario.unification.get("price_parity"),
            cliffs=bool(scenario.unification.get("cliffs", False)),
            carry_status=carries_status(scenario),
            progress=progress,
        )
    except MicrosimError as error:
        raise _at_their_place(scenario, error) from None


def paths_of(scenario: Scenario) -> tuple[dict[str, Mapping[str, Any]], dict[str, Any]]:
    """Path -> its changes, and the changes that hold under every path.

    Every change that is a path (of the rural line, of another standard by area) is the path ``unify``.
    Raises ``InputError`` where there is no path of the rural line, or there are no years.
    """
    document = read_document(scenario.path)
    offences = []
    if scenario.years is None:
        example = "add the first and last year: years: [2021, 2027]"
        offences.append(Offence("'years' is missing", document.place(), example))
    own = {name: change for name, change in scenario.changes.items() if _is_path(name, change)}
    if RURAL not in own:
        example = f"{RURAL}: {{path: linear, ratio_to: {URBAN}, from: {{2021: 0.62}}, to: {{2027: 1.0}}}}"
        offences.append(
            Offence(f"no path for {RURAL}", document.place("changes"), f"add to changes: {example}")
        )
    offences += financing_offences(scenario, WHAT)
    if offences:
        raise InputError(offences, title=f"{scenario.path.name} has no unification to study")
    others = {name: change for name, change in scenario.changes.items() if name not in own}
    beside = scenario.unification.get("paths") or {}
    return {UNIFY: own, **{name: dict(changes) for name, changes in beside.items()}}, others


def financing_offences(scenario: Scenario, what: str) -> list[Offence]:
    """Money shared or added under ``financing:``, of which ``what`` takes no account."""
    return [
        Offence(
            f"{what} takes no account of financing: {part}",
            scenario.place("financing", part),
            f"take {part}: out; financing: rules: is read",
        )
        for part in ("pool", "increase")
        if part in scenario.financing
    ]


def carries_status(scenario: Scenario) -> bool:
    """Whether a scenario carries status from year to year.

    Raises ``InputError`` where its law does not allow it.
    """
    if not scenario.unification.get(CARRY, False):
        return False
    place = scenario.place("unification", CARRY)
    offences = [
        Offence(one.message, place, one.hint) for one in carrying_offences(scenario.law_of(scenario.law.date))
    ]
    if offences:
        raise InputError(offences, title=f"{scenario.path.name} cannot carry status")
    return True


def law_and_ratio(scenario: Scenario) -> tuple[Policy, float]:
    """A county's law without a path of its rural line, and the ratio from which that path or law sets out."""
    change = scenario.changes.get(RURAL)
    on_path = isinstance(change, Mapping) and "path" in change
    others = {name: one for name, one in scenario.changes.items() if name != RURAL or not on_path}
    policy = scenario.law_of(scenario.law.date).reform(others, allow_unusual=True)
    if on_path and change is not None and change["path"] not in HELD_FROM_THE_START and "ratio_to" in change:
        first = change.get("from") or change["at"]
        return policy, float(first[min(first)])
    return policy, float(policy.value(RURAL)) / float(policy.value(URBAN))


def _is_path(name: str, change: Any) -> bool:
    """Whether a change moves one area's standard towards another's; other paths hold under every path."""
    if not isinstance(change, Mapping) or "path" not in change:
        return False
    stem = name.rpartition(".")[0]
    return name == RURAL or str(change.get("ratio_to", "")).rpartition(".")[0] == stem


def _refuse_unusual(scenario: Scenario, policy: Policy, paths: Mapping[str, Mapping[str, Any]]) -> None:
    """What is wrong or unusual in paths beside that of changes:, which was checked with the file."""
    offences: list[Offence] = []
    for name, changes in paths.items():
        if name == UNIFY:
            continue
        if RURAL not in changes:
            message = f"path {name} has no path for {RURAL}"
            place = scenario.place("unification", "paths", name)
            offences.append(Offence(message, place, "write it as under changes:"))
        try:
            policy.reform(changes)
        except MicrosimError as error:
            offences += [
                Offence(
                    f"path {name}: {one.place}: {one.message}",
                    scenario.place("unification", "paths", name),
                    one.hint,
                )
                for one in error.offences
            ]
    if offences:
        raise InputError(offences, title=f"{scenario.path.name} has paths that cannot be followed")


def _at_their_place(scenario: Scenario, error: MicrosimError) -> MicrosimError:
    """What is wrong with a path beside the scenario's own, at its line in the file."""

    def placed(one: Offence) -> Offence:
        name, found, _ = one.place.removeprefix("path ").partition(": ")
        if not one.place.startswith("path ") or not found or name == UNIFY:
            return one
        return Offence(f"path {name}: {one.message}", scenario.place("unification", "paths", name), one.hint)

    return type(error)([placed(one) for one in error.offences], error.title)
