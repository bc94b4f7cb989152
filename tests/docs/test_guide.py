"""The examples of the guide to writing rules run as they are printed."""

import importlib.util
import re
from pathlib import Path

import pandas as pd
import pytest

import microsim as ms
from microsim.engine.reference.schedules import SCHEDULES

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "writing-rules.md"


@pytest.fixture
def example(tmp_path):
    """The example that holds a text, as a module."""

    def of(words):
        blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
        (text,) = [block for block in blocks if words in block]
        path = tmp_path / "guide_example.py"
        path.write_text(text, encoding="utf-8")
        spec = importlib.util.spec_from_file_location("guide_example", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return of


def test_units_in_python(example):
    made = example("def grant")
    assert (made.policy.value("minimum_wage"), made.policy.amount("minimum_wage")) == (1600.0, 19_200.0)


def test_a_schedule_in_python(example):
    persons = pd.DataFrame({"household_id": [1], "wage_income": [150_000.0]})
    households = pd.DataFrame({"household_id": [1], "weight": [1.0]})
    population = ms.Population.from_frames(persons, households)
    result = ms.simulate(population, example("def tax").policy, outputs=["tax"])
    assert result.households["tax"].tolist() == [0.1 * 108_000 + 0.2 * 6_000]


def test_the_table_of_schedules():
    points = [[0, 100], [1000, 300]]
    rows = re.findall(
        r"^\| `(step|linear|brackets)` \|.*\| ([\d,]+) \|$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert {kind: float(value.replace(",", "")) for kind, value in rows} == {
        kind: SCHEDULES[kind](points)(500.0) for kind in ("step", "linear", "brackets")
    }


def test_the_example_of_the_guide(example):
    example = example("def child_benefit")
    persons = pd.DataFrame(
        {"household_id": [1, 1, 1, 2], "age": [40, 10, 12, 30], "wage_income": [23_000.0, 0.0, 0.0, 5_000.0]}
    )
    households = pd.DataFrame({"household_id": [1, 2], "weight": [10.0, 1.0], "area": ["rural", "urban"]})
    population = ms.Population.from_frames(persons, households)
    result = ms.simulate(population, example.policy, outputs=["benefit"])
    # Two children: 2 x 1,200; income is 3,000 above the free amount, of which 30 % are taken back.
    assert result.households["benefit"].tolist() == [2_400.0 - 900.0, 0.0]
    assert result.total("benefit") == 15_000.0
