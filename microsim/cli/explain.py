"""``microsim explain``: why one household gets what it gets."""

from __future__ import annotations

import click

from microsim.cli.options import SCENARIO, language


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
    help="Rule to explain (may be repeated).  [default: all benefits together]",
)
@language
def command(scenario: str, household_id: int, outputs: tuple[str, ...], lang: str) -> None:
    """Explain one household's benefits: each rule, what went in, and the article behind it.

    \b
    Examples:
      microsim explain scenarios/h-county-2020.yaml --household 17
      microsim explain my.yaml --household 17 --output dibao_top_up --lang zh
    """
    from microsim.scenario import load_scenario
    from microsim.simulation import explain

    loaded = load_scenario(scenario)
    policy = loaded.policy()
    wanted = list(outputs) or [name for name in ("total_benefits",) if name in policy.rules]
    told = explain(loaded.population(), policy, household_id, wanted or None, lang)
    click.echo(str(told))
