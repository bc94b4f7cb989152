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
@click.option(
    "--page",
    is_flag=True,
    help="Write a page for a browser, too, on which the computed points can be chosen and compared.",
)
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
    page: bool,
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

    --page writes the sweep as one HTML file that needs no network; with --resume, of a finished sweep
    without computing it again. It holds 10,000 points at most.

    \b
    Examples:
      microsim sweep scenarios/sweep-line.yaml
      microsim sweep scenarios/sweep-line.yaml --out results/lines --resume
      microsim sweep scenarios/sweep-line.yaml --resume --page --lang zh
    """
    from microsim.cli.main import FAILURE
    from microsim.report.books.sweep import write_sweep_book
    from microsim.report.page.content import refuse_too_many
    from microsim.report.page.writing import sweep_page
    from microsim.report.texts.sweep_text import page_line, sweep_text
    from microsim.sweeps.run import sweep
    from microsim.sweeps.sweep_file import read_grid
    from microsim.sweeps.work import SweepWork

    folder = Path(out) if out is not None else Path("results") / Path(file).stem
    grid = read_grid(file, allow_code=allow_code, allow_unusual=unusual_allowed())
    steps = SweepWork(grid).count + 2  # and the county is read before, the folder finished after them
    if page:
        refuse_too_many(grid)
        steps += len(grid.scenarios) * len(grid.counties) * len(grid.seeds)
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
        written = sweep_page(done, lang=lang, progress=progress) if page else None
    if xlsx:
        write_sweep_book(done, lang)
    if as_json:
        print_json(done.summary)
    elif not quiet:
        click.echo(sweep_text(done, lang))
        if written is not None:
            click.echo(page_line(written, lang))
    if done.failed:
        click.get_current_context().exit(FAILURE)
