"""The page itself: what is said once and for all, the data, and the script and style that belong to it.

Style, script and data are in the file. The policy of its head allows these two texts by their hashes and
nothing else: no request, no other script, no style from elsewhere. The charts are drawn by the script as
inline SVG: dots on two axes take less than a hundred lines, a library for them a megabyte in each file.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from microsim.explanation.words import SOURCES
from microsim.report.brief import common
from microsim.report.brief.folder import Folder
from microsim.report.brief.model import Findings
from microsim.report.page.words import STATIC, say
from microsim.report.text import number
from microsim.simulation.explaining import cited
from microsim.studies.common.assumptions import assumptions_in_use
from microsim.studies.common.expenditure import account_of
from microsim.sweeps.figures.outputs import Asked
from microsim.sweeps.figures.sums import rules_of
from microsim.sweeps.settings import is_setting

if TYPE_CHECKING:
    from microsim.sweeps.run import Sweep

SCRIPTS = ("figures.js", "chart.js", "page.js")
PAGE, STYLE = "page.html", "page.css"


def html_of(done: Sweep, folder: Folder, data: Mapping[str, Any], lang: str) -> str:
    """The page of a sweep with its data."""
    style, script = asset(STYLE), "".join(map(asset, SCRIPTS))
    words = {key: _word(key, lang) for key in STATIC if "{" not in STATIC[key][lang]}
    return Template(asset(PAGE)).substitute(
        words,
        language="zh-CN" if lang == "zh" else "en",
        script_hash=_hash(script),
        style_hash=_hash(style),
        title=escape(folder.title(lang)),
        style=style,
        script=script,
        about=escape(_about(done, folder, lang)),
        how=_how(done, data, lang),
        rounding=_rounding(done, lang),
        method="\n".join(_method(done, folder, data, lang)),
        data=embedded(data),
    )


@cache
def asset(name: str) -> str:
    """A file of the page's script or style."""
    return files("microsim.report.page").joinpath("assets", name).read_text(encoding="utf-8")


def embedded(data: Mapping[str, Any]) -> str:
    """JSON that ends no element of HTML, whatever it holds."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _word(key: str, lang: str, **values: object) -> str:
    return escape(say(key, lang, **values))


def _about(done: Sweep, folder: Folder, lang: str) -> str:
    """County, base scenario, law, and how many points were computed when."""
    grid, comma = done.grid, "、" if lang == "zh" else ", "
    named = folder.about.get("county_name", {}).get(lang) or Path(str(folder.about["county"])).name
    many = done.table["county"].nunique()
    return say(
        "of",
        lang,
        county=say("counties", lang, n=number(many)) if many > 1 else named,
        base=comma.join(one.title_in(lang) for one in grid.scenarios),
        law=common.law_of(folder, lang),
        count=say("points_one" if grid.runs == 1 else "points_many", lang, n=number(grid.runs)),
        date=common.computed_on(folder, lang),
    )


def _how(done: Sweep, data: Mapping[str, Any], lang: str) -> str:
    """What the controls choose among."""
    if data["crossed"]:
        return _word("crossed", lang)
    return _word("drawn", lang, design=say(done.grid.design.kind, lang))


def _rounding(done: Sweep, lang: str) -> str:
    """To how many digits, and in money of which year where that is one."""
    moves = any(is_setting(name) for name in done.grid.axes) or len(done.grid.scenarios) > 1
    return _word("rounded_alone", lang) if moves else _word("rounded", lang, year=done.money.year)


def _method(done: Sweep, folder: Folder, data: Mapping[str, Any], lang: str) -> Iterator[str]:
    """What is known of the figures: failed points, method, assumptions, what is left out, how to repeat."""
    colon = "：" if lang == "zh" else ": "
    missing = [f"{one['name']}{colon}{one['reason']}" for one in data["failed"]]
    missing += [say("missing_base", lang, reason=reason) for reason in data["no_base"]]
    if missing:
        yield from _section("missing", lang, missing)
    first = say("first_county", lang) if done.table["county"].nunique() > 1 else ""
    found = Findings("", "", (), None, ())  # a sweep says nothing of its own here
    yield from _section("method", lang, [f"{first}{common.method(folder, found, lang).text}"])
    yield from _assumptions(done, lang)
    yield from _section("not_modelled", lang, [one.text for one in common.not_modelled(folder, found, lang)])
    repeating = [one.text for one in common.repeating(folder, lang)]
    values = f"{say('outputs_hash', lang)}{colon}{folder.manifest['plan']['values']}"
    yield from _section("repeating", lang, [*repeating[:-1], values, repeating[-1]], "exact")


def _section(key: str, lang: str, texts: list[str], kind: str = "text") -> Iterator[str]:
    yield f"<section><h2>{_word(key, lang)}</h2>"
    yield from (f'<p class="{kind}">{escape(text)}</p>' for text in texts)
    yield "</section>"


def _assumptions(done: Sweep, lang: str) -> Iterator[str]:
    """Every number without a document that the figures depend on: of several base scenarios, the first's."""
    grid, colon = done.grid, "：" if lang == "zh" else ": "
    outputs = rules_of(account_of(grid.policy), Asked(grid.outputs).measures)
    population, profile = grid.scenario.population(), grid.scenario.profile
    found = assumptions_in_use(grid.policy, population, outputs, profile, done.money)
    text = say("assumed", lang, n=number(len(found)))
    if len(grid.scenarios) > 1:
        text += ("" if lang == "zh" else " ") + say("assumed_first", lang, base=grid.scenario.title_in(lang))
    yield f"<section><h2>{_word('assumptions', lang)}</h2><p>{escape(text)}</p>"
    yield f"<details><summary>{_word('show', lang)}</summary>"
    heads = "".join(f"<th>{_word(key, lang)}</th>" for key in ("number", "value", "basis"))
    yield f"<table><thead><tr>{heads}</tr></thead><tbody>"
    for row in found.to_dict("records"):
        known = grid.policy.parameters.get(str(row["name"]))
        label = (known.label.get(lang) if known is not None else "") or str(row["name"])
        # What a scenario changes says no more of itself than that.
        reference = "" if row["source"] == "scenario" else cited(str(row["reference"]), lang)
        basis = colon.join(filter(None, [SOURCES[lang].get(str(row["source"]), ""), reference]))
        value = common.value_words(str(row["value"]), str(row["unit"]), lang)
        yield "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in (label, value, basis)) + "</tr>"
    yield "</tbody></table></details></section>"
