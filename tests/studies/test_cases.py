"""``microsim test``: hand-worked cases held against the law, own law too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from microsim.cli.main import cli
from microsim.report.text import display_width
from tests.scenario.own_law import own_law, was_run

CASE = """\
title: Two of three are old enough
reference: invented rules, arts. 1-2
family: Grandparents of 82 and 75 with a daughter of 40.
date: 2020-12-31
changes: {cake.amount: 20}
household: {area: rural}
persons:
  - {relation: head, age: 82, sex: male}
  - {relation: spouse, age: 75}
  - {relation: child, age: 40}
# 12 months of 20 yuan for each of the two.
expect:
  household: {cake_benefit: 480}
  persons: {person_cake: [240, 240, 0]}
"""


def outcome_of(folder: Path, text: str, *words: str) -> Result:
    law = own_law(folder)
    cases = law / "cases"
    cases.mkdir()
    (cases / "old-enough.yaml").write_text(text, encoding="utf-8")
    return CliRunner().invoke(cli, ["test", str(cases), "--law-package", str(law), *words])


def test_a_case_of_an_own_law(tmp_path: Path) -> None:
    done = outcome_of(tmp_path, CASE, "--allow-code")
    assert (done.exit_code, done.output) == (0, "1 of 1 cases are as worked out by hand.\n")


@pytest.mark.slow
def test_the_law_of_the_package_is_held_to_all_its_cases() -> None:
    """Also to those with lines of no county, or below a guideline."""
    done = CliRunner().invoke(cli, ["test", str(Path(__file__).parents[1] / "cases")])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_case_that_differs(tmp_path: Path, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    wrong = CASE.replace("480", "720").replace("[240, 240, 0]", "[240, 240, 240]")
    done = outcome_of(tmp_path, wrong, "--allow-code", "--lang", lang)
    assert done.exit_code == 1
    assert max(map(display_width, done.output.splitlines())) <= 80
    for words in {
        "en": (
            "old-enough.yaml: Two of three are old enough",
            "cake_benefit: expected 720 yuan a year, got 480 yuan a year",
            "First rule that differs: person_cake of person 3 (Cake money)",
            "written: mylaw/cake.py:12",
            "law: invented rules, art. 1",
            "cake.from_age  70 years",
            "1 of 1 cases differ",
        ),
        "zh": (
            "cake_benefit：应为720元/年，实为480元/年",
            "最先出现差异的规则：第3人的person_cake（糕点费）",
            "1个案例中有1个",
        ),
    }[lang]:
        assert words in done.output


def test_cases_that_differ_for_programs(tmp_path: Path) -> None:
    done = outcome_of(tmp_path, CASE.replace("480", "720"), "--allow-code", "--json")
    (found,) = json.loads(done.output)
    assert (done.exit_code, found["passed"]) == (1, False)
    assert found["differences"] == [{"rule": "cake_benefit", "person": None, "expected": 720, "got": 480.0}]


def test_nothing_is_run_without_the_flag(tmp_path: Path) -> None:
    done = outcome_of(tmp_path, CASE)
    assert (done.exit_code, was_run(tmp_path)) == (2, False)
    assert "--allow-code" in done.output


def test_every_offence_of_a_case_with_its_place(tmp_path: Path) -> None:
    text = CASE.replace("age: 40", "aeg: 40").replace("title: Two of three are old enough\n", "")
    done = outcome_of(tmp_path, text, "--allow-code")
    assert done.exit_code == 2
    for words in ("'title' is missing", "yaml:9:23: no such column 'aeg'; did you mean 'age'?"):
        assert words in done.output


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("cake_benefit: 480", "cake_benfit: 480", "no rule 'cake_benfit' is in force on 2020-12-31"),
        ("cake.amount", "cake.amuont", "did you mean 'cake.amount'?"),
        ("[240, 240, 0]", "[240, 240]", "person_cake is expected for 2 of 3 persons"),
        ("household: {cake_benefit: 480}", "household: {person_cake: 480}", "write it under persons:"),
    ],
)
def test_what_no_law_can_be_held_to(tmp_path: Path, old: str, new: str, words: str) -> None:
    done = outcome_of(tmp_path, CASE.replace(old, new), "--allow-code")
    assert done.exit_code == 2
    assert words in done.output


def test_no_cases(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["test", str(tmp_path), str(tmp_path / "absent.yaml")])
    assert done.exit_code == 2
    assert "contains no case" in done.output
    assert "no such file" in done.output


def test_check_knows_a_case(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    assert "good worked case" in CliRunner().invoke(cli, ["check", str(path)]).output
