"""Acceptances of invitations that meet somebody, stall, or are killed half-way."""

from __future__ import annotations

import pytest

from counterfoil.core.people import Role, User
from tests.flows.at_writes import AtWrite, attempted, killed
from tests.flows.team_world import (
    CARL,
    Change,
    invitations,
    key_of,
    leave,
    lower,
    owners,
    remove,
    team,
)
from tests.flows.world import ANA, BEN, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize("number", range(1, 6))
def test_an_acceptance_that_was_killed_is_finished_by_the_same_person(
    world: World, number: int
) -> None:
    connection_id = world.connected(ANA)
    made = invitations(world).invite(ANA, connection_id, BEN.email, Role.EDITOR)
    killed(world, number, lambda: invitations(world).accept(BEN, made.id))
    # Nobody else has it meanwhile, and they find it again.
    assert attempted(lambda: invitations(world).accept(CARL, made.id) and None) == "not_found"
    assert [each.id for each in invitations(world).mine(BEN)] == [made.id]
    assert invitations(world).accept(BEN, made.id).role is Role.EDITOR
    assert world.records.all("invitations") == {}
    assert len(world.connections.of(BEN)) == 1


@pytest.mark.parametrize("change", [remove, lower, leave])
def test_an_acceptance_that_was_killed_does_not_undo_what_came_after_it(
    world: World, change: Change
) -> None:
    connection_id = world.connected(ANA)
    made = invitations(world).invite(ANA, connection_id, BEN.email, Role.OWNER)
    killed(world, 5, lambda: invitations(world).accept(BEN, made.id))
    assert owners(world, connection_id) == {ANA.sub, BEN.sub}
    assert list(world.records.all("invitations")) == [made.id]
    mine, other = (BEN, ANA) if change is leave else (ANA, BEN)
    change(world, connection_id, mine, other)
    assert attempted(lambda: invitations(world).accept(BEN, made.id) and None) == "not_found"
    assert owners(world, connection_id) == {ANA.sub}


def test_whoever_is_removed_does_not_come_back_by_another_address_of_an_invitation(
    world: World,
) -> None:
    """Google's address of an account changes; who accepted is known by their `sub`."""
    connection_id = world.connected(ANA)
    made = invitations(world).invite(ANA, connection_id, BEN.email, Role.EDITOR)
    held = world.records.get("invitations", made.id)
    assert held is not None
    world.records.replace(held, {**held.data, "accepted_by": BEN.sub})
    world.member(User(BEN.sub, "ben@new.example"), connection_id, Role.EDITOR)
    carls = invitations(world).invite(ANA, connection_id, CARL.email, Role.EDITOR)
    remove(world, connection_id, ANA, BEN)
    assert attempted(lambda: invitations(world).accept(BEN, made.id) and None) == "not_found"
    assert list(world.records.all("invitations")) == [carls.id]


def test_an_acceptance_that_was_killed_can_still_be_withdrawn(world: World) -> None:
    connection_id = world.connected(ANA)
    made = invitations(world).invite(ANA, connection_id, BEN.email, Role.EDITOR)
    killed(world, 3, lambda: invitations(world).accept(BEN, made.id))
    invitations(world).withdraw(ANA, connection_id, made.id)
    assert attempted(lambda: invitations(world).accept(BEN, made.id) and None) == "not_found"
    assert world.connections.of(BEN) == []


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (1, [None, "connection_busy"]),
        (2, ["connection_busy", None]),
        (3, ["not_found", None]),
    ],
)
def test_of_two_accounts_with_one_address_the_first_has_it(
    world: World, number: int, told: list[str | None]
) -> None:
    connection_id = world.connected(ANA)
    made = invitations(world).invite(ANA, connection_id, BEN.email, Role.EDITOR)
    namesake = User("1999", BEN.email)
    found: list[str | None] = []

    def accepted(user: User) -> None:
        found.append(attempted(lambda: invitations(world).accept(user, made.id) and None))

    AtWrite(world, number, lambda: accepted(namesake))
    accepted(BEN)
    assert found == told
    for user in (BEN, namesake):
        accepted(user)
    assert found[2:] == ["not_found", "not_found"]
    first, second = (namesake, BEN) if told[0] is None else (BEN, namesake)
    assert (len(world.connections.of(first)), world.connections.of(second)) == (1, [])


@pytest.mark.parametrize("number", range(2, 6))
@pytest.mark.parametrize("change", [remove, lower], ids=["removed", "lowered"])
def test_an_acceptance_that_stalls_does_not_undo_what_an_owner_does_meanwhile(
    world: World, change: Change, number: int
) -> None:
    """A twin of it came through, and an owner changed that."""
    connection_id = world.connected(ANA)
    made = invitations(world).invite(ANA, connection_id, BEN.email, Role.OWNER)

    def meanwhile() -> None:
        world.clock.advance(seconds=31)
        if BEN.sub not in owners(world, connection_id):
            invitations(world).accept(BEN, made.id)
        change(world, connection_id, ANA, BEN)

    AtWrite(world, number, meanwhile)
    told = attempted(lambda: invitations(world).accept(BEN, made.id) and None)
    assert told in ("connection_busy", "not_found")
    assert attempted(lambda: invitations(world).accept(BEN, made.id) and None) == "not_found"
    assert owners(world, connection_id) == {ANA.sub}
    assert len(world.connections.of(BEN)) == (change is lower)


@pytest.mark.parametrize("number", range(1, 6))
def test_one_that_is_withdrawn_at_any_moment_of_its_acceptance_makes_no_member(
    world: World, number: int
) -> None:
    connection_id = world.connected(ANA)
    made = invitations(world).invite(ANA, connection_id, BEN.email, Role.EDITOR)
    AtWrite(world, number, lambda: invitations(world).withdraw(ANA, connection_id, made.id))
    assert attempted(lambda: invitations(world).accept(BEN, made.id) and None) == "not_found"
    assert world.connections.of(BEN) == []
    assert list(world.records.all("members")) == [f"{connection_id}:{ANA.sub}"]


@pytest.mark.parametrize("number", range(1, 7))
def test_of_two_acceptances_by_one_person_the_other_one_does_not_take_it_back(
    world: World, number: int
) -> None:
    connection_id = world.connected(ANA)
    made = invitations(world).invite(ANA, connection_id, BEN.email, Role.EDITOR)
    told: list[str | None] = []

    def accept() -> None:
        told.append(attempted(lambda: invitations(world).accept(BEN, made.id) and None))

    def meanwhile() -> None:
        world.clock.advance(seconds=31)
        accept()

    AtWrite(world, number, meanwhile)
    accept()
    assert [each.role for each in world.connections.of(BEN)] == [Role.EDITOR]
    assert world.records.all("invitations") == {}
    assert set(told) <= {None, "connection_busy", "not_found"}
    assert None in told


@pytest.mark.parametrize("number", range(1, 7))
@pytest.mark.parametrize("stalls_s", [0, 31], ids=["at once", "it stalls"])
def test_an_acceptance_that_meets_a_change_of_role_is_told_to_try_again(
    world: World, number: int, stalls_s: int
) -> None:
    connection_id = world.connected(ANA)
    made = invitations(world).invite(ANA, connection_id, BEN.email, Role.OWNER)
    world.member(BEN, connection_id, Role.REFRESHER)
    key, owners_word = key_of(world, connection_id, BEN), []

    def meanwhile() -> None:
        world.clock.advance(seconds=stalls_s)
        owners_word.append(
            attempted(lambda: team(world).set_role(ANA, connection_id, key, Role.EDITOR))
        )

    AtWrite(world, number, meanwhile)
    told = attempted(lambda: invitations(world).accept(BEN, made.id) and None)
    assert told in (None, "connection_busy", "not_found")
    assert attempted(lambda: invitations(world).accept(BEN, made.id) and None) == "not_found"
    [seen] = world.connections.of(BEN)
    assert owners_word in ([None], ["connection_busy"])
    assert seen.role is (Role.EDITOR if owners_word == [None] else Role.OWNER)


def test_a_withdrawn_invitation_and_a_declined_one_are_gone(world: World) -> None:
    connection_id = world.connected(ANA)
    for end in (
        lambda id: invitations(world).withdraw(ANA, connection_id, id),
        lambda id: invitations(world).decline(BEN, id),
    ):
        made = invitations(world).invite(ANA, connection_id, BEN.email, Role.EDITOR)
        end(made.id)
        assert invitations(world).mine(BEN) == invitations(world).open(ANA, connection_id) == []
        assert (
            attempted(lambda id=made.id: invitations(world).accept(BEN, id) and None) == "not_found"
        )  # type: ignore[misc]
    assert world.connections.of(BEN) == []


def test_one_that_is_withdrawn_while_it_is_accepted_leaves_no_member_unseen(world: World) -> None:
    connection_id = world.connected(ANA)
    made = invitations(world).invite(ANA, connection_id, BEN.email, Role.EDITOR)
    AtWrite(world, 1, lambda: invitations(world).withdraw(ANA, connection_id, made.id))
    assert attempted(lambda: invitations(world).accept(BEN, made.id) and None) == "not_found"
    assert world.connections.of(BEN) == []


def test_a_role_is_never_lowered_by_an_invitation(world: World) -> None:
    connection_id = world.connected(ANA)
    made = invitations(world).invite(ANA, connection_id, BEN.email, Role.REFRESHER)
    world.member(BEN, connection_id, Role.EDITOR)
    assert invitations(world).accept(BEN, made.id).role is Role.EDITOR
