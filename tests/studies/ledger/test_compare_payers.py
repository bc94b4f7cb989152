"""Who pays under base and reform: the two ledgers side by side, and nothing where nothing changes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import microsim as ms
from microsim.population import Population
from microsim.report.comparison import figures, tables
from microsim.report.texts.comparison_text import comparison_text
from microsim.studies.compare.study import Comparison
from tests.scenario.small_county import write_county

pytestmark = pytest.mark.usefixtures("as_plain_python")

BASE = "county: county\nlaw: 2020-12-31\neconomy: none\noutputs: [cost, caseload]\n"
LINE = "changes: {{dibao.line: {{by: {{rural: {}, urban: 7000}}}}}}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("payers")
    write_county(out / "county", last=40)
    (out / "base.yaml").write_text(BASE + LINE.format(4600), encoding="utf-8")
    (out / "higher.yaml").write_text("base: base.yaml\n" + LINE.format(5600), encoding="utf-8")
    return out


@pytest.fixture(scope="module")
def compared(folder: Path) -> Comparison:
    return ms.compare(folder / "base.yaml", folder / "higher.yaml")


def test_a_scenario_beside_itself_changes_no_payer(compared: Comparison) -> None:
    for run in (compared.base, compared.reform):
        same = ms.compare(run, run)
        assert len(same.payers) > 3
        assert (same.payers["change"] == 0.0).all()
        assert (same.table["change"] == 0.0).all()
        assert same.payers["a"].equals(same.payers["b"])


def test_the_sides_are_the_two_ledgers(compared: Comparison) -> None:
    before = ms.ledger(compared.base)
    after = ms.ledger(compared.reform, reference=before)
    rows = compared.payers[compared.payers["programme"] == ""].set_index("payer")
    assert rows["a"].to_dict() == pytest.approx({**dict.fromkeys(rows.index, 0.0), **before.payers})
    assert rows["b"].to_dict() == pytest.approx({**dict.fromkeys(rows.index, 0.0), **after.payers})
    parts = compared.payers[compared.payers["programme"] != ""].groupby("payer")["change"].sum()
    assert rows["change"].to_dict() == pytest.approx(parts.to_dict())


def test_what_all_pay_more_is_the_change_of_expenditure(compared: Comparison) -> None:
    rows = compared.payers[compared.payers["programme"] == ""]
    base, reform = compared.values["cost.total"]
    assert rows["change"].sum() == pytest.approx(reform - base, rel=1e-12)
    assert (rows["change"] >= 0.0).all()  # a line that rises takes from nobody's budget
    assert compared.summary["change.paid.county"]["value"] > 0
    assert compared.summary["base.paid.county.dibao"]["unit"] == "yuan/year"
    assert compared.gains is not None
    assert compared.gains.summary["losers.disposable_income"]["value"] == 0.0


@pytest.mark.parametrize(("lang", "head", "county"), [("en", "Paid by", "County"), ("zh", "出资方", "县级")])
def test_the_text_and_the_tables_say_who_pays(
    compared: Comparison, lang: str, head: str, county: str
) -> None:
    text = comparison_text(compared, lang)
    assert head in text
    section = text.split(head)[1].split("\n\n")[0]
    assert county in section
    assert tables(compared)["payers"] is compared.payers


@pytest.mark.parametrize(("lang", "county", "scale"), [("en", "County", 1e6), ("zh", "县级", 1e4)])
def test_the_chart_has_a_pair_of_bars_for_each_payer(
    compared: Comparison, lang: str, county: str, scale: float
) -> None:
    (axes,) = figures(compared, lang)["payers"]().axes
    paid = compared.payers[(compared.payers["programme"] == "") & compared.payers[["a", "b"]].any(axis=1)]
    bars = np.array([patch.get_height() for patch in axes.patches]).reshape(2, -1)
    assert bars * scale == pytest.approx(paid[["a", "b"]].to_numpy().T)
    assert county in [label.get_text() for label in axes.get_xticklabels()]


def test_without_a_profile_nobody_is_named(folder: Path, tmp_path: Path) -> None:
    Population.read(folder / "county").write(tmp_path / "county")
    (tmp_path / "county" / "profile.yaml").unlink(missing_ok=True)
    (tmp_path / "bare.yaml").write_text(BASE, encoding="utf-8")
    bare = ms.compare(tmp_path / "bare.yaml", tmp_path / "bare.yaml")
    assert bare.ledgers is None
    assert bare.payers.empty
    assert "payers" not in tables(bare)
    assert "payers" not in figures(bare, "en")
    assert "Paid by" not in comparison_text(bare, "en")
