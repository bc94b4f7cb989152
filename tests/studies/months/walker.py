"""The register of one household in plain Python, one month after the other: the twin of the arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor

import numpy as np

from microsim.numerics.streams import Streams
from microsim.scenario.administration.figures import Administration


@dataclass
class Month:
    """What holds in one month: whether dibao is due, amounts of the year in each status, income from work.

    ``leaving``: the yearly amount in each month of gradual exit, by the income from work last assessed;
    ``gradual``: whether there is gradual exit, by the same. ``starts``: whether circumstances are new;
    ``new_law``: whether amounts are worked out anew for all in this month.
    """

    due: bool
    stable: bool
    inside: float
    outside: float
    work: float
    gradual: Callable[[float], bool]
    leaving: Callable[[float], Sequence[float]]
    exit_months: int
    starts: bool = False
    new_law: bool = False


def drawn(seed: int, household: int, purpose: str, month: int = 0) -> float:
    return float(Streams(seed).uniform(purpose, np.array([household]), np.int64(month))[0])  # type: ignore[arg-type]


def walk(
    household: int, months: Sequence[Month], office: Administration, seed: int
) -> list[tuple[str, float]]:
    """Status at the beginning of each month, and the dibao that is paid in it (yuan)."""
    status = "in" if months[0].due else "out"
    granted, work = months[0].inside, months[0].work
    from_start = months[0].due

    def interval(now: Month) -> int:
        every = office.review_stable if now.stable else office.review_unstable
        return 10**9 if every is None else every

    since = 0
    if status == "in" and interval(months[0]) < 10**9:
        since = floor(drawn(seed, household, "months since the last review") * interval(months[0]))
    applied = left = gone_out = 0
    path, before = [], work
    for month, now in enumerate(months):
        if now.starts or now.new_law:
            before = work
        if now.new_law and status in ("in", "notice"):
            granted = now.inside
        if status in ("in", "notice"):
            paid = granted
        elif status == "leaving":
            paid = now.leaving(before)[gone_out]
        else:
            paid = now.outside
        path.append((status, paid / 12))

        def chance(purpose: str, limit: float, month: int = month) -> bool:
            return drawn(seed, household, f"{purpose}, month by month", month) < limit

        if status == "out":
            if now.due and (office.apply >= 1 or chance("applies", office.apply)):
                status, applied = "applied", 0
                if office.decision == 0:
                    status, since, granted, work = "in", 0, now.inside, now.work
        elif status == "applied":
            applied += 1
            if applied >= office.decision:
                status, since = ("in", 0) if now.due else ("out", 0)
                granted, work = now.inside, now.work if now.due else work
        elif status == "in":
            since += 1
            checked = since >= interval(now) or (office.audits > 0 and chance("is audited", office.audits))
            if checked:
                since = 0
                if from_start and month < office.grandfathered:
                    continue
                if now.due:
                    granted, work = now.inside, now.work
                elif not (office.stays > 0 and chance("stays on", office.stays)):
                    if now.gradual(before) and now.exit_months > 0:
                        status, gone_out = "leaving", 0
                    elif office.notice > 0:
                        status, left = "notice", office.notice
                    else:
                        status, from_start = "out", False
        elif status == "notice":
            left -= 1
            if left == 0:
                status, from_start = "out", False
        elif status == "leaving":
            gone_out += 1
            if now.due:
                status, since, granted, work = "in", 0, now.inside, now.work
            elif not now.gradual(before) or gone_out >= now.exit_months:
                status, from_start = "out", False
    return path
