"""Why a household gets what it gets, with the words of the population's columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from microsim.engine.runtime.arrays import Data
from microsim.language import language
from microsim.policy.policy import Policy

if TYPE_CHECKING:
    from microsim.explanation.trace import Explanation


def explain(
    population: Data,
    policy: Policy,
    household_id: int,
    outputs: Sequence[str] | None = None,
    lang: str | None = None,
) -> Explanation:
    """How ``policy`` comes to its results for one household, step by step, with every citation; ``print`` it.

    ``lang``: ``en`` or ``zh`` (default: the language in force, see ``microsim.language``). Columns,
    categories and cited documents are named in that language.
    """
    from microsim.explanation.trace import explain as traced
    from microsim.population.core.columns import registry
    from microsim.simulation.asked import refuse_swapped

    refuse_swapped(population, policy, "explain")
    words = _words()
    return traced(
        population,
        policy,
        household_id,
        outputs,
        lang or language(),
        columns=registry(),
        words=words["categories"],
        phrases=words["phrases"],
    )


def cited(reference: str, lang: str) -> str:
    """A citation of the law in English or Chinese."""
    if lang != "zh" or not reference:
        return reference
    from microsim.explanation.words import cited as in_chinese

    return in_chinese(reference, _words()["phrases"])


def labelled(text: str, lang: str) -> str:
    """A label made of words and of categories (``male 0-4``) in English or Chinese."""
    if lang != "zh":
        return text
    from microsim.chinese import chinese

    named = _words()["categories"]
    # Not \w, which holds Chinese characters too: a category may come right before them.
    return re.sub(
        r"[A-Za-z_][A-Za-z0-9_]*", lambda word: named.get(word[0], {"zh": word[0]})["zh"], chinese(text)
    )


@cache
def _words() -> Mapping[str, Any]:
    """Categories in both languages, and the names of documents in Chinese."""
    from pathlib import Path

    from microsim.documents import read_document

    words: Mapping[str, Any] = read_document(Path(__file__).with_name("words.yaml")).data
    return words
