"""YAML files: what words mean, where things stand, what is refused; with libyaml and without."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import os
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from microsim.documents import Document, parse_document, read_document
from microsim.errors import MicrosimError

DAY = dt.date(2021, 7, 1)


@pytest.fixture(params=["libyaml", "python"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test with the parser in C and with the one that stands in where PyYAML has none."""
    if request.param == "python":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    elif not yaml.__with_libyaml__:
        pytest.skip("PyYAML was built without libyaml")


def parsed(text: str) -> Document:
    return parse_document(text, Path("f.yaml"))


def words(text: str) -> list[str]:
    with pytest.raises(MicrosimError) as caught:
        parsed(text)
    return [str(offence) for offence in caught.value.offences]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(
            (word, word)
            for word in ("no", "yes", "on", "off", "y", "1:30", "12:30:00", "0o8", "0x", "_1", "=")
        ),
        *((word, None) for word in ("", "~", "null", "NULL")),
        *(("true", True), ("False", False)),
        *(("012", 12), ("-08", -8), ("0o17", 15), ("0b11", 3), ("-0x1F", -31), ("+1_000", 1000)),
        *(("1e-3", 0.001), ("1.", 1.0), (".5", 0.5), ("-1.5E+3", -1500.0), ("1_0.5", 10.5)),
        *(("9223372036854775807", 2**63 - 1), ("110101199003070011", 110101199003070011)),
        *((".inf", math.inf), ("-.INF", -math.inf)),
        *(("2021-07-01", DAY), ("2021-7-1", "2021-7-1"), ("2021-07", "2021-07")),
        ("2021-07-01 10:30:00", dt.datetime(2021, 7, 1, 10, 30)),
        *(("'012'", "012"), ('"no"', "no"), ("! 12", "12"), ("!!str 12", "12")),
        *(("!!int '12'", 12), ("!!float 3", 3.0), ("城镇 # area", "城镇")),
    ],
)
def test_words_mean_what_yaml_1_2_says(text: str, value: Any) -> None:
    read = parsed(f"a: {text}").data["a"]
    assert read == value
    assert type(read) is type(value)


def test_not_a_number() -> None:
    assert math.isnan(parsed(".nan").data)


def test_keys_and_items_and_values_have_places() -> None:
    document = parsed("a:\n  2021-07-01: {x: [1, 乙]}\n  'b': 2\n- ".removesuffix("- "))
    assert document.data == {"a": {"2021-07-01": {"x": [1, "乙"]}, "b": 2}}
    assert document.place("a", "2021-07-01", "x", 1) == "f.yaml:2:23"
    assert document.place("a", "b") == "f.yaml:3:3"
    assert document.place("a", "b", "beyond") == "f.yaml:3:3"
    assert document.value_places["a", "b"] == (3, 8)


def test_an_empty_file_is_nothing() -> None:
    assert parsed("# only a remark").data is None
    assert parsed("").place() == "f.yaml:1:1"


def test_aliases_repeat_and_merges_fill_in() -> None:
    document = parsed("x: &x {a: 1, b: {c: 1}}\ny:\n  <<: *x\n  a: 3\nz: [*x, *x]\nm: {<<: [{q: 1}, *x]}")
    assert document.data["y"] == {"a": 3, "b": {"c": 1}}
    assert document.data["m"] == {"q": 1, "a": 1, "b": {"c": 1}}
    first, second = document.data["z"]
    assert first == second == {"a": 1, "b": {"c": 1}}
    assert first is not second
    assert document.place("y", "b", "c") == "f.yaml:1:18"
    assert document.place("z", 1) == "f.yaml:5:9"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: b: c", "f.yaml:1:5: mapping values are not allowed here"),
        ("a: [1, 2\n", "f.yaml:2:1: expected ',' or ']', but got '<stream end>'"),
        ("a:\n\tb: 1", "f.yaml:2:1: found character '\\t' that cannot start any token; indent with spaces"),
        ("a: 'x", "f.yaml:1:6: found unexpected end of stream"),
        (
            "b: 1\na: \x07",
            'f.yaml:2:4: character #x0007 is not allowed in YAML; delete it, or write "\\x07" in quotes',
        ),
        ("a: *b", "f.yaml:1:4: found undefined alias 'b'"),
        ("a: &b [*b]", "f.yaml:1:8: alias 'b' is inside what it repeats"),
        ("a: 1\na: 2", 'f.yaml:2:1: found duplicate key "a"; it is already on line 1'),
        ("1: a\n1.0: b", 'f.yaml:2:1: found duplicate key "1.0"; it is already on line 1'),
        ("<<: {}\n<<: {}", 'f.yaml:2:1: found duplicate key "<<"; give one list: <<: [*a, *b]'),
        ("a: {<<: 3}", "f.yaml:1:9: '<<' takes a table, or a list of tables"),
        ("{{a}: 1}", "f.yaml:1:2: a list or table cannot be a key; put {...} or [...] in quotes"),
        ("a: 2021-02-30", "f.yaml:1:4: '2021-02-30' is not a date; there is no such day or time"),
        (
            "2021-13-01 10:00:00: 1",
            "f.yaml:1:1: '2021-13-01 10:00:00' is not a date; there is no such day or time",
        ),
        ("a: !county H", "f.yaml:1:4: unknown tag '!county'; leave it out"),
        ("a: !!set {b}", "f.yaml:1:4: unknown tag '!!set'; leave it out"),
        ("a: !!bool yes", "f.yaml:1:4: 'yes' is not true or false"),
        ("a: !!int x", "f.yaml:1:4: 'x' is not a whole number"),
        (
            f"a: {'9' * 5000}",
            "f.yaml:1:4: a number of 5000 digits is too long; at most 18 digits are read as a number: "
            "put codes and names in quotes",
        ),
        ("a: -1e400", "f.yaml:1:4: the number -1e400 is too large; the limit is 1.8e308"),
        (
            "a: \ud800",
            'f.yaml:1:4: character #xd800 is not allowed in YAML; delete it, or write "\\ud800" in quotes',
        ),
        (
            "a: 1\n---\nb: 1",
            "f.yaml:2:1: a second document starts here; a file has one document: '---' can only be at its "
            "top",
        ),
        ("[" * 60_000, "f.yaml:1:101: nested more than 100 deep; is a bracket left open?"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str, told: str) -> None:
    assert words(text) == [told]


def test_every_fault_is_told_at_once() -> None:
    assert words("a: 2021-02-30\nb: 1\nb: *c\n") == [
        "f.yaml:1:4: '2021-02-30' is not a date; there is no such day or time",
        'f.yaml:3:1: found duplicate key "b"; it is already on line 2',
        "f.yaml:3:4: found undefined alias 'c'",
    ]


def test_aliases_of_aliases_do_not_fill_the_memory() -> None:
    names = "abcdefghij"
    lines = ["a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"{k}: &{k} [{', '.join([f'*{j}'] * 10)}]" for j, k in itertools.pairwise(names)]
    assert words("\n".join(lines)) == ["f.yaml:6:8: aliases repeat more than 200,000 parts; write it out"]


@pytest.mark.parametrize(
    "text",
    [
        "title: {zh: 提高农村低保标准，自2020年起：第一步。（试点）}",
        "title: “提高：标准”",
        "# 县：H，“x”\na: '２０２０'",
        'recode: {"是：": true, 其他: false, １岁以下: 0}',
        "household: 户号（编码）",
        "a: |\n  law：2020\n  ｛x｝",
        "- 【试点】一",
    ],
)
def test_chinese_text_may_hold_full_width_signs(text: str) -> None:
    assert parsed(text).data is not None


def test_a_text_of_many_lines_that_is_no_yaml_is_refused_soon() -> None:
    begin = time.process_time()
    for text in ("[" * 2000 + ", " + "[" * 100_000, "- " * 50_000, "{a: " * 50_000, "? [" * 50_000):
        assert "nested more than 100 deep; is a bracket left open?" in words(text)[0]
    assert words("\n".join(["a: {"] * 5_000))
    assert time.process_time() - begin < 6.0


def test_paths_that_are_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.yaml")
    Path("large.yaml").write_bytes(b"a: 1\n" + b"# remark\n" * 2_000_000)
    for name, told in (
        ("x" * 300 + ".yaml", r"xxx\.yaml: cannot be read: File name too long"),
        ("a\0b.yaml", r"a\\x00b\.yaml: cannot be read: embedded null byte"),
        ("large.yaml/b.yaml", r"b\.yaml: (cannot be read: Not a directory|no such file)"),
        ("/dev/zero", r"/dev/zero: is a pipe or device, not a YAML file"),
        ("pipe.yaml", r"pipe\.yaml: is a pipe or device, not a YAML file"),
        ("large.yaml", r"large\.yaml: is larger than 16 MB, too large for YAML; household data belong"),
    ):
        with pytest.raises(MicrosimError, match=told):
            read_document(name)


def test_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bom.yaml").write_text("\ufeffa: 1", encoding="utf-8")
    assert read_document("bom.yaml").data == {"a": 1}
    Path("gbk.yaml").write_bytes("a: 城镇".encode("gbk"))
    Path("utf16.yaml").write_bytes("a: 城镇".encode("utf-16"))
    Path("binary.yaml").write_bytes(b"a:\nb:\xff\x00")
    for name, told in (
        (
            "gbk.yaml",
            r"gbk.yaml:1:4: not UTF-8 text \(byte 3\); it looks like GB18030 .*: save the file as UTF-8",
        ),
        ("utf16.yaml", r"utf16.yaml:1:1: not UTF-8 text \(byte 0\); it looks like UTF-16"),
        ("binary.yaml", r"binary.yaml:2:3: not UTF-8 text \(byte 5\); save the file as UTF-8"),
        ("none.yaml", "none.yaml: no such file"),
        (".", "is a folder, not a YAML file"),
    ):
        with pytest.raises(MicrosimError, match=told):
            read_document(name)
