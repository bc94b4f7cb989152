"""Answers as the page shows them: rows of a table, bars and lines, with every number and word made here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.explore.answer import Answer, corners, family_of
from microsim.explore.effects import Idle
from microsim.explore.knobs import CAP, Knob, Value
from microsim.explore.words import CHOICES, FIGURES, IDLE, LABELS, PAGE, TILES, UNITS
from microsim.language import spoken
from microsim.report.money_text import money_note
from microsim.report.text import in_words, large_sum, number, signed
from microsim.simulation.explaining import labelled

if TYPE_CHECKING:
    from microsim.explore.session import Session
    from microsim.policy.policy import Policy
    from microsim.studies.common.typical_family import TypicalFamily

say = partial(in_words, PAGE)
# The table: headings, and the figures below each. A name with `*` is that of each cap.
ROWS: Mapping[str, tuple[str, ...]] = {
    "cost": (
        *("cost.total", "cost.dibao", "cost.dibao.rural", "cost.dibao.urban", "cost_per_recipient.dibao"),
        "budget_need",
    ),
    "paid": (
        *("paid.centre", "paid.province", "paid.prefecture", "paid.county", "paid.others"),
        "county_to_revenue",
    ),
    "caseload": (
        *("caseload.dibao", "caseload.dibao.rural", "caseload.dibao.urban", "households.dibao"),
        *("resident_share.dibao", "left_out"),
    ),
    "poverty": (*("poverty.headcount_before", "poverty.headcount", "poverty.gap", "gini.disposable_income"),),
    "gains": ("gainers", "losers"),
}
PAYERS = ("paid.centre", "paid.province", "paid.prefecture", "paid.county", "paid.others")
OF_A_CAP = ("budget_need", "left_out")
_LOST = 3  # benefits named at a cliff


def settings_data(session: Session, lang: str) -> dict[str, Any]:
    """What the page is built of: knobs, families, names and words."""
    absent = [
        {"label": one.label[lang], "why": in_words(IDLE, "absent", lang, why=_day(session))}
        for one in session.absent
    ]
    refused = [
        {"label": knob.label[lang], "why": idle_text(session.base.run.policy, session.idle[knob.name], lang)}
        for knob in session.knobs
        if _is_refused(session, knob)
    ]
    run = session.base.run
    county = run.county.name.get(lang, "") if run.county is not None else run.scenario.county_path.name
    return {
        "lang": lang,
        "title": session.scenario.title_in(lang),
        "lead": say("lead", lang, date=_day(session), county=county, money=money_note(run.money, lang)),
        "knobs": [_knob(knob, lang) for knob in session.knobs if not _is_refused(session, knob)],
        "absent": [*absent, *refused],
        "families": [{"name": name, "label": label} for name, label in _families(session, lang)],
        "file": f"{session.scenario.name}-",
        "folder": say("folder", lang, folder=str(Path(session.folder).absolute())),
        "words": {key: words[lang] for key, words in PAGE.items()},
    }


def _day(session: Session) -> str:
    return session.scenario.day.isoformat()


def _is_refused(session: Session, knob: Knob) -> bool:
    return knob.name in session.idle and session.idle[knob.name].reason == "refused"


def _knob(knob: Knob, lang: str) -> dict[str, Any]:
    scale = _scale(knob, lang)
    return {
        "name": knob.name,
        "kind": knob.kind,
        "label": knob.label[lang],
        "help": knob.help[lang],
        "value": knob.value,
        "was": say("was", lang, value=value_shown(knob, knob.value, lang)),
        "low": knob.low,
        "high": knob.high,
        "step": knob.step,
        "scale": scale,
        "unit": _unit(knob, lang),
        "whole": knob.whole,
        "ratio": "" if knob.whole is None else say("ratio", lang, line=number(knob.whole)),
        "monthly": knob.unit == "yuan/year" and knob.name != CAP,
        "optional": knob.optional,
        "choices": [{"value": one, "label": CHOICES[one][lang]} for one in knob.choices],
    }


def _scale(knob: Knob, lang: str) -> float:
    """What one of the units shown is in the knob's own."""
    if knob.name == CAP:
        return 1e4 if lang == "zh" else 1e6
    return 0.01 if knob.unit == "1" else 1.0


def _unit(knob: Knob, lang: str) -> str:
    key = "money" if knob.name == CAP else "line" if knob.unit == "yuan/year" else knob.unit
    return UNITS[key][lang] if key else ""


def value_shown(knob: Knob, value: Value, lang: str) -> str:
    """A value of a knob in words."""
    if value is None:
        return say("no_cap", lang)
    if isinstance(value, str):
        return CHOICES[value][lang]
    if knob.name == "exit_months" and not value:
        return say("not_granted", lang)
    if isinstance(value, bool):
        return say("on" if value else "off", lang)
    shown = number(value / _scale(knob, lang), 0 if knob.unit != "1" or (value * 100) % 1 == 0 else 1)
    return f"{shown}{'' if lang == 'zh' or knob.unit == '1' else ' '}{_unit(knob, lang)}"


def _families(session: Session, lang: str) -> Iterator[tuple[str, str]]:
    own = session.base.run.family
    if own is not None:
        yield "", say("typical", lang, id=own.household_id, size=own.size)
    families = session.families
    for name in families.names if families is not None else ():
        label = families.labels[name] if families is not None else {}
        yield name, label.get(lang) or next(iter(label.values()), name)


def idle_text(policy: Policy, idle: Idle, lang: str) -> str:
    """Why a knob does nothing under a policy, in words."""
    comma = "、" if lang == "zh" else ", "
    if idle.error is not None:
        # Neither places in a file nor how to mend it: nobody at the page has the file before them.
        said = dict.fromkeys(spoken(one.message) for one in idle.error.offences)
        return in_words(IDLE, idle.reason, lang, why=comma.join(said))
    whys = []
    for name in idle.why:
        if name in policy.parameters:
            value = policy.value(name)
            word = CHOICES.get(str(value), {}).get(lang) or (
                say("on" if value else "off", lang) if isinstance(value, bool) else labelled(str(value), lang)
            )
            label = policy.parameters[name].label.get(lang, name)
            whys.append(in_words(IDLE, "is", lang, name=label, value=word))
        else:
            whys.append(LABELS[name][lang])
    return in_words(IDLE, idle.reason, lang, why=comma.join(whys))


def answer_data(session: Session, answers: Mapping[str, Answer], family: str, lang: str) -> dict[str, Any]:
    """The answers to some settings (``base`` among them) as the page shows them."""
    return {
        "rows": list(_rows(answers, lang)),
        "tiles": [
            {**_row(name, name, answers, lang), "label": words[lang]}
            for name, words in TILES.items()
            if _known(name, answers)
        ],
        "payers": _bars(answers, PAYERS, lang),
        "caseload": _bars(answers, ("caseload.dibao.rural", "caseload.dibao.urban"), lang),
        "family": _family(session, answers, family, lang),
        "idle": {
            side: {
                name: idle_text(found.run.policy, one, lang)
                for name, one in session.idle_under(found).items()
            }
            for side, found in answers.items()
        },
        "no_payers": "" if session.base.payers else say("no_payers", lang),
    }


def _rows(answers: Mapping[str, Answer], lang: str) -> Iterator[dict[str, Any]]:
    for heading, names in ROWS.items():
        found = [row for name in names for row in _of(name, answers, lang)]
        if found:
            yield {"heading": FIGURES[heading][lang]}
            yield from found


def _of(name: str, answers: Mapping[str, Answer], lang: str) -> Iterator[dict[str, Any]]:
    known = dict.fromkeys(one for found in answers.values() for one in found.figures)
    full = [one for one in known if name in OF_A_CAP and one.startswith(f"{name}.") and one.count(".") == 1]
    for one in full or ([name] if name in known else []):
        yield _row(name, one, answers, lang)


def _known(name: str, answers: Mapping[str, Answer]) -> bool:
    return any(name in found.figures for found in answers.values())


def _row(label: str, name: str, answers: Mapping[str, Answer], lang: str) -> dict[str, Any]:
    """One figure under every setting, each with its change against the scenario as it is."""
    unit = next(found.figures[name][1] for found in answers.values() if name in found.figures)
    base = answers["base"].figures.get(name, (None, unit))[0]
    kind = _kind(name, unit)
    cells = {}
    for side, found in answers.items():
        value = found.figures.get(name, (None, unit))[0]
        change = value - base if value is not None and base is not None and side != "base" else None
        cells[side] = {
            "value": _shown(value, kind, lang),
            "change": "" if change is None else _change(change, kind, lang),
            "sign": 0 if change is None else (change > 0) - (change < 0),
        }
    return {
        "name": label,
        "label": FIGURES[label][lang],
        "unit": UNITS[kind][lang],
        "part": label.endswith((".rural", ".urban")),
        "cells": cells,
    }


def _kind(name: str, unit: str) -> str:
    """The unit in which a figure is shown."""
    if name.startswith("gini."):
        return "index"
    if unit == "yuan/year" and not name.startswith("cost_per_recipient."):
        return "money"
    return unit


def _shown(value: float | None, kind: str, lang: str) -> str:
    if kind == "money":
        return large_sum(value, lang)
    if value is None:
        return "-"
    return number(value * 100, 2) if kind == "1" else number(value, 4 if kind == "index" else 0)


def _change(change: float, kind: str, lang: str) -> str:
    """A change with its sign; that of a share in percentage points."""
    if kind == "money":
        text = signed(change / (1e4 if lang == "zh" else 1e6), 0 if lang == "zh" else 1)
    else:
        text = signed(change * (100 if kind == "1" else 1), {"1": 2, "index": 4}.get(kind, 0))
    return "0" if not text.strip("+-0.") else text.replace("-", "−")


def _bars(answers: Mapping[str, Answer], names: tuple[str, ...], lang: str) -> list[dict[str, Any]]:
    """For each setting its parts, in a fixed order: label, value and the number as it is written."""
    out = []
    for side, found in answers.items():
        parts: list[dict[str, Any]] = [
            {
                "label": FIGURES[name][lang],
                "value": found.figures[name][0],
                "shown": _shown(found.figures[name][0], _kind(name, found.figures[name][1]), lang),
                "key": names.index(name),
            }
            for name in names
            if name in found.figures
        ]
        total = sum(part["value"] for part in parts)
        kind = "money" if names[0].startswith("paid") else "persons"
        out.append({"side": side, "parts": parts, "total": total, "shown": _shown(total, kind, lang)})
    return out


def _family(session: Session, answers: Mapping[str, Answer], name: str, lang: str) -> dict[str, Any]:
    lines = {side: family_of(found, session.families, name) for side, found in answers.items()}
    drawn = {side: line for side, line in lines.items() if line is not None}
    if not drawn:
        return {"lines": {}, "texts": [say("no_family", lang)]}
    first = next(iter(drawn.values()))
    return {
        "lines": {side: corners(line) for side, line in drawn.items()},
        "now": first.wage,
        "texts": [
            *(_cliffs(line, answers[side], say(side, lang), lang) for side, line in drawn.items()),
            say("drops_note", lang),
        ],
    }


def _cliffs(line: TypicalFamily, found: Answer, name: str, lang: str) -> str:
    if not line.notches:
        return say("no_drop", lang, name=name)
    worst = max(line.notches, key=lambda notch: notch.drop)
    rules = found.run.policy.rules
    lost = [rules[rule].label.get(lang, rule) if rule in rules else rule for rule in worst.lost][:_LOST]
    return say(
        "drops",
        lang,
        name=name,
        n=len(line.notches),
        at=number(worst.at),
        drop=number(worst.drop),
        lost=("、" if lang == "zh" else ", ").join(lost),
    )


def basis_data(session: Session, lang: str) -> dict[str, Any]:
    """What the figures rest on and what they leave out: the assumptions that matter most, and the texts."""
    from microsim.report.brief import common
    from microsim.report.brief.folder import Folder
    from microsim.report.brief.model import Findings
    from microsim.report.run import manifest

    run = session.base.run
    nothing_else = Findings("", "", (), None, ())  # is said than what every run says
    folder = Folder(session.folder, "run", manifest(run, ""), run.summary)
    n = str(run.assumptions["name"].nunique())
    most = session.assumptions
    table: dict[str, Any] = {"header": [], "rows": []}
    if most is not None and not most.empty:
        annex = common.annex_of(folder, most.head(common.MOST_ASSUMPTIONS), lang)
        table = {"header": list(annex.header), "rows": [list(row) for row in annex.rows]}
    return {
        "method": common.method(folder, nothing_else, lang).text,
        "listed": say("listed" if table["rows"] else "listed_only", lang, n=n),
        "table": table,
        "not_modelled": [text.text for text in common.not_modelled(folder, nothing_else, lang)],
    }
