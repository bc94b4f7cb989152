"""The packaged law: one module of rules and one file of dated values for each programme."""

from __future__ import annotations

import datetime as dt

# The five ways in which status opened programmes, each with the day from which the terms of access (the
# parameters marked ``access: true``) have its values. A scenario may hold a programme, or all, at one of them
# whatever its date.
REGIMES = {
    "linked": dt.date(2014, 5, 1),  # aid tied to dibao and tekun (大低保、小救助): Order 649
    "broad": dt.date(2015, 11, 29),  # registered poor households have all of it (大救助)
    "transition": dt.date(2021, 1, 1),  # five years in which their help runs on (过渡期)
    "tiered": dt.date(2023, 10, 19),  # by tiers of the low-income population (分层分类)
    "law-2026": dt.date(2026, 7, 1),  # the four groups of the Social Assistance Law (社会救助法)
}
