"""Results folders of a small county, made once for all tests of briefs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from microsim.cli.main import cli
from tests.scenario.small_county import SCENARIO, write, write_county
from tests.studies.nation import nation_files
from tests.studies.nation.test_nation import ALL_GIVEN, GIVEN

REFORM = """\
title: {en: A higher line, zh: 提高标准}
base: base.yaml
changes:
  dibao.line: {by: {rural: 5200}}
"""
UNIFY = """\
title: {en: One line, zh: 统一标准}
base: base.yaml
years: [2021, 2023]
changes:
  dibao.line.rural: {path: linear, ratio_to: dibao.line.urban, from: {2021: 0.6}, to: {2023: 0.8}}
economy: {income_growth: 0.06, price_growth: 0.02}
"""
SWEEP = """\
title: {en: Lines, zh: 不同标准}
scenario: base.yaml
axes:
  dibao.line.rural: [4600, 4900, 5200]
"""
NATION = "nation three.yaml --census census.csv --households 300 --no-cliffs"
COUNTIES = """\
title: {en: Lines of two counties, zh: 两县标准}
scenario: base.yaml
counties: [east, west]
axes:
  dibao.line.rural: [4600, 5200]
"""
# Kind of results -> the command that makes them, and their folder.
MADE = {
    "run": ("run base.yaml --out out", "out/base"),
    "withheld": ("run base.yaml --min-count 1200 --out small", "small/base"),
    "beside": ("run reform.yaml --out out", "out/reform"),
    "compare": ("compare base.yaml reform.yaml --out out", "out/base-reform-compare"),
    "cliffs": ("cliffs base.yaml --out out", "out/base-cliffs"),
    "ledger": ("ledger base.yaml --out out", "out/base-ledger"),
    "unification": ("unify unify.yaml --out out", "out/unify-unify"),
    "solve": (
        "solve base.yaml --vary dibao.line.rural --target caseload.dibao=24000 --out out",
        "out/base-solve",
    ),
    "sweep": ("sweep sweep.yaml --out out/sweep", "out/sweep"),
    "nation": (f"{NATION} --table all.csv --out all", "all/three-by-county"),
    "nation_part": (f"{NATION} --table part.csv --out part", "part/three-by-county"),  # sums withheld
    "counties": ("sweep counties.yaml --out out/counties", "out/counties"),
}


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Kind of results -> a folder of them."""
    folder = tmp_path_factory.mktemp("briefs")
    write(folder, SCENARIO, "base.yaml")
    write_county(folder / "east", 1, 150)
    write_county(folder / "west", 151, 300)
    files = {"reform": REFORM, "unify": UNIFY, "sweep": SWEEP, "counties": COUNTIES}
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    nation_files.nation(folder)
    nation_files.census(folder)
    for name, text in (("all", ALL_GIVEN), ("part", GIVEN)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for command, _ in MADE.values():
            done = CliRunner().invoke(cli, [*command.split(), "--quiet"])
            assert done.exit_code == 0, (command, done.output, done.exception)
    return {kind: folder / where for kind, (_, where) in MADE.items()}
