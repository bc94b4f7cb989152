"""A comparison as printed text: base, reform and change side by side, then who gains and who loses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from microsim.outcome import flat_name
from microsim.report.money_text import money_note
from microsim.report.text import number, percent, signed, table, wrap
from microsim.report.texts.budget_text import budget_text, cap_line
from microsim.report.texts.calibration_text import calibrated_note, ranges_text
from microsim.report.texts.ensemble_text import effects_text
from microsim.report.texts.hardship_text import NOTE, TITLE, hardship_rows
from microsim.report.texts.ledger_text import payer_label
from microsim.report.texts.run_text import notes, outside_text, what_is_lost
from microsim.report.words import WORDS, programme_label, say
from microsim.studies.common.estimates import TYPES
from microsim.studies.common.expenditure import SUMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from microsim.studies.common.baseline import RunResult
    from microsim.studies.compare.study import Comparison

# Measures of a programme in the order shown: factor and digits; a share is shown in per cent.
_FORMATS: dict[str, tuple[float, int] | None] = {
    "caseload": (1.0, 0),
    "person_months": (1.0, 0),
    "resident_share": None,
    "cost": (1e-6, 2),  # in Chinese 万元: _form
    "cost_per_recipient": (1.0, 0),
    "revenue_share": None,
}
INCOME = "disposable_income"


def comparison_text(compared: Comparison, lang: str) -> str:
    """The text that ``microsim run`` prints for a scenario with a base, at most 80 columns wide."""
    sections = [
        _head(compared, lang),
        outside_text(compared.base, lang),
        _programmes(compared, lang),
        budget_text(compared.reform, lang),
        _ranges(compared, lang),
        _payers(compared, lang),
        _poverty(compared, lang),
        _hardship(compared, lang),
        _gains(compared, lang),
        _family(compared, lang),
        _notes(compared, lang),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _ranges(compared: Comparison, lang: str) -> str:
    return effects_text(compared, lang) or ranges_text(compared.ranges, lang)


def _head(compared: Comparison, lang: str) -> str:
    lines = []
    for key, run in (("base", compared.base), ("reform", compared.reform)):
        law = say("law_of", lang, date=run.scenario.day)
        named = say(f"{key}_is", lang, title=run.scenario.title_in(lang), law=law)
        lines.append(named)
    population = compared.base.population
    weights = population.weight
    sizes = population.offsets[1:] - population.offsets[:-1]
    lines.append(
        say(
            "people",
            lang,
            persons=number(float((weights * sizes).sum())),
            households=number(float(weights.sum())),
            rows=number(population.n_households),
        )
    )
    lines += calibrated_note(compared.base.scenario, lang)
    moneys = dict.fromkeys(money_note(run.money, lang) for run in (compared.base, compared.reform))
    if len(moneys) == 1:
        lines += moneys
    else:
        lines += [
            f"{say(key, lang).capitalize()}{'：' if lang == 'zh' else ': '}{said}"
            for key, said in zip(("base", "reform"), moneys, strict=True)
        ]
    lines += [say("differs", lang, what=what) for what in _differences(compared, lang)]
    return "\n".join(wrap(line) for line in lines)


def _differences(compared: Comparison, lang: str) -> Iterator[str]:
    """What the reform says otherwise than its base: law, regimes, and every changed parameter."""
    base, reform = compared.base.scenario, compared.reform.scenario
    if base.county_path != reform.county_path:
        yield say("differs_county", lang, a=base.county_path.name, b=reform.county_path.name)
    names = [*dict.fromkeys([*base.changes, *reform.changes])]
    for name in names:
        if base.changes.get(name) != reform.changes.get(name):
            yield f"{name}: {_said(base.changes.get(name), lang)} → {_said(reform.changes.get(name), lang)}"
    for programme in dict.fromkeys([*base.regime, *reform.regime]):
        a, b = base.regime.get(programme), reform.regime.get(programme)
        if a != b:
            yield f"regime.{programme}: {a or '-'} → {b or '-'}"
    caps = [{cap.name: cap for cap in side.budget} for side in (base, reform)]
    for name in dict.fromkeys([*caps[0], *caps[1]]):
        a_cap, b_cap = (side.get(name) for side in caps)
        if a_cap != b_cap:
            policy = compared.reform.policy
            lines = ["-" if cap is None else cap_line(cap, policy, lang) for cap in (a_cap, b_cap)]
            yield f"budget.{name}: {' → '.join(lines)}"


def _said(change: object, lang: str) -> str:
    if change is None:
        return say("as_in_law", lang)
    if isinstance(change, bool):
        return say("yes" if change else "no", lang)
    if isinstance(change, dict) and set(change) == {"by"}:
        named = [(say(key, lang) if key in WORDS else key, value) for key, value in change["by"].items()]
        return ("，" if lang == "zh" else ", ").join(f"{name} {value}" for name, value in named)
    return str(change)


def _groups(compared: Comparison) -> list[str]:
    groups = list(dict.fromkeys(compared.table["group"]))
    return [*(group for group in groups if group), ""]


def _form(measure: str, lang: str) -> tuple[float, int] | None:
    """How a measure is shown: sums in millions in English, in whole 万元 in Chinese."""
    return (1e-4, 0) if measure == "cost" and lang == "zh" else _FORMATS[measure]


def _row(label: str, values: tuple[float, float], form: tuple[float, int] | None) -> tuple[str, ...]:
    a, b = values
    if form is None:
        return (label, percent(a, 2), percent(b, 2), signed(b - a, None))
    factor, digits = form
    return (label, number(a * factor, digits), number(b * factor, digits), signed((b - a) * factor, digits))


def _header(lang: str, first: str) -> tuple[str, ...]:
    return (first, say("base", lang), say("reform", lang), say("change", lang))


def _programmes(compared: Comparison, lang: str) -> str:
    """A table for each programme that differs, and one line naming those that do not."""
    values, tables, same = compared.values, [], []
    comma = "，" if lang == "zh" else ", "
    rows_of = compared.table
    subjects = [
        s for s in dict.fromkeys(rows_of.loc[rows_of["measure"] == "cost", "subject"]) if s not in SUMS
    ]
    for subject in [*subjects, "total"]:
        label = say("all_programmes", lang) if subject == "total" else _label(compared, subject, lang)
        rows = []
        for measure in _FORMATS:
            if measure == "person_months" and len(compared.base.parts) == len(compared.reform.parts) == 1:
                continue  # 12 times the recipients
            found = [(group, values.get(flat_name(measure, subject, group))) for group in _groups(compared)]
            for group, pair in found:
                if pair is not None and (pair[0] != pair[1] or subject == "total"):
                    rows.append(
                        _row(f"{say(measure, lang)}{comma}{say(group, lang)}", pair, _form(measure, lang))
                    )
        if subject != "total" and not rows:
            if any(pair != (0.0, 0.0) for name, pair in values.items() if name.startswith(f"cost.{subject}")):
                same.append(label)
            continue
        if subject == "total":
            forms = [(form, values.get(flat_name("cost", form))) for form in ("cash", "kind")]
            rows += [
                _row(f"{say('cost', lang)}{comma}{say(f'form_{form}', lang)}", pair, _form("cost", lang))
                for form, pair in forms
                if pair is not None
            ]
        tables.append(table(_header(lang, label), rows, (1, 2, 3)))
    if same:
        names = ("、" if lang == "zh" else ", ").join(same)
        tables.append(wrap(say("unchanged_programmes", lang, names=names)))
    return "\n\n".join(tables)


def _payers(compared: Comparison, lang: str) -> str:
    """Who pays for all programmes under both; nothing where there is no profile."""
    paid = compared.payers[compared.payers["programme"] == ""]
    if paid.empty:
        return ""
    form = _form("cost", lang)
    sides = paid[["payer", "a", "b"]].itertuples(index=False, name=None)
    rows = [_row(payer_label(payer, lang), (a, b), form) for payer, a, b in sides if a or b]
    return table(_header(lang, payer_label("programme", lang)), rows, (1, 2, 3))


def _label(compared: Comparison, subject: str, lang: str) -> str:
    both = (programme_label(run.policy, subject, lang) for run in (compared.reform, compared.base))
    return next((label for label in both if label != subject), subject)


def _poverty(compared: Comparison, lang: str) -> str:
    """Poverty at each line and inequality, after benefits."""
    values = compared.values
    rows: list[tuple[str, ...]] = []
    comma = "，" if lang == "zh" else ", "
    for name, lines in compared.base.lines.items():
        measure = "poverty" if name == "national" else f"poverty_{name}"
        both = [lines, compared.reform.lines.get(name, {})]
        amounts = list(dict.fromkeys(number(value) for of in both for value in of.values()))
        found = [
            (subject, group, values.get(flat_name(measure, subject, group)))
            for subject in ("headcount", "gap")
            for group in _groups(compared)
        ]
        if any(pair for *_, pair in found):
            rows.append((say(name, lang, line=" / ".join(amounts)), "", "", ""))
        for subject, group, pair in found:
            if pair is not None:
                rows.append(_row(f"  {say(subject, lang)}{comma}{say(group, lang)}", pair, None))
    for group in _groups(compared):
        pair = values.get(flat_name("gini", INCOME, group))
        if pair is not None:
            rows.append(_row(f"{say('gini', lang)}{comma}{say(group, lang)}", pair, (1.0, 4)))
    return table(_header(lang, say("after_benefits", lang)), rows, (1, 2, 3)) if rows else ""


def _hardship(compared: Comparison, lang: str) -> str:
    """Spending on illness, poverty by expenditure, and programmes that meet in one household."""
    rows = [
        _row(label, pair, None)
        for label, measure, subject in hardship_rows(lang)
        if (pair := compared.values.get(flat_name(measure, subject, ""))) is not None
    ]
    return table(_header(lang, TITLE[lang]), rows, (1, 2, 3)) + "\n" + wrap(NOTE[lang]) if rows else ""


def _gains(compared: Comparison, lang: str) -> str:
    """Winners and losers by area and by decile of income before benefits."""
    if compared.gains is None:
        return wrap(say("no_gains_money" if compared.other_money else "no_gains", lang))
    found = compared.gains.summary
    groups = [*(g for g in _groups(compared) if g), *TYPES, *(f"decile_{k}" for k in range(1, 11)), ""]
    rows = []
    for group in groups:

        def value(measure: str, group: str = group) -> float:
            entry = found.get(flat_name(measure, INCOME, group))
            return float(entry["value"]) if entry else np.nan

        if np.isnan(value("gaining_share")):
            continue
        name = say("decile", lang, k=group[7:]) if group.startswith("decile_") else say(group, lang)
        rows.append(
            (
                name,
                percent(value("gaining_share")),
                number(value("mean_gain")),
                percent(value("losing_share")),
                number(value("mean_loss")),
                signed(value("mean_change"), 0),
            )
        )
    header = tuple(
        say(key, lang) for key in ("residents_of", "gain", "mean_gain", "lose", "mean_loss", "mean_change")
    )
    return table(header, rows, (1, 2, 3, 4, 5)) + "\n" + wrap(say("gains_note", lang))


def _family(compared: Comparison, lang: str) -> str:
    """The same family under both laws: what it has now, and where earning more leaves it with less."""
    base, reform = compared.base.family, compared.reform.family
    if base is None or reform is None:
        return ""
    lines = [say("family", lang, id=base.household_id, size=base.size, wage=number(base.wage))]
    for key, run in (("base", compared.base), ("reform", compared.reform)):
        lines.append(_cliffs_of(key, run, lang))
    return "\n".join(wrap(line.strip(), "  " if line.startswith(" ") else "") for line in lines)


def _cliffs_of(key: str, run: RunResult, lang: str) -> str:
    family = run.family
    assert family is not None
    now = number(float(np.interp(family.wage, family.earnings, family.total)))
    comma, semicolon = ("、", "；") if lang == "zh" else (", ", "; ")
    falls = [
        say("fall", lang, at=number(n.at), drop=number(n.drop), part=what_is_lost(run, n, lang))
        for n in family.notches
    ]
    said = semicolon.join(falls) if falls else say("no_fall", lang)
    return "  " + say("family_under", lang, which=say(key, lang), now=now, falls=said, comma=comma)


def _notes(compared: Comparison, lang: str) -> str:
    shown: list[str] = []
    for run in (compared.base, compared.reform):
        shown += [note for note in notes(run, lang) if note not in shown]
    return "\n".join(wrap(note) for note in shown)
