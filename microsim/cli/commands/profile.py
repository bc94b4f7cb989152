"""``microsim profile``: a county profile out of the census tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from microsim.cli.options import as_json, print_json, quiet, speaking
from microsim.errors import InputError, MicrosimError, Offence

if TYPE_CHECKING:
    from microsim.population.census.donor import Lender
    from microsim.population.census.profile import CensusProfile
    from microsim.population.census.tables import CensusCounty
    from microsim.population.profile.county import County


@click.command(name="profile", short_help="Build a county profile from census tables.")
@click.option(
    "--census",
    "census",
    required=True,
    type=click.Path(),
    metavar="FILE",
    help="County tables of the 2020 census: .csv, .csv.gz or .xlsx.",
)
@click.option(
    "--county",
    "county",
    required=True,
    metavar="NAME|CODE",
    help="County in FILE: its code, or its name, preceded by province and city if needed.",
)
@click.option(
    "--out", "out", required=True, type=click.Path(), metavar="FILE", help="Profile to write; a new file."
)
@click.option(
    "--like",
    "like",
    metavar="COUNTY",
    help="County that supplies figures the census lacks: an archetype, or the path of a profile.  "
    "[default: the nearest archetype]",
)
@click.option("--english", metavar="NAME", default="", help="English name of the county.")
@as_json
@quiet
@speaking
def command(
    census: str, county: str, out: str, like: str | None, english: str, as_json: bool, quiet: bool
) -> None:
    """Build a county profile from the 2020 county census tables.

    You supply FILE (docs/census.md lists its columns). Its figures are cited with the county's code; where
    tables are inconsistent they are reconciled, and every conflict is printed with its size and recorded in
    the profile as a note. Figures that the census lacks (health, incomes, registers, public finance) are
    taken from the nearest archetype county, each as an assumption.

    \b
    Examples:
      microsim profile --census census2020.csv.gz --county 640522 \\
          --out haiyuan.yaml
      microsim profile --census census2020.xlsx --county 福州市鼓楼区 \\
          --like coastal-county --out gulou/profile.yaml
      microsim synth haiyuan.yaml --out haiyuan
    """
    from microsim.documents import shown
    from microsim.population.census.profile import build_profile
    from microsim.staging import new_file

    target = Path(out)
    row, lender = _inputs(Path(census), county, like, target)
    built = build_profile(row, lender, english)
    new_file(target, built.county.text.encode("utf-8"))
    if as_json:
        print_json(_content(built, row, shown(target)))
    elif not quiet:
        _tell(built, row, shown(target))


def _inputs(
    census: Path, county: str, like: str | None, target: Path
) -> tuple[CensusCounty, Lender | dict[str, County]]:
    """The census row and who lends; raises all that is wrong with what was asked for."""
    from microsim.population.census.donor import lender_named, read_archetypes
    from microsim.population.census.tables import read_census

    offences = _no_place(target)
    row = lender = None
    try:
        row = read_census(census).find(county)
    except MicrosimError as error:
        offences += error.offences
    try:
        lender = read_archetypes() if like is None else lender_named(like)
    except MicrosimError as error:
        offences += error.offences
    if offences:
        raise InputError(offences, title=None if len(offences) == 1 else "no profile was built")
    assert row is not None
    assert lender is not None
    return row, lender


def _no_place(target: Path) -> list[Offence]:
    from microsim.documents import shown

    if target.is_dir():
        return [Offence("is a folder; name the file", shown(target), f"--out {target / 'profile.yaml'}")]
    if target.exists():
        return [Offence("already exists", shown(target), "choose another name with --out, or remove it")]
    above = next(folder for folder in target.absolute().parents if folder.exists())
    if not above.is_dir():
        return [Offence("is a file, so it cannot contain the profile", shown(above))]
    return []


def _content(built: CensusProfile, row: CensusCounty, out: str) -> dict[str, Any]:
    return {
        "out": out,
        "county": {"code": row.code, "zh": row.county, "en": built.county.name["en"]},
        "province": row.province,
        "city": row.city,
        "taken_over_from": {"county": built.lender.name, "distance": built.lender.distance},
        "figures": _sources(built.county),
        "conflicts": [
            {
                "figure": conflict.figure,
                "what": conflict.what,
                "census": conflict.census,
                "reconciled": conflict.kept,
                "size": conflict.size,
                "rule": conflict.rule,
            }
            for conflict in built.conflicts
        ],
    }


def _sources(county: County) -> dict[str, int]:
    """Number of figures by source."""
    sources = [figure.source for figure in county.figures.values()]
    return {source: sources.count(source) for source in dict.fromkeys(sources)}


def _tell(built: CensusProfile, row: CensusCounty, out: str) -> None:
    from microsim.report.text import wrap

    counts = ", ".join(f"{count} {source}" for source, count in _sources(built.county).items())
    click.echo(f"{out}: {row.county} ({row.province}, {row.city}), code {row.code}")
    click.echo(f"figures: {counts}; assumptions are those of {built.lender}")
    click.echo(f"reconciled: {len(built.conflicts)}" + (" (docs/census.md)" if built.conflicts else ""))
    for conflict in built.conflicts:
        click.echo(wrap(str(conflict), "  "))
