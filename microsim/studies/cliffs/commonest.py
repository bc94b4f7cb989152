"""The cliff that most households have just ahead, and a household that represents them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from microsim.numerics.ranking import to_rank_by

if TYPE_CHECKING:
    import pandas as pd

NEAR = 3_000.0  # yuan of additional income: farther cliffs are not just ahead
LEAST = 100.0  # yuan/year: smaller losses are not counted here


@dataclass(frozen=True)
class Commonest:
    """The rule that takes most households over their next cliff, of the cliffs within 3,000 yuan.

    ``households`` face it (weighted), the share ``share`` of all that face any cliff that near;
    ``household_id`` is the one of them with the (weighted) median loss.
    """

    rule: str
    households: float
    share: float
    household_id: int


def commonest(households: pd.DataFrame) -> Commonest | None:
    """The commonest cliff within 3,000 yuan of the present income; ``None`` where nobody faces one.

    ``households``: that of ``Cliffs``. Counted are next drops of 100 yuan a year or more, each household with
    its weight, by the rule that triggers the drop. Of equals, the first by name or number.
    """
    near = households[(households["next_distance"] <= NEAR) & (households["next_drop"] >= LEAST)]
    whole = float(near["weight"].sum())
    if near.empty or not whole > 0.0:
        return None
    by_rule = near.groupby("next_rule", sort=True)["weight"].sum().map(to_rank_by)
    rule = str(by_rule.index[int(by_rule.to_numpy().argmax())])
    own = near[near["next_rule"] == rule]
    weight = float(own["weight"].sum())
    own = own.assign(drop=own["next_drop"].map(to_rank_by)).sort_values(["drop", "household_id"])
    passed = (own["weight"].cumsum() / weight).round(9).to_numpy()
    middle = int(own["household_id"].iloc[int(np.searchsorted(passed, 0.5))])
    return Commonest(rule, weight, weight / whole, middle)
