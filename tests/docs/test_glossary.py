"""The Chinese of charts, results and explanations keeps to the terms of docs/glossary.md."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from microsim.charts import words as chart_words
from microsim.explanation import words as explanation_words
from microsim.report import cliffs_charts
from microsim.report import words as report_words
from microsim.report.texts import cliffs_text, months_text, project_text, sweep_text, unify_text
from microsim.scenario import idle

ROOT = Path(__file__).parents[2]
VOCABULARIES: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "charts": chart_words.WORDS,
    "report": report_words.WORDS,
    "cliffs": cliffs_text.WORDS,
    "cliffs charts": cliffs_charts.WORDS,
    "sweep": sweep_text.WORDS,
    "unify": unify_text.WORDS,
    "project": project_text.WORDS,
    "months": months_text.WORDS,
    "idle": idle._WORDS,
    "explanation sources": {
        key: {lang: explanation_words.SOURCES[lang][key] for lang in ("en", "zh")}
        for key in explanation_words.SOURCES["en"]
    },
}
# Where an English term is used in another sense, or Chinese leaves it to the context.
EXCEPTIONS = {
    ("charts", "title_poverty"): "before and after are one word, 救助前后",
    ("report", "measures"): "the name of the command `microsim cliffs`",
}


def glossary() -> dict[str, tuple[str, ...]]:
    """English term -> its Chinese forms, the longest English first."""
    terms = {}
    for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 3 and cells[0] != "English":
            terms.update(dict.fromkeys(cells[0].lower().split(", "), tuple(cells[1].split("、"))))
    return dict(sorted(terms.items(), key=lambda item: -len(item[0])))


def offences(en: str, zh: str, terms: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Terms of the English text without any of their Chinese forms; longer terms hide shorter ones."""
    left = en.lower()
    for term, forms in terms.items():
        found = re.subn(rf"\b{re.escape(term)}s?\b", " ", left)
        if found[1]:
            left = found[0]
            if not any(form in zh for form in forms):
                yield f"'{term}' is {'、'.join(forms)} in docs/glossary.md, and the translation has: {zh}"


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_translations_keep_to_the_glossary(vocabulary: str) -> None:
    terms = glossary()
    found = [
        f"{key}: {offence}"
        for key, texts in VOCABULARIES[vocabulary].items()
        if (vocabulary, key) not in EXCEPTIONS
        for offence in offences(texts["en"], texts["zh"], terms)
    ]
    assert not found, "\n".join(found)


def test_another_translation_is_found() -> None:
    terms = glossary()
    assert len(terms) > 50
    assert list(offences("Expenditure on medical aid", "医疗救助开销", terms)) == [
        "'expenditure' is 支出 in docs/glossary.md, and the translation has: 医疗救助开销"
    ]
    assert not list(offences("Rigid expenditure", "刚性支出", terms))
