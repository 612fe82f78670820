"""The same company once more: replaced grants, spares, lost connections brought back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from counterfoil.core.connecting import AttemptState, Outcome
from counterfoil.core.errors import AppError, ServiceUnavailable
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


@pytest.mark.parametrize(
    ("days", "active", "words"),
    [(69, DANA, "good for 32 days"), (72, ERIN, "good for 101 days")],
    ids=["lasts long enough", "nearly over"],
)
def test_a_spare_takes_over_from_a_consent_that_is_nearly_over(
    world: World, days: int, active: str, words: str
) -> None:
    first = world.connected(ANA, sub=DANA)
    world.clock.advance(days=days)
    world.connected(BEN, sub=ERIN, reconnect=None)
    assert world.records.all("connections")[first]["active_grant"] == f"{first}:{active}"
    assert world.connections.of(ANA)[0].health == words


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


@pytest.mark.parametrize("sub", [DANA, ERIN], ids=["the same person", "a colleague"])
def test_a_healthy_company_is_reconnected_and_keeps_everything(world: World, sub: str) -> None:
    connection_id = world.connected()
    exporters = {world.exporter(connection_id), world.exporter(connection_id, name="Another")}
    world.member(BEN, connection_id, Role.EDITOR)
    kept = {name: world.records.all(name) for name in ("exporters", "members", "realms")}
    world.clock.advance(days=3)
    assert world.connected(reconnect=connection_id, sub=sub) == connection_id
    assert {name: world.records.all(name) for name in kept} == kept
    assert set(kept["exporters"]) == exporters
    [seen] = world.connections.of(ANA)
    assert seen.state is ConnectionState.CONNECTED
    assert world.tokens.for_connection(connection_id)
    assert world.intuit.accepts(world.refresh_token(connection_id, sub))
    assert world.intuit.revoked == []


# Clean-up that fails ends no connect: the tick does it


def alive(world: World, connection_id: str) -> list[str]:
    """The versions of the refresh token that can still be read."""
    kept = world.secrets.kept[world.grant(connection_id).secret]
    return [number for number, value in kept.items() if value is not None]


def test_a_version_that_cannot_be_destroyed_now_is_destroyed_by_the_tick(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        connection_id = world.connected()

    def destroying_fails(label: str) -> None:
        if label == "secret_stored":
            world.secrets.fail = 1

    world.at_step = destroying_fails
    assert world.connected() == connection_id
    world.at_step = lambda label: None
    assert world.intuit.accepts(world.refresh_token(connection_id))
    assert alive(world, connection_id) == ["1", "2", "3"]  # 1 should be gone
    assert "left over" in [record.msg for record in caplog.records]
    world.clock.advance(hours=1)
    assert world.upkeep.tick().destroyed == 1
    assert alive(world, connection_id) == ["2", "3"]


@pytest.mark.parametrize("collection", ["storing", "attempts"])
def test_a_record_that_cannot_be_tidied_up_now_ends_no_connect(
    world: World, collection: str
) -> None:
    _, state, browser = world.leave()

    def fails(place: str, id: str) -> None:
        if place == collection:
            raise ServiceUnavailable("the store is away")

    def away(label: str) -> None:
        world.records.before_write = fails

    world.at_step = lambda label: away(label) if label == "secret_stored" else None
    assert world.come_back(state, browser) is Outcome.CONNECTED
    world.records.before_write = lambda place, id: None
    [seen] = world.connections.of(ANA)
    assert world.tokens.for_connection(seen.id)
    world.clock.advance(hours=1)
    assert world.upkeep.tick().orphaned == 0
    assert world.records.all("storing") == {}
    assert world.intuit.accepts(world.refresh_token(seen.id))
    assert world.intuit.revoked == []


def test_an_attempt_whose_end_was_not_noted_is_said_to_be_over(world: World) -> None:
    attempt, state, browser = world.leave()

    def fails(place: str, id: str) -> None:
        if place == "attempts":
            raise ServiceUnavailable("the store is away")

    world.records.before_write = fails
    assert world.come_back(state, browser) is Outcome.CONNECTED
    assert world.connect.attempt(ANA, attempt).state is AttemptState.WAITING
    world.records.before_write = lambda place, id: None
    world.clock.advance(minutes=10)
    assert world.connect.attempt(ANA, attempt).code == "expired"
