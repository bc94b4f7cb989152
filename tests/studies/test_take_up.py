"""Take-up below one: a reform of anything else leaves who claims as it is."""

from __future__ import annotations

import random

import pytest

from microsim.engine.reference.interpreter import Interpreter
from microsim.policy.policy import Policy
from tests.law.families import LINE, Row, family

SEEDS = range(60)
RATES = {
    "take_up.dibao": {"by": {"rural": {"minor": 0.3, "working_age": 0.6, "elderly": 0.8}, "urban": 0.5}},
    "take_up.tekun": 0.7,
    "take_up.living_subsidy": 0.4,
    "take_up.nursing_subsidy": 0.9,
}
CLAIMS = ("claims_dibao", "claims_tekun", "claims_living_subsidy", "claims_nursing_subsidy")
BENEFITS = ("dibao_benefit", "tekun_benefit", "disability_subsidies_benefit")
HIGHER = {"by": {area: 1.2 * line for area, line in LINE.items()}}


def drawn(seed: int) -> tuple[Row, list[Row]]:
    """A random family with a draw of its own."""
    household, persons = family(seed)
    return household | {"take_up_draw": random.Random(f"claims {seed}").random()}, persons


def policy(date: str) -> Policy:
    return Policy.load(date).reform({"dibao.line": {"by": LINE}} | RATES)


def values(chosen: Policy, names: tuple[str, ...]) -> list[list[float]]:
    """Seeds x names."""
    found = []
    for seed in SEEDS:
        of = Interpreter(chosen, *drawn(seed))
        found.append([float(of.household_value(name)) for name in names])
    return found


@pytest.mark.parametrize(
    "gain",
    [
        {"dibao.line": HIGHER},
        {"dibao.top_up.elderly": {"by": {"rural": 1700, "urban": 2300}}},
        {"take_up.dibao": 0.9},
    ],
    ids=lambda gain: next(iter(gain)),
)
def test_a_pure_gain_has_no_losers(gain: dict[str, object]) -> None:
    """In 2018, when no aid but that of dibao itself hangs on the line, which moves nobody between programmes
    once tekun and individual entry (whole line, lost where the household enters) are off."""
    base = policy("2018-12-31").reform({"tekun.enabled": False, "dibao.individual_entry": False})
    before, after = values(base, BENEFITS), values(base.reform(gain), BENEFITS)
    changes = [sum(new) - sum(old) for old, new in zip(before, after, strict=True)]
    assert min(changes) >= -1e-9
    assert max(changes) > 0.0


def test_a_reform_of_anything_else_leaves_who_claims_as_it_is() -> None:
    base = policy("2024-12-31")
    before = values(base, CLAIMS)
    assert values(base.reform({"dibao.line": HIGHER, "tekun.elderly_age": 65}), CLAIMS) == before
    for claims in zip(*before, strict=True):
        assert 0 < sum(claims) < len(SEEDS)


def test_whoever_claims_at_a_low_rate_claims_at_every_higher_one() -> None:
    base = policy("2018-12-31").reform({"take_up.living_subsidy": 0.4, "take_up.dibao": 0.5})
    for living, nursing in values(base, ("claims_living_subsidy", "claims_nursing_subsidy")):
        assert nursing or not living
