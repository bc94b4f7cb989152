"""Commands that run many tasks: where these are computed, and what is said when they are stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def computed_by(threads: str) -> Callable[[F], F]:
    """``--workers``, ``--processes`` and ``--scheduler``; ``threads`` says what the workers share."""

    def options(function: F) -> F:
        scheduler = "Use the processes of the Dask cluster at tcp://HOST:PORT."
        processes = "Processes with one thread each, instead of threads. Needs Dask: microsim[dask]."
        count = click.IntRange(min=1)
        function = click.option("--scheduler", metavar="ADDRESS", help=scheduler)(function)
        function = click.option("--processes", type=count, metavar="N", help=processes)(function)
        return click.option("--workers", type=count, metavar="N", help=threads)(function)

    return options


@contextmanager
def going_on(folder: Path) -> Iterator[None]:
    """Whoever stops the command hears where its finished tasks are, and how it goes on from there."""
    from microsim.cli.main import code_of, leave
    from microsim.documents import shown

    try:
        yield
    except KeyboardInterrupt as stop:
        unfinished = folder.with_name(f"{folder.name}.unfinished")
        if not unfinished.is_dir():
            raise
        kept = f"interrupted; {shown(unfinished)} holds what is finished, and --resume continues from there"
        leave(click.get_current_context(), kept, code_of(stop))
