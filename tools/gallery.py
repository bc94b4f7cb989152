"""docs/gallery.md and docs/images/gallery: every chart that a brief may show, in both languages.

    python tools/gallery.py

Some minutes of computing. Look at the pictures after a change of a chart or of its sentences.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner
from PIL import Image

from microsim.cli.main import cli
from microsim.report.brief.build import findings_of
from microsim.report.brief.charts import source_of
from microsim.report.brief.drawing import drawn
from microsim.report.brief.folder import read_folder
from microsim.report.brief.model import Chart

ROOT = Path(__file__).resolve().parents[1]
PAGE, IMAGES = ROOT / "docs" / "gallery.md", ROOT / "docs" / "images" / "gallery"
LANGUAGES = ("en", "zh")
_WIDTH, _COLOURS = 760, 48  # pixels and colours of a picture: a few kilobytes, and no difference to the eye


class Study(NamedTuple):
    """A results folder whose charts are shown, and what is said of it."""

    heading: str
    command: str  # without the place of the results
    folder: str  # within it


STUDIES = (
    Study("A run", "run scenarios/h-county-2020.yaml", "h-county-2020"),
    Study(
        "A comparison", "compare scenarios/h-county-2020.yaml scenarios/work-deduction.yaml",
        "h-county-2020-work-deduction-compare",
    ),
    Study("A ledger", "ledger scenarios/h-county-2020.yaml", "h-county-2020-ledger"),
    Study("Cliffs", "cliffs scenarios/h-county-2020.yaml", "h-county-2020-cliffs"),
    Study("Unification", "unify scenarios/unify-linear-2027.yaml", "unify-linear-2027-unify"),
    Study(
        "A target solved",
        "solve scenarios/h-county-2020.yaml --vary dibao.line.rural --target cost.total=450e6",
        "h-county-2020-solve",
    ),
    Study("A sweep", "sweep scenarios/sweep-line.yaml", "sweep-line"),
    Study("A sweep over counties", "sweep scenarios/sweep-counties.yaml", "sweep-counties"),
)  # fmt: skip
# Name of a chart -> what it shows and how it is read.
SHOWN = {
    "cost_by_programme": "What each programme costs a year, the largest first.",
    "recipients_by_age": "Recipients of dibao by sex and age, as a pyramid.",
    "poverty": "Share of residents below the national poverty line, before assistance and after it.",
    "lorenz": "What the poorest 5 %, 10 %, ... of residents hold of all income per head, before assistance "
    "and after it. The nearer the curve is to the straight line, the more equal incomes are.",
    "recipients_by_area": "Recipients of dibao in the countryside and in town.",
    "cost_by_area": "Expenditure of all programmes under the base and under the reform.",
    "change_by_payer": "By how much each level of government would pay more or less.",
    "caseload_by_area": "Recipients of dibao under the base and under the reform.",
    "winners_and_losers": "Share of residents of each decile who gain, above, and who lose, below.",
    "cost_by_payer": "What each payer bears of all expenditure.",
    "programmes_by_payer": "What each payer bears of each programme: a panel a payer, on one scale.",
    "county_shares": "The county's share of each kind of money, on average and of one more yuan.",
    "cliffs_near": "Share of earners whose household has less if they earn a little more, by how little.",
    "cliff_losses": "What a household loses on average at the next cliff.",
    "losses_by_programme": "Through which programmes most is lost at cliffs, over all households.",
    "cost_by_year": "Expenditure a year, with the ratio of lines held and on each path.",
    "county_by_year": "What the county pays itself, with the ratio of lines held and on each path.",
    "ratio_by_year": "The rural line over the urban one, with the ratio held and on each path.",
    "poor_by_year": "Rural residents below the urban dibao line, with the ratio held and on each path.",
    "solution": "The figure over the values that were looked at, with the target.",
    "cost_curve": "Expenditure over the values of a sweep.",
    "caseload_curve": "Recipients of dibao over the values of a sweep.",
    "poverty_curve": "The poverty rate over the values of a sweep.",
    "cost_by_county": "Expenditure over the values of a sweep in a panel a county, the others in grey.",
    "caseload_by_county": "Recipients of dibao over the values of a sweep in a panel a county.",
    "poverty_by_county": "The poverty rate over the values of a sweep in a panel a county.",
}
HEAD = """\
# Gallery

The charts that briefs show ([brief.md](brief.md)), drawn for H county and the archetype counties. Their
households are synthetic, and the numbers are examples. This page is made by `python tools/gallery.py`.

`microsim charts RESULTS` draws the charts of a results folder (`--lang zh`, `--size page|column|slide`,
`--format svg|png|pdf`), `ms.brief_charts` does so from Python. Numbers of one's own are drawn
in the same form:

```python
from microsim import charts

figure = charts.finding(
    "bars",
    "Dibao takes the most: 305 million yuan a year",
    labels=["Dibao", "Medical aid", "Education aid"],
    series=[charts.Marks("", values=[304.9, 75.7, 42.2], texts=["305", "75.7", "42.2"])],
    unit="million yuan",
    source="Source: county office",
    size="column",
)
charts.save(figure, "figures", "cost", formats=["svg", "png", "pdf"])
```
"""
TAIL = """
## The nation

Results of `microsim nation` need the census, which is not part of microsim. Their charts are bars:
`counties_by_outlook`, `rural_below_urban_line` and `expenditure_beside_present`.
"""


def studies(place: Path) -> Iterator[tuple[Study, Path]]:
    """Run each study, and say where its results are."""
    for study in STUDIES:
        words = study.command.split()
        out = place / study.folder if words[0] == "sweep" else place
        done = CliRunner().invoke(cli, [*words, "--out", str(out), "--quiet"])
        if done.exit_code:
            raise SystemExit(f"{study.command}: {done.output}")
        yield study, place / study.folder


def sections(place: Path) -> Iterator[str]:
    """The page, a study after the other; pictures are written on the way."""
    for study, where in studies(place):
        folder = read_folder(where)
        calls = f"microsim {study.command}\nmicrosim charts results/{study.folder}"
        yield f"\n## {study.heading}\n\n```sh\n{calls}\n```\n"
        made = {lang: findings_of(folder, lang).charts for lang in LANGUAGES}
        for english, chinese in zip(made["en"], made["zh"], strict=True):
            for lang, chart in zip(LANGUAGES, (english, chinese), strict=True):
                picture = drawn(chart, source_of(folder, lang)).png
                (IMAGES / file_of(chart, lang)).write_bytes(small(picture))
            yield section(english, chinese)


def section(english: Chart, chinese: Chart) -> str:
    """A chart: what it shows, the call that makes it, and how it looks in both languages."""
    call = f'charts.finding("{english.kind}", ...)'
    pictures = "\n\n".join(
        f"![{chart.title}](images/gallery/{file_of(chart, lang)})"
        for lang, chart in zip(LANGUAGES, (english, chinese), strict=True)
    )
    return f"\n### `{english.name}`\n\n{SHOWN[english.name]} Form: `{call}`.\n\n{pictures}\n"


def file_of(chart: Chart, lang: str) -> str:
    """The picture's file."""
    return f"{chart.name}.{lang}.png"


def small(picture: bytes) -> bytes:
    """A picture narrower and with few colours."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image = image.resize((_WIDTH, round(image.height * _WIDTH / image.width)), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    """Compute, draw and write."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    for old in IMAGES.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as scratch:
        PAGE.write_text(HEAD + "".join(sections(Path(scratch))) + TAIL, encoding="utf-8")
    size = sum(path.stat().st_size for path in IMAGES.glob("*.png"))
    print(f"{PAGE.relative_to(ROOT)}: {len(list(IMAGES.glob('*.png')))} pictures, {size:,} bytes")


if __name__ == "__main__":
    main()
