"""Each bad scenario file stands beside the words that its message must contain."""

from __future__ import annotations

from pathlib import Path

import pytest

from microsim.errors import MicrosimError
from microsim.scenario import load_scenario
from tests.bad_files import bad_files, check_order, check_that_all_have_words, refused


def test_every_bad_file_has_its_words() -> None:
    check_that_all_have_words("scenario")


@pytest.mark.parametrize("path", bad_files("scenario"), ids=lambda path: path.stem)
def test_a_bad_file_is_refused_in_these_words_and_in_its_order(path: Path) -> None:
    check_order(refused(load_scenario, path), path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MicrosimError, match="no such file"):
        load_scenario(tmp_path / "not-there.yaml")
