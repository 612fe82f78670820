"""Changes of a team that meet each other, stall, or are killed half-way."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from counterfoil.core.errors import AppError
from counterfoil.core.people import Role, User
from counterfoil.flows.invitations import Invitations
from counterfoil.flows.team import Team, member_key
from tests.flows.world import ANA, BEN, World

CARL = User("1003", "carl@example.com")
Change = Callable[[World, str, User, User], None]


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


def lower(world: World, connection_id: str, mine: User, other: User) -> None:
    team(world).set_role(mine, connection_id, key_of(world, connection_id, other), Role.EDITOR)


def remove(world: World, connection_id: str, mine: User, other: User) -> None:
    team(world).remove(mine, connection_id, key_of(world, connection_id, other))


def leave(world: World, connection_id: str, mine: User, other: User) -> None:
    team(world).leave(mine, connection_id)


def key_of(world: World, connection_id: str, user: User) -> str:
    held = world.records.get("members", f"{connection_id}:{user.sub}")
    return member_key(held) if held else "0" * 24


def owners(world: World, connection_id: str) -> set[str]:
    return {
        str(member["user"])
        for member in world.records.all("members").values()
        if member["connection_id"] == connection_id and member["role"] == "owner"
    }


class Killed(BaseException):
    """The process is gone: nothing of it runs on."""


class AtWrite:
    """Something that happens before the nth write."""

    def __init__(self, world: World, number: int, happens: Callable[[], None]) -> None:
        self.writes = 0
        self.happened = False
        self._world, self._number, self._happens = world, number, happens
        world.records.before_write = self._written

    def _written(self, collection: str, id: str) -> None:
        self.writes += 1
        if self.writes == self._number:
            self._world.records.before_write = lambda collection, id: None
            self.happened = True
            self._happens()


def killed(world: World, number: int, change: Callable[[], object]) -> None:
    """At the nth write the process is gone: not even its leases are given back. Time passes."""

    def die() -> None:
        world.records.before_write = lambda collection, id: gone()
        gone()

    dies = AtWrite(world, number, die)
    with pytest.raises(Killed):
        change()
    assert dies.happened
    world.records.before_write = lambda collection, id: None
    world.clock.advance(seconds=31)


def gone() -> None:
    raise Killed


def attempted(change: Callable[[], None]) -> str | None:
    """The code of its refusal."""
    try:
        change()
    except AppError as error:
        return error.code
    return None


PAIRS = [(lower, lower), (lower, leave), (leave, leave), (remove, remove), (remove, leave),
         (leave, lower), (lower, remove)]  # fmt: skip


@pytest.mark.parametrize("stalls_s", [0, 31], ids=["at once", "the first one stalls"])
@pytest.mark.parametrize("number", range(1, 4))
@pytest.mark.parametrize(
    ("first", "second"), PAIRS, ids=[f"{one.__name__}, {two.__name__}" for one, two in PAIRS]
)
def test_of_two_owners_who_act_on_each_other_one_stays(
    world: World, first: Change, second: Change, number: int, stalls_s: int
) -> None:
    connection_id = world.connected(ANA)
    world.member(BEN, connection_id, Role.OWNER)
    refused: list[str | None] = []

    def meanwhile() -> None:
        world.clock.advance(seconds=stalls_s)
        refused.append(attempted(lambda: second(world, connection_id, BEN, ANA)))

    AtWrite(world, number, meanwhile)
    refused.append(attempted(lambda: first(world, connection_id, ANA, BEN)))
    world.records.before_write = lambda collection, id: None
    assert len(owners(world, connection_id)) >= 1
    assert set(refused) <= {
        None, "connection_busy", "forbidden", "not_found", "last_owner",
    }  # fmt: skip


def test_the_pairs_meet_at_every_write_of_a_change(world: World) -> None:
    """Else the numbers above would be too few."""
    connection_id = world.connected(ANA)
    world.member(BEN, connection_id, Role.OWNER)
    counted = AtWrite(world, 99, lambda: None)
    lower(world, connection_id, ANA, BEN)
    assert counted.writes == 3


def test_one_that_is_repeated_after_a_busy_answer_is_done(world: World) -> None:
    connection_id = world.connected(ANA)
    world.member(BEN, connection_id, Role.OWNER)
    world.member(CARL, connection_id, Role.OWNER)
    told: list[str | None] = []
    AtWrite(
        world, 2, lambda: told.append(attempted(lambda: lower(world, connection_id, BEN, CARL)))
    )
    lower(world, connection_id, ANA, CARL)
    assert told == ["connection_busy"]
    assert owners(world, connection_id) == {ANA.sub, BEN.sub}


def test_a_company_that_has_no_owner_can_be_left(world: World) -> None:
    connection_id = world.connected(ANA)
    world.member(BEN, connection_id, Role.EDITOR)
    world.records.delete("members", f"{connection_id}:{ANA.sub}")
    team(world).leave(BEN, connection_id)
    assert world.connections.of(BEN) == []


# Invitations


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
