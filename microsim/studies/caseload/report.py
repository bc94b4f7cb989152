"""The calibration told in Markdown: targets, levers, what they imply, and what else would do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from microsim.population.synthesis.sample import HOUSEHOLDS
from microsim.studies.caseload.beside import NOTE, beside, printed
from microsim.studies.caseload.levers import AREAS, Lever, year_of
from microsim.studies.caseload.markdown import amount, bullets, inline, number, plain, prose, table
from microsim.studies.caseload.side import side_figures
from microsim.studies.caseload.study import TARGETS, TOLERANCE, CaseloadCalibration

if TYPE_CHECKING:
    import pandas as pd

    from microsim.scenario import Scenario

_ROUND = """round figures for the reasons given below. Those of `income_visible_share` are judgement,
  made with trial runs in view: small moves say that a solution lies near, not that it is likely."""
_WORDS = {
    "dibao_recipients": "recipients",
    "dibao_benefit": "outlay",
    "dibao_entitlement": "entitlement of families",
    "dibao_single_entitlement": "persons admitted singly",
    "dibao_top_up": "top-ups",
    "dibao_price_supplement": "price supplement",
}


def report(
    main: CaseloadCalibration,
    others: Sequence[CaseloadCalibration],
    command: str,
    other_year: Scenario | None = None,
) -> str:
    """Markdown of the main calibration and of other ways to the same figures.

    ``command`` is what makes the report anew; ``other_year`` is the county's scenario of another year, to
    hold this one against. The text holds no date: it changes with the figures only.
    """
    runs = [main, *others]
    figures = {run.variant.name: side_figures(run) for run in runs}
    parts = [
        _head(main, command),
        "## The targets\n",
        _targets(main),
        "## How far each lever was moved\n",
        _moves(main),
        *_beside(main, other_year),
        "## What the solution implies\n",
        _implied(main, figures[main.variant.name]),
        "## The levers are not identified\n",
        _identification(main),
        _slopes(main),
        "## Other ways to the same figures\n",
        _others(runs, figures),
        "## Limits\n",
        _limits(main, figures[main.variant.name]),
    ]
    return "\n".join(parts)


def _beside(run: CaseloadCalibration, other: Scenario | None) -> list[str]:
    if other is None:
        return []
    county = other.population().county
    assert county is not None, "a county's scenario has a profile"
    return [f"## From {run.county.year} to {county.year}\n", beside(run, other)]


def _head(run: CaseloadCalibration, command: str) -> str:
    forms = "; ".join(f"`{name}` {plain(change)}" for name, change in run.variant.settings.items())
    county, year = run.county.name["en"], run.county.year
    title = f"# The caseload of {county}, {year}: how the assumptions were found\n\n"
    return title + prose(f"""Made by `{command}`. The numbers stand in the county's profile
(`income_visible_share`) and under `changes` of the county's scenario; this page says where they come
from.

With the law on {run.policy.date}, the rules must give the recipients and the outlay of dibao that the
source paper prints for {year}, by area. Nothing is scaled: only named assumptions are moved, each
inside its range.

- **Objective**: the smallest sum of squared moves, each as a share of its lever's range, that meets the
  targets. Levers that the others can replace at little cost (the sum may grow by half) stay at their
  start.
- **Starts**: {_starts(run)}
- **Settled beforehand**: {forms} ({run.variant.why}). Other forms are tried below.
- **Search**: Gauss-Newton with bounds. Every trial makes the county anew and applies the whole law;
  values are then written down in round steps. No random numbers: the same profile gives the same
  result.
""")


def _starts(run: CaseloadCalibration) -> str:
    given = year_of(run.county).get("because")
    return " ".join(given.split()) if given else _ROUND


def _targets(run: CaseloadCalibration) -> str:
    rows, missed = [], []
    letter, own = run.by_the_letter.set_index(["target", "area"])["ours"], printed(run.county)
    for ((rule, area), paper), miss in zip(run.known.items(), run.found.misses, strict=True):
        unit, name = TARGETS[rule][1], f"{_WORDS[rule]}, {area}"
        amounts = [number(value, unit) for value in (paper, letter[rule, area], paper * (1.0 + miss))]
        if (name, run.county.year) not in own:
            amounts[0] += "*"
        rows.append((name, *amounts, f"{miss:+.2%}"))
        missed += [name] if abs(miss) > TOLERANCE else []
    verdict = f"Not met within 1 %: {', '.join(missed)}." if missed else "All four are met within 1 %."
    heads = ("target", "source paper", "by the letter", "ours", "difference")
    recipients, outlay = run.known["dibao_recipients", "rural"], run.known["dibao_benefit", "rural"]
    line = run.policy.value("dibao.line")["rural"]
    share = recipients / run.county["demography.residents"]["rural"]
    each, gap = outlay / recipients, letter["dibao_benefit", "rural"] / letter["dibao_recipients", "rural"]
    if each > line:
        why = f"""That cannot be what happened: the paper's rural recipients got {each:,.0f} yuan each,
        where no gap exceeds the line of {line:,.0f}, and they are {share:.1%} of rural residents, more than
        live below the line."""
    else:
        why = f"""That is not what happened: the paper's rural recipients, {share:.1%} of rural residents,
        got {each:,.0f} yuan each, {each / line:.0%} of the line, where the gaps and top-ups of those below
        the line are {gap:,.0f} on average."""
    text = prose(f"""By the letter, dibao pays the gap between the line and true income and admits nobody
    singly (levers of law at their start). {why} {verdict}""")
    return f"{table(heads, rows)}\n{NOTE}\n{text}"


def _moves(run: CaseloadCalibration) -> str:
    rows = [
        (
            f"`{lever.name}`",
            amount(lever, lever.low) + " to " + amount(lever, lever.high),
            amount(lever, lever.start),
            amount(lever, run.values[lever.name]),
            f"{lever.moved(run.values[lever.name]):+.1%}",
        )
        for lever in run.moved
        if lever.moved(run.values[lever.name])
    ]
    moves = table(("lever", "range", "start", "value", "moved, of the range"), rows)
    still = [lever for lever in run.moved if not lever.moved(run.values[lever.name])]
    kept = table(("lever", "stays at"), [(f"`{lever.name}`", amount(lever, lever.start)) for lever in still])
    why = dict.fromkeys((lever.parameter, lever.reference) for lever in run.moved)
    edge = [f"`{lever.name}`" for lever in run.moved if _at_edge(lever, run.values[lever.name])]
    note = f"At the edge of their range: {', '.join(edge)}.\n" if edge else ""
    return f"""{moves}
Sum of squared moves: {run.distance:.3f}. {note}
Unevenness is the spread of the share as a part of the greatest that its mean allows. For the profile:
{inline(run.profile_values)}.

Not moved:

{kept}
Why they start where they do:

{bullets(f"`{name}`: {reference}." for name, reference in why)}
"""


def _at_edge(lever: Lever, value: float) -> bool:
    return lever.moved(value) != 0 and min(value - lever.low, lever.high - value) < lever.step


def _implied(run: CaseloadCalibration, figures: pd.DataFrame) -> str:
    table_of_areas = _by_area(figures)
    at = figures.set_index(["area", "measure"])["value"]
    line = run.policy.value("dibao.line")
    sentences = []
    for area, where in (("rural", "the villages"), ("urban", "town")):
        median = at[area, "true income per head of recipients, 50% of them below"]
        above = at[area, "recipients truly above the line"]
        far = at[area, "recipients truly above twice the line"]
        sentences.append(
            f"In {where} the median recipient truly lives on {median:,.0f} yuan a year before benefits (line "
            f"{line[area]:,.0f}); {above:.0%} of recipients live on more than the line, {far:.0%} on more "
            "than twice the line."
        )
    return table_of_areas + "\n" + prose(" ".join(sentences))


def _identification(run: CaseloadCalibration) -> str:
    import numpy as np

    rank = int(np.linalg.matrix_rank(run.found.slopes, tol=1e-2))
    count = len(run.moved)
    return prose(f"""Four figures, {count} levers. The slopes of the targets by the levers have rank
{rank}: {count - rank} combinations of moves leave all four figures as they are, to first order. The
caseload therefore says nothing about any single lever; what picks one solution is the objective, and
with it the starts. Read the values as one consistent set of assumptions, not as estimates, and try on
the other solutions below what a study concludes from this county.

What a tenth of its range more of each lever does to the targets, near the solution:
""")


def _slopes(run: CaseloadCalibration) -> str:
    columns = [column for column in run.slopes.columns if column != "lever"]
    rows = [
        (f"`{row['lever']}`", *(_effect(float(row[column])) for column in columns))
        for _, row in run.slopes.iterrows()
        if any(abs(float(row[column])) >= 5e-5 for column in columns)
    ]
    heads = [f"{_WORDS[column.split('.')[0]]}, {column.split('.')[1]}" for column in columns]
    return table(("lever", *heads), rows)


def _effect(share: float) -> str:
    return f"{share:+.1%}" if abs(share) >= 5e-4 else "0"


def _others(runs: Sequence[CaseloadCalibration], figures: dict[str, pd.DataFrame]) -> str:
    texts = [
        "The same search with something else settled beforehand. The first column is the solution above.\n",
        bullets(f"**{run.variant.title}** (`{run.variant.name}`): {run.variant.why}." for run in runs),
    ]
    names = [lever.name for lever in runs[0].moved]
    moved = [name for name in names if any(_differs(run, name) for run in runs)]
    by_run = [{lever.name: lever for lever in run.moved} for run in runs]
    rows: list[tuple[str, ...]] = [
        ("sum of squared moves", *(f"{run.distance:.2f}" for run in runs)),
        *(
            (
                f"{_WORDS[rule]}, {area}: difference",
                *(f"{run.found.misses[k]:+.1%}" for run in runs),
            )
            for k, (rule, area) in enumerate(runs[0].known)
        ),
        *(
            (f"`{name}`", *(amount(by[name], run.values[name]) for by, run in zip(by_run, runs, strict=True)))
            for name in moved
        ),
    ]
    measures = dict.fromkeys(figures[runs[0].variant.name]["measure"])
    for measure in measures:
        for area in AREAS:
            found = [
                figures[run.variant.name].set_index(["area", "measure"]).loc[(area, measure)] for run in runs
            ]
            rows.append(
                (f"{_renamed(measure)}, {area}", *(number(row["value"], row["unit"]) for row in found))
            )
    texts.append(table(("", *(run.variant.title for run in runs)), rows))
    texts += [f"{_verdict(run)}\n" for run in runs[1:]]
    return "\n".join(texts)


def _differs(run: CaseloadCalibration, name: str) -> bool:
    lever = next(one for one in run.moved if one.name == name)
    return lever.moved(run.values[name]) != 0


def _verdict(run: CaseloadCalibration) -> str:
    missed = [
        f"{_WORDS[rule]}, {area} ({miss:+.1%})"
        for (rule, area), miss in zip(run.known, run.found.misses, strict=True)
        if abs(miss) > TOLERANCE
    ]
    if missed:
        return f"*{run.variant.title}* cannot meet the targets within the ranges: {'; '.join(missed)}."
    edge = [f"`{lever.name}`" for lever in run.moved if _at_edge(lever, run.values[lever.name])]
    pressed = (
        f", with {len(edge)} levers pressed to the edge of their range ({', '.join(edge)})" if edge else ""
    )
    moves = f"a sum of squared moves of {run.distance:.2f}"
    return f"*{run.variant.title}* meets all four targets at {moves}{pressed}."


def _limits(run: CaseloadCalibration, figures: pd.DataFrame) -> str:
    at = figures.set_index(["area", "measure"])["value"]
    size = ", ".join(f"{at[area, 'persons per recipient household']:.2f} {area}" for area in AREAS)
    reached = ", ".join(f"{at[area, 'of these, recipients']:.0%} {area}" for area in AREAS)
    sample = f"{run.households or HOUSEHOLDS:,}"
    mean = run.county["demography.mean_household_size"]
    return prose(f"""- Persons per recipient household: {size}. Nationally they were 1.78 in town and
  1.72 in the villages in 2015. The county's families are large (census mean {mean:.2f}) and are
  admitted whole here; in practice families are split before they apply, and more persons enter alone.
  No lever does this: assessing members apart needs other data.
- Everyone who is entitled receives. Of residents truly below the line {reached} are reached; the rest
  fail the property test. Real targeting is likely worse on both sides, and the caseload cannot tell.
- The figures are those of a sample of {sample} households: one household more or less at the line moves
  a figure by 0.1 to 0.2 %.
- The paper's recipients are probably counted by registration, the county's residents by where they
  live.
""")


def _by_area(figures: pd.DataFrame) -> str:
    units = dict(zip(figures["measure"], figures["unit"], strict=True))
    at = figures.set_index(["area", "measure"])["value"]
    rows = [
        (_renamed(name), *(number(at[area, name], str(unit)) for area in AREAS))
        for name, unit in units.items()
    ]
    return table(("", *AREAS), rows)


def _renamed(measure: str) -> str:
    head, _, rule = measure.rpartition(": ")
    return f"{head}: {_WORDS[rule]}" if rule in _WORDS else measure
