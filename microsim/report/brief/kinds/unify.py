"""What a brief says of paths to one standard: what each costs, who bears it, and what it does to poverty."""

from __future__ import annotations

from microsim.report.brief.folder import Figure, Folder
from microsim.report.brief.model import Chart, Findings, Text
from microsim.report.brief.teller import Teller, drawable, sayable

HELD, OWN = "as_is", "unify"
ROWS = {  # key of the label -> figure
    "line": "line.dibao.rural",
    "ratio": "line_ratio.dibao",
    "persons": "caseload.dibao",
    "total": "cost.total",
    "extra": "extra_cost.total",
    "county": "paid.county",
    "county_share": "paid_revenue_share.county",
    "poor": "poverty_urban_line.headcount.rural",
}
WORDS = {
    "title": {"en": "Paths to one standard: {title}", "zh": "关于“{title}”城乡低保统筹的测算简报"},
    "question": {
        "en": "What does the path to one standard for town and country cost until {year}, who bears "
        "it, and what "
        "does it do to poverty?",
        "zh": "到{year}年推进城乡低保标准统一需要多少资金、由谁负担、对贫困有何影响？",
    },
    "cost_up": {
        "en": "In {year} {path} costs {cost} a year, {by} more than with the present ratio of lines.",
        "zh": "{year}年，{path}年支出{cost}，比维持现行城乡比例增加{by}。",
    },
    "cost_down": {
        "en": "In {year} {path} costs {cost} a year, {by} less than with the present ratio of lines.",
        "zh": "{year}年，{path}年支出{cost}，比维持现行城乡比例减少{by}。",
    },
    "cost_same": {
        "en": "In {year} {path} costs {cost} a year, as much as with the present ratio of lines.",
        "zh": "{year}年，{path}年支出{cost}，与维持现行城乡比例相同。",
    },
    "cost_unknown": {
        "en": "In {year} {path} costs {cost} a year; whether this is more or less than with the present "
        "ratio of lines "
        "cannot be determined ({low} to {high}).",
        "zh": "{year}年，{path}年支出{cost}，与维持现行城乡比例相比增减无法判断（{low}至{high}）。",
    },
    "county_unknown": {
        "en": "Whether the county itself then pays more or less cannot be determined ({low} to {high}); "
        "in all it pays "
        "{share} of its own revenue.",
        "zh": "县级负担增减无法判断（{low}至{high}），合计相当于本级收入的{share}。",
    },
    "county_up": {
        "en": "The county itself then pays {by} more, and in all {share} of its own revenue.",
        "zh": "其中县级多负担{by}，县级负担合计相当于本级收入的{share}。",
    },
    "county_down": {
        "en": "The county itself then pays {by} less, and in all {share} of its own revenue.",
        "zh": "其中县级少负担{by}，县级负担合计相当于本级收入的{share}。",
    },
    "county_same": {
        "en": "The county itself pays no more; in all it pays {share} of its own revenue.",
        "zh": "县级负担不变，合计相当于本级收入的{share}。",
    },
    "poverty_down": {
        "en": "{b} of rural residents are then below the urban line after assistance, against {a} with "
        "the present "
        "ratio.",
        "zh": "届时救助后收入仍低于城市标准的农村居民占{b}，维持现行比例时为{a}。",
    },
    "poverty_up": {
        "en": "{b} of rural residents are then below the urban line after assistance, more than the "
        "{a} with the "
        "present ratio.",
        "zh": "届时救助后收入仍低于城市标准的农村居民占{b}，高于维持现行比例时的{a}。",
    },
    "poverty_same": {
        "en": "{b} of rural residents are then below the urban line after assistance, as with the "
        "present ratio.",
        "zh": "届时救助后收入仍低于城市标准的农村居民占{b}，与维持现行比例时相同。",
    },
    "the_path": {"en": "the path", "zh": "统一路径"},
    "named_path": {"en": "the path “{name}”", "zh": "路径“{name}”"},
    "held": {"en": "present ratio", "zh": "维持现行比例"},
    "own": {"en": "the path", "zh": "统一路径"},
    "table": {"en": "The first and the last year", "zh": "首年与末年"},
    "line": {"en": "Rural line", "zh": "农村标准"},
    "ratio": {"en": "Rural line over urban line", "zh": "农村标准与城市标准之比"},
    "persons": {"en": "Dibao recipients", "zh": "低保对象"},
    "total": {"en": "All programmes, a year", "zh": "各项救助年支出合计"},
    "extra": {"en": "Of this, above the present ratio", "zh": "其中比维持现行比例增加"},
    "county": {"en": "Paid by the county", "zh": "县级负担"},
    "county_share": {"en": "County's part over own revenue", "zh": "县级负担相当于本级收入"},
    "poor": {"en": "Rural residents below the urban line", "zh": "低于城市标准的农村居民"},
    "note": {
        "en": "Money of each year; rounded to what is known.",
        "zh": "按各年价格；数字按可知精度取舍。",
    },
    "cost_chart": {"en": "In {year} expenditure is {cost} a year", "zh": "{year}年支出为{cost}"},
    "county_chart": {"en": "In {year} the county pays {paid} itself", "zh": "{year}年县级负担{paid}"},
    "ratio_chart": {
        "en": "In {year} the rural line is {ratio} of the urban one",
        "zh": "{year}年农村标准为城市标准的{ratio}",
    },
    "poor_chart": {
        "en": "In {year} {poor} of rural residents are below the urban line",
        "zh": "{year}年收入低于城市标准的农村居民占{poor}",
    },
    "year": {"en": "Year", "zh": "年份"},
}


def findings(folder: Folder, lang: str) -> Findings:
    """The answer, key table and charts of paths to one standard."""
    tell = Teller(folder, lang, WORDS)
    years = [str(year) for year in folder.manifest["years"]]
    paths = [path for path in folder.manifest["paths"] if path != HELD]
    last = years[-1]
    if len(paths) == 1:
        (path,) = paths
        answer = sayable(
            _cost(tell, path, last, tell.word("the_path")),
            _county(tell, path, last),
            _poverty(tell, path, last),
        )
    else:
        answer = sayable(*(_cost(tell, path, last, _path(tell, path)) for path in paths))
    columns = [(HELD, years[0]), (HELD, last), *((path, last) for path in paths)]
    header = ["", *(_column(tell, path, year) for path, year in columns)]
    rows = [
        (tell.word(key), [tell.figure(f"{path}.{year}.{name}") for path, year in columns])
        for key, name in ROWS.items()
    ]
    table = tell.table(tell.word("table"), header, rows, tell.word("note"))
    title = tell.word("title", title=folder.title(lang))
    question = tell.word("question", year=last)
    return Findings(title, question, answer, table, _charts(tell, paths, years))


def _path(tell: Teller, path: str) -> str:
    return tell.word("the_path") if path == OWN else tell.word("named_path", name=path)


def _short(tell: Teller, path: str) -> str:
    return tell.word("held") if path == HELD else tell.word("own") if path == OWN else path


def _column(tell: Teller, path: str, year: str) -> str:
    blank = "" if tell.lang == "zh" else " "
    return f"{year}{'年' if tell.lang == 'zh' else ','}{blank}{_short(tell, path)}"


def _cost(tell: Teller, path: str, year: str, name: str) -> Text | None:
    cost = tell.figure(f"{path}.{year}.cost.total")
    made = tell.change(
        "cost", tell.figure(f"{path}.{year}.extra_cost.total"), cost, year=year, path=name, cost=cost
    )
    return made


def _county(tell: Teller, path: str, year: str) -> Text | None:
    paid, share = (
        tell.figure(f"{path}.{year}.{name}") for name in ("paid.county", "paid_revenue_share.county")
    )
    return tell.change("county", tell.figure(f"{path}.{year}.extra_paid.county"), paid, share=share)


def _poverty(tell: Teller, path: str, year: str) -> Text | None:
    a, b = (tell.figure(f"{one}.{year}.poverty_urban_line.headcount.rural") for one in (HELD, path))
    if a is None or b is None:
        return None
    return tell.change("poverty", Figure("", b.value - a.value, "1"), a, a=a, b=b)


def _charts(tell: Teller, paths: list[str], years: list[str]) -> tuple[Chart, ...]:
    wanted = (
        ("cost_chart", "cost", "cost.total"),
        ("county_chart", "paid", "paid.county"),
        ("ratio_chart", "ratio", "line_ratio.dibao"),
        ("poor_chart", "poor", "poverty_urban_line.headcount.rural"),
    )
    return drawable(*(_chart(tell, paths, years, *one) for one in wanted))


def _chart(tell: Teller, paths: list[str], years: list[str], key: str, said: str, name: str) -> Chart | None:
    """A figure over the years, with the ratio held and under each path."""
    series = []
    for path in (HELD, *paths):
        row = [figure for year in years if (figure := tell.figure(f"{path}.{year}.{name}")) is not None]
        if len(row) < len(years):
            return None
        series.append((_short(tell, path), row))
    title = tell.say(key, year=years[-1], **{said: series[1][1][-1]})
    return tell.chart(key.replace("chart", "by_year"), "lines", title, years, series, axis=tell.word("year"))
