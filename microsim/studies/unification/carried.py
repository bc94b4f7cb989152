"""Status carried from year to year on a path: who was admitted to dibao in the year before.

Gradual exit and employment aid after dibao are open to those who were on dibao last year. On a path these are
the households that claimed and were admitted in the year before, within the law or by discretion. One that
was then only in gradual exit is not among them: gradual exit lasts some months after the income rose, so it
does not start again in the next year. What is carried into a year therefore depends on the law of the year
before alone, and not on how the path came there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from microsim.errors import Offence
from microsim.studies.months.situation import ADMITTING, CLAIMS
from microsim.studies.projection.households import LAST_YEAR

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import Population

Flags = NDArray[np.bool_]
RULES = (*ADMITTING, CLAIMS)


def admitted(population: Population, policy: Policy) -> Flags:
    """Households that claim dibao and are admitted, within the law or by discretion: bool[households]."""
    from microsim.simulation import simulate

    result = simulate(population, policy, RULES, warn=False)
    law, discretion, claims = (np.asarray(result.array(name), dtype=bool) for name in RULES)
    return np.asarray((law | discretion) & claims)


def carrying_offences(policy: Policy) -> list[Offence]:
    """Why status cannot be carried under a law: rules that it lacks, or admission by last year's status."""
    missing = [name for name in RULES if name not in policy.rules]
    if missing:
        return [Offence(f"the policy has no rule '{name}'", "carry_status") for name in missing]
    if LAST_YEAR not in policy.needs(RULES).columns:
        return []
    message = f"admission to dibao depends on {LAST_YEAR}: status would depend on more than the year before"
    return [Offence(message, "carry_status", "leave carry_status out")]
