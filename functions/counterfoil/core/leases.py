"""Who may do what only one may do at a time. Pure: time is always handed in.

A lease is not a lock: it can run out under its holder. What it guards must therefore also be
written by compare-and-set; the lease only keeps others from trying.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Lease:
    """`fence` counts the holders and never goes down; an empty `owner` is nobody."""

    owner: str
    fence: int
    expires_at: datetime


def taken(held: Lease | None, owner: str, now: datetime, lasts: timedelta) -> Lease | None:
    """The lease that `owner` may write, or None while somebody else holds it."""
    if held is None:
        return Lease(owner, 1, now + lasts)
    if held.owner and held.owner != owner and _honoured(held, now, lasts):
        return None
    return Lease(owner, held.fence + 1, now + lasts)


def _honoured(held: Lease, now: datetime, lasts: timedelta) -> bool:
    """One that ends far later than any can was written by a clock that ran hours ahead; its
    holder may be long dead. Clocks that differ by less than a lease lasts are nothing unusual.
    """
    return timedelta(0) < held.expires_at - now <= 2 * lasts


def renewed(held: Lease, now: datetime, lasts: timedelta) -> Lease:
    return replace(held, expires_at=now + lasts)


def released(held: Lease, now: datetime) -> Lease:
    """Nobody's. The record stays, so that the fence outlives every holder."""
    return replace(held, owner="", expires_at=now)
