"""Ctrl-C and `kill` while processes are started and ended: heard at once, answered when that is done.

Dask leaves processes behind, and prints the errors of those that are half started, where it is interrupted in
the middle of either; both take seconds.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def answered_afterwards() -> Iterator[None]:
    """What Ctrl-C and ``kill`` do is done at the end of the block.

    Processes and threads that are started within do not get Ctrl-C, which a terminal sends to all: whoever
    started them ends them.
    """
    if threading.current_thread() is not threading.main_thread():  # no other one may handle signals
        yield
        return
    heard: list[tuple[int, FrameType | None]] = []
    before = {number: signal.getsignal(number) for number in SIGNALS}
    ours = [number for number in SIGNALS if callable(before[number])]  # not what is ignored
    for number in ours:
        signal.signal(number, lambda number, frame: heard.append((number, frame)))
    try:
        with _inherited():
            yield
    finally:
        for number in ours:
            signal.signal(number, before[number])
    if heard:
        first, frame = heard[0]
        handler = before[signal.Signals(first)]
        assert callable(handler)
        handler(first, frame)


@contextmanager
def _inherited() -> Iterator[None]:
    """Ctrl-C does not reach threads and processes that are started within; Windows has no such thing."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing.resource_tracker import ensure_running

    ensure_running()  # by itself, as it would let the signal through to what comes after it
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
