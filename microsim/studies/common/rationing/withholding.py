"""Which rules are held where a programme is refused, and which amounts are multiplied where part is paid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from microsim.documents import read_document
from microsim.studies.common.expenditure import Account

if TYPE_CHECKING:
    from microsim.policy.policy import Policy


class Withheld(NamedTuple):
    """Yes/no rules that are held at no for whoever is refused, and amounts that are paid in part."""

    statuses: tuple[str, ...]
    amounts: tuple[str, ...]

    @property
    def refused(self) -> tuple[str, ...]:
        """Amounts of which whoever is refused gets nothing: none where a status keeps them out."""
        return () if self.statuses else self.amounts


def withheld(policy: Policy, account: Account, programmes: Iterable[str]) -> dict[str, Withheld]:
    """Programme -> what is held of it under this law."""
    out = {}
    for programme in programmes:
        said = _table().get(programme, {})
        statuses, amounts = (
            tuple(name for name in said.get(key, ()) if name in policy.rules)
            for key in ("statuses", "amounts")
        )
        payments = tuple(p.rule for p in account.payments if p.programme == programme and p.counts)
        out[programme] = Withheld(statuses, amounts or payments)
    return out


@cache
def _table() -> Mapping[str, Mapping[str, list[str]]]:
    rows: Mapping[str, Mapping[str, list[str]]] = read_document(
        Path(__file__).with_name("withholding.yaml")
    ).data
    return rows
