"""Ctrl-C and `kill`: what they do to a command. Imports nothing that takes time."""

from __future__ import annotations

# Not `signal`, which imports enum: for as long as that takes, Ctrl-C would print a traceback.
import _signal as signal  # type: ignore[import-not-found]
import os

TYPE_CHECKING = False  # typing itself takes a hundredth of a second
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import NoReturn

INTERRUPTED, TERMINATED = 130, 143  # 128 + SIGINT and + SIGTERM, as shells count


class TerminatedError(KeyboardInterrupt):
    """The system asks to end (SIGTERM): cleaned up after like Ctrl-C."""


_ours = False  # whether the process is a command of microsim, so that its signals are ours to handle


def leave_at_once(*_: object) -> NoReturn:
    """For while nothing is begun, or everything done: there is nothing to clean up."""
    os.write(2, b"interrupted; nothing incomplete is left behind\n")
    os._exit(TERMINATED if _[:1] == (signal.SIGTERM,) else INTERRUPTED)


def stop_work(number: int, frame: FrameType | None) -> NoReturn:
    """For while something is being done: an exception, so that it is cleaned up."""
    raise TerminatedError if number == signal.SIGTERM else KeyboardInterrupt


def on_signals(handler: Callable[[int, FrameType | None], object]) -> None:
    """Handle both signals so, unless the process belongs to somebody else (a notebook, a test)."""
    if _ours:
        for number in (signal.SIGINT, signal.SIGTERM):
            # What the caller wants ignored (nohup, a background job) stays ignored.
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, handler)


def begin() -> None:
    """This process is a command of microsim."""
    global _ours
    _ours = True
    on_signals(leave_at_once)
