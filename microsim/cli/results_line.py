"""Where results went, and what they took the place of."""

from __future__ import annotations

from pathlib import Path

import click


def tell_results(folder: Path, lang: str, before: dict[str, str] | None) -> None:
    """Print the results folder; ``before``: what ``made_before`` said of it before it was written."""
    from microsim.documents import shown
    from microsim.report.text import wrap
    from microsim.report.words import say

    click.echo(say("results", lang, folder=shown(folder)))
    if before:
        click.echo(wrap(say("replaced", lang, **before)))
