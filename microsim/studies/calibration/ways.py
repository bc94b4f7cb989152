"""The ways to a county's figures, in the order of plausibility, and how far each lever may go.

Everything here is an assumption: no source says how far practice departs from the letter of the law.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from microsim.law.take_up import BANDS
from microsim.numerics.streams import Streams
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
    band relative to the others. ``changes`` are settled, by area. ``draws``: the seed of the households'
    draws, ``None`` for those of the data.
    """

    name: str
    seen: float | None = None
    tilt: Mapping[str, float] = field(default_factory=dict)
    top_ups: float = 1.0
    changes: Mapping[str, Any] = field(default_factory=dict)
    draws: int | None = None

    @property
    def label(self) -> dict[str, str]:
        """What it is, by language."""
        words = LABELS["drawn" if self.draws is not None else self.name]
        return {lang: text.format(n=self.draws) for lang, text in zip(("en", "zh"), words, strict=True)}

    def draws_of(self, areas: Sequence[str]) -> dict[str, int]:
        """Area -> the seed of the draws; empty where these are those of the data."""
        return {} if self.draws is None else dict.fromkeys(areas, self.draws)

    def holds(self) -> tuple[str, ...]:
        """Parameters that the way itself moves besides take-up."""
        return (*self.changes, *((SEEN,) if self.seen not in (None, 1.0) else ()))


# Way -> what it is, in English and Chinese.
LABELS = {
    "take_up": ("take-up alone", "仅调整申领率"),
    "seen": ("take-up and incomes seen", "申领率与可核实收入"),
    "elderly_more": ("the elderly claim more", "老年家庭申领较多"),
    "elderly_less": ("the elderly claim less", "老年家庭申领较少"),
    "seen_less": ("20 % less of incomes seen", "核实到的收入少两成"),
    "seen_more": ("20 % more of incomes seen", "核实到的收入多两成"),
    "some_discretion": ("15 % admitted near the line", "临界家庭15%酌情纳入"),
    "discretion": ("30 % admitted near the line", "临界家庭30%酌情纳入"),
    "much_discretion": ("60 % admitted near the line", "临界家庭60%酌情纳入"),
    "minimum": ("at least 15 % of the line paid", "人均至少发放标准的15%"),
    "other_payment": ("the other form of payment", "另一种计发方式"),
    "top_ups_low": ("top-ups halved", "分类施保金减半"),
    "top_ups_high": ("top-ups doubled", "分类施保金加倍"),
    "drawn": ("draw {n}: levers and who claims at random", "随机第{n}组：各调整项和申领户均随机"),
}
_TILTS = {
    "elderly_more": {"minor": 0.35, "working_age": 0.35, "elderly": 1.0},
    "elderly_less": {"minor": 1.0, "working_age": 1.0, "elderly": 0.35},
}
# Names of ways in the order of plausibility; what they settle is in ``_named``.
_KNOWN = (
    "take_up", "seen", "elderly_more", "elderly_less", "some_discretion", "discretion", "minimum",
    "other_payment", "top_ups_low", "top_ups_high", "much_discretion",
)  # fmt: skip
_UNKNOWN = (
    "take_up", "elderly_more", "elderly_less", "seen_less", "seen_more", "discretion", "minimum",
    "other_payment",
)  # fmt: skip
DRAWN = 40  # ways whose levers, and whose draws of who claims and who is admitted, are left to chance
# What is drawn -> its range; uniform in it.
_DRAWN_RANGES = {
    SEEN: (0.8, 1.2),
    DISCRETION: (0.0, 0.3),
    MINIMUM: (0.0, 0.15),
    "tilt": (0.45, 1.0),
    "top_ups": (0.6, 1.8),
}


def roads(policy: Policy, expenditure: bool, held: Sequence[str]) -> list[Road]:
    """All ways that move nothing of what is ``held``: the named ones, the most plausible first, then those
    whose levers are drawn within their ranges.

    ``expenditure``: whether it is known, and so decides what is seen of incomes.
    """
    forms = policy.value(PAYMENT)
    form = {area: forms[area] if isinstance(forms, Mapping) else forms for area in AREAS}
    named = [_named(name, form, expenditure) for name in (_KNOWN if expenditure else _UNKNOWN)]
    free = [road for road in named if not any(is_held(name, held) for name in road.holds())]
    return free + [_drawn(number, form, held) for number in range(1, DRAWN + 1)]


def is_held(name: str, held: Sequence[str]) -> bool:
    """Whether a scenario sets a parameter, or a part of it."""
    return any(own == name or own.startswith(f"{name}.") for own in held)


def _named(name: str, form: Mapping[str, str], expenditure: bool) -> Road:
    settled = {
        "some_discretion": {DISCRETION: _both(0.15)},
        "discretion": {DISCRETION: _both(0.3)},
        "much_discretion": {DISCRETION: _both(0.6)},
        "minimum": {MINIMUM: _both(0.15)},
        "other_payment": {PAYMENT: {"by": {area: _other(form[area]) for area in AREAS}}},
    }
    seen = {"seen_less": 0.8, "seen_more": 1.2}.get(name)
    if seen is None and (name == "take_up" or not expenditure):
        seen = 1.0
    top_ups = {"top_ups_low": 0.5, "top_ups_high": 2.0}.get(name, 1.0)
    return Road(name, seen, _TILTS.get(name, {}), top_ups, settled.get(name, {}))


def _drawn(number: int, form: Mapping[str, str], held: Sequence[str]) -> Road:
    """Every lever from its range, and the luck of who claims: what nobody knows of the county.

    Rates of take-up are scaled to the recipients, top-ups to the expenditure, where these are known.
    """
    streams = Streams(number)

    def of(what: str, count: int) -> list[float]:
        low, high = _DRAWN_RANGES[what]
        return [round(low + (high - low) * float(x), 3) for x in streams.uniform(what, np.arange(count))]

    tilt = of("tilt", len(BANDS))
    changed = streams.uniform(PAYMENT, np.arange(len(AREAS))) < 0.5
    forms = {area: _other(form[area]) if changed[k] else form[area] for k, area in enumerate(AREAS)}
    changes = {
        DISCRETION: {"by": dict(zip(AREAS, of(DISCRETION, len(AREAS)), strict=True))},
        MINIMUM: {"by": dict(zip(AREAS, of(MINIMUM, len(AREAS)), strict=True))},
        PAYMENT: {"by": forms},
    }
    return Road(
        f"drawn_{number}",
        1.0 if is_held(SEEN, held) else of(SEEN, 1)[0],
        {band: share / max(tilt) for band, share in zip(BANDS, tilt, strict=True)},
        of("top_ups", 1)[0],
        {name: change for name, change in changes.items() if not is_held(name, held)},
        number,
    )


def _other(form: str) -> str:
    return "gap" if form == "banded" else "banded"


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
