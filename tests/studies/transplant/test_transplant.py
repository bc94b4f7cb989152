"""Each county's policy on each county's people: against plain runs of scenarios written by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import microsim as ms
from microsim.charts import transplants
from microsim.cli.main import cli
from microsim.errors import InputError
from microsim.report.counties.transplant_text import transplant_text
from microsim.report.text import display_width
from microsim.studies.transplant.study import COUNTY_SHARE, OF_RUNS, PER_RESIDENT, Transplant
from tests.face.same_face import check_face
from tests.scenario.small_county import write_county

pytestmark = pytest.mark.usefixtures("as_plain_python")

HEAD = "law: 2020-12-31\neconomy: none\noutputs: [cost, caseload, poverty]\n"
LINES = {
    "low": "dibao.line: {by: {rural: 4600, urban: 7000}}",
    "high": "dibao.line: {by: {rural: 6200, urban: 9000}}, take_up.dibao: 0.9",
}
LOCAL = {
    "low": "low_income.local_income: {by: {rural: 14000, urban: 30000}}",
    "high": "low_income.local_income: {by: {rural: 19000, urban: 39000}}",
}
NAMES = ("low", "high")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two counties with a scenario each, and each policy on the other's people, written by hand."""
    out = tmp_path_factory.mktemp("transplant")
    write_county(out / "of-low", 1, 40)
    write_county(out / "of-high", 41, 75)
    for policy in NAMES:
        for people in NAMES:
            name = policy if policy == people else f"{policy}-on-{people}"
            text = f"county: of-{people}\n{HEAD}changes: {{{LINES[policy]}, {LOCAL[people]}}}\n"
            (out / f"{name}.yaml").write_text(text, encoding="utf-8")
    return out


@pytest.fixture(scope="module")
def study(folder: Path) -> Transplant:
    return ms.transplant([folder / f"{name}.yaml" for name in NAMES])


@pytest.mark.parametrize("policy", NAMES)
@pytest.mark.parametrize("people", NAMES)
def test_each_pair_is_the_run_written_by_hand(
    folder: Path, study: Transplant, policy: str, people: str
) -> None:
    path = folder / f"{policy if policy == people else f'{policy}-on-{people}'}.yaml"
    plain = ms.run(path)
    for name in OF_RUNS:
        assert study.summary[f"{policy}.{people}.{name}"] == plain.summary[name], name
    residents = plain.summary["residents"]["value"]
    per_resident = plain.summary["cost.total"]["value"] / residents
    assert study.summary[f"{policy}.{people}.{PER_RESIDENT}"]["value"] == pytest.approx(
        per_resident, rel=1e-12
    )
    own = ms.ledger(folder / f"{people}.yaml")
    paid = ms.ledger(path, reference=own).payers
    share = paid.get("county", 0.0) / sum(paid.values())
    assert study.summary[f"{policy}.{people}.{COUNTY_SHARE}"]["value"] == pytest.approx(share, rel=1e-12)


def test_the_order_of_the_list_changes_no_figure(folder: Path, study: Transplant) -> None:
    other = ms.transplant([folder / f"{name}.yaml" for name in reversed(NAMES)])
    assert {name: said for name, said in other.summary.items() if "." in name} == {
        name: said for name, said in study.summary.items() if "." in name
    }


def test_the_table_says_what_changes_on_the_own_policy(study: Transplant) -> None:
    table = study.table
    assert (table.loc[table["policy"] == table["people"], "change"] == 0.0).all()
    cost = table[(table["measure"] == "cost") & (table["people"] == "low")].set_index("policy")
    assert cost.loc["high", "change"] == cost.loc["high", "value"] - cost.loc["low", "value"] > 0.0
    assert study.headline.startswith("2 policies on the people of 2 counties; most expensive: high (")


def test_the_face_is_that_of_all_results(study: Transplant, tmp_path: Path) -> None:
    check_face(study, tmp_path)


def test_a_parameter_of_the_place_can_be_made_one_of_the_policy(folder: Path, study: Transplant) -> None:
    moved = ms.transplant([folder / f"{name}.yaml" for name in NAMES], of_the_place=())
    pair = moved.runs["low", "high"].policy.value("low_income.local_income")
    assert pair == study.runs["low", "low"].policy.value("low_income.local_income")
    assert pair != study.runs["low", "high"].policy.value("low_income.local_income")


def test_what_cannot_be_transplanted_is_listed_whole(folder: Path) -> None:
    cap = "budget: {money: {programmes: [dibao], cap: 1e6, rule: pro_rata}}"
    (folder / "later.yaml").write_text(
        f"county: of-low\n{HEAD.replace('2020', '2021')}{cap}\n",
        "utf-8",
    )
    with pytest.raises(InputError) as caught:
        ms.transplant([folder / "low.yaml", folder / "later.yaml"])
    text = str(caught.value)
    assert "low.yaml:2:1: is of 2020, and all must be of one year" in text
    assert "later.yaml:2:1: is of 2021" in text
    assert "later.yaml:5:1: a cap is an amount of its own county" in text
    with pytest.raises(InputError, match="two scenarios or more"):
        ms.transplant([folder / "low.yaml"])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_text_fits_a_terminal(study: Transplant, lang: str) -> None:
    text = transplant_text(study, lang)
    assert max(display_width(line) for line in text.splitlines()) <= 80
    assert "low_income.local_income" in text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_chart_has_a_panel_for_each_figure(study: Transplant, lang: str) -> None:
    figure = transplants(study.table, lang, names={"low": "低县", "high": "H"})
    assert len([axes for axes in figure.axes if axes.get_visible()]) == 4
    assert all(len(axes.texts) >= 4 and len(axes.patches) == 2 for axes in figure.axes)
    of_runs = study.table[study.table["measure"] != "county_share"]
    assert len([axes for axes in transplants(of_runs, lang).figure.axes if axes.get_visible()]) == 3


def test_the_command_writes_what_the_library_finds(folder: Path, study: Transplant, tmp_path: Path) -> None:
    paths = [str(folder / f"{name}.yaml") for name in NAMES]
    done = CliRunner().invoke(cli, ["transplant", *paths, "--out", str(tmp_path), "--json", "--xlsx"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == study.summary
    made = tmp_path / "low-transplant"
    assert (made / "low-transplant.xlsx").is_file()
    assert (made / "figures" / "transplant.svg").is_file()
    assert (made / "tables" / "transplant.parquet").is_file()
