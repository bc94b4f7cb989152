"""One county in two years: how the figures changed, and which assumptions had to differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from microsim.studies.caseload.grammar import AREAS
from microsim.studies.caseload.levers import Lever, values_in
from microsim.studies.caseload.markdown import amount, number, prose, table
from microsim.studies.caseload.study import TARGETS, CaseloadCalibration, known_figures

if TYPE_CHECKING:
    from microsim.population import County
    from microsim.scenario import Scenario

Totals = Mapping[tuple[str, str], float]  # (rule, area) -> persons or yuan


# Below tables that show what the paper prints and what is computed from it.
NOTE = prose(r"""\* not printed, but computed from the printed totals, rural share of recipients and rural
expenditure. The paper rounds, so its growth rates and its rural share of expenditure differ slightly from
those implied by its other figures.""")


def trend(early: Totals, late: Totals) -> dict[str, tuple[float, float]]:
    """The figures compared between two years: name -> the earlier and the later value, in persons, yuan or
    shares.
    """
    rows: dict[str, tuple[float, float]] = {}
    for rule, word in (("dibao_recipients", "recipients"), ("dibao_benefit", "expenditure")):
        for area in AREAS:
            rows[f"{word}, {area}"] = (early[rule, area], late[rule, area])
        totals = [sum(year[rule, area] for area in AREAS) for year in (early, late)]
        rows[f"{word}, all"] = (totals[0], totals[1])
        rows[f"rural share of {word}"] = (
            early[rule, "rural"] / totals[0],
            late[rule, "rural"] / totals[1],
        )
    for area in AREAS:
        rows[f"expenditure per recipient, {area}"] = (
            early["dibao_benefit", area] / early["dibao_recipients", area],
            late["dibao_benefit", area] / late["dibao_recipients", area],
        )
    return rows


def beside(run: CaseloadCalibration, other: Scenario) -> str:
    """Markdown: the calibrated county compared with the county and the law of another year's scenario."""
    from microsim.simulation import simulate

    population, policy = other.population(), other.policy()
    county = population.county
    assert county is not None, "a county's scenario has a profile"
    result = simulate(population, policy, list(TARGETS))
    theirs = {(rule, area): float(result.total(rule, by="area")[area]) for rule in TARGETS for area in AREAS}
    misses = zip(run.known.items(), run.found.misses, strict=True)
    ours = {key: paper * (1.0 + float(miss)) for (key, paper), miss in misses}
    before = values_in(run.moved, county, policy)
    year, first = county.year, run.county.year
    lines = {area: (policy.value("dibao.line")[area], run.policy.value("dibao.line")[area]) for area in AREAS}
    rows = []
    for lever in run.moved:
        old, new = before[lever.name], run.values[lever.name]
        if old == new:
            continue
        at = lines[lever.area] if lever.area else (None, None)
        rows.append(
            (
                f"`{lever.name}`",
                _value_text(lever, old, at[0]),
                _value_text(lever, new, at[1]),
                _by(lever, old, new),
            )
        )
    paper, print_of = trend(run.known, known_figures(county)), printed(run.county, county)
    found = trend(ours, theirs)
    figures = []
    for name, pair in paper.items():
        unit = _unit(name)
        words, values = [], []
        for when, computed in zip((first, year), pair, strict=True):
            own = print_of.get((name, when))
            words.append(number(computed, unit) + "*" if own is None else _as_printed(own, unit))
            values.append(computed if own is None else own)
        own = print_of.get((name, "change"))
        change = _change(name, (values[0], values[1])) + "*" if own is None else f"{100 * own:+.3g}%"
        mine = [number(value, unit) for value in found[name]]
        figures.append((name, *words, *mine, change, _change(name, found[name])))
    heads = (
        "",
        f"paper, {first}",
        f"paper, {year}",
        f"ours, {first}",
        f"ours, {year}",
        "paper: change",
        "ours: change",
    )
    moved = table(("lever", str(year), str(first), "difference"), rows)
    text = prose(f"""Levers whose value of {first} differs from that of {year}: amounts with their share of
    the line, which rose with prices and incomes; shares with their difference relative to the lever's
    range.""")
    return f"{table(heads, figures)}\n{NOTE}\n{text}\n{moved}\n{prose(_reading(run, county))}"


def printed(*counties: County) -> dict[tuple[str, int | str], float]:
    """What the paper itself prints of the counties' years: (name in ``trend``, year or "change") -> value.

    The change is the one up to the last county's year.
    """
    values: dict[tuple[str, int | str], float] = {}
    for county in counties:
        for name, (figure, area) in _PRINTED.items():
            value = _of_year(county, figure)
            value = value.get(area) if area and isinstance(value, dict) else value
            if value is not None:
                values[name, county.year] = float(value)
    growth = _of_year(counties[-1], "dibao_rural_recipients_growth")
    if growth is not None:
        values["recipients, rural", "change"] = float(growth)
    return values


# Rows of the table that the paper prints: figure of the profile's `paper:` section, and the area of it.
_PRINTED = {
    "recipients, all": ("dibao_total_recipients", ""),
    "rural share of recipients": ("dibao_rural_share", ""),
    "expenditure, rural": ("dibao_outlay", "rural"),
    "expenditure, all": ("dibao_total_outlay", ""),
    "rural share of expenditure": ("dibao_rural_outlay_share", ""),
}


def _of_year(county: County, figure: str) -> Any:
    return {str(year): value for year, value in (county.get(f"paper.{figure}") or {}).items()}.get(
        str(county.year)
    )


def _as_printed(value: float, unit: str) -> str:
    return f"{100 * value:.3g}%" if unit == "1" else number(value, unit)


def _reading(run: CaseloadCalibration, county: County) -> str:
    """How much income the office can verify in both years, and what else could explain it."""
    figure = "assumptions.income_visible_share.{}.mean"
    seen = {area: (run.county[figure.format(area)], county[figure.format(area)]) for area in AREAS}
    words = ", ".join(f"{early:.2f} and {late:.2f} {area}" for area, (early, late) in seen.items())
    return f"""Mean share of income that the office can verify, in {run.county.year} and {county.year}:
    {words}. On this reading, dibao grew where the test became looser and shrank where it became stricter.
    Higher or lower take-up or admission among those entitled would have the same effect; here everybody who
    is entitled receives benefits in both years."""


def _by(lever: Lever, old: float, new: float) -> str:
    if lever.unit.startswith("yuan") and old:
        return f"{new / old - 1.0:+.0%}"
    return f"{(new - old) / lever.width:+.1%} of the range"


def _value_text(lever: Lever, value: float, line: float | None) -> str:
    words = amount(lever, value)
    if lever.unit.startswith("yuan") and line and lever.parameter != "dibao.line":
        return f"{words} ({value / line:.0%})"
    return words


def _unit(name: str) -> str:
    if "share" in name:
        return "1"
    return "persons" if name.startswith("recipients") else "yuan/year"


def _change(name: str, values: tuple[float, float]) -> str:
    early, late = values
    if "share" in name:
        return f"{100 * (late - early):+.1f} points"
    return f"{late / early - 1.0:+.1%}"
