"""What a file of financing rules may say."""

from __future__ import annotations

from microsim.documents.nodes import AnyOf, Choice, Date, Items, Node, Number, Record, Text, localised
from microsim.studies.financing.rules import UPPER

PROFILE = "dibao_financing"  # the county's own average shares, as its profile gives them
SOURCES = ("cited", "inferred", "recalled", "assumption")
FACTORS = ("task_volume", "fiscal_difficulty", "local_effort", "performance")
# Kind of rule -> what it must say, and what it may say besides.
KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "share": (("share",), ("of", "up_to")),
    "per_recipient": (("amount",), ()),
    "matching": (("rate", "cap"), ()),
    "grant": ((), ("amount", "share", "without")),
    "pool": (("total", "others"), ("share", "without", "factors")),
}

_YEAR = "^(19|20)[0-9][0-9]$"
_OUTSIDE = "$key is $value, a share from 0 to 1"


def _yuan(en: str, zh: str) -> Number:
    return Number(
        en=en,
        zh=zh,
        least=0,
        null=False,
        outside="$key is $value, below 0",
        bounds="give 0 or more",
        wrong="'$key' is a number, found $shown",
    )


def _share(en: str, zh: str) -> Number:
    wrong = "'$key' is a share, found $shown"
    return Number(
        en=en,
        zh=zh,
        least=0,
        most=1,
        null=False,
        fraction=True,
        outside=_OUTSIDE,
        bounds="0.8 is eight tenths of it",
        wrong=wrong,
    )


_FACTOR = Record(
    null=False,
    fields={
        "weight": _share("The weight of the factor; all weights add up to 1.", "权重，各因素权重之和为1。"),
        "value": _yuan("The county's value; 1 is the mean of all counties.", "本县取值，各县平均为1。"),
    },
    required={"weight": "weight: 0.4", "value": "value: 1.2"},
    unknown="'$key' says nothing of a factor",
)
_LEVEL = Record(
    en="How this level pays.",
    zh="该级财政的负担办法。",
    null=False,
    wrong="'$key' is a rule such as {kind: share, share: 0.8}, found $shown",
    required={"kind": f"one of {', '.join(KINDS)}"},
    unknown="'$key' says nothing of a level",
    fields={
        "kind": Choice(
            en="share (open-ended), per_recipient, matching (capped), grant (lump sum) or pool (by factors).",
            zh="share按比例分担，per_recipient按人定额，matching配套，grant定额补助，pool按因素分配。",
            names=tuple(KINDS),
            wrong="no kind of financing '$value'",
            null=False,
        ),
        "share": AnyOf(
            en=f"A share of the expenditure; {PROFILE}: the county's own average share in its profile.",
            zh=f"分担比例；{PROFILE}为县域资料中的平均比例。",
            options=(
                _share("A share.", "比例。"),
                Choice(names=(PROFILE,), wrong=f"'$key' is a share from 0 to 1 or {PROFILE}", null=False),
            ),
            wrong=f"'$key' is a share from 0 to 1 or {PROFILE}, found $shown",
            null=False,
        ),
        "without": _share("The share where the profile gives none.", "县域资料未给出时的比例。"),
        "of": Choice(
            en="Of all expenditure, or of the rest that upper levels leave.",
            zh="cost为全部支出，rest为上级负担后的余额。",
            names=("cost", "rest"),
            default="cost",
            null=False,
        ),
        "up_to": _yuan(
            "The base standard, yuan a year per recipient; above it the setter pays.",
            "国家基础标准，元/人·年；高出部分自行负担。",
        ),
        "amount": _yuan("Yuan a year (per recipient, or in all).", "元/年（每人或总额）。"),
        "rate": _yuan("Yuan for each yuan of the levels below.", "下级每负担1元配套的金额。"),
        "cap": _yuan("The most, yuan a year.", "最高额，元/年。"),
        "total": AnyOf(
            en="The pool, yuan a year; one sum, or sums by year of which the latest holds.",
            zh="资金总额，元/年；可按年份填写，取最近一年。",
            options=(
                _yuan("Yuan a year.", "元/年。"),
                Record(
                    fields={},
                    rest=_yuan("Yuan.", "元。"),
                    pattern=_YEAR,
                    filled=True,
                    null=False,
                    unknown="'$key' is no year",
                ),
            ),
            wrong="'$key' is a sum, or sums by year, found $shown",
            null=False,
        ),
        "others": _yuan(
            "Recipients of all other counties, weighted by their indices.", "其他县的保障人数（按系数加权）。"
        ),
        "factors": Record(
            en="The factors that make the county's index; without them it follows from its average share.",
            zh="分配因素；不填则由平均比例推算。",
            fields=dict.fromkeys(FACTORS, _FACTOR),
            filled=True,
            null=False,
            unknown="no factor '$key'",
        ),
    },
)
_SOURCED: dict[str, Node] = {
    "source": Choice(names=SOURCES, wrong=f"source is one of {', '.join(SOURCES)}, not '$value'", null=False),
    "reference": Text(filled=True, null=False),
}
_RULE = Record(
    null=False,
    fields={
        "since": Date(en="The day from which it holds.", zh="施行日期。", null=False),
        "zone": Text(en="Only in this zone.", zh="仅适用于该档地区。"),
        "levels": Record(
            en="Level -> how it pays; the county pays the rest.",
            zh="各级财政的负担办法，余额由县级负担。",
            fields=dict.fromkeys(UPPER, _LEVEL),
            null=False,
            unknown="no level '$key' above or beside the county, which pays the rest",
        ),
        **_SOURCED,
    },
    required={
        "since": "since: 2018-01-27",
        "levels": "levels: {centre: {kind: share, share: 0.8}}",
        "source": f"one of {', '.join(SOURCES)}",
        "reference": "name the document and article, or why it is assumed",
    },
)
FINANCING = Record(
    en="Who pays: financing keys (programmes paid from one source), zones, and dated rules.",
    zh="资金负担：资金类别、分档地区和分担办法。",
    null=False,
    wrong="the file gives keys: with programmes and rules, found $shown",
    unknown="'$key' is nothing that financing says",
    required={"keys": "keys: {hardship: {programmes: [dibao], rules: [...]}}"},
    fields={
        "zones": Record(
            en="Zone -> codes of its divisions, by their first digits; the longest that fits holds.",
            zh="分档地区的行政区划代码（前几位），以最长匹配为准。",
            fields={},
            rest=Record(
                null=False,
                fields={
                    "label": localised("The zone's name.", "名称。"),
                    "codes": Items(
                        item=Text(filled=True, null=False), null=False, least=1, wrong='codes: ["15", "45"]'
                    ),
                    **_SOURCED,
                },
                required={"codes": 'codes: ["15", "45"]'},
            ),
        ),
        "keys": Record(
            null=False,
            filled=True,
            fields={},
            rest=Record(
                null=False,
                fields={
                    "label": localised("The key's name.", "名称。"),
                    "programmes": Items(
                        en="Programmes paid from this source.",
                        zh="由该资金支付的项目。",
                        item=Text(filled=True, null=False),
                        least=1,
                        null=False,
                        wrong="programmes: [dibao, tekun]",
                        twice="programme '$value' is given twice",
                    ),
                    "rules": Items(item=_RULE, least=1, null=False, wrong="'$key' is a list of dated rules"),
                },
                required={
                    "programmes": "programmes: [dibao, tekun]",
                    "rules": "rules: [{since: 2018-01-27, ...}]",
                },
            ),
        ),
    },
)
