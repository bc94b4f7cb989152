"""The kernel cache as users see it: where it is, what is in it, filled and emptied; and the version."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from filelock import FileLock

from microsim.engine.runtime.cache import name_of
from microsim.engine.runtime.kept import kept_kernels
from tests.cli.conftest import Call

OTHERS = "0" * 32


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache with a kernel of this installation, one of another, and a file that is none of ours."""
    folder = tmp_path / "kernels"
    (folder / "__pycache__").mkdir(parents=True)
    source = "def evaluate(): cache=CACHE\n"
    for name in (name_of(source), OTHERS):
        (folder / f"kernel_{name}.py").write_text(
            source.replace("cache=CACHE", "cache=True"), encoding="utf-8"
        )
        (folder / f"kernel_{name}.json").write_text("{}", encoding="utf-8")
        (folder / "__pycache__" / f"kernel_{name}.evaluate-1.py311.1.nbc").write_bytes(b"x" * 1_000)
        (folder / f"{name}.lock").touch()
    (folder / "letter.txt").write_text("mine", encoding="utf-8")
    (folder / "kernel_mine.py").write_text("mine", encoding="utf-8")
    monkeypatch.setenv("MICROSIM_CACHE", str(folder))
    return folder


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_version_names_the_cache(call: Call, folder: Path, lang: str) -> None:
    first, second = call("--version", "--lang", lang).stdout.splitlines()
    assert first.startswith("microsim ")
    assert second == {"en": "kernel cache: ", "zh": "内核缓存："}[lang] + str(folder)


def test_what_is_there_is_counted(call: Call, folder: Path) -> None:
    shown = call("cache").stdout.splitlines()
    assert shown[1].startswith("2 kernels, ")
    assert shown[2].startswith("1 of them were compiled by other versions or settings")
    as_json = json.loads(call("cache", "--json").stdout)
    assert as_json["folder"] == str(folder)
    assert (as_json["kernels"], as_json["of_other_versions"]) == (2, 1)
    assert as_json["bytes"] == sum(kernel.size for kernel in kept_kernels(folder)) > 2_000


def test_prune_leaves_what_can_be_used(call: Call, folder: Path) -> None:
    before = names(folder)
    assert json.loads(call("cache", "--prune", "--json").stdout)["removed"] == 1
    assert {name for name in before - names(folder) if OTHERS not in name} == set()
    assert not [name for name in names(folder) if OTHERS in name]


def test_clear_leaves_the_files_of_others_and_what_is_being_compiled(call: Call, folder: Path) -> None:
    with FileLock(str(folder / f"{OTHERS}.lock")):
        done = json.loads(call("cache", "--clear", "--json").stdout)
    assert (done["removed"], done["in_use"], done["kernels"]) == (1, 1, 1)
    assert call("cache", "--clear").exit_code == 0
    assert names(folder) == {"letter.txt", "kernel_mine.py"}


def test_an_empty_place_is_no_mistake(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROSIM_CACHE", str(tmp_path / "none"))
    for option in ("--clear", "--prune", "--json"):
        assert call("cache", option).exit_code == 0
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("arguments", [("--warm", "--clear"), ("--prune", "--clear"), ("a.yaml",)])
def test_what_does_not_go_together_is_refused(call: Call, folder: Path, arguments: tuple[str, ...]) -> None:
    before = names(folder)
    assert call("cache", *arguments).exit_code == 2
    assert names(folder) == before


def test_a_place_that_holds_nothing_is_refused_before_the_work(
    call: Call, scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("MICROSIM_CACHE", str(tmp_path / "file" / "kernels"))
    done = call("cache", "--warm", scenario)
    assert done.exit_code == 1
    assert str(tmp_path / "file") in done.stderr


@pytest.mark.slow
@pytest.mark.compiled
def test_what_is_warm_is_not_compiled_again(
    call: Call, scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MICROSIM_CACHE", str(tmp_path / "warm"))
    done = json.loads(call("cache", "--warm", scenario, "--json").stdout)
    assert done["compiled"] == done["kernels"] > 1
    before = names(tmp_path / "warm")
    assert call("run", scenario, "-q").exit_code == 0
    assert call("cliffs", scenario, "-q").exit_code == 0
    assert names(tmp_path / "warm") == before
    again = call("cache", "--warm", scenario).stdout.splitlines()[0]
    assert again == f"compiled 0 kernels; {done['kernels']} were there before"
