"""Writes docs/provinces.md: the provinces with values of their own, each with its document.

    python tools/province_page.py [--check]

`tests/docs/test_generated_pages.py` holds that the page says what the files say.
"""

from __future__ import annotations

import sys
from pathlib import Path

from microsim.policy.policy import Policy
from microsim.scenario.grammar import LAW_KNOWN_UNTIL
from microsim.scenario.province_file import read_province
from microsim.scenario.provinces import Province, province_files
from microsim.simulation.explaining import cited
from tools.page import keep

PAGE = Path(__file__).resolve().parents[1] / "docs" / "provinces.md"
HEAD = """# Provinces 省级取值

Generated from `scenarios/provinces/` by `python tools/province_page.py`.

Provinces and municipalities set much of what the national law leaves open. A scenario names its province:

```yaml
province: ningxia
```

The national law is taken first, then the province's values, then the county's calibration, then the
scenario's own `changes:`. Only what was read is here. **What no document gives stays national**, and the
notes of a run, `manifest.json` and `microsim check` say which values are the province's. `microsim params
disability --province ningxia` shows them. A value holds from its day on; before it, and under an earlier
`known:`, the national one does; so it does after the last day that the file gives (`until:`). A regime
(`regime:`) holds the province's terms of access.

各省（自治区、直辖市）依法确定国家规定未统一的标准。方案写明 `province:` 后，先取国家规定，再取省级取值，
再取县级校准结果，最后取方案自身的`changes:`。这里只收录查阅过的文件；**没有文件的，仍用全国取值**，
运行说明、`manifest.json` 和 `microsim check` 会写明哪些是省级取值。省级取值自所列日期起适用；写明截止日
（`until:`）的，此后恢复全国取值。

A file in `scenarios/provinces/` has `changes:` as in a scenario, each with the day from which it holds
(`on:`), and under `sources:` the document of each. An unknown name is refused with the list of those that
there are.

Lines were read of a few provinces and for a few years: of Beijing and Shanghai (one line for town and
country, the last one read is held), of Chongqing, of Xizang in 2020, of the countryside of Shanxi in 2025
(worked out of its subsidies), and the guideline of Henan. No table of provincial lines was found, so all
others are national averages, and a county's scenario gives its own. In the first quarter of 2021
the urban line was as high as the rural one in Beijing, Shanghai, Tianjin, Zhejiang, Jiangsu, Fujian and
Anhui, 1.2 to 1.5 times as high in fourteen provinces (Chongqing, Guangdong, Hainan, Xinjiang, Shandong,
Shanxi, Hubei, Hunan, Inner Mongolia, Sichuan, Jiangxi, Liaoning, Shaanxi, Jilin), 1.5 to 1.7 times in nine
(Ningxia, Hebei, Henan, Gansu, Heilongjiang, Qinghai, Guizhou, Yunnan, Guangxi) and 2.27 times in Tibet
(source paper); these bands are what to hold a county's lines against.

低保标准只查到少数省份、少数年份：北京、上海（城乡同一标准，沿用最近查到的数）、重庆、西藏2020年、山西2025年农村
（由两项补贴推算），以及河南省的最低指导标准。没有查到分省标准表，其余省份用全国平均数，由县的方案填写本县标准。
2021年一季度城乡标准之比：北京、上海、天津、浙江、江苏、福建、安徽为1；重庆、广东、海南、新疆、山东、山西、湖北、湖南、
内蒙古、四川、江西、辽宁、陕西、吉林为1.2至1.5；宁夏、河北、河南、甘肃、黑龙江、青海、贵州、云南、广西为1.5至1.7；
西藏为2.27（来源论文）。本县标准可与此对照。
"""


def page() -> str:
    """The whole page."""
    law = Policy.load(LAW_KNOWN_UNTIL)
    provinces = [read_province(path) for path in province_files().values()]
    return "\n".join([HEAD, *(part for one in provinces for part in _part(one, law))]).rstrip() + "\n"


def _part(province: Province, law: Policy) -> list[str]:
    rows = []
    for name, change in province.changes.items():
        label = law.parameters[name].label
        values = "; ".join(f"{day}: {_shown(value)}" for day, value in change["on"].items())
        if name in province.until:
            values += f"; until 至 {province.until[name]}"
        source = province.sources[name]
        both = source if cited(source, "zh") == source else f"{source}<br>{cited(source, 'zh')}"
        about = f"`{name}`<br>{label['en']}<br>{label['zh']}"
        rows.append(f"| {about} | {law.parameters[name].unit} | {values} | {both} |")
    title = f"## {province.title['en']} {province.title['zh']}"
    named = f"`province: {province.name}`"
    head = ["| parameter 参数 | unit 单位 | value from 自……起 | document 文件 |", "|---|---|---|---|"]
    return [title, "", named, "", *head, *rows, ""]


def _shown(value: object) -> str:
    if isinstance(value, dict):
        inner = value["by"] if set(value) == {"by"} else value
        return ", ".join(f"{key} {_shown(one)}" for key, one in inner.items())
    if isinstance(value, list):
        return ", ".join(f"from {x:g}: {y:g}" for x, y in value)
    return (
        str(value).lower()
        if isinstance(value, bool)
        else f"{value:,}"
        if isinstance(value, int)
        else str(value)
    )


if __name__ == "__main__":
    sys.exit(keep(PAGE, page))
