"""The charts of cliff studies, drawn from their tables: one county, scenarios side by side, families."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from microsim.report.words import say as say_of_run
from microsim.studies.cliffs.commonest import LEAST, commonest

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from microsim.studies.cliffs.families import FamilyLines
    from microsim.studies.cliffs.lines import BudgetLines
    from microsim.studies.cliffs.study import CliffStudy

Charts = dict[str, Callable[[], "Figure"]]
MEASURES = ("resources", "disposable_income")  # that charts have a word for
WORDS: dict[str, dict[str, str]] = {
    "household": {
        "en": "Household {id} (persons: {size}), with the median loss among those that face the commonest "
        "cliff within 3,000 yuan.",
        "zh": "第{id}户，{size}口人：在3,000元内面临最常见悬崖的家庭中，损失居中。",
    },
    "ladder": {
        "en": "Households that face a cliff; shares are of all households studied, as in the tables.",
        "zh": "图中为面临悬崖的家庭；比重以全部测算家庭为基数，与表格一致。",
    },
    "losses": {
        "en": "Households that face a cliff, weighted means; each household counts under the first type "
        "that fits.",
        "zh": "仅含面临悬崖的家庭，加权平均；每户归入首个符合的类型。",
    },
    "families": {
        "en": "Invented families; only the income of one member varies. Losses are labelled where there is "
        "room.",
        "zh": "家庭为虚构；除一名成员的收入外，其他条件不变。损失额在空间允许处标出。",
    },
}


def cliff_charts(study: CliffStudy, lang: str) -> Charts:
    """Name -> maker of each chart that a study has the numbers for.

    ``cliff_ladder`` of all households with a drop ahead, and ``loss_map`` of them where some type and income
    band has enough of them in the data for a mean to be shown; ``budget_constraint`` and ``marginal_rates``
    of the household that represents the commonest cliff within 3,000 yuan.
    """
    from microsim import charts
    from microsim.charts.cliffs import FEWEST
    from microsim.studies.cliffs.searched import INCOME
    from microsim.studies.cliffs.tables import ladder, losses, studied

    found = study.cliffs
    if not (found.households["next_drop"] >= 1.0).any():
        return {}
    note = f"{_scenario(study, lang)}{_sep(lang)}"
    out: Charts = {
        "cliff_ladder": lambda: charts.cliff_ladder(
            ladder(found), lang, note=note + WORDS["ladder"][lang], studied=studied(found)
        )
    }
    if INCOME in found.policy.rules:
        means = losses(found)
        if (means["rows"] >= FEWEST).any():
            out["loss_map"] = lambda: charts.loss_map(means, lang, note=note + WORDS["losses"][lang])
    near = commonest(found.households)
    if near is not None:
        lines = _Once(study, near.household_id)
        out["budget_constraint"] = lambda: _budget(lines, lang, note)
        out["marginal_rates"] = lambda: _rates(lines, lang, note)
    return out


def reform_charts(studies: Sequence[CliffStudy], lang: str) -> Charts:
    """The figures of two scenarios or more side by side; nothing for one."""
    import pandas as pd

    from microsim import charts

    if len(studies) < 2:
        return {}
    tables = [study.cliffs.table.assign(scenario=study.scenario.name) for study in studies]
    titles = {study.scenario.name: _titles(study.scenario.title) for study in studies}
    return {"reform_cliffs": lambda: charts.reform_cliffs(pd.concat(tables), lang, labels=titles)}


def family_charts(lines: FamilyLines, titles: Mapping[str, Mapping[str, str]], lang: str) -> Charts:
    """All families under all scenarios in one figure, and one figure for each family.

    ``titles``: name of a scenario -> language -> title.
    """
    from microsim import charts

    labels = {
        **lines.labels,
        **moved_labels(lines.vary),
        **{name: _titles(title) for name, title in titles.items()},
    }
    note = WORDS["families"][lang]

    def draw(tables: list[pd.DataFrame]) -> Figure:
        points, notches, households = tables
        return charts.family_lines(points, notches, lang, note=note, labels=labels, households=households)

    tables = [lines.lines, lines.notches, lines.households]
    out: Charts = {"families": lambda: draw(tables)}
    for family in lines.families.names:
        out[f"family-{family}"] = lambda own=family: draw([t[t["family"] == own] for t in tables])  # type: ignore[misc]
    return out


def moved_labels(vary: str) -> dict[str, Mapping[str, str]]:
    """What charts call the moved income where it is no wage: the column's label, on axis and stack."""
    from microsim.population import registry

    if vary == "wage_income" or vary not in registry():
        return {}
    return dict.fromkeys(("own_earnings", "earnings"), registry()[vary].label)


class _Once:
    """The budget line of one household, found when a chart first asks for it."""

    def __init__(self, study: CliffStudy, household: int) -> None:
        self.study, self.household = study, household
        self._lines: BudgetLines | None = None

    def __call__(self) -> BudgetLines:
        from microsim.studies.cliffs.lines import budget_lines
        from microsim.studies.cliffs.search import cliffs

        if self._lines is None:
            found = self.study.cliffs
            own = found.households[found.households["household_id"] == self.household]
            marks = np.zeros(len(found.population.person_id), dtype=bool)
            first = found.population.offsets[:-1].copy()
            position = int(np.flatnonzero(found.population.household_id == self.household)[0])
            first[position] = int(np.flatnonzero(found.population.person_id == own["person_id"].iloc[0])[0])
            marks[first] = True
            alone = cliffs(
                found.population,
                found.policy,
                vary=found.vary,
                member=marks,
                households=[self.household],
                resources=found.resources,
                kinks=True,
            )
            self._lines = budget_lines(alone)
        return self._lines

    def present(self) -> float:
        """The moved income that its member has now."""
        return float(self().households["present"].iloc[0])

    def size(self) -> int:
        """Persons in the household."""
        population = self.study.cliffs.population
        position = int(np.flatnonzero(population.household_id == self.household)[0])
        return int(np.diff(population.offsets)[position])


def _budget(lines: _Once, lang: str, note: str) -> Figure:
    from microsim import charts

    own = lines()
    line = own.line(lines.household)
    parts = {c: line[c].clip(lower=0.0) for c in line.columns if c not in ("moved", "side", "costs", "total")}
    notches = charts.notch_labels(own.notches, own.causes, lang, own.labels, LEAST)
    note += WORDS["household"][lang].format(id=lines.household, size=lines.size())
    labels = {**own.labels, **moved_labels(lines.study.cliffs.vary)}
    found = lines.study.cliffs
    return charts.budget_constraint(
        line["moved"], parts, line["total"], lang, notches=notches, labels=labels, note=note,
        present=lines.present(), measure=found.resources if found.resources in MEASURES else "resources",
        deducted="costs" if "costs" in line else "deductions",
    )  # fmt: skip


def _rates(lines: _Once, lang: str, note: str) -> Figure:
    from microsim import charts

    own = lines()
    line = own.line(lines.household)
    notches = charts.notch_labels(own.notches, own.causes, lang, own.labels, LEAST)
    note += WORDS["household"][lang].format(id=lines.household, size=lines.size())
    labels = {**own.labels, **moved_labels(lines.study.cliffs.vary)}
    return charts.marginal_rates(
        line["moved"], line["total"], notches, lang, labels=labels, note=note, present=lines.present()
    )


def _scenario(study: CliffStudy, lang: str) -> str:
    law = say_of_run("law_of", lang, date=study.scenario.day)
    comma = "，" if lang == "zh" else ". "
    return f"{study.scenario.title_in(lang)}{comma}{law}"


def _sep(lang: str) -> str:
    return "。" if lang == "zh" else ". "


def _titles(title: Mapping[str, str]) -> dict[str, str]:
    """The title in both languages; one replaces the other where it is given in one only."""
    some = next(iter(title.values()), "")
    return {lang: title.get(lang, some) for lang in ("en", "zh") if some}
