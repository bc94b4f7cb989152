"""How well a synthetic county meets its profile: tables of published figures beside what the people give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.population.population import Population
from microsim.population.profile.county import County
from microsim.population.profile.figures import band
from microsim.population.synthesis.fit_drawn import drawn_figures
from microsim.population.synthesis.incomes import AREAS, income_law
from microsim.population.synthesis.sample import SynthesisReport

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
_SOURCES = (
    "wage_income",
    "business_income",
    "property_income",
    "private_transfer_income",
    "pension_income",
    "basic_pension_income",
)
_RANKS = np.linspace(0.0, 1.0, 101)
_BINS, _WIDEST = 48, 3.0  # of the density; up to so many times the mean
_DIGITS = 6  # of what is printed and drawn: the last bits differ between processors


@dataclass(frozen=True)
class CountyFit:
    """Tables of one synthetic county, tidy; shares are ratios, money is yuan per year before assistance.

    ``controls`` (control, target, drawn, weighted, miss), ``ages`` (sex, age_group, target, found),
    ``sizes`` (size, target, found), ``incomes`` (area, figure, target, found, miss, by_gb2, by_lognormal),
    ``lorenz`` (area, rank, target, found), ``density`` (area, income, target, found), ``correlations``
    (a row and a column for each trait of a household), ``drawn`` (figures that no control holds: figure,
    among, unit, source, target, found, miss, rows), and ``summary`` (name -> value and unit).
    """

    controls: pd.DataFrame
    ages: pd.DataFrame
    sizes: pd.DataFrame
    incomes: pd.DataFrame
    lorenz: pd.DataFrame
    density: pd.DataFrame
    correlations: pd.DataFrame
    drawn: pd.DataFrame
    left_out: tuple[str, ...]
    summary: Mapping[str, Mapping[str, Any]]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by name."""
        names = ("controls", "ages", "sizes", "incomes", "lorenz", "density", "correlations", "drawn")
        return {name: getattr(self, name) for name in names}


def county_fit(county: County, population: Population, report: SynthesisReport) -> CountyFit:
    """Measure a county that ``synthesize_with_report`` made, weighted, against its profile."""
    persons, households = population.person_columns, population.household_columns
    sizes, weights = np.diff(population.offsets), np.asarray(population.weight)
    sums = _sums(population)
    disposable = sum(np.asarray(persons[name], dtype=np.float64) for name in _SOURCES)
    income = sums(disposable - np.asarray(persons["social_contributions_paid"])) / sizes
    people = weights * sizes
    by_area = {
        area: (income[here], people[here])
        for position, area in enumerate(AREAS)
        if (here := np.asarray(households["area"]) == position).any()
    }
    margins = report.margins
    return CountyFit(
        controls=margins.table.rename(columns={"before": "drawn", "after": "weighted"}),
        ages=_ages(county, population, weights),
        sizes=_sizes(county, sizes, weights),
        incomes=_incomes(county, by_area),
        lorenz=_lorenz(county, by_area),
        density=_density(county, by_area),
        correlations=_correlations(population, income, sizes, weights, sums),
        drawn=drawn_figures(county, population),
        left_out=report.left_out,
        summary={
            "households.rows": {"value": len(weights), "unit": "rows"},
            "households": {"value": round(float(weights.sum()), _DIGITS), "unit": "households"},
            "persons": {"value": round(float(people.sum()), _DIGITS), "unit": "persons"},
            "controls": {"value": len(margins.names), "unit": "controls"},
            "controls.left_out": {"value": len(report.left_out), "unit": "controls"},
            "largest_miss": {"value": float(np.abs(margins.misses).max(initial=0.0)), "unit": "1"},
            "design_effect": {"value": round(margins.design_effect, _DIGITS), "unit": "1"},
            "weight.lowest": {"value": round(margins.lowest_weight, _DIGITS), "unit": "households"},
            "weight.highest": {"value": round(margins.highest_weight, _DIGITS), "unit": "households"},
            "weight_ratio.lowest": {"value": round(margins.lowest_ratio, _DIGITS), "unit": "1"},
            "weight_ratio.highest": {"value": round(margins.highest_ratio, _DIGITS), "unit": "1"},
        },
    )


def _sums(population: Population) -> Any:
    starts = population.offsets[:-1]

    def sums(values: Any) -> Floats:
        found: Floats = np.add.reduceat(np.asarray(values, dtype=np.float64), starts)
        return found

    return sums


def _frame(**columns: Any) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(columns).round(_DIGITS)


def _ages(county: County, population: Population, weights: Floats) -> pd.DataFrame:
    persons = population.person_columns
    age, female = np.asarray(persons["age"]), np.asarray(persons["sex"]) == 1
    each = np.repeat(weights, np.diff(population.offsets))
    published = county["demography.age_by_sex"]
    scale = sum(county.residents.values()) / sum(sum(groups.values()) for groups in published.values())
    rows = []
    for sex, groups in published.items():
        for group, number in groups.items():
            first, last = band(group) or (0, -1)
            inside = (female == (sex == "female")) & (age >= first) & (age <= last)
            rows.append((sex, group, number * scale, float(each[inside].sum())))
    sexes, names, targets, found = zip(*rows, strict=True)
    return _frame(sex=sexes, age_group=names, target=targets, found=found)


def _sizes(county: County, sizes: NDArray[Any], weights: Floats) -> pd.DataFrame:
    shares = county["demography.household_sizes"]
    total = sum(shares.values())
    largest = max(int(size) for size in shares)
    found = np.bincount(np.minimum(sizes, largest), weights, minlength=largest + 1) / weights.sum()
    return _frame(
        size=[int(size) for size in shares],
        target=[share / total for share in shares.values()],
        found=[float(found[int(size)]) for size in shares],
    )


def _incomes(county: County, by_area: Mapping[str, tuple[Floats, Floats]]) -> pd.DataFrame:
    """Mean and quintiles: the profile's (its proportions at its mean), the people's, and two fitted laws'."""
    import pandas as pd

    tables = []
    for area, (income, people) in by_area.items():
        fit = income_law(county, area)
        curve = _curve(income, people, np.arange(6) / 5)
        own = float(np.sum(income * people) / people.sum())
        found = np.concatenate([[own], np.diff(curve) * 5 * own])
        tables.append(
            _frame(
                area=area,
                figure=fit.figures,
                target=fit.targets,
                found=found,
                miss=found / fit.targets - 1.0,
                by_gb2=fit.fitted,
                by_lognormal=fit.by_lognormal,
            )
        )
    return pd.concat(tables, ignore_index=True)


def _curve(income: Floats, people: Floats, ranks: Floats) -> Floats:
    """Lorenz curve at ranks: persons of a household share its place."""
    order = np.argsort(income, kind="stable")
    below = np.concatenate([[0.0], np.cumsum(people[order])])
    earned = np.concatenate([[0.0], np.cumsum((people * income)[order])])
    curve: Floats = np.interp(ranks, below / below[-1], earned / earned[-1])
    return curve


def _lorenz(county: County, by_area: Mapping[str, tuple[Floats, Floats]]) -> pd.DataFrame:
    """The published curve is known where quintiles meet; elsewhere the target is empty."""
    import pandas as pd

    tables = []
    for area, (income, people) in by_area.items():
        quintiles = np.asarray(county["income.quintile_means"][area])
        known = np.concatenate([[0.0], np.cumsum(quintiles) / quintiles.sum()])
        target = np.full(len(_RANKS), np.nan)
        target[:: (len(_RANKS) - 1) // 5] = known
        tables.append(_frame(area=area, rank=_RANKS, target=target, found=_curve(income, people, _RANKS)))
    return pd.concat(tables, ignore_index=True)


def _density(county: County, by_area: Mapping[str, tuple[Floats, Floats]]) -> pd.DataFrame:
    """Share of persons in bands of income, per 1,000 yuan: of the people, and of the law fitted to quintile
    means.
    """
    import pandas as pd

    tables = []
    for area, (income, people) in by_area.items():
        law = income_law(county, area).law
        edges = np.linspace(0.0, _WIDEST * law.mean, _BINS + 1)
        target = np.diff(np.concatenate([[0.0], law.cdf(edges[1:])]))
        found = np.histogram(income, bins=edges, weights=people)[0] / people.sum()
        per = 1000.0 / np.diff(edges)
        middle = np.round(0.5 * (edges[1:] + edges[:-1]))
        tables.append(_frame(area=area, income=middle, target=target * per, found=found * per))
    return pd.concat(tables, ignore_index=True)


def _correlations(
    population: Population, income: Floats, sizes: NDArray[Any], weights: Floats, sums: Any
) -> pd.DataFrame:
    """Correlations between traits of households (ranks for amounts), weighted."""
    persons, households = population.person_columns, population.household_columns
    age, heads = np.asarray(persons["age"]), np.asarray(persons["age"])[population.offsets[:-1]]
    grade = np.asarray(persons["disability_grade"])
    traits = {
        "income_per_head": _ranks(income),
        "household_size": sizes,
        "age_of_head": heads,
        "children": sums(age < 15),
        "workers": sums(persons["works"]) / sizes,
        "severely_ill": sums(persons["severe_illness"]) > 0,
        "disabled": sums(grade > 0) > 0,
        "urban": np.asarray(households["area"]) == 1,
        "filed_poor": households["filed_poor"],
        "savings": _ranks(np.asarray(households["financial_assets"], dtype=np.float64)),
        "car": np.asarray(households["vehicles"]) > 0,
        "seen_income": households["income_visible_share"],
    }
    columns = np.array([np.asarray(values, dtype=np.float64) for values in traits.values()])
    share = weights / weights.sum()
    centred = columns - np.sum(columns * share, axis=1, keepdims=True)
    spread = np.sqrt(np.sum(np.square(centred) * share, axis=1))
    scaled = np.divide(centred, spread[:, None], out=np.zeros_like(centred), where=spread[:, None] > 0)
    # Pair by pair in a fixed order of sums: the same bits on any number of threads.
    matrix = np.array([[float(np.sum(one * other * share)) for other in scaled] for one in scaled])
    return _frame(trait=list(traits), **{name: matrix[:, k] for k, name in enumerate(traits)})


def _ranks(values: Floats) -> Floats:
    from scipy.stats import rankdata

    ranks: Floats = rankdata(values)
    return ranks
