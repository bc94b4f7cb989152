"""Households chosen among candidates: near their margins before they are weighted."""

from __future__ import annotations

from dataclasses import fields, replace
from types import MappingProxyType

import numpy as np
import pytest

from microsim.numerics.streams import Streams
from microsim.population import County, synthesize_with_report
from microsim.population.profile.figures import schema
from microsim.population.synthesis import sample as synthesis
from microsim.population.synthesis.candidates import (
    LEAST,
    choose,
    draw_households,
    picked,
    weighted_candidates,
)
from microsim.population.synthesis.households import Roster, draw_roster
from microsim.population.synthesis.margins import household_weights

NAME = "demography.elderly_households"


@pytest.fixture(scope="module")
def counted(profile: County) -> County:
    """H county, with elderly households in agreement with its table of ages."""
    figure = replace(
        profile.figures["demography.generations"],
        name=NAME,
        value={"one": 11745.0, "two": 7984.5, "three": 51.7},
        meaning=schema()[NAME].meaning,
    )
    return replace(profile, figures=MappingProxyType({**profile.figures, NAME: figure}))


def same(one: Roster, two: Roster) -> bool:
    return all(np.array_equal(getattr(one, f.name), getattr(two, f.name)) for f in fields(one))


def test_a_profile_without_the_figure_is_drawn_as_before(profile: County) -> None:
    assert same(draw_households(profile, Streams(5), 300), draw_roster(profile, Streams(5), 300))


def test_the_last_weights_are_nearly_even(profile: County, counted: County) -> None:
    sample = draw_households(counted, Streams(5), 2000)
    _, report = household_weights(counted, sample)
    assert np.abs(report.misses).max() < 1e-9
    assert report.design_effect < 1.03
    drawn, _ = draw_roster(profile, Streams(5), 2000), None
    assert household_weights(profile, drawn)[1].design_effect > 1.15


def test_elderly_households_are_met(counted: County) -> None:
    sample = draw_households(counted, Streams(6), 4000)
    weights, _ = household_weights(counted, sample)
    old = np.add.reduceat((sample.age >= 65).astype(int), sample.offsets[:-1])
    scale = weights.sum() / counted["demography.family_households"]
    assert weights[old > 0].sum() == pytest.approx((11745.0 + 7984.5 + 51.7) * scale, rel=1e-4)
    assert weights[old == 1].sum() == pytest.approx(11745.0 * scale, rel=5e-3)
    assert weights @ old == pytest.approx(28824, rel=1e-6)


def test_chosen_in_proportion_to_weights(counted: County) -> None:
    candidates, weights, _ = weighted_candidates(counted, Streams(5), 500)
    rows = choose(candidates, weights, 500)
    expected = weights * 500 / weights.sum()
    assert np.all(np.abs(np.bincount(rows, minlength=LEAST) - expected) < 1 + 1e-9)
    # By area and generations, the whole number next to the expected one.
    for area in (0, 1):
        for span in (1, 2, 3):
            inside = (candidates.area == area) & (candidates.generations == span)
            assert abs(inside[rows].sum() - expected[inside].sum()) <= 1.000001


def test_households_stay_whole(counted: County) -> None:
    candidates, weights, _ = weighted_candidates(counted, Streams(5), 200)
    rows = choose(candidates, weights, 200)
    sample = picked(candidates, rows, np.arange(11, 211))
    assert sample.household_id[0] == 11
    for number in (0, 77, 199):
        there, here = candidates.offsets[rows[number]], sample.offsets[number]
        size = sample.size[number]
        assert sample.offsets[number + 1] - here == size == candidates.size[rows[number]]
        assert np.array_equal(sample.age[here : here + size], candidates.age[there : there + size])
        assert np.array_equal(sample.relation[here : here + size], candidates.relation[there : there + size])
        assert set(sample.owner[here : here + size]) == {number}
    assert same(sample, picked(candidates, rows, np.arange(11, 211)))


def test_other_ids_are_other_households_and_the_same_seed_the_same(counted: County) -> None:
    first, again = draw_households(counted, Streams(5), 300), draw_households(counted, Streams(5), 300)
    assert same(first, again)
    later = draw_households(counted, Streams(5), 300, first=301)
    assert later.household_id[0] == 301
    assert not np.array_equal(later.age[:500], first.age[:500])


def test_more_candidates_where_many_would_be_copies(counted: County) -> None:
    # A county whose young adults are four times as many: few of the usual candidates have any.
    ages = {
        sex: {group: persons * (8 if group == "20-24" else 1) for group, persons in groups.items()}
        for sex, groups in counted["demography.age_by_sex"].items()
    }
    persons = sum(sum(groups.values()) for groups in ages.values())
    figures = dict(counted.figures)
    figures["demography.age_by_sex"] = replace(figures["demography.age_by_sex"], value=ages)
    share = persons / 333518
    figures["demography.residents"] = replace(
        figures["demography.residents"], value={"rural": 216056 * share, "urban": 117462 * share}
    )
    old = {name: count / share for name, count in counted[NAME].items()}
    figures[NAME] = replace(figures[NAME], value=old)
    students = replace(counted, figures=MappingProxyType(figures))
    few, _, uneven = weighted_candidates(students, Streams(5), 2000, most=LEAST)
    many, _, _ = weighted_candidates(students, Streams(5), 2000)
    assert len(few.size) == LEAST
    assert len(many.size) > LEAST
    assert uneven.design_effect > 3


@pytest.mark.skipif(not hasattr(synthesis, "draw_households"), reason="synthesis draws without candidates")
def test_a_whole_county_has_nearly_even_weights(counted: County) -> None:
    _, report = synthesize_with_report(counted, seed=7, households=2000)
    assert len(report.margins.names) > 90
    assert report.margins.design_effect < 1.1
