"""What a brief says of a study of cliffs: how many face one, at which cost, who is caught, through what."""

from __future__ import annotations

from microsim.report.brief.folder import Figure, Folder
from microsim.report.brief.model import Chart, Findings, Text
from microsim.report.brief.teller import Teller, drawable, sayable

AREAS = ("rural", "urban", "")
NEAR = (500, 1000, 3000)
MOST_PROGRAMMES = 6
WORDS = {
    "title": {
        "en": "Where earning more leaves a household with less: {title}",
        "zh": "关于“{title}”多挣反少问题的测算简报",
    },
    "question": {
        "en": "How many would lose by earning a little more, how much, and through which programmes?",
        "zh": "有多少家庭稍增收入反而减少家庭资源、减少多少、由哪些项目造成？",
    },
    "facing": {
        "en": "{ahead} of the earners followed have a cliff ahead of them, {near} within a thousand yuan "
        "a year.",
        "zh": "所考察的劳动者中，{ahead}在增收途中会遇到福利悬崖（收入增加而家庭资源减少），"
        "{near}再增收一千元以内即会遇到。",
    },
    "no_cliff": {
        "en": "None of the earners followed has a cliff ahead.",
        "zh": "所考察的劳动者均不会遇到福利悬崖。",
    },
    "loss": {
        "en": "At the next cliff the household loses {mean} a year on average, and {worst} at worst.",
        "zh": "越过下一处悬崖，家庭平均每年减少{mean}，最多减少{worst}。",
    },
    "caught": {
        "en": "{persons} now earn in a range in which their household is worse off than with less "
        "({share} of those followed).",
        "zh": "目前有{persons}处于多挣反少的收入区间，占所考察劳动者的{share}。",
    },
    "not_caught": {
        "en": "Nobody now earns in a range in which the household is worse off than with less.",
        "zh": "目前无人处于多挣反少的收入区间。",
    },
    "table": {"en": "Cliffs by area", "zh": "分城乡的悬崖情况"},
    "rural": {"en": "Rural", "zh": "农村"},
    "urban": {"en": "Urban", "zh": "城市"},
    "": {"en": "County", "zh": "全县"},
    "within": {"en": "Cliff within {n} yuan", "zh": "{n}元以内有悬崖"},
    "facing_notch": {"en": "Cliff ahead", "zh": "增收途中有悬崖"},
    "mean_loss": {"en": "Mean loss at the next cliff", "zh": "下一处悬崖平均损失"},
    "worst_loss": {"en": "Largest loss at the next cliff", "zh": "下一处悬崖最大损失"},
    "mean_participation_tax_rate": {"en": "Mean participation tax rate", "zh": "平均就业参与税率"},
    "in_dead_zone": {"en": "Worse off than with less", "zh": "处于多挣反少区间"},
    "note": {
        "en": "Resources of the household a year: disposable income and benefits in kind, less rigid "
        "expenditure.",
        "zh": "按家庭年资源计算：可支配收入加实物与服务，减刚性支出。",
    },
    "near_chart": {
        "en": "{near} would fall off a cliff by earning up to three thousand yuan more",
        "zh": "再增收三千元以内，{near}的劳动者会遇到福利悬崖",
    },
    "loss_rural": {
        "en": "The next cliff costs more in the countryside ({rural}) than in town ({urban})",
        "zh": "下一处悬崖的损失，农村（{rural}）大于城市（{urban}）",
    },
    "loss_urban": {
        "en": "The next cliff costs more in town ({urban}) than in the countryside ({rural})",
        "zh": "下一处悬崖的损失，城市（{urban}）大于农村（{rural}）",
    },
    "through": {"en": "Most is lost through: {name}", "zh": "损失最多的项目：{name}"},
}


def findings(folder: Folder, lang: str) -> Findings:
    """The answer, key table and charts of a study of cliffs."""
    tell = Teller(folder, lang, WORDS)
    f = tell.figure
    ahead = f("cliffs.facing_notch")
    some = ahead is not None and ahead.value > 0
    answer = sayable(
        tell.say("facing", ahead=ahead, near=f("cliffs.facing_notch_within_1000"))
        if some
        else tell.say("no_cliff"),
        tell.say("loss", mean=f("cliffs.mean_loss"), worst=f("cliffs.worst_loss")) if some else None,
        _caught(tell),
    )
    measures = ("facing_notch", "mean_loss", "worst_loss", "mean_participation_tax_rate", "in_dead_zone")
    rows = [(_within(tell, n), _by_area(tell, f"facing_notch_within_{n}")) for n in NEAR]
    rows += [(tell.word(measure), _by_area(tell, measure)) for measure in measures]
    header = ["", *(tell.word(area) for area in AREAS)]
    table = tell.table(tell.word("table"), header, rows, tell.word("note"))
    title = tell.word("title", title=folder.title(lang))
    charts = drawable(_near(tell), _losses(tell), _through(tell))
    return Findings(title, tell.word("question"), answer, table, charts)


def _within(tell: Teller, n: int) -> str:
    return tell.word("within", n=f"{n:,}")


def _by_area(tell: Teller, measure: str) -> list[Figure | None]:
    return [tell.figure(f"cliffs.{measure}.{area}" if area else f"cliffs.{measure}") for area in AREAS]


def _caught(tell: Teller) -> Text | None:
    persons = tell.figure("cliffs.in_dead_zone")
    if persons is not None and not persons.value:
        return tell.say("not_caught")
    return tell.say("caught", persons=persons, share=tell.figure("cliffs.share_in_dead_zone"))


def _near(tell: Teller) -> Chart | None:
    found = [tell.figure(f"cliffs.facing_notch_within_{n}") for n in NEAR]
    known = [figure for figure in found if figure is not None]
    if len(known) < len(NEAR) or not known[-1].value:
        return None
    title = tell.say("near_chart", near=known[-1])
    return tell.chart("cliffs_near", "bars", title, [_within(tell, n) for n in NEAR], [("", known)])


def _losses(tell: Teller) -> Chart | None:
    rural, urban = (tell.figure(f"cliffs.mean_loss.{area}") for area in ("rural", "urban"))
    if rural is None or urban is None:
        return None
    title = tell.say("loss_rural" if rural.value >= urban.value else "loss_urban", rural=rural, urban=urban)
    return tell.chart(
        "cliff_losses", "bars", title, [tell.word("rural"), tell.word("urban")], [("", [rural, urban])]
    )


def _through(tell: Teller) -> Chart | None:
    """What is lost through each programme, over all cliffs."""
    table = tell.folder.table("causes_shares")
    if table is None or table.empty:
        return None
    lost = -table.groupby("programme")["change"].sum()
    lost = lost[lost > 0].sort_values(ascending=False).head(MOST_PROGRAMMES)
    if lost.empty:
        return None
    names = [tell.folder.label("programmes", str(name), tell.lang) for name in lost.index]
    figures = [Figure("", float(value), "yuan/year") for value in lost]
    return tell.chart(
        "losses_by_programme", "bars", tell.say("through", name=names[0]), names, [("", figures)]
    )
