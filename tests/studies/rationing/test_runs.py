"""Runs of scenarios with caps: figures, the base beside them, winners and losers, and what is printed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import microsim as ms
from microsim.report.texts.comparison_text import comparison_text
from microsim.report.texts.run_text import run_text
from microsim.report.withheld import withhold_small
from microsim.studies.cliffs.study import cliff_study
from microsim.studies.common.baseline import run_scenario
from microsim.studies.common.rationing.rows import matched
from microsim.studies.compare.study import compare
from microsim.studies.unification.scenario_file import unify_scenario
from tests.scenario.small_county import write
from tests.wrapped import says

pytestmark = pytest.mark.usefixtures("as_plain_python")

BASE = """\
title: {en: Small, zh: 小县}
county: county
law: 2020-12-31
economy: none
outputs: [cost, caseload, poverty]
changes:
  dibao.line: {by: {rural: 4600, urban: 7000}}
"""
CAPPED = """\
title: {en: Capped, zh: 限额}
base: base.yaml
budget:
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("capped")
    write(where, BASE, "base.yaml")
    county = ms.Population.read(where / "county")
    few = county.select(county.household_id[:60])
    held = np.random.default_rng(1).random(few.n_persons) < 0.2
    import pandas as pd

    posts = pd.Categorical(np.where(held, "village", "none"), ["none", "village", "town", "forest_guard"])
    few.with_columns(persons={"public_post": posts}).write(where / "county")
    return where


def scenario(folder: Path, name: str, *caps: str) -> ms.Scenario:
    text = CAPPED + "".join(f"  {cap}\n" for cap in caps)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return ms.load_scenario(folder / f"{name}.yaml")


def test_a_cap_beside_its_base(folder: Path) -> None:
    capped = scenario(folder, "half", "money: {programmes: [dibao], cap: 500e3, rule: poorest_first}")
    assert capped.base is not None
    alone = run_scenario(capped.base)
    found = compare(capped.base, capped)
    assert found.base.summary == alone.summary
    assert found.values["cost.dibao"][1] == pytest.approx(500e3, abs=0.005)
    figures = found.reform.indicators.value
    assert figures("budget_need.money") == pytest.approx(found.values["cost.dibao"][0])
    saved = found.values["cost.total"][0] - found.values["cost.total"][1]
    assert figures("budget_saved.money") == pytest.approx(saved)
    out = found.values["caseload.dibao"][0] - found.values["caseload.dibao"][1]
    assert figures("left_out.money") == pytest.approx(out)
    # Nobody gains, somebody loses, and everybody is in one of the two or neither.
    gains = found.gains
    assert gains is not None
    losers = gains.summary["losers.disposable_income"]["value"]
    assert losers > 0
    assert gains.summary["gainers.disposable_income"]["value"] == 0
    residents = alone.indicators.value("residents")
    assert losers + gains.summary["unchanged.disposable_income"]["value"] == pytest.approx(residents)
    for lang, words in (("en", "Left out (persons)"), ("zh", "未能保障（人）")):
        assert words in comparison_text(found, lang)
        assert words in run_text(found.reform, lang)
        assert max(map(len, run_text(found.reform, lang).splitlines())) <= 80


def test_a_cap_above_the_need_changes_no_bit(folder: Path) -> None:
    capped = scenario(folder, "ample", "money: {programmes: [dibao], cap: 900e6, rule: poorest_first}")
    found = compare(capped.base, capped)
    assert (found.table["change"].dropna() == 0.0).all()
    assert found.reform.rationing is not None
    assert found.reform.result is found.reform.rationing.before
    assert says(run_text(found.reform, "en"), "more than is due: nothing changes")


def test_two_budgets_side_by_side(folder: Path) -> None:
    tight, loose = (
        scenario(folder, name, f"money: {{programmes: [dibao], cap: {cap}, rule: poorest_first}}")
        for name, cap in (("tight", "400e3"), ("loose", "600e3"))
    )
    found = compare(tight, loose)
    assert found.gains is not None
    assert found.gains.summary["losers.disposable_income"]["value"] == 0
    rise = found.gains.summary["mean_change.disposable_income"]["value"]
    assert rise > 0
    back = compare(loose, tight).gains
    assert back is not None
    assert back.summary["mean_change.disposable_income"]["value"] == pytest.approx(-rise)


def test_who_loses_a_post_loses_its_pay(folder: Path) -> None:
    capped = scenario(folder, "posts", "posts: {quota: {posts: 20}, rule: first_come, seed: 2}")
    run = run_scenario(capped)
    assert run.rationing is not None
    before, now = run.rationing.before_as_now(), run.result
    out = run.rationing.refused["posts"] & (before.array("public_post_pay") > 0)
    assert out.any()
    assert (now.array("public_post_pay")[out] == 0).all()
    less = before.array("income_before_benefits_per_head") - now.array("income_before_benefits_per_head")
    size = np.diff(now.population.offsets)
    assert (less * size)[out] == pytest.approx(before.array("public_post_pay")[out])
    assert (less[~out] == 0).all()
    assert run.indicators.value("budget_spent.posts") == pytest.approx(20)
    assert run.indicators.value("budget_pay_saved.posts") > 0


def test_caps_by_payer_quota_and_area(folder: Path) -> None:
    run = run_scenario(
        scenario(
            folder, "several",
            "all: {payer: government, cap: 900e3, rule: pro_rata}",
            "places: {programmes: dibao, quota: {persons: {by: {rural: 100, urban: 50}}}, rule: first_come}",
            "hours: {quota: {care_hours: 1}, rule: poorest_first}",
            "cases: {programmes: [temporary_aid, education_aid], quota: {cases: 80}, rule: poorest_first}",
        )
    )  # fmt: skip
    value = run.indicators.value
    assert value("budget_share.all") < 1
    assert value("budget_spent.places.rural") == pytest.approx(100)
    assert value("caseload.dibao.rural") == pytest.approx(100)
    assert value("budget_spent.cases") <= 80 + 1e-9
    run_text(run, "en"), run_text(run, "zh")


def test_what_takes_no_account_of_caps_says_so(folder: Path) -> None:
    capped = scenario(folder, "refused", "money: {programmes: [dibao], cap: 1, rule: pro_rata}")
    with pytest.raises(ms.MicrosimError, match=r"refused\.yaml:3:1: solve takes no account of budget:"):
        ms.solve(capped, vary="dibao.line.rural", target="cost.dibao", value=1.0)
    with pytest.raises(ms.MicrosimError, match="a sweep takes no account of budget:"):
        ms.sweep({"scenario": capped.path, "axes": {"dibao.line.rural": [4600]}}, folder / "out")
    with pytest.raises(ms.MicrosimError, match="the study of unification takes no account of budget:"):
        unify_scenario(capped)
    with pytest.raises(ms.MicrosimError, match="the search for cliffs takes no account of budget:"):
        cliff_study(capped)


def test_households_that_two_runs_have_parted() -> None:
    one = np.array([0, 1, 2, 1]), np.array([4.0, 3.0, 5.0, 7.0])  # household 1 is parted 3 : 7
    other = np.array([0, 1, 2, 1, 2]), np.array([4.0, 6.0, 5.0, 4.0, 0.0])  # and here 6 : 4
    origin, mine, its, weight = matched(one, other)
    assert origin.tolist()[:3] == [0, 1, 2]
    parts = [(o, m, i, w) for o, m, i, w in zip(origin, mine, its, weight, strict=True) if w]
    assert sorted(parts) == [(0, 0, 0, 4.0), (1, 1, 1, 3.0), (1, 3, 1, 3.0), (1, 3, 3, 4.0), (2, 2, 2, 5.0)]


def test_a_lower_line_costs_what_the_cap_allows(folder: Path) -> None:
    capped = scenario(folder, "lower", "money: {programmes: [dibao], cap: 500e3, rule: lower_line}")
    found = compare(capped.base, capped)
    value = found.reform.indicators.value
    spent = found.values["cost.dibao"][1]
    assert spent <= 500e3 + 0.005
    assert value("budget_spent.money") == pytest.approx(spent, rel=1e-12)
    # No line a little higher would do, and the two lines keep their ratio.
    lines = [value(f"budget_line.money.{area}") for area in ("rural", "urban")]
    assert lines[0] / lines[1] == pytest.approx(4600 / 7000)
    law = capped.policy().reform(
        {"dibao.line": {"by": {"rural": lines[0], "urban": lines[1]}}}, allow_unusual=True
    )
    people = capped.population()
    assert ms.simulate(people, law, ["dibao_benefit"]).total("dibao_benefit") == pytest.approx(
        spent, rel=1e-12
    )
    higher = {area: line * (1 + 1e-6) for area, line in zip(("rural", "urban"), lines, strict=True)}
    more = law.reform({"dibao.line": {"by": higher}}, allow_unusual=True)
    assert ms.simulate(people, more, ["dibao_benefit"]).total("dibao_benefit") > 500e3
    assert value("left_out_households.money") >= 0
    for lang, words in (("en", "Dibao line, rural"), ("zh", "低保标准，农村")):
        assert words in run_text(found.reform, lang)
    floor = scenario(folder, "floor", "money: {programmes: [dibao], cap: 1, rule: lower_line}")
    with pytest.raises(ms.MicrosimError, match="no lower line keeps money within"):
        run_scenario(floor)


def test_upper_levels_cover_a_share_of_what_is_missing(folder: Path) -> None:
    cap = "money: {programmes: [dibao], cap: 500e3, rule: poorest_first, upper_levels: 0.5}"
    run = run_scenario(scenario(folder, "soft", cap))
    value = run.indicators.value
    need = value("budget_need.money")
    assert value("budget_upper.money") == pytest.approx((need - 500e3) / 2)
    assert value("budget_spent.money") == pytest.approx((need + 500e3) / 2, abs=0.005)
    recipients = run.rationing.before.array("dibao_recipient") * np.repeat(
        run.population.weight, np.diff(run.population.offsets)
    )
    assert value("budget_grant_per_recipient.money") == pytest.approx(need / recipients.sum() / 2)
    assert says(run_text(run, "en"), "upper levels cover 50.0 %")
    assert says(run_text(run, "zh"), "每增加1名保障对象")


def test_too_few_who_are_left_out_are_not_published(folder: Path) -> None:
    text = BASE + "budget:\n  money: {programmes: [dibao], cap: 500e3, rule: poorest_first}\n"
    (folder / "alone.yaml").write_text(text, encoding="utf-8")
    run = run_scenario(ms.load_scenario(folder / "alone.yaml"))
    few = run.indicators.value("left_out_households.money")
    for least, told in ((int(few), True), (int(run.indicators.value("left_out.money")) + 1, False)):
        kept, withheld = withhold_small(run, least)
        names = [name for name in kept.summary if name.startswith(("budget_", "left_out"))]
        assert bool(names) is told
        assert ("left_out.money" in withheld.names) is not told
        assert ("Left out (persons)" in run_text(kept, "en")) is told
