"""``province:``: national law, then the province, then the scenario; each value with its document."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import microsim as ms
from microsim.cli.commands.check import check
from microsim.errors import MicrosimError
from microsim.policy.plain import as_date
from microsim.policy.policy import Policy
from microsim.report.words import law_notes
from microsim.scenario.province_file import read_province
from microsim.scenario.provinces import province_files

H_COUNTY = Path(__file__).parents[2] / "data" / "synthetic" / "h-county"
PROVINCES = sorted(province_files())


def scenario(folder: Path, province: str, more: str = "", law: str = "2026-06-30") -> ms.Scenario:
    path = folder / "s.yaml"
    path.write_text(
        f"county: {H_COUNTY}\nlaw: {law}\neconomy: none\nprovince: {province}\n{more}", encoding="utf-8"
    )
    return ms.load_scenario(path)


@pytest.mark.parametrize("name", PROVINCES)
def test_each_value_holds_from_its_day_with_its_document(name: str) -> None:
    province = read_province(province_files()[name])
    assert set(province.title) == {"en", "zh"}
    assert set(province.sources) == set(province.changes)
    for parameter, change in province.changes.items():
        first = min(day for day in map(as_date, change["on"]) if day)
        on, before = (Policy.load(day) for day in (first, first - dt.timedelta(days=1)))
        here = province.over(on).values[parameter]
        assert (here.source, here.reference) == ("cited", province.sources[parameter])
        assert parameter in province.in_force(province.over(on))
        assert province.over(before).values.get(parameter) == before.values.get(parameter)
        # As a scenario's changes would make it; what results count as changes stays empty.
        assert here.value == on.reform({parameter: change}, allow_unusual=True).values[parameter].value
        assert province.over(on).changes == ()


def test_a_scenario_is_laid_over_the_province_and_the_province_over_the_nation(tmp_path: Path) -> None:
    plain = Policy.load("2026-06-30").value("disability_subsidies.nursing")
    ningxia = scenario(tmp_path, "ningxia")
    assert ningxia.policy().value("disability_subsidies.living.grade1") == 240
    assert ningxia.policy().value("disability_subsidies.nursing") == {**plain, "grade1": 130, "grade2": 130}
    own = scenario(tmp_path, "ningxia", "changes: {disability_subsidies.living.grade1: 260}\n")
    assert own.policy().value("disability_subsidies.living.grade1") == 260
    assert own.policy().value("disability_subsidies.living.grade2") == 200
    assert own.province is not None
    assert own.province.in_force(own.policy()) == ["disability_subsidies.nursing"]
    assert ningxia.hash != own.hash


def test_a_reform_may_name_another_province(tmp_path: Path) -> None:
    scenario(tmp_path, "ningxia")
    (tmp_path / "other.yaml").write_text("base: s.yaml\nprovince: jilin\n", encoding="utf-8")
    other = ms.load_scenario(tmp_path / "other.yaml")
    assert other.policy().value("disability_subsidies.living.grade1") == 99
    assert other.base is not None
    assert other.base.policy().value("disability_subsidies.living.grade1") == 240


def test_a_regime_holds_the_terms_of_the_province(tmp_path: Path) -> None:
    held = scenario(tmp_path, "beijing", "regime: {medical_aid: tiered}\n")
    assert held.policy().value("medical_aid.rate.edge") == 0.85
    before = scenario(tmp_path, "beijing", "regime: {medical_aid: broad}\n")
    assert before.policy().value("medical_aid.rate") == Policy.load("2018-12-31").value("medical_aid.rate")


def test_a_study_of_the_past_does_not_know_later_values(tmp_path: Path) -> None:
    then = scenario(tmp_path, "jilin", law="{date: 2026-06-30, known: 2025-06-30}")
    nation = Policy.load("2026-06-30", known="2025-06-30")
    assert then.policy().value("disability_subsidies.living") == nation.value("disability_subsidies.living")


def test_the_head_check_and_parameters_say_which_values_are_the_provinces(tmp_path: Path) -> None:
    ningxia = scenario(tmp_path, "ningxia")
    both = "disability_subsidies.living, disability_subsidies.nursing"
    (english,) = law_notes(ningxia, "en")
    assert english == f"Values of Ningxia in place of the national ones: {both}. All else is national."
    assert "宁夏回族自治区" in law_notes(ningxia, "zh")[0]
    assert any(english in note for note in check(ningxia.path).notes)
    early = scenario(tmp_path, "ningxia", law="2020-12-31")
    assert "none on this day" in law_notes(early, "en")[0]


@pytest.mark.parametrize("name", [name for name in PROVINCES if read_province(province_files()[name]).until])
def test_a_value_that_has_ended_is_national_again(name: str) -> None:
    """Every day after the last is the nation's, its later values too; the last day is the province's."""
    province = read_province(province_files()[name])
    for parameter, last in province.until.items():
        assert parameter in province.in_force(province.over(Policy.load(last)))
        for day in (last + dt.timedelta(days=1), dt.date(2026, 6, 30), dt.date(2026, 9, 30)):
            law = Policy.load(day)
            assert province.over(law).values[parameter] == law.values[parameter]
            assert parameter not in province.in_force(province.over(law))


def test_a_value_that_goes_on_keeps_its_day() -> None:
    """The nation's line changes in the meantime, the province's does not."""
    shanghai = read_province(province_files()["shanghai"]).over(Policy.load("2026-06-30"))
    assert shanghai.values["dibao.line"].since == dt.date(2022, 7, 1)


# Urban over rural line in the first quarter of 2021 (source paper, in docs/provinces.md).
BANDS = {"beijing": (1, 1), "shanghai": (1, 1), "chongqing": (1.2, 1.5), "henan": (1.5, 1.7)}


@pytest.mark.parametrize("name", BANDS)
def test_lines_keep_to_the_ratio_that_the_source_paper_gives(name: str) -> None:
    change = read_province(province_files()[name]).changes
    for value in change.get("dibao.line", change.get("dibao.guideline"))["on"].values():
        least, most = BANDS[name]
        assert least <= value["by"]["urban"] / value["by"]["rural"] <= most


def test_a_line_below_the_guideline_of_its_province_is_refused(tmp_path: Path) -> None:
    lines = "changes: {{dibao.line: {{by: {{rural: {}, urban: 7560}}}}}}\n"
    kept = scenario(tmp_path, "henan", lines.format(5040), law="2022-06-30")
    assert kept.policy().value("dibao.guideline.rural") == 5040
    with pytest.raises(MicrosimError, match="lies below the provincial guideline of 5040"):
        scenario(tmp_path, "henan", lines.format(5039), law="2022-06-30")
    assert scenario(tmp_path, "henan", lines.format(4524), law="2021-12-31").policy() is not None


def test_an_unknown_province_is_refused_with_the_list(tmp_path: Path) -> None:
    with pytest.raises(MicrosimError) as caught:
        scenario(tmp_path, "ninxia")
    (offence,) = caught.value.offences
    assert offence.place.endswith("s.yaml:4:1")
    assert "no province 'ninxia'" in offence.message
    assert "did you mean 'ningxia'?" in offence.hint
    with pytest.raises(MicrosimError) as caught:
        scenario(tmp_path, "atlantis")
    assert all(name in caught.value.offences[0].hint for name in PROVINCES)


GOOD = """title: {en: Example, zh: 示例省}
changes:
  temporary_aid.months_limit: {on: {2025-01-01: 3}}
sources:
  temporary_aid.months_limit: a document
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("{on: {2025-01-01: 3}}", "3", 3, "from which day it holds"),
        ("months_limit: {on", "month_limit: {on", 3, "no such parameter"),
        ("2025-01-01: 3", "2025-13-01: 3", 3, "is not a date"),
        ("2025-01-01: 3", "2025-01-01: -3", 3, "negative"),
        (
            "  temporary_aid.months_limit: a document",
            "  temporary_aid.cap_months: a document",
            5,
            "changes has no",
        ),
        ("sources:\n  temporary_aid.months_limit: a document\n", "sources: {}\n", 3, "no document"),
        ("sources:\n  temporary_aid.months_limit: a document\n", "", 1, "a province needs 'sources'"),
        ("{en: Example, zh: 示例省}", "Example", 1, "named in both languages"),
        ("title:", "law: 2025-01-01\ntitle:", 1, "unknown key 'law'"),
        ("title:", "until: {dibao.line: 2025-12-31}\ntitle:", 1, "changes has no"),
        ("title:", "until: {temporary_aid.months_limit: 2025}\ntitle:", 1, "a date is needed"),
    ],
)
def test_a_bad_province_is_refused_at_its_place(
    tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert check(path).kind == "province"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(MicrosimError) as caught:
        check(path) if "sources" in path.read_text(encoding="utf-8") else read_province(path)
    told = [f"{one.place}: {one.message}" for one in caught.value.offences]
    assert any(words in one and f"example.yaml:{line}:" in one for one in told), told


def test_an_unknown_province_is_refused_in_chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROSIM_LANG", "zh")
    with pytest.raises(MicrosimError) as caught:
        scenario(tmp_path, "atlantis")
    assert "没有省份“atlantis”" in str(caught.value)
