"""What changes while a sweep goes on is named, and the sweep stops; put back, it goes on."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import microsim as ms
from microsim.batch.work import StopRunError
from microsim.errors import MicrosimError
from microsim.sweeps import work
from microsim.sweeps.sweep_file import read_grid
from microsim.sweeps.work import SweepWork
from tests.scenario.small_county import write
from tests.sweeps.stopping import names

RURAL = "dibao.line.rural"
PACKAGED = Path(ms.__file__).parent / "studies" / "financing" / "national.yaml"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A base, a scenario on it with rules of who pays of its own, two counties, and a sweep of them."""
    write(tmp_path, name="below.yaml")
    shutil.copy(PACKAGED, tmp_path / "rules.yaml")
    (tmp_path / "above.yaml").write_text(
        "base: below.yaml\nfinancing: {rules: rules.yaml}\n", encoding="utf-8"
    )
    shutil.copytree(tmp_path / "county", tmp_path / "other")
    (tmp_path / "grid.yaml").write_text(
        f"scenario: above.yaml\ncounties: [county, other]\naxes: {{{RURAL}: [4400, 4800]}}\n"
        "outputs: [cost, paid.county]\n",
        encoding="utf-8",
    )
    return tmp_path


def instead(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


CHANGES: dict[str, Callable[[Path], None]] = {
    "below.yaml": lambda place: instead(place / "below.yaml", "4600", "4700"),
    "rules.yaml": lambda place: (
        (place / "rules.yaml").write_bytes((place / "rules.yaml").read_bytes() + b"# another\n") and None
    ),
    "other": lambda place: instead(place / "other" / "profile.yaml", "\n", "\n# another\n"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_process_that_reads_something_else_names_it(place: Path, what: str) -> None:
    whole = SweepWork(read_grid(place / "grid.yaml"))
    elsewhere = pickle.loads(pickle.dumps(whole))
    assert elsewhere.rows(0, 1).equals(whole.rows(0, 1))
    CHANGES[what](place)
    for one in (whole, elsewhere):  # the county that they have read stays as it was
        assert one.rows(0, 1).num_rows
        with pytest.raises(StopRunError) as caught:
            one.rows(1, 1)
        (offence,) = caught.value.offences
        assert offence.place.endswith(what)
        assert offence.message == "has changed since the sweep began"


def test_comments_and_titles_of_a_base_do_not_count(place: Path) -> None:
    whole = SweepWork(read_grid(place / "grid.yaml"))
    rows = whole.rows(0, 1)
    elsewhere = pickle.loads(pickle.dumps(whole))
    instead(place / "below.yaml", "A small county", "Another title")
    instead(place / "below.yaml", "law:", "# seen\nlaw:")
    assert elsewhere.rows(0, 1).equals(rows)


@pytest.mark.slow
def test_the_sweep_stops_and_goes_on_when_the_file_is_put_back(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "PART", 1)
    good = (place / "below.yaml").read_text(encoding="utf-8")

    def change(step: str) -> None:
        if step == "scenarios 2 to 2 of 2, county county":
            CHANGES["below.yaml"](place)

    with pytest.raises(MicrosimError, match=r"below\.yaml: has changed since the sweep began; put it back"):
        ms.sweep(place / "grid.yaml", place / "out", progress=change)
    assert {"out.unfinished"} == {name for name in names(place) if name.startswith("out")}
    with pytest.raises(MicrosimError, match="cannot be resumed: scenario, law changed since it was started"):
        ms.sweep(place / "grid.yaml", place / "out", resume=True)
    (place / "below.yaml").write_text(good, encoding="utf-8")
    assert ms.sweep(place / "grid.yaml", place / "out", resume=True).kept == 2
    ms.sweep(place / "grid.yaml", place / "whole")
    assert ms.read_sweep(place / "out").equals(ms.read_sweep(place / "whole"))
    CHANGES["rules.yaml"](place)
    unfinished = ms.sweep(place / "grid.yaml", place / "rules")
    assert unfinished.kept == 0
    with pytest.raises(MicrosimError, match="cannot be resumed: financing changed"):
        begin_and_resume_with_other_rules(place)


def begin_and_resume_with_other_rules(place: Path) -> None:
    def stop(step: str) -> None:
        if step.startswith("scenarios 2"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ms.sweep(place / "grid.yaml", place / "third", progress=stop)
    CHANGES["rules.yaml"](place)
    ms.sweep(place / "grid.yaml", place / "third", resume=True)
