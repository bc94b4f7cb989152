"""The first example of the guide to writing rules runs as it is printed."""

import importlib.util
import re
from pathlib import Path

import pandas as pd
import pytest

import microsim as ms

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "writing-rules.md"


@pytest.fixture
def example(tmp_path):
    text = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL).group(1)
    path = tmp_path / "guide_example.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("guide_example", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_example_of_the_guide(example):
    persons = pd.DataFrame(
        {"household_id": [1, 1, 1, 2], "age": [40, 10, 12, 30], "wage_income": [23_000.0, 0.0, 0.0, 5_000.0]}
    )
    households = pd.DataFrame({"household_id": [1, 2], "weight": [10.0, 1.0], "area": ["rural", "urban"]})
    population = ms.Population.from_frames(persons, households)
    result = ms.simulate(population, example.policy, outputs=["benefit"])
    # Two children: 2 x 1,200; income is 3,000 above the free amount, of which 30 % are taken back.
    assert result.households["benefit"].tolist() == [2_400.0 - 900.0, 0.0]
    assert result.total("benefit") == 15_000.0
