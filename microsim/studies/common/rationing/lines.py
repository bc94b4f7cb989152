"""The dibao line that the money suffices for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from microsim.errors import InputError, Offence
from microsim.scenario.budget.caps import LINE, Cap
from microsim.studies.common.crossings import Effort, search
from microsim.studies.common.expenditure import account_of, by_area_of
from microsim.studies.common.rationing.serving import payments_of

if TYPE_CHECKING:
    from microsim.policy.policy import Policy
    from microsim.population import Population

LEAST = 0.1  # of the line: a lower one is not looked for
EFFORT = Effort(scan=9, parts=4, narrow=1e-8, beside=64)


def lines_of(policy: Policy) -> tuple[str, ...]:
    """The areas that have a line of their own."""
    return tuple(policy.values[LINE].value)


def with_line(policy: Policy, area: str, share: float) -> Policy:
    """The law with the line of an area (empty: of all) multiplied by a share."""
    areas = (area,) if area else lines_of(policy)
    return policy.reform(
        {LINE: {"by": {one: policy.value(f"{LINE}.{one}") * share for one in areas}}}, allow_unusual=True
    )


def lowered(population: Population, policy: Policy, cap: Cap, area: str, most: float) -> float:
    """The largest share of the line (of an area, or of all) at which a cap's programmes cost no more than it.

    What they cost there is ``most``, but where a household leaves just there: then it is what is left without
    it. Raises ``InputError`` where even a tenth of the line costs more.
    """
    from microsim.simulation import totals_under

    rules = [payment.rule for payment in payments_of(cap, account_of(policy))]

    def cost(shares: Sequence[float]) -> list[float]:
        policies = [with_line(policy, area, share) for share in shares]
        sums, groups = totals_under(population, policy, policies, rules)
        areas = by_area_of(population, groups)
        chosen = [k for k, name in enumerate(areas) if not area or name == area]
        found: list[float] = sums[:, chosen, :].sum(axis=(0, 1)).tolist()
        return found

    found = search(cost, (LEAST, 1.0), most, EFFORT)
    if not found.crossings:
        least = found.scan[0][1]
        message = f"no lower line keeps {cap.name} within {most:,.2f}: a tenth of it costs {least:,.2f}"
        raise InputError(Offence(message, f"budget.{cap.name}", "take rule: poorest_first"))
    last = found.crossings[-1]
    sides = zip(last.bracket, last.sides, strict=True)
    return last.value if last.met else max(share for share, spent in sides if spent <= most)
