"""A dibao line below the guideline of its province (Social Assistance Law, art. 19)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from microsim.documents import Step

if TYPE_CHECKING:
    from microsim.policy.policy import Policy

LINE, GUIDELINE = "dibao.line", "dibao.guideline"


def lines_below_guideline(
    policy: Policy, changes: Mapping[str, Any]
) -> Iterator[tuple[tuple[Step, ...], str, str]]:
    """Offences of a policy, already changed, whose line lies below a stated guideline: one for each area."""
    if LINE not in policy.values or GUIDELINE not in policy.values:
        return
    for area, amount in policy.value(GUIDELINE).items():
        line = policy.value(f"{LINE}.{area}")  # one number is that of every area
        if line < amount:
            said = next((name for name in changes if str(name).startswith(LINE)), GUIDELINE)
            what = f"the {area} line of {line:g} yuan a year"
            message = f"{what} lies below the provincial guideline of {amount:g}"
            hint = f"raise {LINE}.{area}, or lower {GUIDELINE}.{area} (Social Assistance Law, art. 19)"
            yield (said,), message, hint
