"""docs/populations.md: how well each committed county meets its profile, made of the profiles themselves.

    python tools/population_pages.py [--check]

``--check`` writes nothing and ends with status 1 where the page is not what the counties give
now (so does a test).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from microsim.population import County, Population, synthesize_with_report
from microsim.population.synthesis.fit import county_fit
from microsim.report.synthesis_text import fit_markdown
from microsim.report.text import number

ROOT = Path(__file__).resolve().parents[1]
COUNTIES = ROOT / "data" / "synthetic"
PAGE = ROOT / "docs" / "populations.md"
HEAD = """\
# The synthetic counties, and how well they meet their profiles

Made of `data/synthetic/` by `python tools/population_pages.py`. A county is a page of published figures
with their sources (`profile.yaml`) and a sample of households made from it, byte for byte the same each
time. The same report, with charts, for any profile:

```sh
microsim synth data/synthetic/plateau-county --out my-county --report
```

How a county is made: households with members, sexes, ages and relations are drawn in the proportions of the
profile; then health, schooling and work, the place of each household in the income order (the sick, the old
and those without earners lower), incomes by source out of a GB2 distribution fitted to mean and fifths,
property and registers. Last, weights are moved as little as can be (raking) until all figures below are met
at once. A control that fewer than ten households of a sample could carry is left out and named; controls
that no weights can meet are refused by name.

What is met, and what is only drawn: every cited figure is a control. Each county's last table lists the
figures that are drawn and not controlled, with their source and with what the weighted people have of each:
mostly assumptions about rare things, which as controls would cost the weights more than they are worth; with
few rows they are off by chance. In no table
are proportions that drawing starts from and that weights overrule (`structure`, `work.rates`, the pulls of
`assumptions.poverty_gradient`), amounts paid as they stand (pensions, premiums, school fees), and the shares
of property income and private transfers, around which each household's own is drawn. The severely ill are
older than `health.severe_illness_by_age` alone would make them, since the disabled fall ill more often.

The same profile, size and seed give the same bytes of `persons.parquet` and `households.parquet` on every
x86-64 processor, whatever its instruction set and BLAS, on any number of threads, in pieces or at once,
under Python 3.11 to 3.13 with the locked dependencies; by construction, on other processors that keep IEEE
754 too. It holds because nothing that draws, ranks, chooses or weights calls what chooses its instructions
by the processor. Random numbers are whole-number hashes of seed, purpose and household; exponentials,
logarithms, normal and beta distributions, sums, products of matrices and the solver of the calibration are
the package's own (`microsim/numerics`): additions, multiplications, divisions and square roots of 64-bit
numbers, in a fixed order, which have one right result. Amounts are then rounded to whole yuan, shares to
four digits, weights to six after the point. Tests make every committed county anew with NumPy's instruction
sets switched off, with another BLAS kernel, with machine code for a plain processor, and with the last bit
of every vectorised function and product of NumPy and SciPy moved at random. What is computed *from* a
county (poverty, Gini, totals) agrees between processors to 1e-12.

What is real in them: the demography of the archetypes is that of counted counties (codes in the profiles).
Incomes, local practice and public finance are of the kind of county, mostly by assumption; `source:` in the
profile says so figure by figure, and each run lists them in `tables/assumptions.csv`. H county alone is
calibrated to a caseload: that of 2020 ([how](calibration-h-county.md)), and with incomes and habits taken
back, that of 2016 ([how](calibration-h-county-2016.md)).

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
        parts.append(f"## {folder.name}\n\n{fit_markdown(county, fit)}")
    table = [
        "| county | 县 | residents | rural | household | income, rural / urban | controls | design effect |",
        "|---|---|---|---|---|---|---|---|",
        *rows,
    ]
    return HEAD + "\n".join(table) + "\n\n" + "\n".join(parts)


def main() -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true")
    if parser.parse_args().check:
        same = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page()
        print("docs/populations.md is " + ("up to date" if same else "not what the counties give now"))
        return 0 if same else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
