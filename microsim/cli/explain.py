"""``microsim explain``: why one household gets what it gets."""

from __future__ import annotations

import click

from microsim.cli.options import SCENARIO


@click.command(name="explain")
@click.argument("scenario", type=SCENARIO)
@click.option(
    "--household", "household_id", type=int, required=True, metavar="ID", help="Number of the household."
)
@click.option("--output", "outputs", multiple=True, metavar="RULE", help="What to explain (may be repeated).")
def command(scenario: str, household_id: int, outputs: tuple[str, ...]) -> None:
    """Explain one household's benefits: each rule, what went in, and the article behind it.

    \b
    Examples:
      microsim explain scenarios/h-county-2020.yaml --household 17
      microsim explain scenarios/h-county-2020.yaml --household 17 --output dibao_entitlement
    """
    from microsim.engine.explain import explain
    from microsim.scenario import load_scenario

    loaded = load_scenario(scenario)
    policy = loaded.policy()
    click.echo(
        str(explain(loaded.population(), policy, household_id=household_id, outputs=list(outputs) or None))
    )
