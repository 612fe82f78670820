"""The sums: a refresh fits into its lease, and whoever waits for it into the function's time."""

from __future__ import annotations

import re
from pathlib import Path

from counterfoil.adapters import (
    google_calls,
    intuit_endpoints,
    intuit_oauth,
    sealed_envelopes,
    sqlite_file,
)
from counterfoil.core.refresh_times import (
    ASKED_WITHIN_S,
    DISCOVERY_S,
    FLIGHT_S,
    FUNCTION_S,
    LEASE_LASTS,
    RENEWED_WITHIN_S,
    STORE_CALL_S,
    TOKEN_CALL_S,
)
from counterfoil.flows import fresh_tokens, keep_alive, leaving, upkeep
from counterfoil.flows.waiting import PATIENCE, SERVICE_PATIENCE

ROOT = Path(__file__).resolve().parents[2]
LEASE_S = LEASE_LASTS.total_seconds()


def test_the_adapters_keep_to_the_times_that_are_declared() -> None:
    assert sum(intuit_oauth.TOKEN_TIMEOUT) <= TOKEN_CALL_S
    assert sum(intuit_endpoints.TIMEOUT) <= DISCOVERY_S
    assert google_calls.IN_ALL_S + google_calls.ATTEMPT_S <= STORE_CALL_S
    assert sealed_envelopes.TRIED_S <= google_calls.IN_ALL_S
    assert sqlite_file.BUSY_S < STORE_CALL_S


def test_a_client_does_not_give_up_before_intuit_does() -> None:
    assert intuit_oauth.TOKEN_TIMEOUT[1] >= 110
    assert TOKEN_CALL_S >= 120


def test_a_lease_outlasts_its_renewing_the_longest_question_and_two_calls_of_the_stores() -> None:
    assert RENEWED_WITHIN_S + TOKEN_CALL_S + 2 * STORE_CALL_S <= LEASE_S == 150
    # A renewal takes milliseconds; with less than a second for it a slow day would refuse all.
    assert RENEWED_WITHIN_S >= 2


def test_everything_that_works_under_the_lease_takes_the_same_one() -> None:
    assert fresh_tokens.LEASE_LASTS == leaving.LEASE_LASTS == LEASE_LASTS


def test_who_waited_for_a_dead_holder_may_still_ask() -> None:
    assert PATIENCE.total_seconds() < ASKED_WITHIN_S


def test_what_a_tick_begins_last_ends_within_the_functions_time() -> None:
    reads_before = 3 * STORE_CALL_S
    assert upkeep.TIME_S + reads_before + FLIGHT_S <= FUNCTION_S
    assert 0 < keep_alive.TIME_S < upkeep.TIME_S


def test_whoever_waits_in_the_function_that_refreshes_hears_the_end() -> None:
    assert SERVICE_PATIENCE.total_seconds() >= ASKED_WITHIN_S + LEASE_S == FLIGHT_S


def test_the_deployed_function_and_the_scheduler_have_that_much_time() -> None:
    rows = [line.split() for line in (ROOT / "deploy/functions.tsv").read_text().splitlines()]
    [row] = [each for each in rows if each and each[0] == "token_refresh"]
    assert f"{FUNCTION_S:.0f}s" in row
    for told, words in (
        ("deploy/schedule.sh", r"token_refresh idle (\d+)s"),
        ("docs/deploy.md", r"--attempt-deadline (\d+)s"),
    ):
        [deadline] = re.findall(words, (ROOT / told).read_text())
        assert int(deadline) > FUNCTION_S
