"""The page of a session, served in a thread of the test's own process."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from microsim.explore.server import serve
from microsim.explore.session import Session


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Served:
    """A page at its address; ``get`` and ``post`` below the token unless the path begins with a slash."""

    def __init__(self, address: str) -> None:
        self.address = address
        parts = urlsplit(address)
        assert parts.hostname
        assert parts.port
        self.host, self.port, self.path = parts.hostname, parts.port, parts.path

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=300)
        try:
            where = path if path.startswith("/") else self.path + path
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            content = body if isinstance(body, bytes | None) else json.dumps(body).encode("utf-8")
            connection.request(method, where, content, sent)
            reply = connection.getresponse()
            return Reply(reply.status, dict(reply.getheaders()), reply.read())
        finally:
            connection.close()

    def get(self, path: str = "", **headers: str) -> Reply:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Reply:
        return self.ask("POST", path, body, **headers)


@contextmanager
def served(session: Session, port: int = 0) -> Iterator[Served]:
    """The page, until the block ends."""
    addresses: list[str] = []
    begun, loop = threading.Event(), asyncio.new_event_loop()

    def ready(address: str) -> None:
        addresses.append(address)
        begun.set()

    task = loop.create_task(serve(session, port, ready))

    def run() -> None:
        try:
            loop.run_until_complete(task)
        except asyncio.CancelledError:
            pass  # is how the block ends
        finally:
            begun.set()

    thread = threading.Thread(target=run)
    thread.start()
    begun.wait(60)
    try:
        yield Served(addresses[0])
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(60)
        loop.close()
