"""The life of a token: asked when needed, stored before it is used."""

from __future__ import annotations

from datetime import timedelta

import pytest

from counterfoil.core.errors import (
    ConnectionSuspect,
    QuickBooksBusy,
    ServiceUnavailable,
)
from counterfoil.core.people import ConnectionState
from sandbox.intuit.tokens import Standing
from tests.flows.world import ANA, BEN, DANA, ERIN, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def connection(world: World) -> str:
    id = world.connected()
    world.steps.clear()
    return id


def works(world: World, token: str) -> bool:
    return world.intuit.tokens.standing(token)[0] is Standing.FRESH


def state(world: World) -> ConnectionState:
    [seen] = world.connections.of(ANA)
    return seen.state


def test_a_token_with_time_left_is_used_as_it_is(world: World, connection: str) -> None:
    token = world.tokens.for_connection(connection)
    world.clock.advance(minutes=54, seconds=59)
    assert world.tokens.for_connection(connection) == token
    assert world.intuit.asked == []
    assert world.steps == []


def test_a_token_within_its_last_five_minutes_is_refreshed_first(
    world: World, connection: str
) -> None:
    old = world.tokens.for_connection(connection)
    world.clock.advance(minutes=55)
    token = world.tokens.for_connection(connection)
    assert token != old
    assert works(world, token)
    assert world.intuit.refreshes == 1
    assert world.grant(connection).access_expires == world.clock.now + timedelta(hours=1)


def test_the_steps_come_in_their_order(world: World, connection: str) -> None:
    world.clock.advance(days=2)
    world.tokens.for_connection(connection)
    assert world.steps == [
        "lease_taken", "re_read", "marked", "asked", "secret_stored", "grant_stored", "released",
    ]  # fmt: skip


def test_a_rotated_token_is_stored_before_its_access_token_is_used(
    world: World, connection: str
) -> None:
    old = world.refresh_token(connection)
    world.clock.advance(days=2)
    world.tokens.for_connection(connection)
    grant = world.grant(connection)
    assert (grant.generation, grant.refresh_version, grant.previous_version) == (2, "2", "1")
    assert grant.previous_until == world.clock.now + timedelta(hours=48)
    assert world.intuit.accepts(world.refresh_token(connection))
    assert world.secrets.read(grant.secret, "1").decode() == old


def test_a_token_that_did_not_rotate_makes_no_new_version(world: World, connection: str) -> None:
    for _ in range(3):
        world.clock.advance(hours=2)
        world.tokens.for_connection(connection)
    grant = world.grant(connection)
    assert (grant.generation, grant.refresh_version) == (4, "1")
    assert world.secrets.kept[grant.secret].keys() == {"1"}


def test_the_value_before_is_kept_and_older_ones_are_destroyed(
    world: World, connection: str
) -> None:
    for _ in range(3):
        world.clock.advance(days=1)
        world.tokens.for_connection(connection)
    grant = world.grant(connection)
    kept = world.secrets.kept[grant.secret]
    assert [number for number, value in kept.items() if value is not None] == ["3", "4"]


def test_the_value_before_is_destroyed_once_its_48_hours_are_over(
    world: World, connection: str
) -> None:
    world.clock.advance(days=1)
    world.tokens.for_connection(connection)
    # Rotation is Intuit's to decide: here it stops.
    world.intuit.tokens.lines()[0].refresh_since = world.clock.now + timedelta(days=30)
    world.clock.advance(hours=47)
    world.tokens.for_connection(connection)
    assert world.grant(connection).previous_version == "1"
    world.clock.advance(hours=2)
    world.tokens.for_connection(connection)
    grant = world.grant(connection)
    assert grant.previous_version is None
    assert world.secrets.kept[grant.secret]["1"] is None


def test_an_answer_without_a_refresh_token_keeps_the_one_we_have(
    world: World, connection: str
) -> None:
    held = world.refresh_token(connection)
    world.clock.advance(hours=2)
    world.intuit.trouble = ["keeps"]
    assert works(world, world.tokens.for_connection(connection))
    assert world.refresh_token(connection) == held


def test_an_answer_that_is_not_a_token_overwrites_nothing(world: World, connection: str) -> None:
    before, held = world.grant(connection), world.refresh_token(connection)
    world.clock.advance(hours=2)
    world.intuit.trouble = ["junk"]
    with pytest.raises(QuickBooksBusy):
        world.tokens.for_connection(connection)
    after = world.grant(connection)
    assert (after.generation, after.access) == (before.generation, before.access)
    assert world.refresh_token(connection) == held
    assert works(world, world.tokens.for_connection(connection))


def test_both_expiries_are_stored_and_shown(world: World, connection: str) -> None:
    [seen] = world.connections.of(ANA)
    assert seen.expires_in_days == 101
    world.clock.advance(days=75)
    [seen] = world.connections.of(ANA)
    assert seen.health == "expires in 26 days: press Reconnect"
    world.tokens.for_connection(connection)
    [seen] = world.connections.of(ANA)
    assert seen.health == "good for 101 days"
    # The five years are not moved by any refresh.
    for _ in range(18):
        world.clock.advance(days=96)
        world.tokens.for_connection(connection)
    [seen] = world.connections.of(ANA)
    assert seen.expires_in_days == 1825 - 75 - 18 * 96
    assert seen.health == "expires in 22 days: press Reconnect"


# What is stored


def test_an_access_token_opens_only_in_its_own_grant_and_generation(
    world: World, connection: str
) -> None:
    world.connected(BEN, sub=ERIN)
    mine, theirs = (f"{connection}:{sub}" for sub in (DANA, ERIN))
    held = world.records.get("grants", mine)
    assert held is not None
    sealed = held.data["access"]
    world.records.replace(held, {**held.data, "generation": 7})
    token = world.tokens.for_connection(connection)  # it does not open, so it is refreshed
    assert works(world, token)
    assert world.intuit.refreshes == 1
    assert sealed not in repr(world.records.all("grants")[theirs])


def test_a_key_that_was_lost_is_not_taken_for_a_refusal(world: World, connection: str) -> None:
    from counterfoil.core.stores import SealBroken

    def broken(name: str, version: str) -> bytes:
        raise SealBroken

    honest = world.secrets.read
    world.secrets.read = broken  # type: ignore[method-assign]  # another key in the deployment
    world.clock.advance(hours=2)
    for _ in range(5):
        with pytest.raises(ServiceUnavailable):
            world.tokens.for_connection(connection)
        world.clock.advance(seconds=120)
    world.secrets.read = honest  # type: ignore[method-assign]
    assert works(world, world.tokens.for_connection(connection))


def test_no_token_is_in_any_record_log_or_repr(
    world: World, connection: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    world.clock.advance(days=2)
    world.intuit.trouble = ["lost"]
    with pytest.raises(QuickBooksBusy):
        world.tokens.for_connection(connection)
    world.clock.advance(minutes=5)
    with pytest.raises(ConnectionSuspect) as error:
        world.tokens.for_connection(connection)
    world.connected()
    world.clock.advance(days=2)
    world.tokens.for_connection(connection)
    logged = "\n".join(repr(record.__dict__) for record in caplog.records)
    assert "token refreshed" in logged
    assert "token refused" in logged
    seen = logged + repr(world.records._kept) + repr(error.value.__dict__)
    seen += repr(world.grant(connection))
    for token in world.intuit.tokens.given():
        assert token not in seen
