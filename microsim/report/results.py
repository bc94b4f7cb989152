"""Results folders: written next to their place under a passing name, and moved there when whole."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import shown
from microsim.errors import FileError, Offence
from microsim.report.books.book import Book, sheets_of
from microsim.report.books.headings import Labels
from microsim.report.readable import storable, write_csv
from microsim.staging import becoming
from microsim.workbook import write_workbook

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

MANIFEST = "manifest.json"
RUN = "run"


def write_results(
    folder: str | os.PathLike[str],
    *,
    manifest: Mapping[str, Any],
    summary: Mapping[str, Mapping[str, Any]],
    tables: Mapping[str, pd.DataFrame],
    figures: Mapping[str, Callable[[], Figure]],
    texts: Mapping[str, str] | None = None,
    book: Book | None = None,
    labels: Labels | None = None,
) -> Path:
    """Write ``manifest.json``, ``summary.json``, ``tables/*`` (CSV, Parquet) and ``figures/*`` (SVG, PNG).

    The CSV files are in the language in force, the Parquet files hold every digit under the names of columns.

    ``labels``: what columns that are rules of the law are called. ``texts`` are additional files by name.
    With ``book`` the tables are written as one workbook too, which is
    called as the folder is.

    ``figures`` are made one after the other, so that only one is in memory. An older results folder of the
    same name gives way only when the new one is whole. Returns the folder; raises ``MicrosimError`` where
    something else than results is in the way.
    """
    from microsim.charts import save

    target = Path(folder)
    refuse_foreign(target, manifest.get("study", RUN))
    with becoming(target) as new:
        _write_json(new / "summary.json", summary)
        (new / "tables").mkdir()
        for name, table in tables.items():
            storable(table).to_parquet(new / "tables" / f"{name}.parquet", index=False)
            write_csv(new / "tables" / f"{name}.csv", table, labels)
        (new / "figures").mkdir()
        for name, make in figures.items():
            save(make(), new / "figures", name)
        for name, text in (texts or {}).items():
            (new / name).write_text(text, encoding="utf-8", newline="\n")
        if book is not None:
            write_workbook(new / f"{target.name}.xlsx", sheets_of(book, manifest, tables))
        _write_json(new / MANIFEST, manifest)
    return target


def refuse_foreign(target: Path, study: str = RUN, scenarios: Sequence[str] | None = None) -> None:
    """Raise ``MicrosimError`` if ``target`` is there and is not a results folder that may be replaced.

    A folder gives way to newer results of the same ``study`` only (the manifest of a plain run names none),
    and, where its name does not show which ``scenarios`` it is about, of the same ones. Raises ``OSError``
    where nothing can be written: before hours of work, not after them.
    """
    hint = "choose another place with --out"
    _refuse_unwritable(target, hint)
    if not target.exists():
        return
    if not target.is_dir():
        raise FileError(Offence("is a file, but results are a folder", shown(target), hint))
    if not any(target.iterdir()):
        return
    found = _study_in(target)
    if found is None:
        raise FileError(
            Offence(
                "contains something other than results of a run and is left untouched", shown(target), hint
            )
        )
    if found != study:
        raise FileError(
            Offence(f"contains results of another study ({found}) and is left untouched", shown(target), hint)
        )
    if scenarios is None:
        return
    of = [str(one["name"]) for one in _manifest_in(target).get("scenarios", [])]
    if of != list(scenarios):
        message = f"contains results of other scenarios ({', '.join(of)}) and is left untouched"
        raise FileError(Offence(message, shown(target), hint))


def made_before(target: Path) -> dict[str, str] | None:
    """``time`` and ``command`` of the results that a folder holds, or None where it holds none."""
    content = _manifest_in(target)
    if not {"time", "command"} <= set(content):
        return None
    return {name: str(content[name]) for name in ("time", "command")}


def refuse_no_place(target: Path, profile: str | None = None) -> None:
    """Raise where a population cannot or should not be written to ``target``: it is a file, or holds others.

    ``profile`` is the text of the profile that will be beside it. Raises ``OSError`` where nothing can be
    written, before the work is done.
    """
    from microsim.population.io.placing import in_the_way

    hint = "choose another place with --out"
    _refuse_unwritable(target / "population" if target.is_dir() else target, hint)
    if target.exists() and not target.is_dir():
        raise FileError(Offence("is a file, but a population is a folder", shown(target), hint))
    if (target / MANIFEST).exists():
        message = "contains results, which a later run would replace together with the population"
        raise FileError(Offence(message, shown(target), hint))
    offences = in_the_way(target, profile)
    if offences:
        raise FileError(offences, title=None if len(offences) == 1 else "nothing was written")


def _refuse_unwritable(target: Path, hint: str) -> None:
    nearest = next(folder for folder in target.absolute().parents if folder.exists())
    if not nearest.is_dir():
        message = "is a file, so it cannot contain results"
        raise FileError(Offence(message, shown(nearest), hint))
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, f"no permission to write here; {hint}", shown(nearest))


def _manifest_in(target: Path) -> dict[str, Any]:
    """What a folder's manifest says; nothing where there is none that can be read."""
    try:
        content = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _study_in(target: Path) -> str | None:
    """The study that made a results folder; None where its manifest is not ours (others have one as well)."""
    content = _manifest_in(target)
    if not {"study", "scenario"} & set(content):
        return None
    return str(content.get("study") or content.get("kind") or RUN)


def versions() -> dict[str, str]:
    """Versions of everything that takes part in a number."""
    out = {"python": ".".join(map(str, sys.version_info[:3]))}
    for package in ("microsim", "numpy", "numba", "llvmlite", "pandas", "pyarrow", "matplotlib"):
        try:
            out[package] = version(package)
        except PackageNotFoundError:
            out[package] = "not installed as a package"
    return out


def now() -> str:
    """The time of the run, with its offset from UTC."""
    return dt.datetime.now().astimezone().isoformat(timespec="seconds")


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    # allow_nan=False: NaN is not JSON, and a missing figure must be null on purpose.
    text = json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
