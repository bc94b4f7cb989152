"""docs/gallery.md and docs/images/gallery: the charts of briefs and of results folders, in both languages.

    python tools/gallery.py [FOLDER]

Some minutes of computing; results that are in FOLDER already are not computed again. Look at the pictures
after a change of a chart or of its sentences.
"""

from __future__ import annotations

import io
import sys
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
# Name of a figure that a study draws -> what it shows, and the function of microsim.charts.
FIGURES = {
    "budget_constraint": (
        "Resources of one family against what it earns, by source, with every notch.",
        "budget_constraint",
    ),
    "caseload": ("Recipients of dibao by area.", "caseload_by_area"),
    "cost": ("Expenditure on dibao by area.", "cost_by_area"),
    "poverty": ("The poverty rate before and after assistance.", "poverty_before_after"),
    "revenue_share": ("Expenditure over the county's own revenue.", "revenue_share"),
    "payers": ("What each payer bears under the base and the reform.", "compared_by_area"),
    "winners_and_losers": ("Who gains and who loses, and how much, by decile.", "winners_and_losers"),
    "cliff_ladder": (
        "How near the next cliff of each household is, and how much it loses there.",
        "cliff_ladder",
    ),
    "loss_map": ("Mean loss at the next cliff, by type of household and income.", "loss_map"),
    "marginal_rates": ("What is kept of one more yuan.", "marginal_rates"),
    "shares": ("The county's share by kind of money, on average and of one more yuan.", "county_shares"),
    "who_pays": ("From payers to kinds of money.", "who_pays"),
    "paths": ("The ratio of the lines, expenditure and poverty on each path.", "unification_paths"),
    "payers_as_is": ("Who pays, with the ratio of the lines held.", "payers_over_years"),
    "payers_unify": ("Who pays on the path to one line.", "payers_over_years"),
    "unification_as_is": (
        "Expenditure, the ratio of the lines and revenue, with the ratio held.",
        "unification",
    ),
    "unification_unify": ("Expenditure, the ratio of the lines and revenue on the path.", "unification"),
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

Each study draws figures for the analyst as well, into `figures/` of its results folder; they are shown after
those of its brief.
"""
TAIL = """
## The nation

Results of `microsim nation` need the census, which is not part of microsim. Their charts are bars:
`counties_by_outlook`, `rural_below_urban_line` and `expenditure_beside_present`.
"""


def results(study: Study, place: Path, lang: str) -> Path:
    """The results folder of a study, its figures in one language; computed where it is not there."""
    where = place / lang / study.folder
    if not where.is_dir():
        words = study.command.split()
        out = where if words[0] == "sweep" else where.parent
        done = CliRunner().invoke(cli, [*words, "--out", str(out), "--lang", lang, "--quiet"])
        if done.exit_code:
            raise SystemExit(f"{study.command}: {done.output}")
    return where


def sections(place: Path) -> Iterator[str]:
    """The page, a study after the other; pictures are written on the way."""
    for study in STUDIES:
        where = results(study, place, "en")
        folder = read_folder(where)
        calls = f"microsim {study.command}\nmicrosim charts results/{study.folder}"
        yield f"\n## {study.heading}\n\n```sh\n{calls}\n```\n"
        made = {lang: findings_of(folder, lang).charts for lang in LANGUAGES}
        for english, chinese in zip(made["en"], made["zh"], strict=True):
            for lang, chart in zip(LANGUAGES, (english, chinese), strict=True):
                picture = drawn(chart, source_of(folder, lang)).png
                (IMAGES / file_of(chart, lang)).write_bytes(small(picture))
            yield section(english, chinese)
        names = sorted(path.stem for path in (where / "figures").glob("*.png"))
        for name in names:
            yield of_the_folder(study, place, folder.kind, name)


def of_the_folder(study: Study, place: Path, kind: str, name: str) -> str:
    """A figure that the study itself draws, for the analyst."""
    shown, function = FIGURES[name]
    pictures = []
    for lang in LANGUAGES:
        picture = results(study, place, lang) / "figures" / f"{name}.png"
        file = f"{kind}-{name}.{lang}.png"
        (IMAGES / file).write_bytes(small(picture.read_bytes()))
        pictures.append(f"![{shown}](images/gallery/{file})")
    heading = f"`figures/{name}` of {study.heading[:1].lower()}{study.heading[1:]}"
    return f"\n### {heading}\n\n{shown} Call: `charts.{function}`.\n\n{pictures[0]}\n\n{pictures[1]}\n"


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
        place = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(scratch)
        PAGE.write_text(HEAD + "".join(sections(place)) + TAIL, encoding="utf-8")
    size = sum(path.stat().st_size for path in IMAGES.glob("*.png"))
    print(f"{PAGE.relative_to(ROOT)}: {len(list(IMAGES.glob('*.png')))} pictures, {size:,} bytes")


if __name__ == "__main__":
    main()
