"""A law file is held against the columns and rules that its parameters are looked up by."""

from __future__ import annotations

from pathlib import Path

import pytest

from microsim.errors import MicrosimError
from microsim.scenario.law_file import check_law_file

ROOT = Path(__file__).resolve().parents[2]
TOY = """\
label: {en: Toy, zh: 玩具}
parameters:
  line:
    label: {en: Line, zh: 标准}
    unit: yuan/year
    by: [aera, tier]
    values:
      2020-01-01: {value: {rural: {dibao: 3, dibo: 4}, default: 2}, source: cited, reference: an invented act}
  rate:
    label: {en: Rate, zh: 比例}
    unit: "1"
    by: area
    values:
      2020-01-01: {value: {rurall: 0.5, urban: 0.4}, source: cited, reference: an invented act}
"""


def test_unknown_columns_and_categories_are_told_with_their_places(tmp_path: Path) -> None:
    file = tmp_path / "toy.yaml"
    file.write_text(TOY, encoding="utf-8")
    with pytest.raises(MicrosimError) as caught:
        check_law_file(file)
    assert [str(offence) for offence in caught.value.offences] == [
        f"{file}:6:5: no column or rule of categories 'aera'; did you mean 'area'?",
        f"{file}:8:46: 'dibo' is not a category of tier; did you mean 'dibao'?",
        f"{file}:14:28: 'rurall' is not a category of area; did you mean 'rural'?",
    ]


def test_a_rule_of_the_programme_itself_is_known(tmp_path: Path) -> None:
    file = tmp_path / "toy.yaml"
    file.write_text(TOY.replace("dibo", "edge").replace("rurall", "rural"), encoding="utf-8")
    file.with_suffix(".py").write_text("def aera(size: int) -> str: ...", encoding="utf-8")
    check_law_file(file)


@pytest.mark.parametrize(
    "file", sorted((ROOT / "microsim" / "law").glob("*.yaml")), ids=lambda path: path.stem
)
def test_the_packaged_law_is_good(file: Path) -> None:
    check_law_file(file)
