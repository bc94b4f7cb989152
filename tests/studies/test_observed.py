"""Shares of residents in dibao that are documented, and results outside of them."""

from __future__ import annotations

import pytest

from microsim.report.texts.donors_text import outside_lines
from microsim.studies.common.observed import bounds, national_share, outside


def test_bounds_have_their_sources_and_hold_what_is_documented() -> None:
    for area in ("rural", "urban"):
        national = national_share(area)
        for code in ("", "140000", "320000", "640522"):
            lowest, highest = bounds(area, code)
            assert lowest.share < national.share < highest.share
            assert {lowest.source, highest.source} <= {"cited", "inferred", "assumption"}
            assert lowest.reference
            assert highest.reference
    assert national_share("rural").share == pytest.approx(34.745 / 507.44, abs=1e-4)
    assert national_share("urban").share == pytest.approx(7.378 / 882.76, abs=1e-4)
    # The highest share that was read of any county is inside: 24.1 and 8.8 % in H county.
    assert outside({"rural": 0.241, "urban": 0.088}, "640522") == []


def test_a_share_above_or_below_the_bound_of_its_province_is_warned_of_with_the_source() -> None:
    found = outside({"rural": 0.265, "urban": 0.0004, "all": 0.9}, "141031")
    assert [(one.area, one.above) for one in found] == [("rural", True), ("urban", False)]
    assert outside({"rural": None}, "141031") == []
    high, low = outside_lines(found, "en")
    assert high.startswith("Warning: 26.5 % of rural residents receive dibao, more than the bound of 20.0 %")
    assert "assumption" in high
    assert "less than the bound of 0.08 %" in low
    assert "警告：农村低保对象占常住人口的26.5 %，高于上限20.0 %" in outside_lines(found, "zh")[0]


def test_richer_provinces_have_lower_bounds() -> None:
    east, centre, west = (bounds("rural", code)[1].share for code in ("330000", "140000", "640000"))
    assert east < centre < west
