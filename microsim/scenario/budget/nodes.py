"""What ``budget:`` of a scenario file may say."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from microsim.documents.nodes import AnyOf, Choice, Items, Node, Number, Record
from microsim.scenario.budget.caps import FIRST_COME, QUOTAS, RULES
from microsim.scenario.grammar import PAYERS

if TYPE_CHECKING:
    from microsim.policy.policy import Policy

AREAS = ("rural", "urban")
EXAMPLE = "dibao_money: {programmes: [dibao], cap: 200e6, rule: poorest_first}"


def paying_programmes(law: Policy) -> list[str]:
    """Programmes with an expenditure under a law, in alphabetical order."""
    roles = ("cash_benefit", "in_kind_benefit")
    return sorted({rule.programme for rule in law.rules.values() if rule.role in roles and rule.programme})


def budget(law: Callable[[], Policy]) -> Node:
    """Caps by names of the user's own."""
    cap = Record(
        en="A cap: on what programmes cost (cap) or on how many they serve (quota), and who goes first.",
        zh="限额：项目支出（cap）或名额（quota）的上限，以及不足时的办法。",
        null=True,
        wrong="'$key' is a cap, found $shown",
        hint=f"for example {EXAMPLE}",
        unknown="'$key' says nothing of a cap",
        required={"rule": f"one of {', '.join(RULES)}"},
        fields={
            "programmes": Items(
                en="The programmes that the cap is of.",
                zh="限额涉及的救助项目。",
                item=Choice(
                    names=lambda: paying_programmes(law()),
                    wrong="no programme '$value' that pays",
                    null=False,
                ),
                least=1,
                alone=True,
                null=False,
                twice="programme '$value' is given twice",
                wrong="'programmes' is a list such as [dibao], found $shown",
            ),
            "payer": Choice(
                en="Only what this payer pays; of all programmes where none is named.",
                zh="仅限该出资方的支出；未写明项目时指全部项目。",
                names=PAYERS,
                wrong="no payer '$value'",
                null=False,
            ),
            "cap": _most("The most that is paid, yuan a year.", "支出上限，元/年。"),
            "quota": Record(
                en="The most that are served: persons (recipients), cases (households), posts or care hours.",
                zh="名额上限：persons保障人数、cases户次、posts公益性岗位、care_hours照料小时。",
                null=False,
                fields={name: _most("The most of them.", "上限。") for name in QUOTAS},
                filled=True,
                wrong="'quota' says of what there are so many, for example quota: {posts: 300}, not $shown",
                unknown="no quota of '$key'",
            ),
            "rule": Choice(
                en="Who goes first: the poorest by assessed income, or who comes first; or all in part, by "
                "the same share or for whole months; or a lower dibao line for everybody.",
                zh="不足时的办法：poorest_first按核定收入从低到高，first_come先到先得，pro_rata按比例发放，"
                "whole_months按整月发放，lower_line降低低保标准。",
                names=RULES,
                wrong="no such rule '$value'",
                null=False,
            ),
            "upper_levels": Number(
                en="The share of what the cap leaves missing that upper levels of government cover.",
                zh="缺口中由上级财政补足的比例。",
                least=0,
                most=1,
                null=False,
                fraction=True,
                default=0,
                outside="$key is $value, a share from 0 to 1",
                wrong="'$key' is a share, found $shown",
            ),
            "seed": Number(
                en=f"Seed of the order under {FIRST_COME}.",
                zh=f"{FIRST_COME}先后次序的随机种子。",
                whole=True,
                least=0,
                most=2**31,
                null=False,
                default=1,
            ),
        },
    )
    return Record(
        en="Where money does not suffice: caps, each by a name of your own; a later cap takes what an "
        "earlier one leaves.",
        zh="资金不足时的限额，名称自定，依次执行。",
        fields={},
        rest=cap,
        pattern=r"^[A-Za-z][A-Za-z0-9_]*$",
        unknown="'$key' is no name of a cap: letters, digits and _",
        known=f"for example {EXAMPLE}",
        wrong="'budget' is caps by name, found $shown",
        hint=f"for example budget: {{{EXAMPLE}}}",
    )


def _most(en: str, zh: str) -> Node:
    amount = Number(
        en=en, zh=zh, least=0, null=False, outside="$key is $value, below 0", bounds="0 pays nobody"
    )
    by = Record(
        null=False,
        fields={
            "by": Record(
                null=False, filled=True, fields=dict.fromkeys(AREAS, amount), unknown="no area '$key'"
            )
        },
        required={"by": "by: {rural: 100e6, urban: 20e6}"},
    )
    wrong = "'$key' is an amount, or amounts {by: {rural: ..., urban: ...}}, found $shown"
    return AnyOf(en=en, zh=zh, options=(amount, by), wrong=wrong, null=False)
