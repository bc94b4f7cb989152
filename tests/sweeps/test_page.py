"""The page of a sweep: every number as stored, nothing that is withheld, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import microsim as ms
from microsim.cli.main import cli
from microsim.errors import DataError, InputError, Offence
from microsim.report.page import content as page_content
from microsim.sweeps import work
from tests.scenario.small_county import write
from tests.sweeps.read_page import column, data_of, rows_of
from tests.sweeps.stopping import Content
from tests.wrapped import says

RURAL, URBAN = "dibao.line.rural", "dibao.line.urban"
BOX = {RURAL: {"from": 4000, "to": 5000}, URBAN: [7000, 7200]}
LINES = {RURAL: [4600, 4800], URBAN: [7000, 7200]}


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("page"))


def made(place: Path, scenario: Path, **content: Any) -> ms.sweeps.run.Sweep:  # type: ignore[name-defined]
    return ms.sweep({"scenario": scenario, **content}, place / "out", workers=1)


def page_of(done: Any, lang: str = "en") -> str:
    return ms.sweep_page(done, lang=lang).read_text("utf-8")


def figure(data: dict[str, Any], measure: str, subject: str) -> dict[str, Any]:
    """What the page has of a figure of the county."""
    found = (one for one in data["figures"] if (one["measure"], one["subject"]) == (measure, subject))
    return next(one for one in found if not one["group"])


SHAPES: Mapping[str, tuple[dict[str, Any], bool, list[int]]] = {
    # name: what the sweep varies, whether all values cross, how many values each control has
    "crossed": ({"axes": LINES}, True, [2, 2]),
    "linked": ({"linked": [LINES], "axes": {"economy.income_growth": [0.06, 0.04]}}, True, [2, 2]),
    "descending": ({"axes": {RURAL: [5000, 4600, 4800], URBAN: [7200]}}, True, [3]),
    "cases": ({"cases": [{RURAL: 4600}, {RURAL: 4800, URBAN: 7200}]}, True, [2]),
    "sobol": (
        {"design": {"sobol": 4, "seed": 1, "first": 4}, "axes": BOX},
        False,
        [4, 2],
    ),
    "latin": ({"design": {"latin_hypercube": 5, "seed": 1}, "linked": [LINES]}, False, [2]),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_each_number_and_each_value_is_that_of_the_sweep(shape: str, scenario: Path, tmp_path: Path) -> None:
    given, crossed, counts = SHAPES[shape]
    done = made(tmp_path, scenario, **given)
    data = data_of(page_of(done))
    pairs = list(rows_of(data, done.table))
    assert len(pairs) == len(done.table)
    assert all(ours == theirs for theirs, ours in pairs)
    assert data["count"] == len(done.grid.points)
    assert data["crossed"] is crossed
    assert [len(one["values"]) for one in data["dimensions"]] == counts
    first = done.grid.first
    assert data["numbers"] == [first + k for k in range(len(done.grid.points))]
    axis = done.table.drop_duplicates("scenario").set_index("scenario")
    varied = [group[0] for group in done.grid.groups if axis[group[0]].nunique() > 1]
    for name, one in zip(varied, data["dimensions"], strict=True):
        if shape == "cases":
            assert one["values"][1] == ["4,800 yuan/year", "7,200 yuan/year"]
        assert one["positions"] == sorted(one["positions"])
        for run, code in enumerate(one["codes"]):
            assert one["positions"][code] == axis[name][first + run]


def test_points_of_several_counties_and_samples(scenario: Path, tmp_path: Path) -> None:
    county = scenario.parent / "county"
    other = shutil.copytree(county, tmp_path / "other")
    rows = [{"county": str(county), RURAL: 4600}, {"county": str(other), "name": "two", RURAL: 5200}]
    done = made(tmp_path, scenario, counties=rows, axes={URBAN: [7000, 7200, 7400]})
    data = data_of(page_of(done, "zh"))
    assert all(ours == theirs for theirs, ours in rows_of(data, done.table))
    assert [one["labels"] for one in data["dimensions"]] == [["城市最低生活保障标准"], ["县"]]
    assert data["base_of"] == [0, 0, 0, 1, 1, 1]
    # Each county is compared with the base scenario there, its own line among it.
    total = figure(data, "支出", "合计")
    bases = column(data, total["base"], 2)
    assert bases[0] == column(data, total["column"], 6)[0]
    assert bases[1] == column(data, total["column"], 6)[3]
    assert bases[0] != bases[1]


def test_the_base_scenario_has_the_figures_of_its_run(scenario: Path, tmp_path: Path) -> None:
    done = made(tmp_path, scenario, axes={RURAL: [4600, 4800], URBAN: [7000]})
    data = data_of(page_of(done))
    for one in data["figures"]:
        base, own = column(data, one["base"], 1)[0], column(data, one["column"], 2)
        assert base == own[0], one  # the line of the base is 4600
    assert data["start"] == 0
    assert data["dimensions"][0]["bases"] == ["4,600 yuan/year"]
    run = ms.run(scenario, out=tmp_path / "run").summary
    assert column(data, figure(data, "Expenditure", "Total")["base"], 1)[0] == run["cost.total"]["value"]


def test_what_is_withheld_is_nowhere(scenario: Path, tmp_path: Path) -> None:
    done = made(tmp_path, scenario, axes={RURAL: [4600, 4800], URBAN: [7000]})
    path = done.folder / "manifest.json"
    about = json.loads(path.read_text("utf-8"))
    names = ["cost.dibao", "cost.dibao.rural"]
    path.write_text(json.dumps({**about, "withheld": {"min_count": 10, "figures": names}}), encoding="utf-8")
    page = page_of(done)
    data = data_of(page)
    table = done.table
    gone = table[(table["subject"] == "dibao") & (table["measure"] == "cost") & (table["group"] != "urban")]
    kept = [column(data, k, 2).tolist() for k in range(len(data["columns"]))]
    assert not set(gone["value"]) & {number for numbers in kept for number in numbers}
    assert ("Expenditure", "Minimum living guarantee (dibao)") not in {
        (one["measure"], one["subject"]) for one in data["figures"] if one["group"] != "urban"
    }
    assert "not published (2)" in page
    assert len(data["figures"]) == len(table.drop_duplicates(["measure", "subject", "group"])) - 2


@pytest.mark.usefixtures("small_parts")
def test_points_that_failed_are_missing_with_the_reason(
    content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = work.SweepWork.rows

    def failing(self: work.SweepWork, number: int, threads: int | None) -> object:
        if number == 1:
            raise DataError(Offence("no such column '<age>'", "persons", "add it"))
        return rows(self, number, threads)

    with monkeypatch.context() as patch:
        patch.setattr(work.SweepWork, "rows", failing)
        done = ms.sweep(content, tmp_path / "out", workers=1)
    page = page_of(done)
    data = data_of(page)
    assert [one["runs"] for one in data["failed"]] == [[4, 5, 6, 7]]
    assert "no such column '<age>'" in data["failed"][0]["reason"]
    assert "scenarios 5 to 8 of 10: persons: no such column &#x27;&lt;age&gt;&#x27;; add it" in page
    total = figure(data, "Expenditure", "Total")
    values = column(data, total["column"], 10)
    assert np.flatnonzero(np.isnan(values)).tolist() == [4, 5, 6, 7]
    chinese = page_of(done, "zh")
    assert "未能测算的取值点" in chinese
    assert "没有栏目" in data_of(chinese)["failed"][0]["reason"]


def test_a_base_scenario_that_cannot_be_computed_is_said_to_be_missing(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = made(tmp_path, scenario, axes={RURAL: [4600, 4800], URBAN: [7000]})

    def failing(self: work.SweepWork, number: int, threads: int | None) -> object:
        raise DataError(Offence("the sum is not a number"))

    monkeypatch.setattr(work.SweepWork, "rows", failing)
    page = page_of(done)
    assert "Base scenario not computed: the sum is not a number" in page
    data = data_of(page)
    assert all(np.isnan(column(data, one["base"], 1)).all() for one in data["figures"])
    assert not any(np.isnan(column(data, one["column"], 2)).any() for one in data["figures"])


def test_the_page_asks_for_nothing_and_runs_nothing_that_it_was_not_given(
    scenario: Path, tmp_path: Path
) -> None:
    title = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
    done = made(tmp_path, scenario, axes={RURAL: [4600, 4800], URBAN: [7000]}, title={"en": title})
    page = page_of(done)
    assert "<script>alert" not in page
    assert "<img" not in page
    assert page.count("<script") == 2
    around = re.sub(r'<script type="application/json".*?</script>', "", page, flags=re.DOTALL)
    assert not re.search(r"<[^>]*\b(src|href|action|srcset|style)\s*=|url\(|@import", around)
    assert set(re.findall(r"https?://[^\"]*", around)) == {"http://www.w3.org/2000/svg"}
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    script, style = (re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)[0] for tag in ("script", "style"))
    for kind, text in (("script-src", script), ("style-src", style)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in policy[1]
    assert policy[1].startswith("default-src 'none'")
    assert "unsafe" not in policy[1]


def test_what_is_said_around_the_figures(scenario: Path, tmp_path: Path) -> None:
    done = made(tmp_path, scenario, design={"sobol": 4, "seed": 1}, axes=BOX)
    about = json.loads((done.folder / "manifest.json").read_text("utf-8"))
    for lang, drawn in (("en", "Sobol sequence"), ("zh", "Sobol序列")):
        page = page_of(done, lang)
        assert drawn in page
        assert all(about["plan"][key] in page for key in ("scenario", "law", "population", "values"))
        assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in page
    assert "国家扶贫" not in page_of(done, "en")
    assert "没有文件依据" in page_of(done, "zh")


def test_more_points_than_a_page_can_show_are_refused_before_they_are_computed(
    scenario: Path, tmp_path: Path
) -> None:
    path = tmp_path / "many.yaml"
    axes = {RURAL: {"from": 4000, "to": 5000, "steps": 101}, URBAN: {"from": 7000, "to": 7400, "steps": 100}}
    path.write_text(json.dumps({"scenario": str(scenario), "axes": axes}), encoding="utf-8")
    done = CliRunner().invoke(cli, ["sweep", str(path), "--out", str(tmp_path / "out"), "--page"])
    assert done.exit_code == 2
    assert says(done.stderr, "a page holds 10,000 points at most; the sweep has 10,100")
    assert says(done.stderr, "take fewer values")
    assert not list(tmp_path.glob("out*"))


def test_more_numbers_than_a_page_can_hold_are_refused(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = made(tmp_path, scenario, axes={RURAL: [4600, 4800], URBAN: [7000]})
    monkeypatch.setattr(page_content, "MOST_NUMBERS", 131)
    with pytest.raises(InputError, match=r"a page holds 131 numbers at most; the sweep has 132"):
        ms.sweep_page(done)
    assert not list(done.folder.glob("*.html"))


def test_the_command_makes_the_page_of_a_finished_sweep_without_computing_it_again(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lines.yaml"
    path.write_text(
        json.dumps({"scenario": str(scenario), "axes": {RURAL: [4600, 4800], URBAN: [7000]}}),
        encoding="utf-8",
    )
    out = tmp_path / "out"
    call = ["sweep", str(path), "--out", str(out)]
    assert CliRunner().invoke(cli, call).exit_code == 0
    assert not list(out.glob("*.html"))
    before = {one: one.stat().st_mtime_ns for one in out.rglob("*") if one.is_file()}
    done = CliRunner().invoke(cli, [*call, "--resume", "--page", "--lang", "zh"])
    assert done.exit_code == 0, done.stderr
    assert says(done.stdout, f"浏览器页面：{ms.documents.shown(out / 'out-zh.html')}")
    assert all(one.stat().st_mtime_ns == time for one, time in before.items())
    assert data_of((out / "out-zh.html").read_text("utf-8"))["count"] == 2
    # A page in the folder is no obstacle to what comes after it.
    again = CliRunner().invoke(cli, [*call, "--resume", "--page", "--json"])
    assert again.exit_code == 0
    assert json.loads(again.stdout)["scenarios"]["value"] == 2
    assert {one.name for one in out.glob("*.html")} == {"out-en.html", "out-zh.html"}


def test_the_same_sweep_gives_the_same_page(scenario: Path, tmp_path: Path) -> None:
    done = made(tmp_path, scenario, axes={RURAL: [4600, 4800], URBAN: [7000]})
    first = ms.sweep_page(done, tmp_path / "one.html", lang="en").read_bytes()
    assert ms.sweep_page(done, tmp_path / "two.html", lang="en").read_bytes() == first
