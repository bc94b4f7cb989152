"""The rows of a sweep: every figure of every scenario, as an Arrow table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microsim.errors import DataError, Offence
from microsim.studies.common.benefits import cost_rules, recipient_rules

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from microsim.engine.policy.policy import Policy
    from microsim.population import Population
    from microsim.sweeps.axes import Value
    from microsim.sweeps.grid import Grid

SEED = 0  # the county as it is in its folder: a sweep draws nothing of its own

Asked = tuple[str, str, str, tuple[str, ...]]  # measure, subject, unit, and the rules that are added up


def figures_of(policy: Policy, outputs: Sequence[str]) -> list[Asked]:
    """What is added up: cost, in cash and in kind, of each programme and of all together, and recipients."""
    figures: list[Asked] = []
    if "cost" in outputs:
        figures += [("cost", name, "yuan/year", rules) for name, rules in cost_rules(policy).items()]
    if "caseload" in outputs:
        figures += [("caseload", name, "persons", (rule,)) for name, rule in recipient_rules(policy).items()]
    return figures


def rules_of(figures: Sequence[Asked]) -> list[str]:
    """The rules that figures need, each once."""
    return list(dict.fromkeys(rule for *_, rules in figures for rule in rules))


def rows_of(
    grid: Grid,
    population: Population,
    figures: Sequence[Asked],
    first: int,
    last: int,
    threads: int | None,
) -> pa.Table:
    """The scenarios ``first`` to ``last`` (not included): every figure by area, and for the county.

    They are added up in one pass over the households. Raises ``MicrosimError`` where a sum is not a number.
    """
    import pyarrow as pa

    from microsim.simulation import many_totals

    rules = rules_of(figures)
    sums, areas = many_totals(population, grid.policy, grid.changes(first, last), rules, threads=threads)
    if not np.isfinite(sums).all():
        output, _, scenario = (int(i) for i in np.argwhere(~np.isfinite(sums))[0])
        changes = grid.changes(first + scenario, first + scenario + 1)[0]
        message = f"the sum of '{rules[output]}' is not a number in scenario {first + scenario} ({changes})"
        raise DataError(Offence(message))
    sums = np.array([sum(sums[rules.index(rule)] for rule in added) for *_, added in figures])
    groups = [*areas, ""]
    values = np.concatenate([sums, sums.sum(axis=1, keepdims=True)], axis=1)
    count, each = last - first, len(figures) * len(groups)

    def words(texts: Sequence[str], times: int) -> pa.DictionaryArray:
        """Texts ``times`` over in a row, the same for every scenario."""
        names = list(dict.fromkeys(texts))
        codes = np.tile(np.repeat([names.index(text) for text in texts], times), count)
        return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int8)), pa.array(names))

    columns: dict[str, Any] = {
        "scenario": np.repeat(np.arange(first, last, dtype=np.int32), each),
        "county": words([county_name(grid)], each),
        "seed": np.full(count * each, SEED, dtype=np.int64),
    }
    for k, axis in enumerate(grid.axes):
        values_here = np.array([point[k] for point in grid.points[first:last]], dtype=object)
        columns[axis] = pa.array(np.repeat(values_here, each), type=_type_of(p[k] for p in grid.points))
    columns |= {
        "measure": words([measure for measure, *_ in figures], len(groups)),
        "subject": words([subject for _, subject, *_ in figures], len(groups)),
        "group": words(groups * len(figures), 1),
        "value": values.transpose(2, 0, 1).ravel(),
        "unit": words([unit for _, _, unit, _ in figures], len(groups)),
    }
    return pa.table(columns)


def _type_of(values: Iterable[Value]) -> pa.DataType:
    import pyarrow as pa

    kinds = {type(value) for value in values}
    if kinds == {bool}:
        return pa.bool_()
    return pa.string() if str in kinds else pa.float64()


def county_name(grid: Grid) -> str:
    """The name of the county's folder."""
    path = grid.scenario.county_path
    return path.parent.name if path.stem == "profile" else path.stem


def summary_of(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Size of the sweep, and the least and the greatest of each of the county's figures."""
    out: dict[str, dict[str, Any]] = {
        "scenarios": {"value": int(table["scenario"].nunique()), "unit": "scenarios"},
        "rows": {"value": len(table), "unit": "rows"},
    }
    county = table[table["group"] == ""]
    for (measure, subject, unit), values in county.groupby(["measure", "subject", "unit"], observed=True)[
        "value"
    ]:
        out[f"{measure}.{subject}.least"] = {"value": float(values.min()), "unit": unit}
        out[f"{measure}.{subject}.greatest"] = {"value": float(values.max()), "unit": unit}
    return out
