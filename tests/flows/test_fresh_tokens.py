"""The life of a token: asked when needed, stored before it is used, lost only when it must be."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from counterfoil.core.errors import (
    ConnectionBusy,
    ConnectionPaused,
    ConnectionSuspect,
    NotFound,
    QuickBooksBusy,
    ReconnectRequired,
    ServiceUnavailable,
)
from counterfoil.core.grants import GrantState
from counterfoil.core.people import ConnectionState
from counterfoil.flows.fresh_tokens import LEASE_LASTS
from counterfoil.flows.leases import Leases
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
    assert seen.health == "good, 101 days"
    # The five years are not moved by any refresh.
    for _ in range(18):
        world.clock.advance(days=96)
        world.tokens.for_connection(connection)
    [seen] = world.connections.of(ANA)
    assert seen.expires_in_days == 1825 - 75 - 18 * 96
    assert seen.health == "expires in 22 days: press Reconnect"


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


# Several at once


def test_whoever_waited_finds_the_token_that_the_other_fetched(
    world: World, connection: str
) -> None:
    world.clock.advance(hours=2)
    ahead = world.fresh_tokens(step=lambda label: None)
    first: list[str] = []

    def overtake(label: str) -> None:
        # Between looking and leasing another process does it all.
        if label == "lease_taken" and not first:
            held = world.records.get("leases", f"refresh:{connection}:{DANA}")
            assert held is not None
            world.records.replace(held, {**held.data, "owner": ""})
            first.append(ahead.for_connection(connection))

    world.at_step = overtake
    assert world.tokens.for_connection(connection) == first[0]
    assert world.intuit.refreshes == 1


def test_a_lease_that_somebody_holds_is_waited_for_fifteen_seconds(
    world: World, connection: str
) -> None:
    world.clock.advance(hours=2)
    leases = Leases(world.records, world.clock)
    held = leases.take(f"refresh:{connection}:{DANA}", LEASE_LASTS)
    assert held is not None
    with pytest.raises(ConnectionBusy):
        world.tokens.for_connection(connection)
    assert world.clock.slept == pytest.approx(15)
    assert world.intuit.asked == []
    leases.release(held)
    assert works(world, world.tokens.for_connection(connection))


def test_a_lease_of_the_dead_runs_out(world: World, connection: str) -> None:
    world.clock.advance(hours=2)
    assert Leases(world.records, world.clock).take(f"refresh:{connection}:{DANA}", LEASE_LASTS)
    world.clock.advance(seconds=149)
    assert works(world, world.tokens.for_connection(connection))
    assert world.clock.slept < 3


def test_a_lease_outlasts_the_longest_call() -> None:
    from counterfoil.adapters import intuit_endpoints, intuit_oauth

    longest = sum(intuit_oauth.TOKEN_TIMEOUT) + sum(intuit_endpoints.TIMEOUT)
    assert timedelta(seconds=longest) < LEASE_LASTS


def test_sixty_four_threads_refresh_once_and_look_at_the_lease_once(
    world: World, connection: str
) -> None:
    world.clock.advance(days=2)
    everybody_is_here, found = threading.Barrier(64), []
    tokens = world.fresh_tokens(spawn=lambda work: threading.Thread(target=work).start())
    # Intuit thinks until the others have come.
    thinking = threading.Event()
    world.intuit.during = lambda: (thinking.wait(10), None)[1]

    def export() -> None:
        everybody_is_here.wait()
        found.append(tokens.for_connection(connection))

    threads = [threading.Thread(target=export) for _ in range(64)]
    for thread in threads:
        thread.start()
    while world.records.reads < 64 * 2:
        threads[0].join(0.01)
    thinking.set()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found) == 64
    assert world.intuit.refreshes == 1
    assert world.steps.count("lease_taken") == 1


def test_a_refresh_goes_on_when_the_caller_has_no_more_patience(
    world: World, connection: str
) -> None:
    world.clock.advance(days=2)
    threads: list[threading.Thread] = []

    def spawn(work: object) -> None:
        threads.append(threading.Thread(target=work))  # type: ignore[arg-type]
        threads[0].start()

    thinking = threading.Event()
    world.intuit.during = lambda: (thinking.wait(10), None)[1]
    tokens = world.fresh_tokens(spawn=spawn, patience=timedelta(milliseconds=20))
    with pytest.raises(ConnectionBusy):
        tokens.for_connection(connection)
    thinking.set()
    threads[0].join()
    assert works(world, tokens.for_connection(connection))
    assert world.intuit.refreshes == 1


def test_a_frozen_holder_who_wakes_up_does_not_undo_a_newer_pair(
    world: World, connection: str
) -> None:
    world.clock.advance(hours=2)
    other = world.fresh_tokens(step=lambda label: None)

    def freeze(label: str) -> None:
        if label == "asked":
            world.at_step = lambda label: None
            world.clock.advance(hours=25)  # the lease ran out, the world went on
            other.for_connection(connection)

    world.at_step = freeze
    token = world.tokens.for_connection(connection)
    assert works(world, token)
    assert world.intuit.accepts(world.refresh_token(connection))
    assert world.grant(connection).generation == 2


def test_a_refusal_in_between_does_not_keep_a_good_pair_out(world: World, connection: str) -> None:
    world.clock.advance(days=1)
    other = world.fresh_tokens(step=lambda label: None)

    def freeze(label: str) -> None:
        if label == "asked":
            world.at_step = lambda label: None
            world.clock.advance(seconds=151)
            with pytest.raises(ConnectionSuspect):
                other.for_connection(connection)

    world.at_step = freeze
    assert works(world, world.tokens.for_connection(connection))
    assert state(world) is ConnectionState.CONNECTED
    assert world.intuit.accepts(world.refresh_token(connection))


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
