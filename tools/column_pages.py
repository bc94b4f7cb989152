"""docs/columns.md: every column a population may carry, generated from the registry and the law that reads
it.

    python tools/column_pages.py [--check]

``--check`` writes nothing and ends with status 1 where the page is not what registry and law say now (so does
a test).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from microsim.policy.programmes import Programme, load_programmes
from microsim.population.core.columns import STRUCTURAL, Column, registry
from tools.page import keep

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "columns.md"
HEAD = """\
# The columns of a population

Generated from `microsim/population/core/columns.yaml` and `microsim/law/` by
`python tools/column_pages.py`. The same registry checks every population that is read, generated or
imported: type, categories and range; a value outside is rejected, never changed.

- A population is two tables: `households` (one row each, with `household_id` and `weight`) and `persons`
  (with the `household_id` of their household; `person_id` unless they are simply numbered).
- **default** is the value of a column that a population does not have: nothing special, nothing hidden,
  everything counted. `microsim run` names the columns filled in this way. Columns that **must be given**
  have no default: a rule that needs one stops the run with a message.
- **read by** names the programmes whose own rules (on any date) or parameters use the column. A programme
  also needs the columns of the programmes it builds on, such as the [means test](law/means_test.md).
- You can add columns of your own; only missing values and the kind of number are checked. Rules that you
  write can use them ([how](writing-rules.md)).
- Money is in yuan; text columns are categories.

"""
_NUMBERS = {"float": "number", "int": "whole number"}


def page() -> str:
    """The text of the page."""
    readers = read_by(load_programmes("microsim.law"))
    parts = [HEAD]
    for entity, title in (("household", "Households"), ("person", "Persons")):
        rows = [_row(column, readers) for column in registry().values() if column.entity == entity]
        heads = "| column | 列 | kind | default | meaning | read by |\n|---|---|---|---|---|---|"
        parts.append(f"## {title}\n\n{heads}\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def read_by(programmes: tuple[Programme, ...]) -> dict[str, list[str]]:
    """Column -> names of the programmes that read it, by rules of any date or by values looked up by it."""
    found: dict[str, list[str]] = {}
    for programme in programmes:
        names = {name for rule in programme.rules for name in (*rule.arguments, rule.of)}
        names |= {key for parameter in programme.parameters for key in parameter.by}
        for name in registry():
            if name in names:
                found.setdefault(name, []).append(programme.name)
    return found


def _row(column: Column, readers: Mapping[str, list[str]]) -> str:
    who = ", ".join(f"[{name}](law/{name}.md)" for name in readers.get(column.name, ()))
    if not who:
        who = "identifies or weighs rows" if column.name in STRUCTURAL else "no rule of the package"
    cells = (f"`{column.name}`", column.label["zh"], kind(column), default(column), column.meaning, who)
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def kind(column: Column) -> str:
    """Type, unit and range in words."""
    if column.type == "category":
        return ", ".join(column.categories)
    if column.type == "bool":
        return "yes or no"
    unit = "" if column.unit in ("1", "") else f", {column.unit}"
    low, high = column.minimum, column.maximum
    limits = ""
    if low is not None and high is not None:
        limits = f", {low:g} to {high:g}"
    elif low is not None:
        limits = f", {low:g} and above"
    elif high is not None:
        limits = f", at most {high:g}"
    return f"{_NUMBERS[column.type]}{unit}{limits}"


def default(column: Column) -> str:
    """The default in words."""
    if column.default is None:
        return "may be left out" if column.name == "person_id" else "must be given"
    if isinstance(column.default, bool):
        return "yes" if column.default else "no"
    return f"{column.default:g}" if isinstance(column.default, float | int) else str(column.default)


if __name__ == "__main__":
    sys.exit(keep(PAGE, page))
