"""``microsim months``: dibao month by month, and what taking a job is worth."""

from __future__ import annotations

import click

from microsim.cli.options import SCENARIO
from microsim.cli.results import StudyOptions, command_line, study_options


@click.command(name="months", short_help="Follow dibao month by month; the value of taking a job.")
@click.argument("scenario", type=SCENARIO, metavar="SCENARIO.yaml")
@click.option(
    "--job",
    "wages",
    type=float,
    multiple=True,
    metavar="YUAN",
    help="Wages of the job, yuan a year; may be repeated.  [default: 6000, 12000, 24000]",
)
@click.option(
    "--over", default=24, show_default=True, metavar="MONTHS", help="Months that the job is followed."
)
@click.option("--seed", default=1, show_default=True, metavar="SEED", help="Of what is drawn by chance.")
@study_options("<name of the scenario>-months")
def command(
    scenario: str,
    wages: tuple[float, ...],
    over: int,
    seed: int,
    options: StudyOptions,
) -> None:
    """Follow dibao month by month: application, decision, review, gradual exit.

    How the office works (months to a decision, between reviews, audits, who is spared them) is said under
    administration:. Two things are shown: recipients, expenditure and moves over the scenario's years:, and
    what a dibao household keeps of a job in the following months, beside what a result for a whole year says
    of it. A scenario with base: is shown beside its base.

    \b
    Examples:
      microsim months scenarios/gradual-exit-in-months.yaml
      microsim months scenarios/wind-down.yaml --job 18000
    """
    from microsim.report.months import STUDY, write_months
    from microsim.report.texts.months_text import months_text
    from microsim.studies.months.follow import WAGES, follow_scenario

    loaded = options.load(scenario)
    with options.results(f"{loaded.name}-months", STUDY, 5 if loaded.base else 3) as results:
        study = follow_scenario(
            loaded, wages=wages or WAGES, months=over, seed=seed, progress=results.progress
        )
        results.show(lambda: months_text(study, options.lang))
        write_months(results.folder, study, command_line(), options.lang, options.xlsx)
