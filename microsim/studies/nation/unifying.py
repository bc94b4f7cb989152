"""Which counties could have one line by a year under a cap, and what the others lack for it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microsim.studies.nation.reading import Unify
from microsim.studies.planning.splitting import Split, split_budget

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
UNIFIED, OWN, CENTRAL, LATE = "unified", "own", "central", "late"
KINDS = (UNIFIED, OWN, CENTRAL, LATE)
_ROUNDING = 1e-9
GAP = 1e-6  # of the best possible: how near the split over thousands of counties is


@dataclass(frozen=True)
class Curves:
    """Each county's curve, float64[counties, points]: ratio, additional expenditure, rural gap (yuan/year).

    The first point is the present line, the last one the urban line; ``revenue``: float64[counties].
    """

    codes: tuple[str, ...]
    ratios: Floats
    extra: Floats
    gap: Floats
    revenue: Floats


@dataclass(frozen=True)
class Outlook:
    """What becomes of each county; all arrays in the order of ``curves.codes``.

    ``kind``: one of ``KINDS``: has one line, could pay it itself under the cap, lacks central money, or is
    too far off for the largest step. ``revenue``: own revenue in the year ``by`` (yuan/year, in the money of
    the law's year); ``burden``: additional expenditure of one line over it;
    ``lacks``: what of it is above the cap (yuan/year); ``reach``: the highest ratio that the county's own
    money allows in time; ``points``: the point of the curve that the split of central money gives
    it; ``budget``: that money.
    """

    curves: Curves
    kind: tuple[str, ...]
    revenue: Floats
    burden: Floats
    lacks: Floats
    reach: Floats
    points: NDArray[np.int64]
    budget: float
    split: Split | None


def outlook(curves: Curves, unify: Unify, year: int) -> Outlook:
    """Counties by what one line ``unify.by`` asks of them, from the lines of ``year`` on.

    A county pays what it pays more than now itself, up to the cap. The split gives each county one point of
    its curve, so that the sum of rural gaps is smallest for the central money that there is; points above
    what the largest step allows are left out.
    """
    revenue = unify.own_revenue(curves.revenue, year)
    limit = unify.cap * revenue
    steps = unify.by - year
    top = curves.ratios[:, :1] + steps * unify.largest_step + _ROUNDING
    possible = curves.ratios <= top
    possible[:, 0] = True
    within = possible & (curves.extra <= limit[:, None])
    last = curves.extra[:, -1]
    present = curves.ratios[:, 0]
    burden = np.divide(last, revenue, out=np.full(len(last), np.inf), where=revenue > 0)
    lacks = np.maximum(last - limit, 0.0)
    kinds = tuple(
        UNIFIED if r >= 1.0 - _ROUNDING else LATE if not able else OWN if short == 0.0 else CENTRAL
        for r, able, short in zip(present, possible[:, -1], lacks, strict=True)
    )
    lacks = np.where(np.array(kinds) == UNIFIED, 0.0, lacks)
    best = curves.ratios.shape[1] - 1 - np.argmax(within[:, ::-1], axis=1)
    reach = np.take_along_axis(curves.ratios, best[:, None], axis=1)[:, 0]
    budget = unify.central * float(lacks.sum())
    points, split = _split(curves, limit, possible, np.array(kinds), budget)
    return Outlook(curves, kinds, revenue, burden, lacks, reach, points, budget, split)


def _split(
    curves: Curves, limit: Floats, possible: NDArray[np.bool_], kinds: NDArray[np.str_], budget: float
) -> tuple[NDArray[np.int64], Split | None]:
    """The point of each county; those that need no choice (one line already) keep their first."""
    chosen = np.zeros(len(kinds), dtype=np.int64)
    choosing = np.flatnonzero(kinds != UNIFIED)
    if not len(choosing):
        return chosen, None
    # The first point asks nothing of the centre; the county pays up to its limit.
    costs = [np.maximum(curves.extra[c][possible[c]] - limit[c], 0.0) for c in choosing]
    gaps = [curves.gap[c][possible[c]] for c in choosing]
    found = split_budget(costs, gaps, budget, near=GAP)
    for place, c in enumerate(choosing):
        chosen[c] = np.flatnonzero(possible[c])[found.points[place]]
    return chosen, found


def order_of_zones(table: pd.DataFrame) -> pd.DataFrame:
    """Zone by zone: counties and residents of each kind; what is ready sets out first.

    ``table``: zone, kind, residents, extra, lacks, revenue of each county. Zones are ranked by the share of
    residents whose counties have one line or could pay it themselves; ties by the share of the additional
    expenditure that is lacking.
    """
    import pandas as pd

    rows = []
    for zone, own in table.groupby("zone", sort=True):
        people = own.groupby("kind")["residents"].sum()
        whole = float(own["residents"].sum())
        ready = float(people.get(UNIFIED, 0.0) + people.get(OWN, 0.0)) / whole if whole else math.nan
        extra, lacks = float(own["extra"].sum()), float(own["lacks"].sum())
        counts: Mapping[str, int] = {kind: int((own["kind"] == kind).sum()) for kind in KINDS}
        rows.append(
            {
                "zone": zone,
                "counties": len(own),
                "residents": whole,
                **counts,
                "ready": ready,
                "lacking": lacks / extra if extra > 0.0 else 0.0,
                "share_of_lack": lacks,
            }
        )
    out = pd.DataFrame(rows).sort_values(
        ["ready", "lacking", "zone"], ascending=[False, True, True], ignore_index=True
    )
    total = float(out["share_of_lack"].sum())
    out["share_of_lack"] = out["share_of_lack"] / total if total > 0.0 else 0.0
    out.insert(0, "order", range(1, len(out) + 1))
    return out
