"""What a mapping file may say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from microsim.documents.nodes import (
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
)
from microsim.errors import did_you_mean
from microsim.population.core.columns import known

TABLES = {"persons": "person", "households": "household"}
IDENTITY = ("age", "sex")  # what an identity number contains
TAKE = ("same", "first", "sum", "largest", "any")  # one value of a household out of those of its persons
GIVE = ("head", "equal", "adults")  # who of a household gets an amount of the household
FILL = ("drop", "median")  # besides a value
# What amounts are multiplied by, by the unit of the source and the unit of the registry.
FACTORS = {
    "yuan/year": {
        "yuan/year": 1.0,
        "yuan/month": 12.0,
        "yuan/quarter": 4.0,
        "10000 yuan/year": 1e4,
        "1000 yuan/year": 1e3,
    },
    "yuan": {"yuan": 1.0, "1000 yuan": 1e3, "10000 yuan": 1e4},
    "1": {"1": 1.0, "percent": 0.01},
}

_KNOWN = "keys: $names"
_PART = "'$key' has keys and values, not $shown"
_ROW = "header_row is a whole number from 1, not $shown"
_FIRST_ROW = "the row that holds the names of the columns, counted from 1"
_SCALAR = AnyOf(options=(Text(), Number(), Switch(), Date()), ref="code")
_SOURCE = AnyOf(
    options=(Text(), Number()),
    wrong="columns are named by text, not $shown",
    hint="fill_down: [COLUMN, ...]",
    ref="source",
)


def _codes(en: str, zh: str) -> Items:
    wrong = "codes are a list of numbers or texts"
    return Items(en=en, zh=zh, item=_SCALAR, alone=True, whole=True, wrong=wrong)


def _one_of(en: str, zh: str, names: Iterable[str], default: str | None = None) -> Choice:
    return Choice(en=en, zh=zh, names=names, known="one of $names", default=default)


_COLUMN: Mapping[str, Node] = {
    "from": AnyOf(
        en="the source column, or several that are added up",
        zh="来源列；多列时相加",
        options=(Text(), Number(), Items(item=_SOURCE)),
    ),
    "less": AnyOf(
        en="source columns that are subtracted, such as dibao received out of all transfers",
        zh="要减去的来源列，如从转移性收入中减去已领低保金",
        options=(Text(), Number(), Items(item=_SOURCE)),
    ),
    "table": Choice(
        en="the table that holds the source column",
        zh="来源列所在的表",
        names=TABLES,
        wrong="no table '$value'",
        known="persons or households",
    ),
    "value": Anything(en="one value for all, in place of from", zh="所有记录取同一值（代替from）"),
    "recode": Record(
        en="code: value; null is missing",
        zh="代码: 取值；null表示缺失",
        fields={},
        rest=Anything(),
        wrong="recode is a table of code: value",
    ),
    "otherwise": Anything(en="the value of codes that recode does not name", zh="recode未列出的代码的取值"),
    "unit": Described(
        en="the unit in the source",
        zh="来源数据的单位",
        node=lambda: AnyOf(
            options=(Choice(names=[unit for units in FACTORS.values() for unit in units]), Text())
        ),
    ),
    "missing": _codes("more codes that mean no answer", "表示未回答的其他代码"),
    "subtract_from": Number(
        en="the source holds a year: age is this less it",
        zh="来源为年份：以此数减去该年份",
        wrong="subtract_from is a number, not $shown",
    ),
    "identity": _one_of("age or sex out of an identity number", "由身份证号取年龄或性别", IDENTITY),
    "on": AnyOf(en="the day on which the age is that", zh="计算年龄的日期", options=(Date(),)),
    "fill": Anything(
        en="what a gap becomes: a value, median, or drop", zh="缺失值的填补：数值、median或drop"
    ),
    "clip": Switch(
        en="values beyond the range are moved to its bound", zh="超出范围的值取界限值", default=False
    ),
    "take": _one_of("a household's value out of its persons", "由成员取得家庭的值", TAKE, "same"),
    "give": _one_of("who gets the household's amount", "家庭金额归哪些成员", GIVE),
    "new": Switch(en="keep a column that microsim does not know", zh="保留未知的列", default=False),
    "verified": Switch(en="whether the codebook was compared", zh="是否已与数据手册核对"),
}


def _column(more: Mapping[str, Node] | None = None, en: str = "", zh: str = "", ref: str = "column") -> Node:
    record = Record(fields={**_COLUMN, **(more or {})}, known=_KNOWN, null=False, ref=ref)
    plain = (Text(), Number(), Items(item=_SOURCE))
    return AnyOf(en=en, zh=zh, options=(record, *plain), null=False)


@cache
def _columns(entity: str) -> Mapping[str, Node]:
    return {
        name: _column(en=f"{column.label['en']} ({column.unit})", zh=column.label["zh"])
        for name, column in known(entity).items()
    }


def _table(name: str, en: str, zh: str) -> Record:
    fields: dict[str, Node] = {
        "file": Text(en="the file's name, where several are given", zh="文件名（有多个文件时）"),
        "header_row": Number(
            en=_FIRST_ROW,
            zh="列名所在的行（从1数起）",
            whole=True,
            least=1,
            default=1,
            wrong=_ROW,
            not_whole=_ROW,
            outside=_ROW,
            hint=_FIRST_ROW,
            bounds=_FIRST_ROW,
        ),
        "fill_down": Items(
            en="columns whose blank cells repeat the cell above",
            zh="空白单元格沿用上一行的列",
            item=_SOURCE,
            alone=True,
        ),
        "household": AnyOf(
            en="the column that names the household",
            zh="户编号列",
            options=(Text(), Number()),
            absent=f"{name} need the column that names the household",
        ),
        "person": AnyOf(en="the column that names the person", zh="成员编号列", options=(Text(), Number())),
        "missing": _codes("codes that mean no answer, in every column", "所有列中表示未回答的代码"),
        "columns": Record(
            en="columns of the population, and what each is made of",
            zh="人口数据的列及其来源",
            fields=lambda: _columns(TABLES[name]),
            rest=_column(),
            wrong=_PART,
        ),
        "keep_if": Record(
            en="records that are kept: column: codes",
            zh="保留哪些记录（列: 代码）",
            fields={},
            rest=_codes("codes", "代码"),
            wrong=_PART,
        ),
    }
    needs = {"household": "household: COLUMN"}
    if name == "households":
        scale = Number(
            en="weights are scaled to so many persons",
            zh="权重缩放到的总人数",
            above=0,
            wrong="persons are a number above 0, not $shown",
        )
        fields["weight"] = _column(
            {"scale_to_persons": scale}, "the weight of a household", "户权重", "weight"
        )
        needs["weight"] = "weight: {from: COLUMN}, or weight: {value: 1} if each row represents one household"
    return Record(
        en=en,
        zh=zh,
        fields=fields,
        required=needs,
        unknown=_unknown(name),
        known=_KNOWN,
        wrong=_PART,
        missing="does not give weights",
        empty="does not give weights",
    )


def _unknown(table: str) -> Callable[[str, Iterable[str]], tuple[str, str]]:
    def about(key: str, names: Iterable[str]) -> tuple[str, str]:
        if table == "persons" and key == "weight":
            return "weights belong to households", ""
        return f"no such key '{key}'", did_you_mean(key, names) or f"keys: {', '.join(names)}"

    return about


MAPPING = Record(
    null=False,
    en="Which column of a survey or register becomes which column of a population, and how.",
    zh="调查或登记数据的列如何转为人口数据的列。",
    known=_KNOWN,
    required={name: f"add a part '{name}:'" for name in TABLES},
    missing="has no part for $key",
    empty="has no part for $key",
    fields={
        "source": Record(
            en="Which data these are.", zh="数据来源。", fields={}, rest=Anything(), wrong=_PART
        ),
        "read": Record(
            en="How the files are read.",
            zh="文件读取方式。",
            fields={
                "encoding": Text(en="utf-8, gb18030", zh="编码", wrong="encoding is text, not $shown"),
                "sheet": Text(en="the sheet of a workbook", zh="工作表名", wrong="sheet is text, not $shown"),
                "separator": Text(
                    en="what separates fields",
                    zh="分隔符",
                    letters=1,
                    wrong="separator is one character, not $shown",
                ),
            },
            known=_KNOWN,
            wrong=_PART,
        ),
        "persons": _table("persons", "Persons: one record each.", "成员，一人一条记录。"),
        "households": _table("households", "Households: one record each.", "家庭，一户一条记录。"),
    },
)
