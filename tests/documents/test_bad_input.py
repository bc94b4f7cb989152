"""Files that are no YAML, or more than anyone means: refused soon, with places, whatever they are of."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from microsim.cli.check import check
from tests.bad_files import bad_files, check_order, check_that_all_have_words, refused


@pytest.mark.parametrize("path", bad_files("documents"), ids=lambda path: path.stem)
def test_bad_documents_are_refused_with_their_place_and_soon(path: Path) -> None:
    begin = time.process_time()
    check_order(refused(check, path), path)
    assert time.process_time() - begin < 2.0


def test_every_bad_document_has_its_words() -> None:
    check_that_all_have_words("documents")
