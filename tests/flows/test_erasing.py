""" "Delete everything about me": out of both stores, and nothing of it is left."""

from __future__ import annotations

import pytest

from counterfoil.core.people import Role
from counterfoil.flows.erasing import Erasing
from counterfoil.flows.grants import Grants
from counterfoil.flows.invitations import Invitations
from tests.flows.world import ANA, BEN, DANA, ERIN, SHEET, World


@pytest.fixture
def world() -> World:
    return World()


def erased(world: World) -> dict[str, int]:
    grants = Grants(world.records, world.secrets, world.sealer)
    return Erasing(records=world.records, grants=grants, leaving=world.leaving).erase(ANA)


def everything(world: World) -> str:
    return repr(world.records._kept) + repr(world.secrets.kept)


def test_nothing_of_a_user_who_was_alone_is_left(world: World) -> None:
    connection_id = world.connected(ANA, sub=DANA)
    world.exporter(connection_id)
    world.connect.ticket(ANA, SHEET)
    world.leave(ANA)
    Invitations(records=world.records, connections=world.connections, now=world.clock).invite(
        ANA, connection_id, BEN.email, Role.EDITOR
    )
    token = world.refresh_token(connection_id)
    gone = erased(world)
    assert (gone["companies"], gone["memberships"], gone["left"]) == (1, 0, 0)
    assert not world.intuit.accepts(token)
    for trace in (ANA.sub, ANA.email, SHEET.digest, DANA, connection_id):
        assert trace not in everything(world), trace


def test_a_shared_company_stays_with_the_others(world: World) -> None:
    connection_id = world.connected(ANA, sub=DANA)
    world.connected(BEN, sub=ERIN)
    exporter = world.exporter(connection_id)
    token = world.refresh_token(connection_id, DANA)
    gone = erased(world)
    assert (gone["companies"], gone["consents"], gone["memberships"], gone["left"]) == (0, 1, 1, 0)
    assert not world.intuit.accepts(token)
    for trace in (ANA.sub, ANA.email, DANA):
        assert trace not in everything(world), trace
    assert world.tokens.for_connection(connection_id)  # on Ben's consent
    assert world.records.all("exporters")[exporter]["paused"] == "author_gone"


def test_without_another_consent_a_shared_company_needs_one(world: World) -> None:
    connection_id = world.connected(ANA)
    world.member(BEN, connection_id, Role.EDITOR)
    erased(world)
    [seen] = world.connections.of(BEN)
    assert seen.state.value == "needs_reconnection"


def test_erasing_twice_is_fine(world: World) -> None:
    world.connected(ANA)
    erased(world)
    assert erased(world) == {"companies": 0, "consents": 0, "memberships": 0, "left": 0}


def test_an_acceptance_that_was_cut_short_is_forgotten_too(world: World) -> None:
    connection_id = world.connected(BEN)
    invitations = Invitations(records=world.records, connections=world.connections, now=world.clock)
    made = invitations.invite(BEN, connection_id, "ana.of.old@example.com", Role.EDITOR)
    held = world.records.get("invitations", made.id)
    assert held is not None
    world.records.replace(held, {**held.data, "accepted_by": ANA.sub})
    assert erased(world)["invitations"] == 1
    assert ANA.sub not in everything(world)
