"""Which companies a user reaches, and what a stranger learns."""

from __future__ import annotations

import pytest

from counterfoil.core.errors import Forbidden, NotFound
from counterfoil.core.people import Role, User
from tests.flows.world import ANA, BEN, ERIN, World


@pytest.fixture
def world() -> World:
    return World()


def with_role(world: World, connection_id: str, user: User, role: str) -> None:
    world.records.create(
        "members",
        f"{connection_id}:{user.sub}",
        {"connection_id": connection_id, "user": user.sub, "email": user.email, "role": role},
    )


def test_a_foreign_connection_answers_as_a_missing_one(world: World) -> None:
    connection_id = world.connected(ANA)
    words = set()
    for asked in (connection_id, "con_missing0000", "", "x", "con_../x", "con_" + "x" * 5000):
        with pytest.raises(NotFound) as error:
            world.connections.reachable(BEN, asked, Role.REFRESHER)
        words.add((error.value.message, str(error.value.details)))
    assert len(words) == 1
    assert world.connections.of(BEN) == []


@pytest.mark.parametrize(
    ("role", "reaches"),
    [
        ("owner", [Role.OWNER, Role.EDITOR, Role.REFRESHER]),
        ("editor", [Role.EDITOR, Role.REFRESHER]),
        ("refresher", [Role.REFRESHER]),
    ],
)
def test_a_role_reaches_so_far(world: World, role: str, reaches: list[Role]) -> None:
    connection_id = world.connected(ANA)
    with_role(world, connection_id, BEN, role)
    for needed in Role:
        if needed in reaches:
            seen = world.connections.reachable(BEN, connection_id, needed)
            assert seen.role.value == role
        else:
            with pytest.raises(Forbidden, match="Acme Landscaping"):
                world.connections.reachable(BEN, connection_id, needed)


def test_whoever_brings_a_consent_becomes_an_owner(world: World) -> None:
    connection_id = world.connected(ANA)
    with_role(world, connection_id, BEN, "refresher")
    world.connected(BEN, sub=ERIN)
    assert world.connections.reachable(BEN, connection_id, Role.OWNER).role is Role.OWNER


def test_a_user_with_very_many_companies_sees_them_all(world: World) -> None:
    connection_id = world.connected(ANA)
    template = world.records.all("connections")[connection_id]
    for number in range(250):
        id = f"con_{number:08d}"
        world.records.create("connections", id, {**template, "name": f"Company {number:03d}"})
        with_role(world, id, ANA, "editor")
    seen = world.connections.of(ANA)
    assert len(seen) == 251
    assert [each.name for each in seen[:2]] == ["Acme Landscaping", "Company 000"]


def test_a_membership_without_its_connection_is_passed_over(world: World) -> None:
    with_role(world, "con_gone00000", ANA, "owner")
    assert world.connections.of(ANA) == []
    with pytest.raises(NotFound):
        world.connections.reachable(ANA, "con_gone00000", Role.REFRESHER)


def test_a_connection_without_its_grant_is_still_shown(world: World) -> None:
    connection_id = world.connected(ANA)
    held = world.records.get("connections", connection_id)
    assert held is not None
    world.records.delete("grants", held.data["active_grant"])
    [seen] = world.connections.of(ANA)
    assert (seen.connected_by, seen.expires_in_days, seen.health) == ("", None, "good")
