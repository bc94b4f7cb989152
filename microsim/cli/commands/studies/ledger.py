"""``microsim ledger``: who pays for assistance, and what one more yuan costs whom."""

from __future__ import annotations

import click

from microsim.cli.options import SCENARIO
from microsim.cli.results import StudyOptions, command_line, study_options


@click.command(name="ledger", short_help="Who pays for assistance, on average and at the margin.")
@click.argument("scenario", type=SCENARIO, metavar="SCENARIO.yaml")
@click.option(
    "--financing",
    type=click.Path(),
    metavar="FILE.yaml",
    help="Financing rules in place of the packaged ones (microsim schema financing).",
)
@study_options("<name of the scenario>-ledger")
def command(
    scenario: str,
    financing: str | None,
    options: StudyOptions,
) -> None:
    """Show who pays each yuan: centre, province, prefecture, county, village collective or employer.

    By programme, area and tier of the household, with the county's ratios and what a higher dibao line or
    one more recipient costs it. Grants that are a fixed sum stay those of the scenario's base.

    \b
    Examples:
      microsim ledger scenarios/h-county-2020.yaml
      microsim ledger scenarios/higher-rural-line.yaml --financing province.yaml
    """
    from microsim.report.ledger import STUDY, write_ledger
    from microsim.report.texts.ledger_text import ledger_text
    from microsim.studies.financing.reading import read_financing
    from microsim.studies.ledger.study import ledger

    rules = None if financing is None else read_financing(financing)
    loaded = options.load(scenario)
    steps = (5 if loaded.base is None else 9) + len(loaded.ensemble)
    with options.results(f"{loaded.name}-ledger", STUDY, steps) as results:
        study = ledger(loaded, financing=rules, progress=results.progress)
        results.show(lambda: ledger_text(study, options.lang))
        write_ledger(results.folder, study, command_line(), options.lang, options.xlsx)
