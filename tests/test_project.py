"""The project as a whole: version, cheap import, declared dependencies, clean files."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import microsim
from microsim.cli.main import COMMANDS
from microsim.documents import parse_document
from microsim.scenario.reading import scenario_from

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

# What a distribution is called where that is not the name it is imported by.
IMPORTED_AS = {"python-docx": "docx", "pyyaml": "yaml"}


def tracked() -> list[Path]:
    """Files that git knows; the test is skipped where the project was unpacked without its history."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_one_version_everywhere() -> None:
    version = PROJECT["version"]
    assert metadata.version("microsim") == version
    assert microsim.__version__ == version
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(version)}\b", changes, re.MULTILINE)


def test_the_citation_is_of_this_version_and_licence() -> None:
    cited = parse_document((ROOT / "CITATION.cff").read_text(encoding="utf-8"), ROOT / "CITATION.cff").data
    assert cited["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(cited)
    assert str(cited["version"]) == PROJECT["version"]
    assert cited["license"] in PROJECT["license"]
    assert [one["name"] for one in cited["authors"]] == [one["name"] for one in PROJECT["authors"]]


def test_import_is_cheap() -> None:
    code = "import sys, microsim; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"numba", "llvmlite", "pandas", "matplotlib", "pyarrow", "numpy", "rich", "scipy"}
    assert heavy & set(done.stdout.split()) == set()


def test_every_library_that_the_package_imports_is_declared() -> None:
    declared = {Requirement(line).name for line in PROJECT["dependencies"]}
    extras = {Requirement(line).name for lines in PROJECT["optional-dependencies"].values() for line in lines}
    allowed = {IMPORTED_AS.get(name, name) for name in declared | extras} | {"llvmlite", "microsim"}
    undeclared = {}
    for path in sorted((ROOT / "microsim").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom) and not node.level
                else []
            )
            for name in names:
                top = name.split(".")[0]
                if top not in allowed and top not in sys.stdlib_module_names:
                    undeclared[f"{path.relative_to(ROOT)}:{node.lineno}"] = name
    assert undeclared == {}


def test_jupyter_is_among_the_requirements() -> None:
    assert "jupyter" in {Requirement(line).name for line in PROJECT["optional-dependencies"]["notebooks"]}


def test_no_file_names_a_place_on_someones_machine() -> None:
    places = re.compile(r"(?<![\w.~*)}\]/-])/(?:work|tmp|root|home|opt|Users)/|file:" + "//")
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # pictures, fonts, Parquet
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
            for number, line in enumerate(text.splitlines(), start=1)
            if places.search(line) and path != Path(__file__)
        ]
    assert found == []


def test_the_lock_file_names_only_the_public_index() -> None:
    hosts = set(re.findall(r"https?://([^/\"\s]+)", (ROOT / "uv.lock").read_text(encoding="utf-8")))
    assert hosts == {"pypi.org", "files.pythonhosted.org"}


def test_files_stay_small_enough_to_clone() -> None:
    large = {str(p.relative_to(ROOT)): p.stat().st_size for p in tracked() if p.stat().st_size > 5_000_000}
    assert large == {}


# A newcomer finds a file by its folder's listing and reads it in one sitting.
LINES = 400
FILES = 22
# One file for each programme and mistake in a rule: their listings are tables of contents.
LARGER = {"microsim/law", "tests/bad_input/rules"}


def test_files_and_folders_stay_small_enough_to_read() -> None:
    files = [path for path in tracked() if path.suffix == ".py"]
    lines = {str(p.relative_to(ROOT)): len(p.read_text(encoding="utf-8").splitlines()) for p in files}
    assert {name: n for name, n in lines.items() if n > LINES} == {}
    folders = Counter(str(path.parent.relative_to(ROOT)) for path in files)
    assert {name: n for name, n in folders.items() if n > FILES and name not in LARGER} == {}


def test_the_wheel_would_carry_its_data() -> None:
    package = Path(microsim.__file__).parent
    for pattern in (
        "py.typed",
        "law/*.yaml",
        "population/*/*.yaml",
        "population/survey/templates/*.yaml",
        "charts/fonts/*.ttf",
        "charts/fonts/LICENSE-*",
        "report/brief/*.typ",
    ):
        assert list(package.glob(pattern)), pattern
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert not {"*.yaml", "*.ttf", "*.typed"} & set(ignored)  # hatchling leaves out what git ignores


READMES = ("README.md", "README.zh-CN.md")


@pytest.mark.parametrize("name", READMES)
def test_the_readme_shows_commands_that_exist(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    readme = (ROOT / name).read_text(encoding="utf-8")
    shown = set(re.findall(r"(?:^|`)make ([a-z-]+)", readme, re.MULTILINE))
    assert {"demo", "test"} <= shown <= set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    commands = set(re.findall(r"^microsim ([a-z]+)", readme, re.MULTILINE))
    assert "run" in commands
    assert commands <= set(COMMANDS)


def test_the_readmes_show_the_same_commands_and_name_each_other() -> None:
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in READMES)
    commands = [re.findall(r"^microsim .*?(?=\s+#|$)", text, re.MULTILINE) for text in (english, chinese)]
    assert commands[0] == commands[1]
    assert "(README.zh-CN.md)" in english
    assert "(README.md)" in chinese


@pytest.mark.parametrize("name", READMES)
def test_the_scenario_in_the_readme_can_be_used(name: str) -> None:
    readme = (ROOT / name).read_text(encoding="utf-8")
    (text,) = re.findall(r"^```yaml\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    place = text.splitlines()[0].removeprefix("# ")
    assert f"microsim run {place}" in readme
    assert scenario_from(parse_document(text, ROOT / place)).county_path.is_dir()
