"""The table of contents, out of the lists of links that a reader of the page sees.

Some pages are lists of other pages. Their links become the tree of the site: on the first page each heading
is a caption of the sidebar, on the others the pages listed are below the page that lists them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FIRST = "docs/index"
LISTS = {FIRST, "docs/index.zh-CN", "docs/law/README", "docs/api/README"}
# A link that begins an item of a list or a cell of a table; others are mentions.
LISTED = re.compile(r"^(?:- |\| ?)\[([^\]]*)\]\(([^)#:\s]+)\.(?:md|ipynb)\)", re.MULTILINE)


def sections(text: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each heading of a page with the titles and names of the pages listed below it."""
    parts = [(part.split("\n", 1)[0].strip(), LISTED.findall(part)) for part in re.split(r"(?m)^## ", text)]
    return [(heading, pages) for heading, pages in parts if pages]


def add_contents(app: Sphinx, docname: str, source: list[str]) -> None:
    """Append the trees to a page that is a list of pages."""
    if docname not in LISTS:
        return
    for heading, pages in sections(source[0]):
        caption = [f":caption: {heading}"] if docname == FIRST else []
        entries = [f"{title} <{page}>" for title, page in pages]
        source[0] += "\n".join(
            ["", "", "```{toctree}", ":hidden:", ":titlesonly:", *caption, "", *entries, "```", ""]
        )


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("source-read", add_contents)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
