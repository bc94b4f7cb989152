"""Which data file holds the persons and which the households, and both as they are to be taken."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

from microsim.errors import FileError, InputError, MicrosimError, Offence
from microsim.population.survey.files import DataFile, read_file
from microsim.population.survey.mapping import SurveyMapping, TableRule
from microsim.population.survey.rows import Layout


def read_tables(mapping: SurveyMapping, paths: Sequence[Path]) -> dict[str, DataFile]:
    """The data files of persons and of households, chosen by what the mapping says of their names."""
    rules = {"persons": mapping.persons, "households": mapping.households}
    chosen: dict[str, Path] = {}
    offences = []
    for position, (name, rule) in enumerate(rules.items()):
        fitting = [path for path in paths if rule.file and fnmatch(path.name.lower(), rule.file.lower())]
        if len(paths) == 1:
            chosen[name] = paths[0]
        elif len(fitting) == 1:
            chosen[name] = fitting[0]
        elif not rule.file and len(paths) == 2:
            chosen[name] = paths[position]
        else:
            given = ", ".join(path.name for path in paths)
            found = (
                f"{len(fitting)} of the files given fit '{rule.file}'" if rule.file else "no file is named"
            )
            place = mapping.document.place(name, "file")
            offences.append(Offence(f"which file holds the {name}? {found}: {given}", place))
    if offences:
        raise InputError(offences, title="it is not clear which data file is which")
    wanted: dict[Path, set[str]] = {}
    for name, path in chosen.items():
        wanted.setdefault(path, set()).update(mapping.wanted(name))
    read: dict[Path, DataFile] = {}
    for path, columns in wanted.items():
        of_file = [rules[name] for name, at in chosen.items() if at == path]
        try:
            read[path] = read_file(path, columns, **mapping.read, layout=_layout(of_file, mapping))
        except MicrosimError as error:
            offences += error.offences
    if offences:
        raise FileError(offences, title="the data cannot be read")
    return {name: read[path] for name, path in chosen.items()}


def _layout(rules: Sequence[TableRule], mapping: SurveyMapping) -> Layout:
    """How a file is to be taken; where it holds both tables, what is said of either."""
    stated = {rule.header_row for rule in rules} - {1}
    if len(stated) > 1:
        place = mapping.document.place("households", "header_row")
        raise InputError(Offence("one file has one header row, but two are given", place))
    down = tuple(dict.fromkeys(name for rule in rules for name in rule.fill_down))
    return Layout(stated.pop() if stated else 1, down, rules[0].household)
