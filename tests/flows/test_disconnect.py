"""Pausing and deleting a company: what ends, what stays, who is asked, and a kill at each step."""

from __future__ import annotations

from dataclasses import replace

import pytest

from counterfoil.core.errors import (
    ConnectionBusy,
    ConnectionPaused,
    Forbidden,
    NotFound,
    QuickBooksBusy,
    ServiceUnavailable,
)
from counterfoil.core.grants import refresh_lease
from counterfoil.core.people import ConnectionState, Role
from counterfoil.core.refresh_times import LEASE_LASTS
from counterfoil.core.stores import SealBroken
from counterfoil.flows.leases import Leases
from counterfoil.flows.leaving import What
from tests.flows.disconnecting import DELETE, EVERYTHING, PAUSE, kept, left
from tests.flows.world import ACME, ANA, BEN, DANA, ERIN, HOSTILE, World


@pytest.fixture
def world() -> World:
    return World()


def test_a_pause_ends_every_consent_and_keeps_the_rest(world: World) -> None:
    connection_id = world.connected(ANA, sub=DANA)
    world.connected(BEN, sub=ERIN)
    world.exporter(connection_id)
    tokens = [world.refresh_token(connection_id, sub) for sub in (DANA, ERIN)]
    world.disconnect.leave(ANA, connection_id, PAUSE, confirm=None)

    assert not any(world.intuit.accepts(token) for token in tokens)
    assert world.secrets.kept == {}
    assert kept(world, *EVERYTHING) == {
        "connections": 1, "members": 2, "grants": 0, "exporters": 1, "uses": 0, "realms": 1,
        "invitations": 0,
    }  # fmt: skip
    [seen] = world.connections.of(ANA)
    assert seen.state is ConnectionState.PAUSED
    assert seen.health.startswith("paused: press Reconnect")
    with pytest.raises(ConnectionPaused):
        world.tokens.for_connection(connection_id)
    assert world.records.all("leases") == {}
    assert not any(world.knows(sub) for sub in (DANA, ERIN))  # who they are at Intuit


def test_a_consent_brings_a_paused_company_back_with_its_exports(world: World) -> None:
    connection_id = world.connected()
    exporter = world.exporter(connection_id)
    left(world, connection_id, PAUSE)
    world.clock.advance(minutes=1)
    assert world.connected(reconnect=connection_id) == connection_id
    assert world.tokens.for_connection(connection_id)
    assert list(world.records.all("exporters")) == [exporter]
    [seen] = world.connections.of(ANA)
    assert seen.state is ConnectionState.CONNECTED


def test_a_delete_leaves_nothing_of_the_company(world: World) -> None:
    connection_id = world.connected()
    other = world.connected(realm=HOSTILE)
    world.member(BEN, connection_id, Role.EDITOR)
    world.exporter(connection_id)
    stays = world.exporter(other)
    left(world, connection_id, DELETE)
    assert list(world.records.all("exporters")) == [stays]
    assert [each.id for each in world.connections.of(ANA)] == [other]
    assert world.connections.of(BEN) == []
    for name in (*EVERYTHING, "leases"):
        assert connection_id not in repr(world.records.all(name)), name
    assert ACME not in repr(world.records.all("realms"))
    with pytest.raises(NotFound):
        world.tokens.for_connection(connection_id)
    assert world.tokens.for_connection(other)


def test_a_delete_ends_every_consent_of_hundreds(world: World) -> None:
    connection_id = world.connected()
    for number in range(201):
        grant = replace(world.grant(connection_id), sub=f"intuit-{number:03}")
        world.records.create("grants", grant.id, grant.as_record())
        world.secrets.add(grant.secret, f"refresh-{number}".encode())
    left(world, connection_id, DELETE)
    assert kept(world, "grants") == {"grants": 0}
    assert not any(world.secrets.kept.values())


def test_a_deleted_company_connects_anew(world: World) -> None:
    connection_id = world.connected()
    left(world, connection_id, DELETE)
    world.clock.advance(minutes=1)
    again = world.connected()
    assert again != connection_id
    assert world.tokens.for_connection(again)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REFRESHER])
def test_only_an_owner_can(world: World, role: Role) -> None:
    connection_id = world.connected()
    world.member(BEN, connection_id, role)
    for what in What:
        with pytest.raises(Forbidden):
            world.disconnect.leave(BEN, connection_id, what, confirm=None)
    assert world.tokens.for_connection(connection_id)


def test_a_stranger_learns_nothing(world: World) -> None:
    connection_id = world.connected()
    words = set()
    for asked in (connection_id, "con_missing0000", "x"):
        for what in What:
            with pytest.raises(NotFound) as error:
                world.disconnect.leave(BEN, asked, what, confirm=None)
            words.add(error.value.message)
    assert len(words) == 1


def test_a_consent_on_which_another_stored_grant_lives_is_not_revoked(world: World) -> None:
    connection_id = world.connected()
    grant = world.grant(connection_id)
    twin = {**grant.as_record(), "connection_id": "con_twin00000000"}
    world.records.create("grants", f"con_twin00000000:{DANA}", twin)
    left(world, connection_id, PAUSE)
    assert world.intuit.revoked == []
    assert list(world.records.all("grants")) == [f"con_twin00000000:{DANA}"]


def test_the_newest_value_is_revoked_when_a_holder_died_before_pointing_at_it(world: World) -> None:
    connection_id = world.connected()
    grant = world.grant(connection_id)
    world.clock.advance(hours=30)
    newest = str(world.intuit.refresh(world.refresh_token(connection_id))["refresh_token"])
    world.secrets.add(grant.secret, newest.encode())
    left(world, connection_id, PAUSE)
    assert world.intuit.revoked[0] == newest
    assert not world.intuit.accepts(newest)


def test_a_refresh_under_way_is_waited_for_and_never_cut_short(world: World) -> None:
    connection_id = world.connected()
    leases = Leases(world.records, world.clock)
    held = leases.take(refresh_lease(f"{connection_id}:{DANA}"), LEASE_LASTS)
    assert held is not None
    with pytest.raises(ConnectionBusy):
        left(world, connection_id, PAUSE)
    assert world.intuit.revoked == []
    with pytest.raises(ConnectionPaused):  # but nothing new begins
        world.tokens.for_connection(connection_id)
    leases.release(held)
    left(world, connection_id, PAUSE)
    assert kept(world, "grants") == {"grants": 0}


def test_when_intuit_does_not_confirm_the_same_call_ends_it_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection_id = world.connected()

    def away(token: str) -> None:
        raise QuickBooksBusy("503")

    with monkeypatch.context() as broken:
        broken.setattr(world.intuit, "revoke", away)
        with pytest.raises(QuickBooksBusy):
            left(world, connection_id, DELETE)
    assert world.secrets.kept  # what is not revoked is not thrown away
    assert list(world.leaving.under_way()) == [connection_id]
    left(world, connection_id, DELETE)
    assert list(world.leaving.under_way()) == []
    assert world.secrets.kept == {}


@pytest.mark.parametrize("what", [PAUSE, DELETE])
def test_a_lost_master_key_is_told_and_a_secret_that_the_operator_removed_is_passed_over(
    world: World, what: What, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection_id = world.connected()

    def other_key(name: str, version: str) -> bytes:
        raise SealBroken

    with monkeypatch.context() as broken:
        broken.setattr(world.secrets, "read", other_key)
        with pytest.raises(ServiceUnavailable) as told:
            left(world, connection_id, what)
    assert told.value.message == (
        "A consent of this company cannot be ended at QuickBooks: Counterfoil cannot open its own "
        "store. Tell whoever runs it that its master key changed; what to do then is in the "
        "runbook. You can end the consent yourself: press Disconnect inside QuickBooks."
    )
    assert kept(world, "grants", "connections") == {"grants": 1, "connections": 1}
    world.secrets.delete(world.grant(connection_id).secret)  # docs/runbook.md
    left(world, connection_id, what)
    assert kept(world, "grants") == {"grants": 0}
    assert list(world.leaving.under_way()) == []
