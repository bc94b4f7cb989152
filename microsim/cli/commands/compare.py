"""``microsim compare``: two scenarios side by side, and who gains and who loses from one to the other."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from microsim.cli.loading import load_scenarios
from microsim.cli.options import SCENARIO, print_json, study_options
from microsim.cli.progress import progress_bar
from microsim.cli.results_line import tell_results


@click.command(name="compare", short_help="Compare two scenarios: cost, caseload, winners and losers.")
@click.argument("base", type=SCENARIO, metavar="BASE.yaml")
@click.argument("reform", type=SCENARIO, metavar="REFORM.yaml")
@study_options("<base>-<reform>-compare")
def command(
    base: str, reform: str, out: str, xlsx: bool, allow_code: bool, as_json: bool, quiet: bool, lang: str
) -> None:
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
    from microsim.report.results import made_before, refuse_foreign
    from microsim.report.texts.comparison_text import comparison_text
    from microsim.studies.compare.study import compare

    a, b = load_scenarios([base, reform], allow_code=allow_code)
    folder = Path(out) / f"{a.name}-{b.name}-compare"
    refuse_foreign(folder, STUDY)
    before = made_before(folder)
    talks = not quiet and not as_json
    with progress_bar(9, quiet) as progress:
        compared = compare(a, b, progress=progress)
        # The answer first; the charts take longer than the numbers.
        if talks:
            click.echo(comparison_text(compared, lang))
        progress("drawing charts")
        write_comparison(folder, compared, " ".join(["microsim", *sys.argv[1:]]), lang, xlsx)
    if as_json:
        print_json(compared.summary)
    elif talks:
        tell_results(folder, lang, before)
