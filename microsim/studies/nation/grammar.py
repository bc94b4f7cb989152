"""What a file of the national study may say."""

from __future__ import annotations

from microsim.documents.nodes import Choice, Date, Described, Node, Number, Record, Text, localised
from microsim.population.profile.figures import SOURCES
from microsim.scenario.change_nodes import changes, programmes
from microsim.scenario.lawful import law_on


def _sourced(fields: dict[str, Node], en: str, zh: str, first: str) -> Record:
    """Numbers with their source, as every number that is no law has."""
    source: dict[str, Node] = {
        "source": Choice(en="Where the numbers come from.", zh="数值来源。", names=SOURCES, null=False),
        "reference": Text(en="The document or the reason.", zh="文件或理由。", filled=True, null=False),
    }
    needed = {"source": "source: assumption", "reference": "reference: why this number"}
    return Record(
        en=en, zh=zh, null=False, filled=True, fields={**fields, **source}, required={first: "", **needed}
    )


def _share(en: str, zh: str, most: float = 1.0) -> Number:
    return Number(en=en, zh=zh, least=0, most=most, fraction=True, null=False)


SCENARIO = Record(
    en="One scenario: what departs from the county's own law and lines. The first one departs in nothing.",
    zh="一个情景：与各县现行政策和标准不同之处。第一个情景为现状。",
    fields={
        "title": localised("What the scenario is called.", "情景名称。"),
        "least_ratio": Number(
            en="The rural line is raised to at least this share of the urban one.",
            zh="农村标准至少提高到城市标准的这一比例。",
            above=0,
            most=1,
            fraction=True,
            null=False,
        ),
        "programmes": Described(
            en="Programmes switched on or off, or given a form.",
            zh="救助项目的开关或方式。",
            node=lambda: programmes(law_on(None)),
        ),
        "changes": Described(
            en="What departs from the law, as in a scenario.",
            zh="与现行政策不同之处，写法与情景文件相同。",
            node=lambda: changes(law_on(None)),
        ),
    },
)

NATION = Record(
    null=False,
    en="The whole nation county by county: the law, the scenarios, and who could pay for one standard.",
    zh="逐县测算全国：适用政策、情景，以及城乡标准统一的资金来源。",
    required={
        "law": "law: 2020-12-31, the day whose law applies",
        "scenarios": "scenarios: {present: {}, one-line: {least_ratio: 1.0}}",
        "coverage": "coverage: {share: 0.8, source: assumption, reference: ...}",
        "unify": "unify: {by: 2027, cap: 0.05, source: assumption, reference: ...}",
    },
    fields={
        "title": localised("What results are headed with.", "结果的标题。"),
        "description": localised("What the study is for.", "说明。"),
        "law": Date(
            en="the day whose law applies", zh="适用哪一天的政策", examples=("2020-12-31",), null=False
        ),
        "coverage": _sourced(
            {
                "share": _share(
                    "The share of residents whose counties' lines and incomes are given from which on sums "
                    "of money and of recipients are shown.",
                    "低保标准和居民收入由用户提供的县所占常住人口比重达到多少，才显示金额和人数合计。",
                )
            },
            "From which coverage on totals are estimates.",
            "合计数成立所需的覆盖面。",
            "share",
        ),
        "scenarios": Record(
            en="Scenarios by name; the first is the present, with which the others are compared.",
            zh="各情景；第一个为现状，其余与之比较。",
            fields={},
            rest=SCENARIO,
            pattern=r"^[a-z0-9][a-z0-9-]*$",
            unknown="'$key' cannot name a scenario: lower-case letters, digits and hyphens do",
            filled=True,
            null=False,
        ),
        "unify": _sourced(
            {
                "by": Number(
                    en="The year by which there is one standard.",
                    zh="统一标准的期限年份。",
                    whole=True,
                    least=2021,
                    most=2100,
                    null=False,
                ),
                "cap": _share(
                    "What a county may pay more itself, as a share of its own revenue.",
                    "县级多负担的上限（占本级财政收入的比重）。",
                    10,
                ),
                "largest_step": _share("The largest rise of the ratio in a year.", "比率每年最多提高多少。"),
                "revenue_growth": _sourced(
                    {
                        "value": Number(
                            en="Growth a year, as a share.",
                            zh="每年增长多少（比重）。",
                            least=-0.2,
                            most=0.2,
                            fraction=True,
                            null=False,
                        )
                    },
                    "Growth of own revenue up to that year, beyond that of lines and incomes.",
                    "到期限年份，本级财政收入每年的增长（扣除低保标准和居民收入增长）。",
                    "value",
                ),
                "ratios": Number(
                    en="How many lines are tried, from the present one to the urban one.",
                    zh="从现行标准到城市标准之间试算的档数。",
                    whole=True,
                    least=2,
                    most=51,
                    default=11,
                    null=False,
                ),
                "central": _share(
                    "Central money for the split, as a share of what all counties lack.",
                    "用于分配的中央资金，占全部缺口的比重。",
                ),
            },
            "One standard by a year under a cap, and who lacks how much for it.",
            "在期限和限额内统一标准，以及各县资金缺口。",
            "by",
        ),
    },
)
