"""What a scenario may say about the law, for editors: parameters, categories and values as known today.

The reader holds the same parts against the policy of the scenario's day (``lawful.py``), which shows more.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from microsim.documents.json_schema import DAY
from microsim.documents.nodes import AnyOf, Choice, Items, Node, Number, Record, Switch, Text
from microsim.law import REGIMES
from microsim.policy.parameters import SCHEDULES
from microsim.policy.paths.path import CONDITIONS, SHAPES
from microsim.scenario.categories import categories_of
from microsim.scenario.lawful import SWITCH
from microsim.scenario.regimes import ALL, with_terms
from microsim.units import KNOWN_UNITS

if TYPE_CHECKING:
    from microsim.policy.parameters import Parameter
    from microsim.policy.policy import Policy

_YEAR = r"^\d{4}$"
_CONDITIONS = {
    "county_extra": "县级财政比维持现状多负担的支出",
    "county_cost": "县级财政负担的支出",
    "expenditure": "全部支出",
}


def regimes(law: Policy) -> Node:
    """``regime: {medical_aid: linked}``."""
    regime = Choice(names=tuple(REGIMES), ref="regime", null=False)
    return Record(fields={ALL: regime, **dict.fromkeys(with_terms(law), regime)})


def programmes(law: Policy) -> Node:
    """``programmes: {dibao: off}``, or the forms of one: ``{dibao: {payment: banded}}``."""
    parameters = law.parameters.values()
    switch = AnyOf(options=(Switch(), Choice(names=tuple(SWITCH), null=False)), ref="switch", null=False)
    fields: dict[str, Node] = {}
    for programme in sorted({parameter.programme for parameter in parameters}):
        own = [parameter for parameter in parameters if parameter.programme == programme]
        forms = Record(fields={p.name.removeprefix(f"{programme}."): _change(law, p, p.by) for p in own})
        switched = any(parameter.name == f"{programme}.enabled" for parameter in own)
        fields[programme] = AnyOf(options=(switch, forms) if switched else (forms,), null=False)
    return Record(fields=fields)


def changes(law: Policy) -> Node:
    """``changes:``, by the name of a parameter or of one of its categories."""
    return Record(fields={name: _change(law, p, by) for name, p, by in _names(law)}, ref="changes")


def sweepable(law: Policy) -> Iterator[tuple[str, str, str]]:
    """Names that a sweep may vary, and what each is in English and Chinese."""
    for name, parameter, _ in _names(law):
        if parameter.kind not in SCHEDULES:
            yield name, *_about(parameter)


def _names(law: Policy) -> Iterator[tuple[str, Parameter, Sequence[str]]]:
    """Parameters and their categories by name, and the columns that each is still split by."""
    for parameter in law.parameters.values():
        levels = [categories_of(law, column) for column in parameter.by]
        for depth in range(len(levels) + 1):
            for cell in itertools.product(*levels[:depth]):
                yield ".".join((parameter.name, *cell)), parameter, parameter.by[depth:]


def _about(parameter: Parameter) -> tuple[str, str]:
    unit = "" if parameter.kind in ("boolean", "choice") else f" ({parameter.unit})"
    en, zh = (parameter.label.get(language, "") for language in ("en", "zh"))
    return f"{en or parameter.name}{unit}", f"{zh}{unit}" if zh else ""


def _change(law: Policy, parameter: Parameter, by: Sequence[str]) -> Node:
    """What can follow the name of a parameter that is still split ``by`` these columns."""
    en, zh = _about(parameter)
    return AnyOf(
        en=en,
        zh=zh,
        options=(_value(parameter), _forms(law, parameter, by)),
        null=False,
    )


def _value(parameter: Parameter) -> Node:
    """One value, in the parameter's own unit."""
    match parameter.kind:
        case "boolean":
            return Switch(ref="true-or-false", null=False)
        case "choice":
            return Choice(names=parameter.choices, ref=f"one-of-{'-'.join(parameter.choices)}", null=False)
        case "number":
            return Number(fraction=True, ref="number", null=False)
    number = Number(fraction=True, ref="number", null=False)
    return Items(item=Items(item=number, least=2, most=2, null=False), least=1, ref="schedule", null=False)


def _forms(law: Policy, parameter: Parameter, by: Sequence[str]) -> Node:
    value = _value(parameter)
    unit = Choice(
        names=tuple(KNOWN_UNITS), en="unit of the values in this change", zh="本项数值的单位", ref="unit"
    )
    counted = parameter.kind not in ("boolean", "choice")
    meant = AnyOf(
        en="yes: the values are meant, though outside the observed range",
        zh="yes表示数值虽超出常见范围，但确属有意设定",
        options=(Switch(), Choice(names=tuple(SWITCH), null=False)),
        ref="unusual",
        null=False,
    )
    about: dict[str, Node] = {"unit": unit, "unusual": meant} if counted else {}
    stated = Record(fields={"value": value, **about}, ref=f"{value.ref}-with-unit", null=False)
    cell: Node = AnyOf(options=(value, stated), null=False) if counted else value
    for column in reversed(by):
        names = categories_of(law, column)
        keys = dict.fromkeys(("default", *names), cell)
        split = Record(fields=keys, rest=None if names else cell, null=False)
        cell = AnyOf(options=(value, stated, split) if counted else (value, split), null=False)
    fields: dict[str, Node] = {}
    if by:
        fields["by"] = _described(cell, "values by category", "按类别取值")
    dated = Record(fields={"by": cell, **about}, null=False)
    day = AnyOf(options=(value, *((stated,) if counted else ()), *((dated,) if by else ())), null=False)
    fields["on"] = Record(
        en="values by the day from which they hold",
        zh="按生效日期取值",
        fields={},
        rest=day,
        pattern=DAY,
        filled=True,
        null=False,
    )
    if counted:
        fields |= {"value": value, **about}
    if parameter.kind == "number":
        fields |= _path()
    return Record(fields=fields, filled=True, ref="-".join((f"change-of-{value.ref}", *by)), null=False)


def _path() -> dict[str, Node]:
    number = Number(ref="number", fraction=True, null=False)
    one = Record(fields={}, rest=number, pattern=_YEAR, filled=True, ref="years-with-numbers", null=False)
    positive = Number(above=0, fraction=True, ref="positive-number", null=False)
    condition = Record(
        fields={
            name: Number(en=en, zh=_CONDITIONS[name], least=0, fraction=True, null=False)
            for name, en in CONDITIONS.items()
        },
        filled=True,
        ref="path-condition",
        null=False,
    )
    return {
        "path": Choice(
            names=SHAPES, en="a path over the years", zh="随年份变化的路径", ref="path-shape", null=False
        ),
        "ratio_to": Text(
            en="the parameter that the path is a multiple of", zh="路径所参照的参数", null=False
        ),
        "from": _described(one, "first year: value", "起始年份及数值"),
        "ratio": _described(
            one, "year by which the ratio of living costs is reached: ratio", "达到生活成本比例的年份及比例"
        ),
        "hold": Number(
            en="last year in which that ratio holds",
            zh="保持该比例的最后一年",
            whole=True,
            ref="path-hold",
            null=False,
        ),
        "at": _described(one, "years: values", "各年份及数值"),
        "to": _described(one, "last year: value", "结束年份及数值"),
        "faster": _described(
            positive, "growth a year beyond that of the other number", "年增速比所参照的参数高出多少"
        ),
        "step": _described(positive, "rise a year while the condition holds", "条件成立时每年提高多少"),
        "until": _described(positive, "where the rise ends (1: the same)", "提高到何处为止（1即相同）"),
        "while": _described(
            condition, "condition: limit, as a share of revenue", "条件及限额（占县级财政收入的比重）"
        ),
    }


def _described(node: Node, en: str, zh: str) -> Node:
    return AnyOf(en=en, zh=zh, options=(node,), null=False)
