"""``base:``: a scenario that says only what differs from another."""

from __future__ import annotations

from pathlib import Path

import pytest

from microsim.errors import MicrosimError
from microsim.scenario import load_scenario
from microsim.scenario.base import changes_over

COUNTY = Path("data/synthetic/h-county").resolve()
BASE = f"""county: {COUNTY}
law: 2020-12-31
changes:
  dibao.line: {{by: {{rural: 4560, urban: 7200}}}}
  dibao.payment: {{by: {{rural: banded, urban: gap}}}}
outputs: [cost]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    return tmp_path


def scenario(folder: Path, text: str, name: str = "reform.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_not_said_is_as_in_the_base(folder: Path) -> None:
    text = "title: Higher\nbase: base.yaml\nchanges:\n  dibao.line: {by: {rural: 5400}}\n"
    loaded = load_scenario(scenario(folder, text))
    assert loaded.base is not None
    assert loaded.county_path == COUNTY
    assert loaded.outputs == ("cost",)
    assert loaded.changes["dibao.line"] == {"by": {"rural": 5400, "urban": 7200}}
    assert loaded.changes["dibao.payment"] == loaded.base.changes["dibao.payment"]
    assert loaded.title == {"en": "Higher"}
    policy = loaded.policy()
    assert (policy.amount("dibao.line.rural"), policy.amount("dibao.line.urban")) == (5400.0, 7200.0)


def test_a_reform_that_changes_nothing_is_its_base(folder: Path) -> None:
    same = load_scenario(scenario(folder, "base: base.yaml\n"))
    assert same.base is not None
    assert same.changes == same.base.changes
    assert same.hash == same.base.hash


def test_a_base_may_have_a_base(folder: Path) -> None:
    scenario(folder, "base: base.yaml\nchanges: {dibao.line.rural: 5000}\n", "middle.yaml")
    loaded = load_scenario(scenario(folder, "base: middle.yaml\nlaw: 2019-12-31\n"))
    assert loaded.policy().amount("dibao.line.rural") == 5000.0
    assert loaded.policy().amount("dibao.line.urban") == 7200.0
    assert str(loaded.law.date) == "2019-12-31"
    assert loaded.base is not None
    assert loaded.base.name == "middle"
    assert loaded.base.base is not None, "a base that is a reform itself is one still"
    assert loaded.base.base.name == "base"


def test_paths_are_meant_from_the_file_that_says_them(folder: Path) -> None:
    (folder / "county").symlink_to(COUNTY)
    (folder / "base.yaml").write_text(BASE.replace(str(COUNTY), "county"), encoding="utf-8")
    (folder / "below").mkdir()
    loaded = load_scenario(scenario(folder / "below", "base: ../base.yaml\n"))
    assert loaded.county_path == folder / "county"


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"a.line.rural": 2}, {"a.line": {"by": {"urban": 9}}, "a.line.rural": 2}),
        ({"a.line": 5}, {"a.line": 5}),
        ({"a.line": None}, {}),
        ({"a.line": {"by": {"rural": 2, "urban": 3}}}, {"a.line": {"by": {"rural": 2, "urban": 3}}}),
        ({"b": 1}, {"a.line": {"by": {"rural": 1, "urban": 9}}, "b": 1}),
    ],
)
def test_changes_are_laid_over_cell_by_cell(own: dict[str, object], expected: dict[str, object]) -> None:
    assert changes_over({"a.line": {"by": {"rural": 1, "urban": 9}}}, own) == expected


def test_a_cell_of_the_base_gives_way_to_the_whole_parameter() -> None:
    assert changes_over({"a.line.rural": 1, "a.line.urban": 9}, {"a.line": {"by": {"rural": 2}}}) == {
        "a.line.urban": 9,
        "a.line": {"by": {"rural": 2}},
    }
    assert changes_over({"a.line.rural": 1}, {"a.line": 7}) == {"a.line": 7}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("base: basis.yaml\n", "reform.yaml:1:1: no scenario at 'basis.yaml'"),
        ("base: reform.yaml\n", "the base leads back to where it began: reform.yaml -> reform.yaml"),
        ("base: 3\n", "'base' must be the path of a scenario file, found number '3'"),
        (
            "base: base.yaml\nchanges: {dibao.lne: 3}\n",
            "reform.yaml:2:11: changes.dibao.lne: no such parameter",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_place(folder: Path, text: str, words: str) -> None:
    with pytest.raises(MicrosimError) as error:
        load_scenario(scenario(folder, text))
    assert words in str(error.value)


def test_a_circle_of_bases_is_refused(folder: Path) -> None:
    scenario(folder, "base: two.yaml\n", "one.yaml")
    with pytest.raises(MicrosimError, match="leads back"):
        load_scenario(scenario(folder, "base: one.yaml\n", "two.yaml"))


def test_what_is_wrong_with_the_base_is_said_in_its_own_file(folder: Path) -> None:
    (folder / "base.yaml").write_text(BASE.replace("dibao.payment", "dibao.paiment"), encoding="utf-8")
    with pytest.raises(MicrosimError) as error:
        load_scenario(scenario(folder, "base: base.yaml\nchanges: {dibao.line.rural: 5000}\n"))
    assert "base.yaml:5:3: changes.dibao.paiment: no such parameter" in str(error.value)
