"""A notch in life's terms: months of the support the household has, days of work at the local minimum
wage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from microsim.policy.policy import Policy

# 劳社部发〔2008〕3号, paid days of a month: (365 days - 104 days of rest) / 12. Recalled.
PAID_DAYS_A_MONTH = 21.75
MONTHS = 12.0
MINIMUM_WAGE = "tekun.minimum_wage"  # kept with tekun for every programme that needs it


def months_of_support(drop: ArrayLike, benefits_before: ArrayLike) -> NDArray[np.float64]:
    """How many months of the benefits just below the notch its drop is worth: drop / (benefits / 12).

    Both in yuan/year, of one shape (a pair of numbers gives a number). ``benefits_before`` is that of
    :class:`~microsim.studies.cliffs.causes.Causes`. Above 12 where more is lost than benefits; nan where
    there are none just below, since nothing of what is lost is support then.
    """
    monthly = np.asarray(benefits_before, dtype=np.float64) / MONTHS
    lost = np.asarray(drop, dtype=np.float64)
    months = np.full(np.broadcast(lost, monthly).shape, np.nan)
    np.divide(lost, monthly, where=monthly > 0.0, out=months)
    return _plain(months)


def days_of_minimum_wage(drop: ArrayLike, policy: Policy) -> NDArray[np.float64]:
    """How many paid days of full-time work at the local minimum wage the drop is worth.

    drop / (minimum wage of a month / 21.75). ``drop`` in yuan/year, an array or a number. The wage is the
    policy's ``tekun.minimum_wage`` (as rules take it, in yuan/year); 21.75 paid days a month are
    those of the 2008 notice on monthly working time (劳社部发〔2008〕3号; recalled). Raises ``MicrosimError``
    where the policy has no minimum wage on its date.
    """
    daily = policy.amount(MINIMUM_WAGE) / MONTHS / PAID_DAYS_A_MONTH
    return _plain(np.asarray(drop, dtype=np.float64) / daily)


def _plain(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """A number where there is but one: an array of no dimension has no format."""
    out: NDArray[np.float64] = values[()]
    return out
