"""Running work: its tasks in this process or in several, their rows into a store, part by part."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from microsim.batch.store import Store
from microsim.batch.work import Done, Step, StopRunError, Work
from microsim.errors import InputError, MicrosimError, Offence

if TYPE_CHECKING:
    import pyarrow as pa

    # Number -> rows or error, in the order in which they are there.
    Outcomes = Iterator[tuple[int, pa.Table | MicrosimError]]

Progress = Callable[[str], object]
Description = tuple[Mapping[str, Any], Mapping[str, Any]]


def run(
    work: Work,
    store: Store,
    *,
    describe: Callable[[Iterator[pa.Table]], Description],
    workers: int | None = None,
    processes: int | None = None,
    scheduler: str | None = None,
    resume: bool = False,
    restart: bool = False,
    progress: Progress = lambda text: None,
) -> Done:
    """Run all tasks of ``work`` and keep their rows in ``store``.

    ``describe`` gets the finished parts' tables, one after another, and gives what ``manifest.json`` and
    ``summary.json`` say. ``workers``: threads of one task in this process (default: one a processor).
    ``processes``: so many processes of this computer with one thread each, ``scheduler``: those of the Dask
    cluster at this address; rows are the same, bit for bit. ``resume``: go on with what was stopped, and
    leave alone what is finished; parts that are missing or damaged and tasks that failed are done again.
    ``restart``: take the place of finished results of another file. ``progress`` is called with the name of
    each task (a ``Step``): in this process as it begins, otherwise when its rows are here.

    A task that raises ``MicrosimError`` is noted as failed and the others go on; after ``StopRunError`` none
    does. Raises ``MicrosimError`` where no task has rows, and what ``check_options``,
    ``Store.refuse_foreign`` and ``Store.begin`` raise.
    """
    check_options(workers, processes, scheduler, resume and restart)
    began = time.monotonic()
    with store.locked():
        store.refuse_foreign(restart)
        if resume and store.is_whole():
            store.tidy()
            return Done(work.count, work.count, seconds=time.monotonic() - began)
        with _opened(work, workers, processes, scheduler, progress) as outcomes_of:
            begun, replaced = store.begin(resume), store.replaced()
            todo = [number for number in range(work.count) if number not in begun.kept]
            for number, outcome in outcomes_of(todo):
                if isinstance(outcome, StopRunError):
                    raise outcome
                if isinstance(outcome, MicrosimError):
                    store.fail(number, work.name(number), outcome)
                else:
                    store.add(number, outcome, work.name(number))
        failed = store.failures()
        if len(failed) == work.count:
            _raise_all([one.error for one in failed])
        progress("writing")
        store.finish(*describe(store.tables()))
    return Done(
        work.count,
        len(begun.kept),
        begun.damaged,
        failed,
        begun.set_aside,
        replaced,
        time.monotonic() - began,
    )


def check_options(
    workers: int | None, processes: int | None, scheduler: str | None, resume_and_restart: bool = False
) -> None:
    """Raise ``MicrosimError`` for options that are no numbers or exclude each other."""
    offences = []
    if resume_and_restart:
        offences.append(Offence("resume and restart exclude each other", "resume", "give one of them"))
    for name, value in (("workers", workers), ("processes", processes)):
        if value is not None and (type(value) is not int or value < 1):
            offences.append(Offence(f"{name} is {value!r}", name, "a whole number from 1"))
    if scheduler is not None and "://" not in scheduler:
        hint = "the address of a Dask scheduler: tcp://10.0.0.1:8786"
        offences.append(Offence(f"this is no address: {scheduler}", "scheduler", hint))
    given = {"workers": workers, "processes": processes, "scheduler": scheduler}
    several = [name for name, value in given.items() if value is not None]
    if len(several) > 1:
        message = f"{' and '.join(several)} exclude each other"
        hint = "workers are threads of this process, processes have one thread each, a scheduler has its own"
        offences.append(Offence(message, several[0], hint))
    if offences:
        raise InputError(offences)


@contextmanager
def _opened(
    work: Work,
    workers: int | None,
    processes: int | None,
    scheduler: str | None,
    progress: Progress,
) -> Iterator[Callable[[Sequence[int]], Outcomes]]:
    """A function of the numbers of tasks; where there are no such processes, this raises at once."""
    if processes is None and scheduler is None:

        def here(todo: Sequence[int]) -> Outcomes:
            for done, number in enumerate(todo):
                progress(Step(work.name(number), done, len(todo)))
                try:
                    yield number, work.rows(number, workers)
                except MicrosimError as error:
                    yield number, error

        yield here
        return

    from microsim.batch.cluster import opened

    with opened(work, processes, scheduler) as outcomes_of:

        def elsewhere(todo: Sequence[int]) -> Outcomes:
            for done, (number, outcome) in enumerate(outcomes_of(todo), 1):
                yield number, outcome
                progress(Step(work.name(number), done, len(todo)))

        yield elsewhere


def _raise_all(errors: Iterable[MicrosimError]) -> None:
    """One error of all of them; of their kind, where that is one."""
    known = list(errors)
    if len(known) == 1:
        raise known[0]
    kinds = {type(error) for error in known}
    kind = kinds.pop() if len(kinds) == 1 else MicrosimError
    offences = list(dict.fromkeys(offence for error in known for offence in error.offences))
    raise kind(offences)
