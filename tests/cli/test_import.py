"""``microsim import``: data files in, a population folder and a report out."""

from __future__ import annotations

import codecs
import json
from pathlib import Path

import pandas as pd

from microsim.population import Population
from tests.cli.conftest import Call
from tests.population.survey import survey_files
from tests.scenario.small_county import PROFILE
from tests.wrapped import says


def test_a_template_is_shown_and_used(call: Call) -> None:
    shown = call("import", "civil-register", "--show")
    assert shown.exit_code == 0
    Path("mapping.yaml").write_text(shown.stdout, encoding="utf-8")
    assert call("check", "mapping.yaml").stdout == "mapping.yaml: good survey mapping\n"
    survey_files.register().to_excel("recipients.xlsx", index=False)
    done = call("import", "mapping.yaml", "recipients.xlsx", "--out", "recipients", "--profile", PROFILE)
    assert done.exit_code == 0, done.stderr
    assert says(done.stdout, "filled: works of persons, 3 of 3 with False")
    assert done.stdout.endswith("recipients: 2 households, 3 persons\n")
    assert Population.read("recipients").n_persons == 3
    # It quotes the user's own column names: Excel takes it for UTF-8 only with the mark.
    assert Path("recipients/import-report.csv").read_bytes().startswith(codecs.BOM_UTF8)
    report = pd.read_csv("recipients/import-report.csv").set_index("column")
    assert report.loc["dibao_received", "how"] == "converted from yuan/month, times 12"
    assert report.loc["disability_grade", "missing"] == 1
    assert call("check", "recipients").exit_code == 0
    Path("s.yaml").write_text("county: recipients\nlaw: 2020-12-31\n", encoding="utf-8")
    assert call("check", "s.yaml").exit_code == 0


def test_what_the_law_needs_and_nobody_maps_is_told(call: Call) -> None:
    text = call("import", "civil-register", "--show").stdout
    start, end = text.index("    relation:"), text.index("    disability_grade:")
    Path("mapping.yaml").write_text(text[:start] + text[end:], encoding="utf-8")
    survey_files.register().to_csv("recipients.csv", index=False)
    told = (
        "the law cannot be applied without: relation (means_test); map what is missing "
        "(persons: columns: relation:)"
    )
    first, *rest = call("check", "mapping.yaml").stdout.splitlines()
    assert first == "mapping.yaml: good survey mapping, though not complete:"
    assert " ".join(line.strip() for line in rest) == f"- {told}"
    done = call("import", "mapping.yaml", "recipients.csv", "--out", "recipients")
    assert says(done.stdout, f"look at: {told}")
    done = call("import", "mapping.yaml", "recipients.csv", "--out", "recipients", "--json")
    assert json.loads(done.stdout)["needed_by_the_law"] == told


def test_hashed_ids_and_json(call: Call) -> None:
    survey_files.register().to_csv("recipients.csv", index=False)
    Path("key").write_bytes(b"0123456789abcdef")
    done = call(
        *(
            "import",
            "civil-register",
            "recipients.csv",
            "--out",
            "x",
            "--ids",
            "hash",
            "--key-file",
            "key",
            "--json",
        )
    )
    assert done.exit_code == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["counts"]["households imported"] == 2
    assert "姓名" in report["unused_source_columns"]["persons"]
    assert Population.read("x").household_id.min() > 2
    assert call("import", "civil-register", "recipients.csv", "--out", "y", "-q").stdout == ""


def test_bad_use(call: Call) -> None:
    assert "give the data files and --out DIR" in call("import", "civil-register").stderr
    done = call("import", "civil-register", "x.csv", "--out", "x", "--ids", "hash")
    assert "--ids hash and --key-file go together" in done.stderr
    survey_files.register().to_csv("recipients.csv", index=False)
    done = call(
        *("import", "civil-register", "recipients.csv", "--out", "x", "--ids", "hash", "--key-file", "absent")
    )
    assert "absent: no such file" in done.stderr
    done = call("import", "cfps-2019", "x.dta", "--out", "x")
    assert done.exit_code == 2
    assert "did you mean 'cfps-2018'?" in done.stderr
    done = call("import", "civil-register", "absent.csv", "--out", "x")
    assert done.exit_code == 2
    assert "absent.csv: no such file" in done.stderr
    assert not Path("x").exists()
