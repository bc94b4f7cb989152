"""``microsim run``: a scenario in, a results folder out."""

from __future__ import annotations

from pathlib import Path

import click

from microsim.cli.loading import load_scenarios
from microsim.cli.options import (
    SCENARIO,
    allow_code,
    allow_unusual,
    as_json,
    csv_bom,
    language,
    print_json,
    quiet,
    results_in,
    xlsx,
)
from microsim.cli.progress import progress_bar
from microsim.cli.results import command_line, tell_results


@click.command(name="run", short_help="Apply a scenario's law to its county; write results.")
@click.argument("scenarios", nargs=-1, required=True, type=SCENARIO, metavar="SCENARIO.yaml...")
@results_in("<name of the scenario>")
@click.option(
    "--min-count",
    type=click.IntRange(min=2),
    metavar="N",
    help="Withhold figures based on fewer than N persons or households.",
)
@xlsx
@csv_bom
@allow_code
@allow_unusual
@as_json
@quiet
@language
def command(
    scenarios: tuple[str, ...],
    out: str,
    min_count: int | None,
    xlsx: bool,
    allow_code: bool,
    as_json: bool,
    quiet: bool,
    lang: str,
) -> None:
    """Apply a scenario's law to its county: recipients, expenditure and remaining poverty.

    Prints the main figures, next to the source paper's where available, and writes a results folder: all
    figures (summary.json), tables, charts, and the basis of the run (manifest.json, tables/assumptions.csv).
    For a scenario with a base: it prints and writes base, reform and change side by side, and who gains and
    who loses. An older folder of the same scenario is replaced once the new one is complete.

    \b
    Examples:
      microsim run scenarios/h-county-2020.yaml
      microsim run scenarios/linked-2014.yaml scenarios/broad-2018.yaml --json
    """
    from microsim.errors import InputError, Offence
    from microsim.report.results import made_before
    from microsim.report.run import write_run
    from microsim.report.text import wrap
    from microsim.report.texts.comparison_text import comparison_text
    from microsim.report.texts.run_text import run_text
    from microsim.report.withheld import withheld_note, withhold_small
    from microsim.studies.compare.study import compare
    from microsim.studies.ensemble.study import run_over

    loaded = load_scenarios(scenarios, lambda scenario: Path(out) / scenario.name, allow_code=allow_code)
    based = [scenario for scenario in loaded if scenario.base is not None]
    if min_count is not None and based:
        hint = "small figures of a comparison cannot be withheld; take base: out, or leave --min-count out"
        raise InputError(
            [Offence("--min-count with a scenario that has a base", s.name, hint) for s in based]
        )
    talks = not quiet and not as_json
    line = command_line()
    summaries = {}
    for scenario in loaded:
        before = made_before(Path(out) / scenario.name)
        with progress_bar(5 if scenario.base is None else 9, quiet) as progress:
            compared = None if scenario.base is None else compare(scenario.base, scenario, progress=progress)
            run = run_over(scenario, progress) if compared is None else compared.reform
            withheld = None
            if min_count is not None:
                run, withheld = withhold_small(run, min_count)
            # The answer first; the charts take longer than the numbers.
            if talks:
                click.echo(run_text(run, lang) if compared is None else comparison_text(compared, lang))
                if withheld is not None:
                    click.echo("\n".join([*wrap(withheld_note(withheld, lang)).splitlines(), ""]))
            progress("drawing charts")
            folder = write_run(Path(out) / scenario.name, compared or run, line, lang, withheld, xlsx)
        summaries[scenario.name] = (compared or run).summary
        if talks:
            tell_results(folder, lang, before)
    if as_json:
        print_json(next(iter(summaries.values())) if len(summaries) == 1 else summaries)
