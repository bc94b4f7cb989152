"""``microsim import``: survey or register microdata into a population."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from microsim.cli.options import as_json, csv_bom, print_json, quiet, speaking
from microsim.language import spoken


@click.command(name="import", short_help="Import survey or register microdata.")
@click.argument("mapping", metavar="MAPPING")
@click.argument("data", nargs=-1, type=click.Path(), metavar="DATA...")
@click.option(
    "--out", "out", type=click.Path(file_okay=False), metavar="DIR", help="Folder to write the population to."
)
@click.option(
    "--ids",
    type=click.Choice(["number", "hash", "keep"]),
    default="number",
    show_default=True,
    help="Renumber households and persons, hash their ids with a key, or keep them.",
)
@click.option(
    "--key-file",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Secret key for --ids hash (16 bytes or more).",
)
@click.option(
    "--profile",
    type=click.Path(),
    metavar="FILE",
    help="County profile to add to the population: prices and public finance for `run`.",
)
@click.option("--show", is_flag=True, help="Print the mapping, to edit a template, and do nothing else.")
@csv_bom
@as_json
@quiet
@speaking
def command(
    mapping: str,
    data: tuple[str, ...],
    out: str | None,
    ids: str,
    key_file: str | None,
    profile: str | None,
    show: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Turn survey or register microdata into a population.

    MAPPING is a YAML file that says which column becomes which and how, or the name of a template:
    cfps-2018, chip-2013-rural, chfs-2017, civil-register. DATA is one file of persons and households, or
    one of each: Stata, SPSS, Excel, CSV (UTF-8 or GB18030) or Parquet.

    Prints what was filled in or left out; DIR/import-report.csv reports it for every column, and
    DIR/import-left-out.csv names every record that was left out. Names and id
    numbers are not kept unless --ids keep is given.

    \b
    Examples:
      microsim import cfps-2018 --show > mapping.yaml
      microsim import mapping.yaml persons.dta families.dta --out my-county \\
          --profile county/profile.yaml
      microsim import register.yaml recipients.xlsx --out recipients --ids hash \\
          --key-file key
    """
    from microsim.cli.commands.check import needed_of_mapping
    from microsim.errors import FileError
    from microsim.population.survey.mapping import find_mapping, read_mapping

    path = find_mapping(mapping)
    if show:
        read_mapping(path)
        click.echo(path.read_text(encoding="utf-8"), nl=False)
        return
    if not data or out is None:
        raise click.UsageError("give the data files and --out DIR")
    if (ids == "hash") != (key_file is not None):
        raise click.UsageError("--ids hash and --key-file go together")
    from microsim.population.io.placing import holds_population, put_in_place
    from microsim.population.survey.importing import import_survey
    from microsim.report.readable import write_csv
    from microsim.report.results import refuse_no_place
    from microsim.report.text import wrap
    from microsim.staging import becoming

    key = b""
    if key_file is not None:
        try:
            key = Path(key_file).read_bytes().strip()
        except FileNotFoundError:
            raise FileError(f"{key_file}: no such file") from None
    county = None
    if profile is not None:
        from microsim.population import County

        county = County.read(profile)
    refuse_no_place(Path(out), county.text if county is not None else None)
    replaced = holds_population(Path(out))
    checked = read_mapping(path)
    population, report = import_survey(checked, [Path(one) for one in data], ids, key)
    with becoming(out, put_in_place, inside=True) as new:
        replace(population, given_county=county).write(new)
        for name, table in (("report", report.table), ("left-out", report.left_out_table())):
            write_csv(new / f"import-{name}.csv", table, for_excel=True)
    needed = needed_of_mapping(checked)
    if as_json:
        print_json({**report.as_json(), "needed_by_the_law": needed})
    elif not quiet:
        lines = [*str(report).splitlines(), *([f"look at: {needed}"] if needed else [])]
        click.echo("\n".join(wrap(spoken(line), rest="  ") for line in lines))
        click.echo(spoken(f"{out}: {population.n_households:,} households, {population.n_persons:,} persons"))
        if replaced:
            click.echo(spoken(f"{out}: replaced the population that was there"))
