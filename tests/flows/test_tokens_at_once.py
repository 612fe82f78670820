"""Several threads and processes that want the same token."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from counterfoil.core.errors import (
    ConnectionBusy,
    ConnectionSuspect,
)
from counterfoil.core.grants import refresh_lease
from counterfoil.core.people import ConnectionState
from counterfoil.core.refresh_times import LEASE_LASTS
from counterfoil.flows.leases import Leases
from sandbox.intuit.tokens import Standing
from tests.flows.world import ANA, DANA, World


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


def test_whoever_waited_finds_the_token_that_the_other_fetched(
    world: World, connection: str
) -> None:
    world.clock.advance(hours=2)
    ahead = world.fresh_tokens(step=lambda label: None)
    first: list[str] = []

    def overtake(label: str) -> None:
        # Between looking and leasing another process does it all.
        if label == "lease_taken" and not first:
            held = world.records.get("leases", refresh_lease(f"{connection}:{DANA}"))
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
    held = leases.take(refresh_lease(f"{connection}:{DANA}"), LEASE_LASTS)
    assert held is not None
    with pytest.raises(ConnectionBusy):
        world.tokens.for_connection(connection)
    assert world.clock.slept == pytest.approx(15)
    assert world.intuit.asked == []
    leases.release(held)
    assert works(world, world.tokens.for_connection(connection))


def test_a_lease_of_the_dead_runs_out(world: World, connection: str) -> None:
    world.clock.advance(hours=2)
    assert Leases(world.records, world.clock).take(
        refresh_lease(f"{connection}:{DANA}"), LEASE_LASTS
    )
    world.clock.advance(seconds=149)
    assert works(world, world.tokens.for_connection(connection))
    assert world.clock.slept < 3


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
