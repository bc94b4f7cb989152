"""The other commands, exit codes and errors."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from microsim.cli.main import COMMANDS, cli
from microsim.report.text import display_width
from microsim.scenario.grammar import LAW_KNOWN_UNTIL
from tests.cli.conftest import Call
from tests.scenario.small_county import PROFILE, ROOT, SCENARIO, write
from tests.wrapped import says

BAD = ROOT / "tests" / "bad_input" / "scenario"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(call: Call, name: str) -> None:
    done = call(name, "--help")
    assert done.exit_code == 0
    assert f"microsim {name} " in done.stdout.split("Example", 1)[1]
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


def test_help_lists_every_command(call: Call) -> None:
    done = call("--help")
    assert all(f"\n  {name} " in done.stdout for name in COMMANDS)
    assert "..." not in done.stdout.split("Commands:")[1]


def test_an_unknown_command_has_a_suggestion(call: Call) -> None:
    done = call("rnu", "x.yaml")
    assert done.exit_code == 2
    assert "no such command 'rnu'; did you mean 'run'?" in done.stderr


def test_params(call: Call) -> None:
    done = call("params", "dibao.line", "--date", "2015-06-30")
    assert "rural 3,177.6" in done.stdout
    assert "urban 5,413.2" in done.stdout
    assert "2015-01-01" in done.stdout
    assert "cited" in done.stdout
    assert says(done.stdout, "MCA statistical bulletin 2015")


def test_params_find_labels_and_speak_chinese(call: Call) -> None:
    done = call("params", "最低生活保障标准", "--lang", "zh")
    assert "dibao.line（" in done.stdout or "dibao.line (最低生活保障标准)" in done.stdout


@pytest.mark.parametrize(
    "arguments", [("params",), ("rules",), ("params", "--lang", "zh"), ("rules", "--lang", "zh")]
)
def test_lists_fit_80_columns(call: Call, arguments: tuple[str, ...]) -> None:
    done = call(*arguments)
    assert done.exit_code == 0
    assert max(display_width(line) for line in done.stdout.splitlines()) <= 80


def test_params_as_json(call: Call) -> None:
    (line,) = json.loads(call("params", "dibao.line", "--json", "--date", "2020-12-31").stdout)
    assert line["value"] == {"rural": 5962.3, "urban": 8131.2}
    assert line["unit"] == "yuan/year"
    assert line["source"] == "cited"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("params", "dibao.lin3x"), "did you mean 'dibao.line'?"),
        (("rules", "dibao_entitlemnt"), "did you mean 'dibao_entitlement'?"),
        (("params", "--date", "1980-01-01"), "no law is included for 1980-01-01"),
        (("params", "--date", "yesterday"), "'yesterday' is not a date"),
        (("explain", "absent.yaml", "--household", "1"), "absent.yaml: no such file"),
        (("kernel", "absent.yaml"), "absent.yaml: no such file"),
        (("synth", "absent.yaml", "--out", "x"), "absent.yaml: no such file"),
        (("check", "absent.yaml"), "absent.yaml: no such file"),
        (("run",), "Missing argument"),
        (("explain", "x.yaml"), "Missing option '--household'"),
    ],
)
def test_bad_use_is_code_2_on_stderr(call: Call, arguments: tuple[str, ...], words: str) -> None:
    done = call(*arguments)
    assert done.exit_code == 2
    assert words in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_rules(call: Call) -> None:
    listed = call("rules").stdout
    assert "dibao_entitlement" in listed
    told = call("rules", "dibao_entitlement").stdout
    assert "needs: dibao_eligible, " in told
    assert says(told, "2021 review measures, art. 23")
    assert "microsim/law/dibao.py:" in told.replace("\n", "")


def test_rules_of_a_programme_with_their_articles(call: Call) -> None:
    told = " ".join(call("rules", "medical_aid").stdout.split())
    assert "References" in told
    assert "person_tilted_aid (Tilted aid): 2021 medical-aid opinions (recalled)" in told
    assert "medical_aid_by_tier (Medical aid by tier): Order 649, arts. 28-29" in told


@pytest.mark.parametrize("command", ["params", "rules"])
def test_a_day_after_the_law_is_known_is_said(call: Call, command: str) -> None:
    last = LAW_KNOWN_UNTIL
    after = str(dt.date.fromisoformat(last) + dt.timedelta(days=1))
    assert not says(call(command, "dibao", "--date", last).stdout, "included up to")
    assert says(call(command, "dibao", "--date", after).stdout, f"The law is included up to {last}")
    assert says(call(command, "dibao", "--date", after, "--lang", "zh").stdout, f"法规收录至{last}")
    told = call(command, "dibao", "--date", after, "--json")
    assert f"included up to {last}" in told.stderr
    assert json.loads(told.stdout)


def test_rules_as_json(call: Call) -> None:
    (rule,) = json.loads(call("rules", "dibao_entitlement", "--json").stdout)
    assert rule["entity"] == "household"
    assert rule["programme"] == "dibao"
    assert "dibao_line_in_force" in rule["needs"]


def test_explain(call: Call, scenario: Path) -> None:
    done = call("explain", scenario, "--household", "17")
    assert done.exit_code == 0
    assert "Household 17" in done.stdout
    answer = done.stdout.partition("\n\nIncomes of 2020")[0].splitlines()
    assert len(answer) <= 15, "the answer is short; reasons come with --all, steps with --trace"
    assert "changed by the scenario" not in done.stdout
    steps = call("explain", scenario, "--household", "17", "--trace").stdout
    every = call("explain", scenario, "--household", "17", "--all").stdout
    assert every.splitlines()[: len(answer) // 2] == answer[: len(answer) // 2]
    paid, end, year = every.partition("\n\nIncomes of 2020")
    assert end
    assert steps.startswith(paid)
    assert (end + year.partition("\n")[0]) in steps
    assert says(steps, "changed by the scenario")
    assert "第17户" in call("explain", scenario, "--household", "17", "--lang", "zh").stdout
    data = json.loads(call("explain", scenario, "--household", "17", "--json").stdout)
    assert {"paid", "unpaid", "steps"} <= set(data)


def test_explain_refuses_what_is_not_there(call: Call, scenario: Path) -> None:
    done = call("explain", scenario, "--household", "99999")
    assert done.exit_code == 2
    assert "99999" in done.stderr
    done = call("explain", scenario, "--household", "17", "--output", "dibao_entitlemnt")
    assert done.exit_code == 2
    assert "dibao_entitlement" in done.stderr


def test_kernel_is_python(call: Call, scenario: Path) -> None:
    done = call("kernel", scenario)
    assert done.exit_code == 0
    compile(done.stdout, "kernel.py", "exec")
    assert "dibao_entitlement" in done.stdout
    assert "counted_income_per_head" in done.stdout
    assert call("kernel", scenario).stdout == done.stdout


def test_check_says_what_each_file_is(call: Call, scenario: Path) -> None:
    county = scenario.parent / "county"
    law = ROOT / "microsim" / "law" / "dibao.yaml"
    sweep = scenario.parent / "sweep.yaml"
    sweep.write_text("scenario: small.yaml\naxes: {dibao.line.rural: [4000, 5000]}\n", encoding="utf-8")
    families = ROOT / "scenarios" / "families.yaml"
    done = call("check", scenario, county, PROFILE, law, sweep, families)
    assert done.exit_code == 0, done.stderr
    lines = done.stdout.splitlines()
    kinds = [line.split(": good ")[1] for line in lines if ": good " in line]
    assert kinds[0] == "scenario"
    assert kinds[1].startswith("population (300 households")
    assert kinds[2:] == ["county profile", "law", "sweep", "families file"]
    assert lines[1].startswith(
        "  - missing from the county's data, so these programmes are computed without:"
    )
    assert all(len(line) <= 80 for line in lines if line.startswith("  "))
    assert call("check", scenario, "-q").stdout == ""


def test_check_prints_every_problem_of_every_file(call: Call, scenario: Path, tmp_path: Path) -> None:
    (tmp_path / "what.yaml").write_text("colour: red\n", encoding="utf-8")
    bad = [BAD / "unknown-key.yaml", BAD / "unknown-output.yaml"]
    done = call("check", scenario, *bad, "what.yaml")
    assert done.exit_code == 2
    assert says(done.stdout, f"{scenario}: good scenario")
    assert "unknown-key.yaml:3:1: no such key 'changs'" in done.stderr
    assert "unknown-key.yaml:4:1: no such key 'titel'" in done.stderr
    assert "unknown-output.yaml:3:17: no such output 'caselod'" in done.stderr
    assert "what.yaml:1:1: the kind of this file is not clear; keys that decide it: " in done.stderr


def test_a_fault_of_ours_is_code_1_without_traceback(
    call: Call, scenario: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("microsim.report.run.write_results", broken)
    done = call("run", scenario)
    assert done.exit_code == 1
    assert "microsim failed: ZeroDivisionError: oh" in done.stderr
    assert "Traceback" not in done.stderr
    monkeypatch.setenv("MICROSIM_TRACEBACK", "1")
    assert "Traceback" in call("run", scenario).stderr


def test_a_place_that_cannot_be_written_is_code_1(
    call: Call, scenario: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "results")

    monkeypatch.setattr("microsim.report.run.write_results", full)
    done = call("run", scenario, "-q")
    assert done.exit_code == 1
    assert done.stderr == "results: No space left on device\n"


def test_the_version(call: Call) -> None:
    assert call("--version").stdout.startswith("microsim ")


def test_the_reference_is_the_commands_own_help() -> None:
    from microsim.cli.reference import render

    page = (ROOT / "docs" / "cli-reference.md").read_text(encoding="utf-8")
    assert page == render(), "run: python -m microsim.cli.reference > docs/cli-reference.md"
    assert all(f"## microsim {name}\n" in page for name in cli.list_commands(None))  # type: ignore[arg-type]


def test_a_bad_scenario_for_explain_and_kernel(call: Call, scenario: Path) -> None:
    bad = write(scenario.parent, SCENARIO.replace("law:", "lwa:"), "bad.yaml")
    for arguments in (("explain", bad, "--household", "1"), ("kernel", bad)):
        done = call(*arguments)
        assert done.exit_code == 2
        assert "no such key 'lwa'; did you mean 'law'?" in done.stderr
        assert "'law' is missing" in done.stderr


def test_a_working_folder_holds_all_that_a_run_reads(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = call("init", "work")
    assert done.exit_code == 0, done.output
    assert "microsim run scenarios/h-county-2020.yaml" in done.stdout
    monkeypatch.chdir(tmp_path / "work")
    assert Path("notebooks/01-quickstart.ipynb").is_file()
    assert Path("scenarios/families.yaml").is_file()
    scenarios = [str(path) for path in Path("scenarios").glob("*.yaml")]
    assert call("check", *scenarios).exit_code == 0
    again = call("init", ".")
    assert again.exit_code == 2
    assert "nothing was written" in again.stderr
    assert "scenarios/h-county-2020.yaml: already exists; choose another folder" in again.stderr
    # What a stopped call had copied is no obstacle; what a user made of it is, and nothing else is named.
    Path("notebooks/01-quickstart.ipynb").unlink()
    assert call("init", ".").exit_code == 0
    assert Path("notebooks/01-quickstart.ipynb").is_file()
    Path("notebooks/01-quickstart.ipynb").unlink()
    Path("scenarios/families.yaml").write_text("mine", encoding="utf-8")
    again = call("init", ".")
    assert again.exit_code == 2
    assert again.stderr.count("already exists") == 1
    assert "scenarios/families.yaml: already exists" in again.stderr
    assert not Path("notebooks/01-quickstart.ipynb").exists()


def test_a_scenario_that_is_not_there_has_a_way_out(call: Call, tmp_path: Path) -> None:
    done = call("run", str(tmp_path / "none.yaml"))
    assert done.exit_code == 2
    assert "no such file; microsim init DIR makes a folder with scenarios and a county" in done.stderr
