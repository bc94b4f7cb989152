"""``microsim check``: everything that is wrong with files, before they are used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from microsim.cli.options import quiet
from microsim.errors import MicrosimError, Offence


@click.command(name="check", short_help="Find everything that is wrong with files.")
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@quiet
def command(files: tuple[str, ...], quiet: bool) -> None:
    """Check files: scenarios, sweeps, families, county profiles, population
    folders, survey mappings, law files.

    What a file is, is told from what it says. Every problem is printed with file, line and column; the
    exit code is 2 if there is any.

    \b
    Example:
      microsim check scenarios/*.yaml data/synthetic/h-county
    """
    offences: list[Offence] = []
    good = []
    for file in files:
        try:
            good.append(f"{file}: good {check(Path(file))}")
        except MicrosimError as error:
            offences += error.offences
    if good and not quiet:
        click.echo("\n".join(good))
    if offences:
        raise MicrosimError(
            offences, title="1 problem" if len(offences) == 1 else f"{len(offences)} problems"
        )


def check(path: Path) -> str:
    """Load one file or folder and say what it is; raises ``MicrosimError`` with all that is wrong."""
    from microsim.documents import read_document

    if path.is_dir():
        from microsim.population import Population

        population = Population.read(path)
        size = f"{len(population.weight):,} households, {population.n_persons:,} persons"
        absent = f"; columns not given: {', '.join(population.defaulted)}" if population.defaulted else ""
        return f"population ({size}){absent}"
    document = read_document(path)
    keys = document.data if isinstance(document.data, dict) else {}
    for kind, telling, load in _KINDS:
        if any(key in keys for key in telling):
            loaded = load(path)
            return kind + (_lacking(loaded) if kind == "scenario" else "")
    known = "; ".join(f"{kind}: {' or '.join(f'{key}:' for key in telling)}" for kind, telling, _ in _KINDS)
    raise MicrosimError(
        Offence("cannot tell what this file is", document.place(), f"keys that tell: {known}")
    )


def _scenario(path: Path) -> Any:
    from microsim.scenario import load_scenario

    return load_scenario(path)


def _lacking(scenario: Any) -> str:
    """The columns that a scenario's county does not give, with the programmes that go without."""
    from microsim.studies.baseline import baseline_outputs
    from microsim.studies.lacking import lacking_columns

    if scenario.is_profile:  # its columns are known once it is synthesised
        return ""
    policy = scenario.policy()
    found = lacking_columns(policy, scenario.population(), baseline_outputs(policy))
    if not found:
        return ""
    columns = ", ".join(f"{column} ({', '.join(who)})" for column, who in found.items())
    return f"; the county does not give, so that programmes go without: {columns}"


def _profile(path: Path) -> Any:
    from microsim.population import County

    return County.read(path)


def _law(path: Path) -> Any:
    from microsim.scenario.law_file import check_law_file

    return check_law_file(path)


def _sweep(path: Path) -> Any:
    from microsim.sweeps.grid import read_grid

    return read_grid(path)


def _mapping(path: Path) -> Any:
    from microsim.population.import_mapping import read_mapping

    return read_mapping(path)


def _families(path: Path) -> Any:
    from microsim.population import load_families

    return load_families(path)


# What a file is, the keys that tell it, and what reads it; the first that fits is taken.
_KINDS: tuple[tuple[str, tuple[str, ...], Callable[[Path], Any]], ...] = (
    ("law", ("parameters",), _law),
    ("families file", ("families",), _families),
    ("sweep", ("axes", "cases", "scenario"), _sweep),
    ("scenario", ("county", "law", "years", "changes", "programmes", "regime", "outputs"), _scenario),
    ("county profile", ("demography", "public_finance", "income"), _profile),
    ("survey mapping", ("persons", "households"), _mapping),
)
