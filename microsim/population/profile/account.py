"""A county's account of the general public budget: what is given of it must balance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from microsim.documents import Document
from microsim.errors import Offence
from microsim.population.profile.figures import SourcedValue

_SECTION = "public_finance"
REVENUE, EXPENDITURE = "general_public_budget_revenue", "general_public_budget_expenditure"
INCOME = (REVENUE, "transfers", "debt_income", "carried_in")
USES = (EXPENDITURE, "debt_repaid", "sent_up", "to_stabilisation", "carried_over")
# With these the account is given whole: what is not said of it then is nothing.
_WHOLE = ("transfers", EXPENDITURE, "carried_over")
_KINDS = ("general_transfers", "shared_matter_transfers", "special_transfers")
# A part, and the whole it cannot exceed.
_PARTS = (
    (("tax_revenue",), REVENUE),
    (_KINDS, "transfers"),
    (("social_protection_expenditure",), EXPENDITURE),
)
_SLACK = 1e-5  # of the whole: published figures are rounded


def unbalanced(document: Document, figures: Mapping[str, SourcedValue]) -> Iterator[Offence]:
    """What cannot be true of the account: two sides that differ, parts above their whole."""
    given = {
        name.split(".")[1]: float(figure.value)
        for name, figure in figures.items()
        if name.startswith(f"{_SECTION}.") and isinstance(figure.value, int | float)
    }
    if all(name in given for name in (REVENUE, *_WHOLE)):
        income, uses = (sum(given.get(name, 0.0) for name in side) for side in (INCOME, USES))
        if abs(income - uses) > _SLACK * income:
            sides = " + ".join(name for name in INCOME if name in given)
            yield Offence(
                f"the account does not balance: {sides} is {income:,.0f}, and what is done with it "
                f"({' + '.join(name for name in USES if name in given)}) {uses:,.0f}, a difference of "
                f"{income - uses:+,.0f}",
                document.place(_SECTION, "carried_over"),
                "correct it by the finance bureau's final accounts, or leave out transfers or carried_over "
                "where not all of the account is known",
            )
    for names, whole in _PARTS:
        parts = [given[name] for name in names if name in given]
        if whole not in given or not parts:
            continue
        above = sum(parts) - given[whole]
        short = -above if len(parts) == len(names) > 1 else 0.0
        if max(above, short) > _SLACK * given[whole]:
            said = " + ".join(name for name in names if name in given)
            yield Offence(
                f"{said} is {sum(parts):,.0f} and {whole} {given[whole]:,.0f}, a difference of {above:+,.0f}",
                document.place(_SECTION, next(name for name in names if name in given)),
                "the kinds add up to the whole"
                if short or len(names) > 1
                else "a part is not above its whole",
            )
