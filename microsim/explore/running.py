"""From a session to a page in the browser, and to its end by Ctrl-C."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import webbrowser
from collections.abc import Callable
from functools import partial
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from microsim.documents import shown
from microsim.errors import InputError, Offence
from microsim.report.text import in_words

if TYPE_CHECKING:
    from microsim.explore.session import Session

INSTALL = "pip install 'microsim[explore]'"
WORDS = {
    "address": {"en": "Open this address in a browser of this computer:", "zh": "请在本机浏览器中打开："},
    "whole": {
        "en": "Whoever has the whole address can use the page. Settings are saved in {folder}. "
        "Ctrl-C ends it.",
        "zh": "持有完整网址者均可使用本页。方案保存在{folder}。按Ctrl-C结束。",
    },
    "ended": {
        "en": "Ended: the page is no longer served, and what was saved is kept.",
        "zh": "已结束：网页不再提供，已保存的方案保留。",
    },
}
say = partial(in_words, WORDS)


def require_server() -> None:
    """Raise ``InputError`` where the library that serves the page is not installed."""
    if find_spec("tornado") is None:
        raise InputError(Offence("the page needs Tornado, which is not installed", "", INSTALL))


def run_page(
    session: Session, port: int, print_line: Callable[[str], None], lang: str, *, browser: bool
) -> None:
    """Serve a session's page until Ctrl-C, which is how it ends: without an error.

    ``print_line`` is given what the user must know. A request to terminate is passed on once all is closed.
    """
    from microsim.explore.server import serve

    with tempfile.TemporaryDirectory(prefix="microsim-") as passing:

        def ready(address: str) -> None:
            print_line(say("address", lang))
            print_line(address)
            print_line(say("whole", lang, folder=shown(session.folder)))
            sys.stdout.flush()
            if browser and _has_screen():
                webbrowser.open(_leading_to(address, Path(passing)).as_uri())

        try:
            asyncio.run(serve(session, port, ready))
        except KeyboardInterrupt as stop:
            if type(stop) is not KeyboardInterrupt:
                raise
    print_line(say("ended", lang))


def _has_screen() -> bool:
    """Whether there is a screen for a browser; one for the terminal would take the terminal."""
    other = sys.platform in ("win32", "darwin", "cygwin")
    return other or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _leading_to(address: str, folder: Path) -> Path:
    """A file that only its owner can read and that leads to the address.

    A browser that is started with the address itself would show it to everybody who lists processes.
    """
    path = folder / "open.html"
    text = (
        f'<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={escape(address)}">'
    )
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path
