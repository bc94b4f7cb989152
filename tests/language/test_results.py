"""What every command prints and writes: in Chinese without an English sentence, in English without Chinese;
lines fit a terminal of 80 columns, and no workbook holds a formula.

A command without an errand here fails. Left aside: what is read by machines (JSON, Parquet, the law as code),
what a user typed (YAML), and names.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as Xml

import docx
import openpyxl
import pytest
from click.testing import CliRunner

from microsim.cli.main import COMMANDS, cli
from microsim.report.text import display_width
from tests.language.sentences import chinese_in, english_in
from tests.population.census import census_table
from tests.population.survey import survey_files
from tests.report.formulas import formulas_in
from tests.scenario.small_county import PROFILE, SCENARIO, write
from tests.studies.nation import nation_files

ROOT = Path(__file__).resolve().parents[2]
REFORM = """\
title: {en: "=A higher line", zh: "=提高标准"} # no formula in any workbook
base: base.yaml
changes:
  dibao.line: {by: {rural: 5200}}
"""
UNIFY = """\
title: {en: "+One line", zh: "+统一标准"}
base: base.yaml
years: [2021, 2023]
changes:
  dibao.line.rural: {path: linear, ratio_to: dibao.line.urban, from: {2021: 0.6}, to: {2023: 0.8}}
economy: {income_growth: 0.06, price_growth: 0.02}
"""
YEARS = """\
title: {en: "-Years", zh: "-逐年"}
base: base.yaml
years: [2020, 2022]
economy:
  wage_growth: {2021: 0.05, 2022: 0.03}
  price_growth: 0.02
  contribution_growth: 0.08
  by_rank: {rural: [0.02, 0, 0, 0, -0.01], urban: 0.01}
  shock: {2022: {wage_income: -0.2, months: 6}}
  population: {area: {rural: -0.02, urban: 0.01}, age: ageing}
"""
PLAN = """\
title: {en: "-A plan", zh: "-规划"}
base: base.yaml
years: [2021, 2023]
changes:
  dibao.line.rural: {path: linear, ratio_to: dibao.line.urban, from: {2021: 0.6}, to: {2023: 0.8}}
economy: {income_growth: 0.06}
plan: {goal: fastest, ratios: 4, cap: {of: increment, share: 0.1}, largest_step: 0.2}
unification: {carry_status: true}
"""
ZONES = """\
title: {en: "@Zone by zone", zh: "@分区推进"}
base: unify.yaml
unification: {carry_status: true}
zones:
  near: {label: {en: plain, zh: 平原}, start: 2021, counties: [own]}
  far: {start: 2022, counties: [neighbour.yaml]}
"""
SPLIT = """\
title: {en: A split, zh: 资金分配}
base: base.yaml
plan: {goal: split, ratios: 3, budget: 1.0e6, counties: [own, neighbour.yaml]}
"""
SHARED = """\
base: base.yaml
title: {en: Shared money, zh: 统筹和增支}
financing:
  pool: {key: hardship, total: 8.0e6, counties: [{scenario: neighbour.yaml}]}
  increase: {key: hardship, total: 10.0e9, others: 49.0e6, tilt: {rural: 1.3}, additionality: 0.7}
changes: {dibao.line: {on: {2020-07-01: {by: {rural: 4900}}}}}
"""
LATER = """\
title: {en: "=Two years later", zh: "=两年后"}
base: base.yaml
law: 2022-12-31
economy: {income_growth: 0.06}
changes: {dibao.line: {by: {rural: 5600}}, take_up.dibao: 0.8}
"""
EXITS = """\
base: base.yaml
title: {en: Gradual exit, zh: 渐退}
programmes: {gradual_exit: on}
"""
SLOW = """\
base: base.yaml
title: {en: A slow office, zh: 经办较慢}
years: [2020, 2022]
economy: {income_growth: 0.12}
administration:
  {apply: 0.5, decision: 2, notice: 1, stays: 0.2, audits: 0.02, grandfathered: 3, review_stable: never}
"""
SWEEP = """\
title: {en: "@Lines", zh: "@标准"}
scenario: base.yaml
axes:
  dibao.line.rural: [4600, 5200]
"""
SWEEPS = """\
title: {en: "@Days", zh: "@日期"}
scenarios: [base.yaml]
counties: [county]
axes:
  law: [2020-12-31, 2021-12-31]
  seed: [0, 3]
  dibao.line.rural: {from: 4600, to: 5200}
design: {sobol: 3}
unusual: [dibao.line]
outputs: [cost, caseload, gini.disposable_income]
"""
BROKEN = """\
title: Case 1
reference: Order 649
family: One.
date: 2020-12-31
household: {area: rural}
persons:
  - {relation: head, age: 40}
expect:
  household: {dibao_benefit: 1}
"""
ERRANDS: dict[str, list[str]] = {
    "run": ["run base.yaml reform.yaml --out out --xlsx"],
    "compare": ["compare base.yaml reform.yaml --out out --xlsx", "compare base.yaml shared.yaml --out out"],
    "policy-effects": [
        "policy-effects base.yaml later.yaml --out out --xlsx",
        "policy-effects base.yaml later.yaml --index 0.02 --out prices",
    ],
    "cliffs": ["cliffs base.yaml reform.yaml --out out --xlsx"],
    "sweep": ["sweep sweep.yaml --out out/sweep --xlsx", "sweep sweeps.yaml --out out/sweeps"],
    "unify": ["unify unify.yaml --out out --xlsx", "unify zones.yaml --out out --xlsx"],
    "project": ["project years.yaml --out out --xlsx"],
    "months": ["months exits.yaml --out out --xlsx", "months slow.yaml --job 9000 --out out"],
    "plan": ["plan plan.yaml --out out --xlsx", "plan tight.yaml --out out", "plan split.yaml --out out"],
    "nation": ["nation nation.yaml --census census.csv --table counties.csv --households 300 --out out"],
    "ledger": ["ledger base.yaml --out out --xlsx", "ledger shared.yaml --out out --xlsx"],
    "solve": ["solve base.yaml --vary dibao.line.rural --target caseload.dibao=3000 --out out --xlsx"],
    "brief": [
        f"brief {where} --out {where.replace('/', '-')}.{form}"
        for where, form in (
            *(("out/base", "docx"), ("out/reform", "html"), ("out/base-reform-compare", "docx")),
            *(("out/base-cliffs", "html"), ("out/base-ledger", "docx"), ("out/unify-unify", "html")),
            *(("out/base-solve", "docx"), ("out/sweep", "html"), ("out/base-ledger", "xlsx")),
        )
    ],
    "charts": ["charts out/base out/base-ledger --out out --format svg"],
    "transplant": ["transplant base.yaml neighbour.yaml --out out --xlsx"],
    "calibrate": ["calibrate county --recipients rural=880", "calibrate county --recipients rural=9000000"],
    "explain": ["explain base.yaml --household 7", "explain base.yaml --household 7 --trace"],
    "params": ["params", "params --unsourced base.yaml"],
    "rules": ["rules", "rules dibao --graph --out graph.svg"],
    "kernel": [],  # the law as code
    "explore": [],  # a page that is served until Ctrl-C: tests/explore holds its languages
    "check": ["check base.yaml reform.yaml unify.yaml sweep.yaml sweeps.yaml county profile.yaml"],
    "test": ["test cases", "test broken.yaml"],
    "profile": [
        "profile --census census.csv --county 640522 --out haiyuan.yaml",
        "profile --census census.csv --county 640522 --like all --scenario base.yaml --out range",
    ],
    "synth": ["synth profile.yaml --out made --households 400 --report --xlsx"],
    "import": ["import civil-register recipients.csv --out recipients"],
    "schema": ["schema"],
    "init": ["init here"],
    "cache": ["cache", "cache --warm base.yaml"],
    "completion": [],  # a script
}
STDOUT = "printed on stdout"
# Errands that are refused, and their exit codes.
REFUSED = {"calibrate county --recipients rural=9000000": 2, "test broken.yaml": 1}


def test_every_command_has_an_errand() -> None:
    assert set(ERRANDS) == set(COMMANDS)


class Said(NamedTuple):
    """A text that somebody reads, and where it stands."""

    place: str
    text: str


def said_in(path: Path) -> Iterator[Said]:
    """The texts of a written file; none of those that only machines read."""
    if path.suffix in (".csv", ".md", ".txt"):
        yield Said(path.name, path.read_text(encoding="utf-8-sig"))
    elif path.suffix == ".svg":
        nodes = [node for node in Xml.parse(path).iter() if node.tag.endswith(("}text", "}title", "}desc"))]
        yield Said(path.name, "\n".join("".join(node.itertext()) for node in nodes))
    elif path.suffix == ".html":
        yield Said(
            path.name, re.sub(r"<style>.*?</style>|<[^>]*?>", "\n", path.read_text("utf-8"), flags=re.DOTALL)
        )
    elif path.suffix == ".docx":
        document = docx.Document(str(path))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        alts = [shape._inline.docPr.get("descr", "") for shape in document.inline_shapes]
        yield Said(path.name, "\n".join([*(p.text for p in document.paragraphs), *cells, *alts]))
    elif path.suffix == ".xlsx":
        assert formulas_in(path) == []
        for sheet in openpyxl.load_workbook(path, read_only=True):
            cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
            yield Said(f"{path.name} {sheet.title}", "\n".join(map(str, [sheet.title, *cells])))


def errands(folder: Path, lang: str) -> Iterator[tuple[str, list[Said]]]:
    """Each errand, what it printed and what it wrote."""
    write(folder, SCENARIO, "base.yaml")
    tight = PLAN.replace("increment, share: 0.1", "level, share: 0")
    texts = {
        "reform": REFORM,
        "unify": UNIFY,
        "years": YEARS,
        "sweep": SWEEP,
        "sweeps": SWEEPS,
        "shared": SHARED,
        "later": LATER,
        "exits": EXITS,
        "slow": SLOW,
        "zones": ZONES,
    }
    for name, text in {**texts, "plan": PLAN, "tight": tight, "split": SPLIT}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    (folder / "profile.yaml").write_bytes(PROFILE.read_bytes())
    shutil.copytree(folder / "county", folder / "neighbour")
    (folder / "neighbour.yaml").write_text(SCENARIO.replace("county: county", "county: neighbour"), "utf-8")
    nation_files.nation(folder).rename(folder / "nation.yaml")
    given = "code,rural_line,urban_line,revenue,labels\n640522,4560,7200,235000000,\n999999,4560,7200,,\n"
    nation_files.table(folder, given)
    survey_files.register().to_csv(folder / "recipients.csv", index=False)
    census_table.write(folder / "census.csv")
    shutil.copytree(ROOT / "tests" / "cases" / "elderly_allowance", folder / "cases")
    (folder / "broken.yaml").write_text(BROKEN, encoding="utf-8")
    for text in (one for several in ERRANDS.values() for one in several):
        before = set(folder.rglob("*"))
        done = CliRunner().invoke(cli, [*text.split(), "--lang", lang])
        assert done.exit_code == REFUSED.get(text, 0), (text, done.output, done.exception)
        written = sorted(path for path in set(folder.rglob("*")) - before if path.is_file())
        yield (
            text,
            [
                Said("printed", done.output),
                Said(STDOUT, done.stdout),
                *(said for path in written for said in said_in(path)),
            ],
        )


# What the user's own files and the census call a thing.
NAMES = (*survey_files.register().columns, "海原县", "宁夏回族自治区", "中卫市")


@pytest.mark.slow
@pytest.mark.compiled
@pytest.mark.parametrize(("lang", "foreign"), [("zh", english_in), ("en", partial(chinese_in, names=NAMES))])
def test_no_sentence_in_another_language(
    lang: str, foreign: Callable[[str], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = []
    for errand, texts in errands(tmp_path, lang):
        for said in texts:
            found += [(errand, said.place, sentence) for sentence in dict.fromkeys(foreign(said.text))]
        # On stderr a problem is one line where it is no terminal (tests/cli/test_width.py).
        (printed,) = (said.text for said in texts if said.place == STDOUT)
        found += [
            (errand, "wider than 80 columns", line)
            for line in printed.splitlines()
            if display_width(line) > 80 and not errand.startswith("schema")
        ]
    assert found == []
