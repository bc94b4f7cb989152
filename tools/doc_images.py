"""docs/images: the charts that README.md, README.zh-CN.md, docs/families.md and docs/transplants.md show.

    python tools/doc_images.py

They are those that `microsim run scenarios/h-county-2020.yaml`, `microsim cliffs ... --families` and
`microsim transplant scenarios/counties/*.yaml` draw.
Look at them after a change of the law, of H county or of a chart's look.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from microsim import charts
from microsim.population import load_families
from microsim.report.cliffs_charts import family_charts
from microsim.report.counties.transplant import chart as transplant_chart
from microsim.report.run import figures
from microsim.scenario import load_scenario
from microsim.studies.cliffs.families import family_lines
from microsim.studies.common.baseline import run_scenario
from microsim.studies.transplant.study import transplant

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
SCENARIOS = ROOT / "scenarios"
LAWS = ("linked-2014", "tiered-2024")
FAMILIES = ("couple-with-pupil", "severely-ill-member")


def drawn() -> Iterator[tuple[str, Figure]]:
    """Name of the file, and the chart."""
    run = run_scenario(load_scenario(SCENARIOS / "h-county-2020.yaml"))
    yield "h-county-2020-cliff", figures(run, "en")["budget_constraint"]()
    yield "h-county-2020-cliff.zh-CN", figures(run, "zh")["budget_constraint"]()
    scenarios = [load_scenario(SCENARIOS / f"{name}.yaml") for name in LAWS]
    families = load_families(SCENARIOS / "families.yaml").select(FAMILIES)
    lines = family_lines(families, {one.name: one.policy() for one in scenarios})
    yield "families", family_charts(lines, {one.name: one.title for one in scenarios}, "en")["families"]()
    counties = sorted((SCENARIOS / "counties").glob("*.yaml"))
    yield "transplants", transplant_chart(transplant(counties), "en")


def main() -> None:
    """Draw all of them."""
    with tempfile.TemporaryDirectory() as scratch:
        for name, figure in drawn():
            paths = charts.save(figure, scratch, name)
            (png,) = (path for path in paths if path.suffix == ".png")
            shutil.copy(png, IMAGES / png.name)
            print(f"docs/images/{png.name}")


if __name__ == "__main__":
    main()
