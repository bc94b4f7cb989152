"""A setting as a scenario file of its own, and the brief of what that file gives."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from microsim.documents import shown
from microsim.errors import FileError, InputError, Offence
from microsim.explore.words import LABELS
from microsim.staging import becoming, new_file

if TYPE_CHECKING:
    from microsim.explore.session import Session
    from microsim.explore.settings import Settings

LONGEST = 60  # characters of a file's name: three bytes each in Chinese, and file systems take 255
FORMATS = ("docx", "html")
_NAME = re.compile(r"\w[\w-]*\Z")


class ExistsError(FileError):
    """There is a file of that name, and nobody has said that it may be replaced."""


class UnsavedError(InputError):
    """A brief is asked for of a setting that is in no file, or no longer as it was saved."""


def save(
    session: Session, settings: Settings, name: str, title: Mapping[str, str], *, replace: bool = False
) -> Path:
    """Write the scenario of a setting as ``name``.yaml into the session's folder, and return its path.

    Raises ``ExistsError`` where the file is there and ``replace`` is not said; the scenario that the page is
    about, and those it is based on, are never replaced. Raises ``MicrosimError`` where the name is none, or
    the law refuses the setting: what does not load is not saved.
    """
    path = session.folder / f"{_checked(name)}.yaml"
    session.answer(settings)  # refuses what the law refuses
    if any(os.path.lexists(path) and _same(path, one) for one in _bases(session)):
        hint = "choose another name"
        raise FileError(Offence("is the scenario that this one departs from", shown(path), hint))
    content = session.text(settings, title).encode("utf-8")
    if os.path.lexists(path):
        if not replace:
            raise ExistsError(Offence("already exists", shown(path), "replace it, or choose another name"))
        with becoming(path, lambda new, target: os.replace(new / target.name, target)) as new:
            (new / path.name).write_bytes(content)
    else:
        new_file(path, content)
    session.saved[tuple(sorted(settings.items()))] = (path, content)
    return path


def _checked(name: str) -> str:
    """The name of a file without its ending."""
    stem = name.strip().removesuffix(".yaml").removesuffix(".yml")
    if not _NAME.match(stem) or len(stem) > LONGEST:
        message = f"'{name.strip()[:LONGEST]}' cannot be the name of a file"
        hint = f"letters, digits, - and _, at most {LONGEST} of them, without a folder"
        raise InputError(Offence(message, "", hint))
    return stem


def _bases(session: Session) -> list[Path]:
    out = [session.scenario]
    while (base := out[-1].base) is not None:
        out.append(base)
    return [one.path for one in out]


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one.resolve() == other.resolve()


def suggested_title(session: Session, settings: Settings) -> dict[str, str]:
    """What was moved and to what, as the title of a scenario in both languages."""
    from microsim.explore.shown import value_shown

    by_name = {knob.name: knob for knob in session.knobs}
    said = {"en": "; ", "zh": "；"}
    colon = {"en": ": ", "zh": "："}
    return {
        lang: comma.join(
            f"{LABELS[name][lang]}{colon[lang]}{value_shown(by_name[name], value, lang)}"
            for name, value in settings.items()
        )
        or session.scenario.title_in(lang)
        for lang, comma in said.items()
    }


def brief_of_setting(session: Session, settings: Settings, form: str, lang: str) -> tuple[str, bytes]:
    """The brief of a setting: the name of its file, and its content.

    It is what ``microsim run`` and ``microsim brief`` give for the file in which the setting was saved, or
    for the scenario as it is. Raises ``UnsavedError`` where it was not saved, or the file was changed since.
    """
    from microsim.report.brief.writing import brief
    from microsim.report.run import write_run
    from microsim.scenario import load_scenario
    from microsim.studies.compare.study import compare
    from microsim.studies.ensemble.study import run_over

    if form not in FORMATS:
        raise InputError(Offence(f"there is no format '{form}'", "", f"the formats are {', '.join(FORMATS)}"))
    path = _saved_as(session, settings)
    scenario = load_scenario(path, allow_code=session.allow_code, allow_unusual=session.allow_unusual)
    found = run_over(scenario) if scenario.base is None else compare(scenario.base, scenario)
    with tempfile.TemporaryDirectory(prefix="microsim-") as passing:
        folder = Path(passing) / scenario.name
        write_run(folder, found, f"microsim run {shown(path)}", lang)
        made = brief(folder, Path(passing) / f"{scenario.name}-brief.{form}", lang=lang, form=form)
        return made.name, made.read_bytes()


def _saved_as(session: Session, settings: Settings) -> Path:
    if not settings:
        return session.scenario.path
    path, content = session.saved.get(tuple(sorted(settings.items())), (None, b""))
    if path is None or not path.is_file() or path.read_bytes() != content:
        message = "the setting is in no scenario file"
        raise UnsavedError(
            Offence(message, "", "save it first: the brief names the file it was computed from")
        )
    return path
