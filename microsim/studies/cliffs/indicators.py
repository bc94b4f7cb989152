"""What a population faces, in weighted figures: who faces a notch, who is trapped above one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microsim.measures import linearised_error, replicate_error, replicate_weights
from microsim.studies.cliffs.searched import INCOME, TIER, Searched
from microsim.studies.common.estimates import Group, Sampling, by_area, by_decile, by_size, everybody
from microsim.studies.common.indicators import Indicators

if TYPE_CHECKING:
    import pandas as pd


SHARE, PERSONS, YUAN = "1", "persons", "yuan/year"
AHEAD = (500, 1000, 3000)  # yuan: a notch this near is counted
COUNTED = 1.0  # yuan: a smaller drop is no cliff to anybody
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Measure:
    """A ratio of two weighted totals over walked members; a total where there is no ``below``."""

    name: str
    unit: str
    above: Floats
    below: Floats | None

    def value(self, weights: Floats) -> float:
        """The figure under these weights of the members; nan where nobody is meant."""
        whole = float(weights @ self.above)
        if self.below is None:
            return whole
        among = float(weights @ self.below)
        return whole / among if among > 0.0 else np.nan

    def influence(self, weights: Floats) -> Floats:
        """Of each member on the figure: (above - value * below) / total below; of a total, ``above``."""
        if self.below is None:
            return self.above
        own: Floats = (self.above - self.value(weights) * self.below) / float(weights @ self.below)
        return own


def population_indicators(cliffs: Searched) -> Indicators:
    """Every figure for all walked members and for each group; what nobody is meant by is left out."""
    out = Indicators({})
    table, measures = cliffs.households, _measures(cliffs.households)
    weights = table["weight"].to_numpy()
    drop = np.nan_to_num(table["next_drop"].to_numpy())
    members = cliffs.rows.astype(np.int64)
    for group, households in _groups(cliffs):
        own = np.where(households[members], weights, 0.0)
        if not own.any():
            continue
        for one in measures:
            value = one.value(own)
            if np.isfinite(value):
                out.add(f"cliffs.{one.name}", "", group, value, one.unit)
        counted = drop[(own > 0.0) & (drop >= COUNTED)]
        if len(counted):
            out.add("cliffs.worst_loss", "", group, float(counted.max()), YUAN)
    return out


def _measures(table: pd.DataFrame) -> list[_Measure]:
    """The figures that are ratios or totals, for every row of ``Searched.households``."""
    drop = np.nan_to_num(table["next_drop"].to_numpy())
    distance, rate = table["next_distance"].to_numpy(), table["marginal_rate"].to_numpy()
    ahead = (drop >= COUNTED).astype(np.float64)
    earns = (table["present"].to_numpy() > 0.0).astype(np.float64)
    inside = table["in_dead_zone"].to_numpy().astype(np.float64)
    everyone = np.ones(len(table))
    kept = np.nan_to_num(table["participation_tax_rate"].to_numpy())

    def share(name: str, which: NDArray[np.bool_] | Floats) -> _Measure:
        return _Measure(name, SHARE, which.astype(np.float64), everyone)

    return [
        _Measure("members_walked", PERSONS, everyone, None),
        *(share(f"facing_notch_within_{yuan}", ahead * (distance <= yuan)) for yuan in AHEAD),
        share("facing_notch", ahead),
        share("marginal_rate_above_100", rate > 1.0 + 1e-9),
        share("marginal_rate_at_least_100", rate >= 1.0 - 1e-9),
        share("mean_marginal_rate", rate),
        _Measure("mean_participation_tax_rate", SHARE, kept * earns, earns),
        _Measure("mean_loss", YUAN, drop * ahead, ahead),
        _Measure("mean_total_loss", YUAN, table["total_loss"].to_numpy(), everyone),
        _Measure("in_dead_zone", PERSONS, inside, None),
        share("share_in_dead_zone", inside),
        _Measure("trapped_earnings", YUAN, table["trapped"].to_numpy(), None),
        share("not_exact", ~table["exact"].to_numpy()),
    ]


def _groups(cliffs: Searched) -> Iterable[Group]:
    """All, each area, tier, household size and decile of persons, as far as the policy knows them."""
    result = cliffs.as_they_stand
    groups = [everybody(result), *by_area(result), *by_size(result)]
    if TIER in result.outputs:
        codes = result.array(TIER)
        groups += [(f"tier_{t}", codes == k) for k, t in enumerate(cliffs.policy.rules[TIER].categories)]
    if INCOME in result.outputs and len(cliffs.population.weight):
        groups += by_decile(result, INCOME)
    return groups


def standard_errors(cliffs: Searched, sampling: Sampling) -> pd.DataFrame:
    """Sampling errors of the figures of all households, for a population that *is* a sample.

    ``sampling`` says how it was drawn and how errors are taken: linearised, bootstrap, or by the survey's own
    replicate weights. Columns: measure, value, unit, standard_error. On a synthetic population the answer
    means nothing: it is not a sample (see :func:`spread`). Raises ``MicrosimError`` as
    :meth:`Sampling.check` does.
    """
    import pandas as pd

    result = cliffs.as_they_stand
    sampling.check(result)
    design = sampling.design(result)
    population, members = cliffs.population, cliffs.rows.astype(np.int64)
    own = np.asarray(population.weight, dtype=np.float64)
    measures = _measures(cliffs.households)
    values = np.array([one.value(own[members]) for one in measures])
    if sampling.errors == "linearised":
        errors = []
        for one in measures:
            # Of a household the influences of all its walked members.
            influence = np.bincount(members, one.influence(own[members]), len(own))
            errors.append(linearised_error(influence, own, **design))
    else:
        drawn: Iterable[Floats] = replicate_weights(own, sampling.replicates, sampling.seed, **design)
        if sampling.errors == "replicates":
            drawn = (np.asarray(population.household_columns[name], np.float64) for name in sampling.columns)
        each = np.array([[one.value(weights[members]) for one in measures] for weights in drawn])
        if sampling.errors == "bootstrap":
            errors = list(np.std(each, axis=0, ddof=1))
        else:
            errors = [
                replicate_error(value, each[:, k], sampling.kind, fay=sampling.fay)
                for k, value in enumerate(values)
            ]
    return pd.DataFrame(
        {
            "measure": [f"cliffs.{one.name}" for one in measures],
            "value": values,
            "unit": [one.unit for one in measures],
            "standard_error": errors,
        }
    )


def spread(make: Callable[[int], Searched], seeds: Iterable[int]) -> pd.DataFrame:
    """The figures over several seeds of a synthetic population: what the generator's chance alone changes.

    ``make(seed)`` gives the cliffs of the population of one seed. Columns: measure, group, unit, seeds, mean,
    standard_deviation, lowest, highest. This is no sampling error: nobody was sampled.
    """
    import pandas as pd

    tables = [population_indicators(make(seed)).table().assign(seed=seed) for seed in seeds]
    every = pd.concat(tables, ignore_index=True)
    grouped = every.groupby(["measure", "group", "unit"], sort=False)["value"]
    out = grouped.agg(["count", "mean", "std", "min", "max"]).reset_index()
    out.columns = ["measure", "group", "unit", "seeds", "mean", "standard_deviation", "lowest", "highest"]
    return out
