"""``law_package:``: own rules and parameters beside the law, run only where that is allowed."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import microsim as ms
from microsim.cli.main import cli
from microsim.engine.reference.interpreter import Interpreter
from microsim.policy.own_law import read_own_law
from microsim.scenario import load_scenario
from microsim.studies.common.benefits import benefits
from microsim.sweeps.run import sweep
from tests.scenario.own_law import NUMBERS, RULES, SCENARIO, own_law, own_scenario, was_run
from tests.scenario.small_county import write


def microsim(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def offences_of(folder: Path) -> str:
    with pytest.raises(ms.MicrosimError) as error:
        read_own_law(folder, run=False, beside="microsim.law")
    return str(error.value)


def test_a_scenario_uses_its_own_law_when_allowed(tmp_path: Path) -> None:
    scenario = load_scenario(own_scenario(tmp_path), allow_code=True)
    policy = scenario.policy()
    assert policy.value("cake.amount") == 20.0
    assert benefits(policy)["cake"] == ["cake_benefit"]
    people = [{"age": 75}, {"age": 30}]
    assert Interpreter(policy, {}, people).household_value("cake_benefit") == 240.0
    assert not list(tmp_path.rglob("__pycache__"))


@pytest.mark.parametrize(
    "command",
    [
        ("run",),
        ("cliffs",),
        ("unify",),
        ("kernel",),
        ("compare", "own.yaml"),
        ("explain", "--household", "1"),
    ],
    ids=lambda words: words[0],
)
def test_without_the_flag_every_command_says_what_it_would_run(
    tmp_path: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = own_scenario(tmp_path)
    monkeypatch.chdir(tmp_path)
    done = microsim(command[0], path.name, *command[1:])
    assert done.exit_code == 2
    assert "own.yaml:3:1: 'mylaw' holds rules in Python" in done.output
    assert "mylaw/cake.py (2 rules)" in done.output
    assert "--allow-code" in done.output
    assert not was_run(tmp_path)


def test_a_sweep_needs_the_flag_as_well(tmp_path: Path) -> None:
    own_scenario(tmp_path)
    file = tmp_path / "sweep.yaml"
    file.write_text("scenario: own.yaml\naxes: {cake.amount: [10, 20]}\n", encoding="utf-8")
    done = microsim("sweep", file, "--out", tmp_path / "out")
    assert (done.exit_code, was_run(tmp_path)) == (2, False)
    assert "--allow-code" in done.output
    assert microsim("check", file, "--allow-code").exit_code == 0


def test_check_reads_and_does_not_run(tmp_path: Path) -> None:
    path = own_scenario(tmp_path)
    done = microsim("check", path, tmp_path / "mylaw")
    assert (done.exit_code, was_run(tmp_path)) == (0, False)
    assert done.output.count("nothing of it was run") == 2
    done = microsim("check", path, tmp_path / "mylaw", "--allow-code")
    assert (done.exit_code, was_run(tmp_path)) == (0, True)
    assert "nothing of it was run" not in done.output


def test_check_holds_changes_against_own_parameters_without_running(tmp_path: Path) -> None:
    path = own_scenario(tmp_path, SCENARIO.replace("cake.amount", "cake.amuont"))
    done = microsim("check", path)
    assert done.exit_code == 2
    assert "own.yaml:5:3" in done.output
    assert "did you mean 'cake.amount'?" in done.output
    assert not was_run(tmp_path)


def test_params_and_rules_and_schema_show_an_own_law(tmp_path: Path) -> None:
    law = own_law(tmp_path)
    shown = microsim("params", "cake", "--law-package", law)
    assert "cake.amount    10     yuan/month" in shown.output
    assert '"cake.amount"' in microsim("schema", "scenario", "--law-package", law).output
    refused = microsim("rules", "cake_benefit", "--law-package", law)
    assert (refused.exit_code, was_run(tmp_path)) == (2, False)
    rules = microsim("rules", "cake_benefit", "--law-package", law, "--allow-code")
    assert "cake_benefit  (household, yuan/year)" in rules.output


@pytest.mark.parametrize("place", ["../mylaw", "/mylaw", "."])
def test_a_package_outside_the_scenarios_folder(tmp_path: Path, place: str) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    own_law(tmp_path)
    path = write(inner, SCENARIO.replace("mylaw", place), "own.yaml")
    done = microsim("check", path)
    assert done.exit_code == 2
    assert f"own.yaml:3:1: '{place}' is not a folder below the one of this file" in done.output


def test_a_link_that_leads_out(tmp_path: Path) -> None:
    law = own_law(tmp_path)
    (tmp_path / "elsewhere.py").write_text(RULES, encoding="utf-8")
    os.symlink(tmp_path / "elsewhere.py", law / "linked.py")
    assert "leads out of the folder" in offences_of(law)


def test_every_offence_of_a_package_is_listed(tmp_path: Path) -> None:
    law = own_law(tmp_path)
    (law / "alone.yaml").write_text(NUMBERS, encoding="utf-8")
    (law / "half.py").write_text(RULES.replace("cake", "half"), encoding="utf-8")
    (law / "broken.py").write_text("def rule(:\n", encoding="utf-8")
    (law / "broken.yaml").write_text(NUMBERS.replace("unit: years", "unit: yeras"), encoding="utf-8")
    (law / "dibao.py").write_text("", encoding="utf-8")
    (law / "dibao.yaml").write_text(NUMBERS, encoding="utf-8")
    clash = 'from microsim import household\n\n\n@household(name="counted_income")\ndef mine() -> float:\n'
    (law / "clash.py").write_text(clash + "    return 0.0\n", encoding="utf-8")
    (law / "clash.yaml").write_text(NUMBERS, encoding="utf-8")
    text = offences_of(law)
    for words in (
        "alone.yaml: programme 'alone' has no alone.py beside it",
        "half.py: programme 'half' has no half.yaml beside it",
        "broken.py:1:",
        "is not Python",
        "yeras",
        "dibao.py: the packaged law has a programme 'dibao' already",
        "clash.py:5:1: 'counted_income' is the rule counted_income of the packaged law; rename it",
    ):
        assert words in text
    assert not was_run(tmp_path)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda folder: folder / "absent", "no such folder"),
        (lambda folder: write(folder), "is a file, but a law package is a folder"),
        (lambda folder: folder, "contains no programme"),
    ],
)
def test_no_package(tmp_path: Path, make: object, words: str) -> None:
    assert callable(make)
    assert words in offences_of(make(tmp_path))


def test_a_parameter_that_rules_would_take_for_one_of_the_law(tmp_path: Path) -> None:
    numbers = NUMBERS.replace("  amount:", "  up_minor:")
    text = offences_of(own_law(tmp_path, "", numbers, "dibao_top"))
    assert "dibao_top_up_minor, which is the parameter dibao.top_up.minor" in text


def test_rules_that_fail_when_run_name_their_line(tmp_path: Path) -> None:
    own_scenario(tmp_path)
    own_law(tmp_path, RULES + "\nnonsense + 1\n")
    done = microsim("check", tmp_path / "own.yaml", "--allow-code")
    assert done.exit_code == 2
    assert f"cake.py:{RULES.count(chr(10)) + 2}: NameError: name 'nonsense' is not defined" in done.output


@pytest.mark.compiled
def test_python_names_the_folder(tmp_path: Path) -> None:
    law = own_law(tmp_path)
    policy = ms.Policy.load("2020-12-31", own=law)
    persons = pd.DataFrame({"household_id": [1, 1], "age": [71, 69]})
    households = pd.DataFrame({"household_id": [1], "weight": [2.0]})
    result = ms.simulate(ms.Population.from_frames(persons, households), policy, outputs=["cake_benefit"])
    assert result.total("cake_benefit") == 240.0


def test_edited_rules_are_read_anew(tmp_path: Path) -> None:
    law = own_law(tmp_path)
    seen = []
    for rules in (RULES, RULES.replace("else 0.0", "else 1.0")):
        own_law(tmp_path, rules)
        policy = ms.Policy.load("2020-12-31", own=law)
        value = Interpreter(policy, {}, [{"age": 3}]).household_value("cake_benefit")
        seen.append((value, policy.hash))
    assert [value for value, _ in seen] == [0.0, 1.0]
    assert seen[0][1] != seen[1][1]


def test_a_stopped_sweep_is_not_resumed_under_another_law(tmp_path: Path) -> None:
    own_scenario(tmp_path)
    file = tmp_path / "sweep.yaml"
    file.write_text("scenario: own.yaml\naxes: {cake.amount: [10, 20]}\n", encoding="utf-8")

    def stop(step: str) -> None:
        if step.startswith("scenarios"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(file, tmp_path / "out", allow_code=True, progress=stop)
    # Something that the hash of the policy does not know: a helper.
    (tmp_path / "mylaw" / "_helper.py").write_text("", encoding="utf-8")
    with pytest.raises(ms.FileError, match="law_package changed since it was started"):
        sweep(file, tmp_path / "out", resume=True, allow_code=True)


def test_a_reform_may_bring_the_law_that_its_base_lacks(tmp_path: Path) -> None:
    own_law(tmp_path)
    write(tmp_path)
    reform = write(tmp_path, "base: small.yaml\nlaw_package: mylaw\n", "reform.yaml")
    loaded = load_scenario(reform, allow_code=True)
    assert loaded.base is not None
    assert "cake_benefit" in loaded.policy().rules
    assert "cake_benefit" not in loaded.base.policy().rules
