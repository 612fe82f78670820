"""The same company once more: replaced grants, spares, lost connections brought back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from counterfoil.core.errors import (
    AppError,
)
from counterfoil.core.people import ConnectionState, Role
from tests.flows.world import ACME, ANA, BEN, DANA, ERIN, HOSTILE, World


@pytest.fixture
def world() -> World:
    return World()


def test_the_same_person_at_intuit_replaces_their_grant(world: World) -> None:
    first = world.connected()
    old = world.refresh_token(first)
    assert world.connected() == first
    assert len(world.records.all("grants")) == 1
    grant = world.grant(first)
    assert grant.generation == 2
    assert world.refresh_token(first) != old
    assert world.secrets.read(grant.secret, str(grant.previous_version)).decode() == old
    assert world.intuit.revoked == []


def test_another_person_at_intuit_is_a_spare_and_their_user_an_owner(world: World) -> None:
    first = world.connected(ANA, sub=DANA)
    assert world.connected(BEN, sub=ERIN) == first
    assert len(world.records.all("grants")) == 2
    assert world.records.all("connections")[first]["active_grant"] == f"{first}:{DANA}"
    [seen] = world.connections.of(BEN)
    assert seen.role is Role.OWNER
    assert seen.connected_by == "ana@example.com"


def test_two_companies_of_one_person_are_two_connections(world: World) -> None:
    first, second = world.connected(realm=ACME), world.connected(realm=HOSTILE)
    assert first != second
    assert [each.name for each in world.connections.of(ANA)] == [
        "Acme Landscaping",
        "Hostile & Sons",
    ]


@pytest.mark.parametrize("sub", [DANA, ERIN])
def test_a_new_consent_brings_a_lost_connection_back(world: World, sub: str) -> None:
    connection_id = world.connected(sub=DANA)
    world.intuit.tokens.disconnect(ACME)
    for _ in range(3):
        world.clock.advance(hours=2)
        with pytest.raises(AppError):
            world.tokens.for_connection(connection_id)
    [lost] = world.connections.of(ANA)
    assert lost.state is ConnectionState.NEEDS_RECONNECTION
    assert lost.health == "needs reconnection: QuickBooks refuses our key; press Reconnect"

    assert world.connected(sub=sub, reconnect=connection_id) == connection_id
    [back] = world.connections.of(ANA)
    assert back.state is ConnectionState.CONNECTED
    assert world.records.all("connections")[connection_id]["active_grant"].endswith(sub)
    assert world.tokens.for_connection(connection_id)


def test_a_consent_ends_a_pause(world: World) -> None:
    connection_id = world.connected()
    held = world.records.get("connections", connection_id)
    assert held is not None
    world.records.replace(held, {**held.data, "state": "paused"})
    world.connected(reconnect=connection_id)
    [seen] = world.connections.of(ANA)
    assert seen.state is ConnectionState.CONNECTED
    assert world.tokens.for_connection(connection_id)


def test_a_consent_has_expiries_of_its_own(world: World) -> None:
    connection_id = world.connected()
    world.clock.advance(days=700)
    world.connected()
    grant = world.grant(connection_id)
    assert grant.hard_expires == world.clock.now + timedelta(days=1825)
