"""Settings as files: never over another file unasked, always one that runs, and the brief of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import docx
import pytest

import microsim as ms
from microsim.errors import FileError, InputError
from microsim.explore.saving import ExistsError, UnsavedError, brief_of_setting, save, suggested_title
from microsim.explore.session import Session
from microsim.scenario import load_scenario
from tests.scenario.small_county import SCENARIO, write


@pytest.fixture
def saving(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setattr(session, "folder", tmp_path / "saved")
    monkeypatch.setattr(session, "saved", {})
    return session


def test_a_saved_setting_is_a_scenario_on_its_base(saving: Session) -> None:
    settings = saving.settings({"rural_line": 5040, "payment_rural": "banded"})
    path = save(saving, settings, "higher", {"en": "Higher", "zh": "提高"})
    assert path == saving.folder / "higher.yaml"
    loaded = load_scenario(path)
    assert loaded.base is not None
    assert loaded.base.path.samefile(saving.scenario.path)
    assert loaded.title == {"en": "Higher", "zh": "提高"}
    assert (loaded.policy().value("dibao.line.rural"), loaded.policy().value("dibao.payment.rural")) == (
        5040,
        "banded",
    )
    assert loaded.policy().hash == saving.answer(settings).run.policy.hash


def test_a_file_is_replaced_only_where_that_is_said(saving: Session) -> None:
    first, second = (saving.settings({"rural_line": line}) for line in (5040, 5100))
    path = save(saving, first, "one", {"en": "One"})
    before = path.read_bytes()
    with pytest.raises(ExistsError, match="already exists; replace it, or choose another name"):
        save(saving, second, "one", {"en": "Two"})
    assert path.read_bytes() == before
    save(saving, second, "one.yaml", {"en": "Two"}, replace=True)
    assert load_scenario(path).policy().value("dibao.line.rural") == 5100
    assert [one.name for one in saving.folder.iterdir()] == ["one.yaml"]


def test_the_scenario_itself_and_its_bases_are_never_replaced(tmp_path: Path, session: Session) -> None:
    base = write(tmp_path)
    reform = write(
        tmp_path, "base: small.yaml\ntitle: {en: R}\nchanges: {dibao.line.rural: 4700}\n", "reform.yaml"
    )
    open_page = replace_scenario(session, reform)
    settings = open_page.settings({"exit_months": 6})
    for name, path in (("reform", reform), ("small", base)):
        before = path.read_bytes()
        with pytest.raises(FileError, match="is the scenario that this one departs from"):
            save(open_page, settings, name, {}, replace=True)
        assert path.read_bytes() == before


def replace_scenario(session: Session, path: Path) -> Session:
    """A page of another scenario on the same county."""
    made = Session(load_scenario(path))
    assert made.folder == path.parent
    return made


@pytest.mark.parametrize("name", ["", "  ", "../x", "a/b", "a\\b", ".hidden", "x" * 61, "a b", "c:d", "-x"])
def test_names_that_are_none(saving: Session, name: str) -> None:
    with pytest.raises(InputError, match="cannot be the name of a file"):
        save(saving, saving.settings({"rural_line": 5040}), name, {})
    assert not saving.folder.exists()


def test_a_chinese_name(saving: Session) -> None:
    path = save(saving, saving.settings({"rural_line": 5040}), "提高农村标准", {"zh": "提高"})
    assert load_scenario(path).title_in("zh") == "提高"


def test_what_the_law_refuses_is_not_saved(saving: Session) -> None:
    with pytest.raises(InputError):
        save(saving, saving.settings({"rural_line": 90000}), "much", {})
    assert not saving.folder.exists()


def test_the_title_says_what_was_moved(session: Session) -> None:
    settings = session.settings({"rural_line": 5040, "exit_months": 12, "cap": 3e6})
    assert suggested_title(session, settings) == {
        "en": "Rural dibao line: 5,040 yuan/year; Months of gradual exit: 12 months; "
        "Cap on dibao expenditure: 3 million yuan",
        "zh": "农村低保标准：5,040元/年；渐退期：12个月；低保资金上限：300万元",
    }


def test_a_brief_is_of_a_file(saving: Session) -> None:
    settings = saving.settings({"rural_line": 5040})
    with pytest.raises(UnsavedError, match="save it first"):
        brief_of_setting(saving, settings, "html", "en")
    path = save(saving, settings, "one", {"en": "One"})
    path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    with pytest.raises(UnsavedError):
        brief_of_setting(saving, settings, "html", "en")
    with pytest.raises(InputError, match="there is no format 'pdf'"):
        brief_of_setting(saving, settings, "pdf", "en")


@pytest.mark.slow
def test_the_brief_is_that_of_run_and_brief(saving: Session, tmp_path: Path) -> None:
    settings = saving.settings({"rural_line": 5040})
    path = save(saving, settings, "one", suggested_title(saving, settings))
    name, content = brief_of_setting(saving, settings, "docx", "zh")
    assert name == "one-brief.docx"
    (tmp_path / name).write_bytes(content)
    text = "\n".join(one.text for one in docx.Document(str(tmp_path / name)).paragraphs)
    assert "农村低保标准：5,040元/年" in text
    assert f"命令：microsim run {path}" in text
    ms.run(path, tmp_path / "out", lang="zh")
    other = tmp_path / "other.docx"
    ms.brief(tmp_path / "out" / "one", other, lang="zh")
    same = [one.text for one in docx.Document(str(other)).paragraphs if not one.text.startswith("命令")]
    assert [line for line in text.splitlines() if not line.startswith("命令")] == "\n".join(same).splitlines()


@pytest.mark.slow
def test_the_brief_of_the_scenario_as_it_is(session: Session) -> None:
    name, content = brief_of_setting(session, {}, "html", "en")
    assert name == "small-brief.html"
    assert "A small county" in content.decode("utf-8")


def test_a_scenario_with_a_base_is_laid_under(tmp_path: Path) -> None:
    """The page of a reform departs from the reform, not from its base."""
    write(tmp_path)
    reform = write(
        tmp_path, "base: small.yaml\ntitle: {en: R}\nchanges: {dibao.line.rural: 4700}\n", "reform.yaml"
    )
    found = Session(replace(load_scenario(reform)))
    answer = found.answer(found.settings({"exit_months": 6}))
    assert answer.run.policy.value("dibao.line.rural") == 4700
    path = save(found, answer.settings, "exit", {"en": "Exit"})
    assert "reform.yaml" in path.read_text(encoding="utf-8")
    assert SCENARIO not in path.read_text(encoding="utf-8")
