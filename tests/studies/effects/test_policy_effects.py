"""Policy effects: parts that add up, the mean over all orders, and mixtures that are what they say."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

import microsim as ms
from microsim.outcome import flat_name
from microsim.studies.common.baseline import run_scenario
from microsim.studies.common.expenditure import account_of
from microsim.studies.effects.mixtures import FACTORS
from microsim.studies.effects.prices import Index, in_money
from microsim.studies.effects.shares import corners, shapley
from microsim.studies.effects.study import PolicyEffects, policy_effects
from tests.scenario.small_county import SCENARIO, write

LATER = """\
title: {en: Later, zh: 以后}
base: small.yaml
law: 2022-12-31
economy: {income_growth: 0.06}
changes: {dibao.line: {by: {rural: 5600}}, take_up.dibao: 0.8}
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("effects")
    base = write(folder)
    (folder / "later.yaml").write_text(LATER, encoding="utf-8")
    return base, folder / "later.yaml"


@pytest.fixture(scope="module")
def found(files: tuple[Path, Path]) -> PolicyEffects:
    return policy_effects(*files)


def over_all_orders(values: dict[frozenset[str], np.ndarray], factors: tuple[str, ...]) -> dict:
    """The naive twin: walk every order from one year to the other, and take the mean of each step."""
    steps: dict[str, list[np.ndarray]] = {factor: [] for factor in factors}
    for order in permutations(factors):
        done: list[str] = []
        for factor in order:
            before = values[frozenset(done)]
            done.append(factor)
            steps[factor].append(values[frozenset(done)] - before)
    return {factor: np.mean(of, axis=0) for factor, of in steps.items()}


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_shares_are_the_mean_over_all_orders(count: int) -> None:
    factors = tuple("abcde"[:count])
    random = np.random.default_rng(count)
    values = {corner: random.normal(0.0, 1e6, 7) for corner in corners(factors)}
    shares, naive = shapley(values, factors), over_all_orders(values, factors)
    for factor in factors:
        np.testing.assert_allclose(shares[factor], naive[factor], rtol=1e-9, atol=1e-3)
    whole = values[frozenset(factors)] - values[frozenset()]
    np.testing.assert_allclose(sum(shares.values()), whole, rtol=1e-9, atol=1e-9 * 1e6)


def test_a_factor_that_changes_nothing_has_no_part() -> None:
    values = {c: np.array([float("law" in c) * 3.0]) for c in corners(("law", "practice"))}
    assert shapley(values, ("law", "practice")) == {"law": [3.0], "practice": [0.0]}


@pytest.mark.compiled
def test_parts_add_up_and_equal_the_mean_over_all_orders(found: PolicyEffects) -> None:
    assert found.factors == ("law", "practice", "incomes")
    for index, table in found.alternatives.groupby("index"):
        size = table[["a", "b"]].abs().max(axis=1).clip(lower=1.0)
        gap = table[list(found.factors)].sum(axis=1) - table["change"]
        assert float((gap.abs() / size).max()) < 1e-9
        naive = over_all_orders(dict(found.values[str(index)]), found.factors)
        for factor in found.factors:
            off = (table[factor].to_numpy() - naive[factor]) / size.to_numpy()
            assert np.abs(off).max() < 1e-9


@pytest.mark.compiled
def test_both_ends_are_the_runs_themselves(found: PolicyEffects, files: tuple[Path, Path]) -> None:
    for side, path in (("a", files[0]), ("b", files[1])):
        run = run_scenario(ms.load_scenario(path))
        rows = found.table.set_index(["measure", "subject", "group"])[side]
        for figure in run.indicators.rows:
            if (figure.measure, figure.subject, figure.group) in rows.index:
                assert rows[figure.measure, figure.subject, figure.group] == figure.value, figure.name
        assert ("cost", "dibao", "rural") in rows.index
        assert ("poverty", "headcount", "") in rows.index


@pytest.mark.compiled
@pytest.mark.parametrize("name", ["incomes", "nominal", "prices 0.03"])
def test_a_mixture_is_made_of_what_it_names(files: tuple[Path, Path], name: str) -> None:
    """The later law under the earlier practice on earlier incomes, by hand."""
    index = 0.03 if name.startswith("prices") else name
    found = policy_effects(*files, index=index)
    base, other = (ms.load_scenario(path) for path in files)
    factor = {"incomes": 1.06**2, "nominal": 1.0, "prices 0.03": 1.03**2}[name]
    law = other.policy()

    def divided(value):  # type: ignore[no-untyped-def]
        if isinstance(value, dict):
            return {key: divided(item) for key, item in value.items()}
        return [[x, y / factor] for x, y in value] if isinstance(value, list | tuple) else value / factor

    earlier, changes = base.policy(), {}
    for habit in ("take_up.dibao", "dibao.discretion_share", "dibao.individual_entry_share"):
        value = earlier.value(habit)
        changes[habit] = {"by": value} if isinstance(value, dict) else value
    for parameter, dated in law.values.items():
        if law.parameters[parameter].unit in ("yuan", "yuan/year", "yuan/month", "yuan/day", "yuan/hour"):
            inside = divided(dated.value)
            changes[parameter] = {"by": inside} if isinstance(inside, dict) else inside
    by_hand = law.reform(changes, allow_unusual=True)
    paid = [one.rule for one in account_of(by_hand).payments if one.programme == "dibao" and one.counts]
    result = ms.simulate(base.population(), by_hand, [*paid, "dibao_recipients"])
    mixture = found.values[name][frozenset({"law"})]
    for measure, rules in (("cost", paid), ("caseload", ["dibao_recipients"])):
        for area in ("rural", "urban"):
            at = [key[:3] for key in found.keys].index((measure, "dibao", area))
            by_area = sum(float(result.total(rule, by="area")[area]) for rule in rules)
            assert mixture[at] == pytest.approx(by_area, rel=1e-9)


@pytest.mark.compiled
def test_the_order_matters_only_between_the_least_and_the_most(found: PolicyEffects) -> None:
    rows = found.orders
    assert (rows["least"] <= rows["effect"] + 1e-6).all()
    assert (rows["effect"] <= rows["most"] + 1e-6).all()
    assert (rows["most"] - rows["least"]).max() > 1.0


@pytest.mark.compiled
def test_law_carried_with_incomes_leaves_a_county_as_it_was(files: tuple[Path, Path]) -> None:
    """All amounts of law and all incomes times the same: recipients stay, money is multiplied."""
    base = ms.load_scenario(files[0])
    people, law = base.population(), base.policy()
    names = ["dibao_benefit", "dibao_recipients"]
    factors = {("person", c): {"": 2.0} for c in ("wage_income", "business_income")}
    factors |= {("person", c): {"": 2.0} for c in ("basic_pension_income", "social_contributions_paid")}
    factors[("household", "financial_assets")] = {"": 2.0}
    richer = people.scaled(factors, 2021)
    carried = in_money(law, {"": 2.0, "rural": 2.0, "urban": 2.0})
    one, two = ms.simulate(people, law, names), ms.simulate(richer, carried, names)
    assert np.array_equal(one.array("dibao_recipients"), two.array("dibao_recipients"))
    np.testing.assert_allclose(2.0 * one.array("dibao_benefit"), two.array("dibao_benefit"), rtol=1e-12)


@pytest.mark.compiled
def test_a_scenario_beside_itself_has_no_effects(files: tuple[Path, Path]) -> None:
    found = policy_effects(files[0], files[0])
    assert found.factors == ()
    assert (found.table["change"] == 0.0).all()


@pytest.mark.compiled
@pytest.mark.slow
def test_two_counties_differ_in_people_and_practice_of_the_office() -> None:
    """H county of 2016 and 2020: rows differ, and what the office sees is practice that is in the data."""
    folder = Path(__file__).resolve().parents[3] / "scenarios"
    found = policy_effects(folder / "h-county-2016.yaml", folder / "h-county-2020.yaml")
    assert found.factors == FACTORS
    assert found.mixtures.practice_in_data
    said = found.summary
    for name in ("caseload.dibao", "cost.dibao", "cost.total"):
        parts = [said[f"effect.{factor}.{name}"]["value"] for factor in FACTORS]
        assert sum(parts) == pytest.approx(said[f"change.{name}"]["value"], rel=1e-9)
    # Law and money carried alike leave recipients as they are: the growth of incomes is no cause.
    assert said["effect.incomes.caseload.dibao"]["value"] == pytest.approx(0.0, abs=30.0)
    assert said["effect.practice.caseload.dibao.rural"]["value"] > 5_000


@pytest.mark.parametrize(
    ("index", "said"),
    [("income", "incomes"), ("nonsense", "growth of prices"), ("2", "outside"), (True, "no such index")],
)
def test_an_index_that_is_none_is_refused_with_a_way_out(index: object, said: str) -> None:
    with pytest.raises(ms.InputError) as refused:
        Index.of(index)  # type: ignore[arg-type]
    assert said in str(refused.value)


def test_bad_input_is_refused(files: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(ms.InputError, match="no parameter begins with 'take_upp'"):
        policy_effects(*files, practice=["take_upp", "dibao.discretion_share"])
    with pytest.raises(ms.InputError, match="no_such_growth"):
        policy_effects(*files, growth={"no_such_growth": 0.1})
    capped = SCENARIO + "budget: {money: {programmes: [temporary_aid], cap: 1000.0, rule: pro_rata}}\n"
    path = write(tmp_path, capped, "capped.yaml")
    with pytest.raises(ms.InputError, match="policy effects takes no account of budget") as refused:
        policy_effects(files[0], path)
    assert "capped.yaml:" in str(refused.value)


@pytest.mark.compiled
def test_summary_and_headline_say_the_same(found: PolicyEffects) -> None:
    name = flat_name("cost", "total")
    assert f"index {found.index}" in found.headline
    assert f"{found.summary[f'change.{name}']['value']:,.0f}" in found.headline
