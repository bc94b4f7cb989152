"""Who gains and who loses from one law to another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from microsim.errors import InputError, Offence
from microsim.measures.arrays import number
from microsim.studies.common.estimates import (
    Floats,
    Group,
    Of,
    Sampling,
    Statistic,
    by_area,
    by_decile,
    by_size,
    by_type,
    everybody,
    ratio_of,
)
from microsim.studies.common.poverty import BEFORE
from microsim.studies.distribution.study import Distribution, estimated

if TYPE_CHECKING:
    from microsim.engine.runtime.arrays import Data
    from microsim.simulation import Result

INCOME = "disposable_income"


def gains(
    before: Result,
    after: Result,
    *,
    tolerance: float = 0.005,
    relative: float = 0.0,
    sampling: Sampling | None = None,
) -> Distribution:
    """Persons whose disposable income per head rises or falls from one result to another, and by how much.

    ``gainers``, ``losers``, ``unchanged`` (persons), ``gaining_share``, ``losing_share`` (of persons),
    ``mean_gain``, ``mean_loss`` and ``mean_change`` (yuan/year per head; the first two per gainer and loser,
    both positive), of ``disposable_income``, for everybody, each area, household size and type
    (``by_type`` in ``studies/common/estimates.py``), and decile by income before benefits under the first
    result. A change within max(``tolerance`` yuan, ``relative`` times the
    income before) counts as none, as in :func:`microsim.measures.gainers_and_losers`.

    Both results are of the same households. ``sampling`` as in
    :func:`microsim.distribution`.
    Raises ``MicrosimError`` where the households differ or an output is missing.
    """
    offences = [*number("tolerance", tolerance, 0.0), *number("relative", relative, 0.0)]
    offences += different_households(before.population, after.population)
    if offences:
        raise InputError(offences, title="gains cannot be computed")
    old, new = (
        np.asarray(result.array(f"{INCOME}_per_head"), dtype=np.float64) for result in (before, after)
    )
    least = np.maximum(tolerance, relative * np.abs(old))
    apart = [*by_area(before), *by_size(before), *by_type(before), *by_decile(before, BEFORE)]
    asked = list(_changes(new - old, least, [*apart, everybody(before)]))
    return estimated(asked, before, sampling)


def different_households(before: Data, after: Data) -> list[Offence]:
    """Why nobody can be followed from one population to another; nothing where everybody can."""
    if before is after:
        return []
    if not np.array_equal(before.household_id, after.household_id):
        hint = "give two results of one population"
        return [Offence("the two results are of different households", "after", hint)]
    if not np.array_equal(before.weight, after.weight):
        return [Offence("the two results weigh the households differently", "after")]
    return []


def _changes(change: Floats, least: Floats, groups: Sequence[Group]) -> Iterator[Statistic]:
    up, down = (change > least).astype(float), (change < -least).astype(float)
    same, everyone = 1.0 - up - down, np.ones(len(change))
    for group in groups:
        for measure, who in (("gainers", up), ("losers", down), ("unchanged", same)):
            yield Statistic(measure, INCOME, group, "persons", _sum(who), None)
        for measure, above, below, unit in (
            ("gaining_share", up, everyone, "1"),
            ("losing_share", down, everyone, "1"),
            ("mean_gain", change * up, up, "yuan/year"),
            ("mean_loss", -change * down, down, "yuan/year"),
            ("mean_change", change, everyone, "yuan/year"),
        ):
            yield Statistic(measure, INCOME, group, unit, *ratio_of(above, below))


def _sum(who: Floats) -> Of:
    return lambda w: float(np.sum(w * who))
