"""What QuickBooks hints at is noted with the same work for any company, and verified hourly."""

from __future__ import annotations

import pytest

from counterfoil.core.errors import ServiceUnavailable
from counterfoil.core.grants import refresh_lease
from counterfoil.core.refresh_times import LEASE_LASTS
from counterfoil.flows import hints
from counterfoil.flows.leases import Leases
from tests.flows.world import ACME, ANA, DANA, HOSTILE, World

NOBODYS = "9130347000000001"


@pytest.fixture
def world() -> World:
    return World()


def verified(world: World) -> int:
    return world.upkeep.tick().verified


def test_noting_does_the_same_work_for_any_company(world: World) -> None:
    world.connected(ANA)
    work: list[list[str]] = []
    for realm in (ACME, NOBODYS):
        done: list[str] = []
        world.records.before_write = lambda collection, id, done=done: done.append(collection)  # type: ignore[misc]
        reads = world.records.reads
        world.hints.disconnected(realm)
        world.hints.disconnected(realm)
        work.append([*done, f"{world.records.reads - reads} reads"])
    assert work == [["hints", "hints", "2 reads"]] * 2
    assert world.intuit.asked == []


@pytest.mark.parametrize("realm", ["", "x", "12x", "9" * 30, "../connections"])
def test_what_is_no_company_of_anybodys_is_not_noted(world: World, realm: str) -> None:
    world.hints.disconnected(realm)
    assert world.records.all("hints") == {}


def test_a_hint_is_verified_by_a_refresh_at_most_once_an_hour(world: World) -> None:
    connection_id = world.connected(ANA)
    other = world.connected(ANA, realm=HOSTILE)
    world.hints.disconnected(ACME)  # a lie: all is well
    assert verified(world) == 1
    world.clock.advance(minutes=59)
    world.hints.disconnected(ACME)
    assert verified(world) == 0
    assert len(world.intuit.asked) == 1
    assert world.tokens.for_connection(connection_id)
    world.intuit.tokens.disconnect(ACME)
    world.clock.advance(minutes=1)
    world.hints.disconnected(ACME)
    assert verified(world) == 1
    states = {each.id: each.state.value for each in world.connections.of(ANA)}
    assert states == {connection_id: "suspect", other: "connected"}
    assert world.records.all("hints") == {}


def test_one_about_nobodys_company_asks_nothing_and_is_gone(world: World) -> None:
    world.hints.disconnected(NOBODYS)
    assert verified(world) == 0
    assert (world.intuit.asked, world.records.all("hints")) == ([], {})


def test_one_that_is_a_day_old_says_nothing_any_more(world: World) -> None:
    world.connected(ANA)
    world.hints.disconnected(ACME)
    world.clock.advance(days=1)
    assert verified(world) == 0


def test_a_flood_fills_no_more_than_its_places(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hints, "PLACES", 8)
    for number in range(100):
        world.hints.disconnected(str(9130347000000000 + number))
    assert len(world.records.all("hints")) == 8


def test_a_tick_verifies_so_many_and_the_next_the_rest(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hints, "MOST_AT_ONCE", 1)
    for realm in (ACME, HOSTILE):
        world.connected(ANA, realm=realm)
        world.hints.disconnected(realm)
    assert [verified(world) for _ in range(3)] == [1, 1, 0]


def test_a_store_that_is_away_loses_a_hint_and_nothing_else(world: World) -> None:
    world.records.fail = 1
    world.hints.disconnected(ACME)
    assert world.records.all("hints") == {}


# A hint is done with once Intuit has said something


def kept(world: World) -> list[str]:
    return [str(each["realm_id"]) for each in world.records.all("hints").values()]


@pytest.mark.parametrize("trouble", ["busy", "lost", "junk"])
def test_one_that_intuit_did_not_answer_is_verified_by_a_later_tick(
    world: World, trouble: str
) -> None:
    world.connected(ANA)
    world.hints.disconnected(ACME)
    world.intuit.trouble = [trouble]
    assert verified(world) == 1
    assert kept(world) == [ACME]
    world.clock.advance(minutes=10)
    assert verified(world) == 0  # at most once an hour
    assert kept(world) == [ACME]
    world.clock.advance(minutes=50)
    assert verified(world) == 1
    assert kept(world) == []


def test_one_that_meets_a_store_that_is_away_is_kept(world: World) -> None:
    connection_id = world.connected(ANA)
    world.hints.disconnected(ACME)

    def away(collection: str, id: str) -> None:
        if collection in ("connections", "leases"):
            raise ServiceUnavailable("the store is away")

    for collection in ("connections", "leases"):
        world.records.before_write = lambda place, id, here=collection: (  # type: ignore[misc]
            away(place, id) if place == here else None
        )
        verified(world)
        assert kept(world) == [ACME]
        world.records.before_write = lambda collection, id: None
        world.clock.advance(hours=1)
    assert verified(world) == 1
    assert kept(world) == []
    assert len(world.intuit.asked) == 1
    assert world.tokens.for_connection(connection_id)


def test_one_that_meets_somebody_elses_refresh_is_kept(world: World) -> None:
    connection_id = world.connected(ANA)
    world.hints.disconnected(ACME)
    leases = Leases(world.records, world.clock)
    assert leases.take(refresh_lease(f"{connection_id}:{DANA}"), LEASE_LASTS)
    assert verified(world) == 1
    assert kept(world) == [ACME]
    world.clock.advance(hours=1)
    assert verified(world) == 1
    assert kept(world) == []


def test_one_that_is_verified_while_the_company_is_renamed_is_not_lost(world: World) -> None:
    connection_id = world.connected(ANA)
    world.hints.disconnected(ACME)

    def rename(collection: str, id: str) -> None:
        if collection == "connections":
            world.records.before_write = lambda collection, id: None
            held = world.records.get("connections", connection_id)
            assert held is not None
            world.records.replace(held, {**held.data, "label": "Ours"})

    world.records.before_write = rename
    assert verified(world) == 1
    company = world.records.all("connections")[connection_id]
    assert (company["label"], company["hinted_at"]) == ("Ours", world.clock.now)


def test_one_that_comes_while_the_last_is_verified_is_not_lost(world: World) -> None:
    world.connected(ANA)
    world.hints.disconnected(ACME)

    def again() -> None:
        world.intuit.during = lambda: None
        world.clock.advance(seconds=1)
        world.hints.disconnected(ACME)

    world.intuit.during = again
    assert verified(world) == 1
    assert kept(world) == [ACME]


def test_a_refresh_that_is_due_anyway_is_the_only_one(world: World) -> None:
    world.connected(ANA)
    world.clock.advance(days=2)
    world.hints.disconnected(ACME)
    assert verified(world) == 1
    assert len(world.intuit.asked) == 1


def test_a_disconnected_company_is_noticed_and_its_hint_is_done_with(world: World) -> None:
    connection_id = world.connected(ANA)
    world.intuit.tokens.disconnect(ACME)
    world.hints.disconnected(ACME)
    assert verified(world) == 1
    assert kept(world) == []
    # From here on the sweep asks, hourly, until it is sure.
    for _ in range(2):
        world.clock.advance(hours=1)
        world.upkeep.tick()
    [seen] = world.connections.of(ANA)
    assert (seen.id, seen.state.value) == (connection_id, "needs_reconnection")
    assert seen.health == (
        "needs reconnection: it was disconnected inside QuickBooks; press Reconnect"
    )
