"""Errors of calibrated weights: the figures of R's survey package, and a brute-force twin.

``api_schools.txt`` holds the 183 schools of the cluster sample ``apiclus1`` of R's package survey (Lumley):
a district, then type (E, M, H) and academic performance index of 2000 and 1999 of each of its schools, as the
California Department of Education published them. 15 of 757 districts were drawn; the weight is 33.847
throughout. The figures of R are those that a comparison of survey packages keeps (xKDR/Survey.jl,
test/r_reference) and, to the digits printed, of R's own example of ``calibrate``.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from microsim import measures as m
from microsim.errors import MicrosimError, MicrosimWarning
from microsim.measures import influence as inf
from microsim.population import Population
from microsim.studies.common.controls import control_columns, made_whole, unknown_controls
from microsim.studies.common.estimates import Sampling, Statistic, errors_of

DISTRICTS, SCHOOLS, HIGH, MIDDLE, API99 = 757, 6194.0, 755.0, 1018.0, 3_914_069.0


@pytest.fixture(scope="module")
def schools() -> pd.DataFrame:
    rows = []
    for line in Path(__file__).with_name("api_schools.txt").read_text(encoding="utf-8").splitlines():
        district, *told = line.replace(":", "").split()
        rows += [
            (district, kind, float(now), float(before))
            for kind, now, before in zip(told[::3], told[1::3], told[2::3], strict=True)
        ]
    frame = pd.DataFrame(rows, columns=["district", "kind", "api00", "api99"])
    assert len(frame) == 183
    assert frame["district"].nunique() == 15
    return frame.assign(weight=33.846996307373)


def linear(controls: Any, totals: Any, weights: Any) -> Any:
    """Calibrated weights by the linear distance, written out: nothing is shared with the package."""
    gap = np.asarray(totals) - weights @ controls
    return weights * (1 + controls @ np.linalg.solve((controls * weights[:, None]).T @ controls, gap))


def controls_of(schools: pd.DataFrame, *more: str) -> Any:
    kinds = [np.ones(len(schools)), schools["kind"] == "H", schools["kind"] == "M"]
    return np.column_stack([*kinds, *(schools[name] for name in more)]).astype(float)


def test_as_r_gives_them_without_calibration(schools: pd.DataFrame) -> None:
    x, w, by = schools["api00"], schools["weight"], schools["district"]
    assert m.mean(x, w) == pytest.approx(644.169398907104)
    assert m.linearised_error(inf.mean(x, w), w, clusters=by) == pytest.approx(23.7790107208869)
    assert m.linearised_error(inf.mean(x, w), w, clusters=by, fpc=DISTRICTS) == pytest.approx(
        23.5422406937812
    )
    assert m.linearised_error(inf.mean(x, w), w, clusters=by, fpc=[DISTRICTS] * 183) == pytest.approx(
        23.5422406937812
    )


def test_as_r_gives_them_after_post_stratification(schools: pd.DataFrame) -> None:
    x, d = schools["api00"], schools["weight"].to_numpy()
    controls = controls_of(schools)
    w = linear(controls, [SCHOOLS, HIGH, MIDDLE], d)
    assert m.mean(x, w) == pytest.approx(642.310788211584)
    found = m.linearised_error(
        inf.mean(x, w), w, clusters=schools["district"], controls=controls, design_weights=d
    )
    assert found == pytest.approx(24.1610605814973)


def test_as_r_gives_them_after_calibration(schools: pd.DataFrame) -> None:
    x, d, by = schools["api00"], schools["weight"].to_numpy(), schools["district"]
    controls = controls_of(schools, "api99")
    w = linear(controls, [SCHOOLS, HIGH, MIDDLE, API99], d)
    assert m.mean(x, w) == pytest.approx(665.31, abs=0.005)
    own = inf.mean(x, w)
    known = {"clusters": by, "fpc": DISTRICTS}
    assert m.linearised_error(own, w, controls=controls, design_weights=d, **known) == pytest.approx(
        3.4418, abs=5e-5
    )
    # By the calibrated weights instead, nearly the same; without the controls, seven times as much.
    assert m.linearised_error(own, w, controls=controls, **known) == pytest.approx(3.44, abs=0.07)
    assert m.linearised_error(own, w, **known) == pytest.approx(22.33, abs=0.01)
    drawn = m.bootstrap(
        lambda weights: m.mean(x, weights), w, 100, 3, controls=controls, design_weights=d, **known
    )
    assert drawn.standard_error == pytest.approx(3.44, rel=0.2)


def test_a_jackknife_that_calibrates_each_replicate_anew() -> None:
    random = np.random.default_rng(7)
    count = 60
    village = np.repeat(np.arange(count), 5)
    stratum = village // 20
    x = random.lognormal(9, 0.5, len(village)) * (1 + 0.3 * random.random(count)[village])
    income = x * random.uniform(0.8, 1.2, len(x))
    d = 10.0 + stratum
    controls = np.column_stack([stratum == k for k in range(3)] + [x]).astype(float)
    totals = [1050.0, 1080.0, 1190.0, 1.02 * d @ x]
    w = linear(controls, totals, d)
    for of, influence in (
        (lambda v: m.mean(income, v), inf.mean(income, w)),
        (lambda v: m.gini(income, v), inf.gini(income, w)),
        (lambda v: m.fgt(income, 8000.0, 0, v), inf.fgt(income, 8000.0, 0, w)),
    ):
        square = 0.0
        for k in range(3):
            own = np.unique(village[stratum == k])
            left_out = []
            for one in own:
                factor = np.where(stratum == k, len(own) / (len(own) - 1), 1.0) * (village != one)
                left_out.append(of(np.maximum(linear(controls, totals, d * factor), 0.0)))
            square += (len(own) - 1) / len(own) * np.sum((np.array(left_out) - np.mean(left_out)) ** 2)
        design = {"clusters": village, "strata": stratum, "controls": controls, "design_weights": d}
        assert m.linearised_error(influence, w, **design) == pytest.approx(np.sqrt(square), rel=0.1)


def test_what_a_control_fixes_has_no_error() -> None:
    x = np.array([1.0, 2.0, 5.0, 7.0, 11.0])
    w = np.array([2.0, 3.0, 2.5, 4.0, 1.0])
    total = m.linearised_error(x, w)  # the influence of a total is the value itself
    assert total > 1
    assert m.linearised_error(x, w, controls=x) == pytest.approx(0.0, abs=1e-12 * total)
    assert m.linearised_error(x, w, controls=np.column_stack([x, x, 2 * x])) == pytest.approx(0.0, abs=1e-9)


def test_a_stratum_that_was_drawn_whole_has_no_error() -> None:
    x, strata = [1.0, 2.0, 5.0, 7.0, 11.0], ["a", "a", "b", "b", "b"]
    assert m.linearised_error(x, strata=strata, fpc=[2, 2, 3, 3, 3]) == 0.0
    only_b = m.linearised_error([0.0, 0.0, 5.0, 7.0, 11.0], strata=strata)
    assert m.linearised_error(x, strata=strata, fpc=[2, 2, 1e9, 1e9, 1e9]) == pytest.approx(only_b)
    for weights in m.replicate_weights(np.ones(5), 4, strata=strata, fpc=[2, 2, 3, 3, 3]):
        assert weights.tolist() == [1.0] * 5


def test_replicates_meet_the_controls() -> None:
    random = np.random.default_rng(3)
    x = random.lognormal(0, 1, 40)
    w = random.uniform(1, 3, 40)
    for weights in m.replicate_weights(w, 5, controls=np.column_stack([np.ones(40), x])):
        assert weights.sum() == pytest.approx(w.sum())
        assert weights @ x == pytest.approx(w @ x)
        assert np.all(weights >= 0)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"fpc": 0.3}, "fpc: is 0.3 for a stratum of which 4 clusters were drawn"),
        ({"fpc": 0.3}, "not the share that was drawn"),
        ({"fpc": [9, 9, 8, 9]}, "fpc: differs within a stratum"),
        ({"controls": [1, 2]}, "controls[0]: has 2 values"),
        ({"controls": [[1, np.nan]] * 4}, "controls[1]: 4 of 4 values are NaN"),
        ({"controls": np.ones((4, 1, 1))}, "controls: have 3 dimensions"),
        ({"design_weights": [1, 1, 1, 1]}, "design_weights: are given without controls"),
        ({"design_weights": [1, 0, 1, 1], "controls": [1, 1, 1, 2]}, "design_weights: 1 are not positive"),
    ],
)
def test_bad_designs_are_refused(arguments: Any, told: str) -> None:
    with pytest.raises(MicrosimError) as refused:
        m.linearised_error([1.0, 2.0, 3.0, 4.0], **arguments)
    assert told in str(refused.value)


# --- Controls by name


@pytest.fixture(scope="module")
def population() -> Population:
    households = pd.DataFrame(
        {
            "household_id": [1, 2, 3],
            "weight": [1.5, 2.25, 4.0],
            "area": ["rural", "urban", "rural"],
            "assets": [10.0, 0.0, 5.0],
            "weight_before": [1.0, 2.0, 4.5],
        }
    )
    persons = pd.DataFrame(
        {
            "household_id": [1, 1, 2, 3, 3, 3],
            "sex": ["male", "female", "female", "male", "male", "female"],
            "relation": ["head", "spouse", "head", "head", "child", "spouse"],
            "wage": [3.0, 4.0, 5.0, 6.0, 0.0, 0.0],
        }
    )
    return Population.from_frames(persons, households)


@pytest.mark.parametrize(
    ("control", "rows"),
    [
        ("area", [[1, 0], [0, 1], [1, 0]]),
        ("household_size", [[2], [1], [3]]),
        ("area*household_size", [[2, 0], [0, 1], [3, 0]]),
        ("sex", [[1, 1], [0, 1], [2, 1]]),
        ("area * sex", [[1, 1, 0, 0], [0, 0, 0, 1], [2, 1, 0, 0]]),
        ("wage", [[7], [5], [6]]),
        ("assets", [[10], [0], [5]]),
        ("assets*area", [[10, 0], [0, 0], [5, 0]]),
    ],
)
def test_controls_by_name(population: Population, control: str, rows: list[list[float]]) -> None:
    found = control_columns(population, [control])
    kept = found[:, found.any(axis=0) | (np.array(rows).sum(axis=0) == 0)] if found.size else found
    assert kept.tolist() == rows


def test_controls_that_are_no_columns(population: Population) -> None:
    (offence,) = unknown_controls(population, ["area*sexx", "wage"])
    assert str(offence).startswith("controls: there is no column 'sexx'; did you mean 'sex'?")


def test_weights_that_look_calibrated() -> None:
    random = np.random.default_rng(1)
    area = np.where(np.arange(40) < 25, "rural", "urban")
    persons = pd.DataFrame({"household_id": np.repeat(np.arange(40), 2)})

    def named(weights: Any) -> list[str]:
        frame = pd.DataFrame({"household_id": np.arange(40), "weight": weights, "area": area})
        return made_whole(Population.from_frames(persons, frame))

    raw = random.uniform(1, 9, 40)
    assert named(raw) == []
    met = raw * np.where(area == "rural", 300 / raw[area == "rural"].sum(), 170 / raw[area == "urban"].sum())
    assert named(met) == ["area"]
    assert named(np.round(raw)) == []  # whole weights add up to whole numbers whatever they were made from
    assert named(np.where(area == "rural", 300 / 25, 170.5 / 15)) == []  # as a stratified sample is weighted


def test_sampling_says_them_by_name(population: Population) -> None:
    result: Any = SimpleNamespace(population=population)
    everybody = ("", np.ones(3, dtype=bool))
    residents = Statistic(
        "residents", "", everybody, "persons", lambda w: float(w.sum()), lambda w: np.ones(3)
    )
    weights = np.asarray(population.weight) * np.diff(population.offsets)
    free, fixed, whole = (
        errors_of([residents], weights, Sampling("linearised", **options), result)[0]
        for options in (
            {"controls": ()},
            {"controls": ("household_size",), "design_weights": "weight_before"},
            {"controls": (), "fpc": 3},
        )
    )
    # Of three households: what the linearised error of their weighted sizes is by hand.
    own = np.asarray(population.weight) * [2, 1, 3]
    assert free == pytest.approx(np.sqrt(1.5 * np.sum((own - own.mean()) ** 2)))
    assert fixed == pytest.approx(0.0, abs=1e-9)
    assert whole == 0.0


def test_sampling_refuses_names_that_are_no_columns(population: Population) -> None:
    result: Any = SimpleNamespace(population=population)
    sampling = Sampling("linearised", controls=("aria",), design_weights="base", fpc="villages")
    with pytest.raises(MicrosimError) as refused:
        sampling.check(result)
    assert [o.place for o in refused.value.offences] == ["design_weights", "fpc", "controls"]


def test_calibrated_weights_are_not_taken_for_design_weights_in_silence(population: Population) -> None:
    looks = population.with_columns(households={})
    weights = {"weight": np.array([1.25, 3.0, 2.75])}  # 4 rural households, 3 urban ones
    frame = looks.households.assign(**weights)
    result: Any = SimpleNamespace(population=Population.from_frames(looks.persons, frame))
    with pytest.warns(MicrosimWarning, match="add up to whole numbers by area"):
        Sampling("linearised").check(result)
    Sampling("linearised", controls=()).check(result)  # said not to be calibrated: nothing to warn of
