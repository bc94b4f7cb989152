"""What every study's command does besides the study: its options, its results folder, and what is printed."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from microsim.cli.options import (
    allow_code,
    allow_unusual,
    as_json,
    csv_bom,
    language,
    print_json,
    quiet,
    results_in,
    unusual_allowed,
    xlsx,
)
from microsim.cli.progress import progress_bar

if TYPE_CHECKING:
    from microsim.scenario import Scenario

Command = Callable[..., None]
_SHARED = (language, quiet, as_json, allow_unusual, allow_code, csv_bom, xlsx)


@dataclass(frozen=True)
class StudyOptions:
    """What the options that all studies share were given as."""

    out: str
    xlsx: bool
    allow_code: bool
    as_json: bool
    quiet: bool
    lang: str

    def load(self, path: str) -> Scenario:
        """The scenario in a file, as far as the options allow what is in it."""
        from microsim.scenario import load_scenario

        return load_scenario(path, allow_code=self.allow_code, allow_unusual=unusual_allowed())

    @contextmanager
    def results(self, name: str, study: str, steps: int) -> Iterator[Results]:
        """The results folder ``name``, to be written in the block; then says where it is, or prints the JSON.

        ``study``: what its manifest calls the study; ``steps``: those of the progress bar. Raises
        ``MicrosimError`` where something else than older results of the same study is in the folder.
        """
        from microsim.report.results import made_before, refuse_foreign

        folder = Path(self.out) / name
        refuse_foreign(folder, study)
        before = made_before(folder)
        talks = not self.quiet and not self.as_json
        with progress_bar(steps, self.quiet) as progress:
            yield Results(folder, progress, talks)
        if self.as_json:
            print_json(json.loads((folder / "summary.json").read_text(encoding="utf-8")))
        elif talks:
            tell_results(folder, self.lang, before)


@dataclass(frozen=True)
class Results:
    """The results folder of a study in progress, and what is shown meanwhile."""

    folder: Path
    progress: Callable[[str], None]
    talks: bool

    def show(self, text: Callable[[], str], then: str = "drawing charts") -> None:
        """Print the answer before the step that is to come: charts take longer than the numbers."""
        if self.talks:
            click.echo(text())
        self.progress(then)


def study_options(name: str) -> Callable[[Command], Command]:
    """The options of a study that writes a results folder, called ``name`` in words.

    The command gets them as one argument, ``options``.
    """

    def decorate(function: Command) -> Command:
        @functools.wraps(function)
        def command(
            *, out: str, xlsx: bool, allow_code: bool, as_json: bool, quiet: bool, lang: str, **own: Any
        ) -> None:
            function(options=StudyOptions(out, xlsx, allow_code, as_json, quiet, lang), **own)

        decorated: Command = command
        for option in (*_SHARED, results_in(name)):
            decorated = option(decorated)
        return decorated

    return decorate


def command_line() -> str:
    """The command as it was typed, for the manifest."""
    return " ".join(["microsim", *sys.argv[1:]])


def tell_results(folder: Path, lang: str, before: dict[str, str] | None) -> None:
    """Print the results folder; ``before``: what ``made_before`` said of it before it was written."""
    from microsim.documents import shown
    from microsim.report.text import wrap
    from microsim.report.words import say

    click.echo(say("results", lang, folder=shown(folder)))
    if before:
        click.echo(wrap(say("replaced", lang, **before)))
