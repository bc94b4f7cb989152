"""The short pipeline: all of it is in the newest numba, and kernels do without it where it is not."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from microsim.engine.runtime import numba_passes
from microsim.errors import MicrosimWarning
from microsim.policy import count, household, person, total
from microsim.policy.policy import Policy
from microsim.simulation import simulate
from tests.engine.random_populations import tiny_population

ROOT = Path(__file__).resolve().parents[2]


def test_this_numba_has_every_part() -> None:
    assert numba_passes.missing_parts() == []
    assert "pipeline_class" in numba_passes.KERNEL_OPTIONS


def test_the_locked_numba_is_the_last_minor_version_allowed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    locked = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    (wanted,) = (r for r in map(Requirement, project["project"]["dependencies"]) if r.name == "numba")
    (version,) = (Version(p["version"]) for p in locked["package"] if p["name"] == "numba")
    assert version in wanted.specifier
    assert f"{version.major}.{version.minor + 1}.0" not in wanted.specifier


@person
def counted(wage_income: float, rate: float) -> float:
    """A wage less a rate."""
    return wage_income * (1 - rate) if wage_income > 1000 else 0.0


@household
def gap(income: float, line: float, size: int, area: str) -> float:
    """What is missing up to the line."""
    missing = max(line * size - income, 0.0)
    return missing if area == "rural" else missing / 3


RULES = {"counted": counted, "income": total(counted), "size": count(), "gap": gap}
PARAMETERS: dict[str, Any] = {"rate": 0.3, "line": {"by": "area", "values": {"rural": 4000, "urban": 8000}}}


@pytest.mark.compiled
@pytest.mark.parametrize("missing", ["a pass", "constants", "the builder"])
def test_without_a_part_kernels_compile_the_standard_way(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    population = tiny_population(5, 200)
    expected = simulate(population, Policy.from_rules(RULES, PARAMETERS), ["gap"], totals=["gap"], by="area")
    match missing:
        case "a pass":
            monkeypatch.setattr(numba_passes, "NEEDLESS", numba_passes.NEEDLESS | {"PassOfOldTimes"})
        case "constants":
            monkeypatch.setattr(numba.core.ir, "Const", lambda value, loc: object())
        case "the builder":
            monkeypatch.delattr(numba.core.compiler.DefaultPassBuilder, "define_nopython_pipeline")
    with pytest.warns(MicrosimWarning, match="lacks parts that microsim compiles with"):
        options = numba_passes.kernel_options()
    monkeypatch.undo()
    assert "pipeline_class" not in options
    monkeypatch.setattr(numba_passes, "KERNEL_OPTIONS", options)
    monkeypatch.setenv("MICROSIM_CACHE", str(tmp_path))
    found = simulate(population, Policy.from_rules(RULES, PARAMETERS), ["gap"], totals=["gap"], by="area")
    assert not found.kernel.from_cache
    np.testing.assert_array_equal(found.array("gap"), expected.array("gap"))
    assert found.total("gap", by="area").equals(expected.total("gap", by="area"))
