"""Headless Chromium, driven as a person drives it: by clicks and keys at places of the page.

It speaks the browser's own protocol (DevTools) through the websocket client that comes with Tornado.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tornado.httpclient import AsyncHTTPClient
from tornado.websocket import WebSocketClientConnection, websocket_connect

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 120.0  # seconds; a busy machine compiles and draws slowly


def program() -> str | None:
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


class Browser:
    """One page in one browser. ``requested``: every address that the page asked for."""

    def __init__(self, loop: asyncio.AbstractEventLoop, socket: WebSocketClientConnection) -> None:
        self._loop, self._socket, self._numbers = loop, socket, itertools.count(1)
        self.requested: list[str] = []
        self.complaints: list[str] = []

    def command(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self._loop.run_until_complete(self._command(method, parameters))

    async def _command(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        number = next(self._numbers)
        await self._socket.write_message(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            text = await asyncio.wait_for(self._socket.read_message(), PATIENCE)
            assert text is not None, "the browser has gone"
            said = json.loads(text)
            if said.get("id") == number:
                assert "error" not in said, (method, said["error"])
                return dict(said["result"])
            self._note(said)

    def _note(self, said: dict[str, Any]) -> None:
        if said.get("method") == "Network.requestWillBeSent":
            self.requested.append(said["params"]["request"]["url"])
        elif said.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(said["params"]["exceptionDetails"]))
        elif said.get("method") == "Log.entryAdded" and said["params"]["entry"]["level"] == "error":
            self.complaints.append(said["params"]["entry"]["text"])

    def evaluate(self, script: str) -> Any:
        done = self.command("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in done, (script, done)
        return done["result"].get("value")

    def until(self, script: str) -> Any:
        """The value of a script once it is true."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if found := self.evaluate(script):
                return found
            time.sleep(0.05)
        raise AssertionError(f"never true: {script}\n{self.evaluate('document.body.innerText')[:2000]}")

    def open(self, address: str, ready: str) -> None:
        self.command("Page.navigate", url=address)
        self.until(f"document.readyState === 'complete' && !!({ready})")

    def click(self, selector: str) -> None:
        """Press the mouse in the middle of an element, which must be what is seen there."""
        box = self.until(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); if (!e) return null;"
            "e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect();"
            "const x = r.x + r.width / 2, y = r.y + r.height / 2, top = document.elementFromPoint(x, y);"
            "return r.width && top && (e === top || e.contains(top)) ? [x, y] : null; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.command(
                "Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1
            )

    def drag(self, selector: str, share: float) -> None:
        """Take a slider to a share of its length: pressed there, as people do."""
        box = self.until(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            "e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect();"
            "return r.width ? [r.x, r.y + r.height / 2, r.width] : null; })()"
        )
        x, y, wide = box
        for kind in ("mousePressed", "mouseReleased"):
            self.command(
                "Input.dispatchMouseEvent", type=kind, x=x + 8 + share * (wide - 16), y=y, button="left",
                clickCount=1,
            )  # fmt: skip

    def key(self, name: str, code: int) -> None:
        for kind in ("keyDown", "keyUp"):
            self.command("Input.dispatchKeyEvent", type=kind, key=name, code=name, windowsVirtualKeyCode=code)

    def write(self, selector: str, text: str) -> None:
        """Type into a field, in place of what is in it, and leave it."""
        self.click(selector)
        self.evaluate("document.activeElement.select()")
        self.command("Input.insertText", text=text)
        self.key("Tab", 9)

    def picture(self, path: Path, width: int, height: int, whole: bool = True) -> None:
        self.resize(width, height)
        shot = self.command("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(shot["data"]))

    def resize(self, width: int, height: int) -> None:
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        self.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 100)))")


@contextmanager
def browser(downloads: Path) -> Iterator[Browser]:
    """A fresh browser that stores what it downloads in a folder."""
    found = program()
    assert found is not None
    with tempfile.TemporaryDirectory(prefix="microsim-chromium-", ignore_cleanup_errors=True) as profile:
        options = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync")
        quiet = ("--disable-background-networking", "--disable-component-update", "--disable-default-apps")
        process = subprocess.Popen(
            [
                found,
                *options,
                *quiet,
                "--remote-debugging-port=0",
                f"--user-data-dir={profile}",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        loop = asyncio.new_event_loop()
        try:
            port = _until(lambda: _port(Path(profile) / "DevToolsActivePort"))
            page = loop.run_until_complete(_page(port))
            socket = loop.run_until_complete(_connected(page))
            made = Browser(loop, socket)
            for domain in ("Page", "Network", "Runtime", "Log"):
                made.command(f"{domain}.enable")
            made.command("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(downloads))
            yield made
        finally:
            process.terminate()
            process.wait(30)
            loop.close()


def _until(found: Callable[[], Any]) -> Any:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if value := found():
            return value
        time.sleep(0.05)
    raise AssertionError("Chromium did not start")


def _port(file: Path) -> str:
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    return match[1] if (match := re.match(r"(\d+)\n", text)) else ""


async def _connected(page: str) -> WebSocketClientConnection:
    return await websocket_connect(page, max_message_size=1 << 28)


async def _page(port: str) -> str:
    reply = await AsyncHTTPClient().fetch(f"http://127.0.0.1:{port}/json/list", request_timeout=PATIENCE)
    return str(next(one["webSocketDebuggerUrl"] for one in json.loads(reply.body) if one["type"] == "page"))
