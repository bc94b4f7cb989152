"""The page itself: one HTML document whose numbers and words come as data, for the script beside it."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microsim.explore.shown import basis_data, say, settings_data

if TYPE_CHECKING:
    from microsim.explore.session import Session

STATIC = Path(__file__).parent / "static"
FONT = Path(__file__).parents[1] / "charts" / "fonts" / "wqy-microhei-gb2312.ttf"
# File that the page asks for -> where it is, and what it is. Nothing is fetched from anywhere else.
FILES = {
    "explore.js": (STATIC / "explore.js", "text/javascript; charset=utf-8"),
    "charts.js": (STATIC / "charts.js", "text/javascript; charset=utf-8"),
    "explore.css": (STATIC / "explore.css", "text/css; charset=utf-8"),
    "font.ttf": (FONT, "font/ttf"),
}
# With it a browser loads nothing from elsewhere and runs no script but ours, whatever a page asks.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_BODY = """\
<!DOCTYPE html>
<html lang="{code}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="explore.css">
</head>
<body>
<header>
  <div><h1>{title}</h1><p class="lead">{lead}</p></div>
  <a id="language" href="?lang={other}" lang="{other_code}">{other_language}</a>
</header>
<main>
  <section id="settings" aria-label="{settings}">
    <div id="sides" role="tablist"></div>
    <div id="knobs"></div>
    <div id="absent"></div>
    <div id="actions"></div>
  </section>
  <section id="results">
    <p id="status" role="status" aria-live="polite"></p>
    <div id="tiles"></div>
    <div class="pair"><figure id="payers"></figure><figure id="caseload"></figure></div>
    <figure id="family"></figure>
    <div id="figures"></div>
    <section id="basis">
      <h2>{assumptions}</h2>
      <p>{method}</p>
      <p>{listed}</p>
      {table}
      <h2>{not_modelled}</h2>
      <ul>{missing}</ul>
    </section>
  </section>
</main>
<footer>{footer}</footer>
<dialog id="save"></dialog>
<script id="data" type="application/json">{data}</script>
<script src="charts.js"></script>
<script src="explore.js"></script>
</body>
</html>
"""


def page(session: Session, lang: str) -> str:
    """The page in one language."""
    from microsim import __version__

    data = settings_data(session, lang)
    basis = basis_data(session, lang)
    zh = lang == "zh"
    return _BODY.format(
        code="zh-CN" if zh else "en",
        other="en" if zh else "zh",
        other_code="en" if zh else "zh-CN",
        title=escape(data["title"]),
        lead=escape(data["lead"]),
        method=escape(basis["method"]),
        listed=escape(basis["listed"]),
        table=_table(basis["table"]),
        missing="".join(f"<li>{escape(text)}</li>" for text in basis["not_modelled"]),
        footer=escape(say("footer", lang, version=__version__)),
        data=_embedded(data),
        **{
            key: escape(say(key, lang))
            for key in ("settings", "assumptions", "not_modelled", "other_language")
        },
    )


def _embedded(data: Any) -> str:
    """JSON that no text in it can end before its end."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _table(table: dict[str, Any]) -> str:
    if not table["rows"]:
        return ""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in table["header"])
    rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in table["rows"])
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
