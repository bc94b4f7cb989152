"""``microsim policy-effects``: what lies behind the change from one scenario to another."""

from __future__ import annotations

import click

from microsim.cli.loading import load_scenarios
from microsim.cli.options import SCENARIO
from microsim.cli.results import StudyOptions, command_line, study_options


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
    options: StudyOptions,
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
    from microsim.report.texts.effects_text import effects_text
    from microsim.studies.effects.prices import Index
    from microsim.studies.effects.study import policy_effects

    chosen = Index.of(index)
    a, b = load_scenarios([base, other], allow_code=options.allow_code)
    most = max(len(a.ensemble), len(b.ensemble))
    with options.results(f"{a.name}-{b.name}-policy-effects", STUDY, 4 + most) as results:
        found = policy_effects(a, b, index=chosen, progress=results.progress)
        results.show(lambda: effects_text(found, options.lang))
        write_effects(results.folder, found, command_line(), options.lang, options.xlsx)
