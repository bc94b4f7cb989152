"""``microsim transplant``: the policy of each county on the people of each."""

from __future__ import annotations

import click

from microsim.cli.loading import load_scenarios
from microsim.cli.options import SCENARIO
from microsim.cli.results import StudyOptions, command_line, study_options


@click.command(name="transplant", short_help="Apply each county's policy to each county's people.")
@click.argument("scenarios", nargs=-1, required=True, type=SCENARIO, metavar="SCENARIO.yaml...")
@click.option(
    "--of-the-place",
    "place",
    multiple=True,
    metavar="PARAMETER",
    help="Parameter that describes a place and not its policy (may be repeated).  "
    "[default: low_income.local_income, medical_insurance.pool_income]",
)
@study_options("<name of the first scenario>-transplant")
def command(scenarios: tuple[str, ...], place: tuple[str, ...], options: StudyOptions) -> None:
    """Apply the policy of each SCENARIO to the people of each: all pairs, as matrices.

    A policy is the law of a scenario with its changes, province and practice; the people are a county's
    households with its public finance. A parameter --of-the-place keeps the value of the county where
    people live.

    \b
    Example:
      microsim transplant scenarios/counties/*.yaml
    """
    from microsim.report.counties.transplant import STUDY, write_transplant
    from microsim.report.counties.transplant_text import transplant_text
    from microsim.studies.transplant.study import OF_THE_PLACE, transplant

    loaded = load_scenarios(scenarios, allow_code=options.allow_code)
    steps = len(loaded) ** 2 + 1
    with options.results(f"{loaded[0].name}-transplant", STUDY, steps) as results:
        found = transplant(loaded, of_the_place=place or OF_THE_PLACE, progress=results.progress)
        results.show(lambda: transplant_text(found, options.lang))
        write_transplant(results.folder, found, command_line(), options.lang, options.xlsx)
