"""Parts of a scenario that alter no figure, and why: as far as file and law show before anything is run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from microsim.policy.paths.reading import numbers_of
from microsim.policy.plain import as_date
from microsim.policy.reform import split_name
from microsim.scenario.grammar import MONTHS, OVER_YEARS
from microsim.scenario.live import Live, live_parameters

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.scenario.model import Scenario

Lang = Literal["en", "zh"]
_WORDS: dict[str, dict[Lang, str]] = {
    "off": {"en": "the programme {why} is off", "zh": "{why} 项目未启用"},
    "unread": {"en": "no rule in force on {why} uses it", "zh": "{why} 适用的规则都不读取该参数"},
    "switched": {"en": "nothing uses it under {why}", "zh": "在 {why} 时不起作用"},
    "later": {
        "en": "it takes effect after {why}, the last day of the run",
        "zh": "在{why}（计算的最后一天）之后才生效",
    },
    "same": {"en": "it is already the value in force", "zh": "与现行数值相同"},
    "no_years": {"en": "it has no effect without years:", "zh": "未写 years:，不起作用"},
    "own_year": {
        "en": "the county's figures are of {why}, the scenario's own year",
        "zh": "县情资料即为方案年份（{why}年）的数字",
    },
    "nobody": {"en": "it affects no household of this county", "zh": "本县没有受其影响的家庭"},
}


@dataclass(frozen=True)
class Idle:
    """One part of a scenario (``dibao.floor``, ``economy``) without effect; ``why`` fills the reason."""

    name: str
    reason: str
    why: str = ""

    def text(self, lang: Lang) -> str:
        """``dibao.floor changes no figure: nothing reads it under dibao.merger: false``."""
        reason = _WORDS[self.reason][lang].format(why=self.why)
        return (
            f"{self.name} changes no figure: {reason}"
            if lang == "en"
            else f"{self.name} 不改变任何数字：{reason}"
        )


def idle_parts(scenario: Scenario, outputs: Iterable[str] | None = None) -> list[Idle]:
    """Changes without effect as far as the law shows, and growth without years, in the order of the file."""
    found = list(_idle_growth(scenario))
    if not scenario.changes:
        return found
    wanted = list(outputs) if outputs is not None else None
    policies = [
        (p, live_parameters(p, list(p.rules) if wanted is None else wanted)) for p in _policies(scenario)
    ]
    for name in scenario.changes:
        reasons = [_idle(scenario, policy, live, str(name), wanted) for policy, live in policies]
        # Over years: without effect only where it is so in each of them.
        if all(reasons):
            found.append(next(reason for reason in reasons if reason))
    return found


def _idle_growth(scenario: Scenario) -> Iterator[Idle]:
    """What ``economy:`` states without effect: all growth in the county's own year, lines without years, and
    shocks after the last year.
    """
    if scenario.years:
        last = scenario.years[1]
        for year in scenario.economy.outlook.shocks:
            if year > last:
                yield Idle(f"economy.shock.{year}", "later", f"{last}-12-31")
        return
    for name in (*scenario.economy.said, *scenario.economy.outlook.stated):
        if name in OVER_YEARS or name in scenario.economy.outlook.stated:
            yield Idle(f"economy.{name}", "no_years")
        elif scenario.profile is not None and scenario.profile.year == scenario.year:
            yield Idle(f"economy.{name}", "own_year", str(scenario.year))


def _policies(scenario: Scenario) -> list[Policy]:
    if not scenario.years:
        return [scenario.policy()]
    return [scenario.policy(year) for year in range(scenario.years[0], scenario.years[1] + 1)]


def _idle(
    scenario: Scenario, policy: Policy, live: Live, name: str, outputs: list[str] | None
) -> Idle | None:
    split = split_name(policy.parameters, name)
    assert split is not None, "a scenario with unknown parameters is refused when it is read"
    parameter, day = split[0], policy.date
    enabled = f"{parameter.programme}.enabled"
    # Other programmes may go on reading it: tekun pays by the dibao line, whether or not dibao is paid.
    is_off = parameter.name != enabled and _value(policy, enabled) is False
    if is_off and parameter.name not in live.read:
        return Idle(name, "off", parameter.programme)
    until = day and scenario.counted_until(day)
    if until is not None and begins(scenario.changes[name]) > until:
        return Idle(name, "later", str(until))
    if outputs is not None and parameter.name not in policy.needs(outputs).parameters:
        return Idle(name, "unread", str(day))
    if parameter.name not in live.read:
        keepers = sorted(live.kept_by.get(parameter.name, ()))
        if not keepers:
            return Idle(name, "unread", str(day))
        held_by = ", ".join(f"{keeper}: {_shown(_value(policy, keeper))}" for keeper in keepers)
        return Idle(name, "switched", held_by)
    if not scenario.years and not moves(scenario, name):
        before = scenario.policy(without=name).values.get(parameter.name)
        after = policy.values.get(parameter.name)
        if before is not None and after is not None and _same(before.value, after.value):
            return Idle(name, "same")
    return None


def moves(scenario: Scenario, name: str) -> bool:
    """Whether a change makes stretches of the year, which its value on the scenario's day does not show."""
    return scenario.within_year == MONTHS and moves_within(scenario.changes[name], scenario.year)


def _same(one: Any, other: Any) -> bool:
    """Whether two values are the same in every category; one number represents all of them."""
    if not isinstance(one, Mapping) and not isinstance(other, Mapping):
        return bool(one == other)
    first = one if isinstance(one, Mapping) else {"default": one}
    second = other if isinstance(other, Mapping) else {"default": other}
    keys = {*first, *second}
    if not ("default" in first and "default" in second):  # only what is named can be asked for
        keys -= {"default"}
    missing = object()
    return all(
        _same(first.get(key, first.get("default", missing)), second.get(key, second.get("default", missing)))
        for key in keys
    )


def _value(policy: Policy, name: str) -> Any:
    dated = policy.values.get(name)
    return None if dated is None else dated.value


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def moves_within(change: Any, year: int) -> bool:
    """Whether a change says something new on a day of ``year`` after its first."""
    dated = change.get("on") if isinstance(change, Mapping) else None
    days = map(as_date, dated) if isinstance(dated, Mapping) else ()
    return any(day is not None and day.year == year and day > dt.date(year, 1, 1) for day in days)


def begins(change: Any) -> dt.date:
    """The first day on which a change says something."""
    if isinstance(change, Mapping) and isinstance(change.get("on"), Mapping):
        return min((day for day in map(as_date, change["on"]) if day), default=dt.date.min)
    if isinstance(change, Mapping) and "path" in change:
        return dt.date(min(int(year) for _, year, _ in numbers_of(change)), 1, 1)
    return dt.date.min
