"""How well a benefit reaches those it is meant for."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from microsim.errors import Offence
from microsim.measures.arrays import rows


@dataclass(frozen=True)
class Targeting:
    """Targeting of one benefit; all shares are 0 to 1.

    ``coverage`` is the share of the target group that receives anything, ``exclusion_error`` what is left
    to 1 (under-coverage); ``inclusion_error`` the share of recipients outside the target group; ``leakage``
    the share of the money that goes there; ``cgh`` the index of Coady, Grosh and Hoddinott: the target
    group's share of the money over its share of the people (1 is no better than a universal equal benefit).
    A share of nobody or of no money is NaN.
    """

    target_share: float
    recipient_share: float
    coverage: float
    exclusion_error: float
    inclusion_error: float
    leakage: float
    cgh: float


def targeting(
    benefit: npt.ArrayLike, target: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> Targeting:
    """Coverage, leakage, errors of exclusion and inclusion, and the index of Coady, Grosh and Hoddinott.

    With B the benefit, T the target group and W the sum of weights: coverage = W(B > 0, T) / W(T), exclusion
    error = 1 - coverage, inclusion error = W(B > 0, not T) / W(B > 0), leakage = sum w B (not T) / sum w B,
    CGH = (1 - leakage) / (W(T) / W). Source: Cornia and Stewart (1993) for the two errors; Coady, Grosh and
    Hoddinott (2004) for leakage and the index.

    Parameters: ``benefit`` float[n] >= 0 in any unit, ``target`` bool[n] (or 0 and 1), such as "poor before
    benefits". Ties do not arise; rows of weight 0 are left out.
    Raises ``MicrosimError`` as all measures do, for negative benefits, and for a target that is neither 0
    nor 1.

    >>> found = targeting([1, 1, 0, 0], [True, False, True, False])
    >>> found.coverage, found.leakage, found.cgh
    (0.5, 0.5, 1.0)
    """
    offences = []
    paid = np.asarray(benefit)
    if paid.dtype.kind in "if" and np.any(paid < 0):
        text = f"{int(np.sum(paid < 0))} of {paid.size} values are negative"
        offences.append(Offence(text, "benefit", "a benefit is at least 0; measure taxes separately"))
    meant = np.asarray(target)
    if meant.dtype.kind in "iuf" and not np.all((meant == 0) | (meant == 1)):
        offences.append(Offence("holds values other than 0 and 1", "target", "give yes or no for each row"))
    w, amount, flag = rows("targeting", weights, offences, benefit=benefit, target=target)
    inside, receives = flag > 0, amount > 0
    everyone, money = float(np.sum(w)), float(np.sum(w * amount))
    members, recipients = float(np.sum(w[inside])), float(np.sum(w[receives]))
    reached = float(np.sum(w[inside & receives]))
    kept = float(np.sum((w * amount)[inside]))
    coverage = _share(reached, members)
    return Targeting(
        target_share=members / everyone,
        recipient_share=recipients / everyone,
        coverage=coverage,
        exclusion_error=1.0 - coverage,
        inclusion_error=1.0 - _share(reached, recipients),
        leakage=1.0 - _share(kept, money),
        cgh=_share(_share(kept, money), members / everyone),
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
