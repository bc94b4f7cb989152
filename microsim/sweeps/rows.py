"""The rows of a sweep: every figure of every scenario, as an Arrow table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microsim.errors import DataError, Offence
from microsim.studies.common.expenditure import PERSONS, YUAN, Account, by_area_of
from microsim.studies.common.within_year import account_over, changed_totals

if TYPE_CHECKING:
    import pyarrow as pa

    from microsim.population import Population
    from microsim.sweeps.axes import Value
    from microsim.sweeps.grid import Grid

SEED = 0  # the county as it is in its folder: a sweep draws nothing of its own


def rules_of(account: Account, outputs: Sequence[str]) -> list[str]:
    """The rules whose totals the figures of a sweep are made of, each once."""
    paying = [payment.rule for payment in account.payments if payment.counts]
    wanted = [
        *(paying if "cost" in outputs else ()),
        *(account.recipients.values() if "caseload" in outputs else ()),
    ]
    return list(dict.fromkeys(wanted))


def rows_of(
    grid: Grid,
    population: Population,
    first: int,
    last: int,
    threads: int | None,
) -> pa.Table:
    """The scenarios ``first`` to ``last`` (not included): every figure by area, and for the county.

    They are added up in one pass over the households for each stretch of the year; recipients are those of
    the scenario's day. Raises ``MicrosimError`` where a sum is not a number.
    """
    import pyarrow as pa

    account, changes = account_over(one.policy for one in grid.stretches), grid.changes(first, last)
    rules = rules_of(account, grid.outputs)
    day = next(one for one in grid.stretches if one.policy is grid.policy)
    paid = {payment.rule for payment in account.payments}
    sums, areas = changed_totals(population, grid.stretches, changes, rules, threads, day=day, paid=paid)
    if not np.isfinite(sums).all():
        output, _, scenario = (int(i) for i in np.argwhere(~np.isfinite(sums))[0])
        change = changes[scenario]
        message = f"the sum of '{rules[output]}' is not a number in scenario {first + scenario} ({change})"
        raise DataError(Offence(message))
    areas = by_area_of(population, areas)
    totals = {rule: dict(zip(areas, sums[k], strict=True)) for k, rule in enumerate(rules)}
    figures = _figures(account, totals, grid.outputs)
    groups = list(next(iter(figures.values())))
    values = np.array([[by_group[group] for group in groups] for by_group in figures.values()])
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
        "subject": words([subject for _, subject, _ in figures], len(groups)),
        "group": words(groups * len(figures), 1),
        "value": values.transpose(2, 0, 1).ravel(),
        "unit": words([unit for *_, unit in figures], len(groups)),
    }
    return pa.table(columns)


def _figures(
    account: Account, totals: Mapping[str, Any], outputs: Sequence[str]
) -> dict[tuple[str, str, str], dict[str, Any]]:
    """(measure, subject, unit) -> area (and the county) -> one value a scenario."""
    cost = account.cost(totals) if "cost" in outputs else {}
    caseload = account.caseload(totals) if "caseload" in outputs else {}
    return {("cost", name, YUAN): by for name, by in cost.items()} | {
        ("caseload", name, PERSONS): by for name, by in caseload.items()
    }


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


def summary_of(tables: Iterable[pa.Table]) -> dict[str, dict[str, Any]]:
    """Size of the sweep, and the least and the greatest of each of the county's figures.

    Of a sweep that is larger than memory: of one table after another no more than these is kept.
    """
    import pyarrow.compute as pc

    scenarios: set[int] = set()
    rows = 0
    ends: dict[tuple[str, str, str], tuple[float, float]] = {}
    for table in tables:
        rows += len(table)
        scenarios.update(pc.unique(table["scenario"]).to_pylist())
        county = table.filter(pc.equal(table["group"], "")).select(["measure", "subject", "unit", "value"])
        by = county.group_by(["measure", "subject", "unit"]).aggregate([("value", "min"), ("value", "max")])
        for one in by.to_pylist():
            key = (one["measure"], one["subject"], one["unit"])
            least, greatest = ends.get(key, (np.inf, -np.inf))
            ends[key] = (min(least, one["value_min"]), max(greatest, one["value_max"]))
    out: dict[str, dict[str, Any]] = {
        "scenarios": {"value": len(scenarios), "unit": "scenarios"},
        "rows": {"value": rows, "unit": "rows"},
    }
    for (measure, subject, unit), (least, greatest) in sorted(ends.items()):
        out[f"{measure}.{subject}.least"] = {"value": least, "unit": unit}
        out[f"{measure}.{subject}.greatest"] = {"value": greatest, "unit": unit}
    return out
