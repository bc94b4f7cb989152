"""The engine knows nothing of China: an invented country's income tax, child benefit and housing allowance.

Written only with what `import microsim` offers, and never importing `microsim.law`. Every expected figure was
worked out by hand from the rules as stated.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import microsim as ms

ms.define_currency("thaler")


@ms.person(unit="thaler/year", reference="Income tax act, sec. 2")
def income_tax(earnings: float, tax: Callable[[float], float]) -> float:
    """Marginal rates on each person's earnings."""
    return tax(earnings)


@ms.person(unit="thaler/year")
def net_earnings(earnings: float, income_tax: float) -> float:
    """Earnings less income tax."""
    return earnings - income_tax


@ms.person
def is_child(age: int, adult_age: float) -> bool:
    """Below the age of majority."""
    return age < adult_age


@ms.household(unit="thaler/year", reference="Child benefit act, sec. 4 and 5")
def child_benefit(
    children: int,
    family_net: float,
    first_child: float,
    further_child: float,
    taper_from: float,
    taper: float,
) -> float:
    """An amount per child, more for the first, less a share of net income above a threshold."""
    if children == 0:
        return 0.0
    full = first_child
    full += further_child * (children - 1)
    return max(full - taper * max(family_net - taper_from, 0.0), 0.0)


@ms.household(categories=("single", "small", "large"))
def family_size(persons: int) -> str:
    """Size classes of the housing allowance."""
    if persons == 1:
        return "single"
    return "small" if persons <= 3 else "large"


@ms.household(unit="thaler/year", reference="Housing act, sec. 10")
def housing_allowance(
    rent: float, rent_ceiling: float, exempt_income: float, family_net: float, child_benefit: float
) -> float:
    """Three quarters of the rent up to a ceiling, less a fifth of income above what is exempt."""
    income = family_net + child_benefit
    return max(0.75 * min(rent, rent_ceiling) - 0.2 * max(income - exempt_income, 0.0), 0.0)


@ms.person(unit="thaler/year", reference="Broadcasting act, sec. 1")
def levy(is_child: bool, housing_allowance: float, levy_amount: float) -> float:
    """Each adult pays, but not in households that receive the housing allowance."""
    return 0.0 if is_child or housing_allowance > 0 else levy_amount


@ms.household(unit="thaler/year")
def disposable(family_net: float, child_benefit: float, housing_allowance: float, levies: float) -> float:
    """What the family has in the end."""
    return family_net + child_benefit + housing_allowance - levies


def country() -> ms.Policy:
    """The law of the land."""
    rules = {
        "income_tax": income_tax,
        "net_earnings": net_earnings,
        "is_child": is_child,
        "family_net": ms.total(net_earnings),
        "children": ms.count(is_child),
        "persons": ms.count(),
        "child_benefit": child_benefit,
        "family_size": family_size,
        "housing_allowance": housing_allowance,
        "levy": levy,
        "levies": ms.total(levy),
        "disposable": disposable,
    }
    parameters: dict[str, Any] = {
        "tax": {"kind": "brackets", "values": [[0, 0.0], [10_000, 0.2], [40_000, 0.4]]},
        "adult_age": 18,
        "first_child": 2400.0,
        "further_child": 2000.0,
        "taper_from": 30_000.0,
        "taper": 0.1,
        "rent_ceiling": {
            "by": ["region", "family_size"],
            "values": {
                "north": {"single": 4800.0, "small": 7200.0, "large": 9600.0},
                "south": {"single": 6000.0, "small": 9000.0, "large": 10_800.0},
            },
        },
        "exempt_income": {
            "by": "family_size",
            "values": {"single": 9000.0, "small": 15_000.0, "large": 20_000.0},
        },
        "levy_amount": 100.0,
    }
    return ms.Policy.from_rules(rules, parameters)


def four_families() -> ms.Population:
    """A single worker; a couple with two children; a well-paid single parent; a childless couple."""
    persons = pd.DataFrame(
        {
            "household_id": [1, 2, 2, 2, 2, 3, 3, 4, 4],
            "age": [30, 41, 39, 5, 12, 50, 17, 60, 58],
            "earnings": [8e3, 5e4, 0.0, 0.0, 0.0, 1e5, 0.0, 1e4, 2.5e4],
        }
    )
    households = pd.DataFrame(
        {
            "household_id": [1, 2, 3, 4],
            "weight": [1.0, 2.0, 1.0, 3.0],
            "region": pd.Categorical(["north", "south", "north", "south"]),
            "rent": [6000.0, 12_000.0, 9000.0, 3000.0],
        }
    )
    return ms.Population.from_frames(persons, households)


OUTPUTS = [
    "family_net",
    "child_benefit",
    "family_size",
    "housing_allowance",
    "levies",
    "disposable",
    "income_tax",
]

# Family 2, for one: tax on 50,000 is 0.2 x 30,000 + 0.4 x 10,000 = 10,000, so net is 40,000. Benefit:
# 2,400 + 2,000 less a tenth of 10,000 is 3,400. Rent counts up to 10,800; three quarters are 8,100, less a
# fifth of 43,400 - 20,000 is 3,420.
BY_HAND: dict[str, list[Any]] = {
    "family_net": [8000.0, 40_000.0, 70_000.0, 32_000.0],
    "child_benefit": [0.0, 3400.0, 0.0, 0.0],
    "family_size": ["single", "large", "small", "small"],
    "housing_allowance": [3600.0, 3420.0, 0.0, 0.0],
    "levies": [0.0, 0.0, 100.0, 200.0],
    "disposable": [11_600.0, 46_820.0, 69_900.0, 31_800.0],
}


def test_four_families_by_hand() -> None:
    result = ms.simulate(four_families(), country(), OUTPUTS)
    for name, expected in BY_HAND.items():
        assert result.households[name].tolist() == pytest.approx(expected), name
    assert result.persons["income_tax"].tolist() == pytest.approx([0, 10_000, 0, 0, 0, 30_000, 0, 0, 3000])


def test_weighted_totals_by_region() -> None:
    result = ms.simulate(four_families(), country(), ["disposable", "income_tax"])
    assert result.total("disposable") == pytest.approx(11_600 + 2 * 46_820 + 69_900 + 3 * 31_800)
    by_region = result.total("disposable", by="region")
    assert by_region["north"] == pytest.approx(81_500)
    assert by_region["south"] == pytest.approx(189_040)
    assert result.total("income_tax") == pytest.approx(2 * 10_000 + 30_000 + 3 * 3000)


def test_reforms_in_one_pass() -> None:
    changes = [
        {},
        {"taper": 0.05},
        {"rent_ceiling.south.large": 12_000.0},
        {"tax": [[0, 0.1]]},
        {"adult_age": 17},
    ]
    table = ms.simulate_many(
        four_families(),
        country(),
        changes=changes,
        outputs=["child_benefit", "housing_allowance"],
        by="region",
    )

    def value(scenario: int, output: str, region: str) -> float:
        chosen = (table.scenario == scenario) & (table.output == output) & (table.region == region)
        return float(table.loc[chosen, "value"].item())

    assert value(0, "child_benefit", "south") == pytest.approx(2 * 3400)
    assert value(0, "child_benefit", "north") == 0
    # Half the taper: 4,400 - 500 for family 2, 2,400 - 2,000 for family 3.
    assert value(1, "child_benefit", "south") == pytest.approx(2 * 3900)
    assert value(1, "child_benefit", "north") == pytest.approx(400)
    # 0.75 x 12,000 - 0.2 x 23,400.
    assert value(2, "housing_allowance", "south") == pytest.approx(2 * 4320)
    # A flat tenth: family 2 nets 45,000, benefit 4,400 - 1,500, allowance 8,100 - 0.2 x 27,900.
    assert value(3, "child_benefit", "south") == pytest.approx(2 * 2900)
    assert value(3, "housing_allowance", "south") == pytest.approx(2 * 2520)
    # At 17 the only child of family 3 is an adult; nothing was paid for it anyway.
    assert value(4, "child_benefit", "north") == 0


def test_walk_of_the_single_parent() -> None:
    grid = np.array([0.0, 20_000.0, 50_000.0, 100_000.0])
    walk = ms.walk(
        four_families(),
        country(),
        vary="earnings",
        grid=grid,
        outputs=["disposable", "child_benefit"],
        households=[3],
    )
    # At 20,000: net 18,000, benefit 2,400, allowance 5,400 - 0.2 x 5,400 = 4,320.
    # At 50,000: net 40,000, benefit 1,400, allowance 5,400 - 0.2 x 26,400 = 120, and so no levy yet.
    assert walk["disposable"][0].tolist() == pytest.approx([7800.0, 24_720.0, 41_520.0, 69_900.0])
    assert walk["child_benefit"][0].tolist() == pytest.approx([2400.0, 2400.0, 1400.0, 0.0])


def test_why_did_family_two_get_this() -> None:
    text = str(ms.explain(four_families(), country(), household_id=2))
    assert text.startswith("Household 2\n")
    assert "disposable  46,820 thaler/year" in text
    assert "Law: Child benefit act, sec. 4 and 5" in text
    assert "- rent ceiling (south, large): 10,800" in text
    assert "tax: 0 of the part above 0, 0.2 of the part above 10,000, 0.4 of the part above" in " ".join(
        text.split()
    )


def test_the_law_of_china_is_never_imported() -> None:
    script = (
        "import sys\n"
        "import tests.engine.test_foreign_policy as here\n"
        "here.test_four_families_by_hand()\n"
        "here.test_reforms_in_one_pass()\n"
        "here.test_walk_of_the_single_parent()\n"
        "here.test_why_did_family_two_get_this()\n"
        "print(sorted(name for name in sys.modules if name.startswith('microsim.law')))\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=root
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
