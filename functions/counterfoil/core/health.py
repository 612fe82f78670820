"""How a company fares, in words: the state of its connection, and why. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from counterfoil.core.grants import Grant, GrantState, denied_lately
from counterfoil.core.people import ConnectionState

# Every refresh moves the rolling expiry out to 100 days and the keep-alive refreshes weekly, so
# less than this means that something is wrong or that the five years are nearly over.
SOON = 30  # days

# A refusal so long after the hint has some other cause.
HINT_COUNTS = timedelta(days=7)


def days_left(expires: datetime, now: datetime) -> int:
    """Whole days, never below 0."""
    return max(0, (expires - now) // timedelta(days=1))


def health(
    state: ConnectionState,
    grant: Grant | None,
    now: datetime,
    *,
    hinted: datetime | None = None,
    deleted: bool = False,
) -> str:
    """A sentence for the sidebar about a connection and the grant it lives on, if there is one.

    `hinted` is when QuickBooks said that somebody had disconnected it there; `deleted` says that
    an owner is deleting it, which is not finished.
    """
    if deleted:
        return "being deleted: nothing to do; what is left is removed within the hour"
    told = hinted is not None and now - hinted < HINT_COUNTS
    if state is ConnectionState.PAUSED:
        return "paused: press Reconnect to go on; exports, schedules and members are kept"
    if state is ConnectionState.NEEDS_RECONNECTION:
        return f"needs reconnection: {_over(grant, now, told)}; press Reconnect"
    if state is ConnectionState.SUSPECT:
        return f"{_doubt(grant, told)}; it is tried again by itself"
    if grant is not None and _is_denied(grant) and denied_lately(grant, now):
        # A token can be had again whatever its person may read.
        return (
            f"QuickBooks said lately that {grant.email} may not read it: run an export to try "
            "again, or press Reconnect as somebody who may"
        )
    return _lasting(grant.expires if grant else None, now)


def _over(grant: Grant | None, now: datetime, told: bool) -> str:
    if grant is None:
        return "whoever connected it has left and taken their consent along"
    if _is_denied(grant):
        return f"{grant.email} may no longer read it in QuickBooks"
    if told:
        return "it was disconnected inside QuickBooks"
    if grant.expires is not None and now >= grant.expires:
        return "its consent is over, which lasts five years, and 100 days without use"
    return "QuickBooks refuses our key"


def _doubt(grant: Grant | None, told: bool) -> str:
    if grant is not None and _is_denied(grant):
        return f"QuickBooks said just now that {grant.email} may not read it"
    why = "it may have been disconnected inside QuickBooks" if told else "that often passes"
    return f"QuickBooks refused our key just now ({why})"


def _is_denied(grant: Grant) -> bool:
    """Whether it is lost rights that stand in the way: what was refused after the last denial, or
    for good, has another cause.
    """
    if not grant.denials or grant.state is GrantState.REFUSED:
        return False
    return not grant.refusals or grant.denials[-1] > grant.refusals[-1]


def _lasting(expires: datetime | None, now: datetime) -> str:
    if expires is None:
        return "good"
    left = days_left(expires, now)
    if left == 0:
        return "expires today: press Reconnect"
    if left <= SOON:
        return f"expires in {left} {'day' if left == 1 else 'days'}: press Reconnect"
    return f"good for {left} days"
