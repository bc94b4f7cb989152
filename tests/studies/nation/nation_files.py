"""A nation of three counties for tests: H county's people in Ningxia, Beijing and Sichuan."""

from __future__ import annotations

from pathlib import Path

from tests.population.census.census_table import other, row, write

NATION = """\
title: {en: Three counties, zh: 三个县}
law: 2020-12-31
coverage: {share: 0.8, source: assumption, reference: for tests}
scenarios:
  present: {}
  near: {title: {en: Nearer, zh: 接近}, least_ratio: 0.8}
  one-line: {least_ratio: 1.0, changes: {dibao.payment: {by: {rural: gap, urban: gap}}}}
unify:
  {by: 2027, cap: 0.05, largest_step: 0.08, ratios: 4, central: 0.5, source: assumption, reference: for tests}
"""
CODES = ("640522", "110106", "513401")
HOUSEHOLDS = 300


def census(folder: Path, **changes: object) -> Path:
    """The three rows; ``changes`` replace columns of the last."""
    rows = [
        row(),
        other(110106, "丰台区", "北京市", province="北京市"),
        other(513401, "西昌市", "凉山彝族自治州", province="四川省", **changes),
    ]
    return write(folder / "census.csv", *rows)


def nation(folder: Path, text: str = NATION) -> Path:
    path = folder / "three.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def table(folder: Path, text: str) -> Path:
    path = folder / "counties.csv"
    path.write_text(text, encoding="utf-8")
    return path
