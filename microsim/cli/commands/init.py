"""``microsim init``: a working folder for those who installed the wheel."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from microsim.cli.options import quiet, speaking
from microsim.errors import FileError, Offence
from microsim.language import spoken

PARTS = {
    "scenarios": "*.yaml",
    "scenarios/counties": "*.yaml",
    "data/synthetic": "*/*",
    "notebooks": "*.ipynb",
    "schemas": "*.json",
}


@click.command(name="init", short_help="Set up a working folder: scenarios, counties, notebooks.")
@click.argument("folder", type=click.Path(file_okay=False), metavar="DIR")
@quiet
@speaking
def command(folder: str, quiet: bool) -> None:
    """Set up a working folder DIR: the scenarios to run and edit, the synthetic counties, and the notebooks.

    Files already in DIR are kept; if one has the same name but different content, nothing is written.

    \b
    Example:
      microsim init my-county
      cd my-county
      microsim run scenarios/h-county-2020.yaml
    """
    from microsim.documents import shown
    from microsim.documents.supplied import supplied
    from microsim.staging import becoming, move_into, take_place

    source, target = supplied(PARTS), Path(folder)
    files = [
        file.relative_to(source)
        for part, pattern in PARTS.items()
        for file in sorted((source / part).glob(pattern))
        if file.is_file()
    ]
    present = [file for file in files if (target / file).exists()]
    # What an earlier call that was stopped had copied is no obstacle.
    other = [file for file in present if not _same(source / file, target / file)]
    if other or len(present) == len(files):
        offences = [
            Offence("already exists", shown(target / file), "choose another folder")
            for file in other or present
        ]
        raise FileError(offences, title="nothing was written")
    with becoming(target, move_into if target.is_dir() else take_place, inside=True) as new:
        for file in files:
            if file not in present:
                (new / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source / file, new / file)
    if not quiet:
        click.echo(spoken(f"{shown(target)}: {len(files)} files. Next:"))
        click.echo(f"  cd {folder}\n  microsim run scenarios/h-county-2020.yaml")


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()
