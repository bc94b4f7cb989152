"""Tables and running text keep to 80 columns, whatever the script."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from microsim.population import County
from microsim.report.text import cut, display_width, number, pad, percent, table, wrap
from microsim.report.texts.run_text import revenue_note

TEXT = st.text(alphabet="abcdef ,.低保标准元，", max_size=200)


def test_widths() -> None:
    assert display_width("低保 a") == 6
    assert pad("低", 4) == "低  "
    assert pad("1", 3, right=True) == "  1"
    assert cut("低保标准", 5) == "低保…"
    assert cut("fits", 4) == "fits"


def test_numbers() -> None:
    assert number(1234567.8) == "1,234,568"
    assert number(-0.001, 2) == "0.00"
    assert number(None) == "-"
    assert number(float("nan")) == "-"
    assert percent(0.2408) == "24.1 %"
    assert percent(None) == "-"


def test_a_table_lines_up() -> None:
    text = table(("name", "yuan"), [("低保", "1,000"), ("cost of dibao", "20")], numeric=[1])
    assert text.splitlines() == [
        "name            yuan",
        "-------------  -----",
        "低保           1,000",
        "cost of dibao     20",
    ]


@given(st.lists(st.tuples(TEXT, TEXT, st.integers(-(10**9), 10**9).map(number)), min_size=1, max_size=6))
def test_a_table_is_never_wider_than_80(rows: list[tuple[str, str, str]]) -> None:
    text = table(("a", "b", "c"), rows, numeric=[2])
    assert max(display_width(line) for line in text.splitlines()) <= 80
    for row in rows:
        assert row[2] in text


def test_names_are_never_cut() -> None:
    rows = [("dibao.line", "rural 4,560"), ("dibao.top_up.share_severe_disability", "0.2")]
    assert table(("name", "value"), rows, width=30, names=True).splitlines() == [
        "name               value",
        "-----------------  -----------",
        "dibao.line         rural 4,560",
        "dibao.top_up.share_severe_disability",
        "                   0.2",
    ]


@given(TEXT)
def test_wrapped_text_is_never_wider_than_80_and_loses_nothing(text: str) -> None:
    lines = wrap(text, "  ").splitlines()
    assert all(display_width(line) <= 80 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_the_revenue_says_what_it_rests_on_in_the_readers_language() -> None:
    county = County.read(Path(__file__).parents[2] / "data" / "synthetic" / "h-county" / "profile.yaml")
    assert revenue_note(county, "en").endswith("(assumption); it is known only to be below 244.0 million.")
    assert revenue_note(county, "zh").endswith("（假设）；仅知其低于24,400万元。")
    name = "public_finance.general_public_budget_revenue"
    cited = replace(county.figures[name], source="cited", reference="final accounts, 2020")
    known = replace(county, figures={**county.figures, name: cited})
    assert revenue_note(known, "zh").endswith("万元（final accounts, 2020）。")


def test_what_closes_a_sentence_stays_with_it() -> None:
    lines = wrap("家庭低保金、分类施保金合计。" * 5, width=26).splitlines()
    assert len(lines) > 2
    assert not any(line[0] in "。、）" for line in lines)
