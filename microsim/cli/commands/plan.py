"""``microsim plan``: the fastest or cheapest path to one standard, or a budget split over counties."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from microsim.cli.options import SCENARIO, print_json, study_options, unusual_allowed
from microsim.cli.progress import progress_bar
from microsim.cli.results_line import tell_results


@click.command(name="plan", short_help="Find a path to one standard that the county can afford.")
@click.argument("scenario", type=SCENARIO, metavar="SCENARIO.yaml")
@study_options("<name of the scenario>-plan")
def command(
    scenario: str, out: str, xlsx: bool, allow_code: bool, as_json: bool, quiet: bool, lang: str
) -> None:
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
    from microsim.report.results import made_before, refuse_foreign
    from microsim.report.texts.plan_text import plan_text
    from microsim.scenario import load_scenario
    from microsim.studies.planning.scenario_file import plan_scenario

    loaded = load_scenario(scenario, allow_code=allow_code, allow_unusual=unusual_allowed())
    folder = Path(out) / f"{loaded.name}-plan"
    refuse_foreign(folder, STUDY)
    before = made_before(folder)
    first, last = loaded.years or (0, 0)
    with progress_bar(last - first + 3, quiet) as progress:
        found = plan_scenario(loaded, progress)
        progress("writing")
        write_plan(folder, found, loaded, " ".join(["microsim", *sys.argv[1:]]), lang, xlsx)
    if as_json:
        print_json(found.summary)
    elif not quiet:
        click.echo(plan_text(found, loaded, lang))
        tell_results(folder, lang, before)
