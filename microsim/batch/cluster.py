"""Tasks in other processes: those of a Dask cluster, which is started here or exists already.

Each process gets the work once, as a plugin, so that one that is started in place of another that died has
it too; after that it gets numbers. A task that is computed twice, since nobody heard of its end, gives the
same rows, and one copy is taken. No more tasks are under way than keep the processes busy.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.batch.interrupts import answered_afterwards
from microsim.batch.work import Work
from microsim.errors import DataError, InputError, MicrosimError, Offence, warn

if TYPE_CHECKING:
    import pyarrow as pa
    from distributed import Client, Future, LocalCluster

    Outcomes = Iterator[tuple[int, pa.Table | MicrosimError]]

AHEAD = 2  # tasks sent for each process: the one it computes, and the next
# The end of a process counts against all tasks that it had, of which at most one is to blame: tasks that this
# befalls more often are computed again one by one at the end, and then each answers for itself.
DEATHS = 5
COUNTED = 5.0  # seconds after which the processes of a cluster are counted again
PATIENCE = 20.0  # seconds until a scheduler has to answer


@contextmanager
def opened(
    work: Work, processes: int | None, scheduler: str | None
) -> Iterator[Callable[[Sequence[int]], Outcomes]]:
    """Processes that have the work: a function that gives, for numbers of tasks, rows or error as they come.

    Raises ``MicrosimError`` where Dask is not installed and where no scheduler answers.
    """
    _refuse_without_dask()
    with _client(processes, scheduler) as client, _handed(work, client, scheduler is None) as key:
        yield lambda numbers: _window(client, key, numbers, work.name)


def _window(client: Client, key: str, numbers: Sequence[int], name: Callable[[int], str]) -> Outcomes:
    from distributed import as_completed
    from distributed.scheduler import KilledWorker

    from microsim.batch.in_worker import answer

    left = iter(numbers)
    running: dict[Future[Any], int] = {}
    arriving = as_completed(loop=client.loop)
    said: set[str] = set()
    suspects: list[int] = []
    processes, counted = 1, -COUNTED

    def submit(number: int, kind: str = "") -> Future[Any]:
        return client.submit(answer, key, number, key=f"{key}-{number}{kind}", pure=False)

    def send() -> None:
        nonlocal processes, counted
        if time.monotonic() - counted >= COUNTED:  # some may have come or gone
            processes = max(1, len(client.nthreads()))
            counted = time.monotonic()
        while len(running) < AHEAD * processes:
            number = next(left, None)
            if number is None:
                return
            future = submit(number)
            running[future] = number
            arriving.add(future)

    def result(future: Future[Any]) -> pa.Table | MicrosimError:
        outcome, warned = future.result()
        for text in warned:
            if text not in said:
                said.add(text)
                warn(text)
        return outcome

    send()
    while running:
        future = next(arriving)
        number = running.pop(future)
        try:
            outcome = result(future)
        except KilledWorker:
            suspects.append(number)
            continue
        finally:
            future.release()
            send()
        yield number, outcome
    for number in suspects:
        try:
            outcome = result(submit(number, "-alone"))
        except KilledWorker:
            times = DEATHS + 1
            message = f"the process that computed {name(number)} ended before it was done, {times} times"
            outcome = DataError(Offence(message, hint="it may need more memory than there is"))
        yield number, outcome


@contextmanager
def _handed(work: Work, client: Client, ours: bool) -> Iterator[str]:
    """Have every process, also one that comes later, hold the work under the name that is given."""
    import uuid

    import cloudpickle

    from microsim.batch.in_worker import Holding

    key = f"microsim-{uuid.uuid4().hex[:12]}"
    client.register_plugin(Holding(key, cloudpickle.dumps(work), ours))
    try:
        yield key
    finally:
        with suppress(Exception):  # the cluster may be what ended
            client.unregister_worker_plugin(key)


@contextmanager
def _client(processes: int | None, scheduler: str | None) -> Iterator[Client]:
    with _of_address(scheduler) if scheduler is not None else _started(processes) as client:
        yield client


@contextmanager
def _of_address(scheduler: str) -> Iterator[Client]:
    from distributed import Client

    try:
        client = Client(scheduler, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        hint = "see whether it runs: dask scheduler, and dask worker with its address"
        reason = str(error).splitlines()[0]
        raise InputError(Offence(f"no Dask scheduler answers there ({reason})", scheduler, hint)) from None
    try:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            message = "this Dask scheduler has no processes"
            raise InputError(Offence(message, scheduler, f"start one: dask worker {scheduler}")) from None
        client.run_on_scheduler(_allow_deaths, deaths=DEATHS)
        yield client
    finally:
        client.close()


def _allow_deaths(dask_scheduler: Any, deaths: int) -> None:
    dask_scheduler.allowed_failures = max(dask_scheduler.allowed_failures, deaths)


@contextmanager
def _started(processes: int | None) -> Iterator[Client]:
    import dask
    from distributed import Client, LocalCluster

    refuse_unguarded_main()
    settings = {
        "distributed.scheduler.allowed-failures": DEATHS,
        "distributed.worker.multiprocessing-method": "spawn",
        # Samples of what runs, a tree a second, would be kept for as long as the process lives.
        "distributed.worker.profile.enabled": False,
        # Memory goes back to the system as everywhere else, not after every array: a quarter less time.
        "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None,
    }
    with dask.config.set(settings), ExitStack() as begun:
        with answered_afterwards():
            cluster = LocalCluster(
                n_workers=processes,
                threads_per_worker=1,
                processes=True,
                memory_limit=0,  # the engine looks whether there is room; killing processes helps nobody
                dashboard_address="127.0.0.1:0",  # a free port; the usual one may be another cluster's
                silence_logs=logging.CRITICAL,
                env={"NUMBA_NUM_THREADS": "1", "MICROSIM_THREADS": "1"},
            )
            begun.callback(_close, cluster)
            client = Client(cluster, set_as_default=False)
            begun.callback(_close, client)
        yield client


def _close(one: Client | LocalCluster) -> None:
    with answered_afterwards():
        one.close()


def _refuse_without_dask() -> None:
    try:
        import distributed  # noqa: F401
    except ImportError:
        message = "several processes need Dask, which is not installed"
        hint = "pip install 'microsim[dask]'; or use --workers, threads of one process"
        raise InputError(Offence(message, hint=hint)) from None


def refuse_unguarded_main() -> None:
    """Raise where new processes would run the user's script from its beginning, and so start more of them."""
    path = getattr(sys.modules.get("__main__"), "__file__", None)
    if path is None or not str(path).endswith(".py"):
        return
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return
    if "__main__" not in text:
        message = "each new process begins by reading this script, and would start processes itself"
        hint = "put what is to run below a line: if __name__ == '__main__':"
        raise InputError(Offence(message, str(path), hint))
