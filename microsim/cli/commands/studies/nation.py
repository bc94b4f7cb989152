"""``microsim nation``: every county of the census, what one standard would take there, and who could pay."""

from __future__ import annotations

from pathlib import Path

import click

from microsim.cli.options import (
    SCENARIO,
    allow_unusual,
    as_json,
    census_tables,
    csv_bom,
    language,
    print_json,
    quiet,
    results_in,
    unusual_allowed,
    xlsx,
)
from microsim.cli.progress import progress_bar
from microsim.cli.results import command_line, tell_results
from microsim.cli.tasks import computed_by, going_on


@click.command(name="nation", short_help="Run every county of the census, and add them up.")
@click.argument("file", type=SCENARIO, metavar="NATION.yaml")
@census_tables
@click.option(
    "--table",
    "given",
    type=click.Path(),
    metavar="COUNTIES.csv",
    help="Lines, incomes, public finance, zones and labels of counties by code: .csv or .xlsx.",
)
@click.option(
    "--county",
    "only",
    multiple=True,
    metavar="NAME|CODE",
    help="Only this county; may be given several times.  [default: all]",
)
@click.option(
    "--households",
    type=click.IntRange(min=1),
    default=2_000,
    show_default=True,
    metavar="N",
    help="Households of each county.",
)
@click.option("--seed", type=click.IntRange(min=0), default=3, show_default=True, metavar="S", help="Seed.")
@click.option("--no-cliffs", is_flag=True, help="Leave out the search for cliffs.")
@click.option(
    "--keep", type=click.Path(file_okay=False), metavar="DIR", help="Keep each population in DIR/CODE."
)
@computed_by("Threads that share the households of a county.  [default: one per processor]")
@click.option("--resume", is_flag=True, help="Go on with a run that was stopped; try failed counties again.")
@results_in("<name of the file>-by-county")
@allow_unusual
@csv_bom
@xlsx
@as_json
@quiet
@language
def command(
    file: str,
    census: str,
    given: str | None,
    only: tuple[str, ...],
    households: int,
    seed: int,
    no_cliffs: bool,
    keep: str | None,
    workers: int | None,
    processes: int | None,
    scheduler: str | None,
    resume: bool,
    out: str,
    xlsx: bool,
    as_json: bool,
    quiet: bool,
    lang: str,
) -> None:
    """Make every county of the census, run the scenarios of NATION.yaml on each, and add them up.

    You supply the census (docs/census.md) and, as far as you have them, the counties' own lines, incomes and
    public finance (docs/nation.md); what the table lacks is filled in from province and archetype and marked
    so. Sums of money and of recipients are withheld unless the table covers the share of residents that the
    file states. A county that cannot be made is named with the reason, and the exit code is 1; the others are
    run. Rows of each county are kept beside the results, in DIR/<name of the file>-rows, so that --resume can
    go on.

    \b
    Examples:
      microsim nation scenarios/nation.yaml --census census2020.csv.gz \\
          --processes 2
      microsim nation scenarios/nation.yaml --census census2020.csv.gz \\
          --table counties.csv --county 640522
    """
    from microsim.cli.main import FAILURE
    from microsim.report.counties.nation import STUDY, write_nation
    from microsim.report.counties.nation_text import nation_text
    from microsim.report.results import made_before, refuse_foreign
    from microsim.studies.nation.run import run_nation
    from microsim.studies.nation.work import nation_work

    folder = Path(out) / f"{Path(file).stem}-by-county"
    refuse_foreign(folder, STUDY)
    before = made_before(folder)
    work = nation_work(
        file,
        census,
        given or "",
        only=only,
        households=households,
        seed=seed,
        cliffs=not no_cliffs,
        keep=keep or "",
        allow_unusual=unusual_allowed(),
    )
    rows = Path(out) / f"{Path(file).stem}-rows"
    with going_on(rows), progress_bar(work.count + 2, quiet) as progress:
        found, _ = run_nation(
            work,
            rows,
            workers=workers,
            processes=processes,
            scheduler=scheduler,
            resume=resume,
            progress=progress,
        )
        progress("writing")
        write_nation(folder, found, work, command_line(), lang, xlsx)
    if as_json:
        print_json(found.summary)
    elif not quiet:
        click.echo(nation_text(found, lang))
        tell_results(folder, lang, before)
    if found.failed:
        click.get_current_context().exit(FAILURE)
