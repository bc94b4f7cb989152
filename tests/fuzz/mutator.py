"""Valid files made wrong in the ways in which files go wrong; the same seed gives the same file."""

from __future__ import annotations

import copy
import datetime as dt
import io
import random
import re
import zipfile
from collections.abc import Callable
from typing import Any

import yaml

WORDS = (
    *("", "~", "null", "true", "no", "0", "-0", "-1", "1", "50", "0.0", "1e-3", "1e400", "-1e400", "1e308"),
    *(".nan", ".inf", "-.inf", "NaN", "inf", "-inf", "1_000"),
    *("0x1F", "0b1", "012", "0o8", "9" * 19, "1" * 400),
    *("-" + "9" * 400, "9" * 5000, "0x" + "f" * 400, str(2**31), str(2**63), str(-(2**63)), "1" + "0" * 30),
    *("2020-12-31", "2021-02-30", "9999-12-31", "0001-01-01"),
    *("0000-00-00", "2020-12-31 10:00:00", "2020-1-1"),
    *("'2020-12-31'", "1949", "10000", "-2020", "[]", "{}", "[[]]", "{a: {b: [1, {c: 2}]}}", "[1, two, ~]"),
    *("{2020-01-01: 5000}", "{default: 1}", "{rural: 1, urban: x}"),
    *("{on: {2020-01-01: 5000}}", "{? [a] : 1}"),
    *("!!str 1", "!!python/object:os.system x", "!!binary aGk="),
    *("!!set {a}", "!!float x", "&a [*a]", "*none"),
    *("x" * 300, "x" * 5000, "../" * 400, "/dev/zero"),
    *("/dev/null", "/", ".", "..", "con", '"a\\0b"', '"\\ud800"'),
    *('"\\ud83d"', '"\\x07"', "%", "@", "`", "|", ">", "? ", ": ", "- ", "---", "...", "#", "'", '"', "\t"),
    *("鄠邑区", "𠮷", "é", "\u202e", "\ufeff", "\u3000", "\u00a0", "\u200b", "\u2028"),
    *("\u0085", "\x00", "\x1b", "\x7f"),
    *("２０２０", "１，０００", "：", "｛a：1｝", "“x”", "「x」", "1，2", "－1", "rural：1"),
)  # fmt: skip
WIDE = str.maketrans({":": "：", ",": "，", "{": "｛", "}": "｝", "[": "［", "]": "］", '"': "“", "-": "－"})
_VALUE = re.compile(r"(?<=[:,\[{-] )[^\s:,\[\]{}#][^\n,\]}#]*")
_KEY = re.compile(r"[\w.\-]+(?=:(?:\s|$))", re.MULTILINE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")

Random = random.Random
Change = Callable[[str, Random], str]


def _swap(pattern: re.Pattern[str], new: Callable[[str, Random], str]) -> Change:
    """One match of a pattern is replaced."""

    def change(text: str, chance: Random) -> str:
        found = list(pattern.finditer(text))
        if not found:
            return text
        one = chance.choice(found)
        return text[: one.start()] + new(one.group(), chance) + text[one.end() :]

    return change


def _lines(change: Callable[[list[str], int, Random], None]) -> Change:
    """Something is done at one line."""

    def changed(text: str, chance: Random) -> str:
        lines = text.split("\n")
        change(lines, chance.randrange(len(lines)), chance)
        return "\n".join(lines)

    return changed


def _insert(text: str, chance: Random) -> str:
    place = chance.randrange(len(text) + 1)
    return text[:place] + chance.choice(WORDS) + text[place:]


def _deep(text: str, chance: Random) -> str:
    depth, sign = (
        chance.choice((20, 99, 101, 2000, 50_000)),
        chance.choice(("[", "{", "- ", "{a: ", "? ", "[{")),
    )
    closed = "]" * depth if sign == "[" and chance.random() < 0.5 else ""
    return _swap(_VALUE, lambda old, _: sign * depth + closed)(text, chance)


def _aliases(text: str, chance: Random) -> str:
    """Ten times ten times ten ..., and aliases in place of values."""
    if chance.random() < 0.5:
        laugh = "\n".join(
            f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 10)}]" for k in range(1, chance.choice((2, 12)))
        )
        return f"a0: &a0 [x]\n{laugh}\n{text}"
    text = _swap(_VALUE, lambda old, _: f"&x {old}")(text, chance)
    return _swap(_VALUE, lambda old, _: "*x")(text, chance)


def _swap_lines(lines: list[str], k: int, chance: Random) -> None:
    other = chance.randrange(len(lines))
    lines[k], lines[other] = lines[other], lines[k]


def _indent(lines: list[str], k: int, chance: Random) -> None:
    lines[k] = chance.choice(("  ", " ", "\t", "\u3000", "      ")) + lines[k]


def _widen(lines: list[str], k: int, chance: Random) -> None:
    lines[k] = lines[k].translate(WIDE)


CHANGES: tuple[Change, ...] = (
    _swap(_VALUE, lambda old, chance: chance.choice(WORDS)),
    _swap(_VALUE, lambda old, chance: chance.choice(WORDS)),
    _swap(_NUMBER, lambda old, chance: chance.choice(WORDS)),
    _swap(_NUMBER, lambda old, chance: "-" + old),
    _swap(_NUMBER, lambda old, chance: old * chance.choice((2, 9, 3000))),
    _swap(_KEY, lambda old, chance: chance.choice(WORDS)),
    _swap(_KEY, lambda old, chance: old[1:] + chance.choice("xé１_")),
    _swap(re.compile(r"[:,\[\]{}\"-]"), lambda old, chance: old.translate(WIDE)),
    _swap(_VALUE, lambda old, chance: f"[{old}, {old}]" if chance.random() < 0.5 else f"{{{old}: {old}}}"),
    _swap(_VALUE, lambda old, chance: f'"{old}"'),
    _lines(lambda lines, k, chance: lines.pop(k) and None),
    _lines(lambda lines, k, chance: lines.insert(k, lines[k])),
    _lines(lambda lines, k, chance: lines.insert(chance.randrange(len(lines)), lines[k])),
    _lines(_swap_lines),
    _lines(_indent),
    _lines(_widen),
    _insert,
    _deep,
    _aliases,
    lambda text, chance: text[: chance.randrange(len(text) + 1)],
    lambda text, chance: text.replace("\n", chance.choice(("\r\n", "\r", "\n\n", "\n---\n"))),
    lambda text, chance: chance.choice(("", " ", "\n", "\0", "---", "[]", "1", "a", "{}", "# x")),
)  # fmt: skip


VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2, 12, 50, 0.5, -0.0),
    *(1e-300, 5e-324, 1e15, 1e20, 1e308, -1e308, 1949, 10_000),
    *(float("nan"), float("inf"), -float("inf"), 2**31),
    *(2**53 + 1, 2**63 - 1, -(2**63) + 1, 10**400, 10**5000),
    *(dt.date(2020, 12, 31), dt.date(1, 1, 1), dt.date(9999, 12, 31), dt.datetime(2020, 1, 1, 10)),
    *("", " ", "x", "rural", "default", "2020-12-31", "9999"),
    *("1e9", "-", "a.b", "..", "/", "a\0b", "县", "\ud83d"),
    *([], [1], [1, 2], [None], ["a", "a"], [[]], [2021, 2020], {}, {"a": 1}, {"default": 1}, {"rural": 1}),
    *({"value": 1}, {"by": {"rural": 1}}, {"to": {2027: 1}}, {"on": {"2020-01-01": 5}}, {"from": 0, "to": 1}),
    *({dt.date(2020, 1, 1): 1}, {2020: 1}, {None: 1}, {True: 1}),
    *({1.5: 1}, {"from": 1, "to": 9e99, "steps": 3}),
)  # fmt: skip
Holder = tuple[Any, Any]  # a list or table, and the index or key of one of its values


def _holders(data: Any) -> list[Holder]:
    keys = list(data) if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
    return [one for key in keys for one in ((data, key), *_holders(data[key]))]


def restructured(text: str, chance: Random) -> str:
    """YAML that is well formed, and says something else: values of other kinds, other keys, others' parts."""
    data = yaml.safe_load(text)
    for _ in range(chance.choice((1, 1, 2, 4))):
        holders = _holders(data)
        if not holders:
            break
        inside, key = chance.choice(holders)
        value, what = inside[key], chance.randrange(8)
        if what == 0:
            del inside[key]
        elif what == 1 and isinstance(inside, dict):
            inside[chance.choice((*VALUES[:40], chance.choice(holders)[1], f"{key}s"))] = inside.pop(key)
        elif what == 2:
            inside[key] = copy.deepcopy(chance.choice(holders)[0])
        elif what == 3 and isinstance(value, int | float):
            inside[key] = value * chance.choice((-1, 0, 100, 1e6, 1e300, 0.01))
        elif what == 4:
            inside[key] = [value, copy.deepcopy(value)] if chance.random() < 0.5 else {str(key): value}
        elif what == 5 and isinstance(value, str | int | float):
            inside[key] = str(value) + chance.choice(("", "x", " ", "。", "\n"))
        else:
            inside[key] = copy.deepcopy(chance.choice(VALUES))
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)


class _Dumper(yaml.SafeDumper):
    """Numbers of any length, which Python itself will not write."""


_Dumper.add_representer(
    int, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:int", _digits(value))
)


def _digits(value: int) -> str:
    return str(value) if abs(value) < 10**4000 else "1" + "0" * 5000


def mutated_yaml(content: bytes, chance: Random) -> bytes:
    """A YAML file that is wrong: half of the time in what it says, else in how it is written."""
    if chance.random() < 0.5:
        return mutated(content, chance)
    return restructured(content.decode("utf-8"), chance).encode("utf-8", "surrogatepass")


def mutated(content: bytes, chance: Random) -> bytes:
    """A text file with one to three things wrong in it, and now and then its bytes as well."""
    text = content.decode("utf-8")
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        text = chance.choice(CHANGES)(text, chance)[:400_000]
    kind = chance.random()
    if kind < 0.85:
        return text.encode("utf-8", "surrogatepass")
    if kind < 0.95:
        return damaged(text.encode("utf-8"), chance)
    return text.encode(chance.choice(("utf-16", "utf-16-le", "gb18030", "utf-8-sig", "utf-32")), "replace")


def damaged(content: bytes, chance: Random) -> bytes:
    """Bytes flipped, cut off, left out or put in."""
    out = bytearray(content or b"\n")
    what = chance.randrange(5)
    if what == 0:
        del out[chance.randrange(len(out) + 1) :]
    elif what == 1:
        start = chance.randrange(len(out) + 1)
        del out[start : start + chance.choice((1, 4, 100))]
    elif what == 2:
        start = chance.randrange(len(out) + 1)
        out[start:start] = bytes(chance.randrange(256) for _ in range(chance.choice((1, 4, 100))))
    else:
        # The ends of binary files say what stands in between.
        near_end = chance.random() < 0.7
        for _ in range(chance.choice((1, 1, 2, 8))):
            place = (
                chance.randrange(max(len(out) - 3000, 0), len(out))
                if near_end
                else chance.randrange(len(out))
            )
            out[place] ^= 1 << chance.randrange(8)
    return bytes(out)


def damaged_zip(content: bytes, chance: Random) -> bytes:
    """A zip file (an Excel file is one) of which one part is wrong, or which is itself damaged."""
    if chance.random() < 0.3:
        return damaged(content, chance)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        names = [name for name in old.namelist() if chance.random() < 0.97]
        wrong = chance.choice([name for name in names if "sheet" in name] or [""])
        for name in names:
            part = old.read(name)
            new.writestr(name, mutated(part, chance) if name == wrong else part)
    return out.getvalue()
