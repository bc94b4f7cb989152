"""docs/populations.md: how well each committed county meets its profile, generated from the profiles.

    python tools/population_pages.py [--check]

``--check`` writes nothing and ends with status 1 where the page is not what the counties give
now (so does a test).
"""

from __future__ import annotations

import sys
from pathlib import Path

from microsim.population import County, Population, synthesize_with_report
from microsim.population.synthesis.fit import county_fit
from microsim.report.text import number
from microsim.report.texts.synthesis_text import fit_markdown
from tools.page import keep

ROOT = Path(__file__).resolve().parents[1]
COUNTIES = ROOT / "data" / "synthetic"
PAGE = ROOT / "docs" / "populations.md"
HEAD = """\
# The synthetic counties, and how well they fit their profiles

Generated from `data/synthetic/` by `python tools/population_pages.py`. A county consists of a page of
published figures with their sources (`profile.yaml`) and a sample of households generated from it, byte for
byte the same each time. The same report, with charts, for any profile:

```sh
microsim synth data/synthetic/plateau-county --out my-county --report
```

Households with members, sexes, ages and relations are drawn in the proportions of the profile, followed by
health, schooling and work, the position of each household in the income order (lower for the sick, the old
and those without earners), incomes by source from a GB2 distribution fitted to the mean and the quintile
means, property and registers. Finally the weights are adjusted as little as possible (raking) until all
controls below are met at once. A control that fewer than ten households of a sample could satisfy is left out
and named; controls that no weights can meet are rejected by name.

Every cited figure is a control. Each county's last table lists the figures that are drawn but not controlled,
with their sources and their values in the weighted population. They are mostly assumptions about rare
characteristics; as controls they would cost more precision in the weights than they are worth. Where rows are
few, they deviate by chance. No table lists proportions that the drawing starts from and the weights override
(`structure`, `work.rates`, the gradients of `assumptions.poverty_gradient`), amounts paid as given (pensions,
premiums, school fees), and the shares of property income and private transfers, around which each household's
own is drawn. The severely ill are older than `health.severe_illness_by_age` alone implies, because the
disabled fall ill more often.

The same profile, size and seed give the same bytes of `persons.parquet` and `households.parquet` on every
x86-64 processor, whatever its instruction set and BLAS, on any number of threads, in pieces or at once, under
Python 3.11 to 3.13 with the locked dependencies; by construction, also on other processors that follow IEEE
754. This is so because nothing that draws, ranks, selects or weights calls functions that choose their
instructions by processor. Random numbers are integer hashes of seed, purpose and household; exponentials,
logarithms, normal and beta distributions, sums, matrix products and the solver of the calibration are the
package's own (`microsim/numerics`): additions, multiplications, divisions and square roots of 64-bit numbers,
in a fixed order, which have one correct result. Amounts are then rounded to whole yuan, shares to four
digits, weights to six decimals. Tests regenerate every packaged county with NumPy's instruction sets
switched off, with another BLAS kernel, with machine code for a generic processor, and with the last bit of
every vectorised function and product of NumPy and SciPy changed at random. What is computed *from* a county
(poverty, Gini, totals) agrees between processors to 1e-12.

The demography of the archetypes is real: it is that of existing counties (codes in the profiles). Incomes,
local practice and public finances are typical of the kind of county, mostly by assumption; `source:` in the
profile says so for each figure, and each run lists them in `tables/assumptions.csv`. Only H county is
calibrated to a caseload: that of 2020 ([details](calibration-h-county.md)) and, with incomes and practice
set back, that of 2016 ([details](calibration-h-county-2016.md)).

"""


def page() -> str:
    """The text of the page."""
    rows, parts = [], []
    for folder in sorted(path.parent for path in COUNTIES.glob("*/profile.yaml")):
        if not (folder / "households.parquet").is_file():
            continue
        county = County.read(folder)
        population, report = synthesize_with_report(county, households=Population.read(folder).n_households)
        fit = county_fit(county, population, report)
        residents, income = county.residents, county["income.mean_disposable"]
        whole = sum(residents.values())
        effect = fit.summary["design_effect"]["value"]
        cells = (
            f"[`{folder.name}`](#{folder.name})",
            county.name["zh"],
            number(whole),
            f"{100 * residents['rural'] / whole:.0f} %",
            f"{county['demography.mean_household_size']:.2f}",
            f"{number(income['rural'])} / {number(income['urban'])}",
            f"{len(report.margins.names)}",
            f"{effect:.2f}",
        )
        rows.append(f"| {' | '.join(cells)} |")
        parts.append(f"## {folder.name}\n\n{fit_markdown(fit, 'en')}")
    table = [
        "| county | 县 | residents | rural | household | income, rural / urban | controls | design effect |",
        "|---|---|---|---|---|---|---|---|",
        *rows,
    ]
    return HEAD + "\n".join(table) + "\n\n" + "\n".join(parts)


if __name__ == "__main__":
    sys.exit(keep(PAGE, page))
