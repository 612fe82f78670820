"""Leases over records: only one at a time, over any number of processes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from counterfoil.core import leases
from counterfoil.core.leases import Lease
from counterfoil.core.stores import AlreadyThere, Changed, Document
from counterfoil.flows.ports import Clock, Records

LEASES = "leases"


class LeaseLost(Exception):
    """It ran out and somebody else took it."""


@dataclass(frozen=True, slots=True)
class HeldLease:
    lease: Lease
    document: Document


class Leases:
    """Taken by create or compare-and-set, never in a transaction."""

    def __init__(self, records: Records, now: Clock) -> None:
        self._records = records
        self._now = now

    def take(self, name: str, lasts: timedelta) -> HeldLease | None:
        """None while somebody else holds it, or was quicker."""
        held = self._records.get(LEASES, name)
        before = _lease(held) if held else None
        mine = leases.taken(before, secrets.token_hex(16), self._now(), lasts)
        if mine is None:
            return None
        try:
            if held is None:
                return HeldLease(mine, self._records.create(LEASES, name, _record(mine)))
            return HeldLease(mine, self._records.replace(held, _record(mine)))
        except (AlreadyThere, Changed):
            return None

    def renew(self, held: HeldLease, lasts: timedelta) -> HeldLease:
        """Raises LeaseLost."""
        mine = leases.renewed(held.lease, self._now(), lasts)
        try:
            return HeldLease(mine, self._records.replace(held.document, _record(mine)))
        except Changed:
            raise LeaseLost from None

    def release(self, held: HeldLease) -> None:
        """Gives it back; one that was lost meanwhile is not ours to give."""
        try:
            self._records.replace(held.document, _record(leases.released(held.lease, self._now())))
        except Changed:
            return


def _lease(document: Document) -> Lease:
    expires_at: datetime = document.data["expires_at"]
    return Lease(str(document.data["owner"]), int(document.data["fence"]), expires_at)


def _record(lease: Lease) -> dict[str, Any]:
    return {"owner": lease.owner, "fence": lease.fence, "expires_at": lease.expires_at}
