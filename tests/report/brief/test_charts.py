"""The charts of briefs as files, and what the new ones are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import microsim as ms
from microsim.cli.main import cli
from microsim.report.brief.build import brief_of, findings_of
from microsim.report.brief.drawing import charts_of
from microsim.report.brief.folder import read_folder
from microsim.report.brief.model import Chart
from tests.report.brief.conftest import MADE

Results = Mapping[str, Path]


def charts(results: Results, kind: str, lang: str = "en") -> dict[str, Chart]:
    """The charts of a kind of results by name."""
    return {chart.name: chart for chart in findings_of(read_folder(results[kind]), lang).charts}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", [kind for kind in MADE if kind != "withheld"])
def test_names_are_apart_and_the_briefs_charts_are_the_first_of_them(
    results: Results, kind: str, lang: str
) -> None:
    folder = read_folder(results[kind])
    found = findings_of(folder, lang).charts
    assert found
    assert len({chart.name for chart in found}) == len(found)
    assert list(charts_of(brief_of([folder], lang).sections)) == list(found[:4])


def test_files_say_what_the_brief_says_and_are_the_same_each_time(results: Results, tmp_path: Path) -> None:
    expected = charts(results, "compare", "zh")
    first, second = (
        ms.brief_charts(results["compare"], tmp_path / run, lang="zh", size="slide", formats=["svg", "pdf"])
        for run in ("a", "b")
    )
    names = [f"{name}.zh.{form}" for name in expected for form in ("svg", "pdf")]
    assert [path.name for path in first] == [*names, "charts.zh.txt"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    told = first[-1].read_text(encoding="utf-8")
    for chart in expected.values():
        assert f"标题：{chart.title}\n文字说明：{chart.alt}\n" in told
    assert "资料来源：microsim测算，提高标准，2020年12月31日政策，2020年价格" in told
    svg = (tmp_path / "a" / "winners_and_losers.zh.svg").read_text(encoding="utf-8")
    assert expected["winners_and_losers"].alt in svg


def test_the_command_writes_beside_the_results_or_where_it_is_told(results: Results, tmp_path: Path) -> None:
    where = [str(results[kind]) for kind in ("solve", "sweep")]
    done = CliRunner().invoke(
        cli, ["charts", *where, "--out", str(tmp_path), "--format", "png", "--lang", "en"]
    )
    assert done.exit_code == 0, done.output
    assert "1 charts" not in done.output
    assert (tmp_path / "base-solve-charts" / "solution.en.png").is_file()
    assert (tmp_path / "sweep-charts" / "cost_curve.en.png").is_file()
    wrong = CliRunner().invoke(cli, ["charts", str(tmp_path)])
    assert wrong.exit_code != 0
    assert "is no results folder" in wrong.output


def test_the_pyramid_is_of_all_recipients(results: Results) -> None:
    pyramid = charts(results, "run")["recipients_by_age"]
    folder = read_folder(results["run"])
    caseload = folder.figure("caseload.dibao")
    assert caseload is not None
    assert sum(sum(one.values) for one in pyramid.series) == pytest.approx(caseload.value)
    # Counted one by one, without arrays.
    county = ms.Population.read(results["run"].parents[1] / "county")
    law = ms.load_scenario(results["run"].parents[1] / "base.yaml").policy()
    people = ms.simulate(county, law, outputs=["dibao_recipient"]).persons_with("age", "sex")
    counts: dict[tuple[str, int], float] = {}
    for row in people.itertuples():
        if row.dibao_recipient:
            cell = (str(row.sex), min(int(row.age) // 10, 8))  # type: ignore[call-overload]
            counts[cell] = counts.get(cell, 0.0) + float(row.weight)  # type: ignore[arg-type]
    for sex, one in zip(("male", "female"), pyramid.series, strict=True):
        assert list(one.values) == pytest.approx([counts.get((sex, k), 0.0) for k in range(9)])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_area_under_the_lorenz_curves_is_the_gini_coefficient(results: Results, lang: str) -> None:
    chart = charts(results, "run", lang)["lorenz"]
    folder = read_folder(results["run"])
    names = ("gini.income_before_benefits", "gini.disposable_income")
    x = np.array([float(label) for label in chart.labels]) / 100
    for name, one in zip(names, chart.series, strict=True):
        gini = folder.figure(name)
        assert gini is not None
        y = np.array(one.values) / 100
        area = float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))
        assert 1 - 2 * area == pytest.approx(gini.value, abs=0.005)
    # Twenty-one points are too many to listen to.
    assert chart.alt.count("40 ") == 2
    assert "45 " not in chart.alt


def test_programmes_by_payer_add_up_to_what_each_pays(results: Results) -> None:
    chart = charts(results, "ledger")["programmes_by_payer"]
    folder = read_folder(results["ledger"])
    table = folder.table("ledger")
    assert table is not None
    assert len(chart.labels) == min(8, (table.groupby("programme")["cost"].sum() > 0).sum())
    for one, payer in zip(chart.series, ("centre", "province", "county"), strict=True):
        by_programme = table[table["payer"] == payer].groupby("programme")["cost"].sum()
        largest = table.groupby("programme")["cost"].sum().nlargest(8).index
        expected = by_programme.reindex(largest, fill_value=0.0).sum() / 1e6
        assert sum(one.values) == pytest.approx(expected)


def test_a_sweep_over_counties_has_a_panel_each(results: Results) -> None:
    chart = charts(results, "counties")["cost_by_county"]
    assert chart.kind == "multiples"
    assert {one.name for one in chart.series} == {"east", "west"}
    for one in chart.series:
        assert one.values[0] == pytest.approx(100.0)
    # The first has the largest change, and the title says so.
    changes = [abs(one.values[-1] - 100) for one in chart.series]
    assert changes == sorted(changes, reverse=True)
    first, last = chart.series[0].name, chart.series[-1].name
    assert chart.title == f"Expenditure changes most in {first} and least in {last}, in proportion"


def test_small_groups_of_recipients_are_not_shown(results: Results) -> None:
    folder = read_folder(results["withheld"])
    assert folder.table("recipients") is None
    assert "recipients_by_age" not in charts(results, "withheld")
    shown = read_folder(results["run"]).table("recipients")
    assert isinstance(shown, pd.DataFrame)
    assert (shown["persons"] < 1200).any()


def test_the_gallery_shows_every_chart_in_both_languages(results: Results, root: Path) -> None:
    page = (root / "docs" / "gallery.md").read_text(encoding="utf-8")
    pictures = {path.name: path.stat().st_size for path in (root / "docs/images/gallery").iterdir()}
    # A nation needs the census, which is not shipped: its charts are named only.
    nation = {name for kind in ("nation", "nation_part") for name in charts(results, kind)}
    assert all(f"`{name}`" in page for name in nation)
    for name in {name for kind in MADE for name in charts(results, kind)} - nation:
        assert f"### `{name}`" in page, name
        for lang in ("en", "zh"):
            assert f"(images/gallery/{name}.{lang}.png)" in page
            assert f"{name}.{lang}.png" in pictures
    assert all(f"(images/gallery/{name})" in page for name in pictures)
    assert sum(pictures.values()) < 3_000_000
