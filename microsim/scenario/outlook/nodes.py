"""What may be said under ``economy:``: growth rates, and what a projection over years adds to them."""

from __future__ import annotations

from collections.abc import Mapping

from microsim.documents.nodes import AnyOf, Choice, Items, Node, Number, Record, Switch
from microsim.scenario.grammar import ECONOMY, GROWTH_RANGE, HELD

RANK_GROUPS = 5
AREAS = ("rural", "urban")
AGEING = "ageing"  # the shipped assumption on how the age groups change
# Sources of income that a shock can strike: columns of persons.
SHOCKED = {
    "wage_income": ("wages", "工资性收入"),
    "business_income": ("farm and business income", "经营净收入"),
    "property_income": ("property income", "财产净收入"),
    "private_transfer_income": ("private transfers", "私人转移收入"),
    "pension_income": ("contributory pensions", "养老金"),
}
SIZES = tuple(range(1, 9))  # the last one is 8 and more
REGISTERS = {
    "filed_poor": ("registered poor households", "建档立卡户"),
    "monitored": ("households monitored against relapse", "防止返贫监测户"),
}
BAND = r"^(\d{1,3}-\d{1,3}|\d{1,3}\+?)$"
_YEAR = r"^(19|20)\d\d$"


def _rate(en: str, zh: str) -> Number:
    low, high = GROWTH_RANGE
    return Number(
        en=en,
        zh=zh,
        least=low,
        most=high,
        wrong="$path must be a number, found $kind '$value'",
        hint="6 % a year is 0.06",
        bounds="6 % a year is 0.06",
        null=False,
    )


def _growth(en: str, zh: str) -> AnyOf:
    """One rate for all years, or one from each named year on."""
    return AnyOf(
        en=f"{en}, as a share a year (0.06 is 6 %); or by year: {{2022: 0.05, 2024: 0.04}}",
        zh=f"{zh}（每年，0.06即6%）；也可按年份写：{{2022: 0.05, 2024: 0.04}}",
        options=(
            _rate("", ""),
            Record(rest=_rate("", ""), pattern=_YEAR, filled=True, null=False, fields={}, unknown=_NO_YEAR),
        ),
        wrong="$path must be a number, found $kind '$value'",
        hint="6 % a year is 0.06; by year: {2022: 0.05, 2024: 0.04}",
        null=False,
    )


_NO_YEAR = "'$key' is no year"
_PERSISTENCE = Number(
    en="Rank correlation of income per head between neighbouring years.",
    zh="相邻两年人均收入位次的相关系数。",
    least=0,
    most=1,
    null=False,
)
_LEAVING = Record(
    en="Share of the poorest who are no longer among them a year later.",
    zh="最低收入人群中一年后不再属于该人群的比重。",
    null=False,
    required={"share": "share: 0.37", "poorest": "poorest: 0.1, the tenth with the lowest incomes"},
    fields={
        "share": Number(en="The share who leave.", zh="脱离的比重。", above=0, most=0.95, null=False),
        "poorest": Number(en="Who they are.", zh="所指人群的比重。", above=0, most=0.5, null=False),
    },
)


def _total(what: str, zh: str) -> AnyOf:
    """A number that grows, or totals by year."""
    return AnyOf(
        en=f"{what}: growth a year, or totals by year, in a straight line between them.",
        zh=f"{zh}：年增长率，或按年份给出的总数（其间按直线变动）。",
        options=(
            _rate("", ""),
            Record(
                rest=Number(least=0, null=False),
                pattern=_YEAR,
                filled=True,
                null=False,
                fields={},
                unknown=_NO_YEAR,
            ),
        ),
        wrong="$path is a growth rate or totals by year, found $kind '$value'",
        hint="1 % less a year is -0.01; totals: {2025: 210000}",
        null=False,
    )


def _bands(en: str, zh: str) -> Record:
    return Record(
        en=en,
        zh=zh,
        fields={},
        rest=_total("Residents of the age group", "该年龄组常住人口"),
        pattern=BAND,
        filled=True,
        null=False,
        unknown="'$key' is no age group",
        known="write 0-14, 15-59 or 60+",
    )


_POPULATION = Record(
    en="What the county's population becomes; households are reweighted to it. What is not named is free.",
    zh="人口变动目标；据此调整住户权数，未写明的不作约束。",
    filled=True,
    null=False,
    fields={
        "area": Record(
            en="Residents by area.",
            zh="城乡常住人口。",
            filled=True,
            null=False,
            fields={area: _total("Residents", "常住人口") for area in AREAS},
        ),
        "age": AnyOf(
            en="Residents by age; ageing: the shipped assumption.",
            zh="分年龄常住人口；ageing为内置的老龄化假设。",
            options=(Choice(names=(AGEING,), null=False), _bands("", "")),
            wrong="$path is ageing or age groups, found $kind '$value'",
            hint="age: {0-14: -0.02, 15-59: -0.005, 60+: 0.03}",
            null=False,
        ),
        "age_by_sex": Record(
            en="Residents by sex and age.",
            zh="分性别、年龄常住人口。",
            filled=True,
            null=False,
            fields={
                "male": _bands("Men by age.", "男性常住人口。"),
                "female": _bands("Women by age.", "女性常住人口。"),
            },
        ),
        "household_size": Record(
            en="Households by size; 8 is 8 and more.",
            zh="按人数分的户数；8为8人及以上。",
            filled=True,
            null=False,
            fields={str(size): _total("Households of this size", "该规模户数") for size in SIZES},
            unknown="'$key' is no size of household",
        ),
        **{name: _total(en.capitalize(), zh) for name, (en, zh) in REGISTERS.items()},
    },
)


def _later() -> Mapping[str, Node]:
    """What counts in a projection only."""
    return {
        "by_rank": Record(
            en="By how much incomes grow faster (or slower) than the area's default path, a year: one "
            "number, or one for each quintile of income per head from the poorest up.",
            zh="收入增速与当地默认路径之差（每年）：一个数，或按人均收入五等份由低到高各一个数。",
            filled=True,
            null=False,
            fields={
                area: AnyOf(
                    options=(
                        _rate("", ""),
                        Items(
                            item=_rate("", ""), least=RANK_GROUPS, most=RANK_GROUPS, whole=True, null=False
                        ),
                    ),
                    wrong="$path is a number or a list of five, found $kind '$value'",
                    hint="by_rank: {rural: [0.03, -0.01, -0.01, -0.01, -0.01]}",
                    null=False,
                )
                for area in AREAS
            },
        ),
        "shock": Record(
            en="What strikes sources of income in a year: the share by which each changes, for some months.",
            zh="某年对收入来源的冲击：各来源变动的比例和持续月数。",
            filled=True,
            null=False,
            fields={},
            pattern=_YEAR,
            unknown=_NO_YEAR,
            examples=({2023: {"wage_income": -0.15, "months": 6}},),
            rest=Record(
                filled=True,
                null=False,
                fields={
                    **{
                        name: Number(
                            en=f"Change of {en}, as a share.",
                            zh=f"{zh}变动比例。",
                            least=-1,
                            most=1,
                            null=False,
                        )
                        for name, (en, zh) in SHOCKED.items()
                    },
                    "months": Number(
                        en="How long.", zh="持续月数。", above=0, most=12, default=12, null=False
                    ),
                },
                unknown="no such source of income '$key'",
            ),
        ),
        "mobility": AnyOf(
            en="How households change places in the income order from year to year; none: they keep them.",
            zh="住户收入位次逐年变动的程度；none表示位次不变。",
            options=(
                Choice(names=(HELD,), null=False),
                Record(
                    filled=True, null=False, fields={"persistence": _PERSISTENCE, "leave_poverty": _LEAVING}
                ),
            ),
            wrong="$path is none, a persistence or a share who leave poverty, found $kind '$value'",
            hint="mobility: {persistence: 0.85}",
            null=False,
        ),
        "population": _POPULATION,
        "review": Switch(
            en="Whether those on dibao in a year are those who were on it last year in the next one; without "
            "it, the column of the data holds in all years.",
            zh="上年是否为低保家庭是否按上年测算结果逐年更新；否则各年均用资料中的栏目。",
            default=True,
            null=False,
        ),
        "vulnerability": Record(
            en="Who counts as vulnerable: a chance above this of income below the line within so many years.",
            zh="脆弱性口径：若干年内收入低于标准的概率超过多少。",
            null=False,
            fields={
                "chance": Number(en="The chance.", zh="概率。", above=0, most=0.99, default=0.3, null=False),
                "years": Number(
                    en="Within how many years.",
                    zh="年数。",
                    whole=True,
                    least=1,
                    most=10,
                    default=3,
                    null=False,
                ),
            },
        ),
    }


def economy() -> AnyOf:
    """``economy:`` of a scenario."""
    return AnyOf(
        en="Growth a year from the county's year on, and what a projection over years rests on; none: money "
        "stays that of the county's year. Left out, incomes grow as national ones.",
        zh="年增长率及逐年推算的设定；none 表示按县情资料年份的收入计算，不作调整。"
        "不写时收入按全国平均增速调整。",
        options=(
            Choice(names=(HELD,), null=False),
            Record(fields=said, unknown="no such growth rate '$key'", known="known: $names", null=False),
        ),
        wrong="'economy' must be a mapping of growth rates, or none, found $kind",
        hint=f"known: {', '.join(ECONOMY)}; economy: none keeps the incomes of the county's own year",
    )


def said() -> Mapping[str, Node]:
    """Every key of ``economy:``."""
    return {**{name: _growth(en, zh) for name, (en, zh) in ECONOMY.items()}, **_later()}
