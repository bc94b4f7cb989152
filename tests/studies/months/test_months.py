"""A county followed by month: what must hold whatever the county, and the small county's figures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from microsim import Policy, Population, simulate
from microsim.errors import DataError, InputError
from microsim.scenario.administration.figures import Administration
from microsim.studies.common.expenditure import account_of
from microsim.studies.months.job import PHASES, value_of_job
from microsim.studies.months.register import Register
from microsim.studies.months.situation import RESOURCES, situation_of
from microsim.studies.months.study import Months, Period, follow_months
from tests.scenario.small_county import frames

pytestmark = pytest.mark.compiled
EXITS = {"gradual_exit.enabled": True}
LINES = {"dibao.line": {"by": {"rural": 6000.0, "urban": 8000.0}}}
BUSY = {"apply": 0.6, "stays": 0.4, "audits": 0.05, "notice": 1}


@pytest.fixture(scope="module")
def county() -> Population:
    return Population.from_frames(*frames())


@pytest.fixture(scope="module")
def law() -> Policy:
    return Policy.load("2021-12-31").frozen().reform(LINES, allow_unusual=True)


def with_incomes(county: Population, year: int) -> Population:
    """Other incomes in each year: those of every third household double or go."""
    factor = np.random.default_rng(year).choice([0.0, 1.0, 2.0], county.n_persons)
    names = ("wage_income", "business_income")
    return county.with_columns(
        persons={name: np.asarray(county.person_columns[name]) * factor for name in names}
    )


@pytest.fixture(scope="module")
def moving(county: Population, law: Policy) -> Months:
    policy = law.reform(EXITS)
    periods = [Period(year, with_incomes(county, year), policy) for year in (2021, 2022, 2023)]
    weight = np.asarray(county.weight) * np.linspace(0.8, 1.3, county.n_households)
    periods[2] = replace(
        periods[2], population=periods[2].population.with_columns(households={"weight": weight})
    )
    return follow_months(periods, administration=BUSY, seed=4)


def test_where_nothing_changes_every_year_is_the_static_one(county: Population, law: Policy) -> None:
    static = simulate(county, law, account_of(law).outputs)
    found = follow_months([Period(year, county, law) for year in (2021, 2022)], administration={"stays": 0.0})
    totals = {
        rule: {str(k): float(v) for k, v in static.total(rule, by="area").items()}
        for rule in account_of(law).outputs
    }
    for subject, of_area in account_of(law).cost(totals).items():
        for area, value in of_area.items():
            for year in (2021, 2022):
                name = f"cost.{subject}.{area}".rstrip(".")
                assert found.values[year, 0, name] == pytest.approx(value, rel=1e-12)
    for month in range(1, 13):
        assert found.values[2022, month, "caseload.dibao"] == static.total("dibao_recipient")
        assert found.values[2022, month, "flow.entries"] == 0.0
    first, second = (found.table[found.table["year"] == year] for year in (2021, 2022))
    assert first["value"].to_list() == second["value"].to_list()


def test_the_inside_and_the_outside_have_the_bits_of_the_law(county: Population, law: Policy) -> None:
    static = simulate(county, law, [RESOURCES, "dibao_eligible"])
    situation = situation_of(county, law)
    assert (situation.due == static.array("dibao_eligible")).all()
    assert (np.where(situation.due, situation.inside.resources, situation.outside.resources)
            == static.array(RESOURCES)).all()  # fmt: skip


def test_stock_and_flow(moving: Months) -> None:
    values = moving.values
    for year in moving.years:
        for month in range(1, 13):
            after = (year, month + 1) if month < 12 else (year + 1, 1)
            if after[0] not in moving.years:
                continue
            for area in ("", ".rural", ".urban"):
                now, then = (
                    sum(
                        values[when[0], when[1], f"households.{s}{area}"] for s in ("in", "notice", "leaving")
                    )
                    for when in ((year, month), after)
                )
                entered, left = (values[year, month, f"flow.{name}{area}"] for name in ("entries", "exits"))
                more = values.get((*after, f"flow.reweighting{area}"), 0.0)
                assert (more != 0.0) == (after == (2023, 1))
                assert then == pytest.approx(now + entered - left + more, abs=1e-9)
    assert values[2022, 0, "flow.entries"] > 0
    assert values[2022, 0, "flow.gradual_exit"] > 0
    assert values[2022, 0, "months_to_first_payment.dibao"] >= 2


def test_months_add_up_to_their_year(moving: Months) -> None:
    for year in moving.years:
        for area in ("", ".rural", ".urban"):
            months = [moving.values[year, month, f"cost.dibao{area}"] for month in range(1, 13)]
            assert moving.values[year, 0, f"cost.dibao{area}"] == pytest.approx(sum(months), rel=1e-12)
            persons = [moving.values[year, month, f"caseload.dibao{area}"] for month in range(1, 13)]
            assert moving.values[year, 0, f"person_months.dibao{area}"] == pytest.approx(
                sum(persons), rel=1e-12
            )


def test_slower_offices_leave_more_need_unpaid(county: Population, law: Policy) -> None:
    periods = [Period(year, with_incomes(county, year), law) for year in (2021, 2022)]

    def months(name: str, **office: float) -> float:
        found = follow_months(periods, administration=office)
        return sum(found.values[2022, month, f"{name}.dibao"] for month in range(1, 13))

    assert (
        months("unpaid_need", decision=0)
        < months("unpaid_need", decision=3)
        < months("unpaid_need", decision=9)
    )
    assert (
        months("paid_above_line")
        < months("paid_above_line", stays=0.5)
        < months("paid_above_line", stays=1.0)
    )
    assert months("paid_above_line", grandfathered=24) > months("paid_above_line")
    assert months("paid_above_line", audits=0.5) < months("paid_above_line")


def test_a_new_law_in_july_counts_from_july(county: Population, law: Policy) -> None:
    higher = law.reform({"dibao.line": {"by": {"rural": 6600.0, "urban": 8800.0}}}, allow_unusual=True)
    year = [Period(2021, county, law, range(1, 7)), Period(2021, county, higher, range(7, 13))]
    found = follow_months(year, administration={"decision": 0})
    before, after = (simulate(county, policy, ["dibao_benefit"]) for policy in (law, higher))
    assert found.values[2021, 6, "cost.dibao"] == pytest.approx(before.total("dibao_benefit") / 12)
    # Whoever is in is paid the new amount at once, and who is newly due from the month after the decision.
    assert found.values[2021, 8, "cost.dibao"] == pytest.approx(after.total("dibao_benefit") / 12)
    assert (
        before.total("dibao_benefit") / 12
        < found.values[2021, 7, "cost.dibao"]
        < found.values[2021, 8, "cost.dibao"]
    )


def test_a_job_by_enumeration(county: Population, law: Policy) -> None:
    """24 months of every household and of every month since its last review, written out."""
    policy, wage = law.reform(EXITS), 9000.0
    found = value_of_job(county, policy, [wage], months=24)
    base = situation_of(county, policy)
    owner = np.repeat(np.arange(county.n_households), np.diff(county.offsets))
    columns = county.person_columns
    taker = np.zeros(county.n_persons, dtype=bool)
    taken: set[int] = set()
    for k in range(county.n_persons):
        house = int(owner[k])
        able = 16 <= columns["age"][k] < 60 and columns["wage_income"][k] <= 0
        if able and base.due[house] and house not in taken:
            taker[k] = True
            taken.add(house)
    assert found.households == len(taken)
    wages = np.asarray(columns["wage_income"]) + np.where(taker, wage, 0.0)
    after = situation_of(county.with_columns(persons={"wage_income": wages}), policy, base.work)
    gains = []
    for house in sorted(taken):
        every = 12 if after.stable[house] else 6
        for phase in range(PHASES):
            known = every - phase % every  # months until the review that finds the job
            total = 0.0
            for month in range(24):
                inside, outside = after.inside.resources[house], after.outside.resources[house]
                if month < known:
                    now = inside - after.inside.dibao[house] + base.inside.dibao[house]
                elif after.due[house]:
                    now = inside
                elif after.gradual[house] and month < known + after.exit_months:
                    now = after.leaving[0].resources[house]
                else:
                    now = outside
                total += (now - base.inside.resources[house]) / 12
            gains.append(total)
    assert found.summary["job.9000.gain.months"]["value"] == pytest.approx(np.mean(gains), rel=1e-12)
    assert found.summary["job.9000.worst.months"]["value"] == pytest.approx(min(gains), rel=1e-12)
    losing = np.mean(np.array(gains) < -0.005)
    assert found.summary["job.9000.losing.months"]["value"] == pytest.approx(losing, rel=1e-12)
    path = found.path[(found.path["wage"] == wage) & (found.path["group"] == "")]
    assert path["value"].sum() == pytest.approx(np.mean(gains), rel=1e-9)


def test_offences() -> None:
    with pytest.raises(InputError) as error:
        Administration.of({"apply": 2, "decision": 1.5, "reviews": 3, "review_stable": 0, "stays": True})
    assert len(error.value.offences) == 5
    assert "apply is 2" in str(error.value)
    with pytest.raises(InputError, match="no period"):
        follow_months([])


def test_other_households_are_refused(county: Population, law: Policy) -> None:
    other = county.select(county.household_id[:100])
    with pytest.raises(InputError, match="the households of 2022 are not those of 2021"):
        follow_months([Period(2021, county, law), Period(2022, other, law)])


def test_a_job_that_cannot_be(county: Population, law: Policy) -> None:
    with pytest.raises(InputError) as error:
        value_of_job(county, law, [-5.0, 0.0], months=0)
    assert len(error.value.offences) == 3
    wages = np.maximum(np.asarray(county.person_columns["wage_income"]), 1.0)
    with pytest.raises(DataError, match="no household in dibao could take a job"):
        value_of_job(county.with_columns(persons={"wage_income": wages}), law, [6000.0])


def test_a_policy_without_dibao(county: Population) -> None:
    with pytest.raises(InputError, match="the policy has no rule 'dibao_eligible'"):
        situation_of(county, Policy.from_rules({}, parameters={"line": 1.0}))


def test_reviews_spread_over_the_months(county: Population, law: Policy) -> None:
    situation = situation_of(county, law)
    register = Register.begin(np.asarray(county.household_id), situation, Administration.of(), 1)
    inside = register.status == 2
    assert (register.clock[inside] < register.interval[inside]).all()
    assert len(set(register.clock[inside].tolist())) > 5
