"""Figures of a profile that are drawn and not controlled: what the weighted people have of each.

Most of them are assumptions about rare things. As controls they would cost weights more than they are worth;
drawn, they are met up to chance, and this table says how nearly.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.measures import quantile
from microsim.population.core.columns import registry
from microsim.population.population import Population
from microsim.population.profile.county import County
from microsim.population.synthesis.households import by_band, code
from microsim.population.synthesis.incomes import AREAS

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_DIGITS = 6
_OLD, _OLDEST, _ADULT, _WORKING = 60, 75, 18, (16, 64)


def drawn_figures(county: County, population: Population) -> pd.DataFrame:
    """figure, among, unit, source, target, found, miss (relative), rows (in the data, that have it).

    Shares are weighted; so are medians, means and standard deviations. Figures that the profile does not give
    are left out, and so are those whose people are nowhere in the data.
    """
    import pandas as pd

    table = _Table(county, population)
    for gather in (_shocks, _dwellings, _registers, _seen, _care, _support, _schools, _work, _money, _ages):
        gather(table)
    names = ["figure", "among", "unit", "source", "target", "found", "rows"]
    frame = pd.DataFrame(table.rows, columns=names)
    target = frame["target"].where(frame["target"] > 0)  # of nothing there is no relative miss
    frame.insert(6, "miss", frame["found"] / target - 1.0)
    return frame.round(_DIGITS)


class _Table:
    """Rows so far, and the columns they are made of."""

    def __init__(self, county: County, population: Population) -> None:
        self.county, self.population = county, population
        self.rows: list[tuple[str, str, str, str, float, float, int]] = []
        self.sizes = np.diff(population.offsets)
        self.weight = np.asarray(population.weight, dtype=np.float64)
        self.each = np.repeat(self.weight, self.sizes)  # of each person
        self.urban = self.household("area") == AREAS.index("urban")
        self.poor = self.household("filed_poor")

    def household(self, name: str) -> Any:
        return np.asarray(self.population.household_columns[name])

    def person(self, name: str) -> Any:
        return np.asarray(self.population.person_columns[name])

    def of_members(self, values: NDArray[Any]) -> Any:
        """A column of households, for each person."""
        return np.repeat(values, self.sizes)

    def lives(self, area: str) -> Flags:
        """Households of an area."""
        return np.asarray(self.urban == (area == "urban"))

    def share(self, figure: str, among: str, who: Any, of: Any, weight: Floats | None = None) -> None:
        """A share of persons or households (distinguished by their number), where the profile gives it."""
        if not self._given(figure) or not np.any(of):
            return
        if weight is None:
            weight = self.weight if len(who) == len(self.weight) else self.each
        found = float(weight[who & of].sum() / weight[of].sum())
        self.add(figure, among, "1", self.county[figure], found, int(np.count_nonzero(who & of)))

    def median(self, figure: str, among: str, unit: str, values: Any, of: Any) -> None:
        """The middle amount among some."""
        if not self._given(figure) or not np.any(of):
            return
        weight = (self.weight if len(values) == len(self.weight) else self.each)[of]
        middle = quantile(values[of], 0.5, weight)
        self.add(figure, among, unit, self.county[figure], middle, int(np.count_nonzero(of)))

    def add(self, figure: str, among: str, unit: str, target: float, found: float, rows: int) -> None:
        figures = self.county.figures
        source = next(figures[name].source for name in figures if f"{figure}.".startswith(f"{name}."))
        self.rows.append((figure, among, unit, source, float(target), found, rows))

    def _given(self, figure: str) -> bool:
        return any(figure == name or figure.startswith(f"{name}.") for name in self.county.figures)


# Columns that the profile gives no figures for carry their default, among which nobody is found below.


def _shocks(table: _Table) -> None:
    shock = table.household("shock")
    everybody = np.ones(len(shock), dtype=bool)
    for kind in table.county.get("circumstances.shock_rates") or ():
        who = shock == code("shock", kind)
        table.share(f"circumstances.shock_rates.{kind}", "households", who, everybody)
    struck, months = shock > 0, table.household("shock_months")
    for grade, (first, last) in {"mild": (1, 3), "serious": (4, 6), "special": (7, 12)}.items():
        inside = (months >= first) & (months <= last)
        table.share(f"circumstances.shock_months.{grade}", "households struck", inside, struck)
    loss = table.household("shock_loss")
    table.median("circumstances.shock_loss.median", "households struck", "yuan", loss, struck)
    disaster, hurt = shock == code("shock", "disaster"), table.household("house_damage")
    for kind in ("collapsed", "damaged"):
        who = hurt == code("house_damage", kind)
        table.share(f"circumstances.house_damage.{kind}", "households struck by disaster", who, disaster)


def _dwellings(table: _Table) -> None:
    grade, tenant = table.household("dwelling_grade"), table.household("tenant")
    for name in ("B", "C", "D"):
        who = grade == code("dwelling_grade", name)
        table.share(f"circumstances.dwelling_grades.{name}", "rural households", who, table.lives("rural"))
    for area in AREAS:
        here, rent = table.lives(area), table.household("rent_paid")
        table.median(f"circumstances.rent.{area}", f"{area} tenants", "yuan/year", rent, here & tenant)
        for name in ("winter_hardship", "heating_area"):
            who, among = table.household(name), f"{area} households"
            table.share(f"circumstances.{name}.{area}", among, who, here)


def _registers(table: _Table) -> None:
    people, monitored = table.weight * table.sizes, table.household("monitored")
    before = table.household("dibao_last_year")
    for area in AREAS:
        here = table.lives(area)
        table.share(f"circumstances.monitored_share.{area}", f"{area} households", monitored, here)
        table.share(f"circumstances.dibao_last_year.{area}", f"{area} persons", before, here, people)
    who = table.household("collective_dividend_per_head") > 0
    name, among = "circumstances.collective_dividend.share", "rural registered poor households"
    table.share(name, among, who, table.lives("rural") & table.poor)


def _seen(table: _Table) -> None:
    for figure, column, groups in (
        ("assumptions.income_visible_share", "income_visible_share", AREAS),
        ("assumptions.assets_visible_share", "assets_visible_share", ("",)),
    ):
        for area in groups:
            of = table.lives(area) if area else np.ones(len(table.weight), dtype=bool)
            # The order of incomes is one of persons, and so is what hangs on it.
            values, weight = table.household(column)[of], (table.weight * table.sizes)[of]
            if not len(values):
                continue
            mean = float(np.sum(weight * values) / weight.sum())
            spread = float(np.sqrt(np.sum(weight * np.square(values - mean)) / weight.sum()))
            name, among = f"{figure}.{area}" if area else figure, f"{area} persons".strip()
            for part, found in (("mean", mean), ("spread", spread)):
                table.add(f"{name}.{part}", among, "1", table.county[f"{name}.{part}"], found, len(values))


def _care(table: _Table) -> None:
    age, cared = table.person("age"), table.person("failed_adls") > 0
    severe, old = _severe(table), age >= _OLDEST
    table.share("circumstances.care_needs.severe_disability", "severely disabled", cared, severe)
    table.share("circumstances.care_needs.old_age", f"aged {_OLDEST} and over, others", cared, old & ~severe)
    injured, grown = table.person("work_injury_care"), severe & (age >= _ADULT)
    table.share("circumstances.work_injury_care", "severely disabled, grown up", injured, grown)
    if table.county.get("circumstances.insurance_pays") is None:
        return  # without bills it is unknown who was admitted
    ill, billed = table.person("severe_illness"), table.person("medical_bill") > 0
    paid = table.person("medical_out_of_pocket")
    for name, words, who in (
        ("severe", "severely ill", ill),
        ("admission", "others admitted", billed & ~ill),
        ("everyday", "other persons", ~billed & ~ill),
    ):
        table.median(f"health.{name}_out_of_pocket.median", words, "yuan/year", paid, who)


def _severe(table: _Table) -> Flags:
    grade = table.person("disability_grade")
    return np.asarray((grade > 0) & (grade <= code("disability_grade", "grade2")))


def _support(table: _Table) -> None:
    nobody = ~table.person("has_able_supporter")
    for area in AREAS:
        here = table.of_members(table.lives(area))
        table.share(f"circumstances.without_supporter.{area}", f"{area} persons", nobody, here)
    homes = table.person("in_institution")
    table.share("circumstances.in_institution", "persons whom nobody supports", homes, nobody)
    head = table.person("relation") == code("relation", "head")
    of = _severe(table) & (table.person("age") >= _ADULT) & ~head
    apart, among = table.person("own_registration"), "severely disabled, grown up, not heads"
    table.share("circumstances.own_registration", among, apart, of)


def _schools(table: _Table) -> None:
    stage, boards = table.person("in_school"), table.person("boards")
    for name in registry()["in_school"].categories[1:]:
        of = stage == code("in_school", name)
        table.share(f"circumstances.boarding.{name}", f"at school, {name}", boards, of)


def _work(table: _Table) -> None:
    age = table.person("age")
    of_age = (age >= _WORKING[0]) & (age <= _WORKING[1])
    poor, urban = table.of_members(table.poor), table.of_members(table.urban)
    held, out_of_school = table.person("public_post"), table.person("in_school") == 0
    for name, area in (("village", "rural"), ("forest_guard", "rural"), ("town", "urban")):
        of, among = of_age & poor & (urban == (area == "urban")), f"{area} registered poor, 16-64"
        table.share(f"circumstances.public_posts.{name}", among, held == code("public_post", name), of)
    shop, of = table.person("workshop_wage") > 0, of_age & poor & ~urban
    table.share("circumstances.workshops", "rural registered poor, 16-64", shop, of)
    of, among = of_age & ~urban & out_of_school, "rural, 16-64, not at school"
    table.share("circumstances.training", among, table.person("in_training"), of)
    of, owes = of_age & (table.person("business_income") > 0), table.person("self_employed_loan") > 0
    table.share("circumstances.loans.share", "on their own account, 16-64", owes, of)
    well = (table.person("disability_grade") == 0) & ~table.person("severe_illness")
    of, refused = of_age & ~table.person("works") & out_of_school & well, table.person("refused_work") > 0
    table.share("circumstances.refused_work", "healthy, 16-64, idle", refused, of)


def _money(table: _Table) -> None:
    age = table.person("age")
    employee = table.person("medical_insurance") == code("medical_insurance", "employee")
    earns = (table.person("wage_income") > 0) & (age < _OLD)
    for area in AREAS:
        here = table.of_members(table.lives(area))
        pensioned = (table.person("pension_income") > 0) & (table.person("basic_pension_income") == 0)
        name = f"income.employee_pension_share.{area}"
        table.share(name, f"{area} persons of {_OLD} and over", pensioned, here & (age >= _OLD))
        table.share(
            f"income.formal_share.{area}", f"{area} wage earners below {_OLD}", employee, here & earns
        )
    income = np.add.reduceat(_disposable(table), table.population.offsets[:-1])
    some = income > 0
    ratio = np.divide(table.household("financial_assets"), income, out=np.zeros(len(income)), where=some)
    table.median("wealth.financial_assets.median", "households with income, of it", "1", ratio, some)


def _disposable(table: _Table) -> Floats:
    sources = ("wage", "business", "property", "private_transfer", "pension", "basic_pension")
    every = [np.asarray(table.person(f"{name}_income"), dtype=np.float64) for name in sources]
    out: Floats = np.sum(every, axis=0) - table.person("social_contributions_paid")
    return out


def _ages(table: _Table) -> None:
    """How old those are whom the profile lets fall ill, be disabled or go to hospital by chances of age."""
    age = table.person("age")
    groups: Mapping[str, Flags] = {
        "disability": table.person("disability_grade") > 0,
        "severe_illness": table.person("severe_illness"),
    }
    for name, who in groups.items():
        chance = by_band(table.county[f"health.{name}_by_age"], age) * table.each
        target = float(chance[age >= _OLD].sum() / chance.sum())
        found = float(table.each[who & (age >= _OLD)].sum() / table.each[who].sum())
        among = {"disability": "disabled", "severe_illness": "severely ill"}[name]
        figure = f"health.{name}_by_age"
        rows = int(np.count_nonzero(who & (age >= _OLD)))
        table.add(figure, f"{_OLD} and over of the {among}", "1", target, found, rows)
