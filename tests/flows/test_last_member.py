"""A company that is nobody's is deleted: at Intuit, in the store of secrets, and in the records."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest

from counterfoil.core.errors import ConnectionBusy, LastOwner, NotFound, QuickBooksBusy
from counterfoil.core.people import Role, User
from counterfoil.flows.team import Team
from tests.flows.world import ACME, ANA, BEN, DANA, World

CARL = User("1003", "carl@example.com")


class Killed(BaseException):
    pass


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def ownerless(world: World) -> str:
    """Dana's consent, an export, and Ben and Carl, who are editors, are left of Ana's company."""
    id = world.connected(ANA)
    for user in (BEN, CARL):
        world.member(user, id, Role.EDITOR)
    world.exporter(id, user=BEN)
    world.records.delete("members", f"{id}:{ANA.sub}")
    return id


def leave(world: World, user: User, id: str) -> None:
    team = Team(
        records=world.records,
        connections=world.connections,
        leaving=world.leaving,
        now=world.clock,
    )
    team.leave(user, id)


def erase(world: World, user: User, id: str = "") -> None:
    assert world.erasing.erase(user)["left"] == 0


def nothing_is_left(world: World, id: str, token: str) -> bool:
    """But how Ana's connecting ended, which is told for an hour."""
    places = {place: it for place, it in world.records._kept.items() if place[0] != "attempts"}
    kept = repr(places) + repr(world.secrets.kept)
    return id not in kept and ACME not in kept and not world.intuit.accepts(token)


def before_write(world: World, number: int, happens: Callable[[], None]) -> list[int]:
    """Something that happens before the nth write, once; the writes that were made."""
    writes: list[int] = []

    def written(collection: str, id: str) -> None:
        writes.append(len(writes) + 1)
        if len(writes) == number:
            world.records.before_write = lambda collection, id: None
            happens()

    world.records.before_write = written
    return writes


def killed(world: World, number: int, act: Callable[[], None]) -> bool:
    """Whether it came as far as the nth write, and was gone there; then an hour passes."""

    def gone(collection: str, id: str) -> None:
        raise Killed

    def die() -> None:
        world.records.before_write = gone
        raise Killed

    before_write(world, number, die)
    try:
        act()
        return False
    except Killed:
        return True
    finally:
        world.records.before_write = lambda collection, id: None
        world.clock.advance(hours=1)


def test_the_last_owner_who_is_alone_cannot_leave(world: World) -> None:
    id = world.connected(ANA)
    with pytest.raises(LastOwner):
        leave(world, ANA, id)
    assert world.tokens.for_connection(id)


@pytest.mark.parametrize("go", [leave, erase])
def test_who_is_not_the_last_takes_nothing_along(
    world: World, ownerless: str, go: Callable[[World, User, str], None]
) -> None:
    go(world, BEN, ownerless)
    world.clock.advance(hours=1)
    world.upkeep.tick()
    assert [one.id for one in world.connections.of(CARL)] == [ownerless]
    assert world.tokens.for_connection(ownerless)
    assert not world.records.all("connections")[ownerless]["in_doubt"]


@pytest.mark.parametrize("go", [leave, erase])
def test_the_last_member_takes_the_company_along(
    world: World, ownerless: str, go: Callable[[World, User, str], None]
) -> None:
    token = world.refresh_token(ownerless)
    go(world, BEN, ownerless)
    go(world, CARL, ownerless)
    assert nothing_is_left(world, ownerless, token)
    assert DANA not in repr(world.records._kept)
    assert world.secrets.kept == {}


def test_a_token_on_which_another_grant_lives_is_not_revoked(world: World, ownerless: str) -> None:
    """Nobody else's grant has that company and person but one that was copied from a store."""
    token = world.refresh_token(ownerless)
    [(id, data)] = world.records.all("grants").items()
    world.records.create("grants", f"con_elsewhere:{DANA}", {**data, "connection_id": "con_x"})
    leave(world, BEN, ownerless)
    leave(world, CARL, ownerless)
    assert world.intuit.accepts(token)
    assert id not in world.records.all("grants")
    assert world.secrets.kept == {}


@pytest.mark.parametrize("first", [leave, erase])
@pytest.mark.parametrize("second", [leave, erase])
@pytest.mark.parametrize("stalls_s", [0, 31], ids=["at once", "the first one stalls"])
def test_two_last_members_who_go_at_once(
    world: World,
    ownerless: str,
    first: Callable[[World, User, str], None],
    second: Callable[[World, User, str], None],
    stalls_s: int,
) -> None:
    token = world.refresh_token(ownerless)
    counted = before_write(world, 99, lambda: None)
    first(world, BEN, ownerless)
    for number in range(1, len(counted) + 1):
        world = World()
        id = world.connected(ANA)
        token = world.refresh_token(id)
        for user in (BEN, CARL):
            world.member(user, id, Role.EDITOR)
        world.records.delete("members", f"{id}:{ANA.sub}")
        met: list[int] = []

        def meanwhile(world: World = world, id: str = id, met: list[int] = met) -> None:
            met.append(1)
            world.clock.advance(seconds=stalls_s)
            patiently(lambda: second(world, CARL, id))

        before_write(world, number, meanwhile)
        patiently(lambda: first(world, BEN, id))  # noqa: B023 - called at once
        for go, user in ((first, BEN), (second, CARL)):
            patiently(lambda: go(world, user, id))  # noqa: B023
        assert met == [1]
        assert world.connections.of(BEN) == world.connections.of(CARL) == []
        assert nothing_is_left(world, id, token), (number, world.records._kept)


def patiently(go: Callable[[], None]) -> None:
    """As the sentence says: whoever is told to try again does; who is out is told so."""
    with suppress(ConnectionBusy, NotFound):
        go()


@pytest.mark.parametrize("go", [leave, erase])
@pytest.mark.parametrize("by", ["the same call", "the tick"])
def test_it_is_finished_wherever_it_was_killed(
    world: World, ownerless: str, go: Callable[[World, User, str], None], by: str
) -> None:
    number, dies = 0, True
    while dies:
        number += 1
        world = World()
        id = world.connected(ANA)
        token = world.refresh_token(id)
        world.member(BEN, id, Role.EDITOR)
        world.exporter(id, user=BEN)
        world.records.delete("members", f"{id}:{ANA.sub}")
        dies = killed(world, number, lambda: go(world, BEN, id))  # noqa: B023 - called at once
        if by == "the same call":
            patiently(lambda: go(world, BEN, id))  # noqa: B023
        elif world.records.all("connections").get(id, {}).get("leaving"):
            world.upkeep.tick()
        else:
            continue  # before its mark, or after its end: nothing is under way
        left = {place for place, _ in world.records._kept} - {"upkeep", "attempts"}
        # What a killed delete leaves to whoever asked for it, they find by asking again.
        assert left <= ({"members"} if by == "the tick" else set()), (number, left)
        assert not world.intuit.accepts(token)
        assert world.secrets.kept == {}
    assert number > 8


def test_two_who_went_and_died_before_they_had_counted_are_found_by_the_tick(
    world: World, ownerless: str
) -> None:
    """Each has seen the other; whoever comes second dies right after their membership went."""
    token = world.refresh_token(ownerless)
    world.clock.advance(hours=1)
    world.upkeep.tick()
    assert not world.records.all("connections")[ownerless]["in_doubt"]
    with world.leaving.member_goes(ownerless):
        world.records.delete("members", f"{ownerless}:{BEN.sub}")
    going = world.leaving.member_goes(ownerless)
    going.__enter__()
    world.records.delete("members", f"{ownerless}:{CARL.sub}")
    world.clock.advance(minutes=9)
    world.upkeep.tick()
    assert ownerless in world.records.all("connections")  # somebody may still be on their way
    world.clock.advance(minutes=2)
    assert world.upkeep.tick().finished == 1
    assert nothing_is_left(world, ownerless, token)


def test_a_first_consent_that_died_before_its_member_is_finished_by_the_tick(world: World) -> None:
    _, state, browser = world.leave()

    def die(label: str) -> None:
        if label == "connection_stored":
            raise Killed

    world.at_step = die
    with pytest.raises(Killed):
        world.come_back(state, browser)
    world.at_step = lambda label: None
    [id] = world.records.all("connections")
    token = world.refresh_token(id)
    world.clock.advance(minutes=5)
    world.upkeep.tick()
    assert world.intuit.accepts(token)  # the next connect completes it
    world.clock.advance(minutes=6)
    world.upkeep.tick()
    assert nothing_is_left(world, id, token)


def test_who_connects_while_the_tick_finds_nobody_keeps_the_company(world: World) -> None:
    id = world.connected(ANA)
    world.records.delete("members", f"{id}:{ANA.sub}")
    world.clock.advance(hours=1)
    joined: list[str] = []

    def connects(collection: str, place: str) -> None:
        if collection == "connections":
            world.records.before_write = lambda collection, id: None
            joined.append(world.connected(ANA))

    world.records.before_write = connects
    world.upkeep.tick()
    assert joined == [id]
    world.upkeep.tick()
    assert [one.id for one in world.connections.of(ANA)] == [id]
    assert world.tokens.for_connection(id)


def test_whose_membership_is_stored_right_after_the_tick_has_counted_keeps_the_company(
    world: World,
) -> None:
    """The consent was there before the tick looked, and had been told that nothing is marked."""
    id = world.connected(ANA)
    world.records.delete("members", f"{id}:{ANA.sub}")
    world.clock.advance(hours=1)

    def joins(collection: str, place: str) -> None:
        if collection == "connections":
            world.records.before_write = lambda collection, id: None
            world.member(ANA, id, Role.OWNER)

    world.records.before_write = joins
    world.upkeep.tick()
    [seen] = world.connections.of(ANA)
    assert (seen.id, seen.state.value) == (id, "connected")
    assert world.tokens.for_connection(id)


def test_who_connects_while_the_tick_is_deleting_is_told_to_connect_again(world: World) -> None:
    id = world.connected(ANA)
    world.records.delete("members", f"{id}:{ANA.sub}")
    world.clock.advance(hours=1)
    revoke = world.intuit.revoke

    def away(token: str) -> None:
        raise QuickBooksBusy("Intuit did not answer.")

    def ticks(collection: str, place: str) -> None:
        if collection == "members":
            world.records.before_write = lambda collection, id: None
            world.intuit.revoke = away  # type: ignore[method-assign]
            world.upkeep.tick()
            world.intuit.revoke = revoke  # type: ignore[method-assign]

    _, state, browser = world.leave(ANA)
    world.records.before_write = ticks
    assert world.come_back(state, browser).value == "busy"
    world.upkeep.tick()
    assert world.records.all("members") == {}
    assert world.connected(ANA) != id


def test_when_intuit_does_not_answer_the_tick_ends_it_later(world: World, ownerless: str) -> None:
    token = world.refresh_token(ownerless)
    leave(world, BEN, ownerless)
    revoke = world.intuit.revoke

    def away(token: str) -> None:
        raise QuickBooksBusy("Intuit did not answer.")

    world.intuit.revoke = away  # type: ignore[method-assign]
    with pytest.raises(QuickBooksBusy):
        leave(world, CARL, ownerless)
    world.intuit.revoke = revoke  # type: ignore[method-assign]
    assert world.intuit.accepts(token)
    world.upkeep.tick()
    assert nothing_is_left(world, ownerless, token)
