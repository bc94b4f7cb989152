"""The page over HTTP, to this computer and to those who have the whole address only.

Whoever else works on the computer can reach the port, but not guess the token that every address begins
with. There is no cookie, which other servers of the same computer would be sent too, and no websocket.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from socket import create_server
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RequestHandler

from microsim.errors import InputError, MicrosimError, Offence
from microsim.explore.page import FILES, POLICY, page
from microsim.explore.saving import ExistsError, UnsavedError, brief_of_setting, save, suggested_title
from microsim.explore.shown import answer_data, say
from microsim.language import LANGUAGES, language, speak

if TYPE_CHECKING:
    from microsim.explore.session import Session
    from microsim.language import Lang

HERE = "127.0.0.1"
NAMES = (HERE, "localhost")  # by which a browser of this computer may call it
LARGEST = 1 << 16  # bytes of a request
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
MIME = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
}
T = TypeVar("T")


class Work:
    """A session, and the one thread in which it is asked: a second question waits for the first.

    ``hosts``: the names and ports by which browsers of this computer may call it.
    """

    def __init__(self, session: Session, token: str, port: int) -> None:
        self.session, self.token = session, token
        self.hosts = tuple(f"{name}:{port}" for name in NAMES)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="microsim-explore")

    async def do(self, lang: Lang, job: Callable[[], T]) -> T:
        """What ``job`` gives, with its messages in ``lang``."""

        def spoken_job() -> T:
            before = language()
            speak(lang)
            try:
                return job()
            except MicrosimError as error:
                raise _SaidError(error, str(error)) from error
            finally:
                speak(before)

        return await asyncio.get_running_loop().run_in_executor(self._thread, spoken_job)

    def close(self) -> None:
        """Wait for what is being computed, and begin nothing else."""
        self._thread.shutdown(wait=True, cancel_futures=True)


class _SaidError(Exception):
    """An error of the library with its text in the language of whoever asked."""

    def __init__(self, error: MicrosimError, text: str) -> None:
        super().__init__(text)
        self.error, self.text = error, text


class Guarded(RequestHandler):
    """A request: refused without the token, under another name of this computer, or from another page."""

    work: Work

    def initialize(self, work: Work) -> None:
        self.work = work

    def set_default_headers(self) -> None:
        for name, value in HEADERS.items():
            self.set_header(name, value)
        self.clear_header("Server")

    def prepare(self) -> None:
        given = self.request.path.split("/")[1] if self.request.path.startswith("/") else ""
        hosts, origin = self.work.hosts, self.request.headers.get("Origin")
        if (
            not hmac.compare_digest(given.encode("utf-8"), self.work.token.encode("utf-8"))
            or self.request.host not in hosts
            or (origin is not None and origin.removeprefix("http://") not in hosts)
        ):
            raise HTTPError(403)

    def write_error(self, status_code: int, **_: Any) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        text = "\n".join(say("forbidden", lang) for lang in LANGUAGES) if status_code == 403 else self._reason
        self.finish(f"{text}\n")

    @property
    def lang(self) -> Lang:
        """The language that is asked for, else that of the command."""
        said = self.get_query_argument("lang", "")
        return next((one for one in LANGUAGES if one == said), language(self.work.session.scenario.language))


class Refused(Guarded):
    """Every address that is none of the page's."""

    def prepare(self) -> None:
        super().prepare()
        raise HTTPError(404)


class Page(Guarded):
    """The page."""

    async def get(self) -> None:
        lang = self.lang
        text = await self.work.do(lang, lambda: page(self.work.session, lang))
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(text)


class File(Guarded):
    """Script, style and font."""

    def get(self, name: str) -> None:
        path, kind = FILES[name]
        self.set_header("Content-Type", kind)
        self.finish(path.read_bytes())


class Asked(Guarded, ABC):
    """A question of the page's script: JSON in, JSON out; what is refused is said in words."""

    async def post(self) -> None:
        try:
            asked = json.loads(self.request.body)
        except ValueError:
            raise HTTPError(400) from None
        if not isinstance(asked, dict):
            raise HTTPError(400)
        lang = self.lang
        try:
            self.finish(await self.work.do(lang, lambda: self.answered(asked, lang)))
        except _SaidError as said:
            self.set_status(409 if isinstance(said.error, ExistsError | UnsavedError) else 400)
            self.finish({"error": said.text, "unsaved": isinstance(said.error, UnsavedError)})

    @abstractmethod
    def answered(self, asked: dict[str, Any], lang: Lang) -> Any:
        """The reply to one question: data for the script, or the bytes of a file."""


class Answered(Asked):
    """The figures of one or two settings beside the scenario as it is."""

    def answered(self, asked: dict[str, Any], lang: Lang) -> Any:
        session, begun = self.work.session, perf_counter()
        answers = {"base": session.base}
        for side in ("a", "b"):
            if asked.get(side) is not None:
                answers[side] = session.answer(session.settings(asked[side]))
        data = answer_data(session, answers, str(asked.get("family", "")), lang)
        titles = {side: suggested_title(session, found.settings)[lang] for side, found in answers.items()}
        return {**data, "titles": titles, "took": say("took", lang, s=f"{perf_counter() - begun:.1f}")}


class Saved(Asked):
    """A setting is saved as a scenario file."""

    def answered(self, asked: dict[str, Any], lang: Lang) -> Any:
        from microsim.documents import shown

        session = self.work.session
        settings = session.settings(asked.get("settings"))
        suggested, title = suggested_title(session, settings), asked.get("title")
        own = title.strip() if isinstance(title, str) else ""
        said: dict[str, str] = suggested if own in ("", suggested[lang]) else {lang: own}
        path = save(session, settings, str(asked.get("name", "")), said, replace=asked.get("replace") is True)
        return {"text": say("saved", lang, file=shown(path))}


class Briefed(Asked):
    """The brief of a setting, as the file that the browser stores."""

    def answered(self, asked: dict[str, Any], lang: Lang) -> Any:
        session = self.work.session
        settings, form = session.settings(asked.get("settings")), str(asked.get("format", ""))
        name, content = brief_of_setting(session, settings, form, lang)
        self.set_header("Content-Type", MIME[form])
        self.set_header("X-File-Name", _escaped(name))
        return content


def _escaped(name: str) -> str:
    from urllib.parse import quote

    return quote(name)


def application(work: Work) -> Application:
    """All addresses of the page; every other one is refused."""
    here = r"/[^/]*"
    with_work = {"work": work}
    files = "|".join(name.replace(".", r"\.") for name in FILES)
    return Application(
        [
            (rf"{here}/", Page, with_work),
            (rf"{here}/({files})", File, with_work),
            (rf"{here}/answer", Answered, with_work),
            (rf"{here}/save", Saved, with_work),
            (rf"{here}/brief", Briefed, with_work),
            (r".*", Refused, with_work),
        ],
        log_function=lambda handler: None,  # an address holds the token: it is written nowhere
        compress_response=True,
    )


async def serve(session: Session, port: int, ready: Callable[[str], None]) -> None:
    """Serve the page of a session until the task is cancelled; ``ready`` is called with its address.

    ``port`` 0 takes a free one. Raises ``InputError`` where the port is taken.
    """
    try:
        listening = create_server((HERE, port), backlog=64)
    except OSError:
        message = f"port {port} of this computer is in use, or may not be used"
        raise InputError(Offence(message, "--port", "name another, or leave --port out")) from None
    listening.setblocking(False)
    port = listening.getsockname()[1]
    work = Work(session, secrets.token_urlsafe(24), port)
    server = HTTPServer(application(work), max_buffer_size=LARGEST, max_body_size=LARGEST)
    server.add_socket(listening)
    try:
        ready(f"http://{HERE}:{port}/{work.token}/")
        await asyncio.Event().wait()
    finally:
        server.stop()
        await server.close_all_connections()
        work.close()
