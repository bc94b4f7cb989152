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

    The same profile, number of households and seed give the same county, byte for byte. Above 131,072
    households the county is written in pieces (households/, persons/ and pieces.json), so that its size is
    bounded by the disk and not by memory.

    \b
    Examples:
      microsim synth data/synthetic/h-county/profile.yaml --out my-county
      microsim synth profile.yaml --out my-county --households 20000 --seed 7
      microsim synth profile.yaml --out my-county --whole
    """
    from pathlib import Path

    from microsim.population import County
    from microsim.population.streaming import pieces_of, synthesize_to
    from microsim.population.synthesis import HOUSEHOLDS, SEED

    count, start = households or HOUSEHOLDS, SEED if seed is None else seed
    with progress(3 if whole else max(len(pieces_of(count)), 2), quiet) as tell:
        source = County.read(profile)
        if whole:
            from microsim.population import synthesize
            from microsim.population.integers import whole_households

            tell("making households")
            sample = synthesize(source, start, count)
            tell("making weights whole")
            population = whole_households(sample, start)
            tell("writing")
            population.write(out)
            made = population.n_households, population.n_persons
        else:
            made = synthesize_to(source, Path(out), start, count, tell=tell)
    if not quiet:
        click.echo(f"{out}: {made[0]:,} households, {made[1]:,} persons")
