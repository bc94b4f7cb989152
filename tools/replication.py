"""The section of docs/validation.md on H county from 2016 to 2020: what is met, predicted and missed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import yaml

import microsim as ms
from microsim.report.text import number
from microsim.scenario.economy import national_incomes
from microsim.scenario.practice.ensemble import ensemble_file, read_ensemble
from microsim.studies.caseload.study import known_figures
from microsim.studies.ensemble.replication import Replication, replicate
from microsim.studies.ensemble.study import members_at_work

ROOT = Path(__file__).resolve().parents[1]
SCENARIOS = ROOT / "scenarios"
TEXTS = yaml.safe_load((ROOT / "tools" / "replication_words.yaml").read_text(encoding="utf-8"))
WORDS = {
    ("dibao_recipients", "rural"): "Dibao recipients, rural 农村低保人数",
    ("dibao_recipients", "urban"): "Dibao recipients, urban 城市低保人数",
    ("dibao_benefit", "rural"): "Dibao expenditure, rural, million yuan 农村低保支出（百万元）",
    ("dibao_benefit", "urban"): "Dibao expenditure, urban, million yuan 城市低保支出（百万元）",
}
# Net incomes per head of 2019 that the source paper prints of those who left poverty, and of the near-poor.
PAPER = {
    "filed_poor_mean.bottom_5": ("Poorest 5 % of the registered poor 建档立卡户最低5%", 3_737.0),
    "filed_poor_mean.bottom_10": ("Poorest 10 % 最低10%", 4_402.0),
    "filed_poor_mean.bottom_25": ("Poorest 25 % 最低25%", 5_379.0),
    "filed_poor_mean.top_25": ("Richest 25 % 最高25%", 19_259.0),
    "mean.near_poor_disposable_income": ("Near-poor 边缘户", 9_599.0),
    "filed_poor_top_over.bottom_5": ("Richest 25 % over poorest 5 % 最高25%与最低5%之比", 5.2),
    "filed_poor_top_over.bottom_10": ("over poorest 10 % 与最低10%之比", 4.4),
    "filed_poor_top_over.bottom_25": ("over poorest 25 % 与最低25%之比", 3.6),
    "near_poor_rank.filed_poor": ("Registered poor below the near-poor mean 低于边缘户均值的建档立卡户", 0.5),
}


# How households could be registered: correlation with low income, and share taken whatever the income.
TARGETING, BY_CHANCE = "assumptions.filed_poor_targeting", "assumptions.filed_poor_by_chance"
TRIALS = {"spread": (0.9, 0.7), "random": (0.0, 0.0)}


def scenario_of(name: str) -> ms.Scenario:
    """A scenario of H county with its whole ensemble."""
    loaded = ms.load_scenario(SCENARIOS / f"{name}.yaml")
    return replace(loaded, ensemble=read_ensemble(ensemble_file(loaded.county_path)))


def incomes(later: ms.Scenario) -> dict[str, list[float]]:
    """Figure of ``PAPER`` -> its value under each set of 2020, in money of 2020, the calibration first."""
    found: dict[str, list[float]] = {name: [] for name in PAPER}
    for _, own, given in members_at_work(later):
        for name, value in _of_registered(own, own.carried(given)).items():
            found[name].append(value)
    return found


def _of_registered(scenario: ms.Scenario, population: ms.Population) -> dict[str, float]:
    summary = ms.neighbours(population, scenario.policy(), bandwidth=1_000.0).summary
    return {name: float(summary[f"cliffs.neighbours.{name}"]["value"]) for name in PAPER}


def otherwise_registered(later: ms.Scenario) -> dict[str, tuple[dict[str, float], dict[str, float]]]:
    """Trial -> figures of ``PAPER`` and dibao recipients by area, were households registered otherwise."""
    county, found = later.county, {}
    targeting = county.figures[TARGETING]
    for name, (correlation, by_chance) in TRIALS.items():
        figures = {
            **county.figures,
            TARGETING: replace(targeting, value=correlation),
            BY_CHANCE: replace(targeting, value=by_chance),
        }
        population = later.carried(ms.synthesize(replace(county, figures=figures)))
        recipients = ms.simulate(population, later.policy(), ["dibao_recipients"]).total(
            "dibao_recipients", by="area"
        )
        found[name] = _of_registered(later, population), {a: float(recipients[a]) for a in recipients.index}
    return found


def _trial_rows(later: ms.Scenario, first: dict[str, float]) -> Iterator[str]:
    trials = otherwise_registered(later)
    for name, (label, paper) in PAPER.items():
        money = paper > 100
        digits, back = (0, _back()) if money else (1 if paper > 1 else 2, 1.0)
        cells = [paper, first[name] * back, *(figures[name] * back for figures, _ in trials.values())]
        yield f"| {label} | {' | '.join(number(value, digits) for value in cells)} |"
    of_paper = known_figures(later.county)
    for area in ("rural", "urban"):
        paper = of_paper["dibao_recipients", area]
        ours = paper * (1.0 + later.ensemble[0].misses[f"dibao_recipients.{area}"])
        cells = [paper, ours, *(recipients[area] for _, recipients in trials.values())]
        yield f"| {WORDS['dibao_recipients', area]} | {' | '.join(number(value) for value in cells)} |"


def _back() -> float:
    national = national_incomes()
    return national[2019].by_area["rural"] / national[2020].by_area["rural"]


def _predicted(found: Replication, later: ms.Scenario) -> Iterator[str]:
    first = later.ensemble[0].misses
    both = {people: rows.set_index(["target", "area"]) for people, rows in found.ranges.groupby("people")}
    for (target, area), label in WORDS.items():
        money = target == "dibao_benefit"
        cells = []
        for people in ("earlier", "later"):
            row = both[people].loc[(target, area)]
            cells += [
                _amount(row["first"], money),
                _percent(row["miss"]),
                f"{_percent(row['miss_low'])} … {_percent(row['miss_high'])}",
            ]
        known = float(both["later"].loc[(target, area), "known"])
        ours = known * (1.0 + first[f"{target}.{area}"])
        yield f"| {label} | {_amount(known, money)} | {_amount(ours, money)} | {' | '.join(cells)} |"


def _amount(value: float, money: bool) -> str:
    return number(value / 1e6, 1) if money else number(value)


def _percent(share: float) -> str:
    return f"{100 * share:+.1f} %"


def _income_rows(found: dict[str, list[float]]) -> Iterator[str]:
    for name, (label, paper) in PAPER.items():
        money = paper > 100
        digits, back = (0, _back()) if money else (1 if paper > 1 else 2, 1.0)
        then = [value * back for value in found[name]]
        as_is = found[name][0]
        shown = [number(value, digits) for value in (paper, as_is, then[0], min(then), max(then))]
        gap = _percent(then[0] / paper - 1)
        yield f"| {label} | {' | '.join(shown[:3])} | {gap} | {shown[3]} … {shown[4]} |"


def section() -> str:
    """The whole section, in Markdown."""
    earlier, later = scenario_of("h-county-2016"), scenario_of("h-county-2020")
    rows = "\n".join(_predicted(replicate(earlier, later), later))
    found = incomes(later)
    gaps = {
        name: _back() * found[f"filed_poor_mean.{name}"][0] / PAPER[f"filed_poor_mean.{name}"][1] - 1
        for name in ("bottom_5", "top_25")
    }
    poorest, richest = (f"{100 * abs(gap):.0f} %" for gap in gaps.values())
    return "\n".join(
        [
            TEXTS["head"].format(n=len(earlier.ensemble)) + rows,
            "",
            TEXTS["reading"].format(back=_back()) + "\n".join(_income_rows(found)),
            "",
            TEXTS["end"].format(poorest=poorest, richest=richest),
            TEXTS["trials"]
            + "\n".join(_trial_rows(later, {name: values[0] for name, values in found.items()})),
            "",
            TEXTS["trials_end"],
        ]
    )


if __name__ == "__main__":
    print(section())
