"""The register of dibao households from month to month.

Every household is in one status. A month is paid by the status at its beginning; what happens in it
(application, decision, review, audit, end of gradual exit) holds from the next month on, as payment begins in
the month after the decision (2021 review measures, art. 22).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from microsim.numerics.streams import Streams
from microsim.scenario.administration.figures import Administration
from microsim.studies.months.situation import Amounts, Flags, Floats, Situation

OUT, APPLIED, IN, NOTICE, LEAVING = range(5)
STATUSES = ("out", "applied", "in", "notice", "leaving")
NEVER = np.iinfo(np.int32).max  # more months than any study has
Small = NDArray[np.int8]
Months = NDArray[np.int32]


@dataclass(frozen=True)
class Moves:
    """What happened in one month: households that began to be paid, or ceased to be, by cause."""

    admitted: Flags
    refused: Flags
    reviewed_out: Flags  # by a review or an audit, at once or after the notice
    gradual: Flags  # put in gradual exit by a review or an audit; they are still paid
    left: Flags  # at the end of gradual exit
    returned: Flags  # from gradual exit, being due again

    @property
    def ended(self) -> Flags:
        """Households that are not paid any more."""
        return self.reviewed_out | self.left


@dataclass
class Register:
    """The status of each household at the beginning of a month.

    ``status``: one of ``STATUSES``; ``clock``: months since the application, the last review or the start of
    gradual exit, or months of notice left. ``granted``: dibao as last worked out, yuan a year; ``work``:
    counted income from work as last assessed. ``spell``: months paid in a row, ``need``: months in need and
    unpaid in a row, ``gone``: months since dibao ended. ``from_start``: in since the first month, for
    those who are grandfathered. ``month``: months gone by.
    """

    ids: NDArray[np.int64]
    administration: Administration
    streams: Streams
    status: Small
    clock: Months
    granted: Floats
    work: Floats
    from_start: Flags
    observed: Flags
    spell: Months
    need: Months
    gone: Months
    month: int = 0
    interval: Months = field(init=False)

    @classmethod
    def begin(
        cls, ids: NDArray[np.int64], situation: Situation, administration: Administration, seed: int
    ) -> Register:
        """Households that are due are in, each at a random month between two reviews; all others are out."""
        streams = Streams(seed)
        n, due = len(ids), situation.due
        made = cls(
            ids,
            administration,
            streams,
            status=np.where(due, IN, OUT).astype(np.int8),
            clock=np.zeros(n, dtype=np.int32),
            granted=np.where(due, situation.inside.dibao, 0.0),
            work=situation.work.copy(),
            from_start=due.copy(),
            observed=np.zeros(n, dtype=bool),
            spell=np.zeros(n, dtype=np.int32),
            need=np.zeros(n, dtype=np.int32),
            gone=np.full(n, NEVER, dtype=np.int32),
        )
        made.meet(situation)
        span = np.where(made.interval == NEVER, 1, made.interval)
        drawn = np.floor(streams.uniform("months since the last review", ids) * span).astype(np.int32)
        made.clock[due] = drawn[due]
        return made

    def meet(self, situation: Situation) -> None:
        """Take the review intervals of the households as they now are."""
        office = self.administration
        stable, other = (
            NEVER if months is None else months for months in (office.review_stable, office.review_unstable)
        )
        self.interval = np.where(situation.stable, stable, other).astype(np.int32)

    def regrant(self, situation: Situation) -> None:
        """A new law: what is paid is worked out anew for all who are in, reviewed or not."""
        chosen = self.stays()
        self.granted[chosen] = situation.inside.dibao[chosen]

    def paid(self) -> Flags:
        """Households that are paid dibao in this month."""
        found: Flags = self.status >= IN
        return found

    def stays(self) -> Flags:
        """Households that are paid what was last worked out for them: in, or in notice."""
        found: Flags = (self.status == IN) | (self.status == NOTICE)
        return found

    def by_status(self, situation: Situation, amount: Callable[[Amounts], Floats]) -> Floats:
        """An amount of each household by its status of the month, as the rules give it."""
        found: Floats = np.where(self.stays(), amount(situation.inside), amount(situation.outside))
        leaving = self.status == LEAVING
        if leaving.any():
            step = situation.step_of(self.clock)
            for k, amounts in enumerate(situation.leaving):
                here = leaving & (step == k)
                found[here] = amount(amounts)[here]
        return found

    def resources(self, situation: Situation) -> Floats:
        """Resources of each household in the month, yuan: between reviews with dibao as last worked out."""
        yearly = self.by_status(situation, lambda amounts: amounts.resources)
        return (yearly + np.where(self.stays(), self.granted - situation.inside.dibao, 0.0)) / 12.0

    def turn(self, situation: Situation) -> Moves:
        """What happens in this month; afterwards the register is that of the next."""
        office, status, clock = self.administration, self.status, self.clock
        due, was_paid, before = situation.due, self.paid(), status.copy()
        none = np.zeros(len(status), dtype=bool)
        clock += (status == APPLIED) | (status == IN) | (status == LEAVING)
        clock -= status == NOTICE
        # --- applications and decisions
        applies = (before == OUT) & due
        if office.apply < 1.0:
            applies &= self._drawn("applies") < office.apply
        status[applies], clock[applies] = APPLIED, 0
        decided = (status == APPLIED) & (clock >= office.decision)
        admitted, refused = decided & due, decided & ~due
        status[refused] = OUT
        # --- reviews and audits
        checked = (before == IN) & (clock >= self.interval)
        if office.audits > 0.0:
            checked |= (before == IN) & (self._drawn("is audited") < office.audits)
        clock[checked] = 0
        if self.month < office.grandfathered:  # the review takes place, and changes nothing
            checked &= ~self.from_start
        confirmed, over = checked & due, checked & ~due
        if office.stays > 0.0:
            over &= self._drawn("stays on") >= office.stays
        gradual = over & situation.gradual if situation.exit_months else none
        status[gradual], clock[gradual] = LEAVING, 0
        stopped = over & ~gradual
        status[stopped], clock[stopped] = NOTICE, office.notice
        ended = (status == NOTICE) & (clock <= 0)
        # --- in gradual exit
        returned = (before == LEAVING) & due
        gone = (before == LEAVING) & ~due & (~situation.gradual | (clock >= situation.exit_months))
        status[ended | gone] = OUT
        enters = admitted | returned
        status[enters], clock[enters] = IN, 0
        assessed = enters | confirmed
        self.granted[assessed] = situation.inside.dibao[assessed]
        self.work[assessed] = situation.work[assessed]
        self.from_start &= ~(ended | gone)
        self._count(was_paid, due)
        self.month += 1
        return Moves(admitted, refused, ended, gradual, gone, returned)

    def _count(self, was_paid: Flags, due: Flags) -> None:
        """Spells, months of unpaid need and months since the end, at the beginning of the next month."""
        now = self.paid()
        self.spell += was_paid
        begins = now & ~was_paid
        self.spell[begins], self.observed[begins] = 0, True
        self.need = np.where(due & ~was_paid, self.need + 1, 0).astype(np.int32)
        away = ~now & (self.gone < NEVER)
        self.gone += away
        self.gone[was_paid & ~now] = 0

    def _drawn(self, purpose: str) -> Floats:
        return self.streams.uniform(f"{purpose}, month by month", self.ids, np.int64(self.month))  # type: ignore[arg-type]
