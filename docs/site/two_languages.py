"""English and Chinese pages in one site: the language of each page, and a search that finds words of both.

Chinese has no spaces between words. Both the index and what a reader types are taken as pairs of neighbouring
characters, so that 低保 is found within 农村低保标准 without a dictionary.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx.search.en import SearchEnglish

if TYPE_CHECKING:
    from typing import Any

    from docutils.nodes import document
    from sphinx.application import Sphinx

HAN = re.compile(r"[\u3400-\u9fff]+")
WORD = re.compile(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+")


def words(text: str) -> list[str]:
    """Words of a text; Chinese as pairs of neighbouring characters, or one that is alone."""
    found = []
    for word in WORD.findall(text):
        if HAN.match(word) and len(word) > 1:
            found += [word[i : i + 2] for i in range(len(word) - 1)]
        else:
            found.append(word)
    return found


class SearchBoth(SearchEnglish):
    """The search of English, with Chinese by pairs of characters."""

    lang = "both"
    # The same as `words`, for what is typed.
    js_splitter_code = r"""
function splitQuery(query) {
    const found = [];
    for (const [word] of query.matchAll(/[\u3400-\u9fff]+|(?:(?![\u3400-\u9fff])[\p{L}\p{N}_])+/gu)) {
        if (/[\u3400-\u9fff]/.test(word) && word.length > 1) {
            for (let i = 0; i + 1 < word.length; i++) found.push(word.slice(i, i + 2));
        } else {
            found.push(word);
        }
    }
    return found;
}
"""

    def split(self, input: str) -> list[str]:  # noqa: A002 (Sphinx's own name)
        """Words of a text."""
        return words(input)


def set_language(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: document | None
) -> None:
    """Say which language a page is in, by which browsers choose fonts and line breaks."""
    context["language"] = "zh-CN" if pagename.endswith(".zh-CN") else "en"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_search_language(SearchBoth)
    app.connect("html-page-context", set_language)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
