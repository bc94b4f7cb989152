"""The national mosaic: provinces in the source paper's bands, counties spread over them."""

from __future__ import annotations

from pathlib import Path

import pytest

import microsim as ms
from microsim.errors import MicrosimError
from microsim.studies.mosaic import Mosaic, read_mosaic

FILE = Path(__file__).parents[2] / "data" / "synthetic" / "national-mosaic" / "mosaic.yaml"


@pytest.fixture(scope="module")
def mosaic() -> Mosaic:
    return read_mosaic(FILE)


def test_bands_are_the_papers(mosaic: Mosaic) -> None:
    bands = {band.name: (band.provinces, band.low, band.high) for band in mosaic.bands}
    assert bands == {
        "unified": (7, 1.0, 1.0),
        "near": (14, 1.2, 1.5),
        "far": (9, 1.5, 1.7),
        "tibet": (1, 2.27, 2.27),
    }
    assert sum(band.provinces for band in mosaic.bands) == 31


def test_counties_are_spread_over_the_provinces(mosaic: Mosaic) -> None:
    table = mosaic.table(mosaic.draw(62))
    assert table["province"].value_counts().eq(2).all()
    assert table["band"].value_counts().to_dict() == {"near": 28, "far": 18, "unified": 14, "tibet": 2}
    assert table["stands_for"].sum() == pytest.approx(2844)
    lines = table["urban"] / table["rural"]
    assert (lines / table["ratio"]).between(0.995, 1.005).all()
    for band in mosaic.bands:
        inside = table[table["band"] == band.name]
        assert inside["ratio"].between(band.low, band.high).all()
        assert set(inside["archetype"]) <= set(band.shares)
    assert table.groupby("province")["ratio"].nunique().eq(1).all()


def test_the_same_seed_draws_the_same_nation(mosaic: Mosaic) -> None:
    assert mosaic.draw(31, seed=5) == mosaic.draw(31, seed=5)
    assert mosaic.draw(31, seed=5) != mosaic.draw(31, seed=6)


def test_each_county_is_a_scenario_that_runs(mosaic: Mosaic, tmp_path: Path) -> None:
    drawn = mosaic.draw(3)
    files = mosaic.write(tmp_path / "shared", drawn)
    own = mosaic.write(tmp_path / "own", drawn[:1], households=300)
    for file, one in zip([*files, *own], [*drawn, drawn[0]], strict=True):
        scenario = ms.load_scenario(file)
        assert scenario.policy().value("dibao.line") == {"rural": one.rural, "urban": one.urban}
        assert scenario.county.residents == mosaic.scenarios[one.archetype].county.residents
    assert ms.load_scenario(own[0]).population().n_households == 300
    assert (tmp_path / "own" / "counties.csv").is_file()


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8")
    for old, new in {
        "value: 2844": "value: many",
        "provinces: 14": "provinces: 0",
        "low: 1.5, high: 1.7": "low: 1.8, high: 1.7",
        "{coastal-county: 0.5, pilot-county: 0.5}": "{coastal-county: 0.5, pilot-cuonty: 0.6}",
        "title:": "titel:",
    }.items():
        assert old in text
        text = text.replace(old, new, 1)
    bad = tmp_path / "mosaic.yaml"
    bad.write_text(text, encoding="utf-8")
    with pytest.raises(MicrosimError) as caught:
        read_mosaic(bad)
    for words in (
        "unknown key 'titel'; did you mean 'title'?",
        "counties must have a value of 1 or more, not 'many'",
        "bands.near.provinces must be 1 or more, not 0",
        "bands.far.ratio: low 1.8 must be above 0 and not above high",
        "no archetype 'pilot-cuonty'; did you mean 'pilot-county'?",
        "bands.unified.counties must add up to 1; they add up to 1.1",
    ):
        assert words in str(caught.value)
    with pytest.raises(MicrosimError, match="at least one county, not 0"):
        read_mosaic(FILE).draw(0)
