"""JSON Schemas are as the command writes them; they take what is shipped and refuse what is wrong in form."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from microsim.cli.commands.schema import KINDS
from microsim.cli.main import cli
from microsim.documents import read_document
from microsim.documents.json_schema import json_data
from microsim.errors import MicrosimError
from tests.bad_files import bad_files

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(
    file
    for pattern in (
        *("scenarios/*.yaml", "scenarios/counties/*.yaml", "data/synthetic/*/profile.yaml"),
        *("microsim/law/*.yaml", "microsim/population/survey/templates/*.yaml"),
    )
    for file in ROOT.glob(pattern)
)
LINE = re.compile(r"# yaml-language-server: \$schema=(\S+)\n")


@cache
def schema_of(kind: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((ROOT / "schemas" / f"{kind}.json").read_text(encoding="utf-8")))


def faults(kind: str, path: Path) -> list[str]:
    data: Any = json_data(read_document(path).data)
    return [f"{error.json_path}: {error.message}"[:300] for error in schema_of(kind).iter_errors(data)]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All schemas, from a process in which no test has defined a currency or a law of its own."""
    out = tmp_path_factory.mktemp("schemas")
    start = "from microsim.cli.entry import main; main()"
    subprocess.run([sys.executable, "-c", start, "schema", "--out", str(out), "-q"], check=True, cwd=ROOT)
    return out


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_committed_is_what_the_command_writes(kind: str, written: Path) -> None:
    text = (ROOT / "schemas" / f"{kind}.json").read_text(encoding="utf-8")
    assert text == (written / f"{kind}.json").read_text(encoding="utf-8"), "microsim schema --out schemas"
    Draft202012Validator.check_schema(json.loads(text))


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_every_shipped_file_names_its_schema_and_is_taken_by_it(file: Path) -> None:
    line = LINE.match(file.read_text(encoding="utf-8"))
    assert line, "the first line names the schema"
    schema = (file.parent / line[1]).resolve()
    assert schema.parent == ROOT / "schemas"
    assert faults(schema.stem, file) == []


# What only the law of a day, other files or several parts together can tell.
NOT_OF_FORM = {
    "scenario": {
        *("before-all-law", "impossible-values", "ratio-in-per-cent", "said-twice", "set-twice"),
        *("county-a-device", "county-name-too-long", "county-of-another-kind", "county-without-people"),
        *("caps-together", "missing-county", "years-far-away", "years-out-of-order"),
    },
    "sweep": {
        *("axes-and-cases", "cases-incomplete", "impossible-values", "on-a-path", "overlap"),
        *("scenario-not-there", "too-many"),
    },
    "families": set[str](),
    "law": set[str](),
}


@pytest.mark.parametrize("kind", NOT_OF_FORM)
def test_files_that_are_wrong_in_form_are_refused(kind: str) -> None:
    taken = set()
    for path in bad_files(kind):
        try:
            read_document(path)
        except MicrosimError:
            continue  # no YAML
        if not faults(kind, path):
            taken.add(path.stem)
    assert taken == NOT_OF_FORM[kind]


def test_the_command_lists_prints_and_writes(tmp_path: Path) -> None:
    def run(*words: str) -> str:
        done = CliRunner().invoke(cli, ["schema", *words])
        assert done.exit_code == (2 if "scenaro" in words else 0), done.output
        return done.output

    assert [line.split()[0] for line in run().splitlines()] == list(KINDS)
    assert json.loads(run("law"))["title"] == KINDS["law"][0]
    assert "no kind of file is called 'scenaro'; did you mean 'scenario'?" in run("scenaro")
    run("--out", str(tmp_path / "new"), "law")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["law.json"]


def test_both_languages_explain_what_a_scenario_may_say() -> None:
    whole = schema_of("scenario").schema
    keys = whole["properties"]
    for key, about in keys.items():
        english, chinese = about["description"].split("\n")
        assert english.isascii(), key
        assert re.search("[\u4e00-\u9fff]", chinese), key
    assert keys["changes"]["$ref"] == "#/$defs/changes"
    names = whole["$defs"]["changes"]["properties"]
    assert names["dibao.line.rural"]["description"].startswith("Dibao line per person (yuan/year)")
    assert names["dibao.line"]["anyOf"][0] == {"$ref": "#/$defs/number"}


def test_faults_of_mappings_and_profiles(tmp_path: Path) -> None:
    template = ROOT / "microsim" / "population" / "survey" / "templates" / "civil-register.yaml"
    profile = ROOT / "data" / "synthetic" / "h-county" / "profile.yaml"
    for kind, file, old, new in (
        ("mapping", template, "persons:", "person:"),
        ("mapping", template, "columns:", "colums:"),
        ("profile", profile, "rural: 216056", "rurl: 216056"),
        ("profile", profile, "value: 0.511", "value: high"),
    ):
        text = file.read_text(encoding="utf-8")
        assert old in text
        (tmp_path / "bad.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
        assert faults(kind, tmp_path / "bad.yaml"), (kind, new)
