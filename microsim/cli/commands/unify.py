"""``microsim unify``: one dibao line for town and country, and what it costs on the way there."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from microsim.cli.options import SCENARIO, print_json, study_options, unusual_allowed
from microsim.cli.progress import progress_bar
from microsim.cli.results_line import tell_results


@click.command(name="unify", short_help="Raise the rural dibao line to the urban one over several years.")
@click.argument("scenario", type=SCENARIO, metavar="SCENARIO.yaml")
@study_options("<name of the scenario>-unify")
def command(
    scenario: str, out: str, xlsx: bool, allow_code: bool, as_json: bool, quiet: bool, lang: str
) -> None:
    """Raise the rural dibao line to the urban one: expenditure, caseload and fiscal burden, year by year.

    The scenario gives years:, a path for dibao.line.rural under changes:, and the growth of incomes, of the
    urban line and of revenue under economy:. Every year is compared with the same year at the present ratio
    of the lines. With zones:, the path begins in each zone of counties in its own year. The results folder
    is next to that of `microsim run`; an older one of the same study is replaced once the new one is
    complete.

    \b
    Example:
      microsim unify scenarios/unify-linear-2027.yaml
    """
    from microsim.errors import InputError, Offence
    from microsim.report.results import made_before, refuse_foreign
    from microsim.report.texts.unify_text import unify_text
    from microsim.report.texts.zones_text import zones_text
    from microsim.report.unify import STUDY, write_unification
    from microsim.report.zones import write_zones
    from microsim.scenario import load_scenario
    from microsim.studies.unification.scenario_file import unify_scenario
    from microsim.studies.unification.study import Unification
    from microsim.studies.unification.zones import Zones, unify_zones

    loaded = load_scenario(scenario, allow_code=allow_code, allow_unusual=unusual_allowed())
    folder = Path(out) / f"{loaded.name}-unify"
    refuse_foreign(folder, STUDY)
    before = made_before(folder)
    first, last = loaded.years or (0, 0)
    talks = not quiet and not as_json
    told = " ".join(["microsim", *sys.argv[1:]])
    study: Unification | Zones
    with progress_bar(last - first + 3, quiet) as progress:
        if loaded.zones:
            if xlsx:
                message = "a study of zones is written as tables alone"
                raise InputError(Offence(message, "--xlsx", "leave --xlsx out"))
            study = unify_zones(loaded, progress)
        else:
            study = unify_scenario(loaded, progress)
        # The answer first; the charts take longer than the numbers.
        if talks:
            if isinstance(study, Zones):
                click.echo(zones_text(study, loaded, lang))
            else:
                click.echo(unify_text(study, loaded, lang))
        progress("drawing charts")
        if isinstance(study, Zones):
            write_zones(folder, study, loaded, told, lang)
        else:
            write_unification(folder, study, loaded, told, lang, xlsx)
    if as_json:
        print_json(study.summary)
    elif talks:
        tell_results(folder, lang, before)
