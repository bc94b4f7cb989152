"""Random families, seeded, for properties that hold whatever the family."""

from __future__ import annotations

import os
import random
from typing import Any

from microsim.population.core.columns import Column, known

Row = dict[str, Any]
LINE = {"rural": 4800.0, "urban": 7200.0}
# Families that a property is tried on; ten times as many where one searches.
SEEDS = range(1000 if os.environ.get("HYPOTHESIS_PROFILE") == "search" else 100)
MANY = range(max(300, len(SEEDS)))  # where a family of the kind looked for is rare


def family(seed: int) -> tuple[Row, list[Row]]:
    """A household and its persons, many near the line; columns not drawn are the registry's defaults."""
    draw = random.Random(seed)
    area = draw.choice(["rural", "urban"])
    level = LINE[area] * draw.choice([0.0, 0.3, 0.8, 1.0, 1.1, 1.4, 1.5, 3.0])
    household: Row = {
        "area": area,
        "filed_poor": draw.random() < 0.4,
        "financial_assets": draw.choice([0.0, 5000.0, 12000.0, 60000.0]),
        "vehicles": int(draw.random() < 0.1),
        "homes": 1 + int(draw.random() < 0.1),
        "rigid_expenditure": draw.choice([0.0, 0.0, 3000.0]),
        "income_visible_share": draw.choice([1.0, 0.6]),
        "assets_visible_share": 1.0,
        "admission_draw": draw.random(),
        "take_up_draw": 0.0,
    }
    persons = [_person(draw, level) for _ in range(draw.randint(1, 6))]
    return DEFAULTS["household"] | household, [DEFAULTS["person"] | person for person in persons]


DEFAULTS = {
    entity: {name: column.default for name, column in known(entity).items() if column.default is not None}
    for entity in ("household", "person")
}


def _person(draw: random.Random, level: float) -> Row:
    return {
        "age": draw.randint(0, 90),
        "sex": draw.choice(["male", "female"]),
        "relation": draw.choice(["head", "spouse", "child", "parent", "grandparent", "sibling"]),
        "counts_as_member": draw.random() < 0.9,
        "disability_grade": draw.choice(["none", "none", "grade1", "grade2", "grade3", "grade4"]),
        "disability_type": draw.choice(["none", "physical", "mental", "intellectual"]),
        "severe_illness": draw.random() < 0.25,
        "in_school": "none",
        "works": True,
        "wage_income": draw.choice([0.0, 2.0 * level * draw.random()]),
        "business_income": level * draw.choice([0.0, 1.0]),
        "property_income": draw.choice([0.0, 300.0]),
        "private_transfer_income": draw.choice([0.0, 1000.0]),
        "pension_income": draw.choice([0.0, 2000.0]),
        "basic_pension_income": draw.choice([0.0, 1200.0]),
        "excluded_transfer_income": draw.choice([0.0, 800.0]),
        "social_contributions_paid": draw.choice([0.0, 400.0]),
        "medical_out_of_pocket": 0.0,
    }


def whole(seed: int) -> tuple[Row, list[Row]]:
    """A random family in which any column of the registry may be drawn, also those added later."""
    household, persons = family(seed)
    fixed = {"counts_as_member", "age", "relation", "sex", "area", "income_visible_share", "take_up_draw"}
    for entity, rows in (("household", [household]), ("person", persons)):
        for number, row in enumerate(rows):
            for name, column in known(entity).items():
                # Each cell has a draw of its own, so that a new column leaves those of the others.
                draw = random.Random(f"whole {seed} {entity} {number} {name}")
                if name not in fixed and draw.random() < 0.3:
                    row[name] = _drawn(draw, column)
    household["tenant"] = household["tenant"] or household["rent_paid"] > 0.0
    if household["shock"] != "none":  # whoever is struck is so for a month at least, and somebody is
        household |= {name: max(household[name], 1) for name in ("shock_months", "shock_persons")}
    for person in persons:
        person["workshop_wage"] = min(person["workshop_wage"], person["wage_income"])
    return household, persons


def _drawn(draw: random.Random, column: Column) -> Any:
    if column.type == "category":
        return draw.choice(column.categories)
    if column.type == "bool":
        return draw.random() < 0.4
    if column.type == "int":
        return draw.randint(int(column.minimum or 0), int(min(column.maximum or 12, 12)))
    if column.maximum is not None:
        return draw.uniform(column.minimum or 0.0, column.maximum)
    return draw.choice([0.0, 300.0, 2500.0, 9000.0, 90000.0])
