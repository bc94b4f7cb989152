"""A population without a county profile (an imported survey): everything but what needs its revenue."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import microsim as ms
from microsim.cli.main import cli
from microsim.errors import FileError
from microsim.report.cliffs import tables as cliff_tables
from microsim.report.run import figures, tables
from microsim.report.texts.cliffs_text import heading
from microsim.report.texts.comparison_text import comparison_text
from microsim.report.texts.run_text import run_text
from microsim.studies.cliffs.study import cliff_study
from microsim.studies.common.baseline import RunResult, run_scenario
from tests.scenario.small_county import write
from tests.wrapped import says

pytestmark = pytest.mark.compiled
REFORM = "base: small.yaml\nchanges: {dibao.line: {by: {rural: 5000}}}\n"


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = write(tmp_path_factory.mktemp("survey"))
    (path.parent / "county" / "profile.yaml").unlink()
    (path.parent / "reform.yaml").write_text(REFORM, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def run(scenario: Path) -> RunResult:
    return run_scenario(ms.load_scenario(scenario))


def test_a_run_gives_all_but_shares_of_revenue(
    run: RunResult, tmp_path_factory: pytest.TempPathFactory
) -> None:
    known = run_scenario(ms.load_scenario(write(tmp_path_factory.mktemp("county"))))
    assert run.county is None
    only = {name for name in known.summary if name.startswith("revenue")}
    only |= {"money.year", "money.income_year"}  # the profile says of which year the incomes are
    assert {"revenue.general_public_budget", "revenue_share.total", "revenue_share.dibao.rural"} <= only
    assert run.summary == {name: row for name, row in known.summary.items() if name not in only}
    assert "revenue_share" not in figures(run, "en")
    assert not any(name.startswith("county.") for name in tables(run)["assumptions"]["name"])


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "has no county profile, so nothing is shown as a share of"), ("zh", "中没有县情资料")],
)
def test_the_text_says_what_is_missing(run: RunResult, lang: str, said: str) -> None:
    text = " ".join(run_text(run, lang).split())
    assert said in text
    assert "- - -" not in text  # no row of shares without a number


def test_a_comparison(scenario: Path) -> None:
    compared = ms.compare(scenario, scenario.parent / "reform.yaml")
    assert compared.gains is not None
    assert says(comparison_text(compared, "en"), "no county profile")


@pytest.mark.slow
def test_cliffs(scenario: Path) -> None:
    study = cliff_study(ms.load_scenario(scenario), households=[3])
    assert heading(study, "en")[1] == "county; law of 2020-12-31"
    assert len(cliff_tables(study)["assumptions"])


def test_explain_check_and_neighbours(scenario: Path) -> None:
    for arguments in (["explain", str(scenario), "--household", "3"], ["check", str(scenario)]):
        done = CliRunner().invoke(cli, arguments)
        assert done.exit_code == 0, done.output
    loaded = ms.load_scenario(scenario)
    assert ms.neighbours(loaded.population(), loaded.policy()).summary


def test_what_needs_the_profile_asks_for_it(scenario: Path) -> None:
    loaded = ms.load_scenario(scenario)
    assert loaded.profile is None
    with pytest.raises(FileError, match="--profile FILE adds one") as refused:
        _ = loaded.county
    assert refused.value.offences[0].place.endswith("county/profile.yaml")
    with pytest.raises(FileError, match="no county profile"):
        cliff_study(loaded, households=[3], seeds=2)
