"""Commands that run many tasks say, when they are stopped, where what is finished is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.studies.nation.nation_files import census, nation


@pytest.mark.parametrize("begun", [True, False])
def test_a_stopped_nation_says_what_is_left(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begun: bool
) -> None:
    def stopped(work: object, rows: Path, **_: object) -> None:
        if begun:
            rows.with_name(f"{rows.name}.unfinished").mkdir(parents=True)
        raise KeyboardInterrupt

    monkeypatch.setattr("microsim.studies.nation.run.run_nation", stopped)
    done = call("nation", nation(tmp_path), "--census", census(tmp_path), "--out", tmp_path / "out", "-q")
    assert done.exit_code == 130
    kept = "three-rows.unfinished holds what is finished, and --resume continues from there"
    assert (kept in done.stderr) == begun
    assert ("nothing incomplete is left behind" in done.stderr) != begun
