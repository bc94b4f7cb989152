"""Of every programme of the law: who is refused gets nothing of it, and a share paid is that share."""

from __future__ import annotations

import numpy as np
import pytest

import microsim as ms
from microsim.documents import read_document
from microsim.scenario.budget.caps import Cap
from microsim.scenario.budget.nodes import paying_programmes
from microsim.studies.common.expenditure import account_of
from microsim.studies.common.rationing import withholding
from microsim.studies.common.rationing.serving import Gated
from tests.studies.test_same_figures import few

pytestmark = pytest.mark.usefixtures("as_plain_python")

LAWS = ("2020-12-31", "2026-07-01")
SHARED = 0.25  # a power of two: multiplied and divided without rounding


@pytest.mark.parametrize("day", LAWS)
def test_refused_and_paid_in_part(day: str) -> None:
    policy = ms.Policy.load(day)
    population = few(40).with_columns(
        persons={"medical_out_of_pocket": 9_000.0, "in_training": True, "education_cost": 3_000.0},
        households={"tenant": True, "rent_paid": 4_000.0},
    )
    account = account_of(policy)
    names = paying_programmes(policy)
    gated = Gated.of(policy, [Cap(name, "poorest_first", {}, programmes=(name,)) for name in names])
    ready, everybody = gated.ready(population), np.ones(population.n_households, dtype=bool)
    rules = {name: [p.rule for p in account.payments if p.programme == name and p.counts] for name in names}
    outputs = [rule for own in rules.values() for rule in own]

    def paid(people: ms.Population, law: ms.Policy = gated.policy) -> dict[str, np.ndarray]:
        result = ms.simulate(people, law, outputs=outputs)
        return {name: np.sum([result.array(rule) for rule in own], axis=0) for name, own in rules.items()}

    due = paid(ready)
    plainly = paid(population, policy)
    assert all((due[name] == plainly[name]).all() for name in names)
    assert due["dibao"].any()
    for name in names:
        if not due[name].any():
            continue
        assert not paid(gated.refusing(ready, [name], everybody))[name].any(), name
        part = paid(gated.sharing(ready, [name], np.full(len(everybody), SHARED)))[name]
        # Aid that looks at what other aid leaves grows where that is cut.
        assert (part >= SHARED * due[name] - 1e-9).all(), name
        if name != "medical_aid":
            assert part == pytest.approx(SHARED * due[name]), name


def test_the_table_names_rules_of_the_law() -> None:
    versions = {rule.name for rule in ms.Policy.load("2026-07-01").versions}
    table = read_document(withholding.__file__.replace(".py", ".yaml")).data
    for programme, said in table.items():
        assert set(said) <= {"statuses", "amounts"}, programme
        assert {name for names in said.values() for name in names} <= versions, programme
