"""Lost answers, kills and refusals: what costs a grant, and what never does."""

from __future__ import annotations

import pytest

from counterfoil.core.errors import (
    ConnectionPaused,
    ConnectionSuspect,
    NotFound,
    QuickBooksBusy,
    ReconnectRequired,
)
from counterfoil.core.grants import GrantState
from counterfoil.core.people import ConnectionState
from counterfoil.core.refresh_times import LEASE_LASTS
from sandbox.intuit.tokens import Standing
from tests.flows.world import ACME, ANA, BEN, DANA, ERIN, World


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


# Lost answers and kills


@pytest.mark.parametrize("grace", [False, True], ids=["no grace", "a day of grace"])
def test_a_lost_answer_without_rotation_costs_nothing(grace: bool) -> None:
    world = World(grace=grace)
    connection = world.connected()
    world.clock.advance(hours=2)
    world.intuit.trouble = ["lost"]
    with pytest.raises(QuickBooksBusy):
        world.tokens.for_connection(connection)
    assert world.grant(connection).refresh_started is not None
    assert works(world, world.tokens.for_connection(connection))
    assert world.grant(connection).refresh_started is None
    assert state(world) is ConnectionState.CONNECTED


def test_a_lost_rotation_is_healed_while_the_old_value_has_grace() -> None:
    world = World(grace=True)
    connection = world.connected()
    world.clock.advance(days=1)
    world.intuit.trouble = ["lost"]
    with pytest.raises(QuickBooksBusy):
        world.tokens.for_connection(connection)
    assert works(world, world.tokens.for_connection(connection))
    assert world.intuit.accepts(world.refresh_token(connection))


def test_a_lost_rotation_without_grace_is_the_one_loss_there_is(
    world: World, connection: str
) -> None:
    world.clock.advance(days=1)
    world.intuit.trouble = ["lost"]
    with pytest.raises(QuickBooksBusy):
        world.tokens.for_connection(connection)
    with pytest.raises(ConnectionSuspect):
        world.tokens.for_connection(connection)


def test_after_an_end_in_doubt_the_same_value_is_tried_and_then_the_one_before(
    world: World, connection: str
) -> None:
    first = world.refresh_token(connection)
    world.clock.advance(days=1)
    world.tokens.for_connection(connection)
    second = world.refresh_token(connection)
    world.clock.advance(hours=2)
    world.intuit.trouble = ["busy"]
    with pytest.raises(QuickBooksBusy):
        world.tokens.for_connection(connection)
    world.intuit.asked.clear()
    world.intuit.trouble = ["refused", "refused"]
    with pytest.raises(ConnectionSuspect):
        world.tokens.for_connection(connection)
    assert world.intuit.asked == [second, first]


def test_without_doubt_the_value_before_is_left_alone(world: World, connection: str) -> None:
    world.clock.advance(days=1)
    world.tokens.for_connection(connection)
    second = world.refresh_token(connection)
    world.clock.advance(hours=2)
    world.intuit.asked.clear()
    world.intuit.trouble = ["refused"]
    with pytest.raises(ConnectionSuspect):
        world.tokens.for_connection(connection)
    assert world.intuit.asked == [second]


@pytest.mark.parametrize(
    "dies_after",
    ["lease_taken", "re_read", "marked", "secret_stored", "grant_stored", "released"],
)
def test_a_kill_anywhere_but_in_the_one_window_costs_nothing(
    world: World, connection: str, dies_after: str
) -> None:
    world.clock.advance(days=2)

    def die(label: str) -> None:
        if label == dies_after:
            world.at_step = lambda label: None
            raise KeyboardInterrupt

    world.at_step = die
    with pytest.raises(KeyboardInterrupt):
        world.tokens.for_connection(connection)
    world.clock.advance(seconds=LEASE_LASTS.total_seconds())
    assert works(world, world.tokens.for_connection(connection))
    assert world.intuit.accepts(world.refresh_token(connection))
    assert state(world) is ConnectionState.CONNECTED
    assert world.grant(connection).refusals == ()


def test_a_store_that_stumbles_over_a_rotated_token_is_asked_again(
    world: World, connection: str
) -> None:
    world.clock.advance(days=2)

    def stumble(label: str) -> None:
        if label == "asked":
            world.secrets.fail = 3

    world.at_step = stumble
    assert works(world, world.tokens.for_connection(connection))
    assert world.clock.slept == pytest.approx(0.2 + 1 + 3)
    assert world.intuit.accepts(world.refresh_token(connection))


# Refusals


def test_one_refusal_never_ends_a_connection(world: World, connection: str) -> None:
    world.clock.advance(hours=2)
    world.intuit.trouble = ["refused"]
    with pytest.raises(ConnectionSuspect):
        world.tokens.for_connection(connection)
    assert state(world) is ConnectionState.SUSPECT
    world.clock.advance(seconds=60)
    assert works(world, world.tokens.for_connection(connection))
    assert state(world) is ConnectionState.CONNECTED
    assert world.grant(connection).refusals == ()


def test_pressing_again_and_again_counts_once_and_asks_once(world: World, connection: str) -> None:
    world.clock.advance(hours=2)
    world.intuit.trouble = ["refused"] * 50
    for _ in range(20):
        with pytest.raises(ConnectionSuspect):
            world.tokens.for_connection(connection)
        world.clock.advance(seconds=2)
    assert len(world.intuit.asked) == 1
    assert len(world.grant(connection).refusals) == 1


def test_three_refusals_a_minute_apart_need_a_new_consent(world: World, connection: str) -> None:
    world.clock.advance(hours=2)
    world.intuit.trouble = ["refused"] * 3
    for _ in range(2):
        with pytest.raises(ConnectionSuspect):
            world.tokens.for_connection(connection)
        world.clock.advance(seconds=60)
    with pytest.raises(ReconnectRequired):
        world.tokens.for_connection(connection)
    assert state(world) is ConnectionState.NEEDS_RECONNECTION
    assert world.grant(connection).state is GrantState.REFUSED
    with pytest.raises(ReconnectRequired):
        world.tokens.for_connection(connection)
    assert len(world.intuit.asked) == 3


@pytest.mark.parametrize("trouble", ["busy", "lost", "junk"])
def test_outages_never_end_a_connection(world: World, connection: str, trouble: str) -> None:
    for _ in range(20):
        world.clock.advance(hours=2)
        world.intuit.tokens.lines()[0].refresh_since = world.clock.now
        world.intuit.trouble = [trouble]
        with pytest.raises(QuickBooksBusy):
            world.tokens.for_connection(connection)
    assert state(world) is ConnectionState.CONNECTED
    assert works(world, world.tokens.for_connection(connection))


def test_a_refusal_is_no_refusal_when_somebody_stored_a_better_token_meanwhile(
    world: World, connection: str
) -> None:
    world.clock.advance(hours=2)
    world.intuit.trouble = ["refused"]

    def reconnect() -> None:
        world.intuit.during = lambda: None
        world.connected()

    world.intuit.during = reconnect
    assert works(world, world.tokens.for_connection(connection))
    assert state(world) is ConnectionState.CONNECTED
    assert world.grant(connection).refusals == ()
    assert len(world.intuit.asked) == 1  # what is fresh in the store is not asked about


def test_a_consent_during_a_refresh_is_not_overwritten(world: World, connection: str) -> None:
    world.clock.advance(days=2)

    def reconnect(label: str) -> None:
        if label == "asked":
            world.at_step = lambda label: None
            world.connected()

    world.at_step = reconnect
    token = world.tokens.for_connection(connection)
    assert works(world, token)
    newest = world.intuit.tokens.lines()[-1]
    assert world.refresh_token(connection) == newest.refresh
    # What the overtaken refresh stored goes with the next rotation.
    world.clock.advance(days=1)
    world.tokens.for_connection(connection)
    kept = world.secrets.kept[world.grant(connection).secret]
    assert [number for number, value in kept.items() if value is not None] == ["2", "4"]


def test_a_spare_takes_over_when_the_active_grant_is_given_up(
    world: World, connection: str
) -> None:
    world.connected(BEN, sub=ERIN)
    world.intuit.tokens.disconnect(ACME, DANA)
    for _ in range(2):
        world.clock.advance(hours=2)
        with pytest.raises(ConnectionSuspect):
            world.tokens.for_connection(connection)
    world.clock.advance(hours=2)
    assert works(world, world.tokens.for_connection(connection))
    [seen] = world.connections.of(ANA)
    assert (seen.state, seen.connected_by) == (ConnectionState.CONNECTED, "ben@example.com")
    assert world.grant(connection, DANA).state is GrantState.REFUSED


def test_a_paused_connection_gives_no_token(world: World, connection: str) -> None:
    held = world.records.get("connections", connection)
    assert held is not None
    world.records.replace(held, {**held.data, "state": "paused"})
    with pytest.raises(ConnectionPaused):
        world.tokens.for_connection(connection)


def test_a_connection_that_is_not_there_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        world.tokens.for_connection("con_missing00")


# A token that the API refuses


def test_a_token_that_quickbooks_refused_is_replaced_once_for_all(
    world: World, connection: str
) -> None:
    refused = world.tokens.for_connection(connection)
    token = world.tokens.after_refusal(connection, refused)
    assert token != refused
    assert [world.tokens.after_refusal(connection, refused) for _ in range(5)] == [token] * 5
    assert world.intuit.refreshes == 1


def test_a_token_refused_by_api_and_sign_in_is_not_handed_out_again(
    world: World, connection: str
) -> None:
    refused = world.tokens.for_connection(connection)
    world.intuit.tokens.disconnect(ACME)
    for _ in range(2):
        with pytest.raises(ConnectionSuspect):
            world.tokens.after_refusal(connection, refused)
        with pytest.raises(ConnectionSuspect):
            world.tokens.for_connection(connection)
        world.clock.advance(seconds=60)
    with pytest.raises(ReconnectRequired):
        world.tokens.for_connection(connection)
