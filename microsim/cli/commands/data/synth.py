"""``microsim synth``: a synthetic county from its profile."""

from __future__ import annotations

from typing import Any

import click

from microsim.cli.options import csv_bom, language, quiet, xlsx
from microsim.cli.progress import progress_bar
from microsim.cli.results import command_line
from microsim.errors import InputError, Offence
from microsim.language import spoken


@click.command(name="synth", short_help="Make a synthetic county from its profile.")
@click.argument("profile", type=click.Path())
@click.option(
    "--out", "out", required=True, type=click.Path(), metavar="DIR", help="Folder to write the population to."
)
@click.option(
    "--households",
    type=click.IntRange(min=1),
    metavar="N",
    help="Number of households to generate, weighted up to the county.",
)
@click.option("--seed", type=click.IntRange(min=0), metavar="S", help="Seed of all random draws.")
@click.option("--whole", is_flag=True, help="One row of weight 1 for each household of the county.")
@click.option("--report", is_flag=True, help="Write tables and charts of the fit to DIR/report/.")
@xlsx
@csv_bom
@language
@quiet
def command(
    profile: str,
    out: str,
    households: int | None,
    seed: int | None,
    whole: bool,
    report: bool,
    xlsx: bool,
    lang: str,
    quiet: bool,
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
      microsim synth profile.yaml --out my-county --report --lang zh
    """
    from pathlib import Path

    from microsim.population import County
    from microsim.population.io.placing import holds_population, put_in_place
    from microsim.population.io.room import refuse_no_room
    from microsim.population.synthesis.sample import HOUSEHOLDS, SEED
    from microsim.population.synthesis.streaming import Made, pieces_of, synthesize_to
    from microsim.report.results import refuse_foreign, refuse_no_place
    from microsim.report.synthesis import STUDY
    from microsim.staging import becoming

    source = County.read(profile)
    refuse_no_place(Path(out), source.text)
    replaced = holds_population(Path(out))
    count, start = households or HOUSEHOLDS, SEED if seed is None else seed
    refuse_no_room(count, Path(out))
    if xlsx and not report:
        raise InputError(Offence("--xlsx writes the tables of the fit", hint="add --report"))
    if report:
        refuse_foreign(Path(out) / "report", STUDY)
    pieces = len(pieces_of(count))
    if report and pieces > 1:
        hint = "examine the fit of a smaller sample: --households 100000"
        raise InputError(
            Offence("--report needs the whole county in memory, and this one is large", hint=hint)
        )
    fitted = None
    with progress_bar(max(pieces, 2) + whole + report, quiet) as progress:
        if whole or report:
            from microsim.population import synthesize_with_report
            from microsim.population.calibration.whole_weights import whole_households

            progress("generating households")
            population, how = synthesize_with_report(source, start, count)
            if report:
                from microsim.population.synthesis.fit import county_fit

                fitted = county_fit(source, population, how)
                sample = population
            if whole:
                progress("making weights integer")
                population = whole_households(population, start)
            progress("writing")
            # County and report as one whole.
            with becoming(out, put_in_place, inside=True) as new:
                population.write(new)
                if fitted is not None:
                    from microsim.report.synthesis import write_fit

                    progress("drawing")
                    line = command_line()
                    about: dict[str, Any] = {"seed": start, "command": line, "lang": lang, "xlsx": xlsx}
                    write_fit(new / "report", source, sample, fitted, **about)
            made = Made(population.n_households, population.n_persons, how.controls, how.left_out)
        else:
            made = synthesize_to(source, Path(out), start, count, progress=progress)
    if not quiet:
        from microsim.report.text import wrap
        from microsim.report.texts.synthesis_text import fit_line, left_out_note

        click.echo(spoken(f"{out}: {made.households:,} households, {made.persons:,} persons"))
        if replaced:
            click.echo(spoken(f"{out}: replaced the population that was there"))
        note = left_out_note(made.left_out, made.controls, HOUSEHOLDS, lang)
        if note:
            click.echo(wrap(note))
        if fitted is not None:
            click.echo(wrap(spoken(f"{out}/report: {fit_line(fitted, lang)}"), rest="  "))
