"""``microsim brief``: results folders in, a document for a decision maker out."""

from __future__ import annotations

import click

from microsim.cli.options import language, quiet


@click.command(name="brief", short_help="Write a brief for a decision maker from results.")
@click.argument("results", nargs=-1, required=True, type=click.Path(), metavar="RESULTS...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["docx", "html", "pdf", "xlsx"]),
    help="Word, a page for a browser, PDF (needs microsim[pdf]), or the annex with all tables for Excel.  "
    "[default: what FILE ends in, or docx]",
)
@click.option("--out", type=click.Path(), metavar="FILE", help="The file to write.  [default: RESULTS-brief]")
@quiet
@language
def command(results: tuple[str, ...], form: str | None, out: str | None, quiet: bool, lang: str) -> None:
    """Write a brief of a few pages from results folders: the question, the answer in three sentences, a key
    table, charts, the method, the assumptions that matter most, what is not modelled, and how to repeat it.

    Every number comes from the results, rounded to what is known; figures that a run withheld do not appear.
    Several folders are put side by side.

    \b
    Examples:
      microsim brief results/h-county-2020 --lang zh
      microsim brief results/a results/b --format html --out a-b.html
    """
    from microsim.documents import shown
    from microsim.report.brief.drawing import say
    from microsim.report.brief.writing import brief
    from microsim.report.text import wrap

    made = brief(results, out, lang=lang, form=form)
    if not quiet:
        click.echo(wrap(say("written", lang, file=shown(made))))
