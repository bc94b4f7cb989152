"""A cap on what is paid, or on how many are served, and who goes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

POOREST_FIRST, FIRST_COME = "poorest_first", "first_come"
PRO_RATA, WHOLE_MONTHS = "pro_rata", "whole_months"
LOWER_LINE = "lower_line"
LINE = "dibao.line"  # the line that is lowered
# Rules by which some are refused, and those by which all are paid a part.
REFUSING, SHARING = (POOREST_FIRST, FIRST_COME), (PRO_RATA, WHOLE_MONTHS)
RULES = (*REFUSING, *SHARING, LOWER_LINE)
YUAN = "yuan"
# What a quota counts -> the programme that it is a quota of; empty where the cap says which.
QUOTAS = {"persons": "", "cases": "", "posts": "employment_aid", "care_hours": "care_services"}
COUNTY = ""  # all areas together


@dataclass(frozen=True)
class Cap:
    """At most so much, and who goes first where it does not suffice.

    ``most``: area (empty: the county) -> the most, in ``unit``: yuan a year, or what a quota counts.
    ``programmes`` that it is a cap of; ``payer``: only what this payer pays, of all programmes where none is
    named. ``seed``: of the order in which people come. ``upper_levels``: the share of what is missing that
    upper levels of government cover.
    """

    name: str
    rule: str
    most: Mapping[str, float]
    unit: str = YUAN
    programmes: tuple[str, ...] = ()
    payer: str = ""
    seed: int = 1
    upper_levels: float = 0.0
