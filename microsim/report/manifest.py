"""The manifest of results: everything needed to make them again, and to know whether two are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from microsim.documents import shown
from microsim.report.results import now, versions
from microsim.scenario.model import plain_json
from microsim.simulation import ignored_columns
from microsim.studies.common.lacking import lacking_columns
from microsim.studies.sensitivity.study import undocumented

if TYPE_CHECKING:
    from collections.abc import Iterable

    from microsim.engine.runtime.kernels import Kernel
    from microsim.policy.policy import Policy
    from microsim.population import Population
    from microsim.scenario import Scenario

REVENUE = "public_finance.general_public_budget_revenue"


def manifest_of(
    scenario: Scenario,
    policy: Policy,
    population: Population,
    asked: Iterable[str],
    command: str,
    *,
    study: str = "",
    kernel: Kernel | None = None,
    **own: Any,
) -> dict[str, Any]:
    """What every manifest of a scenario says; ``own`` is what this kind of results says besides.

    ``asked``: the rules that the figures depend on. A plain run names no ``study``; results of several
    kernels name no ``kernel``.
    """
    out: dict[str, Any] = {"study": study} if study else {}
    out |= {
        "scenario": {
            "name": scenario.name,
            "file": shown(scenario.path),
            "title": dict(scenario.title),
            "changes": plain_json(scenario.changes),
        },
        "law": scenario.day.isoformat(),
        **({"law_package": shown(scenario.own.folder)} if scenario.own is not None else {}),
        **(
            {
                "province": {
                    "name": scenario.province.name,
                    "values": scenario.province.in_force(scenario.policy()),
                }
            }
            if scenario.province is not None
            else {}
        ),
        "regime": dict(scenario.regime),
        **({"budget": plain_json(scenario.data["budget"])} if scenario.budget else {}),
        "county": shown(scenario.county_path),
        **_of_county(scenario),
        "labels": _labels(policy, population, asked),
        "calibration": plain_json(scenario.calibration.changes) if scenario.calibration else None,
        "population": {"households": population.n_households, "persons": population.n_persons},
        "money": scenario.money(population).as_data(),
        **own,
        "hashes": {
            "scenario": scenario.hash,
            **({"law_package": scenario.own.hash} if scenario.own is not None else {}),
            "policy": policy.hash,
            **({"kernel": kernel.hash} if kernel is not None else {}),
            "population": population.hash,
        },
        "defaulted_columns": list(population.defaulted),
        # Of these, the ones that rules use, each with the programmes affected.
        "lacking_columns": {
            column: list(programmes)
            for column, programmes in lacking_columns(policy, population, asked).items()
        },
        # Given and for nothing: no rule reads them, or a rule or parameter of that name is used instead.
        "ignored_columns": {column: str(why) for column, why in ignored_columns(policy, population).items()},
        "versions": versions(),
        "command": command,
        "time": now(),
    }
    if scenario.law_known_until:
        out["law_known_until"] = scenario.law_known_until
    return out


def _of_county(scenario: Scenario) -> dict[str, Any]:
    """The county's name, and what its own revenue is known to be below; nothing without a profile."""
    county = scenario.profile
    if county is None:
        return {}
    bound = county.get(f"{REVENUE}_bound")
    grown = scenario.economy.revenue(county, scenario.year) / county.revenue
    known = {} if bound is None else {"below": float(bound) * grown}
    return {
        "county_name": dict(county.name),
        "revenue": {"source": county.figures[REVENUE].source, "unit": "yuan/year", **known},
    }


def _labels(policy: Policy, population: Population, asked: Iterable[str]) -> dict[str, Any]:
    """What programmes are called, and the parameters without a document: results are read without the law."""
    named = undocumented(policy, population, asked)
    return {
        "programmes": {one.name: dict(one.label) for one in policy.programmes},
        "parameters": {name: dict(policy.parameters[name].label) for name in named},
    }
