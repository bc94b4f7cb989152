"""``sweep_page``: a finished sweep in, one file for a browser out."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from microsim.documents import shown
from microsim.errors import FileError, Offence
from microsim.language import known, language, spoken_in
from microsim.report.brief.folder import read_folder
from microsim.report.page.content import content
from microsim.report.page.html import html_of
from microsim.staging import becoming

if TYPE_CHECKING:
    from microsim.sweeps.run import Sweep


def sweep_page(
    done: Sweep,
    out: str | os.PathLike[str] | None = None,
    *,
    lang: str | None = None,
    progress: Callable[[str], None] = lambda text: None,
) -> Path:
    """Write a finished sweep as one HTML page whose controls choose among the computed points; its path.

    ``out``: the file (default: in the sweep's folder, called as the folder is, with the language). The page
    makes no request: it opens from any disk. Of a sweep finished before, ``sweep(file, folder, resume=True)``
    gives ``done`` without computing it again. The base scenarios are computed here, as they are in no part.
    Figures that the folder withholds do not appear; points that failed are shown as missing.

    ``lang``: en or zh (default: the language in force). ``progress`` is called with the name of each step.
    Raises ``MicrosimError`` where the sweep has more than 10,000 points or 2 million numbers, its parts are
    damaged, or the file cannot be written.
    """
    said = known(lang) or language()
    goal = done.folder / f"{done.folder.name}-{said}.html" if out is None else Path(out)
    if goal.is_dir():
        raise FileError(Offence("is a folder", shown(goal), "name a file"))
    folder = read_folder(done.folder)
    with spoken_in(said):
        page = html_of(done, folder, content(done, folder, said, progress), said)
    with becoming(goal, lambda new, target: os.replace(new / target.name, target)) as new:
        (new / goal.name).write_text(page, encoding="utf-8")
    return goal
