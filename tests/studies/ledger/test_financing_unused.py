"""Commands on which ``financing:`` has no effect say so in one line, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from microsim.cli.main import cli
from microsim.report.text import display_width
from tests.scenario.small_county import SCENARIO, write_county

pytestmark = pytest.mark.usefixtures("as_plain_python")

PAYS = """financing:
  increase: {key: hardship, total: 10.0e9, others: 49.0e6, additionality: 0.6}
"""
YEARS = """base: base.yaml
years: [2021, 2022]
changes:
  dibao.line.rural: {path: linear, ratio_to: dibao.line.urban, from: {2021: 0.6}, to: {2022: 0.8}}
economy: {income_growth: 0.06, price_growth: 0.02}
"""
FAMILY = """families:
  one: {label: {en: One, zh: 一人}, area: rural, members: [{relation: head, sex: male, age: 40}]}
"""
SAID = {"en": "says who pays, and changes no figure here", "zh": "只说明由谁出资，不影响以上数字"}
COMMANDS = {
    "run": "run {}.yaml",
    "sweep": "sweep sweep-{}.yaml",
    "months": "months {}.yaml --job 9000",
    "project": "project years-{}.yaml",
    "solve": "solve {}.yaml --vary dibao.line.rural --target caseload.dibao=500 --between 4000 6000",
    "cliffs and neighbours": "cliffs {}.yaml --max-income 9000",
    "cliffs of families": "cliffs {}.yaml --families families.yaml --max-income 9000",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each scenario with ``financing:`` (``with``) and without it (``base``)."""
    out = tmp_path_factory.mktemp("unused")
    write_county(out / "county", last=12)
    for name, more in (("base", ""), ("with", PAYS)):
        (out / f"{name}.yaml").write_text(f"{SCENARIO}outputs: [cost, caseload]\n{more}", encoding="utf-8")
        (out / f"years-{name}.yaml").write_text(YEARS + more, encoding="utf-8")
        sweep = f"scenario: {name}.yaml\naxes: {{dibao.line.rural: [4600, 5200]}}\n"
        (out / f"sweep-{name}.yaml").write_text(sweep, encoding="utf-8")
    (out / "families.yaml").write_text(FAMILY, encoding="utf-8")
    return out


@pytest.mark.parametrize("errand", COMMANDS.values(), ids=COMMANDS)
def test_the_line_is_there_with_financing_alone(
    folder: Path, errand: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    for name, lang, times in (("with", "en", 1), ("with", "zh", 1), ("base", "en", 0)):
        out = tmp_path / f"{lang}-{name}"
        done = CliRunner().invoke(cli, [*errand.format(name).split(), "--lang", lang, "--out", str(out)])
        assert done.exit_code == 0, done.output
        text = ("" if lang == "zh" else " ").join(done.stdout.split())
        assert text.count(SAID[lang]) == times
        printed = [row for row in done.stdout.splitlines() if str(tmp_path) not in row]
        assert max(map(display_width, printed)) <= 80


def test_where_it_has_an_effect_the_line_is_not_there(folder: Path, tmp_path: Path) -> None:
    """A run beside a base shows who pays under both."""
    reform = folder / "beside.yaml"
    reform.write_text("base: base.yaml\n" + PAYS, encoding="utf-8")
    for errand in (["run", reform], ["compare", folder / "base.yaml", reform], ["ledger", reform]):
        done = CliRunner().invoke(cli, [*map(str, errand), "--out", str(tmp_path)])
        assert done.exit_code == 0, done.output
        assert SAID["en"] not in " ".join(done.stdout.split())
        assert "Centre" in done.stdout or "centre" in done.stdout
