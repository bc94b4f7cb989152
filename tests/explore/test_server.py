"""Who may read the page, what it sends, and that nothing is asked of another computer."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from functools import partial
from html import unescape
from pathlib import Path

import pytest

from microsim.errors import InputError
from microsim.explore import server
from microsim.explore.page import FILES
from microsim.explore.session import Session
from tests.explore.served import Served, served
from tests.language.sentences import chinese_in, english_in

MOVED = {"a": {"rural_line": 5040}, "b": None, "family": ""}
WEBSOCKET = {
    "Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
}  # fmt: skip


@pytest.fixture(scope="module")
def at(session: Session) -> Iterator[Served]:
    with served(session) as found:
        yield found


def test_the_address_cannot_be_guessed(at: Served, session: Session) -> None:
    token = at.path.strip("/")
    assert re.fullmatch(r"[\w-]{32}", token)  # 24 bytes of chance
    with served(session) as other:
        assert other.path != at.path


@pytest.mark.parametrize(
    "path", ["/", "/answer", "/explore.js", "/x/", "/x/answer", "//", "/%00/", "/%C3%A9/"]
)
def test_nothing_is_read_without_the_token(at: Served, path: str) -> None:
    for method in ("GET", "POST", "HEAD", "PUT", "OPTIONS"):
        reply = at.ask(method, path, b"{}" if method == "POST" else None)
        assert reply.status == 403, (method, path)
        assert "县" not in reply.text
        assert "county" not in reply.text
        assert at.path.strip("/") not in f"{reply.headers}{reply.text}"


def test_a_part_of_the_token_is_no_token(at: Served) -> None:
    token = at.path.strip("/")
    for wrong in (token[:-1], token + "A", token.swapcase(), f"x/{token}"):
        assert at.get(f"/{wrong}/").status == 403


def test_a_websocket_is_refused_with_and_without_the_token(at: Served) -> None:
    assert at.get("/", **WEBSOCKET).status == 403
    assert at.get("/websocket", **WEBSOCKET).status == 403
    for path in ("", "answer", "websocket"):
        reply = at.get(path, **WEBSOCKET)
        assert reply.status != 101
        assert "Sec-WebSocket-Accept" not in reply.headers


def test_another_name_of_the_computer_and_another_page_are_refused(at: Served) -> None:
    """Names that lead here by DNS, and scripts of other pages, cannot use the browser of somebody who may."""
    assert at.get("", Host=f"localhost:{at.port}").status == 200
    for host in (f"evil.example:{at.port}", "127.0.0.1", f"127.0.0.1:{at.port + 1}", "[::1]"):
        assert at.get("", Host=host).status == 403, host
    assert at.post("answer", MOVED, Origin="http://evil.example").status == 403
    assert at.post("answer", MOVED, Origin="null").status == 403
    assert at.post("answer", MOVED, Origin=f"http://127.0.0.1:{at.port}").status == 200


def test_only_this_computer_is_listened_to(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    bound: list[socket.socket] = []

    def watched(*given: object, **named: object) -> socket.socket:
        bound.append(listen(*given, **named))  # type: ignore[arg-type]
        return bound[-1]

    listen = server.create_server
    monkeypatch.setattr(server, "create_server", watched)
    with served(session) as found:
        assert [one.getsockname() for one in bound] == [("127.0.0.1", found.port)]
        assert [one.family for one in bound] == [socket.AF_INET]


def test_a_port_that_is_taken(session: Session, at: Served) -> None:
    import asyncio

    with pytest.raises(InputError, match="is in use"):
        asyncio.run(server.serve(session, at.port, print))


@pytest.mark.parametrize("path", ["", *FILES])
def test_a_browser_is_told_to_ask_nobody_else(at: Served, path: str) -> None:
    reply = at.get(path)
    assert reply.status == 200
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert not re.search(r"https?:|\*|unsafe|blob:", policy)
    assert reply.headers["Referrer-Policy"] == "no-referrer"
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert not {"Set-Cookie", "Server"} & set(reply.headers)
    if not path.endswith(".ttf"):
        named = re.findall(
            r"(?:https?:)?//[\w.-]+\.\w+", re.sub(r"http://www\.w3\.org/2000/svg", "", reply.text)
        )
        assert named == []


def test_an_answer(at: Served, session: Session) -> None:
    reply = at.post("answer?lang=en", MOVED)
    assert reply.status == 200, reply.text
    found = session.answer(session.settings(MOVED["a"])).figures["caseload.dibao"][0]
    row = next(row for row in reply.json["rows"] if row.get("name") == "caseload.dibao")
    assert row["cells"]["a"]["value"] == f"{found:,.0f}"
    assert list(row["cells"]) == ["base", "a"]
    both = at.post("answer", {**MOVED, "b": {"exit_months": 6}}).json
    assert list(both["rows"][1]["cells"]) == ["base", "a", "b"]


def test_what_cannot_be_is_said_in_the_language_of_the_page(at: Served) -> None:
    for lang, said in (("en", "no knob 'lne'"), ("zh", "没有")):
        reply = at.post(f"answer?lang={lang}", {"a": {"lne": 1}})
        assert reply.status == 400
        assert said in reply.json["error"], reply.json
    assert at.post("answer", b"{").status == 400
    assert at.post("answer", [1]).status == 400
    assert at.post("brief", {"settings": {}, "format": "exe"}).status == 400
    assert at.ask("POST", "answer", None, Content_Length=str(server.LARGEST + 1)).status in (400, 413)
    assert at.post("nothing", {}).status == 404
    assert at.get("../../explore.js").status == 404


def test_saving_asks_before_it_replaces(
    at: Served, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "folder", tmp_path)
    asked = {"settings": {"rural_line": 5040}, "name": "one", "title": "My own"}
    assert at.post("save?lang=en", asked).status == 200
    text = (tmp_path / "one.yaml").read_text(encoding="utf-8")
    assert '{"en": "My own"}' in text
    again = at.post("save?lang=en", {**asked, "settings": {"rural_line": 5100}, "title": ""})
    assert again.status == 409
    assert "already exists" in again.json["error"]
    assert (tmp_path / "one.yaml").read_text(encoding="utf-8") == text
    done = at.post("save?lang=en", {**asked, "settings": {"rural_line": 5100}, "title": "", "replace": True})
    assert done.json["text"].startswith("Saved: ")
    assert '"zh": "农村低保标准：5,100元/年"' in (tmp_path / "one.yaml").read_text(encoding="utf-8")
    unsaved = at.post("brief?lang=en", {"settings": {"rural_line": 4900}, "format": "docx"})
    assert (unsaved.status, unsaved.json["unsaved"]) == (409, True)


@pytest.mark.slow
def test_a_brief_is_sent_as_a_file(at: Served) -> None:
    reply = at.post("brief?lang=zh", {"settings": {}, "format": "docx"})
    assert reply.status == 200
    assert reply.headers["X-File-Name"] == "small-brief.docx"
    assert reply.body.startswith(b"PK")


@pytest.mark.parametrize(
    ("lang", "foreign"), [("zh", english_in), ("en", partial(chinese_in, names=["中文", "zh"]))]
)
def test_no_sentence_in_another_language(at: Served, lang: str, foreign) -> None:  # type: ignore[no-untyped-def]
    page = at.get(f"?lang={lang}").text
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in page
    shown = unescape(
        re.sub(r"<style>.*?</style>|<[^>]*?>", "\n", page.replace("\\u003c", "<"), flags=re.DOTALL)
    )
    words = "\n".join(re.findall(r'"(?:label|help|was|why|ratio|lead|unit)": "([^"]*)"', shown))
    answer = at.post(f"answer?lang={lang}", {"a": {"rural_line": 5040}, "b": {"cap_rule": "pro_rata"}}).json
    texts = [*answer["family"]["texts"], *answer["titles"].values(), answer["took"]]
    texts += [text for side in answer["idle"].values() for text in side.values()]
    texts += [row.get("heading") or f"{row['label']} {row['unit']}" for row in answer["rows"]]
    found = [one for text in (*shown.splitlines(), *words.splitlines(), *texts) for one in foreign(text)
             if not text.startswith('{"lang"')]  # fmt: skip
    assert found == []


def test_the_page_says_what_it_rests_on(at: Served) -> None:
    page = unescape(at.get("?lang=en").text)
    assert "No document gives" in page
    assert page.count("<td>") >= 16
    assert "assumption: " in page
    assert "What is not modelled" in page
    assert "Behaviour: nobody works more or less" in page


def test_data_in_the_page_cannot_end_its_script(
    session: Session, at: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    title = {"en": "</script><b>x", "zh": "</script>"}
    monkeypatch.setattr(session, "scenario", replace(session.scenario, title=title))
    page = at.get("?lang=en").text
    assert page.count("</script>") == 3
    assert "<b>x" not in page
