"""``microsim profile``: a county profile out of the census tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from microsim.cli.options import allow_code, as_json, census_tables, csv_bom, print_json, quiet, speaking
from microsim.errors import InputError, MicrosimError, Offence

if TYPE_CHECKING:
    from microsim.population.census.donor import Donor
    from microsim.population.census.profile import CensusProfile
    from microsim.population.census.tables import CensusCounty
    from microsim.population.profile.county import County
    from microsim.population.profile.figures import SourcedValue
    from microsim.scenario import Scenario

ALL = "all"  # donors


@click.command(name="profile", short_help="Build a county profile from census tables.")
@census_tables
@click.option(
    "--county",
    "county",
    required=True,
    metavar="NAME|CODE",
    help="County in FILE: its code, or its name, preceded by province and city if needed.",
)
@click.option(
    "--out",
    "out",
    required=True,
    type=click.Path(),
    metavar="FILE",
    help="Profile to write, a new file; with --like all, a new folder.",
)
@click.option(
    "--like",
    "like",
    metavar="COUNTY",
    help="County that supplies figures the census lacks: an archetype, the path of a profile, or all.  "
    "[default: the nearest archetype]",
)
@click.option(
    "--own",
    "own",
    type=click.Path(),
    metavar="FILE",
    help="The county's own figures, laid out as in a profile; they replace those of census and donor.",
)
@click.option(
    "--scenario",
    "scenario",
    type=click.Path(),
    metavar="FILE",
    help="With --like all: the scenario whose law and changes are applied with every donor.",
)
@click.option("--english", metavar="NAME", default="", help="English name of the county.")
@csv_bom
@allow_code
@as_json
@quiet
@speaking
def command(
    census: str,
    county: str,
    out: str,
    like: str | None,
    own: str | None,
    scenario: str | None,
    english: str,
    allow_code: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Build a county profile from the 2020 county census tables.

    You supply FILE (docs/census.md lists its columns). Its figures are cited with the county's code; where
    tables are inconsistent they are reconciled, and every conflict is printed with its size and recorded in
    the profile as a note. Figures that the census lacks (health, incomes, registers, public finance) are
    taken from the nearest archetype county, each as an assumption; the figures to ask the county's offices
    for are listed. With --like all, FOLDER gets a population for every archetype as donor (5,000 households
    each), and the range of caseload and expenditure under a scenario is shown.

    \b
    Examples:
      microsim profile --census census2020.csv.gz --county 640522 \\
          --out haiyuan.yaml
      microsim profile --census census2020.xlsx --county 福州市鼓楼区 \\
          --like coastal-county --out gulou/profile.yaml
      microsim profile --census census2020.csv.gz --county 640522 \\
          --like all --scenario scenarios/h-county-2020.yaml --out range
      microsim synth haiyuan.yaml --out haiyuan
    """
    from microsim.documents import shown
    from microsim.population.census.profile import build_profile
    from microsim.scenario import load_scenario
    from microsim.staging import new_file

    target = Path(out)
    if (like == ALL) != (scenario is not None):
        hint = "microsim profile ... --like all --scenario FILE --out FOLDER"
        raise InputError(Offence("--like all and --scenario need each other", hint=hint))
    row, donor, given = _inputs(Path(census), county, like, own, target)
    if scenario is not None:
        asked = load_scenario(scenario, allow_code=allow_code, county=target)
        _every_donor(row, asked, target, given, english, as_json=as_json, quiet=quiet)
        return
    built = build_profile(row, donor, english, given)
    new_file(target, built.county.text.encode("utf-8"))
    if as_json:
        print_json(_content(built, row, shown(target), given))
    elif not quiet:
        _tell(built, row, shown(target), given)


def _every_donor(
    row: CensusCounty,
    asked: Scenario,
    target: Path,
    given: Mapping[str, SourcedValue],
    english: str,
    *,
    as_json: bool,
    quiet: bool,
) -> None:
    """``--like all``: a population for each donor in one new folder, and the range of the results."""
    from microsim.cli.progress import progress_bar
    from microsim.documents import shown
    from microsim.language import language, spoken
    from microsim.population.census.donor import read_archetypes
    from microsim.report.readable import write_csv
    from microsim.report.texts.donors_text import asked_text, range_text
    from microsim.staging import becoming
    from microsim.studies.donors.study import donor_range

    lang = language()
    with progress_bar(len(read_archetypes()), quiet or as_json) as progress, becoming(target) as new:
        found = donor_range(row, asked, new, given=given, english=english, progress=progress)
        write_csv(new / "range.csv", found.table)
        # Counties are read where they were made, and that is no longer there once all is in place.
        summary, table_text = found.summary, range_text(found, asked.title_in(lang), lang)
    if as_json:
        print_json({"out": shown(target), "scenario": asked.name, **summary})
    elif not quiet:
        click.echo(
            spoken(f"{shown(target)}: {row.county} ({row.province}, {row.city}), code {row.code}") + "\n"
        )
        click.echo(table_text + "\n")
        click.echo(asked_text(given, lang))


def _inputs(
    census: Path, county: str, like: str | None, own: str | None, target: Path
) -> tuple[CensusCounty, Donor | dict[str, County], dict[str, SourcedValue]]:
    """The census row, the donor, and the county's own figures; raises all that is wrong with the request."""
    from microsim.population.census.donor import donor_named, read_archetypes
    from microsim.population.census.tables import read_census
    from microsim.population.profile.partial import read_figures

    offences = _no_place(target)
    row = donor = None
    given: dict[str, SourcedValue] = {}
    try:
        row = read_census(census).find(county)
    except MicrosimError as error:
        offences += error.offences
    try:
        donor = read_archetypes() if like in (None, ALL) else donor_named(like)
    except MicrosimError as error:
        offences += error.offences
    try:
        given = {} if own is None else read_figures(own)
    except MicrosimError as error:
        offences += error.offences
    if offences:
        raise InputError(offences, title=None if len(offences) == 1 else "no profile was built")
    assert row is not None
    assert donor is not None
    return row, donor, given


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


def _content(
    built: CensusProfile, row: CensusCounty, out: str, given: Mapping[str, SourcedValue]
) -> dict[str, Any]:
    from microsim.population.census.asked import still_asked

    return {
        "out": out,
        "county": {"code": row.code, "zh": row.county, "en": built.county.name["en"]},
        "province": row.province,
        "city": row.city,
        "taken_over_from": {"county": built.donor.name, "distance": built.donor.distance},
        "figures": _sources(built.county),
        "own": sorted(given),
        "to_ask_for": [one.figure for one in still_asked(given)],
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


def _tell(built: CensusProfile, row: CensusCounty, out: str, given: Mapping[str, SourcedValue]) -> None:
    from microsim.language import language, spoken
    from microsim.report.books.headings import code_words
    from microsim.report.text import wrap
    from microsim.report.texts.donors_text import asked_text

    kinds = code_words(language())
    counts = ", ".join(
        f"{count} {kinds.get(source, source)}" for source, count in _sources(built.county).items()
    )
    click.echo(spoken(f"{out}: {row.county} ({row.province}, {row.city}), code {row.code}"))
    click.echo(wrap(spoken(f"figures: {counts}; assumptions are those of {built.donor}")))
    where = " (docs/census.md)" if built.conflicts else ""
    click.echo(spoken(f"reconciled figures: {len(built.conflicts)}") + where)
    for conflict in built.conflicts:
        click.echo(wrap(conflict.said(spoken), "  "))
    range_hint = "Another donor can give many times the caseload: --like all --scenario FILE shows the range."
    click.echo("\n" + wrap(spoken(range_hint)))
    click.echo(asked_text(given, language()))
