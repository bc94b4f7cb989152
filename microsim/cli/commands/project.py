"""``microsim project``: a county year by year, its expenditure, recipients and who comes and goes."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from microsim.cli.options import SCENARIO, print_json, study_options, unusual_allowed
from microsim.cli.progress import progress_bar
from microsim.cli.results_line import tell_results


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
    out: str,
    xlsx: bool,
    allow_code: bool,
    as_json: bool,
    quiet: bool,
    lang: str,
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
    from microsim.report.results import made_before, refuse_foreign
    from microsim.report.texts.project_text import project_text
    from microsim.scenario import load_scenario
    from microsim.studies.projection.study import project_scenario

    loaded = load_scenario(scenario, allow_code=allow_code, allow_unusual=unusual_allowed())
    folder = Path(out) / f"{loaded.name}-project"
    refuse_foreign(folder, STUDY)
    before = made_before(folder)
    first, last = loaded.years or (0, 0)
    talks = not quiet and not as_json
    with progress_bar(last - first + 3, quiet) as progress:
        study = project_scenario(loaded, progress, seed)
        # The answer first; the charts take longer than the numbers.
        if talks:
            click.echo(project_text(study, loaded, lang))
        progress("drawing charts")
        write_projection(folder, study, loaded, " ".join(["microsim", *sys.argv[1:]]), lang, xlsx)
    if as_json:
        print_json(study.summary)
    elif talks:
        tell_results(folder, lang, before)
