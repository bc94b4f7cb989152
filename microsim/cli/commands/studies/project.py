"""``microsim project``: a county year by year, its expenditure, recipients and who comes and goes."""

from __future__ import annotations

import click

from microsim.cli.options import SCENARIO
from microsim.cli.results import StudyOptions, command_line, study_options


@click.command(name="project", short_help="A county year by year: expenditure, recipients, poverty, flows.")
@click.argument("scenario", type=SCENARIO, metavar="SCENARIO.yaml")
@click.option(
    "--seed",
    type=int,
    default=1,
    show_default=True,
    help="Seed of the chances that change households' places.",
)
@study_options("<name of the scenario>-project")
def command(
    scenario: str,
    seed: int,
    options: StudyOptions,
) -> None:
    """Project a county over the years of its scenario, at most ten years ahead.

    The households stay the same; their incomes grow by source and by rank, change places, and are struck by
    shocks; their weights follow the population. The scenario gives years: and, under economy:, what the years
    rest on. Entries, exits, spells and vulnerability are shown beside expenditure, recipients and poverty.
    The first year is that of `microsim run`.

    \b
    Example:
      microsim project scenarios/shock.yaml
    """
    from microsim.report.projection import STUDY, write_projection
    from microsim.report.texts.project_text import project_text
    from microsim.studies.projection.study import project_scenario

    loaded = options.load(scenario)
    first, last = loaded.years or (0, 0)
    with options.results(f"{loaded.name}-project", STUDY, last - first + 3) as results:
        study = project_scenario(loaded, results.progress, seed)
        results.show(lambda: project_text(study, loaded, options.lang))
        write_projection(results.folder, study, loaded, command_line(), options.lang, options.xlsx)
