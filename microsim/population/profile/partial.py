"""Some figures of a county in a file of their own, laid out as in a profile."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from microsim.documents import read_document, shown
from microsim.documents.findings import Findings
from microsim.errors import DataError, Offence
from microsim.population.profile.figures import SourcedValue, schema, settled
from microsim.population.profile.grammar import FIGURES


def read_figures(path: str | os.PathLike[str]) -> dict[str, SourcedValue]:
    """Figures by dotted name: sections, and in each figures with value, unit, source and reference.

    Raises ``MicrosimError`` with every offence at file:line:column; nothing but figures of a profile is let
    in.
    """
    document = read_document(Path(path))
    title = f"{shown(document.path)} cannot be used as figures of a county"
    data = document.data
    if not isinstance(data, Mapping) or not data:
        hint = "write sections as in a profile, such as income:, with figures such as mean_disposable:"
        raise DataError(Offence("no figures in this file", document.place(), hint), title=title)
    found = Findings(document, unspoken=("value",))
    said = found.check(FIGURES, data)
    figures = {}
    for name, spec in schema().items():
        section, key = name.split(".")
        if not isinstance(data.get(section), Mapping) or key not in data[section]:
            continue
        if found.clean(section, key):
            entry = said[section][key]
            value = settled(spec, entry["value"], found, (section, key, "value"))
            reference, note = (" ".join(str(entry.get(part, "")).split()) for part in ("reference", "note"))
            figures[name] = SourcedValue(
                name, value, spec.unit, entry["source"], reference, note, spec.meaning
            )
    if found.offences:
        raise DataError(found.offences, title=title)
    return figures
