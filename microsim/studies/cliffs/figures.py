"""What a population faces, in weighted figures: who stands before a notch, who is caught behind one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from microsim.measures import quantile_groups
from microsim.measures.standard_errors import bootstrap, replicate_error
from microsim.studies.figures import Figures

if TYPE_CHECKING:
    import pandas as pd

    from microsim.studies.cliffs.search import Cliffs

SHARE, PERSONS, YUAN = "1", "persons", "yuan/year"
COUNTED = 1.0  # yuan: a smaller drop is no cliff to anybody
LARGEST_SIZE = 6  # households of this many persons and more stand together
Floats = NDArray[np.float64]


def population_figures(cliffs: Cliffs, weights: Floats | None = None) -> Figures:
    """Every figure for the whole and for each group; groups that nobody is in are left out."""
    out = Figures({})
    table = cliffs.households
    own = table["weight"].to_numpy() if weights is None else weights
    for group, chosen in _groups(cliffs):
        rows = table[chosen]
        for (measure, unit), value in _measures(rows, own[chosen]).items():
            if np.isfinite(value):
                out.add(f"cliffs.{measure}", "", group, value, unit)
    return out


def _measures(rows: pd.DataFrame, weights: Floats) -> dict[tuple[str, str], float]:
    """Figures of some walked members; nan where nobody is meant."""
    from microsim.studies.cliffs.search import AHEAD

    drop = np.nan_to_num(rows["next_drop"].to_numpy())
    distance = rows["next_distance"].to_numpy()
    ahead = drop >= COUNTED
    rate = rows["marginal_rate"].to_numpy()
    earns = rows["present"].to_numpy() > 0.0
    inside = rows["in_dead_zone"].to_numpy()
    total = weights.sum()
    out = {("members_walked", PERSONS): float(total)}
    for yuan in AHEAD:
        near = ahead & (distance <= yuan)
        out[f"facing_notch_within_{yuan}", SHARE] = _mean(near, weights)
    out["facing_notch", SHARE] = _mean(ahead, weights)
    out["marginal_rate_above_100", SHARE] = _mean(rate > 1.0 + 1e-9, weights)
    out["marginal_rate_at_least_100", SHARE] = _mean(rate >= 1.0 - 1e-9, weights)
    out["mean_marginal_rate", SHARE] = _mean(rate, weights)
    out["mean_participation_tax_rate", SHARE] = _mean(
        rows["participation_tax_rate"].to_numpy()[earns], weights[earns]
    )
    out["mean_loss", YUAN] = _mean(drop[ahead], weights[ahead])
    counts = ahead & (weights > 0.0)
    out["worst_loss", YUAN] = float(drop[counts].max()) if counts.any() else np.nan
    out["mean_total_loss", YUAN] = _mean(rows["total_loss"].to_numpy(), weights)
    out["in_dead_zone", PERSONS] = float(weights[inside].sum())
    out["share_in_dead_zone", SHARE] = _mean(inside, weights)
    out["trapped_earnings", YUAN] = float(weights @ rows["trapped"].to_numpy())
    out["not_exact", SHARE] = _mean(~rows["exact"].to_numpy(), weights)
    return out


def _mean(x: NDArray[np.bool_] | Floats, weights: Floats) -> float:
    total = weights.sum()
    return float(weights @ x / total) if total > 0.0 else np.nan


def _groups(cliffs: Cliffs) -> Iterable[tuple[str, NDArray[np.bool_]]]:
    """Names of groups and who is in them: all, each area, tier, household size and tenth."""
    rows = cliffs.rows.astype(np.int64)
    population = cliffs.population
    yield "", np.ones(len(rows), dtype=bool)
    for area, chosen in _categories(
        population.categories.get("area"), population.household_columns.get("area")
    ):
        yield area, chosen[rows]
    known = {name: values[rows] for name, values in _now(cliffs).items()}
    if "household_tier" in known:
        names = cliffs.policy.rules["household_tier"].categories
        for tier, chosen in _categories(names, known["household_tier"]):
            if chosen.any():
                yield f"tier_{tier}", chosen
    size = np.minimum(np.diff(population.offsets)[rows], LARGEST_SIZE)
    for persons in np.unique(size):
        yield f"size_{persons}{'_and_more' if persons == LARGEST_SIZE else ''}", size == persons
    if "income_before_benefits_per_head" in known and len(rows):
        members = np.diff(population.offsets)[rows] * population.weight[rows]
        tenth = quantile_groups(known["income_before_benefits_per_head"], members, 10)
        for k in range(1, 11):
            yield f"decile_{k}", tenth == k


def _categories(
    names: tuple[str, ...] | None, codes: NDArray[Any] | None
) -> Iterable[tuple[str, NDArray[np.bool_]]]:
    if names is not None and codes is not None:
        for code, name in enumerate(names):
            yield name, codes == code


def _now(cliffs: Cliffs) -> dict[str, NDArray[Any]]:
    """Values of households as they stand by which groups are made, as far as the policy knows them."""
    from microsim.simulation import simulate

    wanted = ("household_tier", "income_before_benefits_per_head")
    outputs = [name for name in wanted if name in cliffs.policy.rules]
    if not outputs:
        return {}
    result = simulate(cliffs.population, cliffs.policy, outputs)
    return {name: result.array(name) for name in outputs}


def standard_errors(
    cliffs: Cliffs,
    *,
    replicates: int = 200,
    seed: int = 0,
    clusters: NDArray[np.generic] | None = None,
    strata: NDArray[np.generic] | None = None,
    replicate_weights: Floats | None = None,
    kind: str = "bootstrap",
) -> pd.DataFrame:
    """Sampling errors of the figures of all households, for a population that *is* a sample.

    With ``replicate_weights`` (households x replicates, a survey's own) by
    :func:`~microsim.measures.standard_errors. replicate_error` of that ``kind``; otherwise by bootstrap over
    households, or over ``clusters`` (one label a household, as ``strata``). Columns: measure, value, unit,
    standard_error. On a synthetic population the answer means nothing: it was drawn from nobody (see
    :func:`spread`).
    """
    import pandas as pd

    table, rows = cliffs.households, cliffs.rows.astype(np.int64)
    names = list(_measures(table, table["weight"].to_numpy()))

    def statistic(weights: Floats) -> Floats:
        return np.array(list(_measures(table, weights[rows]).values()))

    own = np.asarray(cliffs.population.weight, dtype=np.float64)
    if replicate_weights is None:
        found = bootstrap(statistic, own, replicates, seed, clusters=clusters, strata=strata)
        value, error = np.asarray(found.estimate), np.asarray(found.standard_error)
    else:
        value = statistic(own)
        each = np.array([statistic(np.asarray(w, dtype=np.float64)) for w in replicate_weights.T])
        errors = [replicate_error(v, each[:, k], kind) for k, v in enumerate(value)]  # type: ignore[arg-type]
        error = np.array(errors)
    return pd.DataFrame(
        {
            "measure": [f"cliffs.{measure}" for measure, _ in names],
            "value": value,
            "unit": [unit for _, unit in names],
            "standard_error": error,
        }
    )


def spread(make: Callable[[int], Cliffs], seeds: Iterable[int]) -> pd.DataFrame:
    """The figures over several seeds of a synthetic population: what the generator's chance alone changes.

    ``make(seed)`` gives the cliffs of the population of one seed. Columns: measure, group, unit, seeds, mean,
    standard_deviation, lowest, highest. This is no sampling error: nobody was sampled.
    """
    import pandas as pd

    tables = [make(seed).table.assign(seed=seed) for seed in seeds]
    every = pd.concat(tables, ignore_index=True)
    grouped = every.groupby(["measure", "group", "unit"], sort=False)["value"]
    out = grouped.agg(["count", "mean", "std", "min", "max"]).reset_index()
    out.columns = ["measure", "group", "unit", "seeds", "mean", "standard_deviation", "lowest", "highest"]
    return out


def by_category(summary: Mapping[str, Mapping[str, float | str]], measure: str) -> dict[str, float]:
    """Group -> value of one measure, from a summary; the whole under the empty name."""
    prefix = f"cliffs.{measure}"
    out = {}
    for name, entry in summary.items():
        if name == prefix or name.startswith(prefix + "."):
            out[name[len(prefix) + 1 :]] = float(entry["value"])
    return out
