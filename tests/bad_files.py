"""Bad files of ``tests/bad_input``, each beside the words that its message must contain."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from microsim.errors import MicrosimError

FOLDER = Path(__file__).resolve().parent / "bad_input"


def bad_files(kind: str, ending: str = "yaml") -> list[Path]:
    """The bad files of one kind, by name."""
    return sorted((FOLDER / kind).glob(f"*.{ending}"))


def words_of(path: Path) -> list[str]:
    """The lines that the message about a file must contain."""
    return path.with_suffix(".words").read_text(encoding="utf-8").splitlines()


def check_that_all_have_words(kind: str, ending: str = "yaml") -> None:
    """No file without words, and no words without a file."""
    files = bad_files(kind, ending)
    assert files
    assert {path.stem for path in files} == {path.stem for path in (FOLDER / kind).glob("*.words")}


def refused(read: Callable[[Path], object], path: Path) -> MicrosimError:
    """The error with which ``read`` refuses a bad file, in the words that stand beside it."""
    with pytest.raises(MicrosimError) as caught:
        read(path)
    message = str(caught.value)
    for words in words_of(path):
        assert words in message
    return caught.value


def check_order(error: MicrosimError, path: Path) -> None:
    """Offences in the file itself stand in its order."""
    own = [offence.place.split(":") for offence in error.offences if path.name in offence.place]
    places = [(int(place[-2]), int(place[-1])) for place in own if len(place) >= 3]
    assert places == sorted(places)
