"""One page of docs/law for each programme, generated from the law itself: rules, dated values, references,
cases.

    python tools/law_pages.py [--check]

``--check`` writes nothing and ends with status 1 where a page is not what the law says now (so does a test).
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from microsim.documents import read_document
from microsim.policy.parameters import Parameter
from microsim.policy.programmes import Programme, load_programmes
from microsim.policy.ranges import DAYS_BEGIN
from microsim.policy.rules import Rule
from microsim.units import exact

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "law"
CASES = ROOT / "tests" / "cases"
APART = {"2026.md", "2026.zh-CN.md", "2026-families.md"}  # articles and readings; families, by another tool


def pages() -> dict[str, str]:
    """File name -> text of every page."""
    programmes = load_programmes("microsim.law")
    out = {f"{programme.name}.md": _page(programme) for programme in programmes}
    rows = []
    for p in programmes:
        name = f"[{_en(p.label, p.name)}]({p.name}.md)"
        rows.append(f"| {name} | {p.label.get('zh', '')} | {len(p.rules)} | {len(p.parameters)} |")
    out["README.md"] = "\n".join(
        [
            "# The law, programme by programme",
            "",
            "Generated from `microsim/law/` and `tests/cases/` by `python tools/law_pages.py`.",
            "[Coverage](../coverage.md) says what is modelled, what is not, and why;",
            "the [Social Assistance Law article by article](2026.md) ([中文](2026.zh-CN.md)) has the",
            "readings that were decided, and seven points that no text answers;",
            "[typical families](2026-families.md) have their cliffs under it and under Order 649.",
            "Which texts and articles were read, where and on which day, is listed in",
            "[texts_read.yaml](../../tests/law/texts_read.yaml); a test refuses any other citation.",
            "",
            "| programme | 项目 | rules | parameters |",
            "|---|---|---:|---:|",
            *rows,
            "",
        ]
    )
    return out


def _page(programme: Programme) -> str:
    lines = [f"# {_en(programme.label, programme.name)} {programme.label.get('zh', '')}".rstrip(), ""]
    for language in ("en", "zh"):
        if programme.description.get(language):
            lines += [programme.description[language].strip(), ""]
    if programme.parameters:
        lines += ["## Parameters 参数", ""]
        for parameter in programme.parameters:
            lines += _parameter(parameter)
    if programme.rules:
        lines += ["## Rules 规则", ""]
        for rule in programme.rules:
            lines += _rule(rule)
    cases = _cases(programme.name)
    if cases:
        lines += ["## Worked cases 算例", "", "| case | date | reference |", "|---|---|---|", *cases, ""]
    return "\n".join(lines).rstrip() + "\n"


def _en(label: Mapping[str, str], name: str) -> str:
    return label.get("en", name)


def _range(since: dt.date, value: Any) -> str:
    """The observed range, in the unit of the values, and the day from which it holds where it has one."""
    if isinstance(value, Mapping):
        text = ", ".join(f"{category} {_range(DAYS_BEGIN, pair)}" for category, pair in value.items())
    else:
        text = f"{exact(value[0])} to {exact(value[1])}"
    return text if since == DAYS_BEGIN else f"from {since} {text}"


def _parameter(parameter: Parameter) -> list[str]:
    by = f", by {', '.join(parameter.by)}" if parameter.by else ""
    seen = "; ".join(_range(since, value) for since, value in parameter.ranges.items())
    seen = f" Observed range: {seen}." if seen else ""
    bounds = f" {_bounds(parameter)}." if _bounds(parameter) else ""
    access = " A term of access, which a pinned regime fixes." if parameter.access else ""
    choices = f" One of: {', '.join(parameter.choices)}." if parameter.choices else ""
    label = f"{_en(parameter.label, parameter.name)} {parameter.label.get('zh', '')}"
    rows = []
    for since, dated in parameter.values.items():
        source = f"{dated.source} ({dated.confidence})" if dated.confidence else dated.source
        rows.append(f"| {since} | {_value(dated.value)} | {source} | {_cell(dated.reference)} |")
    return [
        f"### `{parameter.name}`",
        "",
        f"{label} ({parameter.unit}{by}).{choices}{bounds}{seen}{access}",
        "",
        "| from | value | source | reference |",
        "|---|---|---|---|",
        *rows,
        "",
    ]


def _bounds(parameter: Parameter) -> str:
    """The hard bounds in words; empty for what is not a number."""
    bounds = parameter.bounds
    words = {"least": "at least", "above": "more than", "most": "at most"}
    stated = ((word, getattr(bounds, key)) for key, word in words.items())
    return ", ".join(f"{word} {exact(value)}" for word, value in stated if math.isfinite(value)).capitalize()


def _rule(rule: Rule) -> list[str]:
    window = " to ".join(str(day) if day else "" for day in (rule.start, rule.end))
    window = f" In force {window.strip()}." if rule.start or rule.end else ""
    unit = f", {rule.unit}" if rule.unit else ""
    return [
        f"### `{rule.name}` {rule.label.get('zh', '')}".rstrip(),
        "",
        f"{_en(rule.label, rule.name)} (of the {rule.entity}{unit}).{window}",
        "",
        f"{rule.description}",
        "",
        f"Reference: {rule.reference or 'none given'}",
        "",
    ]


def _cases(programme: str) -> list[str]:
    rows = []
    for path in sorted((CASES / programme).glob("*.yaml")):
        case = read_document(path).data
        title = f"[{_cell(case['title'])}](../../tests/cases/{programme}/{path.name})"
        rows.append(f"| {title} | {case['date']} | {_cell(case['reference'])} |")
    return rows


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {_value(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        points = (
            f"from {_value(x[0])}: {_value(x[1])}" if isinstance(x, list | tuple) else _value(x)
            for x in value
        )
        return ", ".join(points)
    return exact(value)


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def stale(folder: Path = FOLDER) -> list[str]:
    """Names of pages that are missing, differ from the law, or belong to no programme."""
    wanted = pages()
    found = {p.name: p.read_text(encoding="utf-8") for p in folder.glob("*.md") if p.name not in APART}
    return sorted(name for name in {*wanted, *found} if wanted.get(name) != found.get(name))


def main() -> int:
    """Write the pages, or check them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true")
    if parser.parse_args().check:
        old = stale()
        print(
            "\n".join(f"docs/law/{name} is not what the law says now" for name in old)
            or "docs/law is up to date"
        )
        return 1 if old else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for path in FOLDER.glob("*.md"):
        if path.name not in wanted and path.name not in APART:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
