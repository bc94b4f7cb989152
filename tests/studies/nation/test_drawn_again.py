"""A county of which the first sample meets no margins is drawn again, and says so; the report's tool."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from microsim.errors import DataError, MicrosimError, Offence
from microsim.studies.nation import county as module
from microsim.studies.nation import nation_work
from microsim.studies.nation.county import APART, REDRAWS, county_rows
from microsim.studies.nation.filling import zone_of
from microsim.studies.nation.provinces import places, province_code
from microsim.studies.nation.run import in_turn
from microsim.studies.nation.work import opened
from tests.studies.nation.nation_files import HOUSEHOLDS, census, nation
from tools import nation_page

pytestmark = pytest.mark.compiled


def failing(times: int, seeds: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    plain = module.synthesize_sample

    def sample(county: Any, seed: int, households: int) -> Any:
        seeds.append(seed)
        if len(seeds) <= times:
            raise DataError(Offence("the weights cannot be calibrated"))
        return plain(county, seed, households)

    monkeypatch.setattr(module, "synthesize_sample", sample)


def test_it_is_drawn_again_with_another_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = nation_work(
        str(nation(tmp_path)), str(census(tmp_path)), only=["640522"], households=HOUSEHOLDS, cliffs=False
    )
    seeds: list[int] = []
    failing(2, seeds, monkeypatch)
    found = in_turn(work)
    assert seeds == [3, 3 + APART, 3 + 2 * APART]
    assert found.redrawn == ("640522",)
    assert found.residents_missed < 1e-6


def test_after_the_last_seed_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = nation_work(
        str(nation(tmp_path)), str(census(tmp_path)), only=["640522"], households=HOUSEHOLDS, cliffs=False
    )
    seeds: list[int] = []
    failing(100, seeds, monkeypatch)
    with pytest.raises(MicrosimError, match="cannot be calibrated"):
        county_rows(opened(work), "640522")
    assert len(seeds) == REDRAWS + 1


def test_a_code_of_no_province_goes_by_its_name(tmp_path: Path) -> None:
    assert province_code("170971", "山西省") == "14"
    assert province_code("990000", "某省") == "99"
    table = opened(nation_work(str(nation(tmp_path)), str(census(tmp_path)))).table
    assert zone_of("170971", "14", table.of("170971")) == "band_2"
    assert len(places()) == 31
    assert len({place.tile for place in places().values()}) == 31


def test_the_report_names_what_was_made_and_no_figure_of_a_county(tmp_path: Path) -> None:
    work = nation_work(str(nation(tmp_path)), str(census(tmp_path)), households=HOUSEHOLDS)
    timed = nation_page.timings(work, 3)
    assert min(timed[name] for name in ("made", "scenarios", "cliffs")) > 0.0
    text = nation_page.report(in_turn(work), work.count, 1.0, 2, timed)
    assert "**3 of 3 counties were made, with 1,000,554 residents" in text
    assert "| Beijing | 1 |" in text
    assert "333,518" not in text


def test_without_tables_the_tool_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("MICROSIM_CENSUS", raising=False)
    assert nation_page.main([]) == 0
    assert "skipped: no census tables" in capsys.readouterr().out
