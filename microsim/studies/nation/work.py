"""The counties of the nation as numbered tasks: one county each, with all its scenarios, curve and cliffs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.errors import InputError, MicrosimError, Offence
from microsim.policy.policy import Policy
from microsim.population.census.donor import archetypes
from microsim.population.census.tables import read_census
from microsim.studies.nation.county import Row, Shared, county_rows
from microsim.studies.nation.county_table import CountyTable, read_county_table
from microsim.studies.nation.reading import read_nation

if TYPE_CHECKING:
    import pyarrow as pa

KIND = "nation"
HOUSEHOLDS, SEED = 2_000, 3
FORMAT = 1  # of the rows and of what their figures mean
COLUMNS = ("county", "scenario", "measure", "subject", "group", "value", "unit")


@dataclass(frozen=True)
class NationWork:
    """What a worker process gets: names of files, not what is in them; ``counties``: code and name."""

    nation: str
    census: str
    table: str
    counties: tuple[tuple[str, str], ...] = field(repr=False)
    households: int = HOUSEHOLDS
    seed: int = SEED
    cliffs: bool = True
    keep: str = ""
    allow_unusual: bool = False

    @property
    def count(self) -> int:
        """Number of counties."""
        return len(self.counties)

    def name(self, number: int) -> str:
        """The county, for progress and for the list of failures."""
        code, name = self.counties[number]
        return f"county {code} {name}"

    @cached_property
    def plan(self) -> Mapping[str, Any]:
        """What makes the work the one it is: hashes of files and law, sizes and seed."""
        nation = read_nation(self.nation, allow_unusual=self.allow_unusual)
        lenders = hashlib.sha256()
        for name, folder in sorted(archetypes().items()):
            lenders.update(name.encode() + (folder / "profile.yaml").read_bytes())
        return {
            "study": "nation",
            "format": FORMAT,
            "nation": nation.hash,
            "law": Policy.load(nation.day).hash,
            "census": _sha256(Path(self.census)),
            "table": _sha256(Path(self.table)) if self.table else "",
            "archetypes": lenders.hexdigest(),
            "counties": hashlib.sha256("".join(code for code, _ in self.counties).encode()).hexdigest(),
            "households": self.households,
            "seed": self.seed,
            "cliffs": self.cliffs,
        }

    def rows(self, number: int, threads: int | None) -> pa.Table:
        """The figures of one county. Raises ``MicrosimError`` where it cannot be made."""
        code, _ = self.counties[number]
        return as_table(code, county_rows(opened(self), code, threads))


@lru_cache(maxsize=1)
def opened(work: NationWork) -> Shared:
    """The files of the work, read once in each process."""
    return Shared(
        read_nation(work.nation, allow_unusual=work.allow_unusual),
        read_census(Path(work.census)),
        read_county_table(work.table) if work.table else CountyTable(),
        work.households,
        work.seed,
        work.cliffs,
        work.keep,
    )


def nation_work(
    nation: str,
    census: str,
    table: str = "",
    *,
    only: Sequence[str] = (),
    households: int = HOUSEHOLDS,
    seed: int = SEED,
    cliffs: bool = True,
    keep: str = "",
    allow_unusual: bool = False,
) -> NationWork:
    """The work on all counties of the census, or on ``only`` some (codes or names).

    Raises ``MicrosimError`` with every offence of the three files.
    """
    offences: list[Offence] = []
    counties: list[tuple[str, str]] = []
    if households < 1:
        offences.append(Offence(f"a county has at least one household, not {households}", "households"))
    for read in (lambda: read_nation(nation, allow_unusual=allow_unusual), lambda: _table(table)):
        try:
            read()
        except MicrosimError as error:
            offences += error.offences
    try:
        found = read_census(Path(census))
        frame = found.frame
        counties = list(zip(frame["code"], frame["county"], strict=True))
        offences += [
            Offence(f"county {code} is there twice", census, "leave one row a county")
            for code in frame["code"][frame["code"].duplicated()]
        ]
        if only:
            counties = []
            for one in only:
                row = found.find(one)
                counties.append((row.code, row.county))
    except MicrosimError as error:
        offences += error.offences
    if offences:
        raise InputError(offences, title=None if len(offences) == 1 else "the nation cannot be run")
    return NationWork(
        str(nation),
        str(census),
        str(table),
        tuple(dict.fromkeys(counties)),
        households,
        seed,
        cliffs,
        keep,
        allow_unusual,
    )


def _table(path: str) -> CountyTable:
    return read_county_table(path) if path else CountyTable()


def as_table(code: str, rows: Sequence[Row]) -> pa.Table:
    """Rows of one county as an Arrow table: ``COLUMNS``, words as numbers into a list of words."""
    import pyarrow as pa

    words = pa.dictionary(pa.int32(), pa.string())
    columns: dict[str, Any] = {"county": pa.array([code] * len(rows)).dictionary_encode().cast(words)}
    for k, name in enumerate(COLUMNS[1:]):
        values = [row[k] for row in rows]
        columns[name] = (
            pa.array(values, pa.float64())
            if name == "value"
            else pa.array(values, pa.string()).dictionary_encode().cast(words)
        )
    return pa.table(columns)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
