"""``microsim charts``: results folders in, the charts of a brief out as files."""

from __future__ import annotations

import click

from microsim.cli.options import language, quiet


@click.command(name="charts", short_help="Draw the charts of a brief as files.")
@click.argument("results", nargs=-1, required=True, type=click.Path(), metavar="RESULTS...")
@click.option(
    "--size",
    type=click.Choice(["page", "column", "slide"]),
    default="page",
    show_default=True,
    help="For the width of a page of text, for one of two columns, or for a slide.",
)
@click.option(
    "--format",
    "formats",
    type=click.Choice(["svg", "png", "pdf"]),
    multiple=True,
    default=("svg", "png"),
    show_default="svg, png",
    help="May be given several times.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False),
    metavar="DIR",
    help="Charts go to DIR/<name of the results folder>-charts/.  [default: beside the results]",
)
@quiet
@language
def command(
    results: tuple[str, ...], size: str, formats: tuple[str, ...], out: str | None, quiet: bool, lang: str
) -> None:
    """Draw each chart that a brief of the results may show: the title says what is found, names and numbers
    are written at the marks, and it can be read when printed in grey.

    A text file beside them has the title, a description for readers who cannot see the chart, and the source
    of each. Figures that a run withheld do not appear.

    \b
    Examples:
      microsim charts results/h-county-2020 --lang zh --size slide
      microsim charts results/h-county-2020-ledger --format pdf
    """
    from pathlib import Path

    from microsim.documents import shown
    from microsim.report.brief.charts import brief_charts
    from microsim.report.brief.drawing import say
    from microsim.report.text import wrap

    for folder in results:
        goal = None if out is None else Path(out) / f"{Path(folder).name}-charts"
        made = brief_charts(folder, goal, lang=lang, size=size, formats=formats)
        if not quiet:
            n = len(made) // len(formats)
            click.echo(wrap(say("charts_written", lang, n=str(n), folder=shown(made[-1].parent))))
