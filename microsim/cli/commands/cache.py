"""``microsim cache``: the compiled laws on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from microsim.cli.loading import load_scenarios
from microsim.cli.options import (
    SCENARIO,
    allow_code,
    allow_unusual,
    as_json,
    print_json,
    quiet,
    speaking,
)
from microsim.cli.progress import progress_bar
from microsim.language import language, spoken

if TYPE_CHECKING:
    from pathlib import Path

FIRST = "h-county-2020.yaml"  # of the scenarios supplied, the one that newcomers run


@click.command(name="cache", short_help="Show, fill or empty the cache of compiled laws.")
@click.argument("scenarios", nargs=-1, type=SCENARIO, metavar="[SCENARIO.yaml]...")
@click.option("--warm", is_flag=True, help="Compile now what run and cliffs of each SCENARIO will need.")
@click.option("--prune", is_flag=True, help="Remove what other versions or settings compiled.")
@click.option("--clear", is_flag=True, help="Remove everything compiled.")
@allow_code
@allow_unusual
@as_json
@quiet
@speaking
def command(
    scenarios: tuple[str, ...],
    warm: bool,
    prune: bool,
    clear: bool,
    allow_code: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Show where compiled laws are kept, how many there are and what they take; compile or remove them.

    The first run of a law compiles it, which takes some ten seconds; later runs find it in this folder. The
    environment variable MICROSIM_CACHE names another folder. Machine code is for one processor and one set of
    versions: compile on the computer that will use it.

    \b
    Examples:
      microsim cache
      microsim cache --warm scenarios/h-county-2020.yaml
      microsim cache --prune
    """
    if warm + prune + clear > 1:
        raise click.UsageError("choose one of --warm, --prune and --clear")
    if scenarios and not warm:
        raise click.UsageError("a scenario is of use with --warm alone")
    from microsim.documents import shown
    from microsim.engine.runtime.cache import cache_folder
    from microsim.engine.runtime.kept import clear_kernels, kept_kernels
    from microsim.engine.runtime.memory import size_text

    folder = cache_folder()
    done: dict[str, Any] = {}
    said: list[str] = []
    if warm:
        made, found = _warm(scenarios or (_supplied(),), folder, allow_code, quiet)
        done = {"compiled": made}
        said = [f"compiled {made} kernels; {found} were there before"]
    if prune or clear:
        gone = clear_kernels(unusable_only=prune)
        done = {"removed": gone.removed, "removed_bytes": gone.size, "in_use": gone.in_use}
        said = [f"removed {gone.removed} kernels, {size_text(gone.size)}"]
        if gone.in_use:
            said.append(f"left {gone.in_use} kernels, which a process is compiling")
    kept = kept_kernels()
    size, others = sum(kernel.size for kernel in kept), sum(not kernel.usable for kernel in kept)
    if as_json:
        there = {"folder": str(folder), "kernels": len(kept), "bytes": size, "of_other_versions": others}
        print_json({**there, **done})
    elif not quiet:
        said += [f"kernel cache: {shown(folder)}", f"{len(kept)} kernels, {size_text(size)}"]
        if others:
            said.append(f"{others} of them were compiled by other versions or settings; --prune removes them")
        click.echo("\n".join(spoken(line) for line in said))


def _warm(scenarios: tuple[str, ...], folder: Path, allow_code: bool, quiet: bool) -> tuple[int, int]:
    """How many kernels were made, and how many were there; raises ``OSError`` where none can be kept.

    The commands themselves are called, and their results thrown away: so nothing that they need is left out.
    """
    import tempfile

    from microsim.cli.commands.run import command as run
    from microsim.cli.commands.studies.cliffs import command as cliffs
    from microsim.engine.runtime.kept import kept_kernels

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass
    before = {kernel.name for kernel in kept_kernels() if kernel.usable}
    loaded = load_scenarios(scenarios, allow_code=allow_code)
    context = click.get_current_context()
    with tempfile.TemporaryDirectory() as scratch, progress_bar(2 * len(loaded), quiet) as progress:
        for path, scenario in zip(scenarios, loaded, strict=True):
            for asked in (run, cliffs):
                progress(f"{scenario.name}: {asked.name}")
                if asked is run or not scenario.budget:  # a law with caps has no cliffs to search for
                    given = {"out": scratch, "allow_code": allow_code, "quiet": True, "lang": language()}
                    context.invoke(asked, scenarios=(path,), **given)
    after = {kernel.name for kernel in kept_kernels() if kernel.usable}
    return len(after - before), len(before)


def _supplied() -> str:
    from microsim.documents.supplied import supplied

    return str(supplied(("scenarios", "data/synthetic")) / "scenarios" / FIRST)
