"""Consents that nobody uses are refreshed in time, and one that fails stops no other."""

from __future__ import annotations

import pytest

from counterfoil.flows import keep_alive
from counterfoil.flows.keep_alive import KeepAlive, Swept
from counterfoil.flows.leaving import What
from tests.flows.world import ACME, ANA, BEN, DANA, ERIN, HOSTILE, World


@pytest.fixture
def world() -> World:
    return World()


def sweeper(world: World) -> KeepAlive:
    return KeepAlive(world.records, world.tokens, world.leaving, world.clock, lambda: 0.0)


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
    ticks = iter([0.0, 1.0, 200.0])
    short = KeepAlive(world.records, world.tokens, world.leaving, world.clock, lambda: next(ticks))
    first = short.sweep()
    assert (first.refreshed, first.next) == (1, sorted(world.records.all("grants"))[0])
    assert sweeper(world).sweep(first.next) == Swept(1, 0, 0, None)


def test_it_finishes_a_pause_that_was_cut_short(world: World) -> None:
    connection_id = world.connected()
    world.leaving.mark(connection_id, What.PAUSE, ANA)
    assert sweeper(world).sweep() == Swept(0, 0, 1, None)
    assert world.secrets.kept == {}
