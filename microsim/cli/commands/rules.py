"""``microsim rules``: the rules of the law, and what each needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from microsim.cli.options import (
    allow_code,
    as_json,
    language,
    law_date,
    law_package,
    print_json,
    tell_law_not_known,
)
from microsim.errors import InputError, Offence
from microsim.language import spoken


@click.command(name="rules", short_help="Show the rules of the law and their articles.")
@click.argument("pattern", required=False)
@click.option("--graph", is_flag=True, help="Draw the rules of the programme PATTERN, or all programmes.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The drawing: .svg, .png or .dot.  [default: rules-<programme>.svg]",
)
@law_date
@law_package
@allow_code
@as_json
@language
def command(
    pattern: str | None,
    graph: bool,
    out: Path | None,
    date: str | None,
    law_package: str | None,
    allow_code: bool,
    as_json: bool,
    lang: str,
) -> None:
    """Show rules of the law: content, inputs and the article each is based on.

    PATTERN is part of a rule's name, label or programme; without it, all are listed by name. With a pattern
    the list also gives the articles. A rule's full name, or a pattern that few rules match, shows them in
    full.

    With --graph, the rules of a programme are drawn as boxes with arrows from what each needs: label,
    parameter values and article; without a programme, the programmes themselves are drawn.

    \b
    Examples:
      microsim rules
      microsim rules medical_aid
      microsim rules dibao_entitlement
      microsim rules tekun --graph --out tekun.png
    """
    from microsim.cli.commands.params import matching, nothing_found, referred
    from microsim.cli.loading import own_law
    from microsim.report.text import table, wrap
    from microsim.scenario.lawful import law_on

    policy = law_on(date, own_law(law_package, allow_code))
    if graph:
        from microsim.documents import shown
        from microsim.report.rule_graph import draw_rules

        drawn = draw_rules(policy, pattern, out or Path(f"rules-{pattern or 'all'}.svg"), lang)
        click.echo(shown(drawn))
        return
    if out is not None:
        raise InputError(Offence("--out is the file of a drawing", "--out", "add --graph"))
    names = list(policy.rules)
    chosen = matching(
        names, pattern, lambda name: [*policy.rules[name].label.values(), policy.rules[name].programme]
    )
    if not chosen:
        raise nothing_found("rule", pattern, names, policy)
    described = [describe(policy.rules[name], lang) for name in chosen]
    tell_law_not_known(policy.date, lang, err=as_json)
    if as_json:
        print_json(described)
    elif pattern and len(chosen) <= 3:
        click.echo("\n\n".join(in_full(item, lang) for item in described))
    else:
        click.echo(f"{spoken(f'Rules of the law on {policy.date}')}\n")
        rows = [
            (
                item["name"],
                _entity(item, lang),
                _unit(item, lang),
                _label(item, lang),
            )
            for item in described
        ]
        click.echo(table(_HEAD[lang], rows, names=True))
        if pattern:
            click.echo(f"\n{spoken('References')}")
            for item in described:
                click.echo(wrap(referred(item, lang), "  "))


_HEAD = {"en": ("name", "of", "unit", "what it is"), "zh": ("名称", "对象", "单位", "含义")}
_PARTS = {
    "en": {"needs": "needs", "law": "law", "in force": "in force", "written": "written"},
    "zh": {"needs": "所需", "law": "依据", "in force": "施行", "written": "代码"},
}
_ENTITIES: dict[str, dict[str, str]] = {"en": {}, "zh": {"person": "个人", "household": "家庭"}}


def _entity(item: dict[str, Any], lang: str) -> str:
    return _ENTITIES[lang].get(item["entity"], str(item["entity"]))


def _label(item: dict[str, Any], lang: str) -> str:
    label = item["label"]
    return str(label if isinstance(label, str) else label.get(lang) or item["description"])


def _unit(item: dict[str, Any], lang: str) -> str:
    from microsim.report.books.headings import unit_of

    return unit_of(item["unit"], lang) if lang == "zh" else str(item["unit"])


def describe(rule: Any, lang: str = "en") -> dict[str, Any]:
    """One rule as plain data; in Chinese with its Chinese label and citation."""
    from microsim.documents import shown
    from microsim.simulation.explaining import cited

    return {
        "name": rule.name,
        "programme": rule.programme,
        "entity": rule.entity,
        "kind": rule.kind,
        "unit": rule.unit,
        "label": rule.label.get("zh", "") if lang == "zh" else dict(rule.label),
        "description": rule.description.splitlines()[0] if rule.description and lang == "en" else "",
        "needs": list(rule.arguments),
        "reference": cited(rule.reference, lang),
        "start": rule.start.isoformat() if rule.start else None,
        "end": rule.end.isoformat() if rule.end else None,
        "source": f"{shown(Path(rule.source_file))}:{rule.source_line}" if rule.source_file else "",
    }


def in_full(item: dict[str, Any], lang: str) -> str:
    """A rule over several lines."""
    from microsim.report.text import wrap

    what = ", ".join(part for part in (_entity(item, lang), _unit(item, lang)) if part)
    force = " ".join(
        part
        for part in (
            spoken(f"from {item['start']}") if item["start"] else "",
            spoken(f"until {item['end']}") if item["end"] else "",
        )
        if part
    )
    lines = [f"{item['name']}  ({what})"]
    for name, text in (
        ("", _label(item, lang)),
        ("", item["description"] if item["description"] != _label(item, lang) else ""),
        ("needs", ", ".join(item["needs"])),
        ("law", item["reference"]),
        ("in force", force),
        ("written", item["source"]),
    ):
        if text:
            said = f"{_PARTS[lang][name]}{'：' if lang == 'zh' else ': '}{text}" if name else text
            lines.append(wrap(said, "  "))
    return "\n".join(lines)
