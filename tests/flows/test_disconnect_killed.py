"""A pause or a delete that dies at any of its steps is finished, by whoever comes next."""

from __future__ import annotations

import pytest

from counterfoil.core.connecting import Outcome
from counterfoil.core.errors import (
    NotFound,
)
from counterfoil.core.people import Role, User
from counterfoil.flows.leaving import What
from tests.flows.world import ANA, BEN, DANA, ERIN, World

PAUSE, DELETE = What.PAUSE, What.DELETE
EVERYTHING = ("connections", "members", "grants", "exporters", "uses", "realms", "invitations")


@pytest.fixture
def world() -> World:
    return World()


def left(world: World, connection_id: str, what: What, user: User = ANA) -> None:
    """Left with the confirmation that was asked for."""
    confirm = world.disconnect.preview(user, connection_id, what).confirm
    world.disconnect.leave(user, connection_id, what, confirm=confirm)


def kept(world: World, *collections: str) -> dict[str, int]:
    return {name: len(world.records.all(name)) for name in collections}


class Killed(BaseException):
    """The process is gone: no `except Exception` sees it."""


PAUSE_STEPS = ["leaving_marked", "revoked", "secret_destroyed", "grant_removed", "pause_settled"]


DELETE_STEPS = [
    "leaving_marked", "revoked", "secret_destroyed", "grant_removed", "exporters_removed",
    "members_removed", "realm_freed", "connection_removed",
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "steps"), [(PAUSE, PAUSE_STEPS), (DELETE, DELETE_STEPS)], ids=["pause", "delete"]
)
def test_the_steps_come_in_this_order(world: World, what: What, steps: list[str]) -> None:
    connection_id = world.connected()
    world.steps.clear()
    left(world, connection_id, what)
    assert world.steps == steps


def killed_at(world: World, connection_id: str, what: What, label: str) -> None:
    def die(step: str) -> None:
        if step == label:
            raise Killed

    confirm = world.disconnect.preview(ANA, connection_id, what).confirm
    world.at_step = die
    with pytest.raises(Killed):
        world.disconnect.leave(ANA, connection_id, what, confirm=confirm)
    world.at_step = lambda label: None
    world.clock.advance(seconds=200)  # the dead process' lease


def finished_by_the_same_call(world: World, connection_id: str, what: What) -> None:
    try:
        confirm = world.disconnect.preview(ANA, connection_id, what).confirm
    except NotFound:
        confirm = ""
    world.disconnect.leave(ANA, connection_id, what, confirm=confirm)


def finished_by_the_sweep(world: World, connection_id: str, what: What) -> None:
    for id in list(world.leaving.under_way()):
        world.leaving.finish(id)


@pytest.mark.parametrize("label", DELETE_STEPS)
@pytest.mark.parametrize("finish", [finished_by_the_same_call, finished_by_the_sweep])
def test_a_delete_that_was_killed_is_finished(world: World, label: str, finish: object) -> None:
    connection_id = world.connected()
    world.member(BEN, connection_id, Role.EDITOR)
    world.exporter(connection_id)
    token = world.refresh_token(connection_id)
    killed_at(world, connection_id, DELETE, label)
    finish(world, connection_id, DELETE)  # type: ignore[operator]
    assert not world.intuit.accepts(token)
    assert world.secrets.kept == {}
    nothing = dict.fromkeys(EVERYTHING, 0)
    if label == "connection_removed" and finish is finished_by_the_sweep:
        nothing["members"] = 1  # reaches nothing; the same call and the next sweep of it remove it
        assert world.connections.of(ANA) == []
    assert kept(world, *EVERYTHING) == nothing


@pytest.mark.parametrize("label", PAUSE_STEPS)
@pytest.mark.parametrize("finish", [finished_by_the_same_call, finished_by_the_sweep])
def test_a_pause_that_was_killed_is_finished(world: World, label: str, finish: object) -> None:
    connection_id = world.connected()
    token = world.refresh_token(connection_id)
    killed_at(world, connection_id, PAUSE, label)
    finish(world, connection_id, PAUSE)  # type: ignore[operator]
    assert not world.intuit.accepts(token)
    assert (world.secrets.kept, kept(world, "grants", "members")) == (
        {},
        {"grants": 0, "members": 1},
    )
    assert world.records.all("connections")[connection_id]["leaving"] is None
    world.clock.advance(minutes=1)
    world.connected(reconnect=connection_id)
    assert world.tokens.for_connection(connection_id)


@pytest.mark.parametrize("label", PAUSE_STEPS)
def test_a_consent_finishes_a_killed_pause_before_it_is_used(world: World, label: str) -> None:
    connection_id = world.connected()
    killed_at(world, connection_id, PAUSE, label)
    world.connected(reconnect=connection_id)
    world.clock.advance(hours=2)
    assert world.tokens.for_connection(connection_id)
    assert list(world.leaving.under_way()) == []


@pytest.mark.parametrize("what", [PAUSE, DELETE])
def test_a_secret_that_was_made_anew_after_the_end_of_its_company_is_not_kept(
    world: World, what: What, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection_id = world.connected()
    _, state, browser = world.leave()
    add = world.secrets.add

    def left_just_before(name: str, payload: bytes) -> str:
        world.clock.advance(seconds=1)
        left(world, connection_id, what)
        return add(name, payload)

    monkeypatch.setattr(world.secrets, "add", left_just_before)
    assert world.come_back(state, browser) is Outcome.BUSY
    assert kept(world, "grants") == {"grants": 0}
    assert world.secrets.kept == {}
    assert all(line.ended for line in world.intuit.tokens.lines())


@pytest.mark.parametrize("label", ["realm_claimed", "secret_stored", "grant_stored"])
@pytest.mark.parametrize("sub", [DANA, ERIN])
@pytest.mark.parametrize("what", [PAUSE, DELETE])
def test_a_consent_that_was_overtaken_by_the_end_of_its_company_is_not_kept(
    world: World, label: str, sub: str, what: What
) -> None:
    connection_id = world.connected(sub=DANA)
    _, state, browser = world.leave()

    def left_meanwhile(step: str) -> None:
        if step == label:
            world.at_step = lambda label: None
            world.clock.advance(seconds=1)
            left(world, connection_id, what)

    world.at_step = left_meanwhile
    outcome = world.come_back(state, browser, sub=sub)
    assert outcome is Outcome.BUSY
    assert kept(world, "grants") == {"grants": 0}
    assert not any(world.secrets.kept.values())
    assert all(line.ended for line in world.intuit.tokens.lines())
