"""What became of imported data: what was mapped, missing, filled and left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class ImportReport:
    """What became of the data: counts of records, one row per column, and what was left out."""

    source: Mapping[str, Any]
    files: dict[str, str]
    counts: dict[str, int] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    unused: dict[str, list[str]] = field(default_factory=dict)
    defaulted: tuple[str, ...] = ()

    @property
    def table(self) -> pd.DataFrame:
        """table, column, source, how, records, missing, filled, filled_with, mean, verified."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    def __str__(self) -> str:
        lines = [f"{name}: {file}" for name, file in self.files.items()]
        lines += [f"{what}: {count:,}" for what, count in self.counts.items() if count]
        filled = [row for row in self.rows if row["filled"]]
        for row in filled:
            lines.append(
                f"filled: {row['column']} of {row['table']}, {row['filled']:,} of {row['records']:,} "
                f"with {row['filled_with']}"
            )
        if self.defaulted:
            lines.append(f"not in the data, left at their defaults: {', '.join(self.defaulted)}")
        unverified = [row["column"] for row in self.rows if row["verified"] is False]
        if unverified:
            lines.append(
                f"source columns not verified against the data's own documents: {', '.join(unverified)}"
            )
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """The whole report as plain data."""
        return {
            "source": dict(self.source),
            "files": self.files,
            "counts": self.counts,
            "columns": self.rows,
            "unused_source_columns": self.unused,
            "defaulted_columns": list(self.defaulted),
        }
