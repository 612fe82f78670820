"""How a company fares, in a sentence with the reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from counterfoil.core.grants import Grant, GrantState
from counterfoil.core.health import health
from counterfoil.core.people import ConnectionState
from tests.core.test_grants import GRANT
from tests.fakes import NOON


def lasting(expires: datetime | None) -> Grant:
    return replace(GRANT, refresh_expires=expires, hard_expires=None)


@pytest.mark.parametrize(
    ("state", "expires", "words"),
    [
        (ConnectionState.CONNECTED, NOON + timedelta(days=97, hours=3), "good for 97 days"),
        (ConnectionState.CONNECTED, NOON + timedelta(days=31), "good for 31 days"),
        (
            ConnectionState.CONNECTED,
            NOON + timedelta(days=30, hours=1),
            "expires in 30 days: press Reconnect",
        ),
        (
            ConnectionState.CONNECTED,
            NOON + timedelta(days=1),
            "expires in 1 day: press Reconnect",
        ),
        (ConnectionState.CONNECTED, NOON, "expires today: press Reconnect"),
        (ConnectionState.CONNECTED, NOON - timedelta(days=9), "expires today: press Reconnect"),
        (ConnectionState.CONNECTED, None, "good"),
        (
            ConnectionState.PAUSED,
            NOON,
            "paused: press Reconnect to go on; exports, schedules and members are kept",
        ),
        (
            ConnectionState.SUSPECT,
            NOON,
            "QuickBooks refused our key just now (that often passes); it is tried again by itself",
        ),
        (
            ConnectionState.NEEDS_RECONNECTION,
            NOON + timedelta(seconds=1),
            "needs reconnection: QuickBooks refuses our key; press Reconnect",
        ),
    ],
)
def test_health_is_a_sentence(state: ConnectionState, expires: datetime | None, words: str) -> None:
    assert health(state, lasting(expires), NOON) == words


@pytest.mark.parametrize(
    ("state", "days_ago", "words"),
    [
        (
            ConnectionState.NEEDS_RECONNECTION,
            6,
            "needs reconnection: it was disconnected inside QuickBooks; press Reconnect",
        ),
        (
            ConnectionState.NEEDS_RECONNECTION,
            8,
            "needs reconnection: QuickBooks refuses our key; press Reconnect",
        ),
        (
            ConnectionState.SUSPECT,
            0,
            "QuickBooks refused our key just now (it may have been disconnected inside "
            "QuickBooks); it is tried again by itself",
        ),
        (ConnectionState.CONNECTED, 0, "good for 40 days"),
    ],
)
def test_a_hint_from_quickbooks_counts_for_a_week(
    state: ConnectionState, days_ago: int, words: str
) -> None:
    hinted = NOON - timedelta(days=days_ago)
    assert health(state, lasting(NOON + timedelta(days=40)), NOON, hinted=hinted) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (
            20,
            "QuickBooks said lately that ana@example.com may not read it: run an export to try "
            "again, or press Reconnect as somebody who may",
        ),
        (21, "good for 40 days"),
    ],
)
def test_a_refresh_does_not_hide_that_nobody_may_read(days: int, words: str) -> None:
    lasts = lasting(NOON + timedelta(days=40))
    kept = replace(lasts, denials=(NOON - timedelta(days=days),))
    assert health(ConnectionState.CONNECTED, kept, NOON) == words


def test_what_is_being_deleted_is_nobodys_to_reconnect() -> None:
    words = "being deleted: nothing to do; what is left is removed within the hour"
    for state in ConnectionState:
        assert health(state, lasting(None), NOON, hinted=NOON, deleted=True) == words


LONG_AGO = NOON - timedelta(days=15)


@pytest.mark.parametrize(
    ("state", "kept", "words"),
    [
        pytest.param(
            ConnectionState.NEEDS_RECONNECTION,
            replace(GRANT, denials=(LONG_AGO,), state=GrantState.REFUSED),
            "needs reconnection: it was disconnected inside QuickBooks; press Reconnect",
            id="refused for good",
        ),
        pytest.param(
            ConnectionState.SUSPECT,
            replace(GRANT, denials=(LONG_AGO,), refusals=(NOON,), state=GrantState.SUSPECT),
            "QuickBooks refused our key just now (it may have been disconnected inside "
            "QuickBooks); it is tried again by itself",
            id="refused since",
        ),
        pytest.param(
            ConnectionState.SUSPECT,
            replace(GRANT, denials=(NOON,), refusals=(LONG_AGO,), state=GrantState.SUSPECT),
            "QuickBooks said just now that ana@example.com may not read it; it is tried again "
            "by itself",
            id="denied since",
        ),
    ],
)
def test_an_old_denial_does_not_hide_what_came_after_it(
    state: ConnectionState, kept: Grant, words: str
) -> None:
    assert health(state, kept, NOON, hinted=NOON) == words


DENIED = replace(GRANT, denials=(NOON,))


@pytest.mark.parametrize(
    ("state", "grant", "hinted", "words"),
    [
        pytest.param(
            ConnectionState.NEEDS_RECONNECTION,
            DENIED,
            NOON,
            "needs reconnection: ana@example.com may no longer read it in QuickBooks; press "
            "Reconnect",
            id="rights lost for good, whatever was hinted",
        ),
        pytest.param(
            ConnectionState.SUSPECT,
            DENIED,
            None,
            "QuickBooks said just now that ana@example.com may not read it; it is tried again "
            "by itself",
            id="rights lost just now",
        ),
        pytest.param(
            ConnectionState.NEEDS_RECONNECTION,
            lasting(NOON),
            None,
            "needs reconnection: its consent is over, which lasts five years, and 100 days "
            "without use; press Reconnect",
            id="its time is over",
        ),
        pytest.param(
            ConnectionState.NEEDS_RECONNECTION,
            None,
            None,
            "needs reconnection: whoever connected it has left and taken their consent along; "
            "press Reconnect",
            id="whoever connected it was erased",
        ),
        pytest.param(ConnectionState.CONNECTED, None, None, "good", id="between two consents"),
    ],
)
def test_it_tells_the_reason(
    state: ConnectionState, grant: Grant | None, hinted: datetime | None, words: str
) -> None:
    assert health(state, grant, NOON, hinted=hinted) == words
