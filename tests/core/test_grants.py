"""A grant's record: what it keeps, and what it says about itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from counterfoil.core.grants import (
    Grant,
    GrantState,
    newer_versions,
    refused,
    secret_name,
    started,
    with_pair,
    without_stale_previous,
)
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


def test_the_earlier_expiry_counts() -> None:
    assert GRANT.expires == NOON + timedelta(days=100)
    assert replace(GRANT, hard_expires=NOON).expires == NOON
    assert replace(GRANT, refresh_expires=None, hard_expires=None).expires is None
