"""What holds for every result: it shows itself, and is saved as what it says."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd

from microsim.outcome import Outcome


class Text(HTMLParser):
    """The text of a piece of HTML, whose tags are closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.said: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data.strip())


def check_face(one: Outcome, folder: Path) -> None:
    """Table, summary and headline are there and agree with what is shown and written."""
    assert isinstance(one, Outcome)
    assert isinstance(one.table, pd.DataFrame)
    assert all(set(said) >= {"value", "unit"} for said in one.summary.values())
    assert repr(one) == f"{type(one).__name__}: {one.headline}"
    assert one.headline
    assert "\n" not in one.headline
    assert one.headline in Text(one._repr_html_()).said
    assert len(pd.read_csv(one.to_csv(folder / "t.csv"))) == len(one.table)
    book = pd.read_excel(one.to_excel(folder / "t.xlsx"), sheet_name=None, keep_default_na=False)
    assert len(book["table"]) == len(one.table)
    assert list(book["summary"]["name"]) == list(one.summary)
    assert len(pd.read_parquet(one.to_parquet(folder / "t.parquet"))) == len(one.table)
