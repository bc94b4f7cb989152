"""The results folder of a solved target: manifest, summary and table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from microsim.policy.reform import split_name
from microsim.report.books.book import book_of
from microsim.report.books.headings import labels_of
from microsim.report.manifest import manifest_of
from microsim.report.results import write_results
from microsim.studies.common.assumptions import assumptions_in_use
from microsim.studies.solving.assumed import sensitivity_at

if TYPE_CHECKING:
    from microsim.scenario import Scenario
    from microsim.studies.solving.study import Solution

STUDY = "solve"


def write_solution(
    folder: Path, found: Solution, scenario: Scenario, command: str, lang: str, xlsx: bool = False
) -> Path:
    """Write a solved target into ``folder`` as one whole; ``xlsx``: its tables as one workbook, too."""
    policy, population = found.place.policy, found.place.population
    money = scenario.money(population)
    about = manifest_of(
        scenario,
        policy,
        population,
        found.rules,
        command,
        study=STUDY,
        vary=found.vary,
        target=found.target,
        wanted=found.wanted,
        between=list(found.between),
        money=money.as_data(),
    )
    varied = split_name(policy.parameters, found.vary)
    if varied is not None:
        about["labels"]["parameters"][varied[0].name] = dict(varied[0].label)
    moved = sensitivity_at(found)
    if moved is not None:
        about["sensitivity"] = {"figure": found.target, "unit": found.unit}
    return write_results(
        folder,
        manifest=about,
        summary={**money.summary, **found.summary},
        tables={
            "solve": found.table,
            "assumptions": assumptions_in_use(policy, population, found.rules, scenario.profile, money),
            **({} if moved is None else {"sensitivity": moved}),
        },
        figures={},
        labels=labels_of(policy),
        book=book_of({"": (policy, population, found.rules)}, lang) if xlsx else None,
    )
