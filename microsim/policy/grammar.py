"""What a law file (``<programme>.yaml``) may say, and how a parameter is described there or in Python."""

from __future__ import annotations

from microsim.documents.json_schema import DAY
from microsim.documents.nodes import (
    LANGUAGES,
    AnyOf,
    Anything,
    Choice,
    Date,
    Described,
    Items,
    Node,
    Number,
    Record,
    Switch,
    Text,
    now,
)
from microsim.policy.bounds import BOUNDS
from microsim.policy.parameters import KINDS, SOURCES
from microsim.units import KNOWN_UNITS

VALUE_KEYS = ("value", "source", "reference", "note", "confidence", "known")


def _wording(key: str, en: str, zh: str) -> Record:
    """Text in both languages."""
    hint = f"{key}: {{en: ..., zh: ...}}"
    needed = f"$root needs a {key} in English and Chinese"
    text = Text(filled=True, wrong=f"the {key} is text, not $shown", null=False)
    return Record(
        en=en,
        zh=zh,
        fields=dict.fromkeys(LANGUAGES, text),
        required=dict.fromkeys(LANGUAGES, hint),
        missing=needed,
        unknown=f"unknown language '$key' of a {key}",
        wrong=needed,
        hint=hint,
    )


def _words(en: str, zh: str, wrong: str, hint: str) -> Items:
    word = Text(null=False)
    return Items(en=en, zh=zh, item=word, alone=True, whole=True, wrong=wrong, hint=hint)


def _dated() -> Node:
    """Values by date, each with its source."""
    about = {
        "value": Anything(en="the value, in the parameter's unit", zh="数值（以参数的单位计）", null=False),
        "source": Choice(
            en="cited from the document, inferred from it, recalled, or assumed",
            zh="来源：引自文件、由文件推得、凭记忆或假设",
            names=SOURCES[:4],
            null=False,
        ),
        "reference": AnyOf(
            en="document and article, or why it is assumed",
            zh="文件及条款，或假设的理由",
            options=(Text(filled=True, null=False), Number(null=False)),
            null=False,
        ),
        "note": Anything(en="what else is to be known", zh="备注"),
        "confidence": Anything(en="how sure the source is", zh="可信程度"),
        "known": Date(
            en="the day it was adopted or published, if not the day from which it holds",
            zh="通过或公布日期（与生效日期不同时填写）",
            null=False,
        ),
    }
    entry = Record(fields=about, required=dict.fromkeys(VALUE_KEYS[:3], ""), null=False, ref="dated")
    return Record(fields={}, rest=entry, pattern=DAY, filled=True, null=False)


def _ranges() -> Node:
    number = Number(fraction=True, null=False)
    pair = Items(item=number, least=2, most=2, null=False)
    return AnyOf(options=(pair, Record(fields={}, rest=Anything(), filled=True)))


PARAMETER = Record(
    unknown="unknown key '$key'",
    fields={
        "label": _wording("label", "What tables and charts call it.", "参数名称。"),
        "description": Anything(en="What it is.", zh="参数说明。"),
        "unit": Described(
            en="The unit of its values; 1 is a ratio.",
            zh="数值的单位；1表示比例。",
            node=lambda: Choice(names=tuple(KNOWN_UNITS)),
        ),
        "kind": Choice(
            en="number, boolean, choice, or a schedule (step, linear, brackets)",
            zh="类型：数值、开关、选项或分段表",
            names=KINDS,
            wrong="unknown kind '$value'",
            default="number",
        ),
        "by": _words(
            "The categorical columns or rules that it is looked up by.",
            "按哪些类别取值。",
            "'by' names a categorical, or a list of them",
            "by: area",
        ),
        "choices": _words(
            "What a choice may be.", "可选项。", "'choices' is a list of words", "choices: [gap, banded]"
        ),
        "bounds": BOUNDS,
        "range": Described(
            en="The range seen, by category or date.", zh="常见范围（可按类别或日期）。", node=_ranges
        ),
        "rising": _words(
            "Categories in the order in which the values usually rise.",
            "数值通常依次递增的类别。",
            "'rising' is a list of categories",
            "rising: [rural, urban]",
        ),
        "values": Described(
            en="Values by the day from which they hold.", zh="各生效日期的数值。", node=_dated
        ),
        "access": Switch(
            en="A term of access, which a regime holds.",
            zh="属于准入条件，由制度阶段固定。",
            wrong="expected true or false, found $shown",
            default=False,
            null=False,
        ),
        "note": Anything(en="What else is to be known.", zh="备注。"),
    },
)


def _of_law() -> Node:
    """A parameter of a law file: it states its unit, unless it is a switch or a choice."""
    fields = now(PARAMETER.fields)
    unitless = Choice(names=("boolean", "choice"), en=fields["kind"].en, zh=fields["kind"].zh, null=False)
    return AnyOf(
        options=(
            Record(fields=fields, required=dict.fromkeys(("label", "unit", "values"), ""), null=False),
            Record(
                fields={**fields, "kind": unitless},
                required=dict.fromkeys(("label", "kind", "values"), ""),
                null=False,
            ),
        ),
        null=False,
        ref="parameter",
    )


LAW = Record(
    null=False,
    en="Parameters of one programme of law, beside its rules.",
    zh="一个救助项目的参数，与同名规则文件并列。",
    unknown="unknown key '$key'",
    required={"label": "label: {en: ..., zh: ...}"},
    missing="$root needs a label in English and Chinese",
    empty="$root needs a label in English and Chinese",
    fields={
        "label": _wording("label", "What tables and charts call the programme.", "项目名称。"),
        "description": _wording("description", "What the programme is.", "项目说明。"),
        "financing": Anything(en="Who pays: a budget line.", zh="资金渠道。"),
        "parameters": Record(
            en="The parameters by name.",
            zh="各参数，以名称为键。",
            fields={},
            rest=Described(node=_of_law),
            wrong="parameters are given by name",
            hint="parameters: {line: {unit: yuan/year, ...}}",
        ),
    },
)
