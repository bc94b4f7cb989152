"""What is in the page of a sweep, read without a browser."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd


def data_of(page: str) -> dict[str, Any]:
    """The data that the script reads."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    content: dict[str, Any] = json.loads(found[1])
    return content


def column(data: dict[str, Any], place: int, count: int) -> np.ndarray:
    """A column of numbers, one a run."""
    stored = data["columns"][place]
    if isinstance(stored, str):
        return np.frombuffer(base64.b64decode(stored), dtype="<f8")
    return np.full(count, np.nan if stored is None else stored)


def rows_of(data: dict[str, Any], table: pd.DataFrame) -> Iterator[tuple[float, float]]:
    """Each number of a sweep's table, and the one that the page has in its place."""
    runs = {
        key: k for k, key in enumerate(table.groupby(["county", "seed", "scenario"], observed=True).groups)
    }
    figures = table.drop_duplicates(["measure", "subject", "group"])[["measure", "subject", "group"]]
    places = {tuple(map(str, one)): k for k, one in enumerate(figures.itertuples(index=False))}
    columns = [column(data, one["column"], data["count"]) for one in data["figures"]]
    for row in table.itertuples(index=False):
        place = places[str(row.measure), str(row.subject), str(row.group)]
        yield float(row.value), float(columns[place][runs[row.county, row.seed, row.scenario]])
