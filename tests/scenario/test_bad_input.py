"""Each bad scenario file stands beside the words that its message must contain."""

from __future__ import annotations

from pathlib import Path

import pytest

from microsim.errors import MicrosimError
from microsim.scenario import load_scenario

FOLDER = Path(__file__).resolve().parents[1] / "bad_input" / "scenario"
FILES = sorted(FOLDER.glob("*.yaml"))


def test_every_bad_file_has_its_words() -> None:
    assert FILES
    assert {path.stem for path in FILES} == {path.stem for path in FOLDER.glob("*.words")}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_bad_file_is_refused_in_these_words(path: Path) -> None:
    with pytest.raises(MicrosimError) as caught:
        load_scenario(path)
    message = str(caught.value)
    for words in path.with_suffix(".words").read_text(encoding="utf-8").splitlines():
        assert words in message


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_offences_stand_in_the_order_of_the_file(path: Path) -> None:
    with pytest.raises(MicrosimError) as caught:
        load_scenario(path)
    places = [
        offence.place.split(":")[-2:] for offence in caught.value.offences if offence.place.count(":") >= 2
    ]
    assert places == sorted(places, key=lambda place: (int(place[0]), int(place[1])))


def test_a_missing_file_is_named() -> None:
    with pytest.raises(MicrosimError, match="no such file"):
        load_scenario(FOLDER / "not-there.yaml")
