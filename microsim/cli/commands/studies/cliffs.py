"""``microsim cliffs``: where earning more leaves a household with less, by how much, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from microsim.renamed import say_renamed

if TYPE_CHECKING:
    from microsim.scenario import Scenario


@click.command(name="cliffs", short_help="Find where earning more leaves a household with less.")
@click.argument("scenarios", type=SCENARIO, metavar="SCENARIO.yaml...", nargs=-1, required=True)
@click.option(
    "--vary", default="wage_income", show_default=True, metavar="COLUMN", help="The income that is varied."
)
@click.option(
    "--member",
    metavar="WHOM",
    help="each: every earner in turn; or a yes/no person column that marks one.  [default: the highest "
    "earner]",
)
@click.option("--max-income", type=float, metavar="YUAN", help="End of the range.  [default: 60000, or more]")
@click.option("--upto", type=float, hidden=True)  # the old name
@click.option("--household", "households", type=int, multiple=True, metavar="ID", help="Only this household.")
@click.option(
    "--seeds",
    type=int,
    default=0,
    metavar="N",
    help="Show the spread over N seeds of the county's generator.",
)
@click.option(
    "--families",
    type=SCENARIO,
    metavar="FILE",
    help="Compute budget constraints of the families in FILE instead, for all scenarios side by side.",
)
@results_in("<name of the scenario>-cliffs")
@xlsx
@csv_bom
@allow_code
@allow_unusual
@as_json
@quiet
@language
def command(
    scenarios: tuple[str, ...],
    vary: str,
    member: str | None,
    max_income: float | None,
    upto: float | None,
    households: tuple[int, ...],
    seeds: int,
    families: str | None,
    out: str,
    xlsx: bool,
    allow_code: bool,
    as_json: bool,
    quiet: bool,
    lang: str,
) -> None:
    """Find every point at which a household is worse off for earning more, and the rule behind it.

    One member's income is varied from 0 upwards, not on a grid but from each change in the law to the next,
    so that no drop is missed. Tables and charts go to a results folder next to that of `microsim run`;
    --vary, --member and --household have separate folders. With several scenarios, the figures are also
    compared side by side.

    \b
    Examples:
      microsim cliffs scenarios/linked-2014.yaml
      microsim cliffs scenarios/linked-2014.yaml scenarios/gradual-exit.yaml
      microsim cliffs scenarios/linked-2014.yaml --vary pension_income
      microsim cliffs scenarios/broad-2018.yaml --families scenarios/families.yaml
    """
    from microsim.report.cliffs import STUDY, folder_name, write_cliffs
    from microsim.report.results import made_before
    from microsim.report.texts.cliffs_text import cliffs_text, compared_text
    from microsim.studies.cliffs.study import cliff_study

    if upto is not None:
        say_renamed("--upto", "--max-income")
        max_income = upto if max_income is None else max_income
    if families is not None:
        of_no_use = {"--member": member, "--household": households, "--seeds": seeds}
        loaded = load_scenarios(scenarios, allow_code=allow_code)
        _families(families, loaded, vary, max_income, out, xlsx, as_json, quiet, lang, of_no_use)
        return

    def folder_of(scenario: Scenario) -> Path:
        return Path(out) / folder_name(scenario.name, vary, member, households)

    loaded = load_scenarios(scenarios, folder_of, STUDY, allow_code=allow_code)
    talks = not quiet and not as_json
    studies = []
    with progress_bar((5 + seeds) * len(loaded), quiet) as progress:
        for scenario in loaded:
            study = cliff_study(
                scenario,
                vary=vary,
                member=member,
                max_income=max_income,
                households=households or None,
                seeds=seeds,
                progress=progress,
            )
            studies.append(study)
            if talks:
                click.echo(cliffs_text(study, lang))
            progress("drawing charts")
            against = studies[0] if len(studies) > 1 else None
            before = made_before(folder_of(scenario))
            folder = write_cliffs(folder_of(scenario), study, command_line(), lang, against, xlsx)
            if talks:
                tell_results(folder, lang, before)
    if as_json:
        print_json({s.scenario.name: s.summary for s in studies} if len(studies) > 1 else studies[0].summary)
    elif talks and len(studies) > 1:
        click.echo("\n" + compared_text(studies, lang), nl=False)


def _families(
    file: str,
    scenarios: list[Scenario],
    vary: str,
    max_income: float | None,
    out: str,
    xlsx: bool,
    as_json: bool,
    quiet: bool,
    lang: str,
    of_no_use: dict[str, Any],
) -> None:
    """Budget lines of described families under each scenario."""
    from microsim.errors import InputError, Offence
    from microsim.population import load_families
    from microsim.report.cliffs import FAMILIES, write_families
    from microsim.report.results import made_before, refuse_foreign
    from microsim.report.text import wrap
    from microsim.report.texts.cliffs_text import families_text
    from microsim.report.words import financing_note
    from microsim.studies.cliffs.families import family_lines

    given = [name for name, value in of_no_use.items() if value]
    if given:
        hint = "the file itself says whose income is varied (earner: true)"
        raise InputError([Offence("has no meaning with --families", name, hint) for name in given])
    described = load_families(file)
    folder = Path(out) / f"{Path(file).stem}-cliffs"
    refuse_foreign(folder, FAMILIES, [scenario.name for scenario in scenarios])
    before = made_before(folder)
    with progress_bar(2, quiet) as progress:
        progress("varying the families' earnings")
        lines = family_lines(
            described, {s.name: s.policy() for s in scenarios}, vary=vary, max_income=max_income
        )
        if not quiet and not as_json:
            click.echo(families_text(lines, lang))
            notes = [note for scenario in scenarios for note in financing_note(scenario, lang)]
            for note in dict.fromkeys(notes):
                click.echo(wrap(note))
        progress("drawing charts")
        write_families(folder, lines, scenarios, command_line(), lang, xlsx)
    if as_json:
        print_json(lines.summary)
    elif not quiet:
        tell_results(folder, lang, before)
