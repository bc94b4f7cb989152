"""Options that several commands share."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from microsim.cli.spoken import chosen
from microsim.csv_mark import encoding, mark
from microsim.language import LANGUAGES, spoken

_UNUSUAL = "microsim.allow_unusual"
F = TypeVar("F", bound=Callable[..., Any])

SCENARIO = click.Path(dir_okay=True, readable=False)  # the library says more about a file that is not there


def as_json(function: F) -> F:
    """``--json``: machine-readable output on stdout, and nothing else there."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")(function)


def quiet(function: F) -> F:
    """``--quiet``: no text and no progress; errors are still reported."""
    return click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")(function)


def language(function: F) -> F:
    """``--lang``: the language of all that is shown; ``spoken.choose`` has found it before."""
    text = "Language of all output.  [default: that of the scenario, of MICROSIM_LANG, or en]"
    return click.option("--lang", type=click.Choice(LANGUAGES), callback=chosen, help=text)(function)


def speaking(function: F) -> F:
    """``--lang`` for a command that need not know."""
    text = "Language of all output.  [default: that of the scenario, of MICROSIM_LANG, or en]"
    choice = click.Choice(LANGUAGES)
    return click.option("--lang", type=choice, expose_value=False, help=text)(function)


def results_in(name: str) -> Callable[[F], F]:
    """``--out``: the folder in which the results folder, called ``name`` in words, is made."""

    def option(function: F) -> F:
        place = click.Path(file_okay=False)
        text = f"Results go to DIR/{name}/."
        return click.option(
            "--out", "out", type=place, default="results", show_default=True, metavar="DIR", help=text
        )(function)

    return option


def allow_code(function: F) -> F:
    """``--allow-code``: whether the rules that a scenario brings along may be run."""
    text = "Run the rules of the scenario's law_package: Python code, which you should have read."
    return click.option("--allow-code", is_flag=True, help=text)(function)


def census_tables(function: F) -> F:
    """``--census``: the file of county tables, which docs/census.md describes."""
    text = "County tables of the 2020 census: .csv, .csv.gz or .xlsx."
    return click.option("--census", required=True, type=click.Path(), metavar="FILE", help=text)(function)


def xlsx(function: F) -> F:
    """``--xlsx``: whether the tables are written as a workbook, too."""
    text = "Also write all tables, assumptions and parameters as one Excel workbook."
    return click.option("--xlsx", is_flag=True, help=text)(function)


def csv_bom(function: F) -> F:
    """``--csv-bom``: whether CSV files of this command begin with the mark by which Excel knows UTF-8."""

    def keep(context: click.Context, _: click.Parameter, value: bool | None) -> None:
        mark(value)
        context.call_on_close(lambda: mark(None))
        encoding(False)  # the environment is refused now, not when all is computed

    text = (
        "Begin CSV files with the mark (BOM) by which Excel knows UTF-8.  "
        "[default: as MICROSIM_CSV_BOM says, or in Chinese only]"
    )
    option = click.option(
        "--csv-bom/--no-csv-bom", default=None, expose_value=False, callback=keep, help=text
    )
    return option(function)


def allow_unusual(function: F) -> F:
    """``--allow-unusual``: whether values outside the observed range are taken; see ``unusual_allowed``."""

    def keep(context: click.Context, _: click.Parameter, value: bool) -> None:
        context.meta[_UNUSUAL] = value

    text = "Accept values outside the observed range that the file does not mark as unusual."
    option = click.option("--allow-unusual", is_flag=True, expose_value=False, callback=keep, help=text)
    return option(function)


def unusual_allowed() -> bool:
    """Whether the command that is running was given ``--allow-unusual``."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(_UNUSUAL))


def version(function: F) -> F:
    """``--version``: the version, and where compiled laws are kept."""

    def tell(context: click.Context, _: click.Parameter, asked: bool) -> None:
        if asked and not context.resilient_parsing:
            from importlib.metadata import version as version_of

            from microsim.engine.runtime.cache import cache_folder

            click.echo(f"microsim {version_of('microsim')}")
            click.echo(spoken(f"kernel cache: {cache_folder()}"))
            context.exit()

    text = "Show the version and the place of the kernel cache."
    option = click.option(
        "--version", is_flag=True, is_eager=True, expose_value=False, callback=tell, help=text
    )
    return option(function)


def law_package(function: F) -> F:
    """``--law-package``: a folder of own rules and parameters beside the packaged law."""
    text = "Include your own rules and parameters in DIR; --allow-code runs the rules."
    place = click.Path(file_okay=True)
    return click.option("--law-package", type=place, metavar="DIR", help=text)(function)


def law_date(function: F) -> F:
    """``--date``: the day whose law is shown."""
    text = "Day whose law is shown, as 2020-12-31.  [default: the last day for which the law is included]"
    return click.option("--date", metavar="DATE", help=text)(function)


def tell_law_not_known(date: dt.date | None, lang: str, *, err: bool = False) -> None:
    """A line that says up to when the law is known, where a later day is asked for."""
    from microsim.report.text import wrap
    from microsim.report.words import say
    from microsim.scenario.grammar import law_not_known

    known = law_not_known(date)
    if known:
        click.echo(wrap(say("law_known", lang, date=known), ""), err=err)


def print_json(content: Any) -> None:
    """JSON on stdout, readable; a stream of another encoding than UTF-8 (Windows, pipes) gets its escapes."""
    shown_in = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    click.echo(json.dumps(content, ensure_ascii=shown_in != "utf8", indent=2, allow_nan=False))
