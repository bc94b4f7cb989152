import math

from microsim.policy import household


@household
def payment(assets: float) -> float:
    """Numba knows no such function."""
    return math.comb(5, 2) + assets
