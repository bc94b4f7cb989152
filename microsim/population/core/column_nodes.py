"""Columns of a population as nodes of the descriptions of YAML files: what a value of one may be."""

from __future__ import annotations

from typing import Any

from microsim.documents.nodes import Choice, Node, Number, Switch
from microsim.population.core.columns import Column


def column_node(column: Column, null: bool = False, ranged: bool = True) -> Node:
    """A value of the column; ``null``: it may be missing; ``ranged``: it is in the column's own unit."""
    name, unit = column.name, "" if column.unit in ("category", "yes/no") else f" ({column.unit})"
    about: dict[str, Any] = {
        "en": f"{column.label['en']}{unit}: {' '.join(column.meaning.split())}",
        "zh": f"{column.label['zh']}{unit}",
        "default": column.default,
        "null": null,
    }
    if column.type == "category":
        wrong = f"{name} has no category '$value'"
        return Choice(names=column.categories, wrong=wrong, known="allowed: $names", always=True, **about)
    if column.type == "bool":
        return Switch(wrong=f"{name} is true or false, found '$value'", **about)
    low, high = column.minimum, column.maximum
    if low is None:
        limits = "" if high is None else f" to {high:g}"
    else:
        limits = f" from {low:g}" if high is None else f" from {low:g} to {high:g}"
    return Number(
        unit=column.unit,
        whole=ranged and column.type == "int",
        least=low if ranged else None,
        most=high if ranged else None,
        wrong=f"{name} is a number ({column.unit}), found '$value'",
        not_whole=f"{name} is a whole number, found $value",
        outside=f"{name} is $value",
        bounds=f"allowed: values{limits} ({column.unit})",
        **about,
    )
