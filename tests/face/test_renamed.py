"""Old names: each serves, and its warning says the new one."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import microsim as ms
from microsim import population
from microsim.cli.main import cli
from microsim.errors import InputError, MicrosimWarning
from microsim.population import synthesize_to
from microsim.renamed import renamed_arguments, renamed_attribute
from microsim.studies.cliffs import budget_lines, family_lines
from microsim.studies.cliffs.families import FamilyLines
from microsim.studies.cliffs.lines import BudgetLines
from microsim.studies.cliffs.search import Cliffs
from tests.scenario.small_county import ROOT


@renamed_arguments(old="new")
def doubled(new: float, factor: float = 2.0) -> float:
    """A function with a renamed argument."""
    return factor * new


def test_the_old_keyword_serves_and_says_the_new_one() -> None:
    with pytest.warns(MicrosimWarning, match="'old' is called 'new' now") as caught:
        assert doubled(old=3.0) == 6.0  # type: ignore[call-arg]
    assert caught[0].filename == __file__
    assert doubled(3.0) == doubled(new=3.0) == 6.0
    assert list(inspect.signature(doubled).parameters) == ["new", "factor"]


def test_both_names_at_once_are_refused() -> None:
    with pytest.raises(InputError, match="'old' and 'new' are one argument; give 'new' alone"):
        doubled(new=1.0, old=2.0)  # type: ignore[call-arg]


def test_an_old_attribute_says_the_new_one() -> None:
    class Line:
        end = 5.0
        upto = renamed_attribute("upto", "end")

    with pytest.warns(MicrosimWarning, match="'upto' is called 'end' now"):
        assert Line().upto == 5.0


@pytest.mark.parametrize(
    ("function", "old", "new"),
    [
        (ms.cliffs, "upto", "max_income"),
        (budget_lines, "upto", "max_income"),
        (family_lines, "upto", "max_income"),
        (ms.unify, "tell", "progress"),
        (ms.sweep, "tell", "progress"),
        (synthesize_to, "tell", "progress"),
    ],
)
def test_every_renamed_argument_is_known(function: Callable[..., Any], old: str, new: str) -> None:
    assert new in inspect.signature(function).parameters
    with pytest.raises(InputError, match=f"'{old}' and '{new}' are one argument"):
        function(**{old: None, new: None})


@pytest.mark.parametrize("kind", [Cliffs, BudgetLines, FamilyLines])
def test_every_renamed_attribute_is_known(kind: type) -> None:
    assert isinstance(kind.upto, property)  # type: ignore[attr-defined]


def test_a_number_of_a_profile_is_a_sourced_value() -> None:
    with pytest.warns(MicrosimWarning, match="is called 'microsim.population.SourcedValue' now"):
        assert population.Figure is population.SourcedValue


def test_a_gate_is_a_term_of_access() -> None:
    with pytest.warns(MicrosimWarning, match="'gate' is called 'access' now"):
        policy = ms.Policy.from_rules({}, parameters={"x": {"values": True, "kind": "boolean", "gate": True}})
    assert policy.parameters["x"].access
    with pytest.warns(MicrosimWarning, match="'gate' is called 'access' now"):
        assert policy.parameters["x"].gate


def test_the_old_option_of_the_command_serves(tmp_path: Path) -> None:
    scenario = str(ROOT / "scenarios" / "linked-2014.yaml")
    command = ["cliffs", scenario, "--out", str(tmp_path)]
    with pytest.warns(MicrosimWarning, match="'--upto' is called '--max-income' now"):
        old = CliRunner().invoke(cli, [*command, "--upto", "-1"])
    new = CliRunner().invoke(cli, [*command, "--max-income", "-1"])
    assert old.exit_code == new.exit_code == 2
    assert "the range ends at -1.0" in old.stderr
    assert "the range ends at -1.0" in new.stderr
    assert "--upto" not in CliRunner().invoke(cli, ["cliffs", "--help"]).output
