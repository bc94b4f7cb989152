"""Gathers the messages of the source for their translation: ``python tools/messages.py``.

Adds new messages to ``microsim/locale/zh.po`` with an empty ``msgstr``, takes out those that the source no
longer has, and lists what is without Chinese. A message is every string with English words in it, except
docstrings, strings with Chinese beside them, and what `PRIVATE` names.
"""

from __future__ import annotations

import ast
import datetime as dt
import json
import re
import sys
from collections.abc import Iterator
from itertools import pairwise, product
from pathlib import Path

import yaml

from microsim.chinese import CATALOG, entries
from microsim.explanation.words import by_phrases
from microsim.policy.policy import Policy
from microsim.report.books.headings import SOURCED
from microsim.scenario.grammar import LAW_KNOWN_UNTIL

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "microsim"
# Files whose strings nobody is shown by a command: pages of docs, generated code, labels of the law.
APART = (
    "law/",
    "studies/caseload/",
    "studies/mosaic/",
    "studies/calibration/writing.py",
    "cli/reference.py",
    "engine/compiler/emit",
    "explore/page.py",  # the language of pages; its words are in explore/words.py
    "numerics/",
    "report/brief/fonts.py",
    "card.py",  # markup
    "report/brief/html.py",  # the language of pages
    "report/brief/numbers.py",  # units, in both languages
)
# Calls whose strings are for the machine or for developers.
PRIVATE = re.compile(
    r"(.*\.)?(uniform|uniform_each|normal|correlated|_poorer_first|_at_share|line|annotate|legend|compile|sub|"
    r"search|match|fullmatch|AssertionError|AttributeError|TypeError|filterwarnings|strftime|setdefault|"
    r"add_pass|startswith|endswith|execute|person|household|total|count|any_member|largest|collect)"
)
# Words that messages put in, where one word alone does not show that it is shown.
SINGLE = (
    *("number", "text", "list", "mapping", "nothing", "date", "yes/no", "warning", "none", "required"),
    *(
        "Options",
        "References",
        "Commands",
        "Examples:",
        "Example:",
        "Start here:",
        "Usage:",
        "parameter",
        "rule",
        "scenario",
        "expenditure",
    ),
)
# What click says, in its own words.
CLICK = (
    *("Show this message and exit.", "default: {default}"),
    *(
        "Error: {message}",
        "Try '{command} --help' for help.",
        "Missing argument '{name}'.",
        "Missing command.",
    ),
    *("Missing option '{name}'.", "No such option {name}.", "{message} Did you mean {name}?"),
    "{message} (Did you mean one of: {names}?)",
    *("No such option: {name}", "No such option '{name}'.", "Option '{name}' requires an argument."),
    *("Option '{name}' does not take a value.", "Invalid value for {name}: {message}"),
    *(
        "'{value}' is not one of {names}.",
        "'{value}' is not a valid integer.",
        "'{value}' is not a valid float.",
    ),
    *("{value} is not in the range {range}.", "Got unexpected extra argument ({names})"),
    *("Got unexpected extra arguments ({names})", "File '{name}' is a directory."),
    *("Directory '{name}' is a file.", "File '{name}' does not exist.", "Path '{name}' does not exist."),
    *("Directory '{name}' does not exist.", "Missing parameter: {name}"),
    *("No such file or directory", "Permission denied", "No space left on device", "Is a directory"),
    *("expected {x} or {y}, but got {z}", "microsim params {programme} lists them"),
    *("Not a directory", "File name too long", "File exists", "Input/output error"),
)
# Texts that are not shown: names of columns and units in tables, lines of files that are written, code.
NOT_SHOWN = re.compile(
    r"before, after|gaining, losing, mean_change|((ten )?thousand|million) yuan/year|amount pace|"
    r"the walked income|\{value\} if \{test\} else |\{walked_income\} if .*|if inside:\n.*|"
    r" *(source|unit): .*|# Figures? .*|# Each figure: .*|# \{zh\} .*|identification:|name: \{\{.*|"
    r"    return .*\n?|The old name of .*|text/[a-z]+; charset=.*|<!DOCTYPE .*|round,pad=.*|digraph .*|"
    r", style=.*|map \{.*"
)
_CHINESE = re.compile("[\u3400-\u9fff]")
_MARKED = re.compile("<[A-Z]|</?[a-z]+>|tag:")  # of a page or a schema
_WORDS = re.compile(
    r"[A-Za-z]{2,}'?[ ,:;]+(?:[a-z]{2,}|a\b)|[a-z]{2,}[ ,:;]+[A-Za-z]{2,}|[a-z]{2,}[ ,:]+$|^[,;:]? [a-z]{2,}"
)
_TEMPLATE = re.compile(r"\$(\w+)")
HOLE = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
MOST = 24  # ways in which one message may be put together


def messages() -> dict[str, list[str]]:
    """Every message of the package with the files that it is in."""
    found: dict[str, list[str]] = {text: ["words of one's own"] for text in SINGLE}
    found |= {text: ["click"] for text in CLICK}
    found |= {text: ["citations of the law"] for text in citations()}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = str(path.relative_to(ROOT))
        if any(name.startswith(f"microsim/{apart}") for apart in APART):
            continue
        for whole in in_file(path):
            for text in whole.removesuffix("]").split("  [") if "  [default: " in whole else [whole]:
                places = found.setdefault(text, [])
                if name not in places:
                    places.append(name)
    return found


def citations() -> Iterator[str]:
    """What is said of numbers by the law, by tables of figures and by the shipped counties.

    Left out is what the names of documents and articles say in Chinese by themselves.
    """
    phrases = yaml.safe_load((PACKAGE / "simulation" / "words.yaml").read_text(encoding="utf-8"))["phrases"]
    said = [text for path in _with_sources() for text in _said_of_numbers(path)]
    for path in sorted((ROOT / "scenarios" / "provinces").glob("*.yaml")):
        said += yaml.safe_load(path.read_text(encoding="utf-8"))["sources"].values()
    for year in range(2014, int(LAW_KNOWN_UNTIL[:4]) + 1):
        policy = Policy.load(dt.date(year, 12, 31))
        said += [" ".join(rule.reference.split()) for rule in policy.rules.values() if rule.reference]
    for text in dict.fromkeys(said):
        if re.search("[a-z]{2}", by_phrases(text, phrases)):
            yield text.replace("{", "{{").replace("}", "}}")


def _with_sources() -> Iterator[Path]:
    """Files whose numbers say where they are from."""
    yield from sorted((PACKAGE / "law").glob("*.yaml"))
    yield from (PACKAGE / "studies" / "common" / "observed.yaml", PACKAGE / "scenario" / "incomes.yaml")
    yield PACKAGE / "scenario" / "administration" / "figures.yaml"
    yield PACKAGE / "scenario" / "outlook" / "default_path.yaml"
    yield from sorted((PACKAGE / "studies" / "financing").glob("*.yaml"))
    yield from sorted((ROOT / "data" / "synthetic").glob("*/profile.yaml"))


def _said_of_numbers(path: Path) -> Iterator[str]:
    waiting = [yaml.safe_load(path.read_text(encoding="utf-8"))]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield from (" ".join(part[key].split()) for key in SOURCED if isinstance(part.get(key), str))
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part


def in_file(path: Path) -> Iterator[str]:
    """The messages of one file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield from _Reader().read(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any("click." in ast.unparse(d) for d in node.decorator_list):
            yield from _help(ast.get_docstring(node) or "")


def _help(text: str) -> Iterator[str]:
    """The paragraphs of a page of help; of examples only what is above them."""
    for paragraph in text.split("\n\n"):
        if not paragraph.startswith("\b"):
            yield " ".join(paragraph.split())


class _Reader:
    """Walks a tree and gives every message of it once."""

    def read(self, node: ast.AST) -> Iterator[str]:
        if self._private(node):
            return
        if isinstance(node, ast.expr) and _is_text(node):
            yield from (
                text for text in _ways(node) if _WORDS.search(HOLE.sub("", text)) and _is_message(text)
            )
            # What is between the braces may be a message too.
            for inner in _inside(node):
                yield from self.read(inner)
            return
        beside = _beside(node) if isinstance(node, ast.Call) else ()
        for child in ast.iter_child_nodes(node):
            if child in beside:
                continue
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                continue  # a docstring
            yield from self.read(child)

    def _private(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Call) and PRIVATE.fullmatch(ast.unparse(node.func)):
            return True
        if isinstance(node, ast.Compare | ast.Assert | ast.ImportFrom):
            return True
        # Words beside their Chinese: a table of words, a label.
        beside: list[ast.AST | None] = []
        if isinstance(node, ast.Dict):
            beside = list(node.values)
            keys = {key.value for key in node.keys if isinstance(key, ast.Constant)}
            if {"en", "zh"} <= keys:
                return True
        elif isinstance(node, ast.Tuple):
            beside = list(node.elts)
        return any(
            _is_text(one) and _CHINESE.search(ast.unparse(one)) for one in beside if isinstance(one, ast.expr)
        )


def _beside(call: ast.Call) -> list[ast.AST]:
    """The English that an argument in Chinese accompanies."""
    words = {keyword.arg: keyword for keyword in call.keywords}
    out: list[ast.AST] = [words["en"]] if {"en", "zh"} <= set(words) else []
    for one, after in pairwise(call.args):
        if isinstance(after, ast.Constant) and _CHINESE.search(str(after.value)):
            out.append(one)
    return out


def _is_message(text: str) -> bool:
    if NOT_SHOWN.fullmatch(text):
        return False
    return not _CHINESE.search(text) and "\n    " not in text and not _MARKED.match(text.lstrip())


def _is_text(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr():
            return True
        case ast.IfExp(body=body, orelse=other):
            return _is_text(body) or _is_text(other)
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return _is_text(left) or _is_text(right)
        case ast.BoolOp(op=ast.Or(), values=values):
            return _is_text(values[-1])
    return False


def _ways(node: ast.expr) -> list[str]:
    """The texts that an expression may come to, with the names of its holes between braces."""
    match node:
        case ast.Constant(value=str(text)):
            return [_TEMPLATE.sub(r"{\1}", text.replace("{", "{{").replace("}", "}}"))]
        case ast.JoinedStr(values=values):
            return _joined([_ways(value) for value in values])
        case ast.FormattedValue(value=value, conversion=-1) if _is_text(value):
            return _ways(value)
        case ast.FormattedValue(value=value):
            return [f"{{{_name(value)}}}"]
        case ast.IfExp(body=body, orelse=other):
            return [*_ways(body), *_ways(other)]
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return _joined([_ways(left), _ways(right)])
        case ast.BoolOp(op=ast.Or(), values=values):
            return [way for value in values for way in _ways(value)]
    return [f"{{{_name(node)}}}"]


def _joined(parts: list[list[str]]) -> list[str]:
    ways = ["".join(way) for way, _ in zip(product(*parts), range(MOST), strict=False)]
    return [_numbered(way) for way in dict.fromkeys(ways)]


def _numbered(text: str) -> str:
    """Two holes of one name get numbers."""
    seen: dict[str, int] = {}

    def name(found: re.Match[str]) -> str:
        word = re.sub(r"\d+$", "", found[1])
        seen[word] = seen.get(word, 0) + 1
        return f"{{{word}{seen[word] if seen[word] > 1 else ''}}}"

    return HOLE.sub(name, text)


def _name(node: ast.expr) -> str:
    """A name for a hole, of what is put there."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_") or "x"
        case ast.Subscript(value=value):
            return _name(value)
        case ast.Call(func=ast.Name(id="len" | "int" | "sum")):
            return "n"
        case ast.Call(func=ast.Attribute(attr="join")):
            return "names"
        case ast.Call(args=[first, *_]) if not isinstance(first, ast.Constant):
            return _name(first)
        case ast.Call(func=func):
            return _name(func)
        case ast.BinOp(left=left):
            return _name(left)
        case ast.Constant(value=value):
            return value if isinstance(value, str) and value.isidentifier() else "x"
    return "what"


def _inside(node: ast.expr) -> Iterator[ast.AST]:
    for child in ast.walk(node):
        if isinstance(child, ast.FormattedValue) and not _is_text(child.value):
            yield child.value
        elif isinstance(child, ast.IfExp):
            yield child.test


def written(pairs: dict[str, str], places: dict[str, list[str]]) -> str:
    """The text of the catalog: by file, in the order of the alphabet."""
    blocks = []
    for english in sorted(pairs, key=lambda text: (places[text][0], text)):
        own = json.dumps(pairs[english], ensure_ascii=False)
        asked = json.dumps(english, ensure_ascii=False)
        blocks.append(f"#: {' '.join(places[english])}\nmsgid {asked}\nmsgstr {own}\n")
    return "\n".join(blocks)


def main() -> int:
    """Bring the catalog up to date, and say what it lacks."""
    places = messages()
    have = dict(entries(CATALOG.read_text(encoding="utf-8"))) if CATALOG.exists() else {}
    pairs = {english: have.get(english, "") for english in places}
    CATALOG.write_text(written(pairs, places), encoding="utf-8", newline="\n")
    lacking = [english for english, own in pairs.items() if not own]
    for english in lacking:
        print(f"{places[english][0]}: {english}")
    print(f"{len(pairs)} messages, {len(lacking)} without Chinese", file=sys.stderr)
    return 1 if lacking else 0


if __name__ == "__main__":
    raise SystemExit(main())
