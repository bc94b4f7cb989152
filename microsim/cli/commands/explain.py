"""``microsim explain``: why one household gets what it gets."""

from __future__ import annotations

import click

from microsim.cli.options import SCENARIO, language, tell_law_not_known

# What is told where nothing is asked for by name.
_TOLD = ("tier", "total_benefits", "in_kind_benefits")


@click.command(name="explain", short_help="Tell why one household gets what it gets.")
@click.argument("scenario", type=SCENARIO)
@click.option(
    "--household", "household_id", type=int, required=True, metavar="ID", help="Number of the household."
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="RULE",
    help="Rule to explain (may be repeated).  [default: tiers, and all benefits]",
)
@language
def command(scenario: str, household_id: int, outputs: tuple[str, ...], lang: str) -> None:
    """Explain one household's benefits: each rule, what went in, and the article behind it.

    Programmes that give the household nothing are named and not told further; ask for one with --output.

    \b
    Examples:
      microsim explain scenarios/h-county-2020.yaml --household 17
      microsim explain my.yaml --household 17 --output dibao_top_up --lang zh
    """
    from microsim.scenario import load_scenario
    from microsim.simulation import explain

    loaded = load_scenario(scenario)
    policy = loaded.policy()
    wanted = list(outputs) or [name for name in _TOLD if name in policy.rules]
    told = explain(loaded.population(), policy, household_id, wanted or None, lang)
    tell_law_not_known(policy.date, lang)
    click.echo(str(told))
