"""Bad input about who pays: all offences at once, with place and way out, and nothing run or written."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from microsim.cli.main import cli
from microsim.errors import MicrosimError
from microsim.scenario import load_scenario
from microsim.studies.ledger.checking import check_financing
from tests.scenario.small_county import PROFILE, SCENARIO, write_county

pytestmark = pytest.mark.usefixtures("as_plain_python")

LEVELS = "{since: 2018-01-01, source: assumption, reference: test, levels: {%s}}"
OWN = f"keys: {{all: {{programmes: [dibao], rules: [{LEVELS % 'centre: {kind: share, share: 0.6}'}]}}}}\n"
WRONG = f"""keys:
  all:
    programmes: [dibao]
    rules:
      - {LEVELS % "centre: {kind: share, share: 0.8}, province: {kind: share, share: 0.3}"}
      - {LEVELS % "centre: {kind: matching, rate: -1, cap: -5}"}
"""
POOL = "  pool: {key: hardships, counties: [{scenario: other.yaml}]}\n"
INCREASE = "  increase: {key: hardshp, total: 1.0e9, others: 1.0e6, additionality: 0.5}\n"
UNBALANCED = """  transfers: {value: 3.0e9, unit: yuan/year, source: recalled, reference: test}
  carried_over: {value: 0, unit: yuan/year, source: recalled, reference: test}
  dibao_financing:"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county, another one whose account does not balance, and scenarios of both."""
    out = tmp_path_factory.mktemp("bad")
    for name in ("county", "other"):
        write_county(out / name, last=12)
    profile = PROFILE.read_text(encoding="utf-8").replace("  dibao_financing:", UNBALANCED)
    profile = profile.replace("province: 0.20", "province: 0.30")
    (out / "other" / "profile.yaml").write_text(profile, encoding="utf-8")
    files = {
        "base": SCENARIO,
        "other": SCENARIO.replace("county: county", "county: other"),
        "both": f"{SCENARIO}financing:\n  rules: wrong-rules.yaml\n{POOL}{INCREASE}",
        "keys": f"{SCENARIO}financing:\n{POOL}{INCREASE}",
        "values": SCENARIO
        + "financing:\n"
        + POOL.replace("counties", "total: -4, index: 0, counties")
        + INCREASE.replace("0.5", "1.4"),
        "own": f"{SCENARIO}financing:\n  rules: own-rules.yaml\n",
        "capped": SCENARIO + "budget: {money: {programmes: [dibao], cap: -5, rule: poorest_first}}\n",
        "wrong-rules": WRONG,
        "own-rules": OWN,
    }
    for name, text in files.items():
        (out / f"{name}.yaml").write_text(text, encoding="utf-8")
    return out


ACCOUNT = (
    "dibao_financing must add up to 1; adds up to 1.1; correct one of centre, province, prefecture, county",
    "the account does not balance",
    "a difference of -2,770,000,000; correct it by the finance bureau's final accounts",
)
RULES = (
    "wrong-rules.yaml:5:66: the shares of upper levels add up to 1.1, above 1; the county pays what",
    "rate is -1, below 0; give 0 or more",
    "cap is -5, below 0; give 0 or more",
)
KEYS = (
    "there is no financing key 'hardships'; did you mean 'hardship'?",
    "there is no financing key 'hardshp'; did you mean 'hardship'?",
)
VALUES = (
    "total is -4, below 0; give 0 or more",
    "'index' is a number above 0, found 0; 1 counts like every other recipient",
    "additionality is 1.4, a share from 0 to 1; 0.8 is eight tenths of it",
)
SOLVE = "solve {}.yaml --vary %s --target %s"


@pytest.mark.parametrize(
    ("errand", "said"),
    [
        ("ledger other.yaml", ACCOUNT),
        ("run other.yaml", ACCOUNT),
        ("ledger base.yaml --financing wrong-rules.yaml", RULES),
        ("ledger both.yaml", (*RULES, *ACCOUNT)),
        ("compare base.yaml both.yaml", (*RULES, *ACCOUNT)),
        ("ledger keys.yaml", (*KEYS, *ACCOUNT)),
        ("run keys.yaml", (*KEYS, *ACCOUNT)),
        ("ledger values.yaml", VALUES),
        ("ledger capped.yaml", ("capped.yaml:6:39: cap is -5, below 0; 0 pays nobody",)),
        ("run capped.yaml", ("capped.yaml:6:39: cap is -5, below 0; 0 pays nobody",)),
        (
            "solve base.yaml --vary dibao.lne.rural --target cost.dibo=5",
            (
                "vary: dibao.lne.rural: no such parameter; did you mean 'dibao.line'?",
                "target: the summary.json of microsim run has no figure 'cost.dibo'; did you mean",
            ),
        ),
        (
            "solve base.yaml --vary medical_aid.cap --target cost.dibao=5 --between 1 2",
            ("vary: cost.dibao does not depend on medical_aid.cap; it depends on dibao.",),
        ),
    ],
)
def test_all_is_said_and_nothing_is_written(
    folder: Path, errand: str, said: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(cli, [*errand.split(), "--out", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert [one for one in said if one not in done.stderr] == []
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_rules_that_the_scenario_names_are_those_of_the_command(folder: Path, tmp_path: Path) -> None:
    arguments = ["ledger", str(folder / "own.yaml"), "--json", "--out", str(tmp_path)]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    assert '"marginal.yuan.all.centre"' in done.stdout


def test_a_key_from_which_the_law_pays_nothing(folder: Path, tmp_path: Path) -> None:
    later = OWN.replace("all:", "later:").replace("[dibao]", "[other_aid]")
    (folder / "later-rules.yaml").write_text(later, encoding="utf-8")
    (folder / "later.yaml").write_text(
        f"{SCENARIO}financing:\n  rules: later-rules.yaml\n{INCREASE.replace('hardshp', 'later')}", "utf-8"
    )
    done = CliRunner().invoke(cli, ["ledger", str(folder / "later.yaml"), "--out", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert "later.yaml:8:14: nothing is paid from a financing key 'later'" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_given_stands_before_that_of_the_scenario(folder: Path) -> None:
    scenario = load_scenario(folder / "own.yaml")
    assert [key.name for key in check_financing(scenario).keys] == ["all"]
    with pytest.raises(MicrosimError):
        check_financing(scenario, folder / "wrong-rules.yaml")
