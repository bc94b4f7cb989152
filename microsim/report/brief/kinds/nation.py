"""What a brief says of the nation county by county: scenarios beside the present, and who could pay."""

from __future__ import annotations

from collections.abc import Sequence

from microsim.explanation.words import SOURCES
from microsim.report.brief import numbers
from microsim.report.brief.folder import Figure, Folder
from microsim.report.brief.kinds.nation_words import WORDS
from microsim.report.brief.model import Chart, Findings, Table, Text
from microsim.report.brief.teller import Teller, drawable, index, sayable
from microsim.report.counties.nation_text import zone_name
from microsim.simulation.explaining import cited
from microsim.studies.nation.unifying import KINDS

COLUMNS = (  # key of the heading -> figure of a scenario, and the unit of the column
    ("rural", "resident_share.dibao.rural"),
    ("urban", "resident_share.dibao.urban"),
    ("cost", "cost.dibao"),
    ("times", "times_present.dibao"),
    ("revenue", "revenue_share.total"),
    ("below", "poverty.below.rural"),
)
MOST_ZONES = 12


def findings(folder: Folder, lang: str) -> Findings:
    """The answer, key table, charts and annex of the nation county by county."""
    tell = Teller(folder, lang, WORDS)
    year = str(folder.manifest["unify"]["by"])
    cases = list(folder.manifest["scenarios"])
    answer = sayable(_last(tell, cases), _counties(tell, year), _covered(tell))
    title = tell.word("title", title=folder.title(lang))
    question = tell.word("question", year=year)
    zones = _zones(tell)
    charts = drawable(_ready_chart(tell, year), _below_chart(tell, cases), _times_chart(tell, cases))
    table = _table(tell, cases)
    annex = () if zones is None else (zones,)
    return Findings(
        title, question, answer, table, charts, annex, _assumed(tell), _method(tell), _limits(tell)
    )


def _of(tell: Teller, case: str, name: str) -> Figure | None:
    """A figure of a scenario; a ratio to the present is a number, not per cent."""
    found = tell.figure(f"nation.{case}.{name}")
    return index(found) if name.startswith("times_present") else found


def _name(tell: Teller, case: str) -> str:
    title = tell.folder.manifest["scenarios"][case]
    return str(title.get(tell.lang) or next(iter(title.values()), case))


def _last(tell: Teller, cases: Sequence[str]) -> Text | None:
    """The last scenario beside the present: expenditure, and the rural residents below the urban line."""
    first, last = cases[0], cases[-1]
    if first == last:
        return tell.say(
            "present", rural=_of(tell, first, COLUMNS[0][1]), below=_of(tell, first, COLUMNS[-1][1])
        )
    name, times = _name(tell, last), _of(tell, last, "times_present.dibao")
    a, b = (_of(tell, case, "poverty.below.rural") for case in (first, last))
    change = None if times is None else Figure("", times.value - 1.0, "index")
    cost = tell.change("cost", change, Figure("", 1.0, "index"), name=name, times=times)
    moved = None if a is None or b is None else Figure("", b.value - a.value, "1")
    return tell.joined(cost, tell.change("below", moved, a, a=a, b=b))


def _counties(tell: Teller, year: str) -> Text | None:
    """How many have one line, could pay for it, lack money for it, or are too far off."""
    found = {kind: tell.figure(f"nation.unify.{kind}") for kind in KINDS}
    late = found["late"]
    key = "counties_late" if late is not None and late.value else "counties"
    said = found if key == "counties_late" else {k: v for k, v in found.items() if k != "late"}
    return tell.say(key, all=tell.figure("nation.counties"), year=year, **said)


def _covered(tell: Teller) -> Text | None:
    """On whose figures this rests; that totals are left out where those are too few."""
    share, needed = tell.figure("nation.coverage"), float(tell.folder.manifest["coverage_needed"])
    enough = share is not None and share.value >= needed
    return tell.say("covered" if enough else "filled", share=share)


def _table(tell: Teller, cases: Sequence[str]) -> Table | None:
    """One row a scenario; columns without any figure, as sums that are withheld, are left out."""
    header, columns = [], []
    for key, name in COLUMNS:
        figures = [_of(tell, case, name) for case in cases]
        if key == "times":  # the present beside itself
            figures[0] = Figure("", 1.0, "index") if any(figures[1:]) else None
        known = [figure for figure in figures if figure is not None]
        if known:
            divisor, unit = numbers.column_unit(known, tell.lang)
            header.append(tell.unit_behind(tell.word(key), unit))
            columns.append([numbers.cell(figure, divisor) for figure in figures])
    if not columns:
        return None
    rows = [(_name(tell, case), *cells) for case, *cells in zip(cases, *columns, strict=True)]
    head = (tell.word("scenario"), *header)
    return Table(tell.word("table"), head, tuple(rows), tuple(range(1, len(head))), tell.word("note"))


def _zones(tell: Teller) -> Table | None:
    """Zones in the order in which they are ready, for the annex."""
    zones = tell.folder.table("zones")
    if zones is None or zones.empty:
        return None
    rows = []
    for _, row in zones.head(MOST_ZONES).iterrows():
        counts = [f"{int(row[name]):,}" for name in ("counties", *KINDS)]
        shares = [
            numbers.cell(Figure("", float(row[name]), "1"), 0.01) for name in ("ready", "share_of_lack")
        ]
        rows.append((zone_name(str(row["zone"]), tell.lang), *counts, *shares))
    heads = ("zone", "count", *KINDS, "ready", "lack")
    header = tuple(tell.word(head) for head in heads)
    note = tell.word("zones_note" if len(zones) <= MOST_ZONES else "zones_cut", n=str(MOST_ZONES))
    return Table(tell.word("zones"), header, tuple(rows), tuple(range(1, len(heads))), note)


def _ready_chart(tell: Teller, year: str) -> Chart | None:
    """Counties by what one line asks of them."""
    found = {kind: tell.figure(f"nation.unify.{kind}") for kind in KINDS}
    known = {kind: figure for kind, figure in found.items() if figure is not None}
    title = tell.say("ready_chart", own=known.get("own"), unified=known.get("unified"), year=year)
    labels = [tell.word(kind) for kind in known]
    return tell.chart("counties_by_outlook", "bars", title, labels, [("", list(known.values()))])


def _below_chart(tell: Teller, cases: Sequence[str]) -> Chart | None:
    """Rural residents below the urban line in each scenario."""
    found = [(case, one) for case in cases if (one := _of(tell, case, "poverty.below.rural")) is not None]
    if not found:
        return None
    case, least = min(found, key=lambda pair: pair[1].value)
    title = tell.say("below_chart", name=_name(tell, case), share=least)
    labels = [_name(tell, case) for case, _ in found]
    return tell.chart("rural_below_urban_line", "bars", title, labels, [("", [one for _, one in found])])


def _times_chart(tell: Teller, cases: Sequence[str]) -> Chart | None:
    """Expenditure on dibao beside the present."""
    found = [(case, one) for case in cases[1:] if (one := _of(tell, case, "times_present.dibao")) is not None]
    if not found:
        return None
    case, most = max(found, key=lambda pair: pair[1].value)
    title = tell.say("times_chart", name=_name(tell, case), times=most)
    labels = [_name(tell, cases[0]), *(_name(tell, case) for case, _ in found)]
    figures = [Figure("", 1.0, "index"), *(one for _, one in found)]
    return tell.chart("expenditure_beside_present", "bars", title, labels, [("", figures)])


def _method(tell: Teller) -> str:
    manifest = tell.folder.manifest
    return tell.word(
        "method",
        counties=f"{manifest['counties']:,}",
        households=f"{manifest['households']:,}",
        law=numbers.day(str(manifest["law"]), tell.lang),
    )


def _assumed(tell: Teller) -> str:
    """What the study's file assumes of one line, with its source."""
    unify, lang = tell.folder.manifest["unify"], tell.lang
    percent = "%" if lang == "zh" else " %"
    cap, step, central = (f"{100 * float(unify.get(k, 1.0)):g}" for k in ("cap", "largest_step", "central"))
    growth = f"{100 * float(unify.get('revenue_growth', {}).get('value', 0.0)):g}"
    share = {"cap": f"{cap}{percent}", "central": f"{central}{percent}", "growth": f"{growth}{percent}"}
    basis = (SOURCES[lang].get(unify["source"], ""), cited(unify["reference"], lang))
    source = ("：" if lang == "zh" else ": ").join(filter(None, basis))
    return tell.word("assumed", by=str(unify["by"]), step=step, source=source, **share)


def _limits(tell: Teller) -> tuple[Text, ...]:
    manifest = tell.folder.manifest
    out = [tell.word("nobody_else")]
    if manifest["failed"]:
        out.append(tell.word("failed", n=str(len(manifest["failed"]))))
    return tuple(map(Text, out))
