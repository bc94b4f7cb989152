"""Mutated files of every kind are read, or refused with their place; nothing else, and never for long.

``MICROSIM_FUZZ=10000`` is how many files the long test makes, ``MICROSIM_FUZZ_SEED`` from which number on.
"""

from __future__ import annotations

import os
import random
import time
import traceback
import warnings
from pathlib import Path

import pytest

from microsim.errors import MicrosimError
from tests.fuzz.kinds import Kind, furnish, kinds
from tests.untraced import untraced

NAMES = (
    *("scenario", "sweep", "families", "profile", "mapping", "law", "mosaic"),
    *("csv", "xlsx", "parquet", "pieces"),
)
LONGEST = 2.0  # seconds of the processor, for a file that is not large
LARGE = 500_000  # bytes
FILES = int(os.environ.get("MICROSIM_FUZZ", "5500"))
SEED = int(os.environ.get("MICROSIM_FUZZ_SEED", "0"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("fuzz")
    furnish(home)
    return home


def fault(kind: Kind, number: int, folder: Path) -> str:
    """What reading one mutated file did that it must not do; empty where all is well."""
    chance = random.Random(f"{kind.name} {number}")
    name, content = chance.choice(kind.examples)
    path = folder / name
    path.write_bytes(kind.spoil(content, chance))
    begin = time.process_time()
    told = ""
    try:
        with untraced(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl and NumPy about the values of a damaged file
            kind.read(path)
    except MicrosimError as error:
        if not error.offences or not any(offence.place for offence in error.offences):
            told = f"no place: {error}"
    except Exception as error:  # noqa: BLE001
        told = "".join(traceback.format_exception(error)[-4:])
    if (took := time.process_time() - begin) > LONGEST and path.stat().st_size < LARGE:
        told += f"{took:.1f} s"
    if told:
        path.replace(folder / f"{kind.name}-{number}-{name}")
    return f"{kind.name} {number} ({name}): {told}" if told else ""


def faults(name: str, folder: Path, numbers: range, seconds: float) -> list[str]:
    kind = next(kind for kind in kinds(folder) if kind.name == name)
    end, found = time.monotonic() + seconds, []
    for number in numbers:
        found.append(fault(kind, number, folder))
        if time.monotonic() > end:
            break
    return [told for told in found if told]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_mutated_files_are_read_or_refused_with_their_place(name: str, folder: Path) -> None:
    assert not faults(name, folder, range(100), seconds=2.0)


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_thousands_of_mutated_files(name: str, folder: Path) -> None:
    numbers = range(SEED, SEED + -(-FILES // len(NAMES)))
    assert not faults(name, folder, numbers, seconds=3600.0)


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_themselves_are_read(name: str, tmp_path: Path) -> None:
    folder = tmp_path  # not that of the mutated files: a mapping is read with the data beside it
    furnish(folder)
    kind = next(kind for kind in kinds(folder) if kind.name == name)
    for file, content in kind.examples:
        (folder / file).write_bytes(content)
        try:
            kind.read(folder / file)
        except MicrosimError:
            # Mappings of surveys are read before the data are: those of others do not fit the example.
            assert kind.name == "mapping"
            assert file != "m.yaml"
