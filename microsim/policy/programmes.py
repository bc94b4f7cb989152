"""A body of law on disk: ``<programme>.py`` (rules) beside ``<programme>.yaml`` (parameters)."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from microsim.documents import read_document, shown
from microsim.documents.findings import Findings
from microsim.errors import MicrosimError, Offence, RuleError
from microsim.policy.grammar import LAW
from microsim.policy.parameter_spec import parameter_from
from microsim.policy.parameters import Parameter
from microsim.policy.rules import Rule


@dataclass(frozen=True)
class Programme:
    """One benefit (or one common part such as the means test)."""

    name: str
    label: Mapping[str, str] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)
    parameters: tuple[Parameter, ...] = ()
    rules: tuple[Rule, ...] = ()
    header: Mapping[str, Any] = field(default_factory=dict)


@cache
def load_programmes(package: str) -> tuple[Programme, ...]:
    """Every programme of a package, discovered from its files in alphabetical order.

    Raises ``MicrosimError`` with the offences of all files at once.
    """
    root = importlib.import_module(package)
    offences: list[Offence] = []
    found = []
    for info in sorted(pkgutil.iter_modules(root.__path__), key=lambda item: item.name):
        if info.name.startswith("_"):
            continue
        module = importlib.import_module(f"{package}.{info.name}")
        sibling = Path(module.__file__ or "").with_suffix(".yaml")
        if not sibling.exists():
            offences.append(
                Offence(f"programme '{info.name}' has no {sibling.name} next to it", shown(sibling))
            )
            continue
        try:
            header, parameters = load_parameters(sibling)
        except MicrosimError as error:
            offences.extend(error.offences)
            continue
        rules = rules_of(module, info.name)
        found.append(
            Programme(
                info.name, header.get("label", {}), header.get("description", {}), parameters, rules, header
            )
        )
    if offences:
        raise RuleError(offences, title=f"the law in {package} cannot be used")
    return tuple(found)


def load_parameters(path: Path) -> tuple[Mapping[str, Any], tuple[Parameter, ...]]:
    """Header and parameters of one ``<programme>.yaml``."""
    document = read_document(path)
    data = document.data
    if not isinstance(data, Mapping):
        raise RuleError(
            Offence("a law file has label, description and parameters", document.place(), "label: {en: ...}")
        )
    found = Findings(document, path.stem)
    said = found.check(LAW, data)
    offences, parameters = found.offences, []
    for key, spec in (said.get("parameters") or {}).items():

        def place(*steps: str | int, _key: str = key) -> str:
            return document.place("parameters", _key, *steps)

        try:
            parameters.append(
                parameter_from(
                    f"{path.stem}.{key}",
                    spec,
                    programme=path.stem,
                    file=shown(path),
                    place=place,
                    strict=True,
                )
            )
        except MicrosimError as error:
            offences.extend(error.offences)
    if offences:
        raise RuleError(offences)
    return data, tuple(parameters)


def rules_of(module: ModuleType, programme: str) -> tuple[Rule, ...]:
    """The rules a module defines, in the order of its text; a formula may carry a name of its own."""
    out = []
    for attribute, value in vars(module).items():
        if isinstance(value, Rule) and not attribute.startswith("_"):
            if value.function is not None and value.function.__module__ != module.__name__:
                continue  # imported from another programme
            if value.kind != "formula" and value.source_file != module.__file__:
                continue
            out.append(value.named(attribute if value.kind != "formula" else value.name, programme))
    return tuple(out)
