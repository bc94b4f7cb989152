"""No citation of a text that was not read: references are held against the texts and articles read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from microsim.policy.programmes import load_programmes
from microsim.scenario.province_file import read_province
from microsim.scenario.provinces import province_files

PACKAGE = Path(__file__).parents[2] / "microsim"
TEXTS: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("texts_read.yaml").read_text(encoding="utf-8")
)
NAMED = {name: text for text in TEXTS for name in text["names"]}
RECALLED = "recalled"
# A name of the list, or the numbers of articles, numbers or parts, when paragraphs "(2)" have been taken out.
NAME = "|".join(re.escape(name) for name in sorted(NAMED, key=len, reverse=True))
NUMBERS = r"\d+(?:-\d+)?(?:, \d+(?:-\d+)?)*"
TOKENS = re.compile(
    rf"(?P<name>{NAME})|(?:\barts?\.|\bnos?\.|\bpart) (?P<numbers>{NUMBERS})|(?<=notice, )(?P<part>\d+)"
)
PARAGRAPHS = re.compile(r"\s*\(\d+\)(?:-\(\d+\))?")


@dataclass(frozen=True)
class Citation:
    """What a value, a rule or a share of payers refers to."""

    place: str
    source: str
    reference: str


@cache
def citations() -> tuple[Citation, ...]:
    """Every reference of the law, of the provinces and of who pays."""
    return (*_of_law(), *_of_provinces(), *_of_lists())


def _of_law() -> Iterator[Citation]:
    for programme in load_programmes("microsim.law"):
        for rule in programme.rules:
            yield Citation(rule.place, "rule", rule.reference)
        for parameter in programme.parameters:
            for day, dated in parameter.values.items():
                yield Citation(f"{parameter.name} from {day}", dated.source, dated.reference)


def _of_provinces() -> Iterator[Citation]:
    for name, file in province_files().items():
        for parameter, reference in read_province(file).sources.items():
            yield Citation(f"{name}: {parameter}", "cited", reference)


def _of_lists() -> Iterator[Citation]:
    for file in ("studies/financing/national.yaml", "scenario/incomes.yaml"):
        yield from _sourced(yaml.safe_load((PACKAGE / file).read_text(encoding="utf-8")), file)


def _sourced(found: Any, place: str) -> Iterator[Citation]:
    if isinstance(found, dict) and {"source", "reference"} <= set(found):
        yield Citation(place, found["source"], found["reference"])
    for value in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from _sourced(value, place)


def texts_named(reference: str) -> list[dict[str, Any]]:
    """The texts of the list that a reference names, in its order."""
    return [NAMED[match["name"]] for match in TOKENS.finditer(reference) if match["name"]]


def articles_named(reference: str) -> Iterator[tuple[dict[str, Any] | None, int]]:
    """Each article with the text named last before it."""
    text = None
    for match in TOKENS.finditer(PARAGRAPHS.sub("", reference)):
        if match["name"]:
            text = NAMED[match["name"]]
            continue
        for span in (match["numbers"] or match["part"]).split(", "):
            first, _, last = span.partition("-")
            yield from ((text, number) for number in range(int(first), int(last or first) + 1))


def was_read(text: dict[str, Any], article: int) -> bool:
    articles = text.get("articles", [])
    return article in (articles if isinstance(articles, list) else range(1, articles + 1))


def offences_of(found: Iterable[Citation]) -> list[str]:
    """What is cited without having been read, with its place."""
    offences = []
    for citation in found:
        texts = texts_named(citation.reference)
        if citation.source == "cited" and not any(text["extent"] != RECALLED for text in texts):
            offences.append(f"{citation.place}: cites no text that was read: {citation.reference}")
        for text, article in articles_named(citation.reference):
            if text is None or not was_read(text, article):
                named = text["names"][0] if text else "a text that is not in the list"
                offences.append(f"{citation.place}: {article} of {named} was not read: {citation.reference}")
    return offences


def test_nothing_is_cited_that_was_not_read() -> None:
    assert not offences_of(citations())


@pytest.mark.parametrize(
    ("source", "reference", "said"),
    [
        ("cited", "local choice as before", "cites no text"),
        ("cited", "2019 notice: lowered", "cites no text"),
        ("inferred", "2021 medical-aid opinions, art. 3", "3 of 2021 medical-aid opinions"),
        ("rule", "Social Assistance Law, arts. 13, 79", "79 of Social Assistance Law"),
        ("rule", "Order 649, art. 9; 2012 review measures, arts. 38-40", "40 of 2012 review measures"),
        ("rule", "2022 joint notice, 6 (1)", "6 of 2022 joint notice"),
        ("rule", "fund rules, art. 9", "9 of fund rules"),
        ("rule", "Order 999, art. 1", "1 of a text that is not in the list"),
    ],
)
def test_what_was_not_read_is_found(source: str, reference: str, said: str) -> None:
    (offence,) = offences_of([Citation("here", source, reference)])
    assert said in offence


def test_what_was_read_passes() -> None:
    good = "2021 review measures, art. 13 (4) and exclusions (1), (3); a province may take them in (art. 33)"
    assert not offences_of(
        [Citation("here", "cited", good), Citation("here", "cited", "2022 joint notice, 1 (4)")]
    )
    assert [article for _, article in articles_named(good)] == [13, 33]


def test_every_text_of_the_list_is_named_and_says_when_it_was_read() -> None:
    named = [name for citation in citations() for name in NAMED if name in citation.reference]
    comments = "".join(file.read_text(encoding="utf-8") for file in (PACKAGE / "law").glob("*.yaml"))
    assert [name for name in NAMED if name not in named and name not in comments] == []
    for text in TEXTS:
        assert text["extent"] in ("whole", "part", "reported", RECALLED), text["names"]
        assert set(text) >= ({"title"} if text["extent"] == RECALLED else {"title", "read", "where"}), text
        assert "articles" not in text or text["extent"] in ("whole", "part"), text["names"]
        assert text["extent"] != "whole" or text["articles"], text["names"]
