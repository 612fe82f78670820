"""Changes of a team that meet each other, stall, or are killed half-way."""

from __future__ import annotations

import pytest

from counterfoil.core.people import Role
from tests.flows.at_writes import AtWrite, attempted
from tests.flows.team_world import (
    CARL,
    Change,
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
