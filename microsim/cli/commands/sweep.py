"""``microsim sweep``: a grid of scenarios, stored and resumable."""

from __future__ import annotations

from pathlib import Path

import click

from microsim.cli.options import (
    allow_code,
    allow_unusual,
    as_json,
    language,
    print_json,
    quiet,
    unusual_allowed,
    xlsx,
)
from microsim.cli.progress import progress_bar
from microsim.cli.tasks import computed_by, going_on


@click.command(name="sweep", short_help="Run a grid of scenarios; store every figure.")
@click.argument("file", type=click.Path(), metavar="SWEEP.yaml")
@click.option(
    "--out",
    "out",
    type=click.Path(),
    metavar="DIR",
    help="Folder of the sweep.  [default: results/<name of the sweep file>]",
)
@computed_by("Threads that share the households.  [default: one per processor]")
@click.option(
    "--resume", is_flag=True, help="Continue an interrupted sweep; recompute missing or damaged parts."
)
@click.option("--restart", is_flag=True, help="Replace the finished sweep of another file.")
@xlsx
@allow_code
@allow_unusual
@as_json
@quiet
@language
def command(
    file: str,
    out: str | None,
    workers: int | None,
    processes: int | None,
    scheduler: str | None,
    resume: bool,
    restart: bool,
    xlsx: bool,
    allow_code: bool,
    as_json: bool,
    quiet: bool,
    lang: str,
) -> None:
    """Run every scenario of a SWEEP file: base scenarios and counties, and the values that parameters,
    law dates, regimes, growth rates or seeds take.

    Each figure becomes a row in Parquet files, which microsim.read_sweep(DIR) reads as one table. While the
    sweep runs, the folder is named DIR.unfinished; an interrupted sweep is continued with --resume;
    without it, it is moved aside to DIR.set-aside-TIME, never deleted. An older sweep of the same file is
    replaced once the new one is complete.

    \b
    Examples:
      microsim sweep scenarios/sweep-line.yaml
      microsim sweep scenarios/sweep-line.yaml --out results/lines --resume
    """
    from microsim.cli.main import FAILURE
    from microsim.report.books.sweep import write_sweep_book
    from microsim.report.texts.sweep_text import sweep_text
    from microsim.sweeps.run import sweep
    from microsim.sweeps.sweep_file import read_grid
    from microsim.sweeps.work import SweepWork

    folder = Path(out) if out is not None else Path("results") / Path(file).stem
    grid = read_grid(file, allow_code=allow_code, allow_unusual=unusual_allowed())
    steps = SweepWork(grid).count + 2  # and the county is read before, the folder finished after them
    with going_on(folder), progress_bar(steps, quiet) as progress:
        done = sweep(
            grid,
            folder,
            workers=workers,
            processes=processes,
            scheduler=scheduler,
            resume=resume,
            restart=restart,
            progress=progress,
        )
    if xlsx:
        write_sweep_book(done, lang)
    if as_json:
        print_json(done.summary)
    elif not quiet:
        click.echo(sweep_text(done, lang))
    if done.failed:
        click.get_current_context().exit(FAILURE)
