"""Which consent a company lives on, while somebody else writes the same record all the time."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from counterfoil.core.errors import ConnectionBusy, ConnectionSuspect, ServiceUnavailable
from counterfoil.core.grants import GrantState
from counterfoil.core.people import ConnectionState
from tests.flows.world import ACME, ANA, BEN, DANA, ERIN, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def connection(world: World) -> str:
    id = world.connected()
    world.clock.advance(hours=2)
    return id


def others_write(world: World, connection_id: str) -> Callable[[], int]:
    """Somebody renames the company before each write of ours; how many those were."""
    numbers = count(1)
    met = [0]

    def between(collection: str, id: str) -> None:
        if (collection, id) != ("connections", connection_id):
            return
        met[0] += 1
        world.records.before_write = lambda collection, id: None
        held = world.records.get("connections", connection_id)
        assert held is not None
        world.records.replace(held, {**held.data, "label": f"Acme {next(numbers)}"})
        world.records.before_write = between

    world.records.before_write = between
    return lambda: met[0]


def state(world: World) -> ConnectionState:
    [seen] = world.connections.of(ANA)
    return seen.state


def test_a_good_token_is_handed_out_though_its_state_cannot_be_noted(
    world: World, connection: str, caplog: pytest.LogCaptureFixture
) -> None:
    held = world.records.get("connections", connection)
    assert held is not None
    world.records.replace(held, {**held.data, "state": "suspect"})
    met = others_write(world, connection)
    assert world.tokens.for_connection(connection)
    assert met() == 8
    assert [record.msg for record in caplog.records if record.levelname == "WARNING"] == [
        "left over"
    ]
    # The next one notes it.
    world.records.before_write = lambda collection, id: None
    world.clock.advance(hours=2)
    assert world.tokens.for_connection(connection)
    assert state(world) is ConnectionState.CONNECTED


def test_a_spare_that_cannot_take_over_is_waited_for_and_then_said_to_be_busy(
    world: World, connection: str
) -> None:
    world.connected(BEN, sub=ERIN)
    held = world.records.get("grants", f"{connection}:{DANA}")
    assert held is not None
    world.records.replace(held, {**held.data, "state": GrantState.REFUSED.value})
    world.clock.advance(hours=2)
    met = others_write(world, connection)
    began = world.clock.slept
    with pytest.raises(ConnectionBusy):
        world.tokens.for_connection(connection)
    assert world.clock.slept - began == pytest.approx(15)
    assert 15 <= met() <= 25
    world.records.before_write = lambda collection, id: None
    assert world.tokens.for_connection(connection)
    assert world.records.all("connections")[connection]["active_grant"] == f"{connection}:{ERIN}"


def test_a_consent_that_is_gone_is_looked_past_only_so_often(world: World, connection: str) -> None:
    world.connected(BEN, sub=ERIN)
    world.records.delete("grants", f"{connection}:{DANA}")
    met = others_write(world, connection)
    with pytest.raises(ServiceUnavailable):
        world.tokens.for_connection(connection)
    assert met() == 8


def test_a_refusal_whose_note_fails_is_said_all_the_same(world: World, connection: str) -> None:
    world.intuit.tokens.disconnect(ACME)
    others_write(world, connection)
    with pytest.raises(ConnectionSuspect):
        world.tokens.for_connection(connection)
    assert world.grant(connection).state is GrantState.SUSPECT
    assert state(world) is ConnectionState.CONNECTED
    world.records.before_write = lambda collection, id: None
    world.clock.advance(minutes=1)
    with pytest.raises(ConnectionSuspect):
        world.tokens.for_connection(connection)
    assert state(world) is ConnectionState.SUSPECT
