import numpy as np

from microsim.policy import household

LIMITS = (1.0, 2.0)


@household
def payment(assets: float) -> float:
    return assets * factor + LIMITS + np.pi  # noqa: F821
