"""What is printed of a parameter is what is typed: a reform to the printed value changes no bit."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from microsim.cli.main import cli
from microsim.policy.parameters import SCHEDULES, Parameter
from microsim.policy.policy import Policy
from microsim.units import to_internal

PAGES = Path(__file__).resolve().parents[2] / "docs" / "law"
DAYS = ("2012-12-31", "2016-12-31", "2020-12-31", "2025-01-01")


def typed(parameter: Parameter, value: Any) -> Any:
    """A value as a scenario's changes take it."""
    return {"by": value} if isinstance(value, dict) else value


def number(text: str) -> float | str:
    """One printed number as it is typed: 2/3 is typed so."""
    return text if "/" in text else float(text.replace(",", ""))


def read(parameter: Parameter, text: str) -> Any:
    """One printed value, read as YAML reads what is typed (thousands are set apart in print only)."""
    if parameter.kind in SCHEDULES:
        pairs = re.findall(r"from ([\d.,/]+): ([\d.,/]+?)(?:, (?=from)|$)", text)
        return [[as_yaml(x), as_yaml(y)] for x, y in pairs]
    if parameter.kind == "number":
        return as_yaml(text)
    return {"true": True, "false": False}[text] if parameter.kind == "boolean" else text


def as_yaml(text: str) -> Any:
    """A printed number as YAML reads it: a fraction stays text."""
    return text if "/" in text else float(text.replace(",", ""))


def nested(parameter: Parameter, cells: list[tuple[tuple[str, ...], str]]) -> Any:
    """Printed cells as one value of the parameter."""
    value: Any = {}
    for path, text in cells:
        if not path:
            return read(parameter, text)
        inside = value
        for key in path[:-1]:
            inside = inside.setdefault(key, {})
        inside[path[-1]] = read(parameter, text)
    return value


def inside(policy: Policy, name: str) -> Any:
    """Every number of a parameter as the rules take it."""

    def each(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: each(item) for key, item in value.items()}
        return policy.parameters[name].inside(value)

    return each(policy.values[name].value)


def shown(*arguments: str) -> str:
    result = CliRunner().invoke(cli, ["params", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


@pytest.mark.parametrize("day", DAYS)
def test_every_parameter_as_params_prints_it_in_json(day: str) -> None:
    policy = Policy.load(day)
    printed = json.loads(shown("--json", "--date", day))
    assert {item["name"] for item in printed} == set(policy.values)
    for item in printed:
        name = item["name"]
        assert item["unit"] == policy.parameters[name].unit
        reformed = policy.reform({name: typed(policy.parameters[name], item["value"])}, allow_unusual=True)
        assert inside(reformed, name) == inside(policy, name), name
        assert reformed.value(name) == policy.value(name), name


@pytest.mark.parametrize("day", DAYS)
def test_every_parameter_with_its_unit_said_and_in_the_unit_of_the_rules(day: str) -> None:
    policy = Policy.load(day)
    for name, parameter in policy.parameters.items():
        if name not in policy.values or parameter.kind in ("boolean", "choice"):
            continue
        by = isinstance(policy.value(name), dict)
        value, yearly = policy.value(name), inside(policy, name)
        for amount, unit in ((value, parameter.unit), (yearly, to_internal(parameter.unit)[1])):
            change = {"by": amount, "unit": unit} if by else {"value": amount, "unit": unit}
            assert inside(policy.reform({name: change}, allow_unusual=True), name) == yearly, (name, unit)


@pytest.mark.parametrize("day", DAYS)
def test_every_parameter_as_params_prints_it_in_words(day: str) -> None:
    policy = Policy.load(day)
    for name, cells in cells_in_words(policy, shown("--date", day)).items():
        parameter = policy.parameters[name]
        reformed = policy.reform({name: typed(parameter, nested(parameter, cells))}, allow_unusual=True)
        assert inside(reformed, name) == inside(policy, name), name


def cells_in_words(policy: Policy, text: str) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Parameter -> its printed cells, from the table of ``microsim params``."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    name = ""
    table = text.split("References")[0].splitlines()
    starts = next(line.index("value") for line in table if line.startswith("name"))
    for line in table:
        first = line.split(" ")[0]
        if first in policy.values:
            name = first
        elif not name or line[:starts].strip() or not line.strip():
            continue
        if line == name:  # a long name stands on a line of its own
            continue
        cell = re.split(r" {2,}", line[starts:].strip())[0]
        points = re.match(r"(.*?)((?:from [\d.,/]+: [\d.,/]+)|\S+)$", cell)
        assert points is not None, line
        found.setdefault(name, []).append((tuple(categories(policy, name, points[1])), points[2]))
    assert set(found) == set(policy.values)
    return {name: joined(policy.parameters[name], cells) for name, cells in found.items()}


def categories(policy: Policy, name: str, text: str) -> list[str]:
    """Category names of a printed cell; a name may hold spaces."""
    text = text.strip()
    found, value = [], policy.value(name)
    while text:
        key = max((key for key in value if text == key or text.startswith(f"{key} ")), key=len)
        found.append(key)
        value, text = value[key], text[len(key) :].strip()
    return found


def joined(
    parameter: Parameter, cells: list[tuple[tuple[str, ...], str]]
) -> list[tuple[tuple[str, ...], str]]:
    """The points of a schedule stand on a line each."""
    if parameter.kind not in SCHEDULES:
        return cells
    by_path: dict[tuple[str, ...], list[str]] = {}
    for path, text in cells:
        by_path.setdefault(path, []).append(text)
    return [(path, ", ".join(texts)) for path, texts in by_path.items()]


def test_every_dated_value_as_its_page_prints_it() -> None:
    checked = 0
    policy = Policy.load(DAYS[-1])
    for name, parameter in policy.parameters.items():
        page = (PAGES / f"{parameter.programme}.md").read_text(encoding="utf-8")
        part = page.split(f"### `{name}`")[1].split("\n### ")[0]
        assert f"({parameter.unit}" in part
        for day, text in re.findall(r"^\| (\d{4}-\d\d-\d\d) \| (.*?) \|", part, re.MULTILINE):
            lawful = Policy.load(day)
            cells = [
                (tuple(categories(lawful, name, found[1])), found[2])
                for cell in text.split("; ")
                if (found := re.match(r"(.*?)(from .*|\S+)$", cell))
            ]
            reformed = lawful.reform({name: typed(parameter, nested(parameter, cells))}, allow_unusual=True)
            assert inside(reformed, name) == inside(lawful, name), (name, day)
            checked += 1
    assert checked == sum(len(parameter.values) for parameter in policy.parameters.values())


def test_the_monthly_parameters_are_printed_by_the_month() -> None:
    policy = Policy.load("2020-12-31")
    monthly = {name for name, parameter in policy.parameters.items() if parameter.unit == "yuan/month"}
    assert {
        "tekun.minimum_wage",
        "disability_subsidies.living",
        "housing_aid.rent_per_square_metre",
    } <= monthly
    assert policy.value("tekun.minimum_wage") == 1480.0
    assert policy.amount("tekun.minimum_wage") == 17_760.0


def test_a_file_of_assumptions_says_what_is_typed(tmp_path: Path) -> None:
    from microsim.studies.common.assumptions import value_shown

    for name, dated in Policy.load(dt.date(2020, 12, 31)).values.items():
        path = tmp_path / "one.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerow([name, value_shown(dated.value)])
        numbers = re.findall(r"(?<![\w.-])\d[\d./]*(?![\w-])", next(csv.reader(path.open()))[1])
        assert {float(Fraction(text)) for text in numbers} >= set(numbers_of(dated.value)), name


def numbers_of(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for item in value.values() for number in numbers_of(item)]
    if isinstance(value, list | tuple):
        return [number for item in value for number in numbers_of(item)]
    return [value] if isinstance(value, float) else []
