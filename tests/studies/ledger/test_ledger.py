"""The ledger: payers pay all, margins are differences of ledgers, fixed grants stay, bounds stay bounds."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import microsim as ms
from microsim.cli.main import cli
from microsim.errors import MicrosimError
from microsim.population import Population
from microsim.report.text import display_width
from microsim.report.texts.ledger_text import in_units, ledger_text
from microsim.studies.common.payers import source_of
from microsim.studies.ledger.ratios import MEANINGS
from microsim.studies.ledger.study import Ledger
from tests.scenario.small_county import write_county

pytestmark = pytest.mark.usefixtures("as_plain_python")

RURAL, URBAN = 4600.0, 7000.0
SCENARIO = "county: county\nlaw: 2020-12-31\neconomy: none\noutputs: [cost, caseload]\n"
OPEN = """keys:
  all:
    programmes: [dibao, tekun, temporary_aid]
    rules:
      - {since: 2010-01-01, source: assumption, reference: test, levels: {centre: {kind: share, share: 0.6}}}
"""


def lines(rural: float, urban: float) -> str:
    return f"changes: {{dibao.line: {{by: {{rural: {rural}, urban: {urban}}}}}}}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base, the line one yuan lower and higher, and a reform of the base."""
    out = tmp_path_factory.mktemp("ledger")
    write_county(out / "county", last=40)
    for name, step in (("base", 0.0), ("lower", -1.0), ("higher", 1.0)):
        (out / f"{name}.yaml").write_text(SCENARIO + lines(RURAL + step, URBAN + step), encoding="utf-8")
    reform = "base: base.yaml\n" + lines(RURAL * 1.1, URBAN * 1.1)
    (out / "reform.yaml").write_text(reform, encoding="utf-8")
    (out / "open.yaml").write_text(OPEN, encoding="utf-8")
    return out


@pytest.fixture(scope="module")
def base(folder: Path) -> Ledger:
    return ms.ledger(folder / "base.yaml")


def test_cells_are_what_a_loop_over_households_gives(base: Ledger) -> None:
    run = base.run
    areas = run.population.categories["area"]
    tiers = run.result.categories("household_tier")
    naive: dict[tuple[str, str, str], float] = {}
    for payment in base.account.payments:
        values = run.result.array(payment.rule)
        for i, weight in enumerate(run.population.weight):
            area = areas[run.population.household_columns["area"][i]]
            tier = tiers[run.result.array("household_tier")[i]]
            kind = (
                "budget" if source_of(payment.rule).payer == "government" else source_of(payment.rule).payer
            )
            key = (payment.programme, f"{area} {tier}", kind)
            naive[key] = naive.get(key, 0.0) + float(weight) * float(values[i])
    found: dict[tuple[str, str, str], float] = {}
    for _, programme, area, tier, payer, cost, within, *_ in base.table.itertuples(index=False, name=None):
        kind = payer if payer in ("collective", "employer") else "budget"
        key = (programme, f"{area} {tier}", kind)
        found[key] = found.get(key, 0.0) + cost + within
    paid = {key: value for key, value in naive.items() if value}
    assert {key: value for key, value in found.items() if value} == pytest.approx(paid, rel=1e-12)


def test_all_payers_together_pay_the_cost_of_the_run(base: Ledger) -> None:
    assert base.table["cost"].sum() == pytest.approx(base.run.indicators.value("cost.total"), rel=1e-12)
    assert sum(base.payers.values()) == pytest.approx(
        base.table["cost"].sum() + base.table["within_market_income"].sum(), rel=1e-12
    )


def test_margins_are_differences_of_two_ledgers(folder: Path, base: Ledger) -> None:
    low, high = (ms.ledger(folder / f"{name}.yaml", reference=base) for name in ("lower", "higher"))
    assert low.tasks["hardship"].recipients == high.tasks["hardship"].recipients, "a jump lies between"
    expected = {p: (high.payers.get(p, 0.0) - low.payers.get(p, 0.0)) / 2 for p in base.payers}
    rows = base.marginal[base.marginal["change"] == "line"].groupby("payer")["value"].sum()
    assert {p: float(rows.get(p, 0.0)) for p in base.payers} == pytest.approx(expected, rel=1e-9, abs=1e-6)
    assert rows["county"] > 0


def test_under_fixed_grants_the_county_pays_the_whole_of_a_higher_line(base: Ledger) -> None:
    hardship = base.marginal[(base.marginal["key"] == "hardship") & (base.marginal["payer"] == "county")]
    shares = hardship.set_index("change")["value"]
    assert shares["average_share"] < 0.5
    assert shares["yuan"] == 1.0
    assert shares["line"] == pytest.approx(
        base.marginal[(base.marginal["key"] == "hardship") & (base.marginal["change"] == "line")][
            "value"
        ].sum()
    )


def test_an_open_ended_share_pays_its_share_of_the_rise(folder: Path) -> None:
    study = ms.ledger(folder / "base.yaml", financing=folder / "open.yaml")
    rows = study.marginal[(study.marginal["change"] == "line") & (study.marginal["key"] == "all")]
    by_payer = rows.set_index("payer")["value"]
    assert by_payer["centre"] == pytest.approx(0.6 * by_payer.sum())
    assert set(study.keys.values()) == {"all", "unassigned"}
    assert study.payers.keys() <= {"centre", "county", "collective", "employer"}


def test_a_lump_sum_stays_that_of_the_base(folder: Path, base: Ledger) -> None:
    reform = ms.ledger(folder / "reform.yaml")
    assert reform.shares["hardship"]["province"].value == base.shares["hardship"]["province"].value
    more = reform.tasks["hardship"].cost - base.tasks["hardship"].cost
    assert more > 0
    own = reform.shares["hardship"]["county"].value - base.shares["hardship"]["county"].value
    pool = reform.shares["hardship"]["centre"].value - base.shares["hardship"]["centre"].value
    assert own == pytest.approx(more - pool)


def test_against_itself_nothing_changes(folder: Path, base: Ledger) -> None:
    again = ms.ledger(folder / "base.yaml", reference=base)
    assert again.table.equals(base.table)
    assert again.payers == base.payers


def test_ratios_come_as_a_set_and_a_bound_stays_one(base: Ledger) -> None:
    assert list(base.ratios["name"]) == list(MEANINGS)
    bound = base.county.get("public_finance.general_public_budget_revenue_bound")
    over_revenue = [one for one in base.figures if one.name.endswith("_to_revenue")]
    assert all(one.at_least == (bound is not None) for one in over_revenue)
    whole = next(one for one in base.figures if one.name == "expenditure_to_revenue")
    cost = sum(task.cost for task in base.tasks.values())
    assert whole.value == pytest.approx(cost / (base.county.revenue if bound is None else bound))
    assert all(base.ratios["meaning"])
    assert all(base.ratios["meaning_zh"])


@given(arrays(float, st.tuples(st.integers(1, 8), st.integers(1, 5)), elements=st.floats(0, 1e6)))
def test_printed_tables_add_up(values: np.ndarray) -> None:
    shown = in_units(values, 1.0)
    assert shown.sum() == round(float(values.sum()))
    assert np.abs(shown - values).max() < 2.0 + values.shape[1] / 2
    totals = in_units(values.sum(axis=0, keepdims=True), 1.0)
    assert (shown.sum(axis=0) == totals[0]).all()


def test_a_population_without_profile_is_refused(folder: Path, tmp_path: Path) -> None:
    county = tmp_path / "county"
    Population.read(folder / "county").write(county)
    (county / "profile.yaml").unlink(missing_ok=True)
    (tmp_path / "bare.yaml").write_text(SCENARIO, encoding="utf-8")
    with pytest.raises(MicrosimError, match="without a county profile"):
        ms.ledger(tmp_path / "bare.yaml")


@pytest.mark.parametrize(("lang", "word"), [("en", "hardship"), ("zh", "困难群众")])
def test_the_text_fits_a_terminal(base: Ledger, lang: str, word: str) -> None:
    text = ledger_text(base, lang)
    assert max(map(display_width, text.splitlines())) <= 80
    assert word in text.lower()


def test_the_command_writes_a_folder_and_its_summary(folder: Path, tmp_path: Path) -> None:
    arguments = ["ledger", str(folder / "reform.yaml"), "--out", str(tmp_path), "--json", "--xlsx"]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["cost.total"]["value"] > 0
    assert {"paid.centre", "paid.county", "ratio.upper_share", "marginal.yuan.hardship.county"} <= set(said)
    made = {str(path.relative_to(tmp_path / "reform-ledger")) for path in tmp_path.rglob("*.*")}
    assert {"tables/ledger.csv", "tables/ratios.csv", "tables/marginal.csv", "figures/who_pays.png"} <= made
    assert {"figures/shares.svg", "reform-ledger.xlsx", "summary.json"} <= made


def test_bad_rules_leave_nothing_behind(folder: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(OPEN.replace("0.6", "1.6"), encoding="utf-8")
    arguments = ["ledger", str(folder / "base.yaml"), "--financing", str(bad), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 2
    assert "share is 1.6, a share from 0 to 1" in done.stderr
    assert not (tmp_path / "out").exists()
