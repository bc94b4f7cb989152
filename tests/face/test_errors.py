"""The hierarchy of errors: what kind of error says what, and every raise in the package uses a kind."""

from __future__ import annotations

import ast
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import microsim as ms
from microsim.cli.main import cli
from microsim.errors import DataError, FileError, InputError, InternalError, MicrosimError, Offence, RuleError
from microsim.population import calibrate
from tests.scenario.small_county import ROOT

KINDS = (InputError, RuleError, DataError, FileError, InternalError)


@ms.household
def line(dibao_line: float) -> float:
    """Needs what nothing gives."""
    return dibao_line


def small() -> ms.Population:
    persons = pd.DataFrame({"person_id": [1], "household_id": [1], "wage_income": [1.0]})
    return ms.Population.from_frames(persons, pd.DataFrame({"household_id": [1], "weight": [1.0]}))


def negative_wages() -> ms.Population:
    persons = pd.DataFrame({"person_id": [1], "household_id": [1], "wage_income": [np.nan]})
    return ms.Population.from_frames(persons, pd.DataFrame({"household_id": [1], "weight": [1.0]}))


@pytest.mark.parametrize(
    ("kind", "use"),
    [
        (InputError, lambda: ms.Policy.load("2020-12-31").reform({"dibao.lne": 1.0})),
        (InputError, lambda: ms.simulate(small(), ms.Policy.from_rules([]), ["nothing"])),
        (InputError, lambda: ms.cliffs(small(), ms.Policy.from_rules([]), vary="age")),
        (InputError, lambda: calibrate({"x": np.ones(2)}, {"x": 2.0}, np.ones(2), method="rake")),
        (RuleError, lambda: ms.simulate(small(), ms.Policy.from_rules([line]), ["line"])),
        (RuleError, lambda: ms.Policy.from_rules([], parameters={"x": {"unit": "yaun", "values": 1}})),
        (DataError, negative_wages),
        (DataError, lambda: ms.measures.gini([np.nan, 1.0])),
        (FileError, lambda: ms.load_scenario("nowhere.yaml")),
        (FileError, lambda: ms.Population.read("nowhere")),
        (FileError, lambda: ms.read_sweep("nowhere")),
    ],
)
def test_each_kind_says_what_is_wrong(kind: type[MicrosimError], use: Callable[[], Any]) -> None:
    with pytest.raises(MicrosimError) as caught:
        use()
    assert type(caught.value) is kind, str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_are_public_and_cross_processes(kind: type[MicrosimError]) -> None:
    assert getattr(ms, kind.__name__) is kind
    assert issubclass(kind, MicrosimError)
    again = pickle.loads(pickle.dumps(kind(Offence("wrong", "here", "mend it"), title="t")))
    assert type(again) is kind
    assert again.offences == (Offence("wrong", "here", "mend it"),)
    assert f"`{kind.__name__}`" in (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")


def test_every_error_of_the_package_is_of_a_kind() -> None:
    """The base class is for those who catch; who raises says which kind it is."""
    bare = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted(Path(ms.__file__).parent.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "MicrosimError"
    ]
    assert bare == []


@pytest.mark.parametrize(("kind", "code"), [(kind, 1 if kind is InternalError else 2) for kind in KINDS])
def test_a_command_ends_with_the_code_of_the_kind(
    kind: type[MicrosimError], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise kind("it went wrong")

    monkeypatch.setattr("microsim.scenario.load_scenario", fail)
    done = CliRunner().invoke(cli, ["kernel", "any.yaml"])
    assert (done.exit_code, done.stderr.strip()) == (code, "it went wrong")
