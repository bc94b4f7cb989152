"""What is said of the numbers of a census county is Chinese in Chinese results, whoever lent them."""

from __future__ import annotations

from pathlib import Path

import pytest

from microsim.language import speak
from microsim.population.census.donor import read_archetypes
from microsim.population.census.profile import build_profile
from microsim.population.census.tables import read_census
from microsim.report.texts.run_text import revenue_note
from microsim.simulation.explaining import cited
from tests.language.sentences import english_in
from tests.population.census.census_table import write


@pytest.mark.parametrize("donor", [None, "h-county", "coastal-county"])
def test_sources_and_notes_of_every_figure(donor: str | None, tmp_path: Path) -> None:
    counties = read_archetypes()
    row = read_census(write(tmp_path / "c.csv")).find("640522")
    county = build_profile(row, counties if donor is None else {donor: counties[donor]}).county
    speak("zh")
    try:
        said = {
            f"{name}, {kind}": cited(text, "zh")
            for name, figure in county.figures.items()
            for kind, text in (("reference", figure.reference), ("note", figure.note))
            if text
        }
        said["revenue"] = revenue_note(county, "zh")
    finally:
        speak(None)
    assert len(said) > 50
    assert {name: text for name, text in said.items() if english_in(text)} == {}
