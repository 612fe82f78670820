"""The slowest refresh there can be ends within its lease; one that would not asks nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.custody_parts.watched import Watched
from counterfoil.core.errors import AppError, ConnectionBusy, QuickBooksBusy, ServiceUnavailable
from counterfoil.core.refresh_times import (
    ASKED_WITHIN_S,
    DISCOVERY_S,
    FLIGHT_S,
    LEASE_LASTS,
    STORE_CALL_S,
    TOKEN_CALL_S,
)
from counterfoil.flows.fresh_tokens import FreshTokens
from tests.flows.world import World

LEASE_S = LEASE_LASTS.total_seconds()


class SlowWorld:
    """A world in which each call to something outside takes its time, and some find it away.

    `took` is told each call's name and gives its seconds, and whether it fails after them.
    """

    def __init__(self, took: Callable[[str], tuple[float, bool]]) -> None:
        self.world = World()
        self.connection = self.world.connected()
        self.world.clock.advance(days=2)
        self._took = took
        self.began = self.world.clock.monotonic()
        self.asked_at: list[float] = []
        self.written_at: list[float] = []  # the grant or its secret, when that ended
        self.renewed_at: list[float] = []  # when that began
        self.looked_at: list[float] = []  # at the company: by the caller, then by the flight

    def tokens(self) -> FreshTokens:
        world = self.world
        return world.fresh_tokens(
            records=Watched("records", world.records, self._around),
            secrets=Watched("secrets", world.secrets, self._around),
            intuit=Watched("intuit", world.intuit, self._around),
        )

    def _around(self, label: str, call: Callable[..., Any], *args: Any, **named: Any) -> Any:
        about = _about(label, args)
        before = self.world.clock.monotonic() - self.began
        if about == "replace leases":
            self.renewed_at.append(before)
        if about in _LOOKS:
            self.looked_at.append(before)
        if about == "refresh":
            self.asked_at.append(before)
        seconds, fails = self._took(about)
        self.world.clock.sleep(seconds)
        if fails:
            away = QuickBooksBusy if label.startswith("intuit") else ServiceUnavailable
            raise away("away")
        try:
            return call(*args, **named)
        finally:
            if about in ("replace grants", "add"):
                self.written_at.append(self.world.clock.monotonic() - self.began)

    def stored(self) -> bool:
        return self.world.intuit.accepts(self.world.refresh_token(self.connection))


# At a company whose grant is not known yet, and at one together with the grant it had lately.
_LOOKS = ("get connections", "get_all connections")


def _about(label: str, args: tuple[Any, ...]) -> str:
    port, method = label.split(".")
    if port != "records":
        return method
    if method == "get_all":
        return f"{method} {args[0][0][0]}"
    return f"{method} {getattr(args[0], 'collection', args[0])}"


def test_the_slowest_refresh_is_stored_before_its_lease_ends() -> None:
    asked: list[str] = []

    def took(about: str) -> tuple[float, bool]:
        asked.append(about)
        if about == "refresh":
            return TOKEN_CALL_S, False
        if "refresh" in asked and about in ("add", "replace grants"):
            return STORE_CALL_S, False
        return (4.0, False) if about == "replace leases" else (0.0, False)

    slow = SlowWorld(took)
    assert slow.tokens().for_connection(slow.connection)
    lease_ends = slow.renewed_at[0] + LEASE_S
    assert (slow.renewed_at[0], slow.asked_at) == (0.0, [4.0])
    assert slow.written_at[-1] == lease_ends == 150.0
    assert slow.stored()


def test_a_store_that_is_away_is_asked_for_as_long_as_the_lease_lasts() -> None:
    slow = SlowWorld(lambda about: (9.0, True) if about == "add" else (0.0, False))
    with pytest.raises(ServiceUnavailable):
        slow.tokens().for_connection(slow.connection)
    waited = slow.world.clock.monotonic() - slow.began
    # Two whole calls fit in no more, but for the pauses between.
    assert LEASE_S - 2 * STORE_CALL_S - 9.0 - 5.0 < waited <= LEASE_S - STORE_CALL_S


def test_after_a_slow_answer_there_is_time_for_one_attempt_at_each_store() -> None:
    tries: list[str] = []

    def took(about: str) -> tuple[float, bool]:
        if about == "add":
            tries.append(about)
            return STORE_CALL_S, True
        return (TOKEN_CALL_S, False) if about == "refresh" else (0.0, False)

    slow = SlowWorld(took)
    with pytest.raises(ServiceUnavailable):
        slow.tokens().for_connection(slow.connection)
    assert tries == ["add"]
    assert slow.world.clock.monotonic() - slow.began == TOKEN_CALL_S + STORE_CALL_S


def test_a_lease_that_takes_long_to_renew_is_not_used() -> None:
    slow = SlowWorld(lambda about: (5.0, False) if about == "replace leases" else (0.0, False))
    with pytest.raises(ConnectionBusy):
        slow.tokens().for_connection(slow.connection)
    assert slow.asked_at == []
    # And nothing is the worse for it.
    assert slow.world.tokens.for_connection(slow.connection)
    assert slow.world.intuit.refreshes == 1


def test_a_flight_that_has_waited_long_asks_nothing_more() -> None:
    late = ("get_all connections", "get grants")
    slow = SlowWorld(lambda about: (10.5, False) if about in late else (0.0, False))
    with pytest.raises(ConnectionBusy):
        slow.tokens().for_connection(slow.connection)
    assert slow.asked_at == []


def test_where_to_ask_is_found_out_before_the_lease_is_taken() -> None:
    slow = SlowWorld(lambda about: (DISCOVERY_S, False) if about == "ready" else (0.0, False))
    assert slow.tokens().for_connection(slow.connection)
    assert slow.asked_at[0] - slow.renewed_at[0] == 0.0
    assert slow.renewed_at[0] == DISCOVERY_S


def test_an_authorization_server_that_is_not_found_leaves_no_mark_and_no_lease() -> None:
    world = World()
    connection = world.connected()
    world.clock.advance(days=2)
    world.intuit.away = True
    with pytest.raises(QuickBooksBusy):
        world.tokens.for_connection(connection)
    assert world.grant(connection).refresh_started is None
    assert world.records.all("leases") == {}


_LONGEST = {"refresh": TOKEN_CALL_S, "ready": DISCOVERY_S}


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_the_calls_take_no_question_and_no_store_outlasts_the_lease(
    data: st.DataObject,
) -> None:
    shares = st.sampled_from([0.0, 0.0, 0.0, 0.01, 0.2, 0.5, 1.0])

    def took(about: str) -> tuple[float, bool]:
        seconds = data.draw(shares, about) * _LONGEST.get(about, STORE_CALL_S)
        return seconds, data.draw(st.sampled_from([False, False, False, True]), f"{about} fails")

    slow = SlowWorld(took)
    try:
        slow.tokens().for_connection(slow.connection)
    except AppError:
        pass
    else:
        assert slow.stored()
    # Renewals and releases both write the lease; a question follows its renewal at once.
    for asked in slow.asked_at:
        renewed = max(at for at in slow.renewed_at if at <= asked)
        assert asked + TOKEN_CALL_S + 2 * STORE_CALL_S <= renewed + LEASE_S
        assert renewed - slow.looked_at[1] <= ASKED_WITHIN_S
    if slow.asked_at:
        ends = max(at for at in slow.renewed_at if at <= slow.asked_at[-1]) + LEASE_S
        assert max(slow.written_at, default=0.0) <= ends <= slow.looked_at[1] + FLIGHT_S
