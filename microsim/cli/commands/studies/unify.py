"""``microsim unify``: one dibao line for town and country, and what it costs on the way there."""

from __future__ import annotations

import click

from microsim.cli.options import SCENARIO
from microsim.cli.results import StudyOptions, command_line, study_options


@click.command(name="unify", short_help="Raise the rural dibao line to the urban one over several years.")
@click.argument("scenario", type=SCENARIO, metavar="SCENARIO.yaml")
@study_options("<name of the scenario>-unify")
def command(scenario: str, options: StudyOptions) -> None:
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
    from microsim.report.texts.unify_text import unify_text
    from microsim.report.texts.zones_text import zones_text
    from microsim.report.unify import STUDY, write_unification
    from microsim.report.zones import write_zones
    from microsim.studies.unification.scenario_file import unify_scenario
    from microsim.studies.unification.zones import unify_zones

    loaded = options.load(scenario)
    first, last = loaded.years or (0, 0)
    with options.results(f"{loaded.name}-unify", STUDY, last - first + 3 + len(loaded.ensemble)) as results:
        if loaded.zones:
            zones = unify_zones(loaded, results.progress)
            results.show(lambda: zones_text(zones, loaded, options.lang))
            write_zones(results.folder, zones, loaded, command_line(), options.lang, options.xlsx)
        else:
            study = unify_scenario(loaded, results.progress)
            results.show(lambda: unify_text(study, loaded, options.lang))
            write_unification(results.folder, study, loaded, command_line(), options.lang, options.xlsx)
