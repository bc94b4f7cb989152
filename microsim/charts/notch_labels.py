"""What a notch is called on a chart: what flips, what is lost by it, and what that is in life."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from microsim.charts.base import need_columns, number
from microsim.charts.notches import Notch
from microsim.charts.words import checked, word
from microsim.language import Lang
from microsim.numerics.ranking import to_rank_by

Labels = Mapping[str, Mapping[str, str]]
_GATES = 2  # rules named at most
LIFE = ("months_of_support", "days_of_minimum_wage")


def notch_labels(
    notches: pd.DataFrame,
    causes: pd.DataFrame,
    lang: str | None = None,
    labels: Labels | None = None,
    least: float = 1.0,
) -> list[Notch]:
    """The drops of one budget line as ``budget_constraint`` and ``marginal_rates`` take them.

    ``notches``: ``notch``, ``at``, ``drop`` (yuan/year), and perhaps ``months_of_support`` and
    ``days_of_minimum_wage``. ``causes``: ``notch``, ``gate`` (rule), ``through`` (status or step),
    ``programme``, ``change``. ``labels``: name of a rule or programme -> language -> label. Drops below
    ``least`` are left out. Raises ``MicrosimError`` for missing columns.
    """
    language = checked(lang)
    if not len(notches):
        return []
    need_columns(notches, ["notch", "at", "drop"], "notch_labels")
    if len(causes):
        need_columns(causes, ["notch", "gate", "through", "programme", "change"], "notch_labels")
    out = []
    for _, notch in notches[notches["drop"] >= least].iterrows():
        own = causes[causes["notch"] == notch["notch"]] if len(causes) else causes
        lines = [_gates(own, language, labels), _programmes(own, language, labels), in_life(notch, language)]
        what = "\n".join(line for line in lines if line)
        out.append((float(notch["at"]), float(notch["drop"]), what))
    return out


def in_life(notch: pd.Series, lang: Lang) -> str:
    """``12.0 months of benefits, 81 days at the minimum wage``; without what is not known."""
    said = []
    for name, digits in zip(LIFE, (1, 0), strict=True):
        value = notch.get(name)
        if value is not None and pd.notna(value):
            said.append(f"{number(float(value), digits)}{'' if lang == 'zh' else ' '}{word(name, lang)}")
    return ("，" if lang == "zh" else ", ").join(said)


def _gates(rows: pd.DataFrame, lang: Lang, labels: Labels | None) -> str:
    """``In dibao by law``: the rules that flip, those with the largest part in the change first."""
    if not len(rows):
        return ""
    sizes = rows.groupby("gate", sort=False)["change"].sum().abs().map(to_rank_by)
    sizes = sizes.sort_values(ascending=False, kind="stable")
    said = []
    for gate in sizes.index[:_GATES]:
        name = word(str(gate), lang, labels)
        if (rows.loc[rows["gate"] == gate, "through"] == "step").all():
            name += f"（{word('step', lang)}）" if lang == "zh" else f" ({word('step', lang)})"
        said.append(name)
    return ("；" if lang == "zh" else "; ").join(said) + ("…" if len(sizes) > _GATES else "")


def _programmes(rows: pd.DataFrame, lang: Lang, labels: Labels | None) -> str:
    """``Medical aid −842, dibao −2,880``: what each programme changes by, losses first."""
    if not len(rows):
        return ""
    sums = rows.groupby("programme", sort=False)["change"].sum()
    sums = sums.sort_values(key=lambda changes: changes.map(to_rank_by), kind="stable")
    parts = [f"{word(str(p), lang, labels)} {_signed(c)}" for p, c in sums.items() if abs(c) >= 0.5]
    return ("、" if lang == "zh" else ", ").join(parts)


def _signed(change: float) -> str:
    return f"+{number(change)}" if change > 0.0 else number(change)
