"""``microsim compare``: two scenarios side by side, and who gains and who loses from one to the other."""

from __future__ import annotations

import click

from microsim.cli.loading import load_scenarios
from microsim.cli.options import SCENARIO
from microsim.cli.results import StudyOptions, command_line, study_options


@click.command(name="compare", short_help="Compare two scenarios: cost, caseload, winners and losers.")
@click.argument("base", type=SCENARIO, metavar="BASE.yaml")
@click.argument("reform", type=SCENARIO, metavar="REFORM.yaml")
@study_options("<base>-<reform>-compare")
def command(base: str, reform: str, options: StudyOptions) -> None:
    """Compare two scenarios: every figure of both, the change, and who gains and who loses.

    Where both are of one county, households are compared one by one: residents who gain and lose by area and
    by decile of income, and what the same typical family has under each. A scenario with base: prints the
    same in `microsim run`.

    \b
    Examples:
      microsim compare scenarios/h-county-2020.yaml scenarios/work-deduction.yaml
      microsim compare base.yaml reform.yaml --json
    """
    from microsim.report.comparison import STUDY, write_comparison
    from microsim.report.texts.comparison_text import comparison_text
    from microsim.studies.compare.study import compare

    a, b = load_scenarios([base, reform], allow_code=options.allow_code)
    with options.results(f"{a.name}-{b.name}-compare", STUDY, 9) as results:
        compared = compare(a, b, progress=results.progress)
        results.show(lambda: comparison_text(compared, options.lang))
        write_comparison(results.folder, compared, command_line(), options.lang, options.xlsx)
