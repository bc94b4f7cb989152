"""The bench policy in plain Python, one household after another: the twin of the engine's answers."""

from __future__ import annotations

import numpy as np

LINES = (12 * 560.0, 12 * 790.0)  # rural, urban
GRANTS = (0.0, 1000.0, 2000.0, 4000.0)


def members(population):
    """Area, weight and members (dicts of plain values) of each household."""
    names = [name for name in population if name not in ("offsets", "area", "weight", "size")]
    columns = {name: population[name].tolist() for name in names}
    bounds = population["offsets"].tolist()
    for h, (area, weight) in enumerate(
        zip(population["area"].tolist(), population["weight"].tolist(), strict=True)
    ):
        yield (
            area,
            weight,
            [{name: columns[name][i] for name in names} for i in range(bounds[h], bounds[h + 1])],
        )


def answers(area, people, scale=1.0):
    """The six outputs for one household, with both lines multiplied by ``scale``."""
    line, urban_line = LINES[area] * scale, LINES[1] * scale
    earned = sum(p["wage"] for p in people)
    other = sum(p["farm_income"] + p["transfer_income"] for p in people)
    paid = sum(p["medical_oop"] for p in people)
    head = (0.8 * earned + other) / len(people)
    status = "dibao" if head < line else "marginal" if head < 1.5 * line else ""
    out = {"dibao": 0.0, "medical": 0.0, "education": 0.0, "disability": 0.0, "single_person": 0.0}
    if status == "dibao":
        out["dibao"] = (line - head) * len(people)
    for p in people:
        severe = p["disability_grade"] in (1, 2)
        if severe:
            out["disability"] += 960.0 + (960.0 if status else 0.0)
        if status:
            out["education"] += GRANTS[p["student_stage"]]
        if status == "dibao":
            out["medical"] += min(0.7 * p["medical_oop"], 30_000.0)
        if status == "marginal":
            out["medical"] += min(0.6 * max(p["medical_oop"] - 0.1 * urban_line, 0.0), 30_000.0)
            if severe or p["severe_illness"]:
                out["single_person"] += line
    out["net"] = earned + other + sum(out.values()) - paid
    return out


def first_adult(people):
    return next((p for p in people if p["age"] >= 18), people[0])


def evaluate(population):
    rows = [answers(area, people) for area, _, people in members(population)]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def cost(population, scale=1.0):
    """Weighted benefits in rural and urban areas."""
    result = [0.0, 0.0]
    for area, weight, people in members(population):
        row = answers(area, people, scale)
        result[area] += weight * (sum(row.values()) - row["net"])
    return np.array(result)


def walk(population, grid):
    """Net income of each household for each wage of its first adult."""
    table = []
    for area, _, people in members(population):
        earner, row = first_adult(people), []
        for wage in grid:
            earner["wage"] = wage
            row.append(answers(area, people)["net"])
        table.append(row)
    return np.array(table)
