"""What a county's calibration is made of: targets, rates out of draws, and the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from microsim.errors import InputError
from microsim.law.take_up import BANDS
from microsim.scenario.calibration import calibration_file, read_calibration
from microsim.studies.calibration.take_up import meet
from microsim.studies.calibration.targets import AREAS, read_targets, targets_from
from microsim.studies.calibration.ways import joined, of_areas


def households(seed: int, count: int = 3000) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {
        "amounts": rng.choice([0.0, 1.0, 2.0, 3.0, 5.0], count) * rng.uniform(3.0, 5.0, count),
        "area": rng.integers(0, 2, count),
        "band": rng.choice(3, count, p=[0.05, 0.65, 0.3]),
        "draw": np.round(rng.random(count), 6),
    }


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("tilt", [{}, {"elderly": 0.6}])
def test_rates_meet_a_number_as_the_law_reads_them(seed: int, tilt: dict[str, float]) -> None:
    """Households that claim by the rule of the law (draw below the rate) add up to the target."""
    made = households(seed)
    inside = made["area"] == 1
    share = float(np.random.default_rng(seed).uniform(0.2, 0.55))
    target = share * float(made["amounts"][inside].sum())
    found = meet(made["amounts"], target, inside, made["area"], made["band"], made["draw"], tilt)
    assert found is not None
    total = 0.0
    for k in np.flatnonzero(inside):
        rate = found.cells[AREAS[made["area"][k]], BANDS[made["band"][k]]]
        if made["draw"][k] < rate or rate >= 1.0:
            total += float(made["amounts"][k])
    assert total == pytest.approx(target, rel=1e-3)
    assert found.miss == pytest.approx(total / target - 1.0, abs=1e-9)
    rates = [found.cells["urban", band] for band in BANDS[1:]]
    if tilt:
        assert rates[1] == pytest.approx(0.6 * rates[0], abs=0.05)
    else:
        assert max(rates) - min(rates) < 0.05


def test_all_of_them_are_too_few_and_just_enough() -> None:
    made = households(1)
    everybody = np.ones(made["area"].size, dtype=bool)
    rest = (everybody, made["area"], made["band"], made["draw"], {})
    whole = float(made["amounts"].sum())
    assert meet(made["amounts"], 1.01 * whole, *rest) is None
    found = meet(made["amounts"], whole, *rest)
    assert found is not None
    assert set(found.cells.values()) == {1.0}
    assert found.claims[made["amounts"] > 0.0].all()


def test_every_mistake_in_targets_is_named_at_its_place(tmp_path: Path) -> None:
    path = tmp_path / "figures.yaml"
    path.write_text(
        "dibao:\n  recipients: {rurl: 5, urban: -1}\n  spending: 3\ntekn: 1\n"
        "living_subsidy: {expenditure: {rural: 3}}\n"
    )
    with pytest.raises(InputError) as error:
        read_targets(path)
    said = str(error.value)
    for part in (
        "figures.yaml:2:16: no area 'rurl'; did you mean 'rural'?",
        "figures.yaml:2:25: 'dibao.recipients.urban' is a number above 0, found -1",
        "figures.yaml:3:3: 'spending' is no target of dibao",
        "figures.yaml:4:1: 'tekn' is no programme with targets; did you mean 'tekun'?",
        "figures.yaml:5:18: 'living_subsidy.expenditure' is a number above 0",
    ):
        assert part in said


def test_recipients_in_all_do_not_go_with_expenditure_by_area() -> None:
    with pytest.raises(InputError, match="expenditure by area, but recipients in all"):
        targets_from({"dibao": {"recipients": 5000, "expenditure": {"rural": 2e7}}})
    assert len(targets_from({"dibao": {"recipients": {"rural": 5000}, "expenditure": 2e7}})) == 2


def test_changes_of_areas_are_taken_apart_and_joined() -> None:
    both = {"a.b": {"by": {"rural": 1, "urban": 2}}, "c": {"by": {"urban": {"elderly": 0.5}}}}
    rural, urban = of_areas(both, ("rural",)), of_areas(both, ("urban",))
    assert rural == {"a.b": {"by": {"rural": 1}}}
    assert joined(rural, urban) == both


def test_a_file_of_a_calibration_names_every_mistake(tmp_path: Path) -> None:
    path = calibration_file(tmp_path)
    path.write_text(
        "law: 2020-12-31\nchanges: {take_up.dibau: 0.5}\nothers:\n"
        "- {way: x, changes: {take_up.dibao: 2}}\nwhy: 1\n"
    )
    with pytest.raises(InputError) as error:
        read_calibration(path)
    said = str(error.value)
    assert "calibration.yaml:2:11: changes.take_up.dibau: " in said
    assert "did you mean 'take_up.dibao'?" in said
    assert "calibration.yaml:4:22: changes.take_up.dibao: take_up.dibao is at most 1" in said
    assert "calibration.yaml:5:1: unknown key 'why'" in said
