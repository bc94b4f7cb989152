"""Rules with switches, for ``test_live.py``."""

from microsim import household


@household()
def grant(on: bool, form: str, amount: float, share: float, line: float) -> float:
    """Returns early; the form decides which number is read."""
    if not on or line <= 0.0:
        return 0.0
    by_amount = form == "amount"
    if by_amount:
        return amount
    return share * line


@household()
def doubled(grant: float, extra: bool, bonus: float) -> float:
    """An expression whose switch is off."""
    return grant + (bonus if extra else 0.0)


@household()
def chosen(on: bool, extra: bool, bonus: float, line: float) -> float:
    """Of two switches together one settles it."""
    out = 0.0
    if on and extra:
        out = bonus + line
    return out


@household()
def looped(extra: bool, bonus: float, size: int) -> float:
    """Inside a loop the switch still holds."""
    out = 0.0
    for _ in range(3):
        if extra:
            out += bonus * size
    return out
