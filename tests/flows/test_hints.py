"""What QuickBooks hints at is noted with the same work for any company, and verified hourly."""

from __future__ import annotations

import pytest

from counterfoil.flows import hints
from tests.flows.world import ACME, ANA, HOSTILE, World

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
