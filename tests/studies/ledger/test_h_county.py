"""What the ledger prints of H county under the law of 2020: the source paper's ratio and the county's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import microsim as ms
from microsim.report.texts.ledger_text import ledger_text
from microsim.studies.ledger.study import Ledger

SCENARIO = Path(__file__).resolve().parents[3] / "scenarios" / "h-county-2020.yaml"


@pytest.fixture(scope="module")
def study() -> Ledger:
    return ms.ledger(replace(ms.load_scenario(SCENARIO), outputs=("cost", "caseload")))


@pytest.mark.slow
@pytest.mark.compiled
def test_the_ratios_of_rural_dibao_and_of_the_county_itself_are_bounds(study: Ledger) -> None:
    found = {one.name: one for one in study.figures}
    # The paper says that rural dibao alone is more than the county's own revenue.
    assert found["published_rural_dibao_to_revenue"].value == pytest.approx(244.0 / 244.0)
    assert found["rural_dibao_to_revenue"].value == pytest.approx(1.0, abs=0.01)
    assert found["county_to_revenue"].value == pytest.approx(study.payers["county"] / 244e6)
    assert 0.0 < found["county_to_revenue"].value < 0.5 < found["upper_share"].value
    text = " ".join(ledger_text(study, "en").split())
    assert (
        "more than 100.0 %: Rural dibao as the source paper prints it, over the county's own revenue." in text
    )
    own = found["county_to_revenue"].value
    assert (
        f"more than {int(own * 1000) / 10:.1f} %: What the county itself pays, over its own revenue." in text
    )


@pytest.mark.slow
@pytest.mark.compiled
@pytest.mark.parametrize(
    ("lang", "heads"), [("en", ("Paid by", "Area and tier")), ("zh", ("出资方", "地区和类别"))]
)
def test_the_printed_tables_add_up(study: Ledger, lang: str, heads: tuple[str, str]) -> None:
    """Rows to the column of totals, columns to the row of totals, and both tables to the same."""
    sections = ledger_text(study, lang).split("\n\n")
    last = []
    for head in heads:
        (section,) = (one for one in sections if one.startswith(head))
        width = len(section.splitlines()[0].split("  ")) - 1
        rows = [line.rsplit(maxsplit=5)[1:] for line in section.splitlines()[2:]]
        assert width >= 5
        units = [[round(10 * float(cell.replace(",", ""))) for cell in row] for row in rows]
        assert all(sum(row[:-1]) == row[-1] for row in units)
        assert [sum(column) for column in zip(*units[:-1], strict=True)] == units[-1]
        last.append(units[-1])
    assert last[0] == last[1]
    whole = sum(study.payers.values()) / {"en": 1e5, "zh": 1e3}[lang]
    assert last[0][-1] == pytest.approx(whole, abs={"en": 0.5, "zh": 5.0}[lang])
