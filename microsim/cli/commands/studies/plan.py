"""``microsim plan``: the fastest or cheapest path to one standard, or a budget split over counties."""

from __future__ import annotations

import click

from microsim.cli.options import SCENARIO
from microsim.cli.results import StudyOptions, command_line, study_options


@click.command(name="plan", short_help="Find a path to one standard that the county can afford.")
@click.argument("scenario", type=SCENARIO, metavar="SCENARIO.yaml")
@study_options("<name of the scenario>-plan")
def command(scenario: str, options: StudyOptions) -> None:
    """Find a path from the present ratio of the dibao lines to one standard, as plan: in the scenario says.

    goal: fastest finds the path that gets there soonest while the county's own payment stays under a share of
    its revenue; where there is none, the nearest cap that allows one is given. goal: cheapest finds the path
    that is done by a year at least discounted cost. goal: split divides a budget over counties so that the
    smallest rural poverty gap is left. The answer is written into the results folder as a scenario file.

    \b
    Example:
      microsim plan scenarios/plan-fastest.yaml
    """
    from microsim.report.plan import STUDY, write_plan
    from microsim.report.texts.plan_text import plan_text
    from microsim.studies.planning.scenario_file import plan_scenario

    loaded = options.load(scenario)
    first, last = loaded.years or (0, 0)
    with options.results(f"{loaded.name}-plan", STUDY, last - first + 3) as results:
        found = plan_scenario(loaded, results.progress)
        results.show(lambda: plan_text(found, loaded, options.lang))
        write_plan(results.folder, found, loaded, command_line(), options.lang, options.xlsx)
