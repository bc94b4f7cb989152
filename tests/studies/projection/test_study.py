"""A projection: its first year, years in which nothing moves, its identities, and what it refuses."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import microsim as ms
from microsim.errors import InputError
from microsim.population import County, Population
from microsim.scenario.economy import Economy
from microsim.scenario.outlook.default_path import prices
from microsim.scenario.uprating import uprating
from microsim.studies.projection.households import LAST_YEAR
from microsim.studies.projection.places import incomes_of, movers, weighted_correlation
from microsim.studies.projection.study import Projection, project_many, project_scenario
from tests.face.same_face import check_face
from tests.scenario.small_county import PROFILE, write

SCENARIO = """\
title: {en: Years, zh: 逐年}
county: county
law: 2021-12-31
years: [2021, 2024]
changes:
  dibao.line: {by: {rural: 4340, urban: 7000}}
economy:
  income_growth: 0.05
  price_growth: {2022: 0.02, 2024: 0.03}
  urban_line_growth: 0.05
  rural_line_growth: 0.08
  mobility: {persistence: 0.85}
  by_rank: {rural: [0.02, 0, 0, 0, -0.01], urban: -0.005}
  shock: {2023: {wage_income: -0.2, months: 6}}
  population: {area: {rural: -0.02, urban: 0.01}, age: ageing, filed_poor: 0.0}
"""
STILL = {"income_growth": 0.0, "price_growth": 0.0, "mobility": "none", "review": False}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("project"), SCENARIO, "years.yaml")


@pytest.fixture(scope="module")
def study(file: Path) -> Projection:
    return project_scenario(ms.load_scenario(file))


@pytest.fixture(scope="module")
def population(file: Path) -> Population:
    return Population.read(file.parent / "county")


@pytest.fixture(scope="module")
def policy() -> ms.Policy:
    return ms.Policy.load("2021-12-31")


def test_the_first_year_is_a_run(file: Path, study: Projection) -> None:
    run = ms.run(file)
    shared = [name for name in run.summary if (2021, name) in study.values]
    assert len(shared) > 150
    for name in shared:
        assert study.values[2021, name] == run.summary[name]["value"], name
    first = study.population(2021)
    again = ms.simulate(first, study.policies[2021], study.outputs, warn=False)
    for output in run.result.outputs:
        assert np.array_equal(again.array(output), run.result.array(output), equal_nan=True)


def test_a_year_is_what_its_figures_were_computed_from(study: Projection) -> None:
    for year in study.years:
        here = study.population(year)
        result = ms.simulate(here, study.policies[year], ["dibao_benefit", "dibao_recipient"], warn=False)
        assert result.total("dibao_recipient") == pytest.approx(
            study.values[year, "caseload.dibao"], rel=1e-12
        )
        assert study.values[year, "stock.dibao"] == pytest.approx(
            study.values[year, "caseload.dibao"], rel=1e-9
        )


def test_flows_add_up(study: Projection) -> None:
    values, seen = study.values, 0
    for year in study.years[1:]:
        for name in [name for at, name in values if at == year and name.startswith("stock.")]:
            rest = name.removeprefix("stock.")
            total = values[year - 1, name] + values[year, f"entries.{rest}"] - values[year, f"exits.{rest}"]
            total += values[year, f"reweighting.{rest}"]
            assert values[year, name] == pytest.approx(total, rel=1e-9, abs=1e-9)
            seen += 1
    assert seen > 20
    assert values[2023, "entries.dibao"] > 0.0 < values[2023, "exits.dibao"]


def test_those_on_dibao_are_next_years_of_last_year(study: Projection) -> None:
    for year in study.years[1:]:
        before = study.statuses[year - 1].on_dibao
        assert before is not None
        assert before.any()
        assert np.array_equal(study.population(year).household_columns[LAST_YEAR], before)


def test_margins_are_met(study: Projection) -> None:
    assert study.fits["miss"].abs().max() < 1e-9
    assert set(study.fits["year"]) == {2022, 2023, 2024}
    first, last = study.population(2021), study.population(2024)
    size, rural = np.diff(first.offsets), first.household_columns["area"] == 0
    for mask, growth in ((rural, 0.98), (~rural, 1.01)):
        residents = [float((one.weight * size)[mask].sum()) for one in (first, last)]
        assert residents[1] / residents[0] == pytest.approx(growth**3, rel=1e-9)


def test_a_shock_strikes_its_source_in_its_year(population: Population, policy: ms.Policy) -> None:
    shock = {"shock": {2023: {"wage_income": -0.2, "months": 6}}}
    hit = ms.project(population, policy, {**STILL, **shock}, (2021, 2024))
    wages = [hit.population(year).person_columns["wage_income"] for year in hit.years]
    assert np.array_equal(wages[2], wages[0] * (1.0 - 0.2 * 6 / 12))
    assert np.array_equal(wages[3], wages[0])
    farm = [hit.population(year).person_columns["business_income"] for year in hit.years]
    assert np.array_equal(farm[2], farm[0])


def test_posts_pensions_and_contributions_are_levers(population: Population, policy: ms.Policy) -> None:
    count = population.n_persons
    post = population.with_columns(
        persons={"public_post": np.where(np.arange(count) % 7 == 0, "village", "none")}
    )
    post = post.with_columns(persons={"pension_income": 1200.0, "social_contributions_paid": 300.0})
    said = {**STILL, "post_growth": 0.1, "pension_growth": 0.2, "basic_pension_growth": 0.3}
    said |= {"contribution_growth": {2022: 0.5, 2023: 0.0}, "wage_growth": 0.04}
    made = ms.project(post, policy, said, (2021, 2023), outputs=["cost"])
    one, other = made.population(2021).person_columns, made.population(2023).person_columns
    held = one["public_post"] > 0
    assert other["wage_income"][held] == pytest.approx(one["wage_income"][held] * 1.1**2)
    assert other["wage_income"][~held] == pytest.approx(one["wage_income"][~held] * 1.04**2)
    assert other["pension_income"] == pytest.approx(one["pension_income"] * 1.2**2)
    assert other["basic_pension_income"] == pytest.approx(one["basic_pension_income"] * 1.3**2)
    assert other["social_contributions_paid"] == pytest.approx(one["social_contributions_paid"] * 1.5)
    assert np.array_equal(other["business_income"], one["business_income"])


def test_constant_yuan_and_lines(study: Projection) -> None:
    values = study.values
    assert values[2024, "price_index"] == pytest.approx(1.02 * 1.02 * 1.03)
    for name in ("cost.total", "cost.dibao.rural"):
        constant = name.replace("cost.", "cost_constant.")
        assert values[2024, constant] == pytest.approx(values[2024, name] / values[2024, "price_index"])
        assert values[2021, constant] == values[2021, name]
    line = study.policies[2024].amount("dibao.line.rural")
    assert line == pytest.approx(4340 * 1.08**3)
    assert study.policies[2024].amount("dibao.line.urban") == pytest.approx(7000 * 1.05**3)


def test_prices_of_the_default_path(population: Population, policy: ms.Policy) -> None:
    made = ms.project(population, policy, {"income_growth": 0.0}, (2021, 2023), outputs=["cost"])
    assert made.values[2023, "price_index"] == prices(2021, 2023) == pytest.approx(1.02 * 1.002)
    assert prices(2023, 2021) == pytest.approx(1.0 / prices(2021, 2023))


def test_incomes_go_on_after_the_last_known_year(population: Population, policy: ms.Policy) -> None:
    county = County.read(PROFILE)
    with pytest.raises(InputError, match="2027"):
        Economy().factors("income_growth", 2020, 2027, ("rural",))
    made = ms.project(population, policy, None, (2025, 2027), county=county, outputs=["cost"])
    growth = made.economy.factors("income_growth", 2025, 2027, ("rural", "urban"))
    assert growth == pytest.approx({"rural": 1.067**2, "urban": 1.047**2})


def test_persistence_one_no_growth_no_review(population: Population, policy: ms.Policy) -> None:
    made = ms.project(population, policy, STILL, (2021, 2024))
    first = ms.simulate(made.population(2021), policy, made.outputs, warn=False)
    for year in made.years[1:]:
        result = ms.simulate(made.population(year), made.policies[year], made.outputs, warn=False)
        for output in made.outputs:
            assert np.array_equal(result.array(output), first.array(output), equal_nan=True)
        for (at, name), value in list(made.values.items()):
            if at == 2021 and not name.startswith("spell"):
                assert made.values[year, name] == value, name


def test_several_laws_on_the_same_households(population: Population, policy: ms.Policy) -> None:
    higher = policy.reform({"dibao.line": {"by": {"rural": 9000, "urban": 12000}}})
    both = project_many(population, {"a": policy, "b": higher}, {"income_growth": 0.05}, (2021, 2023))
    for name, law in {"a": policy, "b": higher}.items():
        alone = ms.project(population, law, {"income_growth": 0.05}, (2021, 2023))
        assert both[name].table.equals(alone.table)
    assert both["b"].values[2023, "caseload.dibao"] > both["a"].values[2023, "caseload.dibao"]


@pytest.mark.compiled
def test_the_same_bits_on_one_thread_and_two(population: Population, policy: ms.Policy) -> None:
    said = {"income_growth": 0.05, "population": {"area": {"rural": -0.02}}}
    higher = policy.reform({"dibao.line": {"by": {"rural": 9000, "urban": 12000}}})
    laws = {"a": policy, "b": higher, "c": policy}
    one, two = (project_many(population, laws, said, (2021, 2023), threads=count) for count in (1, 2))
    for name in laws:
        assert one[name].table.equals(two[name].table)
    assert not one["a"].table.equals(one["b"].table)


def test_the_seed_alters_later_years_alone(population: Population, policy: ms.Policy) -> None:
    one, other = (
        ms.project(population, policy, {"income_growth": 0.0}, (2021, 2022), seed) for seed in (1, 2)
    )
    assert not one.table.equals(other.table)
    first = [made.table[made.table["year"] == 2021].reset_index(drop=True) for made in (one, other)]
    names = first[0]["measure"] != "vulnerable"  # looks ahead, with r as the draws of the seed give it
    assert first[0][names].equals(first[1][names])


def test_pieces_on_disk_give_the_same(tmp_path: Path, population: Population, policy: ms.Policy) -> None:
    population.write(tmp_path / "pieces", households_per_piece=70)
    opened = Population.open(tmp_path / "pieces")
    said = {"income_growth": 0.05}
    whole = ms.project(population, policy, said, (2021, 2022))
    assert ms.project(opened, policy, said, (2021, 2022)).table.equals(whole.table)


def test_the_persistence_of_the_profile_counts(population: Population, policy: ms.Policy) -> None:
    made = ms.project(population, policy, {"income_growth": 0.0}, (2021, 2022), outputs=["cost"])
    assert made.mobility.source == "assumption"
    assert made.mobility.persistence == pytest.approx(0.8469, abs=1e-3)
    figure = "leave_poverty: {value: {share: 0.2, poorest: 0.1}, unit: '1', source: assumption"
    figure += ", reference: made up}"
    text = PROFILE.read_text(encoding="utf-8").replace("\nincome:\n", f"\nincome:\n  {figure}\n")
    county = County.parse(text)
    other = ms.project(
        population, policy, {"income_growth": 0.0}, (2021, 2022), county=county, outputs=["cost"]
    )
    assert other.mobility.source == "profile"
    assert other.mobility.persistence > made.mobility.persistence


@pytest.mark.compiled
@pytest.mark.parametrize("persistence", [0.7, 0.85, 0.95])
def test_places_of_a_county_of_100_000(persistence: float) -> None:
    """Rank correlation as given, quintile means after ten years as they were."""
    county = Population.read(PROFILE.parent)
    ids = np.arange(1, 100_001)
    big = county.select(np.resize(county.household_id, 100_000))
    big = Population.from_arrays(
        big.offsets,
        {**dict(big.person_columns)},
        {**dict(big.household_columns), "weight": big.weight, "household_id": ids},
        dict(big.categories),
    )
    said = {"income_growth": 0.0, "price_growth": 0.0, "mobility": {"persistence": persistence}}
    from microsim.studies.projection.asked import settled_places
    from microsim.studies.projection.households import Households

    economy = Economy.of(said)
    plan = uprating(big, ms.Policy.load("2020-12-31"), economy)
    places = settled_places(big, economy, None, 1, 2020)[1]
    years = Households(big, plan, 2020, places)
    incomes = [incomes_of(years.of(year)[0]) for year in (2020, 2021, 2022, 2029, 2030)]
    rows = movers(incomes[0])
    persons = incomes[0].persons[rows]

    def ranks(values: Any) -> Any:
        order = np.argsort(values[rows], kind="stable")
        out = np.empty(len(rows))
        out[order] = np.cumsum(persons[order]) - 0.5 * persons[order]
        return out

    for k in (0, 1, 3):
        found = weighted_correlation(ranks(incomes[k].per_head), ranks(incomes[k + 1].per_head), persons)
        assert found == pytest.approx(persistence, abs=0.01)
    for area in (0, 1):
        mine = big.household_columns["area"] == area
        means = []
        for one in (incomes[0], incomes[-1]):
            order = np.flatnonzero(mine)[np.argsort(one.per_head[mine], kind="stable")]
            upto = np.cumsum(one.persons[order])
            group = np.minimum(((upto - 0.5 * one.persons[order]) / upto[-1] * 5).astype(int), 4)
            means.append(
                [
                    float(np.average(one.per_head[order][group == q], weights=one.persons[order][group == q]))
                    for q in range(5)
                ]
            )
        assert means[1] == pytest.approx(means[0], rel=0.005)


@pytest.mark.parametrize(
    ("years", "said", "words"),
    [
        ((2021, 2032), {}, "2021 to 2032 is more than 10 years ahead"),
        ((2024, 2021), {}, "years are out of order: 2024 comes after 2021"),
        ((2021,), {}, "years must be two whole numbers"),
        (
            (2021, 2022),
            {"mobility": {"persistence": 1.2}},
            "economy.mobility.persistence is 1.2, outside 0 to 1",
        ),
        ((2021, 2022), {"mobility": {"persistence": 0.01}}, "a persistence of 0.01 cannot be reached"),
        ((2021, 2022), {"by_rank": {"rural": [1, 2]}}, "by_rank"),
        ((2021, 2022), {"wages": 0.1}, "no such growth rate 'wages'"),
        ((2021, 2022), {"shock": {2022: {"months": 3}}}, "strikes no source of income"),
        (
            (2021, 2023),
            {"shock": {2021: {"wage_income": -0.1}}},
            "a shock in 2021 comes before the second year, 2022",
        ),
        ((2021, 2022), {"population": {"age": {"0-20": 0.0, "15+": 0.0}}}, "age groups 0-20 and 15+ overlap"),
        ((2021, 2022), {"population": {"monitored": 0.0, "age": {"60-50": 0.1}}}, "ends before it starts"),
    ],
)
def test_what_is_refused(
    population: Population, policy: ms.Policy, years: Any, said: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=re.escape(words)):
        ms.project(population, policy, said, years, outputs=["cost"])


def test_every_offence_at_once(population: Population, policy: ms.Policy) -> None:
    with pytest.raises(InputError) as caught:
        ms.project(population, policy, {"wages": 1, "income_growth": 7}, (2021, 2040), outputs=["costs"])
    assert len(caught.value.offences) == 4


def test_offences_of_a_file_have_their_line(tmp_path: Path) -> None:
    bad = SCENARIO.replace("2023: {wage", "2021: {wage").replace("persistence: 0.85", "persistence: two")
    with pytest.raises(InputError) as caught:
        ms.load_scenario(write(tmp_path, bad, "bad.yaml"))
    text = str(caught.value)
    assert re.search(r"bad\.yaml:12:\d+: 'persistence' cannot be 'two'", text)
    assert "a shock in 2021 comes before the second year, 2022" in text
    long = write(tmp_path, SCENARIO.replace("2024]", "2034]"), "long.yaml")
    with pytest.raises(InputError, match=r"long\.yaml:4:\d+: 2021 to 2034 is more than 10 years ahead"):
        project_scenario(ms.load_scenario(long))
    none = write(tmp_path, SCENARIO.replace("years: [2021, 2024]\n", ""), "none.yaml")
    with pytest.raises(InputError, match="'years' is missing"):
        project_scenario(ms.load_scenario(none))


def test_a_year_that_was_not_projected(study: Projection) -> None:
    with pytest.raises(InputError, match="2030 was not projected"):
        study.population(2030)


def test_face(study: Projection, tmp_path: Path) -> None:
    check_face(study, tmp_path)
