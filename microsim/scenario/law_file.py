"""A law file held against the columns and rules that its parameters are looked up by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.documents import Document, Step, read_document
from microsim.errors import Offence, RuleError, did_you_mean
from microsim.scenario.categories import not_a_category

if TYPE_CHECKING:
    from microsim.policy.rules import Rule
    from microsim.population.core.columns import Column


def check_law_file(path: Path) -> None:
    """Raise ``MicrosimError`` with all that is wrong in a ``<programme>.yaml``.

    Beside what reading it finds, these are names after ``by:`` that are neither a categorical column, nor a
    rule of the packaged law, nor one of the ``<programme>.py`` beside it, and categories they do not have.
    """
    from microsim.policy.programmes import load_parameters
    from microsim.population.core.columns import registry
    from microsim.scenario.lawful import law_on

    load_parameters(path)
    document = read_document(path)
    found: dict[str, Column | Rule] = {**registry(), **law_on(None).rules}
    known = {name: source.categories for name, source in found.items() if source.categories}
    beside = path.with_suffix(".py")
    own = set(re.findall(r"\w+", beside.read_text(encoding="utf-8"))) if beside.is_file() else set()
    offences: list[Offence] = []
    for key, spec in (document.data.get("parameters") or {}).items():
        offences += _offences(document, ("parameters", key), spec, known, own)
    if offences:
        raise RuleError(offences)


def _offences(
    document: Document,
    steps: tuple[Step, ...],
    spec: Mapping[str, Any],
    known: Mapping[str, Sequence[str]],
    own: set[str],
) -> Iterator[Offence]:
    by = spec.get("by") or []
    names: list[str] = [by] if isinstance(by, str) else by
    for name in names:
        if name not in known and name not in own:
            hint = did_you_mean(name, known) or f"known: {', '.join(sorted(known))}"
            yield Offence(f"no column or rule of categories '{name}'", document.place(*steps, "by"), hint)
    values = spec.get("values")
    for day, entry in (values if isinstance(values, Mapping) else {}).items():
        dated = isinstance(entry, Mapping) and "value" in entry
        where = (*steps, "values", str(day), *(("value",) if dated else ()))
        yield from _categories(document, where, entry["value"] if dated else entry, names, known)


def _categories(
    document: Document,
    steps: tuple[Step, ...],
    value: Any,
    names: Sequence[str],
    known: Mapping[str, Sequence[str]],
) -> Iterator[Offence]:
    if not names or not isinstance(value, Mapping):
        return
    allowed = known.get(names[0], ())
    for key, inner in value.items():
        if allowed and key != "default" and str(key) not in allowed:
            message, hint = not_a_category(str(key), names[0], allowed)
            yield Offence(message, document.place(*steps, key), hint)
        yield from _categories(document, (*steps, key), inner, names[1:], known)
