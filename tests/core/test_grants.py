"""A grant's record: what it keeps, and what it says about itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from counterfoil.core.grants import (
    Grant,
    GrantState,
    health,
    newer_versions,
    refused,
    secret_name,
    started,
    with_pair,
    without_stale_previous,
)
from counterfoil.core.people import ConnectionState
from counterfoil.core.record_shape import decoded, encoded
from counterfoil.core.tokens import TokenAnswer
from tests.fakes import NOON

GRANT = Grant(
    connection_id="con_x",
    realm_id="9130347596842110",
    sub="intuit-dana",
    user="1001",
    email="ana@example.com",
    generation=4,
    access="sealed-canary",
    access_expires=NOON,
    refresh_version="7",
    previous_version="6",
    previous_until=NOON + timedelta(hours=1),
    refresh_expires=NOON + timedelta(days=100),
    hard_expires=NOON + timedelta(days=1000),
    state=GrantState.GOOD,
    refusals=(),
    refreshed_at=NOON,
    refresh_started=None,
)
ANSWER = TokenAnswer("A", None, NOON + timedelta(hours=1), None, None)


def test_a_grant_comes_back_from_its_record() -> None:
    grant = replace(GRANT, state=GrantState.SUSPECT, refusals=(NOON, NOON + timedelta(hours=1)))
    assert Grant.of(decoded(encoded(grant.as_record()))) == grant


def test_the_sealed_token_is_not_even_shown_sealed() -> None:
    assert "canary" not in repr(GRANT)


def test_a_good_pair_wipes_out_refusals_and_doubt() -> None:
    worn = started(replace(GRANT, state=GrantState.SUSPECT, refusals=(NOON,)), NOON)
    after = with_pair(worn, ANSWER, sealed_access="s", version="7", now=NOON)
    assert (after.generation, after.state, after.refusals) == (5, GrantState.GOOD, ())
    assert after.refresh_started is None
    assert (after.refresh_version, after.previous_version) == ("7", "6")
    assert after.refresh_expires == GRANT.refresh_expires  # left out: what we had stays


def test_another_version_keeps_the_one_before_for_48_hours() -> None:
    after = with_pair(GRANT, ANSWER, sealed_access="s", version="8", now=NOON)
    assert (after.refresh_version, after.previous_version) == ("8", "7")
    assert after.previous_until == NOON + timedelta(hours=48)


def test_the_version_before_is_dropped_once_its_time_is_over() -> None:
    assert without_stale_previous(GRANT, NOON) == GRANT
    late = without_stale_previous(GRANT, NOON + timedelta(hours=1))
    assert (late.previous_version, late.previous_until) == (None, None)


def test_a_refusal_leaves_an_older_doubt_in_place() -> None:
    doubt = NOON - timedelta(minutes=5)
    assert refused(started(GRANT, NOON), NOON, doubt).refresh_started == doubt
    assert refused(started(GRANT, NOON), NOON, None).refresh_started is None


def test_newer_versions_are_looked_for_by_number_newest_first() -> None:
    assert newer_versions("9", 3) == ["12", "11", "10"]


def test_a_secrets_name_is_one_that_secret_manager_takes() -> None:
    name = secret_name("con_" + "x" * 22, "urn:somebody/else@ intuit")
    assert name.replace("-", "").replace("_", "").isalnum()
    assert len(name) <= 255
    assert name != secret_name("con_" + "x" * 22, "another")


@pytest.mark.parametrize(
    ("state", "expires", "words"),
    [
        (ConnectionState.CONNECTED, NOON + timedelta(days=97, hours=3), "good, 97 days"),
        (ConnectionState.CONNECTED, NOON + timedelta(days=31), "good, 31 days"),
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
            NOON,
            "needs reconnection: QuickBooks refuses our key; press Reconnect",
        ),
    ],
)
def test_health_is_a_sentence(state: ConnectionState, expires: datetime | None, words: str) -> None:
    assert health(state, expires, NOON) == words


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
        (ConnectionState.CONNECTED, 0, "good, 40 days"),
    ],
)
def test_a_hint_from_quickbooks_counts_for_a_week(
    state: ConnectionState, days_ago: int, words: str
) -> None:
    hinted = NOON - timedelta(days=days_ago)
    assert health(state, NOON + timedelta(days=40), NOON, hinted=hinted) == words


def test_the_earlier_expiry_counts() -> None:
    assert GRANT.expires == NOON + timedelta(days=100)
    assert replace(GRANT, hard_expires=NOON).expires == NOON
    assert replace(GRANT, refresh_expires=None, hard_expires=None).expires is None
