"""What the text of each notebook says of its figures: the words, and what the kernel says at the end.

A claim is an f-string, evaluated in the notebook's own kernel; the text it gives must be in a markdown cell.
"""

from __future__ import annotations

CLAIMS: dict[str, tuple[str, ...]] = {
    "01-quickstart": (
        "{county.n_households:,} households represent {weights.sum():,.0f} residents",
        "{county.n_households:,}户样本构成",
        "常住人口{weights.sum():,.0f}人",
        "dibao costs {before.iloc[-1, 0]:.0f} million yuan a year and reaches {before.iloc[-1, 1]:,.0f} "
        "people",
        "低保全年支出{before.iloc[-1, 0] / 100:.2f}亿元，保障{before.iloc[-1, 1]:,.0f}人",
        "a rural line of {NEW_RURAL_LINE:,} yuan, {NEW_RURAL_LINE - "
        "law.value('dibao.line')['rural']:.0f} more",
        "costs {(after - before).iloc[-1, 0]:.1f} million more and reaches {(after - before).iloc[-1, "
        "1]:,.0f}",
        "农村标准提高{NEW_RURAL_LINE - law.value('dibao.line')['rural']:.0f}元、达到{NEW_RURAL_LINE:,}元",
        "支出增加{(after - before).iloc[-1, 0] * 100:,.0f}万元，保障人数增加{(after - before).iloc[-1, "
        "1]:,.0f}人",
    ),
    "02-cliffs": (
        "({now.iloc[0]:.0f} %) has a drop somewhere",
        "（{now.iloc[0]:.0f}%）的家庭在现有工资之上",
        "{'twice as many' if 1.9 < country_over_town < 2.3 else country_over_town} in the country as in town",
        "for {now.iloc[2]:.1f} % it is within the next 1,000 yuan",
        "{now.iloc[2]:.1f}%的家庭悬崖就在增收1,000元之内",
        "The next drop takes {now.iloc[3]:,.0f} yuan a year on average",
        "平均损失{now.iloc[3]:,.0f}元/年",
        "Half of all losses ({part('dibao_within_law', 'dibao')} %) are dibao",
        "{part('dibao_entitlement', 'dibao')} % are the steps between the bands",
        "medical aid ({part('dibao_within_law', 'medical_aid')} %)",
        "education grants ({part('dibao_within_law', 'education_aid')} %)",
        "heating relief ({part('dibao_within_law', 'heating')} %)",
        "一半（{part('dibao_within_law', 'dibao')}%）的损失",
        "{family.next_distance:,.0f} yuan more in wages cost it {family.next_drop:,.0f} yuan of dibao, "
        "which is "
        "{days:.0f} days",
        "工资多挣{family.next_distance:,.0f}元，低保金减少{family.next_drop:,.0f}元，相当于按当地最低工"
        "资劳动{days:.0f}天",
        "({then.iloc[1]:.1f} % instead of {now.iloc[1]:.1f} % within 3,000 yuan)",
        "({then.iloc[3]:,.0f} instead of {now.iloc[3]:,.0f} yuan on average)",
        "（3000元内由{now.iloc[1]:.1f}%降至{then.iloc[1]:.1f}%）",
        "（平均由{now.iloc[3]:,.0f}元增至{then.iloc[3]:,.0f}元）",
    ),
    "03-fiscal-cost": (
        "Assistance costs {cost / 1e6:.0f} million yuan a year, "
        "{'more than twice' if cost > 2 * county_revenue else 'not twice'} the county's own revenue",
        "pays {part:.0f} million of it, {'a tenth' if 0.095 < 1e6 * part / cost < 0.105 else part}",
        "with its part of that the county pays {own / 1e6:.0f} million",
        "其中县级负担{round(part) * 100:,.0f}万元",
        "县级负担的部分共{round(own, -6) / 1e4:,.0f}万元",
        "全部救助年支出{cost / 1e8:.2f}亿元",
        "The county pays {100 * table.iloc[:, 0]['hardship']:.0f} % of its dibao on average",
        "but {'the whole' if table.iloc[:, 1]['hardship'] == 1 else 'a part'} of each yuan",
        "县级平均负担低保支出的{100 * table.iloc[:, 0]['hardship']:.0f}%",
        "{(due['budget_need'] - due['budget_spent']) / 1e6:.0f} million less than is due",
        "{due['left_out']:,.0f} people are left out, {100 * due['left_out_below_line']:.0f} % of whom",
        "{due['left_out']:,.0f}人未能保障，其中{100 * due['left_out_below_line']:.0f}%",
        "fall by {due['budget_saved'] / 1e6:.0f} million, more than dibao",
        "Nearly half of those who lose ({100 * shares.iloc[1, 0] / shares.iloc[:, 0].sum():.0f} %)",
        "近一半（{100 * shares.iloc[1, 0] / shares.iloc[:, 0].sum():.0f}%）的受损者",
        "{100 * shares.iloc[1, 0]:.0f} % lose {shares.iloc[1, 1]:,.0f} yuan per head",
        "In the poorest tenth {100 * shares.iloc[0, 0]:.0f} % lose",
        "该组{100 * shares.iloc[1, 0]:.0f}%的人受损，人均{shares.iloc[1, 1]:,.0f}元",
        "At {line.value:,.0f} instead of {law.value('dibao.line')['rural']:,.0f} yuan dibao reaches "
        "{many:,.0f} people",
        "{round(many - few, -1):,.0f} more than where the poorest come first",
        "降至{line.value:,.0f}元时，同样的资金可保障{many:,.0f}人",
    ),
    "04-unification": (
        "cost {extra['straight'] / 1e6:.0f} million yuan more than the present ratio",
        "{'all three' if max(extra.values()) - min(extra.values()) < 1 else extra} have arrived",
        "多支出{extra['straight'] / 1e8:.2f}亿元",
        "by 2030 it is {100 * share_2030:.0f} %, more than the whole of it",
        "无论哪条路径均为{100 * share_2030:.0f}%",
        "(`line_ratio_real` {one['line_ratio_real']:.2f})",
        "{100 * one['overtaking']:.1f} % of rural recipients",
        "`overtaking`; {100 * as_is['overtaking']:.1f} % under the present ratio",
        "{100 * one['overtaking']:.1f}%的农村对象",
        "It gets to {100 * found.ratios[2030]:.0f} % of the urban line",
        "到城市标准的{100 * found.ratios[2030]:.0f}%为止",
        "A cap of {100 * found.caps['arrival']:.0f} % of own revenue",
    ),
    "05-h-county-replication": (
        "the paper's four figures within {1 if misses.abs().max().max() < 0.01 else 'more than 1'} %",
        "rural recipients are predicted {-100 * later_miss['rural']:.0f} % too low and urban ones "
        "{100 * later_miss['urban']:.0f} % too high",
        "under every set the country is {'too low' if too_low else 'not too low'} and the towns "
        "{'too high' if too_high else 'not too high'}",
        "农村对象偏低{-100 * later_miss['rural']:.0f}%，城市对象偏高{100 * later_miss['urban']:.0f}%",
        "between {people[0]:,.0f} and {people[1]:,.0f} more rural recipients, {yuan[0] / 1e6:.0f} to "
        "{yuan[1] / 1e6:.0f} million yuan more",
        "农村对象增加{people[0]:,.0f}至{people[1]:,.0f}人",
    ),
    "06-sweeps": (
        "(`banded`): {len(done.grid.points)} scenarios",
        "paying in bands costs {'more' if (cost['banded'] > cost['gap']).all() else 'less'} than "
        "filling the gap",
        "from 4,200 to 6,000 yuan, raises expenditure on rural dibao by {100 * (gap.iloc[-1] / "
        "gap.iloc[0] - 1):.0f} %",
        "农村低保支出增加{100 * (gap.iloc[-1] / gap.iloc[0] - 1):.0f}%",
        "the {short[order[0]]} comes first, the {short[order[1]]} second",
    ),
    "07-new-benefit": (
        "12 months of 100 yuan, {hand.iloc[1]:,.0f} a year; {'nobody else is' if hand.sum() == "
        "hand.iloc[1] else 'others'}",
        "全年{hand.iloc[1]:,.0f}元",
        "Lunch money would cost {money.sum() / 1e6:.1f} million yuan a year, {money['rural'] / 1e6:.1f} "
        "million of it in "
        "the country, and reach {pupils:,.0f} pupils",
        "午餐补助年支出{money.sum() / 1e4:,.0f}万元".replace(
            "money.sum() / 1e4", "round(money.sum(), -5) / 1e4"
        ),
        "惠及{pupils:,.0f}名学生",
    ),
    "08-own-survey": (
        "{report.table.set_index('column').loc['wage_income', 'filled']} wages had no answer",
        "{report.table.set_index('column').loc['wage_income', 'filled']}人的工资未回答",
        "{100 * share:.1f} % of the people represented receive dibao",
        "所代表的人口中{100 * share:.1f}%享受低保",
        "its standard error is {100 * error:.1f} percentage points",
        "标准误为{100 * error:.1f}个百分点",
    ),
}
# What claims are computed from, where the notebook has no name for it.
BEFORE: dict[str, str] = {
    "01-quickstart": "weights = np.repeat(county.weight, np.diff(county.offsets))",
    "02-cliffs": """
both = main_figures(found)
ahead = both.loc[names["cliffs.facing_notch"]]
country_over_town = ahead["rural"] / ahead["urban"]
caused = why.shares().set_index(["gate", "programme"])["share"]
part = lambda gate, programme: f"{100 * caused[gate, programme]:.0f}"
""",
    "03-fiscal-cost": """
cost, own = (ledger.summary[name]["value"] for name in ("cost.total", "paid.county"))
part = paid["county"].sum()
county_revenue = scenario.county.revenue
due = capped.reform.table.set_index("measure")["value"]
few, many = (ways[name][0] for name in ways)
""",
    "04-unification": """
extra = {path: study.summary[f"{path}.2030.extra_cost.total"]["value"] for path in paths}
share = rows.query("year == 2030 and measure == 'extra_paid_revenue_share'").set_index("path")["value"]
share_2030 = share["straight"]
last = rows.query("year == 2030 and measure in @measures").pivot_table(
    index="path", columns="measure", values="value"
)
one, as_is = last.loc["straight"], last.loc["as_is"]
""",
    "05-h-county-replication": """
table = predicted.ranges.set_index(["people", "target", "area"]).sort_index()
later_miss = table.loc["later", "miss"]["dibao_recipients"]
too_low = (table.xs("rural", level="area")["miss_high"] < 0).all()
too_high = (table.xs("urban", level="area")["miss_low"] > 0).all()
people, yuan = found.ranges["caseload.dibao.rural"], found.ranges["cost.dibao.rural"]
""",
    "06-sweeps": """
gap = cost["gap"]
strength = related.loc[list(design["axes"]), "cost"].abs()
order = list(strength.sort_values(ascending=False).index)
short = dict(zip(design["axes"], ("rural line", "urban line", "share", "form of payment")))
assert strength["dibao.line.urban"] < 0.3, strength
assert again.kept == again.parts and again.table.equals(figures)
""",
    "07-new-benefit": """
hand = ms.simulate(family, law, ["person_lunch"]).persons["person_lunch"]
money = result.total("lunch_benefit", by="area")
""",
}
