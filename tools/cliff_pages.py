"""docs/cliffs-h-county.md: the cliffs of H county under several scenarios, made of the scenarios themselves.

    python tools/cliff_pages.py [--check]

``--check`` writes nothing and ends with status 1 where the page is not what the scenarios give now.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from microsim.report.cliffs_text import SHOWN, label_of, programme_label, say, shown
from microsim.report.text import number, percent
from microsim.scenario import load_scenario
from microsim.studies.cliffs.study import CliffStudy, cliff_study

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "cliffs-h-county.md"
BASE = "linked-2014"
OTHERS = ("gradual-exit", "work-deduction", "tiered-2024", "h-county-2020")
MOST = 8  # ways a jump goes, of each scenario
HEAD = """\
# The cliffs of H county, and what three reforms do to them

Made by `python tools/cliff_pages.py` of H county's households (synthetic: no figure here has a sampling
error) and the scenarios in `scenarios/`; [cliffs.md](cliffs.md) says how the figures are found and defined.
The same for any scenarios, with charts:

```sh
microsim cliffs scenarios/linked-2014.yaml scenarios/gradual-exit.yaml
```

One member's wage of each household is moved from 0 upwards, all else as it is. `gradual-exit`,
`work-deduction` and `tiered-2024` differ from `linked-2014` by more than their name: they are the law and the
lines of 2020 and 2024. `h-county-2020`, the law of 2020 without the reforms, stands beside them, so that the
reform itself can be read as the difference from it.

Gradual exit moves the cliff rather than removing it: as modelled, a household past the line is paid what it
would get without wages, at a rate by month, as an amount per year. So resources rise at the line, and at 1.5
lines, where it ends, more is lost at once than without it.
"""


def page() -> str:
    """The text of the page."""
    studies = {
        name: cliff_study(load_scenario(ROOT / "scenarios" / f"{name}.yaml")) for name in (BASE, *OTHERS)
    }
    parts = [HEAD, "## The figures\n", _figures(studies), "## Against the linked safety net of 2014\n"]
    parts += [
        _changes(studies),
        "## Across neighbours\n",
        BESIDE,
        _beside(studies),
        "## What the jumps go through\n",
        THROUGH,
    ]
    for name, study in studies.items():
        parts += [f"### `{name}`: {study.scenario.title_in('en')}\n", _causes(study)]
    return "\n".join(parts)


BESIDE = """\
Per head, yuan a year, whole county: what just crossing the line does to resources (local-linear, error in
brackets), and how far registered poor households stand from near-poor ones ([neighbours.md](neighbours.md)).
"""
NEIGHBOURS = {
    "jump.resources": "resources, jump at the line",
    "jump.benefits": "benefits, jump at the line",
    "reversed_pairs.resources": "pairs near the line reversed",
    "gap.resources_before": "registered poor less near-poor, before assistance",
    "gap.resources": "registered poor less near-poor, after",
}


def _beside(studies: dict[str, CliffStudy]) -> str:
    rows = []
    for name, label in NEIGHBOURS.items():
        cells = []
        for study in studies.values():
            entry = study.summary[f"cliffs.neighbours.{name}"]
            value = float(entry["value"])
            error = f" ({number(float(entry['standard_error']))})" if "standard_error" in entry else ""
            cells.append((percent(value) if entry["unit"] == "1" else number(value)) + error)
        rows.append([label, *cells])
    return _table(["figure", *(f"`{name}`" for name in studies)], rows)


THROUGH = """\
Shapley values of the statuses and tests that flip at each notch, weighted and added up over all notches from
0 to the end of the range; `step` is a step inside the rule's own schedule of amounts. Rises count against
drops.
"""


def _value(study: CliffStudy, measure: str) -> float:
    found = study.cliffs.indicators.value(f"cliffs.{measure}")
    assert found is not None
    return found


def _figures(studies: dict[str, CliffStudy]) -> str:
    rows = [[say(m, "en"), *(shown(m, _value(study, m), "en") for study in studies.values())] for m in SHOWN]
    return _table(["figure", *(f"`{name}`" for name in studies)], rows)


def _changes(studies: dict[str, CliffStudy]) -> str:
    """Each figure less that of the base: percentage points for shares."""
    rows = []
    for measure in SHOWN:
        base = _value(studies[BASE], measure)
        cells = []
        for name in OTHERS:
            change = _value(studies[name], measure) - base
            text = shown(measure, change, "en").replace(" %", " pp")
            cells.append(("+" if change > 0 else "") + text)
        rows.append([say(measure, "en"), *cells])
    return _table(["figure", *(f"`{name}`" for name in OTHERS)], rows)


def _causes(study: CliffStudy) -> str:
    policy, shares = study.cliffs.policy, study.causes.shares()
    steps = set(study.causes.table.loc[study.causes.table["through"] == "step", "gate"])
    rows = [
        [
            label_of(policy, gate, "en") + (" (step)" if gate in steps else ""),
            programme_label(policy, programme, "en"),
            number(change / 1e6, 2),
            percent(share),
        ]
        for gate, programme, change, share in shares.head(MOST).itertuples(index=False)
    ]
    return _table(["through", "programme", "million yuan/year", "share"], rows)


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def main() -> int:
    """Write the page, or look whether it is up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    text = page()
    if parser.parse_args().check:
        return int(not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != text)
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
