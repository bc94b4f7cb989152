"""``microsim ledger``: who pays for assistance, and what one more yuan costs whom."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from microsim.cli.options import SCENARIO, print_json, study_options, unusual_allowed
from microsim.cli.progress import progress_bar
from microsim.cli.results_line import tell_results


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
    out: str,
    xlsx: bool,
    allow_code: bool,
    as_json: bool,
    quiet: bool,
    lang: str,
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
    from microsim.report.results import made_before, refuse_foreign
    from microsim.report.texts.ledger_text import ledger_text
    from microsim.scenario import load_scenario
    from microsim.studies.financing.reading import read_financing
    from microsim.studies.ledger.study import ledger

    rules = None if financing is None else read_financing(financing)
    loaded = load_scenario(scenario, allow_code=allow_code, allow_unusual=unusual_allowed())
    folder = Path(out) / f"{loaded.name}-ledger"
    refuse_foreign(folder, STUDY)
    before = made_before(folder)
    talks = not quiet and not as_json
    with progress_bar(5 if loaded.base is None else 9, quiet) as progress:
        study = ledger(loaded, financing=rules, progress=progress)
        # The answer first; the charts take longer than the numbers.
        if talks:
            click.echo(ledger_text(study, lang))
        progress("drawing charts")
        write_ledger(folder, study, " ".join(["microsim", *sys.argv[1:]]), lang, xlsx)
    if as_json:
        print_json(study.summary)
    elif talks:
        tell_results(folder, lang, before)
