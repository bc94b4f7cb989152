"""Files that are no YAML, or more than anyone means: refused soon, with places, whatever they are of."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from microsim.cli.commands.check import check
from microsim.errors import MicrosimError
from microsim.policy.policy import Policy
from microsim.population import County, Population, load_families
from microsim.population.survey.files import read_file
from microsim.population.survey.mapping import find_mapping, read_mapping
from microsim.scenario import load_scenario
from microsim.sweeps.sweep_file import read_grid
from tests.bad_files import bad_files, check_order, check_that_all_have_words, refused


@pytest.mark.parametrize("path", bad_files("documents"), ids=lambda path: path.stem)
def test_bad_documents_are_refused_with_their_place_and_soon(path: Path) -> None:
    begin = time.process_time()
    check_order(refused(check, path), path)
    assert time.process_time() - begin < 2.0


def test_every_bad_document_has_its_words() -> None:
    check_that_all_have_words("documents")


@pytest.mark.parametrize("name", ["x" * 5000, "x/" * 3000 + "x", "a\0b"], ids=("long", "deep", "NUL"))
def test_places_that_no_file_can_have_are_refused_by_every_reader(name: str) -> None:
    for read in (
        check,
        load_scenario,
        Population.read,
        Population.open,
        County.read,
        load_families,
        read_mapping,
    ):
        with pytest.raises(MicrosimError) as caught:
            read(Path(name))  # type: ignore[operator]
        assert caught.value.offences[0].place
        assert len(str(caught.value)) < 2000
    for told in (
        lambda: read_grid({"scenario": name, "axes": {"dibao.line.rural": [4200, 4800]}}),
        lambda: read_file(Path(f"{name}.csv")),
        lambda: read_mapping(find_mapping(name)),
    ):
        with pytest.raises(MicrosimError):
            told()


@pytest.mark.parametrize(
    "value",
    [10**400, 10**5000, -(10**400), float("nan"), float("inf")],
    ids=("400", "5000", "less", "nan", "inf"),
)
def test_numbers_that_no_float_holds_are_refused_in_python_too(value: float, root: Path) -> None:
    with pytest.raises(MicrosimError, match=r"dibao\.line: expected a number, found "):
        Policy.load("2020-12-31").reform({"dibao.line": value})
    with pytest.raises(MicrosimError, match=r"expected a number|whole number"):
        read_grid(
            {
                "scenario": root / "scenarios" / "h-county-2020.yaml",
                "axes": {"dibao.line.rural": [value, 4800]},
            }
        )
