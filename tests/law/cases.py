"""The hand-worked cases of the packaged law: one file of ``tests/cases/<programme>/`` each."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from microsim.studies.cases.case import Case, read_cases

FOLDER = Path(__file__).parents[1] / "cases"


@cache
def all_cases() -> tuple[Case, ...]:
    """Every case, by programme and name."""
    return tuple(read_cases([FOLDER]))


def outputs_of(cases: Iterable[Case]) -> list[str]:
    """Whatever any of these cases expects: one kernel serves all under the same rules."""
    return sorted({name for case in cases for name in (*case.of_household, *case.of_persons)})
