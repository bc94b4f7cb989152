"""``brief``: results folders in, a document in one of the formats out."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from microsim.documents import shown
from microsim.errors import FileError, InputError, Offence, did_you_mean
from microsim.language import language
from microsim.report.brief.annex import xlsx_of
from microsim.report.brief.build import brief_of, default_name
from microsim.report.brief.docx import docx_of
from microsim.report.brief.folder import Folder, read_folder
from microsim.report.brief.html import html_of
from microsim.report.brief.model import Brief
from microsim.report.brief.pdf import pdf_of
from microsim.staging import becoming

FORMATS: Mapping[str, Callable[[Brief, Sequence[Folder]], bytes]] = {
    "docx": lambda brief, _: docx_of(brief),
    "html": lambda brief, _: html_of(brief).encode("utf-8"),
    "pdf": lambda brief, _: pdf_of(brief),
    "xlsx": xlsx_of,
}


def brief(
    results: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    out: str | os.PathLike[str] | None = None,
    *,
    lang: str | None = None,
    form: str | None = None,
) -> Path:
    """Write the brief of a results folder, or of several side by side, and return its path.

    ``form``: docx, html, pdf (needs the extra ``microsim[pdf]``), or xlsx for the annex with all tables
    (default: what ``out`` ends in, or docx); ``out``: the file (default: beside the first folder, called as
    it is). ``lang``: en or zh (default: the language in force). The same folders give the same bytes. Raises
    ``MicrosimError`` where a folder is none of results, or the file cannot be written.
    """
    several = [results] if isinstance(results, str | os.PathLike) else list(results)
    if not several:
        raise InputError(Offence("no results folder is named", "", "name one or several"))
    ending = form or (Path(out).suffix.lstrip(".") if out is not None else "") or "docx"
    if ending not in FORMATS:
        hint = did_you_mean(ending, FORMATS) or f"the formats are {', '.join(FORMATS)}"
        raise InputError(Offence(f"there is no format '{ending}'", "", hint))
    folders = [read_folder(path) for path in several]
    goal = default_name(folders, ending) if out is None else Path(out)
    if goal.is_dir():
        raise FileError(Offence("is a folder", shown(goal), "name a file"))
    made = FORMATS[ending](brief_of(folders, lang or language()), folders)
    with becoming(goal, lambda new, target: os.replace(new / target.name, target)) as new:
        (new / goal.name).write_bytes(made)
    return goal
