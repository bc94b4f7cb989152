"""The path to one line that the tests follow: 62 % of the urban line in 2021, the same in 2025."""

LINES = {"dibao.line": {"by": {"rural": 4340, "urban": 7000}}}  # 62 %
RATIO = {"path": "linear", "ratio_to": "dibao.line.urban"}
TO_2025 = {"dibao.line.rural": {**RATIO, "from": {2021: 0.62}, "to": {2025: 1.0}}}
GROWTH = {"income_growth": 0.06, "revenue_growth": 0.04, "urban_line_growth": 0.06}
SCENARIO = """\
title: {en: One line, zh: 一条标准}
county: county
law: 2020-12-31
years: [2021, 2025]
changes:
  dibao.line: {by: {rural: 4340, urban: 7000}}
  dibao.line.rural: {path: linear, ratio_to: dibao.line.urban, from: {2021: 0.62}, to: {2025: 1.0}}
economy: {income_growth: 0.06, revenue_growth: 0.04, urban_line_growth: 0.06}
outputs: [unification]
"""
