"""What can be moved on the page: numbers, choices and switches of a scenario's law, and the cap on dibao."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Any, Literal

from microsim.explore.words import CHOICES, HELP, LABELS
from microsim.policy.ranges import limits_of
from microsim.scenario.budget.caps import COUNTY, POOREST_FIRST, RULES, YUAN, Cap

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.scenario import Scenario

Value = float | str | bool | None
Kind = Literal["number", "choice", "flag"]
RURAL_LINE, URBAN_LINE = "dibao.line.rural", "dibao.line.urban"
CAP, CAP_RULE = "cap", "cap_rule"
CAP_NAME = "dibao_cap"  # of a cap that the scenario does not have yet
LINE_STEP = 60.0  # yuan a year: five a month


@dataclass(frozen=True)
class Knob:
    """One thing to move. ``value``: as in the scenario; ``parameters``: those of the law behind it.

    ``changes``: what a value says under a scenario's ``changes:`` (a cap says nothing there). ``whole``: the
    amount of which the value is also shown as a ratio. ``needs``: the knob that must be on for this one to do
    anything. ``tried_with``: the other knobs as they are when it is tried whether this one does anything.
    ``optional``: whether None, for no such limit, is a value.
    """

    name: str
    kind: Kind
    value: Value
    parameters: tuple[str, ...]
    changes: Callable[[Value], Mapping[str, Any]]
    unit: str = ""
    low: float = 0.0
    high: float = 0.0
    step: float = 1.0
    choices: tuple[str, ...] = ()
    whole: float | None = None
    needs: str = ""
    tried_with: Mapping[str, Value] = field(default_factory=dict)
    optional: bool = False
    label: Mapping[str, str] = field(default_factory=dict)
    help: Mapping[str, str] = field(default_factory=dict)

    def choice(self, value: str, lang: str) -> str:
        """What one of the choices is called."""
        return CHOICES[value][lang]

    @property
    def probes(self) -> tuple[Value, ...]:
        """Other values, far from the scenario's own: at these it is tried whether the knob does anything."""
        if self.kind == "flag":
            return (not self.value,)
        if self.kind == "choice":
            return tuple(one for one in self.choices if one != self.value)
        return tuple(end for end in (self.low, self.high) if end != self.value)


@dataclass(frozen=True)
class Absent:
    """A knob that the law of the scenario's day has no parameter for."""

    name: str
    label: Mapping[str, str]


def knobs_of(policy: Policy) -> tuple[tuple[Knob, ...], tuple[Absent, ...]]:
    """The knobs of a law in their order, without the cap, and those that it has no parameter for."""
    found = [
        _line(policy),
        _choice(policy, "payment_rural", "dibao.payment.rural"),
        _choice(policy, "payment_urban", "dibao.payment.urban"),
        _choice(policy, "work_cost", "means_test.work_cost"),
        _share(policy, "work_cost_rate", "means_test.work_cost_rate", "rate_of_wage"),
        _share(policy, "work_cost_line_share", "means_test.work_cost_line_share", "fixed_amount"),
        _flag(policy, "edge_tier", "dibao.edge_tier"),
        _flag(policy, "single_admission", "dibao.single_admission_enabled", needs="edge_tier"),
        _flag(policy, "disabled_adults", "single_admission.disabled_adults"),
        _flag(policy, "individual_entry", "dibao.individual_entry"),
        _exit(policy),
    ]
    knobs = tuple(one for one in found if isinstance(one, Knob))
    return knobs, tuple(one for one in found if isinstance(one, Absent))


def cap_knobs(scenario: Scenario, cost: float) -> tuple[Knob, Knob]:
    """The cap on dibao and who goes first under it; ``cost`` of dibao without a cap, yuan a year.

    A cap on dibao alone that the scenario has already is the one that is moved.
    """
    own = own_cap(scenario)
    most = None if own is None else own.most[COUNTY]
    step = 10.0 ** max(floor(log10(max(cost, 1.0))) - 2, 0)
    low, high = floor(0.5 * cost / step) * step, ceil(1.2 * cost / step) * step
    if most is not None:
        low, high = min(low, most), max(high, most)
    words = {name: (LABELS[name], HELP[name]) for name in (CAP, CAP_RULE)}
    cap = Knob(
        CAP, "number", most, (), lambda _: {}, "yuan/year", low, high, step,
        optional=True, label=words[CAP][0], help=words[CAP][1],
    )  # fmt: skip
    rule = Knob(
        CAP_RULE, "choice", POOREST_FIRST if own is None else own.rule, (), lambda _: {},
        choices=RULES, label=words[CAP_RULE][0], help=words[CAP_RULE][1],
    )  # fmt: skip
    return cap, rule


def own_cap(scenario: Scenario) -> Cap | None:
    """The scenario's own cap on what dibao alone costs the county, if it has one."""
    fits = (c for c in scenario.budget if c.unit == YUAN and c.programmes == ("dibao",) and COUNTY in c.most)
    return next(fits, None)


def _value(policy: Policy, name: str) -> Any:
    """The value in force of a parameter or of one cell; None where the law of the day has none."""
    parameter = name if name in policy.parameters else name.rpartition(".")[0]
    if parameter not in policy.values:
        return None
    value = policy.value(name)
    return None if isinstance(value, Mapping) else value


def _parameter(policy: Policy, name: str) -> str:
    return name if name in policy.parameters else name.rpartition(".")[0]


def _made(name: str, kind: Kind, value: Value, parameter: str, policy: Policy, **more: Any) -> Knob:
    behind = (_parameter(policy, parameter),)
    return Knob(
        name, kind, value, behind, lambda new: {parameter: new}, label=LABELS[name], help=HELP[name], **more
    )


def _line(policy: Policy) -> Knob | Absent:
    name = "rural_line"
    own, urban = _value(policy, RURAL_LINE), _value(policy, URBAN_LINE)
    if own is None or urban is None:
        return Absent(name, LABELS[name])
    least, most = _limits(policy, RURAL_LINE, float(own))
    most = min(most, max(float(urban), float(own)))  # a rural line above the urban one is refused
    # On the steps from the scenario's own value, so that this is one of them.
    low = own - floor((own - least) / LINE_STEP) * LINE_STEP
    high = own + floor((most - own) / LINE_STEP) * LINE_STEP
    more = {"unit": "yuan/year", "low": low, "high": high, "step": LINE_STEP, "whole": float(urban)}
    return _made(name, "number", float(own), RURAL_LINE, policy, **more)


def _limits(policy: Policy, name: str, own: float) -> tuple[float, float]:
    """What has been observed of a parameter on the day, and the scenario's own value in it."""
    parameter = policy.parameters[_parameter(policy, name)]
    cell = name[len(parameter.name) :].strip(".")
    seen = limits_of(parameter.range_on(policy.date), (cell,) if cell else ()) or (0.5 * own, 2.0 * own)
    return min(seen[0], own), max(seen[1], own)


def _choice(policy: Policy, name: str, parameter: str) -> Knob | Absent:
    value = _value(policy, parameter)
    if value is None:
        return Absent(name, LABELS[name])
    choices = policy.parameters[_parameter(policy, parameter)].choices
    return _made(name, "choice", str(value), parameter, policy, choices=tuple(choices))


def _share(policy: Policy, name: str, parameter: str, form: str) -> Knob | Absent:
    """A share that one form of the deduction of work costs uses."""
    value = _value(policy, parameter)
    if value is None:
        return Absent(name, LABELS[name])
    low, high = _limits(policy, parameter, float(value))
    more = {"unit": "1", "low": low, "high": high, "step": 0.05, "tried_with": {"work_cost": form}}
    return _made(name, "number", float(value), parameter, policy, **more)


def _flag(policy: Policy, name: str, parameter: str, needs: str = "") -> Knob | Absent:
    value = _value(policy, parameter)
    if value is None:
        return Absent(name, LABELS[name])
    more = {"needs": needs, "tried_with": {needs: True}} if needs else {}
    return _made(name, "flag", bool(value), parameter, policy, **more)


def _exit(policy: Policy) -> Knob | Absent:
    """Months of gradual exit; 0 is none."""
    name, switch, length = "exit_months", "gradual_exit.enabled", "gradual_exit.months"
    enabled, months = _value(policy, switch), _value(policy, length)
    if enabled is None or months is None:
        return Absent(name, LABELS[name])

    def changes(value: Value) -> Mapping[str, Any]:
        return {switch: True, length: value} if value else {switch: False}

    _, most = _limits(policy, length, float(months))
    return Knob(
        name, "number", float(months) if enabled else 0.0, (length,), changes, "months", 0.0, most,
        label=LABELS[name], help=HELP[name],
    )  # fmt: skip
