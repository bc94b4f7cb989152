"""``base: other.yaml``: a scenario that says only what differs from another."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from microsim.documents import Document, shown
from microsim.documents.overlaid import Overlaid
from microsim.documents.writing import flow, quoted
from microsim.errors import InputError, Offence, did_you_mean

# Parts whose own keys are laid over those of the base one by one; all else is replaced.
_KEY_BY_KEY = ("regime", "programmes", "changes", "economy", "budget", "administration")
_ADDED_UP = "unusual"  # a list: what the base confirms stays confirmed
_OWN = ("base", "title", "description", "zones", "plan")  # never taken from the base


def base_of(document: Document, above: tuple[Path, ...] = ()) -> Path | None:
    """The file that a scenario's ``base:`` names, or None where it has none.

    ``above``: the files that lead here. Raises ``InputError`` at ``base:`` where there is no such file, or it
    leads back to one of them.
    """
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get("base"), str) or not data["base"].strip():
        return None
    path = Path(os.path.normpath(document.path.parent / data["base"]))
    above = (*above, document.path.resolve())
    if path.resolve() in above:
        loop = " -> ".join(one.name for one in (*above, path))
        raise _wrong(document, f"the base leads back to where it began: {loop}", "take one base: out")
    if not path.is_file():
        names = [one.name for one in path.parent.glob("*.yaml")] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, names) or "the path is relative to the file that names it"
        raise _wrong(document, f"no scenario at '{data['base']}' ({shown(path)})", hint)
    return path


def laid_over(document: Document, below: Document) -> Overlaid:
    """A scenario's document with what its base says besides."""
    merged = {key: value for key, value in below.data.items() if key not in _OWN}
    for key, own in document.data.items():
        under = merged.get(key)
        if key in _KEY_BY_KEY and isinstance(own, dict) and isinstance(under, dict):
            merged[key] = changes_over(under, own) if key == "changes" else {**under, **own}
        elif key == _ADDED_UP and isinstance(own, list) and isinstance(under, list):
            merged[key] = [*under, *(name for name in own if name not in under)]
        else:
            merged[key] = own
    return Overlaid(document.path, merged, document.places, document.value_places, document.text, below=below)


def _wrong(document: Document, message: str, hint: str) -> InputError:
    title = f"{shown(document.path)} cannot be used as a scenario"
    return InputError(Offence(message, document.place("base"), hint), title)


def changes_over(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Changes of a base with those of a reform laid over them.

    Values by category are laid over one by one, so that ``{by: {rural: 5400}}`` leaves the base's urban
    value; ``dibao.line.rural`` and ``dibao.line: {by: {rural: ...}}`` are the same cell. ``null`` takes a
    change of the base back, to what the law has.

    >>> base = {"dibao.line": {"by": {"rural": 4560, "urban": 7200}}}
    >>> changes_over(base, {"dibao.line": {"by": {"rural": 5400}}})
    {'dibao.line': {'by': {'rural': 5400, 'urban': 7200}}}
    """
    out = dict(base)
    for name, change in own.items():
        _take_back(out, str(name), change)
        parameter, _, cell = str(name).rpartition(".")
        own_by, below_by, around = _by(change), _by(out.get(name)), _by(out.get(parameter))
        if change is None and name in base:
            out.pop(name, None)
        elif own_by is not None and below_by is not None:
            below_by, rest = _confirmed_apart(out[name], below_by)
            out[name] = {**rest, **change, "by": _laid(below_by, own_by)}
        else:
            # A path is laid over a value, and does not take its place: before its first year the value holds.
            on_path = isinstance(change, Mapping) and "path" in change
            if around is not None and cell in around and not on_path:
                rest = {key: value for key, value in around.items() if key != cell}
                out[parameter] = {**out[parameter], "by": rest}
                if not rest:
                    del out[parameter]
            out[name] = change
    return out


def _confirmed_apart(
    change: Mapping[str, Any], by: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """A base's ``unusual: yes`` said of each of its own values, so that it is not said of a reform's."""
    if "unusual" not in change:
        return by, change
    rest = {key: value for key, value in change.items() if key != "unusual"}
    return _each_confirmed(by, change["unusual"]), rest


def _each_confirmed(by: Mapping[str, Any], mark: Any) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in by.items():
        if isinstance(value, Mapping):
            out[key] = {"unusual": mark, **value} if "value" in value else _each_confirmed(value, mark)
        else:
            out[key] = {"value": value, "unusual": mark}
    return out


def _take_back(out: dict[str, Any], name: str, change: Any) -> None:
    """Leave out the base's single cells that a change of the whole parameter says anew."""
    for cell in [key for key in out if key.startswith(f"{name}.")]:
        own = _by(change)
        if own is None or cell.removeprefix(f"{name}.") in own:
            del out[cell]


def _by(change: Any) -> Mapping[str, Any] | None:
    """Values by category, where a change gives them."""
    by = change.get("by") if isinstance(change, Mapping) else None
    return by if isinstance(by, Mapping) else None


def _laid(below: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Values by category, nested ones too, with own ones over those below."""
    out = dict(below)
    for key, value in own.items():
        under = out.get(key)
        if isinstance(value, Mapping) and isinstance(under, Mapping):
            out[key] = _laid(under, value)
        else:
            out[key] = value
    return out


def changes_under(
    changes: Mapping[str, Any],
    other: Mapping[str, Any],
    first: Mapping[str, Any],
    in_force: Mapping[str, Any],
) -> dict[str, Any]:
    """A scenario's ``changes`` with those of an ``other`` calibration in place of the ``first`` one's.

    ``in_force``: parameter -> its value in the scenario. What it has as the first calibration has it
    is replaced, cell by cell; what it sets otherwise is its own and stays.
    """
    own: dict[str, Any] = {}
    for name, change in other.items():
        before, value = _cells(first.get(name)), in_force.get(name)
        after = _cells(change)
        if isinstance(before, Mapping):
            here = value if isinstance(value, Mapping) else dict.fromkeys(before, value)
            moved = {
                key: after[key]
                for key in before
                if _equal(here.get(key), before[key]) and not _equal(after[key], before[key])
            }
            if moved:
                own[name] = {"by": moved}
        elif _equal(value, before) and not _equal(change, before):
            own[name] = change
    return changes_over(changes, own)


def _cells(change: Any) -> Any:
    return change["by"] if isinstance(change, Mapping) and "by" in change else change


def _equal(one: Any, other: Any) -> bool:
    """Whether two values are the same; schedules are lists in files and tuples in the law."""
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_equal, one, other))
    return bool(one == other)


def scenario_text(
    base: Path, folder: Path, title: Mapping[str, str], sections: Mapping[str, Mapping[str, Any]]
) -> str:
    """The file of a scenario in ``folder`` that departs from the one at ``base``, by its relative path.

    ``sections``: what it says under ``changes:``, ``budget:`` and the like; what is empty is left out.
    """
    try:
        name = Path(os.path.relpath(base.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive of Windows
        name = base.resolve().as_posix()
    lines = [*([f"title: {quoted(dict(title))}"] if title else []), f"base: {quoted(name)}"]
    for key, parts in sections.items():
        if parts:
            lines += [f"{key}:", *(f"  {part}: {flow(value)}" for part, value in parts.items())]
    return "\n".join(lines) + "\n"
