"""``microsim params``: the numbers of the law."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

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
from microsim.errors import InputError, MicrosimError, Offence, did_you_mean
from microsim.language import spoken
from microsim.units import exact

if TYPE_CHECKING:
    from microsim.policy.policy import Policy


@click.command(name="params", short_help="Show the numbers of the law and their sources.")
@click.argument("pattern", required=False)
@law_date
@law_package
@click.option(
    "--province", metavar="NAME", help="Include the values of a province, as province: in a scenario does."
)
@click.option(
    "--unsourced",
    type=click.Path(dir_okay=False),
    metavar="SCENARIO",
    help="Rank the numbers that no document gives by how much each moves a scenario's expenditure.",
)
@allow_code
@as_json
@language
def command(
    pattern: str | None,
    date: str | None,
    law_package: str | None,
    province: str | None,
    unsourced: str | None,
    allow_code: bool,
    as_json: bool,
    lang: str,
) -> None:
    """Show parameters of the law: value, unit, effective date and source.

    PATTERN is a name (dibao.line), or part of names or labels; without it, all are shown. Values are in the
    unit shown, as in a scenario's changes. The source is cited, inferred, recalled or assumption.

    \b
    Examples:
      microsim params dibao
      microsim params dibao.line --date 2015-01-01
      microsim params disability --province ningxia
      microsim params --unsourced scenarios/h-county-2020.yaml
    """
    if unsourced is not None:
        if pattern or date or law_package or province:
            raise click.UsageError("--unsourced takes law and date from its scenario: leave out the others")
        return show_unsourced(unsourced, allow_code, as_json, lang)
    from microsim.cli.loading import own_numbers
    from microsim.report.text import table, wrap
    from microsim.scenario.lawful import law_on
    from microsim.scenario.province_file import province_named

    policy = law_on(date, own_numbers(law_package))
    if province is not None:
        policy = province_named(province).over(policy)
    names = [name for name in policy.parameters if name in policy.values]
    chosen = matching(names, pattern, lambda name: policy.parameters[name].label.values())
    if not chosen:
        raise nothing_found("parameter", pattern, names, policy)
    described = [describe(policy, name, lang) for name in chosen]
    if as_json:
        tell_law_not_known(policy.date, lang, err=True)
        print_json(described)
        return
    click.echo(spoken(f"Parameters of the law on {policy.date}"))
    tell_law_not_known(policy.date, lang)
    click.echo()
    head = _HEAD[lang]
    rows = []
    for item in described:
        numbers = lines_of(item["value"])
        rows += [
            (item["name"], numbers[0], _unit(item["unit"], lang), item["since"], item["source"]),
            *(("", more, "", "", "") for more in numbers[1:]),
        ]
    click.echo(table(head, rows, names=True, whole=(1,)))
    click.echo(f"\n{spoken('References')}")
    for item in described:
        click.echo(wrap(referred(item, lang), "  "))


def show_unsourced(path: str, allow_code: bool, as_json: bool, lang: str) -> None:
    """What to find out next: the numbers without a document, by what each could change."""
    from microsim.report.texts.unsourced_text import unsourced_text
    from microsim.scenario import load_scenario
    from microsim.studies.common.unsourced import unsourced

    scenario = load_scenario(path, allow_code=allow_code)
    found = unsourced(scenario.population(), scenario.policy())
    if as_json:
        print_json(found.to_dict("records"))
        return
    click.echo(unsourced_text(scenario, found, lang))


def matching(names: list[str], pattern: str | None, labels: Any) -> list[str]:
    """The name itself, else names that hold the pattern or whose labels do; all where there is none."""
    if not pattern:
        return names
    if pattern in names:
        return [pattern]
    wanted = pattern.lower()
    return [
        name
        for name in names
        if wanted in name.lower() or any(wanted in str(text).lower() for text in labels(name))
    ]


def nothing_found(word: str, pattern: str | None, names: list[str], policy: Policy) -> MicrosimError:
    """The error for a pattern that nothing answers to."""
    hint = did_you_mean(pattern or "", names) or f"microsim {word}s without a pattern lists all".replace(
        "parameters", "params"
    )
    when = f" in the law on {policy.date}"
    return InputError(
        Offence(f"no {word} matches '{pattern}'{when}" if pattern else f"no {word}s{when}", "", hint)
    )


_HEAD = {
    "en": ("name", "value", "unit", "since", "source"),
    "zh": ("名称", "数值", "单位", "生效日期", "来源"),
}


def _unit(unit: str, lang: str) -> str:
    from microsim.report.books.headings import unit_of

    return unit_of(unit, lang) if lang == "zh" else unit


def referred(item: Mapping[str, Any], lang: str) -> str:
    """Where a parameter or rule comes from: its name, what it is called, and the document."""
    label = item["label"] if isinstance(item["label"], str) else item["label"].get(lang, "")
    if lang == "zh":
        return (
            f"{item['name']}（{label}）：{item['reference']}"
            if label
            else f"{item['name']}：{item['reference']}"
        )
    return f"{item['name']}{f' ({label})' if label else ''}: {item['reference']}"


def describe(policy: Policy, name: str, lang: str = "en") -> dict[str, Any]:
    """One parameter as plain data; in Chinese with its Chinese label, source and citation."""
    from microsim.report.books.headings import code_words
    from microsim.simulation.explaining import cited

    parameter, dated = policy.parameters[name], policy.values[name]
    return {
        "name": name,
        "label": parameter.label.get("zh", "") if lang == "zh" else dict(parameter.label),
        "value": dated.value,
        "unit": parameter.unit,
        "since": spoken("always") if dated.since == dt.date.min else dated.since.isoformat(),
        "source": code_words(lang).get(dated.source, dated.source) if lang == "zh" else dated.source,
        "reference": cited(dated.reference, lang),
        "note": spoken(dated.note),
    }


def lines_of(value: Any, prefix: str = "") -> list[str]:
    """A value in short lines: one for each category or point of a schedule."""
    if isinstance(value, Mapping):
        return [
            line for key, item in value.items() for line in lines_of(item, f"{prefix}{spoken(str(key))} ")
        ]
    if isinstance(value, list | tuple):
        return [spoken(f"{prefix}from {exact(x)}: {exact(y)}") for x, y in value]
    return [f"{prefix}{exact(value)}"]
