"""The ways to a county's figures, in the order of plausibility, and how far each lever may go.

Everything here is an assumption: no source says how far practice departs from the letter of the law.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from microsim.studies.calibration.targets import AREAS

if TYPE_CHECKING:
    from microsim.policy.policy import Policy

TAKE_UP = {name: f"take_up.{name}" for name in ("dibao", "tekun", "living_subsidy", "nursing_subsidy")}
SEEN, DISCRETION, MINIMUM = "means_test.income_seen", "dibao.discretion_share", "dibao.minimum_share"
PAYMENT = "dibao.payment"
TOP_UPS = tuple(f"dibao.top_up.{who}" for who in ("elderly", "minor", "severe_disability", "severe_illness"))
LIVING = "tekun.living_multiple"
AMOUNTS = {
    "living_subsidy": "disability_subsidies.living",
    "nursing_subsidy": "disability_subsidies.nursing",
}
PLAUSIBLE = 0.2  # the least rate of take-up: the range of the law
SEEN_RANGE = (0.6, 1.5)  # as the range of the law
TOP_UP_RANGE = (0.33, 3.0)  # of the amounts of the law: 10-30 % of the line are remembered
AMOUNT_RANGE = (0.4, 3.0)  # of the two subsidies' amounts
LIVING_RANGE = (0.8, 2.5)  # of tekun's living standard in lines


@dataclass(frozen=True)
class Road:
    """One way: what is settled beforehand. What is not is moved until the targets are met.

    ``seen``: the factor on incomes seen, ``None`` where expenditure decides it. ``tilt``: take-up of an age
    band relative to the others. ``changes`` are settled, by area.
    """

    name: str
    seen: float | None = None
    tilt: Mapping[str, float] = field(default_factory=dict)
    top_ups: float = 1.0
    changes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> dict[str, str]:
        """What it is, by language."""
        parts = self.name.split("+")
        return {
            language: joint.join(LABELS[part][k] for part in parts)
            for k, (language, joint) in enumerate((("en", ", "), ("zh", "，")))
        }

    def holds(self) -> tuple[str, ...]:
        """Parameters that the way itself moves besides take-up."""
        return (*self.changes, *((SEEN,) if self.seen not in (None, 1.0) else ()))


# Part of a way -> what it is, in English and Chinese.
LABELS = {
    "take_up": ("take-up alone", "仅调整申领率"),
    "seen": ("take-up and incomes seen", "申领率与可核实收入"),
    "elderly_more": ("the elderly claim more", "老年家庭申领较多"),
    "elderly_less": ("the elderly claim less", "老年家庭申领较少"),
    "seen_less": ("a fifth less seen of incomes", "核实到的收入少两成"),
    "seen_more": ("a fifth more seen of incomes", "核实到的收入多两成"),
    "some_discretion": ("15 % admitted near the line", "临界家庭15%酌情纳入"),
    "discretion": ("30 % admitted near the line", "临界家庭30%酌情纳入"),
    "much_discretion": ("60 % admitted near the line", "临界家庭60%酌情纳入"),
    "minimum": ("at least 15 % of the line paid", "人均至少发放标准的15%"),
    "other_payment": ("the other form of payment", "另一种计发方式"),
    "top_ups_low": ("top-ups halved", "分类施保金减半"),
    "top_ups_high": ("top-ups doubled", "分类施保金加倍"),
}
_TILTS = {
    "elderly_more": {"minor": 0.35, "working_age": 0.35, "elderly": 1.0},
    "elderly_less": {"minor": 1.0, "working_age": 1.0, "elderly": 0.35},
}
# Names of ways in the order of plausibility; what their parts settle is in ``roads``.
_KNOWN = (
    "take_up", "seen", "elderly_more", "elderly_less", "some_discretion", "discretion", "minimum",
    "other_payment", "top_ups_low", "top_ups_high", "much_discretion", "elderly_more+discretion",
    "elderly_more+much_discretion", "elderly_less+top_ups_low", "elderly_less+top_ups_high",
    "elderly_less+minimum", "some_discretion+minimum", "discretion+minimum", "discretion+top_ups_low",
    "discretion+top_ups_high", "other_payment+discretion", "other_payment+much_discretion",
    "other_payment+minimum", "other_payment+top_ups_low", "other_payment+top_ups_high",
    "elderly_less+other_payment", "elderly_less+other_payment+top_ups_low",
    "elderly_less+other_payment+top_ups_high", "elderly_more+other_payment+much_discretion",
    "elderly_more+other_payment+top_ups_high", "elderly_more+much_discretion+top_ups_low",
    "elderly_more+much_discretion+top_ups_high", "elderly_more+much_discretion+minimum",
    "elderly_more+other_payment+much_discretion+top_ups_high", "elderly_less+minimum+top_ups_low",
    "other_payment+discretion+top_ups_high", "other_payment+discretion+top_ups_low",
    "other_payment+some_discretion+top_ups_high", "elderly_less+other_payment+discretion+top_ups_high",
)  # fmt: skip
_UNKNOWN = (
    "take_up", "elderly_more", "elderly_less", "seen_less", "seen_more", "discretion", "minimum",
    "other_payment", "seen_less+elderly_more", "seen_more+discretion",
)  # fmt: skip


def roads(policy: Policy, expenditure: bool) -> list[Road]:
    """All ways, the most plausible first; ``expenditure``: whether it decides what is seen of incomes."""
    forms = policy.value(PAYMENT)
    form = {area: forms[area] if isinstance(forms, Mapping) else forms for area in AREAS}
    other = {area: "gap" if form[area] == "banded" else "banded" for area in AREAS}
    settled = {
        "some_discretion": {DISCRETION: _both(0.15)},
        "discretion": {DISCRETION: _both(0.3)},
        "much_discretion": {DISCRETION: _both(0.6)},
        "minimum": {MINIMUM: _both(0.15)},
        "other_payment": {PAYMENT: {"by": other}},
    }
    out = []
    for name in _KNOWN if expenditure else _UNKNOWN:
        parts = name.split("+")
        seen = next((f for part, f in (("seen_less", 0.8), ("seen_more", 1.2)) if part in parts), None)
        if seen is None and (name == "take_up" or not expenditure):
            seen = 1.0
        tilt = next((_TILTS[part] for part in parts if part in _TILTS), {})
        top_ups = 0.5 if "top_ups_low" in parts else 2.0 if "top_ups_high" in parts else 1.0
        changes = {key: value for part in parts for key, value in settled.get(part, {}).items()}
        out.append(Road(name, seen, tilt, top_ups, changes))
    return out


def _both(value: Any) -> dict[str, Any]:
    return {"by": dict.fromkeys(AREAS, value)}


def of_areas(changes: Mapping[str, Any], areas: tuple[str, ...]) -> dict[str, Any]:
    """The part of changes by area that is about some of them."""
    out = {}
    for name, change in changes.items():
        cells = {area: value for area, value in change["by"].items() if area in areas}
        if cells:
            out[name] = {"by": cells}
    return out


def joined(*parts: Mapping[str, Any]) -> dict[str, Any]:
    """Changes of different areas as one."""
    out: dict[str, Any] = {}
    for part in parts:
        for name, change in part.items():
            out[name] = {"by": {**out.get(name, {"by": {}})["by"], **change["by"]}}
    return out


def per_area(values: Mapping[str, float], groups: Mapping[str, str]) -> dict[str, Any]:
    """Values by group as a change by area; ``groups``: area -> the group that decides it."""
    return {"by": {area: round(values[group], 6) for area, group in groups.items() if group in values}}


def top_up_changes(
    policy: Policy, held: tuple[str, ...], factors: Mapping[str, float], groups: Mapping[str, str]
) -> dict[str, Any]:
    """The amounts of the top-ups times a factor by group; those in ``held`` stay."""
    out: dict[str, Any] = {}
    for name in TOP_UPS:
        if name in held:
            continue
        now = policy.value(name)
        cells = {
            area: round((now[area] if isinstance(now, Mapping) else now) * factors[group], 2)
            for area, group in groups.items()
            if group in factors and factors[group] != 1.0
        }
        if cells:
            out[name] = {"by": cells}
    return out
