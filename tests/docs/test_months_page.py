"""docs/months.md shows what its commands print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from microsim.cli.main import cli
from microsim.scenario.administration.figures import usual

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "months.md").read_text(encoding="utf-8")
SHOWN = {"gradual-exit-in-months": "A job in", "wind-down": "Months to"}


@pytest.mark.slow
@pytest.mark.compiled
@pytest.mark.parametrize("name", SHOWN)
def test_what_is_shown_is_printed(name: str, tmp_path: Path) -> None:
    scenario = ROOT / "scenarios" / f"{name}.yaml"
    done = CliRunner().invoke(cli, ["months", str(scenario), "--out", str(tmp_path), "--lang", "en"])
    assert done.exit_code == 0, done.output
    (block,) = (one for one in re.findall(r"```\n(.*?)```", PAGE, re.DOTALL) if one.startswith(SHOWN[name]))
    assert block in done.stdout


def test_the_office_is_as_the_page_says() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| ([\d.]+) \|", PAGE, re.MULTILINE))
    assert {name: float(value) for name, value in rows.items()} == {
        name: one["value"] for name, one in usual().items()
    }
