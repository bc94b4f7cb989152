"""Commands that run many tasks say, when they are stopped, where what is finished is."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.cli.conftest import Call
from tests.studies.nation.nation_files import census, nation


@pytest.mark.compiled
@pytest.mark.slow
def test_a_county_that_fails_is_told_by_the_exit_code_and_the_others_have_a_workbook(
    call: Call, tmp_path: Path
) -> None:
    options = ("--households", 200, "--no-cliffs", "--out", tmp_path / "out", "--xlsx", "--lang", "zh")
    broken, whole = tmp_path / "broken", tmp_path / "whole"
    broken.mkdir()
    whole.mkdir()
    done = call("nation", nation(tmp_path), "--census", census(broken, pop="many"), *options)
    assert done.exit_code == 1
    assert "513401 西昌市" in done.stdout
    found = tmp_path / "out" / "three-by-county"
    sheets = pd.read_excel(found / "three-by-county.xlsx", sheet_name=None)
    assert list(sheets) == [
        "说明",
        "各县",
        "各省",
        "全国",
        "片区",
        "数据来源",
        "未能生成",
        "假设",
        "政策参数",
    ]
    assert len(sheets["各县"]) == 2
    assert sheets["未能生成"]["代码"].astype(str).tolist() == ["513401"]
    assert len(sheets["政策参数"]) > 20
    assert "nation.unify.cap" in sheets["假设"].iloc[:, 0].tolist()
    counties = pd.read_parquet(found / "tables" / "counties.parquet")
    assert counties["code"].tolist() == ["640522", "110106"]
    done = call("nation", nation(tmp_path), "--census", census(whole), *options, "-q", "--county", "丰台区")
    assert done.stderr == ""  # and the older results gave way
    assert (done.exit_code, done.stdout) == (0, "")


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
