"""``microsim explore``: a page on which the main numbers of a scenario are moved."""

from __future__ import annotations

import click

from microsim.cli.loading import load_scenarios
from microsim.cli.options import SCENARIO, allow_code, allow_unusual, language, unusual_allowed
from microsim.cli.progress import progress_bar

STEPS = 4


@click.command(name="explore", short_help="Move a scenario's main numbers on a page in the browser.")
@click.argument("scenario", type=SCENARIO, metavar="SCENARIO.yaml")
@click.option(
    "--families",
    type=click.Path(),
    metavar="FILE.yaml",
    help="Described families whose incomes are shown, beside the county's typical one.",
)
@click.option(
    "--save-in",
    "folder",
    type=click.Path(file_okay=False),
    metavar="DIR",
    help="Where settings are saved as scenario files.  [default: beside the scenario]",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port of this computer.  [default: a free one]"
)
@click.option(
    "--browser/--no-browser", default=True, help="Open the page in the browser.  [default: --browser]"
)
@allow_code
@allow_unusual
@language
def command(
    scenario: str,
    families: str | None,
    folder: str | None,
    port: int,
    browser: bool,
    allow_code: bool,
    lang: str,
) -> None:
    """Open a page on which a scenario's main numbers are moved: the rural line and its ratio to the urban
    one, the taper, the deduction of work costs, single admission, months of gradual exit, a cap on dibao.

    It shows expenditure, who pays, recipients, poverty and a family's cliffs at once, compares two settings,
    saves them as scenario files and makes their briefs. The page is served to this computer only, under an
    address that nobody can guess, and asks nothing of the internet. Ctrl-C ends it.

    Needs the extra: pip install 'microsim[explore]'

    \b
    Examples:
      microsim explore scenarios/h-county-2020.yaml --lang zh
      microsim explore scenarios/law-2026.yaml --families scenarios/families.yaml
    """
    from pathlib import Path

    from microsim.explore.running import require_server, run_page
    from microsim.explore.session import Session
    from microsim.population import load_families
    from microsim.report.text import wrap

    require_server()
    described = None if families is None else load_families(families)
    loaded = load_scenarios([scenario], allow_code=allow_code)[0]
    with progress_bar(STEPS, False) as progress:
        session = Session(
            loaded,
            families=described,
            folder=None if folder is None else Path(folder),
            allow_code=allow_code,
            allow_unusual=unusual_allowed(),
            progress=progress,
        )
    run_page(session, port, lambda text: click.echo(wrap(text)), lang, browser=browser)
