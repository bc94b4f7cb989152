"""``microsim kernel``: the function that the law becomes."""

from __future__ import annotations

import click

from microsim.cli.options import SCENARIO


@click.command(name="kernel", short_help="Print the function that a scenario's law becomes.")
@click.argument("scenario", type=SCENARIO)
@click.option(
    "--output", "outputs", multiple=True, metavar="RULE", help="Outputs to generate for (may be repeated)."
)
def command(scenario: str, outputs: tuple[str, ...]) -> None:
    """Print the Python function that a scenario's law is turned into before it is compiled.

    It evaluates one household: one line a rule, under the rules' own names, so that it can be read beside
    the law.

    \b
    Example:
      microsim kernel scenarios/h-county-2020.yaml
    """
    from microsim.engine.runtime.kernels import kernel_for
    from microsim.scenario import load_scenario
    from microsim.studies.common.outputs import baseline_outputs

    loaded = load_scenario(scenario)
    policy, population = loaded.policy(), loaded.population()
    asked = tuple(outputs) or tuple(baseline_outputs(policy))
    click.echo(kernel_for(policy, asked, population).source)
