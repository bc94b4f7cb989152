"""Own rules and parameters: a folder of ``<programme>.py`` and ``<programme>.yaml`` beside the packaged law.

It is read in two steps. Reading (:func:`read_own_law`) parses the files and finds all that their text shows
to be wrong; nothing of them is executed. Only :meth:`OwnLaw.programmes` of a law whose rules may ``run``
imports them, since rules are Python and can do whatever Python can.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import keyword
import os
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType

from microsim.documents import shown
from microsim.errors import FileError, MicrosimError, Offence, RuleError
from microsim.policy.parameters import Parameter
from microsim.policy.programmes import Programme, load_parameters, load_programmes, rules_of

TWO_FILES = "a programme is two files side by side: <programme>.py (rules) and <programme>.yaml (parameters)"
_DECORATORS = ("person", "household")
_SUMS = ("total", "count", "any_member", "every_member", "largest", "smallest", "collect")


@dataclass(frozen=True)
class OwnLaw:
    """A folder of own programmes as its text says; two of the same text in the same place are equal.

    ``rules``: programme -> name of a rule -> its place. ``hash``: SHA-256 over the text of all files, helper
    modules included. ``run``: whether the rules may be run.
    """

    folder: Path
    hash: str
    run: bool
    rules: Mapping[str, Mapping[str, str]] = field(compare=False, repr=False)
    parts: tuple[Programme, ...] = field(compare=False, repr=False)  # parameters only

    def programmes(self) -> tuple[Programme, ...]:
        """The programmes: with their rules where these may run, with their parameters alone elsewhere.

        Raises ``RuleError`` with the place in the file for whatever goes wrong while the files are imported.
        """
        return _with_rules(self) if self.run else self.parts


def read_own_law(folder: str | os.PathLike[str], *, run: bool, beside: str) -> OwnLaw:
    """Read a folder of own law without executing anything in it.

    ``run``: whether its rules may be run later. ``beside``: the package whose names it may not take. Raises
    ``FileError`` where there is no such folder, ``RuleError`` with every offence of its files: a programme
    with one of the two files only, text that is not Python, what is wrong in a YAML file, names that are
    taken.
    """
    place = Path(os.path.abspath(folder))
    if not place.is_dir():
        message = "is a file, but a law package is a folder" if place.exists() else "no such folder"
        raise FileError(Offence(message, shown(place), TWO_FILES))
    offences: list[Offence] = []
    files = _files(place, offences)
    names = sorted({path.stem for path in files if path.parent == place and path.stem[:1] != "_"})
    if not names:
        offences.append(Offence("contains no programme", shown(place), TWO_FILES))
    rules: dict[str, dict[str, str]] = {}
    parts = []
    for name in names:
        code, numbers = place / f"{name}.py", place / f"{name}.yaml"
        for one, other in ((code, numbers), (numbers, code)):
            if one not in files:
                offences.append(
                    Offence(f"programme '{name}' has no {one.name} beside it", shown(other), TWO_FILES)
                )
        if not name.isidentifier() or keyword.iskeyword(name):
            hint = "a programme is named by letters, digits and underscores"
            offences.append(Offence(f"'{name}' cannot be the name of a programme", shown(code), hint))
        rules[name] = _rules_in(code, offences) if code in files else {}
        if numbers in files:
            try:
                header, parameters = load_parameters(numbers)
            except MicrosimError as error:
                offences += error.offences
            else:
                about = (header.get("label", {}), header.get("description", {}))
                parts.append(Programme(name, *about, parameters, (), header))
    offences += _taken(place, rules, parts, load_programmes(beside))
    if offences:
        raise RuleError(offences, title=f"the law in {shown(place)} cannot be used")
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path.relative_to(place).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return OwnLaw(place, digest.hexdigest(), run, rules, tuple(parts))


def _files(folder: Path, offences: list[Offence]) -> list[Path]:
    """Python files at any depth (rules may import them) and YAML files of the folder itself."""
    found = [path for path in folder.rglob("*.py") if "__pycache__" not in path.parts]
    found += folder.glob("*.yaml")
    inside = []
    for path in sorted(found):
        if path.resolve().is_relative_to(folder.resolve()):
            inside.append(path)
        else:
            hint = "put the file itself into the folder"
            offences.append(Offence(f"leads out of the folder, to {path.resolve()}", shown(path), hint))
    return inside


def _rules_in(path: Path, offences: list[Offence]) -> dict[str, str]:
    """Rules by name, with their places, as the text of a file shows them."""
    try:
        tree = ast.parse(path.read_bytes(), filename=str(path))
    except SyntaxError as error:
        where = f"{shown(path)}:{error.lineno or 1}:{error.offset or 1}"
        offences.append(Offence(f"is not Python: {error.msg}", where, "correct the line"))
        return {}
    except ValueError as error:  # a NUL
        offences.append(Offence(f"is not Python: {error}", shown(path)))
        return {}
    found: dict[str, str] = {}
    for name, node in _named(tree):
        found.setdefault(name, f"{shown(path)}:{node.lineno}:{node.col_offset + 1}")
    return found


def _named(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                if _called(decorator) in _DECORATORS:
                    options = decorator.keywords if isinstance(decorator, ast.Call) else []
                    given = [one.value for one in options if one.arg == "name"]
                    name = ast.literal_eval(given[0]) if _is_text(given) else node.name
                    yield name, node
        elif isinstance(node, ast.Assign) and _called(node.value) in _SUMS:
            for target in node.targets:
                if isinstance(target, ast.Name) and not target.id.startswith("_"):
                    yield target.id, node


def _is_text(given: list[ast.expr]) -> bool:
    return bool(given) and isinstance(given[0], ast.Constant) and isinstance(given[0].value, str)


def _called(node: ast.expr) -> str:
    """The last part of what is called: ``household`` of ``microsim.household(...)``."""
    inner = node.func if isinstance(node, ast.Call) else node
    return inner.attr if isinstance(inner, ast.Attribute) else inner.id if isinstance(inner, ast.Name) else ""


def _taken(
    folder: Path,
    rules: Mapping[str, Mapping[str, str]],
    parts: Iterable[Programme],
    packaged: Iterable[Programme],
) -> Iterator[Offence]:
    """Names of own programmes, rules and parameters that the packaged law has, or that are there twice."""
    have = {programme.name for programme in packaged}
    taken = {rule.name: f"the rule {rule.name}" for programme in packaged for rule in programme.rules}
    taken |= {p.argument: f"the parameter {p.name}" for programme in packaged for p in programme.parameters}
    for name in sorted(have & {*rules}):
        hint = f"rename both files; values of the law change under changes: {name}.<key>"
        place = shown(folder / f"{name}.py")
        yield Offence(f"the packaged law has a programme '{name}' already", place, hint)
    own: dict[str, str] = {}
    for name in sorted({*rules} - have):
        for rule, place in rules[name].items():
            if rule in taken:
                hint = "rename it; a programme of the law is switched off under programmes:"
                yield Offence(f"'{rule}' is {taken[rule]} of the packaged law", place, hint)
            elif rule in own:
                yield Offence(f"'{rule}' is a rule twice, also at {own[rule]}", place, "rename one")
            own.setdefault(rule, place)
    parameters: list[Parameter] = [p for part in parts if part.name not in have for p in part.parameters]
    for parameter in parameters:
        what = taken.get(parameter.argument) or own.get(parameter.argument)
        if what:
            of = what if parameter.argument in taken else f"the rule at {what}"
            message = f"rules would know '{parameter.name}' as {parameter.argument}, which is {of}"
            yield Offence(message, parameter.place or parameter.file, "rename it")


@cache
def _with_rules(own: OwnLaw) -> tuple[Programme, ...]:
    # A name of its own for each text: files that were edited are imported anew, beside what they were.
    package = f"own_law_{hashlib.sha256(str(own.folder).encode()).hexdigest()[:8]}_{own.hash[:16]}"
    if package not in sys.modules:
        root = ModuleType(package)
        root.__path__ = [str(own.folder)]
        sys.modules[package] = root
    offences: list[Offence] = []
    found = []
    for part in own.parts:
        try:
            module = _imported(f"{package}.{part.name}")
        except MicrosimError as error:
            offences += error.offences
        except (Exception, SystemExit) as error:  # noqa: BLE001 - the file is the user's: say where it fails
            offences.append(_failure(error, own.folder / f"{part.name}.py", own.folder))
        else:
            rules = rules_of(module, part.name)
            found.append(
                Programme(part.name, part.label, part.description, part.parameters, rules, part.header)
            )
    if offences:
        for name in [name for name in sys.modules if name.split(".")[0] == package]:
            del sys.modules[name]
        raise RuleError(offences, title=f"the rules in {shown(own.folder)} cannot be run")
    return tuple(found)


def _imported(module: str) -> ModuleType:
    """The module, imported without leaving compiled files in the user's folder."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        importlib.invalidate_caches()
        return importlib.import_module(module)
    finally:
        sys.dont_write_bytecode = before


def _failure(error: BaseException, file: Path, folder: Path) -> Offence:
    """What an import ended in, at the last line of the user's own files that was executed."""
    lines = [
        f"{shown(Path(frame.filename))}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(folder)
    ]
    return Offence(f"{type(error).__name__}: {error}", lines[-1] if lines else shown(file))
