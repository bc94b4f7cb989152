"""The words of docs/validation.md say the gap that its numbers show."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")


def test_the_words_of_the_page_say_the_gap_of_its_numbers():
    rows = [row.split(" | ") for row in re.findall(r"^\| (.*<br>.*) \|$", PAGE, re.MULTILINE)]
    assert len(rows) == 12
    for row in rows:
        bulletin, here = (float(row[at].replace(",", "")) for at in (1, -2))
        gap = row[-1].split("<br>")[0]
        if gap != "within 5 %":
            percent, word = re.fullmatch(r"(\d+) % (more|less)", gap).groups()
            assert (here > bulletin) == (word == "more")
            assert abs(100 * (here / bulletin - 1)) == pytest.approx(float(percent), abs=2.0)
        name = row[0].split("<br>")[0]
        assert f"**{name}**" in PAGE.split("## Where the gaps come from")[1]
