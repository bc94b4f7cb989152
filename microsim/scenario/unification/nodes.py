"""What a scenario says of one standard for town and country: ``unification:``, ``zones:`` and ``plan:``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

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
)
from microsim.scenario.change_nodes import changes

if TYPE_CHECKING:
    from microsim.policy.policy import Policy

OWN = "own"  # in a list of counties: that of the scenario itself
GOALS = ("fastest", "cheapest", "split")
CAPS = ("increment", "level")
LINES = ("urban", "national")


def _share(en: str, zh: str, most: float = 1.0) -> Number:
    return Number(en=en, zh=zh, least=0, most=most, fraction=True, null=False)


def _counties() -> Items:
    return Items(
        en="Scenario files of counties, or own: the county of this file.",
        zh="各县的方案文件；own 为本文件的县。",
        item=Text(filled=True, null=False),
        least=1,
        null=False,
        twice="$value is named twice",
    )


def unification(law: Callable[[], Policy]) -> Node:
    """``unification: {price_parity: 0.85, cliffs: true, carry_status: true, paths: {...}}``."""
    return Record(
        en="How the study of unification looks at its paths, and additional paths beside that of changes:.",
        zh="城乡统一测算的口径，以及changes:之外的其他路径。",
        null=False,
        filled=True,
        fields={
            "price_parity": Number(
                en="Rural prices over urban ones (an assumption), for figures in real support.",
                zh="农村与城市物价之比（假设），用于按实际保障水平比较。",
                least=0.1,
                most=3,
                fraction=True,
                null=False,
            ),
            "cliffs": Switch(
                en="Whether cliffs are searched for in the first and the last year.",
                zh="是否查找首末两年的悬崖。",
                default=False,
                null=False,
            ),
            "carry_status": Switch(
                en="Whether households admitted to dibao in a year on a path are those on dibao last year in "
                "the next one, for microsim unify and microsim plan; without it, the column of the data "
                "holds in all years.",
                zh="上年是否为低保家庭是否按各路径上年准入结果逐年更新（用于microsim unify和microsim plan）；"
                "否则各年均用资料中的栏目。",
                default=False,
                null=False,
            ),
            "paths": Record(
                en="Additional paths: a name, and changes as under changes:.",
                zh="其他路径：名称及其改动（写法同changes:）。",
                fields={},
                rest=Described(en="The changes of a path.", zh="路径的改动。", node=lambda: changes(law())),
                filled=True,
                null=False,
            ),
        },
    )


ZONES = Record(
    en="Zones of counties that set out on the path one after the other, each in its own year.",
    zh="分区推进：各片区自己的起始年份和所含的县。",
    null=False,
    filled=True,
    fields={},
    rest=Record(
        null=False,
        required={"start": "start: 2022", "counties": "counties: [own, neighbour.yaml]"},
        fields={
            "label": localised("What the zone is called.", "片区名称。"),
            "start": Number(
                en="The year in which the path begins.", zh="路径起始年份。", whole=True, null=False
            ),
            "counties": _counties(),
        },
    ),
)

_RATIO = Number(least=0.01, most=10, fraction=True, null=False)
PLAN = Record(
    en="What microsim plan looks for: the fastest path, the cheapest one, or a split of a budget.",
    zh="microsim plan 的求解目标：最快路径、最省路径或资金在各县的分配。",
    null=False,
    required={"goal": "goal: fastest, cheapest or split"},
    fields={
        "goal": Choice(
            en="fastest: as soon as a cap allows; cheapest: done by a year at least cost; split: a budget "
            "over counties.",
            zh="fastest 在限额内最快；cheapest 在期限内成本最低；split 资金在各县的分配。",
            names=GOALS,
            null=False,
        ),
        "ratios": AnyOf(
            en="The ratios that may be chosen: a list, or how many from the present one to 1.",
            zh="可选的比率：列出各值，或写从现行比率到1的个数。",
            options=(
                Number(whole=True, least=2, most=101, null=False),
                Items(item=_RATIO, least=2, null=False),
            ),
            default=11,
            null=False,
        ),
        "cap": Record(
            en="What the county itself may pay, as a share of its own revenue.",
            zh="县级财政负担的上限（占本级财政收入的比重）。",
            null=False,
            required={"share": "share: 0.05"},
            fields={
                "of": Choice(
                    en="increment: over no change; level: all that it pays.",
                    zh="increment 为比维持现状多负担的部分，level 为全部负担。",
                    names=CAPS,
                    default="increment",
                    null=False,
                ),
                "share": _share("Share of own revenue.", "占本级财政收入的比重。", 10),
            },
        ),
        "by": Number(
            en="The year by which there is one standard.", zh="统一标准的期限年份。", whole=True, null=False
        ),
        "largest_step": _share("The largest rise of the ratio in a year.", "比率每年最多提高多少。"),
        "discount": _share("Discount rate a year.", "年贴现率。"),
        "cost": Choice(
            en="Whose cost: the county's own, or all expenditure.",
            zh="成本口径：县级负担（county）或全部支出（total）。",
            names=("county", "total"),
            default="county",
            null=False,
        ),
        "poverty_weight": Number(
            en="Yuan of cost that a yuan of the rural poverty gap weighs as much as.",
            zh="农村贫困缺口每元折合多少元成本。",
            least=0,
            null=False,
        ),
        "poverty_line": Choice(
            en="The line of the poverty gap.",
            zh="贫困缺口所用的标准：城市低保标准（urban）或国家扶贫标准（national）。",
            names=LINES,
            default="urban",
            null=False,
        ),
        "budget": Number(
            en="What there is to split, yuan a year on top of present expenditure.",
            zh="可分配的资金，元/年（在现有支出之外）。",
            least=0,
            null=False,
        ),
        "counties": _counties(),
    },
)
