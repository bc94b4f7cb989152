"""What the file of a hand-worked case may say."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from microsim.documents.nodes import AnyOf, Date, Described, Items, Node, Number, Record, Switch, Text
from microsim.population.core.column_nodes import column_node
from microsim.population.core.columns import known
from microsim.scenario.change_nodes import changes
from microsim.scenario.lawful import law_on

# What a case need not say, beside the defaults of the columns.
UNSAID = {"sex": "female", "works": False, "wage_income": 0.0, "business_income": 0.0}
# Assessed by the office rather than computed: a rule of this name gives way to what a case says.
ASSESSED = "^assessed_"

_NEEDED = {
    "area": "area: rural, or area: urban",
    "age": "age: 42 (completed years)",
    "relation": "relation: head for one member, and for the others their relation to the head",
}
_FAMILY = "persons: [{relation: head, age: 70}]"
_EXPECT = "expect: {household: {dibao_benefit: 2400}}"


@cache
def _columns(entity: str) -> Mapping[str, Node]:
    return {name: column_node(column) for name, column in known(entity).items()}


def _of(entity: str, en: str, zh: str) -> Record:
    amount = Number(fraction=True, null=False)
    return Record(
        en=en,
        zh=zh,
        fields=lambda: _columns(entity),
        rest=amount,
        pattern=ASSESSED,
        required={
            name: _NEEDED[name]
            for name, column in known(entity).items()
            if column.default is None and name not in UNSAID
        },
        missing=f"{entity}: '$key' is missing",
        unknown="no such column '$key'",
        wrong=f"'$key' has keys and values, the columns of a {entity}, found $kind",
        null=False,
    )


def _words(en: str, zh: str) -> Text:
    return Text(en=en, zh=zh, filled=True, wrong="'$key' must be text, found $kind", null=False)


_VALUE = AnyOf(
    options=(Switch(null=False), Number(null=False), Text(null=False)),
    wrong="what is expected of $key is a number, true, false or a word, found $kind",
    null=False,
    ref="expected",
)

CASE = Record(
    null=False,
    en="A hand-worked case: a family on a day, and what the law must give it.",
    zh="人工核算的案例：某日的一个家庭，以及按政策应得的结果。",
    required={
        "title": "title: what the case shows",
        "reference": "reference: the articles it follows from",
        "family": "family: the family in words",
        "date": "date: 2020-12-31, the day of the law",
        "household": "household: {area: rural}",
        "persons": _FAMILY,
        "expect": _EXPECT,
    },
    fields={
        "title": _words("What the case shows.", "案例说明的问题。"),
        "reference": _words("The articles it follows from.", "所依据的条文。"),
        "family": _words("The family in words.", "家庭情况（文字）。"),
        "date": Date(en="The day of the law.", zh="适用政策的日期。", null=False),
        "changes": Described(
            en="Values of the law that the case fixes, as in a scenario.",
            zh="案例中固定的政策参数（写法与情景文件相同）。",
            node=lambda: changes(law_on(None)),
        ),
        "household": _of("household", "Columns of the household.", "家庭的各项数据。"),
        "persons": Items(
            en="Columns of each member; one of them is the head.",
            zh="各成员的数据，其中一人为户主。",
            item=_of("person", "Columns of the member.", "成员的各项数据。"),
            least=1,
            wrong="'persons' is a list of at least one member",
            hint=_FAMILY,
            null=False,
        ),
        "expect": Record(
            en="What the rules must give: one value for the household, a list with one for each person.",
            zh="规则应得的结果：家庭一个数值，个人按成员顺序列出。",
            fields={
                "household": Record(fields={}, rest=_VALUE, filled=True, null=False),
                "persons": Record(
                    fields={}, rest=Items(item=_VALUE, least=1, null=False), filled=True, null=False
                ),
            },
            filled=True,
            unknown="'expect' has household: and persons: only, not '$key'",
            wrong="a case expects something",
            hint=_EXPECT,
            null=False,
        ),
    },
)
