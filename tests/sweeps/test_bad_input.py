"""Each bad sweep file stands beside the words that its message must contain."""

from __future__ import annotations

from pathlib import Path

import pytest

from microsim.errors import MicrosimError
from microsim.sweeps.grid import read_grid

FOLDER = Path(__file__).resolve().parents[1] / "bad_input" / "sweep"
FILES = sorted(FOLDER.glob("*.yaml"))


@pytest.fixture(autouse=True)
def from_the_checkout(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths in messages are relative to the working folder."""
    monkeypatch.chdir(root)


def test_every_bad_file_has_its_words() -> None:
    assert FILES
    assert {path.stem for path in FILES} == {path.stem for path in FOLDER.glob("*.words")}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_bad_file_is_refused_in_these_words(path: Path) -> None:
    with pytest.raises(MicrosimError) as caught:
        read_grid(path)
    message = str(caught.value)
    for words in path.with_suffix(".words").read_text(encoding="utf-8").splitlines():
        assert words in message


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_offences_stand_in_the_order_of_the_file(path: Path) -> None:
    with pytest.raises(MicrosimError) as caught:
        read_grid(path)
    own = [offence.place for offence in caught.value.offences if path.name in offence.place]
    places = [tuple(map(int, place.split(":")[-2:])) for place in own]
    assert places == sorted(places)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(MicrosimError, match="no such file"):
        read_grid(FOLDER / "not-there.yaml")


def test_a_mapping_is_told_by_its_keys() -> None:
    with pytest.raises(MicrosimError) as caught:
        read_grid(
            {"scenario": "scenarios/h-county-2020.yaml", "axes": {"dibao.lne": [1]}, "output": ["cost"]}
        )
    assert str(caught.value).splitlines() == [
        "the sweep cannot be run",
        "  output: no such key 'output'; did you mean 'outputs'?",
        "  axes.dibao.lne: dibao.lne: no such parameter; did you mean 'dibao.line'? "
        "(microsim params dibao lists them)",
    ]
