"""What became of imported data: what was mapped, missing, filled and left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

    from microsim.population.survey.mapping import ColumnRule
    from microsim.population.survey.values import Values

Array = NDArray[Any]
_SHOWN = 5  # values named in a note
_DIBAO = re.compile(r"低保|最低生活保障|dibao", re.IGNORECASE)


@dataclass
class ImportReport:
    """What became of the data: counts of records, one row per column, and what was left out."""

    source: Mapping[str, Any]
    files: dict[str, str]
    counts: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, tuple[str, list[int]]] = field(default_factory=dict)  # why: table, records from 1
    rows: list[dict[str, Any]] = field(default_factory=list)
    unused: dict[str, list[str]] = field(default_factory=dict)
    defaulted: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)  # what a reader must look at, one line each

    def leave_out(self, table: str, why: str, records: Array) -> None:
        """Records (counted from 0 in ``records``) of a table that are not in the population, and why."""
        self.counts[why] = len(records)
        if len(records):
            self.left_out[why] = (table, [int(one) + 1 for one in records])

    def left_out_table(self) -> pd.DataFrame:
        """table, record (from 1, without the header), why: every record that is not in the population."""
        import pandas as pd

        rows = [(table, record, why) for why, (table, records) in self.left_out.items() for record in records]
        return pd.DataFrame(rows, columns=["table", "record", "why"])

    def add(self, rule: ColumnRule, values: Values, out: Array, count: int, filler: str) -> None:
        """The row of a column whose gaps are filled; ``count`` gaps with what ``filler`` says."""
        numeric = out.dtype != object and len(out) > 0
        self._note(rule, values)
        self.rows.append(
            {
                "table": rule.table,
                "column": rule.name,
                "source": _source(rule),
                "how": "; ".join(_how(rule, values)),
                "records": len(out),
                "missing": int(values.missing.sum()),
                "filled": len(out) if not rule.sources else count,
                "filled_with": filler or ("" if rule.sources else str(rule.value)),
                "otherwise": sum(values.otherwise.values()),
                "mean": float(out.astype(np.float64).mean()) if numeric else None,
                "verified": rule.verified,
            }
        )

    def _note(self, rule: ColumnRule, values: Values) -> None:
        """What fell into ``otherwise``, amounts that look like codes, and received dibao among incomes."""
        received = [one for one in rule.sources if _DIBAO.search(one)]
        if received and rule.column is not None and rule.name.endswith("_income"):
            source = ", ".join(received)
            self.notes.append(
                f"{rule.name}: '{source}' looks like dibao received, which would count as income beside the "
                f"computed dibao; map it to dibao_received of households instead"
            )
        if values.otherwise:
            count = sum(values.otherwise.values())
            these = "1 value is" if count == 1 else f"{count:,} values are"
            self.notes.append(
                f"{rule.name}: {these} not in recode and became {str(rule.otherwise).lower()!r} "
                f"(otherwise:): {_listed(values.otherwise)}"
            )
        if values.codes:
            codes = ", ".join(list(values.codes)[:_SHOWN])
            self.notes.append(
                f"{rule.name}: amounts that look like codes for no answer: {_listed(values.codes)}; "
                f"missing: [{codes}] under {rule.name} declares them missing"
            )

    @property
    def table(self) -> pd.DataFrame:
        """table, column, source, how, records, missing, filled, filled_with, otherwise, mean, verified."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    def __str__(self) -> str:
        lines = [f"{name}: {file}" for name, file in self.files.items()]
        lines += [f"{what}: {count:,}{self._which(what)}" for what, count in self.counts.items() if count]
        filled = [row for row in self.rows if row["filled"]]
        for row in filled:
            lines.append(
                f"filled: {row['column']} of {row['table']}, {row['filled']:,} of {row['records']:,} "
                f"with {row['filled_with']}"
            )
        lines += [f"look at: {note}" for note in self.notes]
        if self.defaulted:
            lines.append(f"not in the data, left at their defaults: {', '.join(self.defaulted)}")
        unverified = [row["column"] for row in self.rows if row["verified"] is False]
        if unverified:
            lines.append(
                f"source columns not verified against the data's documentation: {', '.join(unverified)}"
            )
        return "\n".join(lines)

    def _which(self, why: str) -> str:
        """The first records that were left out for a reason."""
        _, records = self.left_out.get(why, ("", []))
        if not records:
            return ""
        more = f" and {len(records) - _SHOWN} more" if len(records) > _SHOWN else ""
        return f" (record {', '.join(map(str, records[:_SHOWN]))}{more})"

    def as_json(self) -> dict[str, Any]:
        """The whole report as plain data."""
        return {
            "source": dict(self.source),
            "files": self.files,
            "counts": self.counts,
            "left_out": {
                why: {"table": table, "records": records} for why, (table, records) in self.left_out.items()
            },
            "notes": self.notes,
            "columns": self.rows,
            "unused_source_columns": self.unused,
            "defaulted_columns": list(self.defaulted),
        }


def _source(rule: ColumnRule) -> str:
    less = "".join(f" - {one}" for one in rule.less)
    return " + ".join(rule.sources) + less if rule.sources else str(rule.value)


def _listed(counts: Mapping[str, int]) -> str:
    """``'女婿' 3 times, '邻居' once``: the first few."""
    shown = [f"'{text}' {'once' if times == 1 else f'{times:,} times'}" for text, times in counts.items()]
    more = f" and {len(shown) - _SHOWN} other values" if len(shown) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + more


def _how(rule: ColumnRule, values: Values) -> list[str]:
    """What was done to the values of a column, in words."""
    how = []
    if rule.recode is not None:
        how.append("recoded")
    if rule.unit:
        how.append(f"converted from {rule.unit}" + (f", times {rule.factor:g}" if rule.factor != 1.0 else ""))
    if rule.subtract_from is not None:
        how.append(f"{rule.subtract_from:g} minus the value")
    if rule.identity:
        how.append(f"{rule.identity} from the identity number")
    if rule.give:
        how.append(f"amount of the household given to {rule.give}")
    if rule.table == "households" and rule.from_table == "persons":
        how.append(f"{rule.take} of the persons")
    if not rule.sources:
        how.append("assumed: not in the data")
    if values.clipped:
        how.append(f"{values.clipped} values outside the range set to the nearest bound")
    if rule.less:
        how.append(f"less {', '.join(rule.less)}")
    if values.parts_missing:
        how.append(f"{values.parts_missing} missing parts of sums counted as 0")
    return how
