"""``microsim calibrate``: a county's levers from the numbers that its office has."""

from __future__ import annotations

from typing import Any

import click

from microsim.cli.options import SCENARIO, allow_code, as_json, language, print_json, quiet
from microsim.cli.progress import progress_bar

_AMOUNT = "NUMBER | AREA=NUMBER,..."


@click.command(name="calibrate", short_help="Make a county's rules give the figures that its office knows.")
@click.argument("county", type=click.Path(), metavar="COUNTY")
@click.option(
    "--scenario",
    type=SCENARIO,
    metavar="FILE.yaml",
    help="Whose law and dibao lines apply.  [default: the law at the end of the county's year]",
)
@click.option(
    "--targets",
    type=click.Path(),
    metavar="FILE.yaml",
    help="What the office knows, as a file (microsim schema targets).",
)
@click.option("--recipients", multiple=True, metavar=_AMOUNT, help="Dibao recipients, persons.")
@click.option("--expenditure", multiple=True, metavar=_AMOUNT, help="Expenditure on dibao, yuan a year.")
@click.option("--tekun", multiple=True, metavar=_AMOUNT, help="Tekun persons.")
@click.option(
    "--tekun-expenditure", multiple=True, metavar=_AMOUNT, help="Expenditure on tekun, in cash and in kind."
)
@click.option(
    "--living-subsidy",
    multiple=True,
    metavar=_AMOUNT,
    help="Recipients of the living subsidy for the disabled.",
)
@click.option(
    "--nursing-subsidy",
    multiple=True,
    metavar=_AMOUNT,
    help="Recipients of the nursing subsidy for the disabled.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be found, and write nothing.")
@allow_code
@as_json
@quiet
@language
def command(
    county: str, scenario: str | None, targets: str | None, recipients: tuple[str, ...],
    expenditure: tuple[str, ...], tekun: tuple[str, ...], tekun_expenditure: tuple[str, ...],
    living_subsidy: tuple[str, ...], nursing_subsidy: tuple[str, ...], dry_run: bool, allow_code: bool,
    as_json: bool, quiet: bool, lang: str,
) -> None:  # fmt: skip
    """Make the rules give a county's known recipients and expenditure.

    COUNTY is a population folder (synthetic or imported) or a profile. Any part of the figures is enough; an
    amount is a number for the whole county, or one for each area: rural=5123,urban=1200.

    Features of local practice are adjusted, the most plausible first: take-up, what the office sees of
    incomes, discretion, floors and form of payment. What the scenario itself sets is not adjusted. The result
    is written into the county's folder, and every command uses it from then on; other combinations that meet
    the figures as well are kept beside it, and results show the range over them. Figures that cannot be met
    are rejected, with the most that the rules could give.

    \b
    Examples:
      microsim calibrate my-county --recipients rural=5123,urban=1200
      microsim calibrate my-county --scenario my.yaml --targets figures.yaml
    """
    from microsim.documents import shown
    from microsim.report.text import wrap
    from microsim.report.texts.calibration_text import calibration_text, say
    from microsim.studies.calibration.study import calibrate_county

    flags = {
        ("dibao", "recipients"): recipients,
        ("dibao", "expenditure"): expenditure,
        ("tekun", "recipients"): tekun,
        ("tekun", "expenditure"): tekun_expenditure,
        ("living_subsidy", "recipients"): living_subsidy,
        ("nursing_subsidy", "recipients"): nursing_subsidy,
    }
    with progress_bar(53, quiet) as progress:
        found = calibrate_county(
            county, _targets(targets, flags), scenario, allow_code=allow_code, progress=progress
        )
    if not dry_run:
        path = found.write()
    if as_json:
        print_json({**found.summary, "changes": _plain(found.changes)})
    elif not quiet:
        click.echo(calibration_text(found, lang), nl=False)
        end = say("not_written", lang) if dry_run else say("written", lang, path=shown(path))
        click.echo("\n" + wrap(end))


def _targets(path: str | None, flags: dict[tuple[str, str], tuple[str, ...]]) -> Any:
    """The targets of the file with those of the options laid over them."""
    from microsim.errors import InputError, Offence
    from microsim.studies.calibration.targets import AREAS, read_targets, targets_from

    offences: list[Offence] = []
    given: dict[str, dict[str, Any]] = {}
    if path is not None:
        for programme, kinds in read_targets(path).values.items():
            for kind, groups in kinds.items():
                given.setdefault(programme, {})[kind] = groups.get("all", groups)
    for (programme, kind), words in flags.items():
        option = f"--{_OPTIONS[programme, kind]}"
        parts = [part for word in words for part in word.split(",") if part.strip()]
        for part in parts:
            area, _, amount = part.rpartition("=")
            try:
                value = float(amount)
            except ValueError:
                offences.append(Offence(f"'{amount}' is not a number", option, "for example rural=5123"))
                continue
            if area and area.strip() not in AREAS:
                offences.append(Offence(f"no area '{area}'", option, f"areas: {', '.join(AREAS)}"))
            elif bool(area) != (len(parts) > 1 or bool(area)):
                offences.append(Offence("a number for the whole county beside others", option, "give areas"))
            elif area:
                own = given.setdefault(programme, {})
                own[kind] = {**(own[kind] if isinstance(own.get(kind), dict) else {}), area.strip(): value}
            else:
                given.setdefault(programme, {})[kind] = value
    if offences:
        raise InputError(offences)
    return targets_from(given)


_OPTIONS = {
    ("dibao", "recipients"): "recipients",
    ("dibao", "expenditure"): "expenditure",
    ("tekun", "recipients"): "tekun",
    ("tekun", "expenditure"): "tekun-expenditure",
    ("living_subsidy", "recipients"): "living-subsidy",
    ("nursing_subsidy", "recipients"): "nursing-subsidy",
}


def _plain(value: Any) -> Any:
    return {str(key): _plain(item) for key, item in value.items()} if isinstance(value, dict) else value
