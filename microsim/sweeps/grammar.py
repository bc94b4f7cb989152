"""What a sweep file may say."""

from __future__ import annotations

from collections.abc import Iterable

from microsim.documents.nodes import (
    AnyOf,
    Choice,
    Described,
    Items,
    Node,
    Number,
    Record,
    Switch,
    Text,
    localised,
    outputs_of,
)

OUTPUTS = ("cost", "caseload")
MOST = 1_000_000  # scenarios; more is a slip of the pen
RANGE = ("from", "to", "steps")


def _axes() -> Node:
    values = Items(item=_value(), least=1, null=False)
    spread = {
        "from": Number(en="the first value", zh="起始值", fraction=True, null=False),
        "to": Number(en="the last value", zh="结束值", fraction=True, null=False),
        "steps": Number(
            en="how many values, including both ends",
            zh="取值个数（含两端）",
            whole=True,
            least=2,
            most=MOST,
            null=False,
        ),
    }
    between = Record(fields=spread, required=dict.fromkeys(RANGE, ""), null=False)
    axis = AnyOf(options=(values, between), null=False, ref="axis")
    return Record(fields=_parameters(axis), filled=True, null=False)


def _cases() -> Node:
    case = Record(fields=_parameters(_value()), filled=True, null=False)
    return Items(item=case, least=1, null=False)


def _value() -> Node:
    return AnyOf(options=(Number(null=False), Switch(null=False), Text(null=False)), null=False, ref="value")


def _known() -> Iterable[str]:
    from microsim.scenario.lawful import law_on

    return law_on(None).parameters


def _parameters(node: Node) -> dict[str, Node]:
    from microsim.scenario.change_nodes import sweepable
    from microsim.scenario.lawful import law_on

    named = sweepable(law_on(None))
    return {name: AnyOf(en=en, zh=zh, options=(node,), null=False) for name, en, zh in named}


SWEEP = Record(
    null=False,
    en="A sweep: a base scenario, and values of parameters that cross (axes) or are listed (cases).",
    zh="批量情景：基础情景，以及相互组合（axes）或逐一列出（cases）的参数取值。",
    required={"scenario": "add scenario: <file of the base scenario>, relative to this file"},
    empty="'$key' is missing",
    fields={
        "title": localised("What results are headed with.", "结果的标题。", found="$shown"),
        "description": localised("What the sweep is for.", "说明。", found="$shown"),
        "scenario": Text(
            en="The base scenario: its file, from this file's own place.",
            zh="基础情景文件的路径（相对于本文件）。",
            examples=("h-county-2020.yaml",),
            wrong="'scenario' must be the path of a scenario file, found $shown",
            filled=True,
        ),
        "axes": Described(
            en="Parameters with their values; all are crossed with one another.",
            zh="参数及其取值，各参数相互组合。",
            node=_axes,
        ),
        "cases": Described(
            en="One scenario after the other: what each changes.",
            zh="逐一列出的情景及其参数取值。",
            node=_cases,
        ),
        "unusual": Items(
            en="Parameters whose values are meant, though outside the observed range.",
            zh="数值超出常见范围、但确属有意设定的参数。",
            item=Choice(
                names=_known,
                wrong="no such parameter '$value'",
                known="microsim params lists them",
                null=False,
            ),
            wrong="'unusual' must be a list of parameters",
            hint="unusual: [dibao.line]",
        ),
        "outputs": outputs_of(OUTPUTS, OUTPUTS, known="a sweep gives $names"),
    },
)
