"""What a families file may say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from microsim.documents.nodes import Items, Node, Record, Switch, localised
from microsim.errors import did_you_mean
from microsim.population.core.column_nodes import column_node
from microsim.population.core.columns import STRUCTURAL, known, registry

EXAMPLE = "families: {single-elder: {label: ..., area: rural, members: [...]}, ...}"
LABEL = "for example label: {en: A couple with a pupil, zh: 夫妇带一名学生}"
NEEDED = {
    "area": "area: rural, or area: urban",
    "age": "age: 42 (completed years)",
    "sex": "sex: female, or sex: male",
    "relation": "relation: head for one member, and for the others their relation to the head",
}
_MEMBERS = "members: [{relation: head, sex: female, age: 70}]"
_NO_MEMBERS = "$name: 'members' is a list of at least one member"


def _misplaced(owner: str) -> Callable[[str, Iterable[str]], tuple[str, str]]:
    """About a key that is none of a family or a member, and no column of it."""

    def about(key: str, names: Iterable[str]) -> tuple[str, str]:
        if key in STRUCTURAL:
            return f"'{key}' is set automatically", "leave it out"
        if key in registry():
            return f"'{key}' is a column of {registry()[key].table}", f"write it with {owner}"
        hint = did_you_mean(key, names) or "columns are those of a population"
        return f"no such column '{key}'", hint

    return about


@cache
def _family() -> Mapping[str, Node]:
    return {
        "label": localised("What the family is called.", "家庭名称。", found="'$value'", text="'$value'"),
        "description": localised(
            "A description of the family.", "家庭情况说明。", found="'$value'", text="'$value'"
        ),
        "members": Items(
            en="The members; one of them is the head.",
            zh="家庭成员，其中一人为户主。",
            item=_MEMBER,
            least=1,
            wrong=_NO_MEMBERS,
            absent=_NO_MEMBERS,
            hint=_MEMBERS,
        ),
        **{name: column_node(column) for name, column in known("household").items()},
    }


@cache
def _member() -> Mapping[str, Node]:
    earner = Switch(
        en="the member whose income is moved; without it, the first adult",
        zh="变动其收入的成员；未注明时为第一名成年人",
        wrong="'earner' is true or false, found '$value'",
        hint="earner: true for one member",
        null=False,
    )
    return {**{name: column_node(column) for name, column in known("person").items()}, "earner": earner}


_MEMBER = Record(
    fields=_member,
    required={key: NEEDED[key] for key in ("relation", "sex", "age")},
    missing="$name: a member's '$key' is missing",
    unknown=_misplaced("the family"),
    wrong="$name: a member has keys and values, found '$value'",
    hint="{relation: head, age: 70}",
    null=False,
)
FAMILIES = Record(
    null=False,
    en="Families in words and numbers, each a household of its own.",
    zh="以文字和数字描述的典型家庭，各为一户。",
    required={"families": EXAMPLE},
    fields={
        "title": localised("Of the whole file.", "文件标题。", found="'$value'", text="'$value'"),
        "description": localised("Of the whole file.", "文件说明。", found="'$value'", text="'$value'"),
        "families": Record(
            en="Each family by its name.",
            zh="各家庭，以名称为键。",
            fields={},
            filled=True,
            null=False,
            rest=Record(
                fields=_family,
                required={"label": LABEL, "area": NEEDED["area"], "members": _MEMBERS},
                missing="$name: '$key' is missing",
                empty="$name: '$key' is missing",
                unknown=_misplaced("one of its members"),
                wrong="family '$name' is a name with keys: label, area, members and columns",
                null=False,
            ),
        ),
    },
)
