""" "Delete everything about me": out of both stores, and nothing of it is left."""

from __future__ import annotations

from typing import Any

import pytest

from counterfoil.core.errors import ReconnectRequired, ServiceUnavailable
from counterfoil.core.grants import secret_name
from counterfoil.core.people import Role
from counterfoil.flows.invitations import Invitations
from counterfoil.flows.run_leases import RunLeases
from tests.flows.world import ANA, BEN, DANA, ERIN, SHEET, World


@pytest.fixture
def world() -> World:
    return World()


def erased(world: World) -> dict[str, int]:
    return world.erasing.erase(ANA)


def traces(*subs: str) -> list[str]:
    """Of Ana, and of who she is at Intuit, also as a part of a secret's name."""
    names = [secret_name("", sub).rpartition("-")[2] for sub in subs]
    return [ANA.sub, ANA.email, *subs, *names]


def test_nothing_of_a_user_who_was_alone_is_left(world: World) -> None:
    connection_id = world.connected(ANA, sub=DANA)
    world.exporter(connection_id)
    world.connect.ticket(ANA, SHEET)
    world.leave(ANA)
    Invitations(records=world.records, connections=world.connections, now=world.clock).invite(
        ANA, connection_id, BEN.email, Role.EDITOR
    )
    token = world.refresh_token(connection_id)
    assert all(world.knows(trace) for trace in (*traces(DANA), SHEET.digest, connection_id))
    gone = erased(world)
    assert (gone["companies"], gone["memberships"], gone["left"]) == (1, 0, 0)
    assert not world.intuit.accepts(token)
    for trace in (*traces(DANA), SHEET.digest, connection_id):
        assert not world.knows(trace), trace


def test_a_shared_company_stays_with_the_others(world: World) -> None:
    connection_id = world.connected(ANA, sub=DANA)
    world.connected(BEN, sub=ERIN)
    exporter = world.exporter(connection_id)
    token = world.refresh_token(connection_id, DANA)
    gone = erased(world)
    assert (gone["companies"], gone["consents"], gone["memberships"], gone["left"]) == (0, 1, 1, 0)
    assert not world.intuit.accepts(token)
    for trace in traces(DANA):
        assert not world.knows(trace), trace
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
    assert not world.knows(ANA.sub)


class Killed(BaseException):
    pass


def test_the_fence_of_an_export_that_others_use_goes_on(world: World) -> None:
    connection_id = world.connected(BEN, sub=ERIN)
    world.member(ANA, connection_id, Role.EDITOR)
    exporter = world.exporter(connection_id, user=BEN)
    leases = RunLeases(world.records, world.clock)
    for run in range(1, 6):
        leases.take(exporter, f"run-{run}", ANA, SHEET, take_over=False)
        if run < 5:
            leases.release(exporter, f"run-{run}", swept=True)
    assert erased(world)["left"] == 0
    for trace in (ANA.sub, ANA.email):
        assert not world.knows(trace), trace
    turn = leases.take(exporter, "run-6", BEN, SHEET, take_over=False)
    assert (turn.fence, turn.dead) == (6, ["run-5"])


@pytest.mark.parametrize("again", [True, False], ids=["erased again", "left so"])
def test_a_spare_takes_over_although_the_erasing_was_killed(world: World, again: bool) -> None:
    connection_id = world.connected(ANA, sub=DANA)
    world.connected(BEN, sub=ERIN)
    assert world.records.all("connections")[connection_id]["active_grant"].endswith(DANA)

    def die(label: str) -> None:
        if label == "grant_removed":
            raise Killed

    world.at_step = die
    with pytest.raises(Killed):
        erased(world)
    world.at_step = lambda label: None
    if again:
        assert erased(world)["left"] == 0
        named = world.records.all("connections")[connection_id]["active_grant"]
        assert named == f"{connection_id}:{ERIN}"
    assert world.tokens.for_connection(connection_id)


def test_a_missing_consent_without_a_spare_is_written_down(world: World) -> None:
    connection_id = world.connected(ANA)
    world.records.delete("grants", f"{connection_id}:{DANA}")
    with pytest.raises(ReconnectRequired):
        world.tokens.for_connection(connection_id)
    assert world.records.all("connections")[connection_id]["state"] == "needs_reconnection"


def test_a_newer_consent_of_somebody_else_is_not_taken_back(world: World) -> None:
    connection_id = world.connected(ANA, sub=DANA)
    seen = world.grant(connection_id)
    world.member(BEN, connection_id, Role.OWNER)
    world.connected(BEN, sub=DANA)
    token = world.refresh_token(connection_id)
    world.leaving.end_grant(seen, only_of=ANA.sub)
    assert world.grant(connection_id).user == BEN.sub
    assert world.intuit.accepts(token)


# The proof


def test_what_a_store_of_secrets_still_keeps_is_counted_as_left(world: World) -> None:
    """A store that says yes to a delete and does nothing is found out."""
    connection_id = world.connected(ANA, sub=DANA)
    world.member(BEN, connection_id, Role.OWNER)
    world.secrets.delete = lambda name: None  # type: ignore[method-assign]
    assert erased(world)["left"] == 1


def test_a_store_of_secrets_that_does_not_answer_is_no_proof(world: World) -> None:
    connection_id = world.connected(ANA, sub=DANA)
    world.member(BEN, connection_id, Role.OWNER)

    def away(name: str) -> bool:
        raise ServiceUnavailable("away")

    exists, world.secrets.exists = world.secrets.exists, away  # type: ignore[method-assign]
    with pytest.raises(ServiceUnavailable):
        erased(world)
    world.secrets.exists = exists  # type: ignore[method-assign]
    assert erased(world)["left"] == 0


@pytest.mark.parametrize(
    ("collection", "data"),
    [
        ("members", {"connection_id": "con_x", "user": ANA.sub, "role": "editor"}),
        ("runs", {"user": ANA.sub}),
        ("storing", {"user": ANA.sub}),
        ("exporters", {"author": ANA.sub}),
        ("exporters", {"run_as": ANA.sub}),
        ("connections", {"left_by": ANA.sub}),
        ("leases", {"user": ANA.sub}),
        ("invitations", {"email": ANA.email}),
        ("grants", {"user": ANA.sub}),
    ],
)
def test_whatever_appears_behind_the_erasing_is_counted_as_left(
    world: World, collection: str, data: dict[str, str]
) -> None:
    """The last search looks in each place, not at what was deleted."""
    world.connected(ANA, sub=DANA)
    seen, exists = [], world.secrets.exists

    def appears(name: str) -> bool:
        seen.append(name)
        return exists(name)

    world.secrets.exists = appears  # type: ignore[method-assign]
    find = world.records.find

    def found(place: str, where: Any, **other: Any) -> Any:
        if place == collection and other.get("limit") == 100 and "after" not in other:
            world.records.find = find  # type: ignore[method-assign]
            world.records.create(collection, "one", data)
        return find(place, where, **other)

    world.records.find = found  # type: ignore[method-assign]
    assert erased(world)["left"] == 1
    assert len(seen) == 1
