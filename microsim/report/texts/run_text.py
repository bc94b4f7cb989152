"""A run as printed text: our figures, the source paper's under them, and what to know before quoting them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from microsim.documents import shown
from microsim.explanation.words import SOURCES
from microsim.outcome import flat_name
from microsim.policy.unusual import unusual_values
from microsim.report.money_text import money_note
from microsim.report.text import large_sum, number, percent, table, wrap
from microsim.report.texts.budget_text import budget_text
from microsim.report.texts.calibration_text import calibrated_note
from microsim.report.texts.ensemble_text import levels_text
from microsim.report.texts.hardship_text import NOTE, TITLE, hardship_rows
from microsim.report.words import financing_note, law_notes, programme_label, say
from microsim.scenario.grammar import OUTPUTS
from microsim.simulation.explaining import cited
from microsim.studies.common.expenditure import SUMS
from microsim.studies.common.observed import outside

if TYPE_CHECKING:
    from microsim.population import County
    from microsim.simulation.ignored import Ignored
    from microsim.studies.common.baseline import RunResult
    from microsim.studies.common.indicators import Indicator
    from microsim.studies.common.typical_family import Notch

_MEASURES = (
    "caseload",
    "caseload_recorded",
    "households",
    "person_months",
    "resident_share",
    "cost",
    "cost_recorded",
    "cost_per_recipient",
    "revenue_share",
)
_MOST_NAMED = 15  # missing columns named one by one; a survey can lack most


def run_text(run: RunResult, lang: str) -> str:
    """The text that ``microsim run`` prints, at most 80 columns wide."""
    sections = [
        _head(run, lang),
        outside_text(run, lang),
        _programmes(run, lang),
        levels_text(run, lang),
        budget_text(run, lang),
        _poverty(run, lang),
        _hardship(run, lang),
        _family(run, lang),
    ]
    sections.append("\n".join(wrap(note) for note in notes(run, lang)))
    return "\n\n".join(section for section in sections if section) + "\n"


def outside_text(run: RunResult, lang: str) -> str:
    """A warning where more or fewer residents receive dibao than is documented of such a county."""
    from microsim.report.texts.donors_text import outside_lines

    areas = run.population.categories.get("area", ())
    shares = {area: run.indicators.value(f"resident_share.dibao.{area}") for area in areas}
    lines = outside_lines(
        outside(shares, run.county.code if run.county is not None else ""), "zh" if lang == "zh" else "en"
    )
    return "\n".join(wrap(line) for line in lines)


def notes(run: RunResult, lang: str) -> list[str]:
    """What a reader must know before quoting a figure."""
    scenario = run.scenario
    out = []
    if run.county is None and "cost" in scenario.outputs:
        out.append(say("no_profile", lang, folder=shown(scenario.county_path)))
    elif run.county is not None and run.indicators.value("revenue.general_public_budget") is not None:
        out.append(revenue_note(run.county, lang))
    out += months_note(run, lang)
    if scenario.base is None:  # beside a base, who pays is shown
        out += financing_note(scenario, lang)
    out.append(say("assumptions", lang, n=len(run.assumptions)))
    if any(figure.paper is not None for figure in run.indicators.rows) and _computed_of_paper(run):
        out.append(say("paper_computed", lang))
    if len(run.lacking) > _MOST_NAMED:
        file, programmes = shown(scenario.path), _programmes_lacking(run, lang)
        out.append(say("lacking_many", lang, n=len(run.lacking), programmes=programmes, file=file))
    elif run.lacking:
        out.append(say("lacking", lang, columns=_lacking(run, lang)))
    # What another law may read is in the manifest.
    ignored = {column: why for column, why in run.ignored.items() if why.is_slip or not why.known}
    if ignored:
        out.append(say("ignored", lang, columns=_ignored(ignored, lang)))
    out += [one.text("zh" if lang == "zh" else "en") for one in run.idle]
    unusual = unusual_values(run.policy.values, run.policy.parameters, run.policy.date, scenario.unusual)
    out += [one.text("zh" if lang == "zh" else "en") for one in unusual]
    out += law_notes(scenario, lang)
    if scenario.years:
        first, last = scenario.years
        out.append(say("years", lang, first=first, last=last, date=run.scenario.day))
    file = shown(scenario.path)
    out += [
        say("not_made", lang, output=output, command=OUTPUTS[output], file=file)
        for output in scenario.outputs
        if OUTPUTS[output] != "run"
    ]
    return out


def months_note(run: RunResult, lang: str) -> list[str]:
    """That money is counted over the stretches of the year, where there are several."""
    if len(run.parts) == 1:
        return []
    days = ("、" if lang == "zh" else ", ").join(str(part.since) for part in run.parts[1:])
    return [say("by_months", lang, days=days, date=run.scenario.day)]


def _lacking(run: RunResult, lang: str) -> str:
    """Missing columns by their labels, each with the programmes affected."""
    from microsim.population import registry

    comma, semicolon = ("、", "；") if lang == "zh" else (", ", "; ")
    parts = []
    for column, programmes in run.lacking.items():
        names = comma.join(programme_label(run.policy, name, lang) for name in programmes)
        label = registry()[column].label.get(lang, column)
        parts.append(say("lacking_column", lang, column=label, programmes=names))
    return semicolon.join(parts)


def _programmes_lacking(run: RunResult, lang: str) -> str:
    """Programmes for which columns are missing, each with how many."""
    counts = Counter(name for programmes in run.lacking.values() for name in programmes)
    comma = "、" if lang == "zh" else ", "
    return comma.join(f"{programme_label(run.policy, name, lang)} {n}" for name, n in counts.most_common())


def _computed_of_paper(run: RunResult) -> bool:
    """Whether some of the source paper's figures are inferred from others."""
    figures = run.county.figures if run.county is not None else {}
    return any(name.startswith("paper.") and one.source == "inferred" for name, one in figures.items())


def _ignored(columns: Mapping[str, Ignored], lang: str) -> str:
    """Columns that are not used, each with the reason."""
    parts = []
    for column, ignored in columns.items():
        kind = ignored.instead or ("near" if ignored.near else "unread")
        why = say(f"ignored_{kind}", lang, near=ignored.near)
        parts.append(say("ignored_column", lang, column=column, why=why))
    return ("；" if lang == "zh" else "; ").join(parts)


def revenue_note(county: County, lang: str) -> str:
    """What the county's revenue rests on, for everything that is divided by it."""
    figure = county.figures["public_finance.general_public_budget_revenue"]
    bound = county.get("public_finance.general_public_budget_revenue_bound")
    million = large_sum(county.revenue, lang)
    tag = SOURCES[lang][figure.source]
    if bound is not None and tag:
        return say("revenue_bound", lang, value=million, bound=large_sum(bound, lang), source=tag)
    colon = "：" if lang == "zh" else ": "
    source = colon.join(filter(None, [tag, cited(figure.reference, lang)]))
    return say("revenue", lang, value=million, source=source)


def _head(run: RunResult, lang: str) -> str:
    population = run.population
    weights = population.weight
    sizes = population.offsets[1:] - population.offsets[:-1]
    people = say(
        "people",
        lang,
        persons=number(float((weights * sizes).sum())),
        households=number(float(weights.sum())),
        rows=number(population.n_households),
    )
    law = say("law_of", lang, date=run.scenario.day)
    if run.scenario.changes:
        separator = "；" if lang == "zh" else "; "
        law += separator + say("changes", lang, n=len(run.scenario.changes))
    lines = [run.scenario.title_in(lang), law, people, money_note(run.money, lang)]
    if run.scenario.regime:
        comma = "；" if lang == "zh" else "; "
        held = [_held(run, programme, regime, lang) for programme, regime in run.scenario.regime.items()]
        lines.insert(2, comma.join(held))
    lines += calibrated_note(run.scenario, lang)
    return "\n".join(wrap(line) for line in lines)


def _held(run: RunResult, programme: str, regime: str, lang: str) -> str:
    """What a regime holds, in words."""
    from microsim.scenario.regimes import ALL

    whose = say("all_programmes", lang) if programme == ALL else programme_label(run.policy, programme, lang)
    return say("held", lang, programme=whose, regime=say(f"regime_{regime}", lang))


def _groups(run: RunResult) -> list[str]:
    groups = list(dict.fromkeys(figure.group for figure in run.indicators.rows))
    return [*(group for group in groups if group), ""]


def _programmes(run: RunResult, lang: str) -> str:
    """Programmes whose recipients are known, each with the paper's figures; then the expenditure on the
    others.
    """
    groups = _groups(run)
    header = [say(group, lang) for group in groups]
    by_name = {figure.name: figure for figure in run.indicators.rows}
    whole: list[str] = []
    others: list[tuple[str, ...]] = []
    nothing: list[str] = []
    within = [
        f.subject
        for f in run.indicators.rows
        if f.measure == "within_market_income" and not f.group and f.value
    ]
    subjects = dict.fromkeys(f.subject for f in run.indicators.rows if f.measure in ("cost", "caseload"))
    for subject in (name for name in subjects if name not in SUMS):
        label = programme_label(run.policy, subject, lang)
        both = [run.indicators.value(f"{measure}.{subject}") for measure in ("cost", "caseload")]
        if not any(both) and 0 in both:
            if subject not in within:
                nothing.append(label)
        elif run.indicators.value(f"caseload.{subject}") is None and "caseload" in run.scenario.outputs:
            others += _rows(
                "cost", [by_name.get(flat_name("cost", subject, group)) for group in groups], lang, label
            )
        else:
            rows = []
            for measure in _MEASURES:
                if measure == "person_months" and len(run.parts) == 1:
                    continue  # 12 times the recipients
                found = [by_name.get(flat_name(measure, subject, group)) for group in groups]
                rows += _rows(measure, found, lang) if any(found) else []
            whole.append(table((label, *header), rows, range(1, len(groups) + 1)))
    if others:
        for measure, subject in (
            ("cost", "total"),
            ("cost", "cash"),
            ("cost", "kind"),
            ("revenue_share", "total"),
        ):
            found = [by_name.get(flat_name(measure, subject, group)) for group in groups]
            if any(found):
                others += _rows(measure, found, lang, say(f"{subject}_{measure}", lang))
        whole.append(table((say("others", lang), *header), others, range(1, len(groups) + 1)))
    if within:
        rows = []
        for name in within:
            found = [by_name.get(flat_name("within_market_income", name, group)) for group in groups]
            rows += _rows("cost", found, lang, programme_label(run.policy, name, lang))
        whole.append(table((say("within", lang), *header), rows, range(1, len(groups) + 1)))
    if nothing:
        names = ("、" if lang == "zh" else ", ").join(nothing)
        whole.append(wrap(say("nothing_paid", lang, names=names)))
    return "\n\n".join(whole)


def _rows(measure: str, found: list[Indicator | None], lang: str, label: str = "") -> list[tuple[str, ...]]:
    """A measure over the groups; below it the paper's figures and the difference, where it has some."""

    def shown_as(value: float | None) -> str:
        if measure in ("cost", "cost_recorded"):
            return large_sum(value, lang)
        return percent(value) if measure.endswith("_share") else number(value)

    rows = [(label or say(measure, lang), *(shown_as(figure.value if figure else None) for figure in found))]
    papers = [figure.paper if figure else None for figure in found]
    if any(paper is not None for paper in papers):
        rows.append(
            (f"  {say('paper', lang)}", *(shown_as(paper) if paper is not None else "" for paper in papers))
        )
        differences = [figure.difference if figure else None for figure in found]
        signed = ["" if d is None else f"{'+' if d >= 0.0005 else ''}{percent(d)}" for d in differences]
        rows.append((f"  {say('difference', lang)}", *signed))
    return rows


def _poverty(run: RunResult, lang: str) -> str:
    """Poverty by line, before and after benefits, and inequality."""
    groups = _groups(run)
    comma = "，" if lang == "zh" else ", "
    rows: list[tuple[str, ...]] = []
    for name, lines in run.lines.items():
        measure = "poverty" if name == "national" else f"poverty_{name}"
        if run.indicators.value(f"{measure}.headcount") is None:
            continue
        amounts = list(dict.fromkeys(number(value) for value in lines.values()))
        rows.append((say(name, lang, line=" / ".join(amounts)), *("" for _ in groups)))
        for subject in ("headcount", "gap"):
            for when, key in (("before", f"{subject}_before"), ("after", subject)):
                values = [run.indicators.value(flat_name(measure, key, g)) for g in groups]
                digits = 1 if subject == "headcount" else 2
                label = f"  {say(subject, lang)}{comma}{say(when, lang)}"
                rows.append((label, *(percent(value, digits) for value in values)))
    for when, key in (("before", "income_before_benefits"), ("after", "disposable_income")):
        values = [run.indicators.value(flat_name("gini", key, g)) for g in groups]
        if any(value is not None for value in values):
            rows.append((f"{say('gini', lang)}{comma}{say(when, lang)}", *(number(v, 3) for v in values)))
    if not rows:
        return ""
    return table(("", *(say(group, lang) for group in groups)), rows, range(1, len(groups) + 1))


def _hardship(run: RunResult, lang: str) -> str:
    """Spending on illness, poverty by expenditure, and programmes that meet in one household."""
    groups = _groups(run)
    rows = []
    for label, measure, subject in hardship_rows(lang):
        values = [run.indicators.value(flat_name(measure, subject, group)) for group in groups]
        if any(value is not None for value in values):
            rows.append((label, *(percent(value) for value in values)))
    if not rows:
        return ""
    header = (TITLE[lang], *(say(group, lang) for group in groups))
    return table(header, rows, range(1, len(groups) + 1)) + "\n" + wrap(NOTE[lang])


def what_is_lost(run: RunResult, notch: Notch, lang: str) -> str:
    """The benefits that a notch takes away, by their labels."""
    labels = []
    for name in notch.lost:
        rule = run.policy.rules.get(name)
        labels.append(rule.label.get(lang, name) if rule else name)
    return ("、" if lang == "zh" else ", ").join(labels)


def _family(run: RunResult, lang: str) -> str:
    if "budget" not in run.scenario.outputs:
        return ""
    family = run.family
    if family is None:
        return wrap(say("no_family", lang))
    lines = [say("family", lang, id=family.household_id, size=family.size, wage=number(family.wage))]
    for notch in family.notches:
        part = what_is_lost(run, notch, lang)
        of_all = notch.resources
        more = "" if of_all is None else say("notch_resources", lang, drop=number(of_all))
        lines.append(say("notch", lang, at=number(notch.at), drop=number(notch.drop), part=part, more=more))
    if any(notch.resources is not None for notch in family.notches):
        lines.append(say("measures", lang))
    if not family.notches:
        lines.append(say("no_notch", lang))
    return "\n".join(wrap(line.strip(), "  " if line.startswith(" ") else "") for line in lines)
