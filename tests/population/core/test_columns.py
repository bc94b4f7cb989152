"""The column registry says everything about each column, and says it consistently."""

from __future__ import annotations

import pytest

from microsim.population.core.columns import ENTITIES, TYPES, Column, known, registry
from microsim.units import KNOWN_UNITS


@pytest.mark.parametrize("column", registry().values(), ids=lambda column: column.name)
def test_every_column_is_fully_described(column: Column) -> None:
    assert column.entity in ENTITIES
    assert column.type in TYPES
    assert column.unit in KNOWN_UNITS
    assert set(column.label) == {"en", "zh"}
    assert column.meaning.endswith(".")
    assert bool(column.categories) == (column.type == "category")
    assert len(set(column.categories)) == len(column.categories)
    if column.is_money:
        assert column.minimum == 0
    if column.default is not None:
        if column.type == "category":
            assert column.default in column.categories
        elif column.type == "bool":
            assert isinstance(column.default, bool)
        else:
            assert (column.minimum or 0) <= float(column.default) <= (column.maximum or float("inf"))


def test_ids_and_weight_are_no_inputs_of_rules() -> None:
    assert {"household_id", "weight", "area"} <= set(registry())
    assert "weight" not in known("household")
    assert "person_id" not in known("person")
    assert registry()["area"].categories == ("rural", "urban")
    assert registry()["age"].table == "persons"
    with pytest.raises(TypeError):
        registry()["area"] = registry()["age"]  # type: ignore[index]
