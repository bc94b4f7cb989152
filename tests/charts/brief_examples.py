"""One chart of a brief of each kind, for the tests and for looking at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from microsim.charts import Marks

WORDS = {
    "en": (
        "Rural",
        "Urban",
        "County",
        "before assistance",
        "after assistance",
        "million yuan",
        "Age",
        "Source",
    ),
    "zh": ("农村", "城市", "全县", "救助前", "救助后", "万元", "年龄", "资料来源"),
}
LONG = {
    "en": "Minimum living guarantee (dibao) takes the most of the 489 million yuan a year: 305 million yuan",
    "zh": "年支出4.89亿元中，最低生活保障最多，为3.05亿元，其余各项合计1.84亿元，详见附表",
}
PROGRAMMES = {
    "en": [
        "Minimum living guarantee (dibao)",
        "Support of the destitute (tekun)",
        "Two subsidies for disabled",
    ],
    "zh": ["最低生活保障", "特困人员救助供养", "服务类社会救助（访视照料）"],
}
# The county with the longest name, and those with the rarest characters.
COUNTIES = {
    "en": ["Huyi", "Shuangjiang (Lahu, Wa, Blang and Dai)", "Yongqiao", "Chanhe"],
    "zh": ["鄠邑区", "双江拉祜族佤族布朗族傣族自治县", "埇桥区", "瀍河回族区"],
}
AGES = ["0–9", "10–19", "20–29", "30–39", "40–49", "50–59", "60–69", "70–79", "80+"]


def marks(name: str, values: Sequence[float]) -> Marks:
    """A series with its numbers as they are written."""
    return Marks(name, list(values), [f"{value:,g}".replace("-", "−") for value in values])


def examples(lang: str) -> Mapping[str, Mapping[str, Any]]:
    """Name -> what is handed to ``finding``."""
    rural, urban, county, before, after, money, age, source = WORDS[lang]
    areas, title = [rural, urban, county], LONG[lang]
    tenths = [100 * (k / 20) ** 2.3 for k in range(21)]
    flatter = [100 * (k / 20) ** 1.8 for k in range(21)]
    made: dict[str, tuple[str, list[str], list[Marks], str, str]] = {
        "bars": ("bars", PROGRAMMES[lang], [marks("", [30_490, 994, 1_140])], money, ""),
        "bars_of_two": (
            "bars", areas, [marks(before, [399, 90.1, 489]), marks(after, [416, 99.8, 516])], money, "",
        ),
        "bars_below_zero": ("bars", areas, [marks("", [12_300, -3_280, 512])], money, ""),
        "before_after": (
            "before_after", areas, [marks(before, [16.8, 0.78, 11.1]), marks(after, [1.06, 0, 0.69])],
            "%", "",
        ),
        "two_sided": (
            "two_sided", [str(k) for k in range(1, 11)],
            [
                marks(before, [3.4, 14.4, 7.39, 6.9, 3.4, 1.4, 0.28, 0.1, 0, 0]),
                marks(after, [0, 0, 0.02, 0, 1.5, 2.5, 0, 0, 0, 0]),
            ],
            "%", age,
        ),
        "pyramid": (
            "pyramid", AGES,
            [
                marks(before, [5_650, 5_260, 3_100, 3_580, 3_910, 2_990, 2_470, 2_330, 1_120]),
                marks(after, [5_310, 5_430, 3_320, 3_980, 3_830, 3_050, 2_930, 2_910, 1_120]),
            ],
            county, age,
        ),
        "by_payer": (
            "by_payer", PROGRAMMES[lang],
            [marks(rural, [229, 7.45, 0]), marks(urban, [61, 1.99, 5.97]), marks(county, [15.2, 0.5, 5.97])],
            money, "",
        ),
        "lines": (
            "lines", [str(year) for year in range(2020, 2028)],
            [marks(before, range(489, 561, 9)), marks(after, [489, *range(600, 614, 2)])], money, age,
        ),
        "multiples": (
            "multiples", ["3,000", "3,600", "5,250"],
            [marks(name, [18 - k, 12 - 2 * k, 9 - 2 * k]) for k, name in enumerate(COUNTIES[lang])], "%", age,
        ),
        "lorenz": (
            "lorenz", [str(5 * k) for k in range(21)], [marks(before, tenths), marks(after, flatter)],
            "%", age,
        ),
    }  # fmt: skip
    keys = ("kind", "labels", "series", "unit", "axis")
    return {
        name: {**dict(zip(keys, one, strict=True)), "title": title, "source": f"{source}: microsim, 2020"}
        for name, one in made.items()
    }
