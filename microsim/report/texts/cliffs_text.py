"""The cliff study as printed text: who faces a notch, what it goes through, the commonest one in full."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from microsim.numerics.ranking import to_rank_by
from microsim.report.money_text import money_note
from microsim.report.text import in_words, large_sum, number, percent, table, wrap
from microsim.report.texts.calibration_text import calibrated_note
from microsim.report.words import financing_note, law_notes, programme_label
from microsim.report.words import say as say_of_run
from microsim.scenario.idle import idle_parts
from microsim.studies.cliffs.commonest import commonest
from microsim.studies.cliffs.life import days_of_minimum_wage, months_of_support

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.studies.cliffs.families import FamilyLines
    from microsim.studies.cliffs.study import CliffStudy

WORDS: dict[str, dict[str, str]] = {
    "law": {"en": "{county}; law of {date}", "zh": "{county}；执行{date}的政策法规"},
    "walked": {
        "en": "In each household {whose} income ({income}) is varied from 0 to {most} yuan a year, all else "
        "equal; there are {n} points at which household resources jump.",
        "zh": "令每户{whose}收入（{income}）在每年0至{most}元之间变动，其他条件不变，"
        "共找到{n}处家庭资源突变点。",
    },
    "of_resources": {
        "en": "Resources are disposable income and benefits in kind, less rigid expenditure; microsim run "
        "draws one family by disposable income and reports both.",
        "zh": "家庭可用资源为可支配收入与实物救助之和减去刚性支出；"
        "microsim run按可支配收入绘制一户，并同时列出两者。",
    },
    "of_disposable_income": {
        "en": "Resources are disposable income here: this law has no benefits in kind.",
        "zh": "此处家庭资源即可支配收入：所用政策不含实物救助。",
    },
    "best": {"en": "the highest earner's", "zh": "收入最高成员的"},
    "each": {"en": "each earner's", "zh": "每名有收入成员的"},
    "marked": {"en": "the marked member's", "zh": "指定成员的"},
    "figure": {"en": "Figure", "zh": "指标"},
    "facing_notch_within_500": {"en": "Cliff within 500 yuan", "zh": "500元内有悬崖"},
    "facing_notch_within_1000": {"en": "Cliff within 1,000 yuan", "zh": "1,000元内有悬崖"},
    "facing_notch_within_3000": {"en": "Cliff within 3,000 yuan", "zh": "3,000元内有悬崖"},
    "marginal_rate_above_100": {"en": "Marginal tax rate above 100 %", "zh": "有效边际税率超过100%"},
    "marginal_rate_at_least_100": {"en": "Marginal tax rate 100 % or more", "zh": "有效边际税率达100%"},
    "mean_marginal_rate": {"en": "Mean marginal tax rate", "zh": "平均有效边际税率"},
    "mean_participation_tax_rate": {"en": "Mean participation tax rate", "zh": "平均参与税率"},
    "mean_loss": {"en": "Mean loss at the next cliff, yuan", "zh": "下一悬崖平均损失（元）"},
    "worst_loss": {"en": "Largest loss at the next cliff, yuan", "zh": "下一悬崖最大损失（元）"},
    "mean_total_loss": {"en": "Mean loss, all cliffs, yuan", "zh": "全部悬崖损失均值（元）"},
    "in_dead_zone": {"en": "In a dead zone (members)", "zh": "处于无效增收区间（人）"},
    "trapped_earnings": {"en": "Earnings trapped there, million yuan", "zh": "无效增收额（万元）"},
    "gate": {"en": "Through", "zh": "途径"},
    "loss": {"en": "Million yuan", "zh": "万元"},
    "share": {"en": "Share", "zh": "占比"},
    "step": {"en": "{rule} (step)", "zh": "{rule}（分档）"},
    "through": {
        "en": "What causes the jumps (Shapley values of the statuses that change, weighted sums over the "
        "range; under each status, the programmes that pay by it):",
        "zh": "突变的成因（各项身份变化的沙普利值，全程加权合计；各身份之下列出据以发放的项目）：",
    },
    "others": {"en": "others", "zh": "其他"},
    "commonest": {
        "en": "The commonest cliff within 3,000 yuan of the present income: {n} households, {share} of those "
        "with a cliff of 100 yuan or more so near. Of these, household {id} has the median loss:",
        "zh": "现有收入以上3,000元内最常见的悬崖：涉及{n}户，占该范围内面临100元以上悬崖家庭的{share}。"
        "其中第{id}户损失居中：",
    },
    "none_near": {
        "en": "No household faces a cliff of 100 yuan or more within 3,000 yuan of its present income.",
        "zh": "没有家庭在现有收入以上3,000元内面临100元以上的悬崖。",
    },
    "drop_in_words": {
        "en": "At {at} yuan a year ({more} more than now) it loses {drop} yuan a year of resources: "
        "{months} months of its present benefits, or {days} days of work at the local minimum wage. It must "
        "earn {dead} to be as well off again. Triggered by: {rule} ({comparison}).",
        "zh": "年收入达到{at}元（比现在多{more}元）时，全家可用资源每年减少{drop}元，"
        "相当于{months}个月的现有救助待遇，或按当地最低工资劳动{days}天的收入。须再多挣{dead}才能恢复原有水平。"
        "触发规则：{rule}（{comparison}）。",
    },
    "never": {"en": "more than the range covers", "zh": "超出所查范围的金额"},
    "again": {"en": "{n} more", "zh": "{n}元"},
    "no_drop": {"en": "No household faces a cliff.", "zh": "没有家庭面临悬崖。"},
    "exact": {
        "en": "Positions and sizes are exact where the law is piecewise linear in the income varied; for "
        "{share} of households it is not, and each jump is located to within 0.00001 yuan (column exact in "
        "tables/households.csv). Payments are not rounded here.",
        "zh": "救助待遇为所变动收入的分段线性函数时，突变点的位置和大小均为精确值；"
        "{share}的家庭不满足此条件，"
        "其突变点定位误差在0.00001元以内（见tables/households.csv的exact列）。此处金额不取整。",
    },
    "synthetic": {
        "en": "These households are synthetic: the figures have no sampling error, and the variation between "
        "seeds of the generator (--seeds) is not a substitute for one.",
        "zh": "家庭为合成数据，各项指标没有抽样误差；不同随机种子之间的差异（--seeds）也不能视为抽样误差。",
    },
    "neighbours": {
        "en": "Between neighbours (yuan a year per head; see neighbours.csv and docs/neighbours.md):",
        "zh": "邻近家庭之间（人均，元/年；见neighbours.csv）：",
    },
    "jump.resources": {"en": "Resources: jump at the line", "zh": "家庭资源在标准线处的落差"},
    "jump.benefits": {"en": "Benefits: jump at the line", "zh": "救助待遇在标准线处的落差"},
    "error": {"en": "  standard error", "zh": "  标准误"},
    "bandwidth": {"en": "  bandwidth", "zh": "  带宽"},
    "reversed_pairs.resources": {
        "en": "Reversed pairs near the line",
        "zh": "标准线附近家庭位次倒置的配对占比",
    },
    "gap.resources_before": {
        "en": "Registered poor less near-poor, before",
        "zh": "建档立卡户与临界户之差，救助前",
    },
    "gap.resources": {"en": "Registered poor less near-poor, after", "zh": "建档立卡户与临界户之差，救助后"},
    "spread": {
        "en": "Lowest and highest over {n} seeds of the generator (not a sampling error):",
        "zh": "{n}个随机种子结果的最低值与最高值（不是抽样误差）：",
    },
    "lowest": {"en": "Lowest", "zh": "最低"},
    "highest": {"en": "Highest", "zh": "最高"},
    "deviation": {"en": "Std. deviation", "zh": "标准差"},
    "scenario": {"en": "Scenario", "zh": "方案"},
    "at": {"en": "At", "zh": "收入"},
    "drop": {"en": "Loss", "zh": "损失"},
    "dead": {"en": "Dead zone", "zh": "无效增收"},
    "months": {"en": "Months", "zh": "救助月数"},
    "days": {"en": "Days", "zh": "劳动天数"},
    "rule": {"en": "Trigger", "zh": "触发规则"},
    "none": {"en": "no cliff", "zh": "无悬崖"},
}
SHOWN = (
    "facing_notch_within_500",
    "facing_notch_within_1000",
    "facing_notch_within_3000",
    "marginal_rate_above_100",
    "marginal_rate_at_least_100",
    "mean_marginal_rate",
    "mean_participation_tax_rate",
    "mean_loss",
    "worst_loss",
    "mean_total_loss",
    "in_dead_zone",
    "trapped_earnings",
)
SMALLEST_SHARE = 0.005  # of all jumps: less is not shown by itself


say = partial(in_words, WORDS)


def cliffs_text(study: CliffStudy, lang: str) -> str:
    """The text that ``microsim cliffs`` prints for one scenario, at most 80 columns wide."""
    sections = ["\n".join(wrap(line) for line in heading(study, lang)), _by_area(study, lang)]
    sections.append(f"{wrap(say('through', lang))}\n{_causes(study, lang)}")
    sections.append("\n".join(wrap(line) for line in commonest_cliff(study, lang)))
    if study.neighbours is not None:
        sections.append(f"{wrap(say('neighbours', lang))}\n{_neighbours(study, lang)}")
    if study.spread is not None:
        sections.append(_spread(study, lang))
    sections.append("\n".join(wrap(line) for line in notes(study, lang)))
    return "\n\n".join(sections) + "\n"


def compared_text(studies: Sequence[CliffStudy], lang: str) -> str:
    """Several scenarios side by side: the figures of all their households."""
    names = [study.scenario.name for study in studies]
    rows = [
        (say(measure, lang), *(shown(measure, _value(study, measure, ""), lang) for study in studies))
        for measure in SHOWN
    ]
    titles = [
        wrap(f"{study.scenario.name}: {study.scenario.title_in(lang)}", indent="  ") for study in studies
    ]
    figures = table((say("figure", lang), *names), rows, range(1, len(names) + 1), names=True)
    return "\n".join(titles) + f"\n\n{figures}\n"


def families_text(lines: FamilyLines, lang: str) -> str:
    """For each family its drops under each scenario: where, how much, and in life's terms."""
    drops = lines.notches[lines.notches["drop"] >= 1.0]
    sections = []
    for family in lines.families.names:
        rows = []
        for scenario in dict.fromkeys(lines.households["scenario"]):
            own = drops[(drops["family"] == family) & (drops["scenario"] == scenario)]
            rows += [
                (
                    scenario,
                    number(at),
                    number(drop),
                    number(dead),
                    number(months, 1),
                    number(days),
                    lines.labels.get(rule, {}).get(lang, rule),
                )
                for at, drop, dead, months, days, rule in zip(
                    own["at"], own["drop"], own["dead_zone"], own["months_of_support"],
                    own["days_of_minimum_wage"], own["rule"], strict=True,
                )
            ] or [(scenario, "-", "-", "-", "-", "-", say("none", lang))]  # fmt: skip
        header = [say(k, lang) for k in ("scenario", "at", "drop", "dead", "months", "days", "rule")]
        label = lines.labels[family].get(lang, family)
        sections.append(f"{wrap(label)}\n{table(header, rows, range(1, 6))}")
    return "\n\n".join(sections) + "\n"


def heading(study: CliffStudy, lang: str) -> list[str]:
    """Title, county and law, and what was done."""
    found, scenario = study.cliffs, study.scenario
    profile = scenario.profile
    county = profile.name.get(lang, profile.name["en"]) if profile is not None else scenario.county_path.name
    whose = say({None: "best", "each": "each"}.get(study.member, "marked"), lang)
    return [
        scenario.title_in(lang),
        say("law", lang, county=county, date=scenario.day),
        money_note(study.money, lang),
        *calibrated_note(scenario, lang),
        say(
            "walked", lang, whose=whose, income=income_label(found.vary, lang), most=number(found.max_income),
            n=number(len(found.notches)),
        ),
        *([say(f"of_{found.resources}", lang)] if f"of_{found.resources}" in WORDS else []),
    ]  # fmt: skip


def income_label(vary: str, lang: str) -> str:
    """The varied income by its column's label."""
    from microsim.population.core.columns import registry

    label = registry()[vary].label.get(lang, vary) if vary in registry() else vary
    return label.lower() if lang == "en" else label


def shown(measure: str, value: float | None, lang: str) -> str:
    """A figure as the tables have it."""
    if measure == "trapped_earnings":
        return large_sum(value, lang)
    if measure in ("mean_loss", "worst_loss", "mean_total_loss", "in_dead_zone"):
        return number(value)
    return percent(value)


def _value(study: CliffStudy, measure: str, group: str) -> float | None:
    return study.cliffs.indicators.value(f"cliffs.{measure}{'.' if group else ''}{group}")


def _by_area(study: CliffStudy, lang: str) -> str:
    areas = [a for a in study.population.categories.get("area", ()) if _value(study, "members_walked", a)]
    groups = [*areas, ""]
    rows = [
        (say(measure, lang), *(shown(measure, _value(study, measure, g), lang) for g in groups))
        for measure in SHOWN
    ]
    header = [say("figure", lang), *(say_of_run(g, lang) for g in groups)]
    return table(header, rows, range(1, len(header)))


def label_of(policy: Policy, rule: str, lang: str) -> str:
    """A rule by its label."""
    known = policy.rules.get(rule)
    return known.label.get(lang, rule) if known is not None else rule


def _causes(study: CliffStudy, lang: str) -> str:
    """Gates from the largest loss down, under each its programmes; what is very small is added up."""
    policy = study.cliffs.policy
    shares = study.causes.shares()
    steps = set(study.causes.table.loc[study.causes.table["through"] == "step", "gate"])
    whole = float(shares["change"].sum())
    rows: list[tuple[str, str, str]] = []

    def row(label: str, change: float) -> None:
        rows.append((label, large_sum(change, lang, 2), percent(change / whole)))

    left = whole
    for gate, own in sorted(shares.groupby("gate"), key=lambda item: to_rank_by(item[1]["change"].sum())):
        total = float(own["change"].sum())
        if abs(total / whole) < SMALLEST_SHARE:
            continue
        left -= total
        label = label_of(policy, str(gate), lang)
        row(say("step", lang, rule=label) if gate in steps else label, total)
        for programme, change in zip(own["programme"], own["change"], strict=True):
            if abs(change / whole) >= SMALLEST_SHARE:
                label = programme_label(policy, programme, lang, say("others", lang))
                row(f"  {label}", change)
    if abs(left) > 0.005e6:
        row(say("others", lang), left)
    return table([say(k, lang) for k in ("gate", "loss", "share")], rows, (1, 2))


def commonest_cliff(study: CliffStudy, lang: str) -> list[str]:
    """The cliff that most households have just ahead, for the one with the median loss, in life's terms."""
    found = study.cliffs
    near = commonest(found.households)
    if near is None:
        some = bool((found.households["next_drop"] > 0.0).any())
        return [say("none_near" if some else "no_drop", lang)]
    own = found.households[found.households["household_id"] == near.household_id]
    facing = own[(own["next_rule"] == near.rule)].sort_values("next_distance", kind="stable").iloc[0]
    at = (found.notches["household_id"] == facing["household_id"]) & (
        found.notches["at"] == facing["next_at"]
    )
    at &= found.notches["person_id"] == facing["person_id"]
    place = int(at.to_numpy().argmax())
    notch = found.notches.iloc[place]
    benefits = float(study.causes.benefits_before[place])
    dead = notch["dead_zone"]
    return [
        say("commonest", lang, n=number(near.households), share=percent(near.share), id=near.household_id),
        say(
            "drop_in_words", lang, at=number(notch["at"]), more=number(facing["next_distance"]),
            drop=number(notch["drop"]), months=number(float(months_of_support(notch["drop"], benefits)), 1),
            days=number(float(days_of_minimum_wage(notch["drop"], found.policy))),
            dead=say("again", lang, n=number(dead)) if dead == dead else say("never", lang),
            rule=label_of(found.policy, notch["rule"], lang), comparison=notch["comparison"],
        ),
    ]  # fmt: skip


def _neighbours(study: CliffStudy, lang: str) -> str:
    """The jump at the line, ranks and the gap between registered poor and near-poor, by area."""
    assert study.neighbours is not None
    found = study.neighbours.summary
    groups = [*study.population.categories.get("area", ()), ""]

    def cells(name: str, key: str = "value", share: bool = False) -> list[str]:
        out = []
        for group in groups:
            entry = found.get(f"cliffs.neighbours.{name}{'.' if group else ''}{group}", {})
            value = entry.get(key)
            out.append((percent if share else number)(None if value is None else float(value)))
        return out

    rows = []
    for name in ("jump.resources", "jump.benefits"):
        rows.append([say(name, lang), *cells(name)])
        rows.append([say("error", lang), *cells(name, "standard_error")])
    rows.append([say("bandwidth", lang), *cells("bandwidth")])
    rows.append([say("reversed_pairs.resources", lang), *cells("reversed_pairs.resources", share=True)])
    rows += [[say(name, lang), *cells(name)] for name in ("gap.resources_before", "gap.resources")]
    return table(
        [say("figure", lang), *(say_of_run(g, lang) for g in groups)], rows, range(1, len(groups) + 1)
    )


def _spread(study: CliffStudy, lang: str) -> str:
    assert study.spread is not None
    whole = study.spread[study.spread["group"] == ""].set_index("measure")
    columns = ["lowest", "highest", "standard_deviation"]
    by_measure = dict(zip(whole.index, whole[columns].to_numpy(), strict=True))
    rows = [
        (say(measure, lang), *(shown(measure, float(v), lang) for v in by_measure[f"cliffs.{measure}"]))
        for measure in SHOWN
    ]
    head = [say(k, lang) for k in ("figure", "lowest", "highest", "deviation")]
    title = say("spread", lang, n=int(whole["seeds"].max()))
    return f"{wrap(title)}\n{table(head, rows, (1, 2, 3))}"


def notes(study: CliffStudy, lang: str) -> list[str]:
    """What a reader must know before quoting a figure."""
    out = [say("exact", lang, share=percent(_value(study, "not_exact", "")))]
    out.append(say("synthetic", lang))
    out += [one.text("zh" if lang == "zh" else "en") for one in idle_parts(study.scenario)]
    out += financing_note(study.scenario, lang)
    out += law_notes(study.scenario, lang)
    return out
