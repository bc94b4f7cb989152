"""Numbers in use that no document supports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from microsim.units import exact

if TYPE_CHECKING:
    import pandas as pd

    from microsim.policy.policy import Policy
    from microsim.population import County, Population
    from microsim.scenario.economy import Money

_COLUMNS = ("name", "value", "unit", "since", "source", "reference", "note")
UNDOCUMENTED = ("assumption", "recalled", "scenario")


def assumptions_in_use(
    policy: Policy, population: Population, outputs: Iterable[str], county: County | None, money: Money
) -> pd.DataFrame:
    """Every parameter that ``outputs`` depend on and every figure of the county without a document behind it,
    and the growth that carried incomes to the year of ``money``.

    Columns: name, value, unit, since, source, reference, note. A scenario's own changes are among them. A
    population without a profile (``county`` None) has no figures of its own.
    """
    import pandas as pd

    rows = [row for row in _in_use(policy, population, outputs) if row[4] in UNDOCUMENTED]
    if county is not None:
        rows += [
            (
                f"county.{f.name}",
                value_shown(f.value),
                f.unit,
                str(county.year),
                f.source,
                f.reference,
                f.note,
            )
            for f in county.assumptions()
        ]
    rows += money.assumptions()
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def parameters_in_use(
    policy: Policy, population: Population, outputs: Iterable[str], lang: str
) -> pd.DataFrame:
    """Every parameter that ``outputs`` depend on, with its label in ``lang`` and its source.

    Columns: name, label, value, unit, since, source, reference, note.
    """
    import pandas as pd

    table = pd.DataFrame(list(_in_use(policy, population, outputs)), columns=list(_COLUMNS))
    labels = [policy.parameters[name].label for name in table["name"]]
    table.insert(1, "label", [label.get(lang) or label.get("en", "") for label in labels])
    return table


def parameters_of(policy: Policy, population: Population, outputs: Iterable[str]) -> list[str]:
    """The parameters that ``outputs`` depend on and that have a value, by name in their order."""
    needs = policy.needs(outputs, [*population.person_columns, *population.household_columns])
    return [name for name in sorted({*needs.parameters}) if name in policy.values]


def _in_use(policy: Policy, population: Population, outputs: Iterable[str]) -> Iterator[tuple[str, ...]]:
    for name in parameters_of(policy, population, outputs):
        dated = policy.values[name]
        since = "" if dated.since.year == 1 else dated.since.isoformat()
        unit = policy.parameters[name].unit
        yield name, value_shown(dated.value), unit, since, dated.source, dated.reference, dated.note


def value_shown(value: Any) -> str:
    """A value of law in one line: categories and points of a schedule one after the other."""
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {value_shown(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(
            " ".join(value_shown(part) for part in item) if isinstance(item, tuple) else value_shown(item)
            for item in value
        )
    return exact(value, "")
