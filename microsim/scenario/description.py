"""What a scenario file may say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from microsim.documents.nodes import (
    AnyOf,
    Choice,
    Date,
    Described,
    Items,
    Node,
    Number,
    Record,
    Switch,
    Text,
    localised,
    now,
    outputs_of,
)
from microsim.language import LANGUAGES
from microsim.scenario.administration.nodes import administration
from microsim.scenario.budget.nodes import budget
from microsim.scenario.change_nodes import changes, programmes, regimes
from microsim.scenario.grammar import (
    DEFAULT_OUTPUTS,
    MONTHS,
    OUTPUTS,
    YEAR_END,
)
from microsim.scenario.lawful import law_on
from microsim.scenario.outlook.nodes import economy
from microsim.scenario.practice.anchor import KEY as ANCHOR_KEY
from microsim.scenario.practice.ensemble import KEY as ENSEMBLE_KEY
from microsim.scenario.provinces import province_files
from microsim.scenario.unification.nodes import PLAN, ZONES, unification

if TYPE_CHECKING:
    from microsim.policy.policy import Policy


def _parameter(law: Callable[[], Policy]) -> Node:
    return Choice(
        names=lambda: law().parameters,
        wrong="no such parameter '$value'",
        known="microsim params lists them",
        null=False,
    )


def _share_of(en: str, zh: str) -> Number:
    outside, bounds = "$key is $value, a share from 0 to 1", "0.8 is eight tenths of it"
    return Number(en=en, zh=zh, least=0, most=1, null=False, fraction=True, outside=outside, bounds=bounds)


def _amount(en: str, zh: str) -> Number:
    outside, bounds = "$key is $value, below 0", "give 0 or more"
    return Number(en=en, zh=zh, least=0, null=False, outside=outside, bounds=bounds)


def _weight(en: str, zh: str) -> Number:
    wrong, hint = "'$key' is a number above 0, found $shown", "1 counts like every other recipient"
    return Number(en=en, zh=zh, above=0, null=False, wrong=wrong, hint=hint)


_KEY = Text(
    en="The financing key, as in the rules: hardship.",
    zh="资金类别（与分担办法一致），如hardship。",
    filled=True,
)
_TRAITS = {
    "rural": ("rural recipients", "农村对象"),
    "key_county": ("recipients in key counties for rural revitalisation", "国家乡村振兴重点帮扶县的对象"),
    "special": ("the destitute, and recipients in households with a top-up", "特困人员和分类施保家庭的对象"),
}
_POOL = Record(
    en="A pool of the province over several counties, shared out by weighted recipients.",
    zh="省级统筹：资金按加权保障人数在几个县之间分配。",
    null=False,
    required={"key": "key: hardship", "counties": "counties: [{scenario: neighbour.yaml}]"},
    fields={
        "key": _KEY,
        "level": Choice(
            en="Whose money it is.",
            zh="由哪一级财政出资。",
            names=("centre", "province", "prefecture"),
            default="province",
            null=False,
        ),
        "total": _amount(
            "Yuan a year; left out, what the level pays to all of the counties without the pool.",
            "资金总额，元/年；不写时为该级财政现行对各县的补助之和。",
        ),
        "index": _weight("This county's weight per recipient.", "本县每名对象的权数。"),
        "counties": Items(
            en="The other counties of the pool.",
            zh="参加统筹的其他县。",
            least=1,
            null=False,
            item=Record(
                null=False,
                required={"scenario": "scenario: neighbour.yaml"},
                fields={
                    "scenario": Text(en="Its scenario file.", zh="该县的方案文件。", filled=True, null=False),
                    "index": _weight("Its weight per recipient.", "该县每名对象的权数。"),
                },
            ),
        ),
    },
)
_INCREASE = Record(
    en="New central money for the whole country, split by weighted recipients.",
    zh="中央增支：按加权保障人数在全国分配。",
    null=False,
    required={
        "key": "key: hardship",
        "total": "total: 10.0e9",
        "others": "others: 49.0e6, the recipients elsewhere",
        "additionality": "additionality: 0.7, the share that is spent on top of present expenditure",
    },
    fields={
        "key": _KEY,
        "total": _amount("Yuan a year in the whole country.", "全国总额，元/年。"),
        "others": _amount("Recipients in all other counties.", "其他县的保障人数。"),
        "others_mix": Record(
            en="Which share of them has each trait.",
            zh="其他县对象中各类的比重。",
            null=False,
            fields={
                name: _share_of(f"Share of {en}.", f"{zh}的比重。") for name, (en, zh) in _TRAITS.items()
            },
        ),
        "tilt": Record(
            en="By how much a recipient with a trait counts more: 1.5 counts half as much again.",
            zh="倾斜权数：1.5表示多计一半。",
            null=False,
            filled=True,
            fields={name: _weight(f"Weight of {en}.", f"{zh}的权数。") for name, (en, zh) in _TRAITS.items()},
        ),
        "key_county": Switch(
            en="Whether this county is a key county.", zh="本县是否为重点帮扶县。", default=False, null=False
        ),
        "additionality": _share_of(
            "The share spent on top of present expenditure; the rest replaces the county's own money.",
            "新增资金中用于增加支出的比重，其余替代县级资金。",
        ),
    },
)
PERIOD = "write [first, last], for example years: [2021, 2030]"
_LAW_DAY = Date(en="the day whose law applies", zh="适用哪一天的政策", examples=("2020-12-31",), null=False)

SCENARIO = Record(
    null=False,
    en="A scenario: which county, the law of which day, and what to change.",
    zh="情景文件：哪个县、适用哪一天的政策、改动什么。",
    required={
        "county": "add county: <population folder or profile.yaml>, relative to this file",
        "law": "add law: <date>, the date of the law to apply, for example law: 2020-12-31",
    },
    unless="base",
    fields={
        "base": Text(
            en="Another scenario file: what is not said here is as there, and results show the change.",
            zh="基准方案文件：本文件未写明的内容与其相同，结果列出相对于基准的变化。",
            examples=("h-county-2020.yaml",),
            wrong="'base' must be the path of a scenario file, found $kind '$value'",
            filled=True,
            null=False,
        ),
        "title": localised("What results are headed with.", "结果的标题。"),
        "description": localised("What the scenario is for.", "情景说明。"),
        "language": Choice(
            en="The language of all results: en or zh; without it, that of MICROSIM_LANG, or English.",
            zh="全部结果所用的语言：en（英文）或zh（中文）；未写明时按MICROSIM_LANG，否则为英文。",
            names=LANGUAGES,
            wrong="'language' is en or zh, not $shown",
            null=False,
        ),
        "county": Text(
            en="The county: the path of a population folder or of a profile.yaml, from this file on.",
            zh="县的人口文件夹或profile.yaml的路径（相对于本文件）。",
            examples=("../data/synthetic/h-county",),
            wrong="'county' must be the path of a folder or a profile, found $kind '$value'",
            filled=True,
        ),
        "law": AnyOf(
            en="The day whose law applies; with follow: true each year has its own law.",
            zh="适用哪一天的政策；follow: true 表示各年适用当年政策（时点数按12月31日，支出按月）。",
            options=(
                Record(
                    fields={
                        "date": _LAW_DAY,
                        "follow": Switch(
                            en="each year has its own law: people as on 31 December, money by month",
                            zh="各年适用当年政策：人数按12月31日，支出按月",
                            default=False,
                            hint="write follow: true",
                        ),
                        "known": Date(
                            en="take only what had been adopted or published by this day",
                            zh="只采用截至该日已通过或公布的内容",
                            examples=("2025-01-01",),
                            null=False,
                        ),
                    },
                    unknown="no such key in law: '$key'",
                ),
                _LAW_DAY,
            ),
        ),
        "province": Choice(
            en="The province whose values replace the national ones; changes here are applied after them.",
            zh="采用哪个省份的取值代替全国取值；本文件的 changes 优先。",
            names=province_files,
            wrong="no province '$value'",
            always=True,
            null=False,
        ),
        "law_package": Text(
            en="A folder of own rules and parameters below this file's, laid beside the law.",
            zh="自有规则和参数的文件夹（位于本文件所在目录之下），与现行政策一并适用。",
            examples=("mylaw",),
            wrong="'law_package' must be the path of a folder, found $kind '$value'",
            filled=True,
        ),
        "years": Items(
            en="The first and the last year of a path over several years.",
            zh="测算的起止年份。",
            item=Number(whole=True, null=False),
            least=2,
            most=2,
            whole=True,
            examples=([2021, 2030],),
            wrong="'years' must be two whole years",
            hint=PERIOD,
        ),
        "regime": Described(
            en="Programmes held at the terms of access of a named regime, whatever the date.",
            zh="将救助项目的准入条件固定在某一制度阶段，不随日期变化。",
            node=lambda: regimes(law_on(None)),
        ),
        "programmes": Described(
            en="Programmes switched on or off, or given a form.",
            zh="救助项目的开关或方式。",
            node=lambda: programmes(law_on(None)),
        ),
        "changes": Described(
            en="What departs from the law: parameters, each with a value, or values by category or date.",
            zh="与现行政策不同之处：参数名及其取值（可按类别或日期给出）。",
            node=lambda: changes(law_on(None)),
        ),
        "unusual": Items(
            en="Parameters whose values are meant, though outside the range seen.",
            zh="数值超出常见范围、但确属有意设定的参数。",
            item=_parameter(lambda: law_on(None)),
            wrong="'unusual' must be a list of parameters",
            hint="unusual: [means_test.work_cost_rate]",
        ),
        "economy": economy(),
        "budget": budget(lambda: law_on(None)),
        "administration": administration(),
        "anchor": ANCHOR_KEY,
        "ensemble": ENSEMBLE_KEY,
        "within_year": Choice(
            en="How the money of a year with dated changes is counted: months (each stretch of it by its "
            "months) or year_end (the law of the day for the whole year).",
            zh="年度内政策变动时支出的计算口径：months按月分段加权，year_end全年按适用日政策计算。",
            names=(MONTHS, YEAR_END),
            default=MONTHS,
            wrong="'within_year' is months or year_end, not $shown",
            null=False,
        ),
        "financing": Record(
            en="Who pays, for ledger and compare: other rules, a pool of counties, new central money.",
            zh="资金负担（用于ledger和compare）：另定的分担办法、省级统筹、中央增支。",
            null=False,
            filled=True,
            fields={
                "rules": Text(
                    en="A file of financing rules in place of the packaged ones.",
                    zh="替代内置办法的资金分担办法文件。",
                    examples=("my-province.yaml",),
                    filled=True,
                    null=False,
                ),
                "pool": _POOL,
                "increase": _INCREASE,
            },
        ),
        "unification": unification(lambda: law_on(None)),
        "zones": ZONES,
        "plan": PLAN,
        "outputs": outputs_of(OUTPUTS, DEFAULT_OUTPUTS),
    },
)


def scenario_under(law: Callable[[], Policy]) -> Record:
    """What a scenario may say where its parameters and programmes are those of another law."""
    fields = dict(now(SCENARIO.fields))
    of_law = {
        "regime": lambda: regimes(law()),
        "programmes": lambda: programmes(law()),
        "changes": lambda: changes(law()),
    }
    for key, node in of_law.items():
        said = fields[key]
        assert isinstance(said, Described)
        fields[key] = replace(said, node=node)
    unusual = fields["unusual"]
    assert isinstance(unusual, Items)
    own = {
        "unusual": replace(unusual, item=_parameter(law)),
        "budget": budget(law),
        "unification": unification(law),
    }
    return replace(SCENARIO, fields={**fields, **own})
