"""The hourly tick: it goes on where it stopped, and no part of it stops another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from counterfoil.core.errors import AppError, ServiceUnavailable
from counterfoil.flows.leaving import What
from counterfoil.flows.upkeep import Ticked, Upkeep
from counterfoil.web import ticking
from tests.flows.world import ACME, ANA, HOSTILE, World


@pytest.fixture
def world() -> World:
    return World()


def place(world: World) -> str | None:
    after = world.records.all("upkeep")["place"]["after"]
    assert after is None or isinstance(after, str)
    return after


def short(world: World, *times: float) -> Upkeep:
    """One whose time is over as those looks at the clock say."""
    looks = iter(times)
    alive = replace(world.upkeep.keep_alive, monotonic=lambda: next(looks))
    return replace(world.upkeep, keep_alive=alive)


def test_everything_is_done_in_one_tick(world: World) -> None:
    world.connected(realm=ACME)
    paused = world.connected(realm=HOSTILE)
    world.leaving.mark(paused, What.PAUSE, ANA)
    world.hints.disconnected(ACME)
    world.clock.advance(hours=12)
    assert world.upkeep.tick() == Ticked(finished=1, verified=1, purged=7)
    assert list(world.secrets.kept) == [world.grant(world.connections.of(ANA)[0].id).secret]


def test_the_next_one_goes_on_where_the_time_was_used_up(world: World) -> None:
    world.connected(realm=ACME)
    world.connected(realm=HOSTILE)
    world.clock.advance(days=8)
    first, _ = sorted(world.records.all("grants"))
    assert short(world, 0.0, 1.0, 200.0).tick() == Ticked(refreshed=1, purged=7, more=True)
    assert place(world) == first
    assert world.upkeep.tick() == Ticked(refreshed=1, purged=7)
    assert place(world) is None
    world.clock.advance(days=8)
    assert world.upkeep.tick().refreshed == 2


class Killed(BaseException):
    """The process is gone."""


def test_a_consent_that_brings_the_process_down_is_passed_over_by_the_next(world: World) -> None:
    world.connected(realm=ACME)
    world.connected(realm=HOSTILE)
    world.clock.advance(days=8)
    first, second = sorted(world.records.all("grants"))

    def die() -> None:
        world.intuit.during = lambda: None
        raise Killed

    world.intuit.during = die
    with pytest.raises(Killed):
        world.upkeep.tick()
    assert place(world) == first
    began = world.clock.now
    assert world.upkeep.tick().refreshed == 1
    assert world.records.all("grants")[second]["refreshed_at"] == began
    world.clock.advance(hours=1)  # the lease of the dead has run out
    assert world.upkeep.tick().refreshed == 1


def test_a_part_that_fails_stops_no_other(world: World) -> None:
    world.connected()
    world.clock.advance(days=8)

    def away() -> int:
        raise ServiceUnavailable("the store is away")

    assert replace(world.upkeep, purge=away).tick() == Ticked(refreshed=1)


def test_nothing_that_asks_intuit_begins_at_the_end_of_its_time(world: World) -> None:
    world.connected(realm=ACME)
    paused = world.connected(realm=HOSTILE)
    world.leaving.mark(paused, What.PAUSE, ANA)
    world.hints.disconnected(ACME)
    looks = iter([0.0, 150.0, 150.0])
    late = replace(world.upkeep, monotonic=lambda: next(looks))
    asked = list(world.intuit.asked)
    assert late.tick() == Ticked(purged=7)
    assert (world.intuit.asked, world.intuit.revoked) == (asked, [])
    assert world.upkeep.tick() == Ticked(finished=1, verified=1, purged=7)


def test_of_two_at_the_same_moment_one_does_it(world: World) -> None:
    world.connected()
    world.clock.advance(days=8)
    seen: list[Ticked] = []

    def another(collection: str, id: str) -> None:
        if collection == "upkeep":
            world.records.before_write = lambda collection, id: None
            seen.append(world.upkeep.tick())

    world.records.before_write = another
    assert world.upkeep.tick() == Ticked()
    assert [each.refreshed for each in seen] == [1]


def test_the_threads_of_one_machine_tick_hourly_together(world: World) -> None:
    assert world.upkeep.tick_if_due() is not None
    world.clock.advance(minutes=59)
    assert world.upkeep.tick_if_due() is None
    world.clock.advance(minutes=1)
    assert world.upkeep.tick_if_due() is not None


def test_one_that_was_cut_short_is_gone_on_with_before_the_hour(world: World) -> None:
    world.connected(realm=ACME)
    world.connected(realm=HOSTILE)
    world.clock.advance(days=8)
    short(world, 0.0, 1.0, 200.0).tick()
    world.clock.advance(minutes=9)
    assert world.upkeep.tick_if_due() is None  # it may still be at it
    world.clock.advance(minutes=1)
    ticked = world.upkeep.tick_if_due()
    assert ticked is not None
    assert ticked.refreshed == 1


class Breaking:
    """An upkeep that fails in every way, in turn."""

    def __init__(self) -> None:
        self.ways: list[Exception] = [AppError("ours"), KeyError("canary"), ValueError("canary")]

    def tick_if_due(self) -> None:
        if self.ways:
            raise self.ways.pop()


def test_a_thread_survives_what_a_tick_raises_and_tells_no_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    breaking, slept = Breaking(), list[float]()
    ticking.ticking(breaking.tick_if_due, sleep=slept.append, goes_on=lambda: bool(breaking.ways))
    assert slept == [600.0] * 3
    told = [record.fields for record in caplog.records if record.msg == "unhandled"]  # type: ignore[attr-defined]
    assert told == [{"error": "ValueError"}, {"error": "KeyError"}, {"error": "AppError"}]
