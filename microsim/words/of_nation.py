"""What columns and codes of the national study are called, in English and Chinese."""

from __future__ import annotations

_LINES = {
    "rural_line": ("Rural line", "农村低保标准"),
    "urban_line": ("Urban line", "城市低保标准"),
    "rural_income": ("Rural income per head", "农村居民人均可支配收入"),
    "urban_income": ("Urban income per head", "城镇居民人均可支配收入"),
    "revenue": ("Own revenue", "一般公共预算收入"),
    "expenditure": ("Budget expenditure", "一般公共预算支出"),
}
SOURCES = tuple(f"{name}_source" for name in _LINES)
# Column -> its heading in English and Chinese, and the unit of its numbers.
COLUMNS: dict[str, tuple[str, str, str]] = {
    "code": ("Code", "代码", ""),
    "province": ("Province", "省份", ""),
    "city": ("City", "市", ""),
    "zone": ("Zone", "片区", ""),
    "labels": ("Labels", "标签", ""),
    "place": ("Province", "省份代码", ""),
    "withheld": ("Withheld", "不予显示", ""),
    "reason": ("Reason", "原因", ""),
    "residents": ("Residents", "常住人口", "persons"),
    "residents_rural": ("Rural residents", "农村常住人口", "persons"),
    "residents_urban": ("Urban residents", "城镇常住人口", "persons"),
    **{name: (en, zh, "yuan/year") for name, (en, zh) in _LINES.items() if name != "expenditure"},
    **{f"{name}_source": (f"{en}: from", f"{zh}来源", "") for name, (en, zh) in _LINES.items()},
    "ratio": ("Rural line / urban line", "农村标准与城市标准之比", "1"),
    "recipients_share": ("Recipients of dibao among residents", "低保对象占常住人口比重", "1"),
    "dibao_per_resident": ("Dibao per resident", "人均低保支出", "yuan/year"),
    "one_line_burden": ("Additional expenditure of one line / revenue", "统一标准新增支出占本级收入", "1"),
    "outlook": ("One line", "统一标准前景", ""),
    "lacking_share": ("Lacking of the additional expenditure", "缺口占新增支出", "1"),
    "ratio_in_reach": ("Ratio that own money allows", "本级财力可达比率", "1"),
    "ratio_with_central_money": ("Ratio with central money", "中央补助后比率", "1"),
    "facing_notch": ("Households facing a cliff", "前方有悬崖的家庭", "1"),
    "order": ("Order", "次序", ""),
    "counties": ("Counties", "县数", ""),
    "unified": ("One line already", "已统一", ""),
    "own": ("By own money", "本级可承担", ""),
    "central": ("Lack central money", "需中央资金", ""),
    "late": ("Too far off", "期限内难统一", ""),
    "ready": ("Residents that are ready", "条件具备的人口", "1"),
    "lacking": ("Lacking of the additional expenditure", "缺口占新增支出", "1"),
    "share_of_lack": ("Share of the lack", "占全部缺口", "1"),
}
# Code -> its words.
CODES: dict[str, tuple[str, str]] = {
    "table": ("table of counties", "县表"),
    "province": ("province", "省级资料"),
    "archetype": ("archetype", "典型县"),
    "unified": ("one line already", "已统一"),
    "own": ("could pay itself", "本级可承担"),
    "central": ("lacks central money", "需中央资金"),
    "late": ("too far off", "期限内难统一"),
    **{f"band_{k}": (f"band {k}", f"第{digit}档") for k, digit in enumerate("一二三四五", 1)},
    "counties": ("counties", "县数"),
    "coverage": ("share of residents with own figures", "本县数据覆盖的人口比重"),
    "mean_line": ("mean line", "标准均值"),
    "ratio_of_lines": ("mean urban / mean rural line", "城乡标准均值之比"),
    "times_present": ("times the present", "与现状之比"),
    "below": ("below the urban line", "低于城市标准"),
    "cliffs.facing_notch": ("facing a cliff", "前方有悬崖"),
    "cliffs.facing_notch_within_1000": ("facing a cliff within 1,000 yuan", "1,000元内有悬崖"),
    "cliffs.share_in_dead_zone": ("in a dead zone", "处于无效增收区间"),
    "cliffs.mean_loss": ("mean loss at the next cliff", "下一悬崖平均损失"),
    **_LINES,
}
TABLES: dict[str, tuple[str, str]] = {
    "provinces": ("Provinces", "各省"),
    "nation": ("Nation", "全国"),
    "zones": ("Zones", "片区"),
    "filled": ("Sources", "数据来源"),
    "failed": ("Not made", "未能生成"),
}
CODED = (*SOURCES, "outlook", "zone")
