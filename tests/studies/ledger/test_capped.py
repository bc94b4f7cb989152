"""The margins of a scenario with caps: the caps hold at the moved line, too, and the text says so."""

from __future__ import annotations

from pathlib import Path

import pytest

import microsim as ms
from microsim.report.texts.ledger_text import ledger_text
from microsim.studies.ledger.study import Ledger
from tests.scenario.small_county import write_county

pytestmark = pytest.mark.usefixtures("as_plain_python")

RURAL, URBAN = 4600.0, 7000.0
NEED = "{programmes: [dibao], cap: 900e6, rule: poorest_first}"
HALF = "{{programmes: [dibao], cap: 400e3, rule: {}}}"
SAID = {"en": "The budget caps hold at the higher line", "zh": "标准提高后预算限额仍然有效"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("capped")
    write_county(out / "county", last=30)
    return out


def written(folder: Path, cap: str, step: float = 0.0, factor: float = 1.0) -> Path:
    """A scenario with a cap (none where it is empty), its lines moved by so many yuan, or by a factor."""
    lines = f"{{rural: {RURAL * factor + step}, urban: {URBAN * factor + step}}}"
    budget = f"budget: {{money: {cap}}}\n" if cap else ""
    text = f"county: county\nlaw: 2020-12-31\neconomy: none\noutputs: [cost]\n{budget}"
    path = folder / "scenario.yaml"
    path.write_text(f"{text}changes: {{dibao.line: {{by: {lines}}}}}\n", encoding="utf-8")
    return path


def line(study: Ledger) -> dict[str, float]:
    """What a line one yuan higher costs each payer."""
    rows = study.marginal[study.marginal["change"] == "line"]
    return {str(payer): float(value) for payer, value in rows.groupby("payer")["value"].sum().items()}


@pytest.mark.parametrize("rule", ["poorest_first", "pro_rata", "lower_line"])
def test_margins_are_differences_of_two_capped_ledgers(folder: Path, rule: str) -> None:
    cap = HALF.format(rule)
    base = ms.ledger(written(folder, ""))
    capped = ms.ledger(written(folder, cap), reference=base)
    assert capped.capped
    low, high = (ms.ledger(written(folder, cap, step), reference=base) for step in (-1.0, 1.0))
    expected = {payer: (high.payers[payer] - low.payers[payer]) / 2 for payer in capped.payers}
    # A cap is met to half a fen, and so is half the difference of two.
    assert {p: line(capped).get(p, 0.0) for p in expected} == pytest.approx(expected, rel=1e-9, abs=0.005)
    dearer = ms.ledger(written(folder, cap, factor=1.01), reference=base)
    percent = next(one.value for one in capped.figures if one.name == "county_line_1pct")
    assert percent == pytest.approx(dearer.payers["county"] - capped.payers["county"], rel=1e-9, abs=0.005)
    dibao = [one.table[one.table["programme"] == "dibao"]["cost"].sum() for one in (low, capped, high)]
    assert dibao == pytest.approx([400e3] * 3, abs=0.005)


def test_a_cap_above_the_need_leaves_every_figure(folder: Path) -> None:
    plain, ample = ms.ledger(written(folder, "")), ms.ledger(written(folder, NEED))
    assert ample.table.equals(plain.table)
    assert line(ample) == pytest.approx(line(plain), rel=1e-9)
    assert not ample.capped
    for lang, said in SAID.items():
        assert said not in ledger_text(ample, lang)


@pytest.mark.parametrize("lang", SAID)
def test_the_text_says_what_the_margins_are_beside(folder: Path, lang: str) -> None:
    text = ledger_text(ms.ledger(written(folder, HALF.format("poorest_first"))), lang)
    assert SAID[lang] in text
