"""What runs in a process of a cluster: it holds the work, and answers with the rows of each task."""

from __future__ import annotations

import pickle
import signal
import sys
import threading
import warnings
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from distributed import WorkerPlugin

from microsim.batch.work import StopRunError, Work
from microsim.errors import MicrosimError, MicrosimWarning, Offence

if TYPE_CHECKING:
    import pyarrow as pa

    Answer = tuple[pa.Table | MicrosimError, list[str]]

SAME = ("microsim", "numpy", "numba", "pyarrow")  # packages whose version decides the last bits

_held: dict[str, Holding] = {}
_one_at_a_time = threading.Lock()  # a process of somebody else's cluster may have several threads


class Holding(WorkerPlugin):
    """Keeps the work in a process as bytes; the first task opens it.

    ``ours``: in a process that was started for this work alone.
    """

    def __init__(self, key: str, content: bytes, ours: bool) -> None:
        self.name, self._content, self._versions, self._ours = key, content, versions(), ours
        self._work: Work | None = None

    def setup(self, worker: Any) -> None:
        """A process takes the work in hand."""
        _held[self.name] = self
        if self._ours and threading.current_thread() is threading.main_thread():
            # Ctrl-C reaches every process of a terminal; the one that started this process ends it.
            signal.signal(signal.SIGINT, signal.SIG_IGN)

    def teardown(self, worker: Any) -> None:
        """The work is done."""
        _held.pop(self.name, None)

    def work(self) -> Work:
        """The work, opened. Raises where this process would not give the same bits."""
        if self._work is None:
            here = versions()
            for name, wanted in self._versions.items():
                if here[name] != wanted:
                    message = f"a process of the cluster has {name} {here[name]}, not {wanted}"
                    raise StopRunError(Offence(message))
            try:
                self._work = pickle.loads(self._content)
            except MicrosimError as error:
                raise StopRunError(error.offences) from None
        assert self._work is not None
        return self._work


def versions() -> dict[str, str]:
    """The versions of Python and of the packages that decide the last bits of rows."""
    return {"Python": "{}.{}".format(*sys.version_info), **{name: version(name) for name in SAME}}


def answer(key: str, number: int) -> Answer:
    """One task: its rows, or why it fails; and what it warned of."""
    with _one_at_a_time, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", MicrosimWarning)
        outcome: pa.Table | MicrosimError
        try:
            outcome = _held[key].work().rows(number, 1)
        except MicrosimError as error:
            outcome = error
    return outcome, [str(one.message) for one in caught if issubclass(one.category, MicrosimWarning)]
