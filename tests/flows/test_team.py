"""Members, invitations, and exports whose author is gone."""

from __future__ import annotations

import pytest

from counterfoil.core.errors import ExporterPaused, Forbidden, LastOwner, NotFound
from counterfoil.core.people import Role, User
from counterfoil.flows.invitations import Invitations
from counterfoil.flows.saved import SavedExports, may_run
from counterfoil.flows.team import Team
from tests.flows.world import ANA, BEN, SHEET, World

CARL = User("1003", "carl@example.com")


@pytest.fixture
def world() -> World:
    return World()


def team(world: World) -> Team:
    return Team(
        records=world.records,
        connections=world.connections,
        leaving=world.leaving,
        now=world.clock,
    )


def invitations(world: World) -> Invitations:
    return Invitations(records=world.records, connections=world.connections, now=world.clock)


def key_of(world: World, connection_id: str, user: User) -> str:
    members = team(world).members(ANA, connection_id)
    return next(each.key for each in members if each.email == user.email)


def test_an_invitation_is_for_one_address_once_and_then_for_its_sub(world: World) -> None:
    connection_id = world.connected()
    made = invitations(world).invite(ANA, connection_id, "Ben@Example.com", Role.EDITOR)
    with pytest.raises(NotFound):
        invitations(world).accept(CARL, made.id)
    [seen] = invitations(world).mine(BEN)
    assert (seen.company, seen.role, seen.by) == ("Acme Landscaping", Role.EDITOR, ANA.email)
    assert invitations(world).accept(BEN, made.id).role is Role.EDITOR
    with pytest.raises(NotFound):
        invitations(world).accept(BEN, made.id)
    # The address changes hands; the membership does not.
    with pytest.raises(NotFound):
        world.connections.reachable(User("9", BEN.email), connection_id, Role.REFRESHER)
    renamed = User(BEN.sub, "ben@new.example")
    assert world.connections.reachable(renamed, connection_id, Role.EDITOR)


def test_an_invitation_ends_after_seven_days(world: World) -> None:
    connection_id = world.connected()
    made = invitations(world).invite(ANA, connection_id, BEN.email, Role.EDITOR)
    world.clock.advance(days=7)
    assert invitations(world).mine(BEN) == []
    with pytest.raises(NotFound):
        invitations(world).accept(BEN, made.id)


def test_an_invitation_falls_with_its_inviter(world: World) -> None:
    connection_id = world.connected()
    world.member(CARL, connection_id, Role.OWNER)
    made = invitations(world).invite(CARL, connection_id, BEN.email, Role.OWNER)
    team(world).set_role(ANA, connection_id, key_of(world, connection_id, CARL), Role.EDITOR)
    with pytest.raises(NotFound):
        invitations(world).accept(BEN, made.id)


def test_nobody_changes_their_own_role_and_the_last_owner_stays(world: World) -> None:
    connection_id = world.connected()
    me = key_of(world, connection_id, ANA)
    for change in (
        lambda: team(world).set_role(ANA, connection_id, me, Role.REFRESHER),
        lambda: team(world).remove(ANA, connection_id, me),
    ):
        with pytest.raises(Forbidden, match="their own role"):
            change()
    world.member(BEN, connection_id, Role.EDITOR)
    with pytest.raises(LastOwner):
        team(world).leave(ANA, connection_id)
    team(world).set_role(ANA, connection_id, key_of(world, connection_id, BEN), Role.OWNER)
    team(world).leave(ANA, connection_id)
    assert world.connections.of(ANA) == []


@pytest.mark.parametrize("how", ["removed", "lowered", "behind our back"])
def test_an_export_rests_when_its_author_is_gone_until_an_editor_adopts_it(
    world: World, how: str
) -> None:
    connection_id = world.connected()
    world.member(BEN, connection_id, Role.EDITOR)
    exporter = world.exporter(connection_id, user=BEN)
    key = key_of(world, connection_id, BEN)
    if how == "removed":
        team(world).remove(ANA, connection_id, key)
    elif how == "lowered":
        team(world).set_role(ANA, connection_id, key, Role.REFRESHER)
    else:
        world.records.delete("members", f"{connection_id}:{BEN.sub}")

    def run() -> object:
        held = world.exporters.of(SHEET, exporter)
        return may_run(ANA, held, world.connections, world.exporters)

    with pytest.raises(ExporterPaused):
        run()
    assert world.records.all("exporters")[exporter]["paused"] == "author_gone"
    saved = SavedExports(world.records, world.sealer, world.clock, world.connections)
    assert saved.adopt(ANA, SHEET, exporter).author == ANA.sub
    assert run()
