"""Each bad sweep file stands beside the words that its message must contain."""

from __future__ import annotations

from pathlib import Path

import pytest

from microsim.errors import MicrosimError
from microsim.sweeps.sweep_file import read_grid
from tests.bad_files import bad_files, check_order, check_that_all_have_words, refused


@pytest.fixture(autouse=True)
def from_the_checkout(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths in messages are relative to the working folder."""
    monkeypatch.chdir(root)


def test_every_bad_file_has_its_words() -> None:
    check_that_all_have_words("sweep")


@pytest.mark.parametrize("path", bad_files("sweep"), ids=lambda path: path.stem)
def test_a_bad_file_is_refused_in_these_words_and_in_its_order(path: Path) -> None:
    check_order(refused(read_grid, path), path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MicrosimError, match="no such file"):
        read_grid(tmp_path / "not-there.yaml")


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
