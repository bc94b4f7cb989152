"""``microsim solve``: the value of a parameter that meets a target."""

from __future__ import annotations

import math

import click

from microsim.cli.options import SCENARIO, unusual_allowed
from microsim.cli.results import StudyOptions, command_line, study_options


@click.command(name="solve", short_help="Find the value of a parameter that meets a target.")
@click.argument("scenario", type=SCENARIO, metavar="SCENARIO.yaml")
@click.option("--vary", required=True, metavar="PARAMETER", help="What varies, such as dibao.line.rural.")
@click.option("--target", required=True, metavar="NAME=VALUE", help="A figure of summary.json, and its goal.")
@click.option(
    "--between",
    nargs=2,
    type=float,
    metavar="LOW HIGH",
    help="Ends of the search, in the parameter's unit.  [default: its observed range]",
)
@study_options("<name of the scenario>-solve")
def command(
    scenario: str,
    vary: str,
    target: str,
    between: tuple[float, float] | None,
    options: StudyOptions,
) -> None:
    """Find every value of a parameter at which a figure of the run meets a target.

    The figure is named as in summary.json: cost.dibao.rural, caseload.dibao, revenue_share.total,
    poverty.headcount, gini.disposable_income, or as microsim cliffs does. All values that meet it are
    reported; where the figure jumps over the target, both sides of the jump; where it is out of reach, how
    close one can get.

    \b
    Examples:
      microsim solve scenarios/h-county-2020.yaml --vary dibao.line.rural \\
          --target cost.dibao.rural=300e6
      microsim solve scenarios/h-county-2020.yaml --vary dibao.line.rural \\
          --target caseload.dibao=60000 --between 4000 6000
    """
    from microsim.report.solve import STUDY, write_solution
    from microsim.report.texts.solve_text import solve_text
    from microsim.studies.solving.study import solve

    name, value = _goal(target)
    loaded = options.load(scenario)
    with options.results(f"{loaded.name}-solve", STUDY, 3 + len(loaded.ensemble)) as results:
        found = solve(
            loaded,
            vary=vary,
            target=name,
            value=value,
            between=between,
            allow_unusual=unusual_allowed(),
            progress=results.progress,
        )
        results.show(lambda: solve_text(found, loaded, options.lang), then="writing")
        write_solution(results.folder, found, loaded, command_line(), options.lang, options.xlsx)


def _goal(target: str) -> tuple[str, float]:
    """``cost.dibao.rural=300e6`` -> the figure and its goal."""
    from microsim.errors import InputError, Offence

    name, equals, text = target.partition("=")
    try:
        value = float(text.replace(",", "").strip())
    except ValueError:
        value = math.nan
    if not equals or not math.isfinite(value):
        hint = "write NAME=VALUE, for example cost.dibao.rural=300000000 or poverty.headcount=0.02"
        raise InputError(Offence(f"'{target}' names no figure with a number", "--target", hint))
    return name.strip(), value
