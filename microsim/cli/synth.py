"""``microsim synth``: a synthetic county from its profile."""

from __future__ import annotations

import click

from microsim.cli.options import quiet
from microsim.cli.progress import progress


@click.command(name="synth", short_help="Make a synthetic county from its profile.")
@click.argument("profile", type=click.Path())
@click.option(
    "--out", "out", required=True, type=click.Path(), metavar="DIR", help="Folder to write the population to."
)
@click.option(
    "--households",
    type=click.IntRange(min=1),
    metavar="N",
    help="Households to generate, weighted up to the county.",
)
@click.option("--seed", type=click.IntRange(min=0), metavar="S", help="Seed of all random draws.")
@click.option("--whole", is_flag=True, help="One row of weight 1 for each household of the county.")
@quiet
def command(
    profile: str, out: str, households: int | None, seed: int | None, whole: bool, quiet: bool
) -> None:
    """Make a synthetic county's households from its PROFILE (a YAML file of its published figures).

    The same profile, number of households and seed give the same county, byte for byte.

    \b
    Examples:
      microsim synth data/synthetic/h-county/profile.yaml --out my-county
      microsim synth profile.yaml --out my-county --households 20000 --seed 7
      microsim synth profile.yaml --out my-county --whole
    """
    from microsim.population import County, synthesize

    with progress(3 if whole else 2, quiet) as tell:
        tell("making households")
        county = County.read(profile)
        given = {"households": households, "seed": seed}
        population = synthesize(county, **{key: value for key, value in given.items() if value is not None})
        if whole:
            from microsim.population.integers import whole_households
            from microsim.population.synthesis import SEED

            tell("making weights whole")
            population = whole_households(population, SEED if seed is None else seed)
        tell("writing")
        population.write(out)
    if not quiet:
        click.echo(f"{out}: {len(population.weight):,} households, {population.n_persons:,} persons")
