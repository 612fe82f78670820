"""Consents that nobody uses are refreshed in time, and one that fails stops no other."""

from __future__ import annotations

import pytest

from counterfoil.core.errors import ConnectionSuspect, QuickBooksBusy, ReconnectRequired
from counterfoil.core.grants import GrantState
from counterfoil.flows import keep_alive
from counterfoil.flows.keep_alive import KeepAlive, Swept
from tests.flows.world import ACME, ANA, BEN, DANA, ERIN, HOSTILE, World


@pytest.fixture
def world() -> World:
    return World()


def sweeper(world: World) -> KeepAlive:
    return KeepAlive(
        world.records, world.grants, world.tokens, world.leaving, world.clock, lambda: 0.0
    )


def test_idle_consents_are_refreshed_spares_too(world: World) -> None:
    connection_id = world.connected(ANA, sub=DANA)
    world.connected(BEN, sub=ERIN)
    world.clock.advance(days=6, hours=23)
    assert sweeper(world).sweep() == Swept(0, 0, 0, None)
    world.clock.advance(hours=1)
    assert sweeper(world).sweep() == Swept(2, 0, 0, None)
    for sub in (DANA, ERIN):
        assert world.grant(connection_id, sub).refreshed_at == world.clock.now
    assert sweeper(world).sweep() == Swept(0, 0, 0, None)


def test_a_consent_that_fails_stops_no_other(world: World) -> None:
    world.connected(realm=ACME)
    healthy = world.connected(realm=HOSTILE)
    world.intuit.tokens.disconnect(ACME)
    world.clock.advance(days=8)
    began = world.clock.now
    assert sweeper(world).sweep() == Swept(1, 1, 0, None)
    assert world.grant(healthy).refreshed_at >= began


def test_a_suspect_one_is_asked_again_until_it_is_known(world: World) -> None:
    lost = world.connected()
    world.intuit.tokens.disconnect(ACME)
    world.clock.advance(days=8)
    for _ in range(3):
        sweeper(world).sweep()
        world.clock.advance(hours=1)
    assert world.records.all("connections")[lost]["state"] == "needs_reconnection"


def test_a_year_of_weekly_sweeps_keeps_a_company_that_nobody_opens(world: World) -> None:
    connection_id = world.connected()
    for _ in range(52):
        world.clock.advance(days=7)
        sweeper(world).sweep()
    assert world.tokens.for_connection(connection_id)


def test_it_goes_on_where_its_time_was_used(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep_alive, "PAGE", 1)
    world.connected(realm=ACME)
    world.connected(realm=HOSTILE)
    world.clock.advance(days=8)
    ticks = iter([0.0, 1.0, 120.0])
    short = KeepAlive(
        world.records, world.grants, world.tokens, world.leaving, world.clock, lambda: next(ticks)
    )
    first = short.sweep()
    assert (first.refreshed, first.next) == (1, sorted(world.records.all("grants"))[0])
    assert sweeper(world).sweep(first.next) == Swept(1, 0, 0, None)


def test_what_is_no_grant_stops_no_other(world: World, caplog: pytest.LogCaptureFixture) -> None:
    connection_id = world.connected()
    world.records.create("grants", "a-broken-one", {"connection_id": connection_id, "sub": DANA})
    world.clock.advance(days=8)
    assert sweeper(world).sweep() == Swept(1, 1, 0, None)
    assert [record.msg for record in caplog.records if record.levelname == "ERROR"] == [
        "broken record"
    ]


def test_each_one_is_named_before_it_is_tried(world: World) -> None:
    world.connected(realm=ACME)
    world.connected(realm=HOSTILE)
    world.clock.advance(days=8)
    first, second = sorted(world.records.all("grants"))
    asked: list[tuple[str, int]] = []
    sweeper(world).sweep(reached=lambda id: asked.append((id, world.intuit.refreshes)))
    assert asked == [(first, 0), (second, 1)]


# What was superseded


def rotated(world: World, connection_id: str) -> None:
    world.clock.advance(days=1, hours=1)
    world.tokens.for_connection(connection_id)


def test_the_value_before_is_destroyed_after_48_hours_though_nobody_refreshes(world: World) -> None:
    connection_id = world.connected()
    rotated(world, connection_id)
    world.clock.advance(hours=47)
    assert sweeper(world).sweep() == Swept(0, 0, 0, None)
    assert alive(world, connection_id) == ["1", "2"]
    world.clock.advance(hours=1)
    assert sweeper(world).sweep() == Swept(0, 0, 1, None)
    assert alive(world, connection_id) == ["2"]
    assert world.grant(connection_id).previous_version is None
    assert sweeper(world).sweep() == Swept(0, 0, 0, None)


def test_also_of_a_consent_that_was_refused_for_good(world: World) -> None:
    connection_id = world.connected()
    rotated(world, connection_id)
    world.intuit.tokens.disconnect(ACME)
    world.clock.advance(hours=2)
    for _ in range(3):
        with pytest.raises((ConnectionSuspect, ReconnectRequired)):
            world.tokens.for_connection(connection_id)
        world.clock.advance(minutes=2)
    assert world.grant(connection_id).state is GrantState.REFUSED
    assert alive(world, connection_id) == ["1", "2"]
    world.clock.advance(hours=46)
    assert sweeper(world).sweep() == Swept(0, 0, 1, None)
    assert alive(world, connection_id) == ["2"]


def test_a_destroy_that_failed_is_done_by_a_later_sweep(world: World) -> None:
    connection_id = world.connected()
    for _ in range(2):
        rotated(world, connection_id)
    assert alive(world, connection_id) == ["2", "3"]

    world.at_step = lambda label: fail_once(world, label)
    rotated(world, connection_id)
    assert alive(world, connection_id) == ["2", "3", "4"]  # 2 should be gone
    assert sweeper(world).sweep() == Swept(0, 0, 0, None)  # whoever stores just now has an hour
    world.clock.advance(hours=1)
    world.secrets.fail = 1
    assert sweeper(world).sweep() == Swept(0, 1, 0, None)
    assert sweeper(world).sweep() == Swept(0, 0, 2, None)
    assert alive(world, connection_id) == ["3", "4"]
    assert sweeper(world).sweep() == Swept(0, 0, 0, None)


def fail_once(world: World, label: str) -> None:
    if label == "grant_stored":
        world.secrets.fail = 1


def alive(world: World, connection_id: str) -> list[str]:
    """The versions that can still be read."""
    kept = world.secrets.kept[world.grant(connection_id).secret]
    return [number for number, value in kept.items() if value is not None]


# A consent whose company was never stored


def test_a_consent_that_never_came_to_a_company_is_ended_after_a_week(world: World) -> None:
    healthy = world.connected(BEN, realm=HOSTILE, sub=ERIN)
    _, state, browser = world.leave()

    def die(label: str) -> None:
        if label == "grant_stored":
            raise KeyboardInterrupt

    world.at_step = die
    with pytest.raises(KeyboardInterrupt):
        world.come_back(state, browser)
    world.at_step = lambda label: None
    assert len(world.records.all("grants")) == 2
    world.clock.advance(days=6, hours=23)
    sweeper(world).sweep()
    assert len(world.records.all("grants")) == 2  # it may still be completed by another connect
    world.clock.advance(hours=1)
    assert sweeper(world).sweep().failed == 0
    assert list(world.records.all("grants")) == [f"{healthy}:{ERIN}"]
    assert list(world.secrets.kept) == [world.grant(healthy, ERIN).secret]
    ended = {line.consent.sub for line in world.intuit.tokens.lines() if line.ended}
    assert ended == {DANA}
    assert world.connected()


def test_one_that_intuit_does_not_end_now_is_ended_by_a_later_sweep(world: World) -> None:
    connection_id = world.connected()
    world.records.delete("connections", connection_id)
    world.clock.advance(days=7)
    world.secrets.fail = 1
    assert sweeper(world).sweep().failed == 1
    assert len(world.records.all("grants")) == 1
    assert sweeper(world).sweep().failed == 0
    assert (world.records.all("grants"), world.secrets.kept) == ({}, {})


# One that was left in doubt


def test_one_left_in_doubt_is_healed_before_intuits_day_of_grace_is_over() -> None:
    world = World(grace=True)
    connection_id = world.connected()
    world.clock.advance(days=1)
    world.intuit.trouble = ["lost"]  # Intuit has changed the value, and nobody has heard of it
    with pytest.raises(QuickBooksBusy):
        world.tokens.for_connection(connection_id)
    assert sweeper(world).sweep() == Swept(0, 0, 0, None)  # whoever asks may still be at it
    world.clock.advance(hours=1)
    assert sweeper(world).sweep() == Swept(1, 0, 0, None)
    assert world.intuit.accepts(world.refresh_token(connection_id))
    world.clock.advance(days=2)
    assert world.tokens.for_connection(connection_id)
    assert sweeper(world).sweep() == Swept(0, 0, 0, None)


@pytest.mark.parametrize("spare", [False, True], ids=["the active one", "a spare"])
def test_also_one_whose_access_token_is_good_for_a_while(spare: bool) -> None:
    world = World(grace=True)
    connection_id = world.connected()
    world.clock.advance(hours=23, minutes=30)
    token = world.tokens.for_connection(connection_id)
    world.clock.advance(minutes=40)  # and the day is over within the hour of that token
    world.intuit.trouble = ["lost"]
    with pytest.raises(QuickBooksBusy):
        world.tokens.after_refusal(connection_id, token)
    if spare:
        world.connected(BEN, sub=ERIN)
        held = world.records.get("connections", connection_id)
        assert held is not None
        world.records.replace(held, {**held.data, "active_grant": f"{connection_id}:{ERIN}"})
    world.clock.advance(minutes=5)
    assert sweeper(world).sweep() == Swept(1, 0, 0, None)
    assert world.intuit.accepts(world.refresh_token(connection_id))
