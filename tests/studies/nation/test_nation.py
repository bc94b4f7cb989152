"""A nation of three counties: each against an ordinary run of it, their sums, and whose figures they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import microsim as ms
from microsim.errors import MicrosimError
from microsim.population import synthesize
from microsim.population.census.donor import donor_named
from microsim.population.census.profile import build_profile
from microsim.population.census.tables import read_census
from microsim.scenario.province_file import read_province
from microsim.studies.nation import NationResult, nation_work, read_nation
from microsim.studies.nation.run import in_turn, run_nation
from tests.studies.nation.nation_files import CODES, HOUSEHOLDS, NATION, census, nation, table

pytestmark = pytest.mark.compiled
GIVEN = """\
code,urban_line,rural_line,urban_income,rural_income,revenue,zone,labels,source
640522,8400,5400,24000,10500,300000000,hills,重点帮扶县,county report
999999,8400,5400,,,,,,
"""
ALL_GIVEN = """\
code,urban_line,rural_line,urban_income,rural_income,revenue
640522,8400,5400,24000,10500,300000000
110106,14040,14040,75000,34000,9000000000
513401,7800,5760,36000,17000,2000000000
"""


def made(folder: Path, given: str = "", **options: Any) -> NationResult:
    path = str(table(folder, given)) if given else ""
    work = nation_work(
        str(nation(folder)), str(census(folder)), path, households=HOUSEHOLDS, seed=3, **options
    )
    return in_turn(work)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> NationResult:
    return made(tmp_path_factory.mktemp("nation"), GIVEN, cliffs=True)


def test_a_county_is_what_an_ordinary_run_of_it_gives(found: NationResult, tmp_path: Path) -> None:
    """Beijing's, filled: built by `microsim profile`, drawn, and run as a scenario with the same law."""
    k = found.codes.index("110106")
    donor = found.donors[k]
    profile = build_profile(read_census(census(tmp_path)).find("110106"), donor_named(donor)).county
    synthesize(profile, 3, HOUSEHOLDS).write(tmp_path / "county")
    lent = {"h-county": "h-county-2020.yaml"}.get(donor, f"counties/{donor}.yaml")
    province = read_province(Path("scenarios/provinces/beijing.yaml")).changes  # goes before practice
    practice = {
        name: change
        for name, change in ms.load_scenario(Path("scenarios") / lent).changes.items()
        if name not in province
    }
    lines = {area: float(found.counties.loc[k, f"{area}_line"]) for area in ("rural", "urban")}
    assert lines == {"rural": 14040.0, "urban": 14040.0}  # one line, as remembered of Beijing
    practice["dibao.line"] = {"by": lines}
    text = (
        "county: county\nlaw: 2020-12-31\nprovince: beijing\neconomy: none\nwithin_year: year_end\n"
        f"changes: {practice}\n"
    )
    (tmp_path / "one.yaml").write_text(text, encoding="utf-8")
    run = ms.run(ms.load_scenario(tmp_path / "one.yaml", allow_unusual=True))
    for group in ("rural", "urban", ""):
        end = f".{group}" if group else ""
        for measure, subject in (("cost", "dibao"), ("cost", "total"), ("caseload", "dibao")):
            ours = found.of("present", measure, subject, group)[k]
            assert ours == pytest.approx(run.summary[f"{measure}.{subject}{end}"]["value"], rel=1e-9)


def test_residents_add_up_to_the_census(found: NationResult) -> None:
    assert found.codes == CODES
    assert found.residents_missed < 1e-6
    assert float(found.of("made", "residents").sum()) == pytest.approx(3 * 333518, rel=1e-6)


def test_figures_say_where_they_are_from(found: NationResult) -> None:
    counties = found.counties.set_index("code")
    own = counties.loc["640522"]
    assert (own["rural_line"], own["urban_income"], own["revenue"]) == (5400.0, 24000.0, 3e8)
    assert {own[f"{name}_source"] for name in ("rural_line", "urban_line", "rural_income", "revenue")} == {
        "table"
    }
    assert own["expenditure_source"] == "archetype"
    assert (own["zone"], own["labels"]) == ("hills", "重点帮扶县")
    beijing, xichang = counties.loc["110106"], counties.loc["513401"]
    assert beijing["rural_line_source"] == "province"
    assert (beijing["zone"], xichang["zone"]) == ("band_5", "band_1")
    assert xichang["rural_line_source"] == "archetype"
    # The middle of Sichuan's band, in whole yuan a month.
    assert xichang["rural_line"] == round(xichang["urban_line"] / 1.35 / 12) * 12
    assert found.unmatched == ("999999",)
    shares = found.filled.set_index(["figure", "source"])["residents"]
    assert shares["rural_income", "table"] == pytest.approx(1 / 3)
    assert shares["urban_line", "province"] == pytest.approx(1 / 3)


def test_sums_of_money_and_people_are_withheld_without_their_own_figures(found: NationResult) -> None:
    assert found.coverage() == pytest.approx(1 / 3)
    withheld = found.table[found.table["withheld"]]
    assert set(withheld["measure"]) == {"cost", "caseload"}
    assert withheld["value"].isna().all()
    assert "nation.present.cost.dibao" not in found.summary
    share = found.summary["nation.present.resident_share.dibao.rural"]["value"]
    rural = sum(found.of("present", "caseload", "dibao", "rural"))
    assert share == pytest.approx(rural / sum(found.of("made", "residents", "", "rural")))
    own = found.by_province[found.by_province["place"] == "64"]
    assert not own["withheld"].any()  # Ningxia's one county is covered


def test_with_their_own_figures_sums_are_shown(tmp_path: Path) -> None:
    found = made(tmp_path, ALL_GIVEN, cliffs=False)
    assert found.coverage() == 1.0
    assert not found.table["withheld"].any()
    cost = found.summary["nation.present.cost.total"]["value"]
    assert cost == pytest.approx(sum(found.of("present", "cost", "total")))
    assert found.ratio_of_lines == pytest.approx((8400 + 14040 + 7800) / (5400 + 14040 + 5760))


def test_a_scenario_raises_no_line_that_is_high_enough(found: NationResult) -> None:
    rural, urban = (found.of("near", "line", "dibao", area) for area in ("rural", "urban"))
    assert np.all(rural >= 0.8 * urban - 1e-9)
    beijing = found.codes.index("110106")
    assert rural[beijing] == 14040.0
    assert np.allclose(found.of("one-line", "line", "dibao", "rural"), urban)
    assert np.all(found.of("one-line", "caseload", "dibao") >= found.of("present", "caseload", "dibao"))


def test_the_curve_ends_where_the_scenario_of_one_line_is(tmp_path: Path) -> None:
    """The last point of a county's curve is the scenario of one line, where that changes nothing else."""
    text = NATION.replace(", changes: {dibao.payment: {by: {rural: gap, urban: gap}}}", "")
    work = nation_work(
        str(nation(tmp_path, text)), str(census(tmp_path)), households=HOUSEHOLDS, cliffs=False
    )
    found = in_turn(work)
    extra = found.of("one-line", "cost", "total") - found.of("present", "cost", "total")
    assert found.curves.extra[:, -1] == pytest.approx(extra, rel=1e-9, abs=1e-3)
    assert np.all(found.curves.extra[:, 0] == 0.0)
    assert found.outlook.kind[1] == "unified"


def test_a_broken_county_is_named_and_the_others_are_made(tmp_path: Path) -> None:
    work = nation_work(
        str(nation(tmp_path)), str(census(tmp_path, pop="many")), households=HOUSEHOLDS, cliffs=False
    )
    found = in_turn(work)
    assert found.codes == CODES[:2]
    (failed,) = found.failed
    assert (failed.code, failed.name) == ("513401", "西昌市")
    assert "pop is 'many', not a number" in failed.reason
    assert found.summary["nation.failed"]["value"] == 1


def test_processes_and_a_second_try_give_the_same_rows(tmp_path: Path) -> None:
    """A county that fails is tried again by ``resume``; rows are those of one county after the other."""
    broken = census(tmp_path, pop="many")
    options: dict[str, Any] = {"households": HOUSEHOLDS, "cliffs": False}
    work = nation_work(str(nation(tmp_path)), str(broken), **options)
    plain = in_turn(work).rows
    for processes in (None, 2):
        found, done = run_nation(work, tmp_path / f"rows-{processes}", processes=processes)
        pd.testing.assert_frame_equal(found.rows.astype(plain.dtypes), plain)
        assert (done.kept, [one.number for one in done.failed]) == (0, [2])
        assert [one.code for one in found.failed] == ["513401"]
        again, done = run_nation(work, tmp_path / f"rows-{processes}", resume=True)
        assert (done.kept, len(done.failed)) == (2, 1)
        pd.testing.assert_frame_equal(again.rows, found.rows)


def test_the_public_function_keeps_rows_or_none(tmp_path: Path) -> None:
    files = (nation(tmp_path), census(tmp_path, pop="many"))
    steps: list[str] = []
    found = ms.nation(*files, households=HOUSEHOLDS, cliffs=False, progress=steps.append)
    assert steps == ["county 640522 海原县", "county 110106 丰台区", "county 513401 西昌市"]
    assert [one.code for one in found.failed] == ["513401"]
    kept = ms.nation(*files, rows=tmp_path / "rows", households=HOUSEHOLDS, cliffs=False)
    pd.testing.assert_frame_equal(kept.rows.astype(found.rows.dtypes), found.rows)
    assert kept.summary == found.summary
    assert found.headline in str(found)
    with pytest.raises(MicrosimError) as caught:
        ms.nation(*files, households=HOUSEHOLDS, processes=2, resume=True)
    assert [one.place for one in caught.value.offences] == ["processes", "resume"]
    with pytest.raises(MicrosimError, match="workers is 0"):
        ms.nation(*files, households=HOUSEHOLDS, workers=0)


def test_numbers_of_the_file_are_assumptions_with_their_source() -> None:
    table = read_nation(Path("scenarios/nation.yaml")).assumptions.set_index("name")
    assert (table["source"] == "assumption").all()
    assert table.loc["nation.unify.cap", "value"] == "0.02"
    growth = table.loc["nation.unify.revenue_growth"]
    assert growth["value"] == "0"
    assert "grow as lines and incomes do" in growth["reference"]
    assert growth["reference"] != table.loc["nation.unify.cap", "reference"]


def test_only_some_counties_and_populations_that_are_kept(tmp_path: Path) -> None:
    work = nation_work(
        str(nation(tmp_path)),
        str(census(tmp_path)),
        only=["海原县"],
        households=HOUSEHOLDS,
        cliffs=False,
        keep=str(tmp_path / "kept"),
    )
    found = in_turn(work)
    assert found.codes == ("640522",)
    kept = ms.Population.read(tmp_path / "kept" / "640522")
    assert kept.n_households == HOUSEHOLDS


def test_what_is_wrong_with_all_three_files_is_said_at_once(tmp_path: Path) -> None:
    text = NATION.replace("present: {}", "present: {least_ratio: 2}").replace("by: 2027", "by: 2020")
    bad = table(tmp_path, "code,urban_line\n64,7200\n")
    with pytest.raises(MicrosimError) as caught:
        nation_work(str(nation(tmp_path, text)), str(tmp_path / "absent.csv"), str(bad))
    said = [one.message for one in caught.value.offences]
    assert any("no such file" in one for one in said)
    assert any("six digits" in one for one in said)
    assert any("present changes nothing" in one or "outside" in one for one in said)
    assert len(said) >= 3


@pytest.mark.parametrize(
    ("change", "place", "message"),
    [
        (("law: 2020-12-31\n", ""), "three.yaml", "'law' is missing"),
        (("least_ratio: 0.8", "least_ratio: 1.2"), "three.yaml:6", "outside"),
        (("dibao.payment", "dibao.paymnt"), "three.yaml:7", "no such parameter"),
        (("one-line:", "One line:"), "three.yaml:7", "cannot name a scenario"),
        (("cap: 0.05", "cup: 0.05"), "three.yaml:9", "no such key"),
        (("cap: 0.05", "cap: 0.05, revenue_growth: {value: 0.02}"), "three.yaml:9", "missing"),
        (("source: assumption, reference: for tests}\nscen", "}\nscen"), "three.yaml:3", "missing"),
    ],
)
def test_offences_in_the_file_have_their_place(
    tmp_path: Path, change: tuple[str, str], place: str, message: str
) -> None:
    with pytest.raises(MicrosimError) as caught:
        read_nation(nation(tmp_path, NATION.replace(*change)))
    assert any(place in one.place and message in one.message for one in caught.value.offences), str(
        caught.value
    )


def test_the_shipped_file_is_read() -> None:
    asked = read_nation(Path("scenarios/nation.yaml"))
    assert [case.name for case in asked.cases] == ["present", "gap", "near", "one-line"]
    assert asked.coverage == 0.8
