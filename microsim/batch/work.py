"""What is run: numbered tasks that each give a table, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from microsim.errors import InputError, MicrosimError

if TYPE_CHECKING:
    import pyarrow as pa

    from microsim.batch.parts import Damage


class StopRunError(InputError):
    """What concerns all tasks, and not the one at which it showed."""


class Work(Protocol):
    """Tasks 0 to ``count - 1``. Picklable: a worker process gets it once, and from then on only numbers.

    What is large, such as a population, is opened by ``rows`` where it runs, and may be kept there.
    """

    @property
    def count(self) -> int:
        """How many tasks there are."""
        ...

    @property
    def plan(self) -> Mapping[str, Any]:
        """What makes the work the one it is, as JSON: hashes of scenario, law and data, what varies, ..."""
        ...

    def name(self, number: int) -> str:
        """What a task is called where progress and failures are shown: "scenarios 1 to 100 of 500"."""
        ...

    def rows(self, number: int, threads: int | None) -> pa.Table:
        """The rows of a task: the same in any process, with any number of threads, in any order.

        All tasks give the same columns of the same types. ``MicrosimError``: this task fails, and no other;
        ``StopRunError``: the run ends here, and what is done is kept.
        """
        ...


@dataclass(frozen=True)
class Failure:
    """A task that failed: its number from 0, its name, and the error."""

    number: int
    name: str
    error: MicrosimError

    @property
    def reason(self) -> str:
        """The error in words, in the language of the moment."""
        return str(self.error)


class Step(str):
    """The name of a task, for ``progress``; with it, how many of the tasks of this run are ``done``."""

    done: int
    of: int

    def __new__(cls, text: str, done: int, of: int) -> Step:
        step = super().__new__(cls, text)
        step.done, step.of = done, of
        return step


@dataclass(frozen=True)
class Done:
    """What a run made: of ``count`` tasks, ``kept`` existed already, and those in ``failed`` have no rows.

    ``damaged`` are parts of an earlier run that were missing or no longer held what it wrote, and were made
    again; ``set_aside`` is the folder to which unfinished work was moved that this run does not continue.
    ``replaced``: when the results were made whose place these took. ``seconds``: how long it took.
    """

    count: int
    kept: int
    damaged: tuple[Damage, ...] = ()
    failed: tuple[Failure, ...] = ()
    set_aside: Path | None = None
    replaced: str | None = None
    seconds: float = 0.0
