"""A population as a folder of two Parquet files (and the county's profile beside them)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.documents import shown
from microsim.errors import FileError, Offence
from microsim.population.core.assembly import P, from_columns
from microsim.population.core.data import PopulationData
from microsim.population.core.findings import Findings
from microsim.population.core.intake import Raw, numeric
from microsim.population.core.relations import warn_of_relations
from microsim.population.core.tables import Table

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

PERSONS, HOUSEHOLDS, PROFILE = "persons.parquet", "households.parquet", "profile.yaml"
_ROWS = 1 << 20  # rows written and read together
_MARK = b"microsim"
_FILES = f"a population is a folder with {PERSONS} and {HOUSEHOLDS}"
_DAMAGED = "the file is damaged: copy it again, or generate the population again"
_TOGETHER = "write or copy both files of one population"


def write_tables(
    population: PopulationData, households: Path, persons: Path, more: Mapping[str, Any] | None = None
) -> None:
    """The two Parquet files of a population, or of a piece of one.

    ``more`` is added to the mark of both files of a piece, whose pages also carry checksums.
    """
    said = {"format": 1, "population": population.hash, **(more or {})}
    mark, checksums = {_MARK: json.dumps(said, ensure_ascii=False).encode()}, more is not None
    ids = {"household_id": population.household_id, "weight": population.weight}
    people: dict[str, Any] = {}
    if population.given_person_id is not None:
        people["person_id"] = population.given_person_id
    people["household_id"] = np.repeat(population.household_id, np.diff(population.offsets))
    dwellings, members = population.household_table, population.person_table
    # Compression takes the time, and two processors if there are two.
    with ThreadPoolExecutor(1) as beside:
        first = beside.submit(
            _write_table, households, ids, dwellings, population.n_households, mark, checksums
        )
        _write_table(persons, people, members, population.n_persons, mark, checksums)
        first.result()


def read_population(kind: type[P], folder: Path) -> P:
    """A population out of two files. Raises ``MicrosimError`` with all offences of both files."""
    refuse_no_folder(folder)
    findings = Findings({"persons": shown(folder / PERSONS), "households": shown(folder / HOUSEHOLDS)})
    people = open_file(folder / PERSONS, "persons", findings)
    dwellings = open_file(folder / HOUSEHOLDS, "households", findings)
    if people is None or dwellings is None:
        findings.refuse(f"{shown(folder)} cannot be read as a population")
        raise AssertionError("a file that cannot be opened is an offence")
    if mark_of(people).get("population") != mark_of(dwellings).get("population"):
        findings.table("persons", f"was not written together with {HOUSEHOLDS}", _TOGETHER)
    profile = folder / PROFILE
    population = from_columns(
        kind,
        {name: read_column(people, name, shown(folder / PERSONS)) for name in people.schema_arrow.names},
        {
            name: read_column(dwellings, name, shown(folder / HOUSEHOLDS))
            for name in dwellings.schema_arrow.names
        },
        people.metadata.num_rows,
        dwellings.metadata.num_rows,
        findings,
        profile_path=profile if profile.is_file() else None,
    )
    warn_of_relations(population)
    return population


def refuse_no_folder(folder: Path) -> None:
    """Raise ``MicrosimError`` where a population's folder is none."""
    if not os.path.isdir(folder):  # Path.is_dir fails for names that are too long
        what = "is a file, not a folder" if os.path.exists(folder) else "no such folder"
        raise FileError(Offence(what, shown(folder), _FILES))


def open_file(path: Path, table: str, findings: Findings, hint: str = _FILES) -> pq.ParquetFile | None:
    """A Parquet file of which only the footer is read; ``None`` and an offence where that fails."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path, page_checksum_verification=True)
        names, marked = file.schema_arrow.names, _read_mark(file)
    except FileNotFoundError:
        findings.table(table, "no such file", hint)
        return None
    # What pyarrow raises for damaged files; ValueError is bytes in names or in the mark that are no text.
    except (pa.ArrowException, OSError, ValueError) as error:
        findings.table(table, f"not a readable Parquet file ({first_line(error)})", _DAMAGED)
        return None
    repeated = sorted({name for name in names if names.count(name) > 1})
    for name in repeated:
        findings.table(table, f"has several columns named '{name}'", "keep one of them", column=name)
    if marked is None:
        findings.table(table, "the metadata in its footer cannot be read", _DAMAGED)
    if repeated or marked is None:
        file.close()
        return None
    return file


def first_line(error: Exception) -> str:
    """The first line of what a library says, or what kind of error it is."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__).rstrip(".")


def mark_of(file: pq.ParquetFile) -> dict[str, Any]:
    """What microsim wrote into a file's footer: ``population`` is the hash of the population that it is of.

    Empty for files made by other programs.
    """
    return _read_mark(file) or {}


def _read_mark(file: pq.ParquetFile) -> dict[str, Any] | None:
    """The mark; ``None`` where it is not what microsim writes."""
    text = (file.schema_arrow.metadata or {}).get(_MARK)
    if not text:
        return {}
    try:
        mark = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(mark, dict) or not isinstance(mark.get("population", ""), str):
        return None
    categories = mark.get("categories", {})
    named = isinstance(categories, dict) and all(
        isinstance(words, list) and all(isinstance(word, str) for word in words)
        for words in categories.values()
    )
    return mark if named else None


def read_column(file: pq.ParquetFile, name: str, place: str) -> Raw:
    """One column, read a row group at a time into one array; ``place`` is what to call the file."""
    import pyarrow as pa

    kind = file.schema_arrow.field(name).type
    rows = file.metadata.num_rows
    try:
        groups = [file.read_row_group(k, columns=[name]).column(0) for k in range(file.num_row_groups)]
        if pa.types.is_dictionary(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind):
            return _names(pa.chunked_array([chunk for group in groups for chunk in group.chunks], type=kind))
    except (pa.ArrowException, OSError, ValueError) as error:
        what = f"cannot be read ({first_line(error)})"
        raise FileError(Offence(what, f"{place}, column {name}", _DAMAGED)) from error
    if not (pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        return Raw("other", np.empty(rows, dtype=object))
    values = np.empty(
        rows, dtype={"double": "f8", "float": "f4", "halffloat": "f2"}.get(str(kind), str(kind))
    )
    missing = np.zeros(rows, dtype=bool) if any(group.null_count for group in groups) else None
    for start, chunk in _chunks(groups):
        part = slice(start, start + len(chunk))
        filled = chunk.fill_null(False if pa.types.is_boolean(kind) else 0)
        values[part] = filled.to_numpy(zero_copy_only=False)
        if missing is not None:
            missing[part] = chunk.is_null().to_numpy(zero_copy_only=False)
    raw = numeric(values)
    if missing is None:
        return raw
    return Raw(raw.kind, values, missing=missing if raw.missing is None else missing | raw.missing)


def _chunks(groups: list[pa.ChunkedArray]) -> Iterator[tuple[int, pa.Array]]:
    start = 0
    for group in groups:
        for chunk in group.chunks:
            yield start, chunk
            start += len(chunk)


def _names(column: pa.ChunkedArray) -> Raw:
    """Text or dictionary-coded text as codes."""
    import pyarrow as pa

    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    column = column.unify_dictionaries()
    names = tuple(column.chunk(0).dictionary.to_pylist()) if column.num_chunks else ()
    codes = np.empty(len(column), dtype=np.int64)
    for start, chunk in _chunks([column]):
        codes[start : start + len(chunk)] = chunk.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    missing = codes < 0
    return Raw("category", codes, names, missing if missing.any() else None)


def _write_table(
    path: Path,
    ids: dict[str, NDArray[Any]],
    table: Table,
    rows: int,
    mark: dict[bytes, bytes],
    checksums: bool,
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {**ids, **table.arrays}
    coded = pa.dictionary(pa.int8(), pa.string())
    types = {
        name: coded if name in table.categories else pa.from_numpy_dtype(array.dtype)
        for name, array in columns.items()
    }
    fields = [pa.field(name, kind, nullable=False) for name, kind in types.items()]
    schema = pa.schema(fields, metadata=mark)
    encodings = {
        name: {"f": "BYTE_STREAM_SPLIT", "i": "DELTA_BINARY_PACKED"}.get(array.dtype.kind, "PLAIN")
        for name, array in columns.items()
        if name not in table.categories
    }
    with pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=9,
        use_dictionary=[name for name in columns if name in table.categories],
        column_encoding=encodings,
        write_page_checksum=checksums,
    ) as writer:
        for start in range(0, max(rows, 1), _ROWS):
            part = slice(start, min(start + _ROWS, rows))
            arrays = [_arrow(array[part], table.categories.get(name)) for name, array in columns.items()]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema), row_group_size=_ROWS)


def _arrow(array: NDArray[Any], names: tuple[str, ...] | None) -> pa.Array:
    import pyarrow as pa

    # Out of memory as it is: pa.array would import pandas, which takes longer than all the rest.
    if array.dtype == np.bool_:
        bits = pa.py_buffer(np.packbits(array, bitorder="little"))
        values = pa.Array.from_buffers(pa.bool_(), len(array), [None, bits])
    else:
        kind = pa.from_numpy_dtype(array.dtype)
        values = pa.Array.from_buffers(kind, len(array), [None, pa.py_buffer(np.ascontiguousarray(array))])
    if names is None:
        return values
    words = [name.encode() for name in names]
    ends = np.cumsum([0, *map(len, words)], dtype=np.int32)
    texts = pa.StringArray.from_buffers(len(words), pa.py_buffer(ends), pa.py_buffer(b"".join(words)))
    return pa.DictionaryArray.from_arrays(values, texts)
