"""Where a population may be written: nothing that a user made gives way to it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from microsim.errors import MicrosimError
from microsim.population import Population
from microsim.population.io.placing import holds_population, in_the_way
from microsim.report.results import refuse_no_place
from tests.scenario.small_county import PROFILE, frames

TEXT = PROFILE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def population() -> Population:
    return Population.from_frames(*frames())


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_a_free_place(tmp_path: Path, population: Population) -> None:
    assert in_the_way(tmp_path / "new", TEXT) == []
    assert in_the_way(tmp_path, TEXT) == []
    (tmp_path / ".hidden").touch()
    (tmp_path / "profile.yaml").write_text(TEXT, encoding="utf-8")
    assert in_the_way(tmp_path, TEXT) == []  # as `microsim profile --out county/profile.yaml` leaves it
    assert not holds_population(tmp_path)


@pytest.mark.parametrize("pieces", [None, 100])
def test_an_older_population_gives_way_and_other_files_stay(
    tmp_path: Path, population: Population, pieces: int | None
) -> None:
    population.write(tmp_path / "county", households_per_piece=pieces)
    (tmp_path / "county" / "notes.txt").write_text("mine")
    assert holds_population(tmp_path / "county")
    refuse_no_place(tmp_path / "county", TEXT)
    for again in (100, None):
        population.write(tmp_path / "county", households_per_piece=again)
        assert Population.read(tmp_path / "county").hash == population.hash
    assert names(tmp_path) == {"households.parquet", "persons.parquet", "notes.txt"}


def test_the_same_profile_after_an_editor_gives_way(tmp_path: Path) -> None:
    """Windows' Notepad adds a mark at the beginning and ends lines in its own way."""
    (tmp_path / "profile.yaml").write_text(TEXT, encoding="utf-8-sig", newline="\r\n")
    assert in_the_way(tmp_path, TEXT) == []


def test_what_a_user_made_is_left_alone(tmp_path: Path, population: Population) -> None:
    persons, households = frames()
    persons.to_parquet(tmp_path / "persons.parquet")
    households.to_parquet(tmp_path / "households.parquet")
    (tmp_path / "profile.yaml").write_text(TEXT + "# my own figures\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(MicrosimError) as caught:
        refuse_no_place(tmp_path, TEXT)
    said = str(caught.value)
    for file in ("persons", "households"):
        assert f"{file}.parquet: is a table that microsim did not write and is left untouched; choose" in said
    assert "profile.yaml: is a different profile from the one given and would be lost; move it away" in said
    assert len(said.splitlines()) == 4
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("name", ["thesis.docx", "persons.csv"])
def test_a_folder_of_other_things_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    with pytest.raises(
        MicrosimError, match="contains something other than a population and is left untouched"
    ):
        refuse_no_place(tmp_path, TEXT)


def test_a_damaged_population_may_be_made_again(tmp_path: Path, population: Population) -> None:
    population.write(tmp_path)
    (tmp_path / "persons.parquet").unlink()
    assert holds_population(tmp_path)
    assert in_the_way(tmp_path, None) == []
    pd.DataFrame({"age": [1]}).to_parquet(tmp_path / "persons.parquet")
    assert len(in_the_way(tmp_path, None)) == 1
