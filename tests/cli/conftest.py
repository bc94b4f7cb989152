"""A small county with a scenario, made once for all tests of commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from microsim.cli.main import cli
from tests.scenario.small_county import write

Call = Callable[..., Result]


@pytest.fixture(scope="session")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scenario file beside its county."""
    return write(tmp_path_factory.mktemp("commands"))


@pytest.fixture(scope="session")
def finished(scenario: Path, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """One whole run, its results in ``results/`` beside the scenario."""
    out = scenario.parent / "results"
    return CliRunner().invoke(cli, ["run", str(scenario), "--out", str(out)])


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call ``microsim`` with arguments, in an empty working folder."""
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    return lambda *arguments: runner.invoke(cli, [str(argument) for argument in arguments])
