"""A brief as one HTML page: nothing is fetched, and it prints on A4."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape

from microsim.report.brief.drawing import Picture, heading, pictures, say, title_lines
from microsim.report.brief.model import Brief, Chart, Section, Table, Text

_BODY = {
    "zh": "FangSong, FangSong_GB2312, 仿宋, STFangsong, 'Noto Serif CJK SC', 'Source Han Serif SC', serif",
    "en": "Georgia, 'Times New Roman', 'DejaVu Serif', serif",
}
_HEADS = {
    "zh": "SimHei, 黑体, STHeiti, 'Noto Sans CJK SC', 'Source Han Sans SC', 'WenQuanYi Micro Hei', "
    "sans-serif",
    "en": "Arial, Helvetica, 'DejaVu Sans', sans-serif",
}
_STYLE = """
@page {{ size: A4; margin: 37mm 26mm 35mm 28mm; }}
html {{ background: #eee; }}
body {{ max-width: 156mm; margin: 0 auto; padding: 20mm 27mm; background: #fff; color: #000;
  font: {size}/{leading} {body}; overflow-wrap: break-word; }}
h1, h2, h3, th, figcaption, caption {{ font-family: {heads}; }}
h1 {{ text-align: center; font-size: 1.5em; line-height: 1.35; margin: 0 0 .3em; }}
.date {{ text-align: center; margin: 0 0 1.5em; color: #444; }}
h2 {{ font-size: 1.1em; margin: 1.4em 0 .4em; }}
h3 {{ font-size: 1em; margin: 1em 0 .3em; }}
h2, h3 {{ break-after: avoid; }}
p {{ margin: 0 0 .5em; {indent} }}
.summary {{ border-top: 1.5px solid #000; border-bottom: 1.5px solid #000; padding: .6em 0;
  margin: 0 0 1em; }}
.summary h2 {{ margin-top: 0; }}
.question {{ font-style: {emphasis}; }}
figure {{ margin: 1em 0; break-inside: avoid; }}
figure img {{ width: 100%; height: auto; display: block; }}
table {{ border-collapse: collapse; width: 100%; margin: .8em 0; font-size: .85em; line-height: 1.4; }}
caption {{ text-align: {caption}; font-weight: bold; padding-bottom: .3em; }}
thead {{ border-top: 1.5px solid #000; border-bottom: 1px solid #000; display: table-header-group; }}
tbody {{ border-bottom: 1.5px solid #000; }}
tr {{ break-inside: avoid; }}
th, td {{ padding: .2em .4em; text-align: left; vertical-align: top; }}
th.number {{ text-align: right; }}
td.number {{ text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }}
.note {{ font-size: .8em; line-height: 1.4; text-indent: 0; color: #333; }}
.exact {{ font-size: .8em; line-height: 1.5; text-indent: 0; overflow-wrap: anywhere; }}
@media print {{ html {{ background: none; }} body {{ padding: 0; max-width: none; }} }}
"""


def html_of(brief: Brief) -> str:
    """The page, with its style and its pictures in it."""
    lang = brief.lang
    drawn = iter(pictures(brief))
    parts = [
        f"<h1>{'<br>'.join(map(escape, title_lines(brief.title)))}</h1>",
        f'<p class="date">{escape(say("computed", lang, date=brief.date))}</p>',
        '<section class="summary">',
        f"<h2>{escape(say('summary', lang))}</h2>",
        f'<p class="question">{escape(brief.question)}</p>',
        *(f"<p>{escape(one.text)}</p>" for one in brief.answer),
        "</section>",
        *_sections(brief.sections, drawn, lang),
    ]
    if brief.annex:
        parts += [
            f"<h2>{escape(say('annex', lang))}</h2>",
            *(line for t in brief.annex for line in _table(t)),
        ]
    code = "zh-CN" if lang == "zh" else "en"
    head = f'<meta charset="utf-8"><title>{escape(brief.title)}</title><style>{_style(lang)}</style>'
    return "\n".join(
        [f'<!DOCTYPE html>\n<html lang="{code}"><head>{head}</head><body>', *parts, "</body></html>\n"]
    )


def _style(lang: str) -> str:
    zh = lang == "zh"
    return _STYLE.format(
        size="12pt" if zh else "11pt",
        leading="1.75" if zh else "1.5",
        body=_BODY[lang],
        heads=_HEADS[lang],
        indent="text-indent: 2em;" if zh else "",
        emphasis="normal" if zh else "italic",
        caption="center" if zh else "left",
    )


def _sections(
    sections: tuple[Section, ...], drawn: Iterator[Picture], lang: str, depth: int = 1
) -> Iterator[str]:
    for n, section in enumerate(sections, start=1):
        level = min(depth + 1, 3)
        yield f"<h{level}>{escape(heading(n, depth, section.heading, lang))}</h{level}>"
        for part in section.parts:
            yield from _part(part, drawn)
        yield from _sections(section.sections, drawn, lang, depth + 1)


def _part(part: Text | Table | Chart, drawn: Iterator[Picture]) -> Iterator[str]:
    if isinstance(part, Text):
        kind = ' class="exact"' if part.exact else ""
        yield f"<p{kind}>{escape(part.text)}</p>"
    elif isinstance(part, Table):
        yield from _table(part)
    else:
        picture = base64.b64encode(next(drawn).svg).decode("ascii")
        yield f'<figure><img alt="{escape(part.alt)}" src="data:image/svg+xml;base64,{picture}"></figure>'


def _table(table: Table) -> Iterator[str]:
    def cells(row: tuple[str, ...], tag: str) -> str:
        kinds = (' class="number"' if i in table.numeric else "" for i in range(len(row)))
        return "".join(f"<{tag}{kind}>{escape(cell)}</{tag}>" for kind, cell in zip(kinds, row, strict=True))

    yield f"<table><caption>{escape(table.caption)}</caption>"
    yield f"<thead><tr>{cells(table.header, 'th')}</tr></thead><tbody>"
    yield from (f"<tr>{cells(row, 'td')}</tr>" for row in table.rows)
    yield "</tbody></table>"
    if table.note:
        yield f'<p class="note">{escape(table.note)}</p>'
