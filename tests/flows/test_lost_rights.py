"""Whoever consented loses their rights to the company (fault 120): a spare reads on."""

from __future__ import annotations

import pytest

from counterfoil.core.errors import ConnectionSuspect, ReconnectRequired
from counterfoil.core.people import ConnectionState
from counterfoil.flows.asked_tokens import AskedTokens
from counterfoil.flows.ports import AccessTokens
from sandbox.intuit.tokens import Standing
from tests.flows.test_token_machine import Renewing
from tests.flows.world import ACME, ANA, BEN, DANA, ERIN, World


@pytest.fixture
def world() -> World:
    return World()


def shown(world: World) -> tuple[ConnectionState, str]:
    [seen] = world.connections.of(ANA)
    return seen.state, seen.connected_by


def denied(world: World, connection: str) -> bool:
    return world.tokens.after_denial(connection, world.tokens.for_connection(connection))


def test_a_spare_takes_over_at_once(world: World) -> None:
    connection = world.connected(ANA, sub=DANA)
    world.connected(BEN, sub=ERIN)
    danas = world.tokens.for_connection(connection)
    assert world.tokens.after_denial(connection, danas)
    assert shown(world) == (ConnectionState.CONNECTED, "ben@example.com")
    erins = world.tokens.for_connection(connection)
    standing, consent = world.intuit.tokens.standing(erins)
    assert standing is Standing.FRESH
    assert consent is not None
    assert consent.sub == ERIN


def test_many_who_were_denied_with_the_same_token_move_once(world: World) -> None:
    connection = world.connected(ANA, sub=DANA)
    world.connected(BEN, sub=ERIN)
    danas = world.tokens.for_connection(connection)
    assert [world.tokens.after_denial(connection, danas) for _ in range(8)] == [True] * 8
    assert shown(world) == (ConnectionState.CONNECTED, "ben@example.com")
    assert world.grant(connection, ERIN).denials == ()


def test_without_a_spare_one_denial_makes_suspect_and_three_spaced_ones_end_it(
    world: World,
) -> None:
    connection = world.connected()
    for _ in range(5):  # pressed again and again: it counts once
        assert not denied(world, connection)
    assert shown(world)[0] is ConnectionState.SUSPECT
    world.clock.advance(minutes=2)
    assert not denied(world, connection)
    assert shown(world)[0] is ConnectionState.SUSPECT
    world.clock.advance(minutes=2)
    assert not denied(world, connection)
    assert shown(world)[0] is ConnectionState.NEEDS_RECONNECTION
    with pytest.raises(ReconnectRequired):
        world.tokens.for_connection(connection)


LATELY = (
    "QuickBooks said lately that ana@example.com may not read it: run an export to try again, or "
    "press Reconnect as somebody who may"
)


@pytest.mark.parametrize("in_the_cloud", [False, True])
def test_a_read_that_works_takes_the_denials_back(world: World, in_the_cloud: bool) -> None:
    connection = world.connected()
    assert not denied(world, connection)
    world.clock.advance(hours=2)
    world.tokens.for_connection(connection)  # a refresh, of which nobody has read anything
    assert (shown(world)[0], world.connections.of(ANA)[0].health) == (
        ConnectionState.CONNECTED,
        LATELY,
    )
    tokens: AccessTokens = world.tokens
    if in_the_cloud:
        tokens = AskedTokens(
            records=world.records,
            grants=world.grants,
            service=Renewing(world.tokens),
            now=world.clock,
        )
    token = tokens.for_connection(connection)
    tokens.after_read(connection, "another token")
    assert len(world.grant(connection).denials) == 1
    tokens.for_connection(connection)
    tokens.after_read(connection, token)
    assert world.grant(connection).denials == ()
    assert world.connections.of(ANA)[0].health == "good for 101 days"


def test_a_read_of_a_suspect_company_makes_it_good_at_once(world: World) -> None:
    connection = world.connected()
    assert not denied(world, connection)
    assert shown(world)[0] is ConnectionState.SUSPECT
    world.tokens.after_read(connection, world.tokens.for_connection(connection))
    assert shown(world)[0] is ConnectionState.CONNECTED
    assert world.connections.of(ANA)[0].health == "good for 101 days"


def test_a_read_of_what_nobody_denied_asks_no_store(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = world.connected()
    token = world.tokens.for_connection(connection)

    def asked(collection: str, id: str) -> None:
        pytest.fail(f"looked for {id}")

    monkeypatch.setattr(world.records, "get", asked)
    world.tokens.after_read(connection, token)


def test_a_refresh_does_not_bring_a_company_back_that_nobody_may_read(world: World) -> None:
    connection = world.connected()
    for _ in range(3):
        assert not denied(world, connection)
        world.clock.advance(minutes=2)
    world.clock.advance(days=8)
    assert world.tokens.keep(f"{connection}:{DANA}")
    assert world.grant(connection).generation == 2
    [seen] = world.connections.of(ANA)
    assert (seen.state, seen.health) == (
        ConnectionState.NEEDS_RECONNECTION,
        "needs reconnection: ana@example.com may no longer read it in QuickBooks; press Reconnect",
    )


def test_denials_that_are_weeks_apart_never_add_up(world: World) -> None:
    connection = world.connected()
    for _ in range(6):
        assert not denied(world, connection)
        world.clock.advance(days=22)
    assert shown(world)[0] is not ConnectionState.NEEDS_RECONNECTION


def test_two_consents_without_rights_do_not_hand_the_company_back_and_forth(world: World) -> None:
    connection = world.connected(ANA, sub=DANA)
    world.connected(BEN, sub=ERIN)
    assert denied(world, connection)
    assert not denied(world, connection)
    assert shown(world) == (ConnectionState.SUSPECT, "ben@example.com")


def test_a_new_consent_takes_over_from_one_without_rights(world: World) -> None:
    connection = world.connected(ANA, sub=DANA)
    assert not denied(world, connection)
    world.connected(BEN, sub=ERIN)
    assert shown(world) == (ConnectionState.CONNECTED, "ben@example.com")


def test_the_same_person_with_their_rights_back_starts_afresh(world: World) -> None:
    connection = world.connected()
    assert not denied(world, connection)
    world.connected()
    assert world.grant(connection).denials == ()
    assert shown(world)[0] is ConnectionState.CONNECTED


def test_a_refused_grant_prefers_a_spare_with_rights(world: World) -> None:
    connection = world.connected(ANA, sub=DANA)
    world.connected(BEN, sub=ERIN)
    assert denied(world, connection)  # Dana: no rights, Erin reads
    world.connected(ANA, sub="intuit-femi")
    world.intuit.tokens.disconnect(ACME, ERIN)
    for _ in range(3):
        world.clock.advance(hours=2)
        token = _token(world, connection)
    standing, consent = world.intuit.tokens.standing(token)
    assert standing is Standing.FRESH
    assert consent is not None
    assert consent.sub == "intuit-femi"


def _token(world: World, connection: str) -> str:
    try:
        return world.tokens.for_connection(connection)
    except ConnectionSuspect:
        return ""
