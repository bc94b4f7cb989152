"""Small cells are left out, and nothing published gives them away."""

from __future__ import annotations

import pytest

from microsim.errors import MicrosimError
from microsim.report.withheld import Withheld, keep_large, withheld_note
from microsim.studies.common.indicators import Indicator

AREAS = ("rural", "urban", "")


def programme(name: str, rural: float, urban: float, each: float = 1000.0) -> list[Indicator]:
    """Caseload and outlay by area; every recipient gets ``each`` yuan."""
    counts = dict(zip(AREAS, (rural, urban, rural + urban), strict=True))
    rows = [Indicator("caseload", name, area, count, "persons") for area, count in counts.items()]
    rows += [Indicator("resident_share", name, area, count / 9e4, "1") for area, count in counts.items()]
    rows += [Indicator("cost", name, area, count * each, "yuan/year") for area, count in counts.items()]
    return [*rows, Indicator("cost_part", f"{name}_benefit", "", (rural + urban) * each, "yuan/year")]


def whole(*programmes: list[Indicator]) -> list[Indicator]:
    rows = [row for one in programmes for row in one]
    sums = {area: sum(r.value for r in rows if (r.measure, r.group) == ("cost", area)) for area in AREAS}
    return [*rows, *(Indicator("cost", "total", area, value, "yuan/year") for area, value in sums.items())]


def names(rows: list[Indicator]) -> set[str]:
    return {row.name for row in rows}


def derivable(kept: set[str], subjects: list[str]) -> list[str]:
    """Costs that are not published but follow from those that are, by solving single gaps in sums."""
    cells = {(s, a) for s in [*subjects, "total"] for a in AREAS}
    known = {(s, a) for s, a in cells if ".".join(p for p in ("cost", s, a) if p) in kept}
    published = set(known)
    sums = [[(s, a) for a in AREAS] for s in [*subjects, "total"]]
    sums += [[(s, a) for s in [*subjects, "total"]] for a in AREAS]
    while True:
        new = {
            next(c for c in row if c not in known) for row in sums if sum(c not in known for c in row) == 1
        }
        if not new:
            return sorted(f"{s}.{a}" for s, a in known - published)
        known |= new


def test_cash_and_kind_apart_give_no_programme_away() -> None:
    forms = [Indicator("cost", form, area, 1.0, "yuan/year") for form in ("cash", "kind") for area in AREAS]
    large = [*whole(programme("dibao", 5000, 900), programme("tekun", 60, 70)), *forms]
    assert keep_large(large, 10) == large
    small = [
        *whole(programme("dibao", 5000, 900), programme("tekun", 60, 7), programme("heating", 300, 40)),
        *forms,
    ]
    kept = names(keep_large(small, 10))
    assert "cost.total" in kept
    assert not kept & {row.name for row in forms}


def test_large_cells_and_zeros_stay() -> None:
    rows = whole(programme("dibao", 5000, 900), programme("tekun", 0, 0))
    assert keep_large(rows, 10) == rows


def test_a_small_cell_goes_with_what_gives_it_away() -> None:
    rows = whole(programme("dibao", 5000, 900), programme("tekun", 60, 7), programme("heating", 300, 40))
    kept = names(keep_large(rows, 10))
    assert "caseload.tekun.urban" not in kept
    assert "cost.tekun.urban" not in kept
    assert "resident_share.tekun.urban" not in kept
    assert "caseload.tekun.rural" not in kept  # else the sum over areas tells it
    assert "cost.heating.urban" not in kept  # else the sum over programmes tells it
    assert {"caseload.tekun", "cost.tekun", "cost.total", "caseload.dibao.urban"} <= kept
    assert derivable(kept, ["dibao", "tekun", "heating"]) == []


def test_nothing_can_be_solved_for_whatever_is_small() -> None:
    sizes = [(5000, 900), (60, 7), (3, 40), (300, 0), (2, 1), (0, 5)]
    subjects = [f"p{k}" for k in range(len(sizes))]
    for count in range(1, len(sizes) + 1):
        rows = whole(*(programme(name, *size) for name, size in zip(subjects[:count], sizes, strict=False)))
        for least in (2, 5, 10, 100, 10_000):
            kept = keep_large(rows, least)
            assert all(r.value == 0 or r.value >= least for r in kept if r.measure == "caseload")
            assert derivable(names(kept), subjects[:count]) == []


def test_a_small_total_takes_its_parts_along() -> None:
    kept = names(keep_large(whole(programme("dibao", 5000, 900), programme("tekun", 4, 0)), 10))
    assert not any("tekun" in name for name in kept if not name.endswith("tekun.urban"))
    assert not any(name.startswith("cost_part.tekun") for name in kept)


def test_poverty_of_a_few_goes() -> None:
    rows = [
        Indicator("residents", "", area, count, "persons")
        for area, count in zip(AREAS, (9e4, 1e4, 1e5), strict=True)
    ]
    for area, poor in zip(AREAS, (90, 3, 93), strict=True):
        residents = next(r.value for r in rows if r.group == area)
        rows.append(Indicator("poverty", "headcount_before", area, 10 * poor / residents, "1"))
        rows.append(Indicator("poverty", "headcount", area, poor / residents, "1"))
        rows.append(Indicator("poverty", "gap", area, 0.3 * poor / residents, "1"))
        rows.append(Indicator("gini", "disposable_income", area, 0.4, "1"))
    kept = names(keep_large(rows, 10))
    assert "poverty.headcount" in kept
    for area in ("urban", "rural"):
        assert f"poverty.headcount.{area}" not in kept
        assert f"poverty.headcount_before.{area}" not in kept
        assert f"poverty.gap.{area}" not in kept
        assert f"gini.disposable_income.{area}" in kept


def test_the_least_count_and_the_note() -> None:
    with pytest.raises(MicrosimError, match="2 or more, not 1"):
        keep_large([], 1)
    assert withheld_note(Withheld(10, ("a", "b")), "en").startswith(
        "2 figures are withheld because they rest on fewer than 10 persons"
    )
    assert "不足10人" in withheld_note(Withheld(10, ("a", "b")), "zh")
