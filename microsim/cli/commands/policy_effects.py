"""``microsim policy-effects``: what lies behind the change from one scenario to another."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from microsim.cli.loading import load_scenarios
from microsim.cli.options import SCENARIO, print_json, study_options
from microsim.cli.progress import progress_bar
from microsim.cli.results_line import tell_results


@click.command(
    name="policy-effects", short_help="Share a change between years out among law, incomes and people."
)
@click.argument("base", type=SCENARIO, metavar="BASE.yaml")
@click.argument("other", type=SCENARIO, metavar="OTHER.yaml")
@click.option(
    "--index",
    default="incomes",
    show_default=True,
    metavar="INDEX",
    help="How amounts of law are carried to the other year's money: incomes, nominal, or a growth of prices "
    "a year as 0.02.",
)
@study_options("<base>-<other>-policy-effects")
def command(
    base: str,
    other: str,
    index: str,
    out: str,
    xlsx: bool,
    allow_code: bool,
    as_json: bool,
    quiet: bool,
    lang: str,
) -> None:
    """Share the change between two years out among law, practice, incomes and population.

    Every mixture of the two years is evaluated, and each part is the mean of what it adds over all orders
    (Shapley), so that the parts add up to the change. For two counties, or one county in two years.

    \b
    Examples:
      microsim policy-effects scenarios/h-county-2016.yaml \\
          scenarios/h-county-2020.yaml
      microsim policy-effects base.yaml other.yaml --index 0.02 --json
    """
    from microsim.report.effects import STUDY, write_effects
    from microsim.report.results import made_before, refuse_foreign
    from microsim.report.texts.effects_text import effects_text
    from microsim.studies.effects.prices import Index
    from microsim.studies.effects.study import policy_effects

    chosen = Index.of(index)
    a, b = load_scenarios([base, other], allow_code=allow_code)
    folder = Path(out) / f"{a.name}-{b.name}-policy-effects"
    refuse_foreign(folder, STUDY)
    before = made_before(folder)
    talks = not quiet and not as_json
    with progress_bar(4, quiet) as progress:
        found = policy_effects(a, b, index=chosen, progress=progress)
        # The answer first; the charts take longer than the numbers.
        if talks:
            click.echo(effects_text(found, lang))
        progress("drawing charts")
        write_effects(folder, found, " ".join(["microsim", *sys.argv[1:]]), lang, xlsx)
    if as_json:
        print_json(found.summary)
    elif talks:
        tell_results(folder, lang, before)
