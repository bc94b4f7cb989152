"""``microsim kernel``: the function that the law becomes."""

from __future__ import annotations

import click

from microsim.cli.options import SCENARIO, allow_code, allow_unusual, speaking, unusual_allowed


@click.command(name="kernel", short_help="Print a scenario's law as one Python function.")
@click.argument("scenario", type=SCENARIO)
@click.option(
    "--output", "outputs", multiple=True, metavar="RULE", help="Output to include (may be repeated)."
)
@allow_code
@allow_unusual
@speaking
def command(scenario: str, outputs: tuple[str, ...], allow_code: bool) -> None:
    """Print the Python function into which a scenario's law is translated before it is compiled.

    It evaluates one household, with one line per rule and the rules' own names, so that it can be compared
    with the law.

    \b
    Example:
      microsim kernel scenarios/h-county-2020.yaml
    """
    from microsim.engine.runtime.kernels import generate
    from microsim.scenario import load_scenario
    from microsim.studies.common.outputs import baseline_outputs

    loaded = load_scenario(scenario, allow_code=allow_code, allow_unusual=unusual_allowed())
    policy, population = loaded.policy(), loaded.population()
    asked = tuple(outputs) or tuple(baseline_outputs(policy))
    click.echo(generate(policy, asked, population)[0].source)
