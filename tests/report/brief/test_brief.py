"""Briefs say what the summary says: every number, every sign, nothing that is withheld."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from microsim.errors import MicrosimError
from microsim.report.brief import docx, html, pdf
from microsim.report.brief.build import brief_of
from microsim.report.brief.drawing import charts_of, pictures
from microsim.report.brief.folder import Figure, read_folder
from microsim.report.brief.model import Brief, Section, Table, Text
from microsim.report.brief.numbers import cell, digits_known, in_words, sign
from microsim.report.brief.writing import FORMATS, brief
from tests.report.brief.conftest import MADE
from tests.report.brief.unrounded import NUMBER, numbers_in, unfounded

KINDS = tuple(MADE)
LANGUAGES = ("zh", "en")


def made(folder: Path, lang: str = "en") -> Brief:
    return brief_of([read_folder(folder)], lang)


def parts(sections: tuple[Section, ...]) -> Iterator[Any]:
    for section in sections:
        yield from section.parts
        yield from parts(section.sections)


def said(one: Brief) -> str:
    """The answer, as it is read."""
    return "\n".join(text.text for text in one.answer)


def changed(folder: Path, to: Path, change: Any) -> Path:
    """A copy of a results folder with another summary."""
    copy = Path(shutil.copytree(folder, to))
    summary = json.loads((copy / "summary.json").read_text("utf-8"))
    change(summary)
    (copy / "summary.json").write_text(json.dumps(summary), "utf-8")
    return copy


def reversed_signs(summary: dict[str, Any]) -> None:
    """Base and reform change places."""
    for name in [name for name in summary if name.startswith("base.") and name[5:] in summary]:
        summary[name], summary[name[5:]] = summary[name[5:]], summary[name]
    for name in [name for name in summary if name.startswith("change.")]:
        summary[name] = {**summary[name], "value": -summary[name]["value"]}
    for name in [name for name in summary if re.match(r"gain|mean_gain", name)]:
        other = (
            name.replace("mean_gain", "mean_loss").replace("gaining", "losing").replace("gainers", "losers")
        )
        nothing = {"value": 0.0, "unit": "1"}
        summary[name], summary[other] = summary.get(other, nothing), summary[name]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_number_is_in_the_summary(results: Mapping[str, Path], kind: str, lang: str) -> None:
    folder = read_folder(results[kind])
    one = brief_of([folder], lang)
    values = {
        name: float(s["value"]) for name, s in folder.summary.items() if not isinstance(s["value"], str)
    }
    bound = folder.about.get("revenue", {}).get("below")
    own = {} if bound is None else {"revenue.below": float(bound)}
    assert 1 <= len(one.answer) <= 3
    assert any(numbers_in(text.text) for text in one.answer)
    for text in one.answer:
        # Its own figures, not just any that happens to be as large.
        assert unfounded(text.text, [(values | own)[name] for name in text.figures]) == []
    for part in parts(one.sections):
        if isinstance(part, Table):
            text = " ".join(cell for row in part.rows for cell in row[1:])
            factors = (1.0, 1e4, 1e6, 0.01)
            known = [value / factor for value in values.values() for factor in factors]
            assert unfounded(text, known) == []
    for chart in charts_of(one.sections):
        assert unfounded(chart.title, values.values()) == []


def test_the_numbers_of_a_text_are_found() -> None:
    text = "2020年H县低保对象6.23万人，年支出3.05亿元，占24.1%（<0.01%）"
    assert [one.text for one in numbers_in(text)] == ["6.23", "3.05", "24.1", "<0.01"]
    assert unfounded("支出3.05亿元", [304858421.0]) == []
    assert unfounded("支出3.06亿元", [304858421.0]) == ["3.06"]
    assert unfounded("62,300 persons", [62296.8]) == []
    assert unfounded("62,300 persons", [62396.8]) == ["62,300"]
    assert NUMBER.findall("no numbers") == []


@pytest.mark.parametrize(("lang", "up", "down"), [("en", "rise", "fall"), ("zh", "增加", "减少")])
def test_reversed_signs_flip_the_sentences(
    results: Mapping[str, Path], tmp_path: Path, lang: str, up: str, down: str
) -> None:
    one = made(results["compare"], lang)
    other = made(changed(results["compare"], tmp_path / "other", reversed_signs), lang)
    first, second = one.answer[0].text, other.answer[0].text
    assert up in first
    assert down not in first
    assert down in second
    assert up not in second
    assert {n.text for n in numbers_in(first)} == {n.text for n in numbers_in(second)}
    # Who gained loses, and by as much.
    gained, lost = numbers_in(one.answer[2].text), numbers_in(other.answer[2].text)
    assert gained[:2] == lost[2:]


@pytest.mark.parametrize(("lang", "words"), [("en", "cannot be determined"), ("zh", "无法判断")])
def test_a_range_of_both_signs_cannot_be_told(
    results: Mapping[str, Path], tmp_path: Path, lang: str, words: str
) -> None:
    def spanning(summary: dict[str, Any]) -> None:
        for name in ("cost.total", "caseload.dibao"):
            size, unit = abs(summary[f"change.{name}"]["value"]), summary[f"change.{name}"]["unit"]
            summary[f"change_low.{name}"] = {"value": -2 * size, "unit": unit}
            summary[f"change_high.{name}"] = {"value": 3 * size, "unit": unit}

    one = made(changed(results["compare"], tmp_path / "other", spanning), lang)
    assert all(words in text.text for text in one.answer[:2])
    assert words not in said(made(results["compare"], lang))


def shift_of_poverty(summary: dict[str, Any]) -> None:
    """Before and after assistance change places."""
    for name in [name for name in summary if name.startswith("poverty.headcount_before")]:
        other = name.replace("_before", "")
        summary[name], summary[other] = summary[other], summary[name]


def dearer_held(summary: dict[str, Any]) -> None:
    """The path costs less than the ratio held, for the county too, and leaves more below the line."""
    for name in [name for name in summary if re.match(r"unify\.\d+\.extra_(cost|paid)\.", name)]:
        summary[name] = {**summary[name], "value": -summary[name]["value"]}
    for name in [n for n in summary if re.match(r"unify\.\d+\.poverty_urban_line", n)]:
        held = name.replace("unify", "as_is", 1)
        summary[name], summary[held] = summary[held], summary[name]


def cheaper(summary: dict[str, Any]) -> None:
    """The last scenario costs less than the present, and leaves more below the urban line."""
    last, first = "nation.one-line.poverty.below.rural", "nation.present.poverty.below.rural"
    summary["nation.one-line.times_present.dibao"]["value"] = 0.8
    summary[last], summary[first] = summary[first], summary[last]


def average_above(summary: dict[str, Any]) -> None:
    """What the county pays of one more yuan and on average change places."""
    found = [n for n in summary if re.match(r"marginal\.(yuan|average_share)\..*\.county$", n)]
    assert found
    for name in [n for n in found if ".yuan." in n]:
        other = name.replace(".yuan.", ".average_share.")
        if other in summary:
            summary[name], summary[other] = summary[other], summary[name]


def town_and_country(summary: dict[str, Any]) -> None:
    """What is rural becomes urban and the other way round."""
    for name in [name for name in summary if name.endswith(".rural")]:
        other = name.removesuffix("rural") + "urban"
        if other in summary:
            summary[name], summary[other] = summary[other], summary[name]


REVERSED = [  # kind, what is reversed, words before and after in both languages, and where
    ("run", shift_of_poverty, ("lowers", "降至"), ("above the", "高于"), "answer"),
    ("unification", dearer_held, ("more than with", "增加"), ("less than with", "减少"), "answer"),
    ("unification", dearer_held, ("against", "时为"), ("more than the", "高于"), "answer"),
    ("nation", cheaper, ("rises to", "增至"), ("falls to", "降至现状"), "answer"),
    ("nation", cheaper, ("falls from", "降至2"), ("rises from", "升至"), "answer"),
    ("ledger", average_above, ("more than", "高于"), ("less than", "低于"), "answer"),
    ("cliffs", town_and_country, ("more in town", "城市（"), ("more in the countryside", "农村（"), "charts"),
]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("kind", "change", "before", "after", "where"), REVERSED)
def test_reversed_figures_flip_what_is_said(
    results: Mapping[str, Path],
    tmp_path: Path,
    kind: str,
    change: Any,
    before: tuple[str, str],
    after: tuple[str, str],
    where: str,
    lang: str,
) -> None:
    def told(folder: Path) -> str:
        one = made(folder, lang)
        return said(one) if where == "answer" else "\n".join(c.title for c in charts_of(one.sections))

    at = LANGUAGES.index(lang) ^ 1  # words are English first
    first, second = told(results[kind]), told(changed(results[kind], tmp_path / "other", change))
    assert before[at] in first
    assert after[at] in second
    assert first != second


@pytest.mark.parametrize(("lang", "words"), [("en", "cannot be determined"), ("zh", "无法判断")])
def test_a_path_whose_range_holds_both_signs_cannot_be_told(
    results: Mapping[str, Path], tmp_path: Path, lang: str, words: str
) -> None:
    names = ("unify.2023.extra_cost.total", "unify.2023.extra_paid.county")

    def spanning(summary: dict[str, Any]) -> None:
        for name in names:
            size, unit = abs(summary[name]["value"]), summary[name]["unit"]
            summary[f"low.{name}"] = {"value": -2 * size, "unit": unit}
            summary[f"high.{name}"] = {"value": 3 * size, "unit": unit}

    one = made(changed(results["unification"], tmp_path / "other", spanning), lang)
    assert all(words in text.text for text in one.answer[:2])
    assert words not in said(made(results["unification"], lang))


def test_a_range_forbids_digits() -> None:
    wide = Figure("cost.total", 123456789.0, "yuan/year", 105e6, 142e6)
    assert digits_known(wide) == 2
    assert in_words(wide, "zh") == "1.2亿元"
    assert in_words(Figure("cost.total", 123456789.0, "yuan/year"), "en") == "123 million yuan"
    assert digits_known(Figure("x", 10.0, "1", -10.0, 30.0)) == 1


def test_a_bound_is_said_as_a_bound() -> None:
    assert cell(Figure("ratio.x", 0.9991, "1", at_least=True), 0.01) == "≥99.9"
    assert sign(Figure("change.x", 1.0, "1", -0.1, 2.0), 5.0) == "unknown"
    assert sign(Figure("change.x", 1e-9, "1"), 5.0) == "same"


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_brief_is_the_same_bytes(
    results: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    folder = read_folder(results[kind])
    one, again = made(results[kind], "zh"), made(results[kind], "zh")
    drawn = pictures(one)
    assert drawn == pictures(again)
    for module in (docx, html, pdf):  # each draws the charts for itself, which takes most of the time
        monkeypatch.setattr(module, "pictures", lambda brief: drawn)
    for form, written in FORMATS.items():
        assert written(one, [folder]) == written(again, [folder]), form


def test_a_withheld_figure_never_appears(results: Mapping[str, Path], tmp_path: Path) -> None:
    """Not even where the summary holds it by mistake: the names that the manifest withholds are not read."""
    folder = results["withheld"]
    whole = json.loads((results["run"] / "summary.json").read_text("utf-8"))
    names = json.loads((folder / "manifest.json").read_text("utf-8"))["withheld"]["figures"]
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    assert names
    assert not set(names) & set(summary)
    leaky = changed(folder, tmp_path / "leaky", lambda summary: summary.update({n: whole[n] for n in names}))
    for lang in LANGUAGES:
        assert made(leaky, lang) == made(folder, lang)
        assert made(folder, lang) != made(results["run"], lang)
    # By how much a withheld benefit would fall says how large it is.
    assert "effect" not in read_folder(folder).table("sensitivity").columns  # type: ignore[union-attr]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sums_that_a_nation_withholds_never_appear(
    results: Mapping[str, Path], tmp_path: Path, lang: str
) -> None:
    """Sums of money and recipients are shown only where the counties' own figures cover enough residents."""

    def sums(folder: Path) -> list[float]:
        table = read_folder(folder).table("nation")
        assert table is not None
        held = table["measure"].isin(["cost", "caseload"])
        return [float(value) for value in table[held]["value"]]

    whole, part = results["nation"], results["nation_part"]
    money = "万元" if lang == "zh" else "million yuan"
    (shown,), (hidden,) = (
        [t for t in parts(made(f, lang).sections) if isinstance(t, Table)] for f in (whole, part)
    )
    assert any(money in head for head in shown.header)
    assert not any(money in head for head in hidden.header)
    assert all(value != value for value in sums(part))
    # Were the sums of another run left in the folder's summary, they would be found; nothing else holds them.
    texts = "\n".join(
        t.text for t in (*made(part, lang).answer, *parts(made(part, lang).sections)) if isinstance(t, Text)
    )
    assert unfounded(texts, sums(whole)) == [n.text for n in numbers_in(texts)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_kinds_are_put_side_by_side(results: Mapping[str, Path], lang: str) -> None:
    kinds = ("run", "compare", "cliffs", "ledger", "unification", "solve", "sweep", "nation")
    folders = [read_folder(results[kind]) for kind in kinds]
    one = brief_of(folders, lang)
    assert len(one.answer) == len(one.sections[0].sections) == len(kinds)
    for said_of, folder in zip(one.answer, folders, strict=True):
        assert folder.title(lang) in said_of.text
    named_once = [section.heading for section in one.sections[0].sections]
    assert len(set(named_once)) == len(kinds)
    numbers = [re.findall(r"\d+", table.caption)[0] for table in one.annex]
    assert numbers == [str(n) for n in range(1, len(one.annex) + 1)]
    texts = [part.text for part in parts(one.sections) if isinstance(part, Text)]
    named = re.findall(r"附表(\d+)|annex table (\d+)", "\n".join(texts))
    assert {a or b for a, b in named} <= set(numbers)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_several_folders_are_put_side_by_side(results: Mapping[str, Path], lang: str) -> None:
    one = brief_of([read_folder(results[kind]) for kind in ("run", "compare")], lang)
    assert len(one.answer) == 2
    assert len(one.sections[0].sections) == 2
    captions = [part.caption for part in parts(one.sections) if isinstance(part, Table)]
    assert [re.findall(r"\d", caption)[0] for caption in captions] == ["1", "2"]


def test_assumptions_are_named_with_their_effect(results: Mapping[str, Path]) -> None:
    one = made(results["run"])
    annex, lacking = one.annex
    named = {item for row in lacking.rows for item in row[0].split("; ")}
    assert len(named) == len(read_folder(results["run"]).manifest["lacking_columns"])
    assert annex.rows
    assert all(len(row) == len(annex.header) == 4 for row in annex.rows)
    (sentence,) = one.sections[2].parts
    assert isinstance(sentence, Text)
    assert annex.rows[0][0] in sentence.text


def test_what_is_no_results_folder_is_refused(results: Mapping[str, Path], tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    rows = results["nation"].with_name("three-rows")  # what each county was, not what they add up to
    assert rows.is_dir()
    refused = ((tmp_path / "none", "no such folder"), (tmp_path / "other", "no results folder"))
    for path, words in (*refused, (rows, "no results folder")):
        with pytest.raises(MicrosimError, match=words):
            brief(path, tmp_path / "x.docx")
    with pytest.raises(MicrosimError, match="no format 'odt'"):
        brief(results["run"], tmp_path / "x.odt")
    unknown = changed(results["run"], tmp_path / "unknown", lambda summary: None)
    manifest = json.loads((unknown / "manifest.json").read_text("utf-8"))
    (unknown / "manifest.json").write_text(json.dumps({**manifest, "study": "calibrate"}), "utf-8")
    with pytest.raises(MicrosimError, match="no brief is made of results of 'calibrate'"):
        brief([unknown, results["run"]], tmp_path / "x.docx")
    assert not list(tmp_path.glob("x.*"))
