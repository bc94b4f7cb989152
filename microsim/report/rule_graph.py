"""The rules of a programme as a graph: what is in the boxes, and the picture or DOT file of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from microsim.charts.rule_graph import Box, rule_graph
from microsim.documents import shown
from microsim.errors import InputError, Offence, did_you_mean
from microsim.report.books.headings import unit_of
from microsim.report.words import programme_label
from microsim.staging import becoming
from microsim.studies.common.assumptions import value_shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from microsim.policy.policy import Policy
    from microsim.policy.rules import Rule

ENDINGS = (".svg", ".png", ".dot")
_WORDS = {
    "of": {"en": "{programme}: rules of the law on {date}", "zh": "{programme}：{date}适用的规则"},
    "all": {"en": "Programmes of the law on {date}", "zh": "{date}适用的救助项目"},
    "data": {"en": "data: {names}", "zh": "数据：{names}"},
    "size": {"en": "{rules} rules, {numbers} parameters", "zh": "规则{rules}条，参数{numbers}项"},
    "members": {"en": "over the members of the household", "zh": "按家庭成员汇总"},
}
_LONGEST = 110  # characters of a value; a long schedule is cut


def draw_rules(policy: Policy, programme: str | None, path: Path, lang: str) -> Path:
    """Write the graph of a programme's rules, or of all programmes, to ``path`` (.svg, .png or .dot).

    Raises ``InputError`` for a programme that the policy does not have and for another kind of file.
    """
    from microsim.charts import save

    if path.suffix not in ENDINGS:
        message = f"no graph can be written to '{path.name}'"
        raise InputError(Offence(message, shown(path), f"end it in {', '.join(ENDINGS)}"))
    boxes = _programmes(policy, lang) if programme is None else _rules(policy, programme, lang)
    about = {"date": policy.date, "programme": programme_label(policy, programme or "", lang)}
    title = _WORDS["all" if programme is None else "of"][lang].format(**about)
    with becoming(path, lambda new, target: os.replace(new / target.name, target)) as new:
        if path.suffix == ".dot":
            (new / path.name).write_text(_dot(boxes, title), encoding="utf-8", newline="\n")
        else:
            save(rule_graph(boxes, title), new, path.stem)
    return path


def _rules(policy: Policy, programme: str, lang: str) -> list[Box]:
    """The rules of a programme, and in grey the rules of others that they need."""
    rules = policy.rules
    own = [name for name, rule in rules.items() if rule.programme == programme]
    if not own:
        known = sorted({rule.programme for rule in rules.values()})
        hint = did_you_mean(programme, known) or f"programmes: {', '.join(known)}"
        message = f"no rule of a programme '{programme}' is in force on {policy.date}"
        raise InputError(Offence(message, "", hint))
    needed = {name for rule in own for name in rules[rule].arguments if name in rules} - {*own}
    boxes = [
        Box(
            name,
            _label(rules[name], lang),
            note=programme_label(policy, rules[name].programme, lang),
            apart=True,
        )
        for name in sorted(needed)
    ]
    return boxes + [_box(policy, rules[name], lang) for name in own]


def _box(policy: Policy, rule: Rule, lang: str) -> Box:
    from microsim.population.core.columns import registry

    columns, lines = registry(), []
    dotted = policy.book.dotted
    for name in rule.arguments:
        if name in policy.rules or name not in dotted:
            continue
        parameter, dated = policy.parameters[dotted[name]], policy.values.get(dotted[name])
        label = parameter.label.get(lang) or parameter.name
        if dated is not None:
            value = value_shown(dated.value)
            unit = "" if parameter.kind in ("boolean", "choice") or parameter.unit == "1" else parameter.unit
            unit = f" {unit_of(unit, lang)}" if unit else ""
            shortened = value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
            lines.append(f"{label}{'：' if lang == 'zh' else ': '}{shortened}{unit}")
    data = [name for name in rule.arguments if name not in policy.rules and name not in dotted]
    if data:
        labels = [columns[name].label.get(lang, name) if name in columns else name for name in data]
        names = ("、" if lang == "zh" else ", ").join(labels)
        lines.append(_WORDS["data"][lang].format(names=names))
    if rule.kind not in ("formula", "collected"):
        lines.append(_WORDS["members"][lang])
    needs = tuple(name for name in rule.arguments if name in policy.rules)
    return Box(rule.name, _label(rule, lang), tuple(lines), rule.reference, needs=needs)


def _programmes(policy: Policy, lang: str) -> list[Box]:
    """One box a programme, with arrows from the programmes whose rules it needs."""
    rules = policy.rules
    needs: dict[str, list[str]] = {}
    for rule in rules.values():
        of = needs.setdefault(rule.programme, [])
        of += [
            rules[a].programme for a in rule.arguments if a in rules and rules[a].programme != rule.programme
        ]
    boxes = []
    for programme, others in needs.items():
        counted = {
            "rules": sum(rule.programme == programme for rule in rules.values()),
            "numbers": sum(policy.parameters[name].programme == programme for name in policy.values),
        }
        line = _WORDS["size"][lang].format(**counted)
        label = programme_label(policy, programme, lang)
        boxes.append(Box(programme, label, (line,), needs=tuple(dict.fromkeys(others))))
    return boxes


def _label(rule: Rule, lang: str) -> str:
    return rule.label.get(lang) or rule.label.get("en") or rule.name


def _dot(boxes: Sequence[Box], title: str) -> str:
    """The graph for Graphviz."""
    lines = ["digraph rules {", "  rankdir=LR;", f"  label={_quoted(title)};", "  node [shape=box];"]
    for box in boxes:
        text = "\n".join(line for line, *_ in box.texts)
        style = ", style=filled, fillcolor=lightgrey" if box.apart else ""
        lines.append(f"  {_quoted(box.name)} [label={_quoted(text)}{style}];")
    lines += [
        f"  {_quoted(need)} -> {_quoted(box.name)};" for box in boxes for need in dict.fromkeys(box.needs)
    ]
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\l") + '"'
