"""A company's team as tests change it: a world, its people, and what one does to another."""

from __future__ import annotations

from collections.abc import Callable

from counterfoil.core.people import Role, User
from counterfoil.flows.invitations import Invitations
from counterfoil.flows.team import Team, member_key
from tests.flows.world import World

CARL = User("1003", "carl@example.com")
Change = Callable[[World, str, User, User], None]


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
