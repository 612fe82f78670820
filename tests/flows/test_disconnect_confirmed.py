"""What a person is told before a company is paused or deleted, and what their yes is worth."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from counterfoil.core.errors import (
    ConfirmationNeeded,
    ConnectionPaused,
)
from counterfoil.core.people import Role, User
from counterfoil.flows.leaving import What
from tests.flows.disconnecting import DELETE, EVERYTHING, PAUSE, kept, left
from tests.flows.world import ANA, BEN, DANA, ERIN, HOSTILE, SHEET, World


@pytest.fixture
def world() -> World:
    return World()


def test_what_goes_and_whom_it_touches_is_named(world: World) -> None:
    connection_id = world.connected()
    world.member(BEN, connection_id, Role.EDITOR)
    world.exporter(connection_id, name="Bills")
    world.exporter(connection_id, name="Aging")
    told = world.disconnect.preview(ANA, connection_id, DELETE)
    assert told.exports == ("Aging", "Bills")
    assert told.others == ("ben@example.com",)


def test_an_export_over_several_companies_is_named_and_rests(world: World) -> None:
    first, second = world.connected(), world.connected(realm=HOSTILE)
    shared = world.exporter(first, second, name="Both companies")
    for gone, stays in ((first, second), (second, first)):
        told = world.disconnect.preview(ANA, gone, DELETE)
        assert told.pauses == ("Both companies",)
        assert "“Both companies” also read other companies" in " ".join(told.sentences)
        assert stays
    left(world, second, DELETE)
    data = world.records.all("exporters")[shared]
    assert (data["connection_ids"], data["paused"]) == ([first], "company_gone")
    assert data["revision"] == 2
    assert world.records.all("uses") == {}


def test_the_first_of_several_companies_can_go_too(world: World) -> None:
    first, second = world.connected(), world.connected(realm=HOSTILE)
    shared = world.exporter(first, second)
    left(world, first, DELETE)
    data = world.records.all("exporters")[shared]
    assert (data["connection_id"], data["connection_ids"]) == (second, [second])
    assert data["paused"] == "company_gone"
    left(world, second, DELETE)
    assert kept(world, "exporters", "uses") == {"exporters": 0, "uses": 0}


def test_the_last_owner_is_asked_in_words(world: World) -> None:
    connection_id = world.connected()
    world.member(BEN, connection_id, Role.EDITOR)
    world.exporter(connection_id)
    with pytest.raises(ConfirmationNeeded) as asked:
        world.disconnect.leave(ANA, connection_id, PAUSE, confirm=None)
    assert asked.value.message == (
        "You are the last owner of Acme Landscaping. Pausing Acme Landscaping ends our access at "
        "QuickBooks and destroys the keys. 1 export with its schedule and 2 members are kept; "
        "Reconnect brings all of it back. The tables in your sheets stay as they are."
    )
    assert world.intuit.revoked == []
    world.disconnect.leave(ANA, connection_id, PAUSE, confirm=str(asked.value.details["confirm"]))
    assert len(world.intuit.revoked) == 1


def test_one_of_several_owners_is_asked_about_a_delete_only(world: World) -> None:
    connection_id = world.connected(ANA, sub=DANA)
    world.connected(BEN, sub=ERIN)
    assert not world.disconnect.preview(ANA, connection_id, PAUSE).asked
    assert world.disconnect.preview(ANA, connection_id, DELETE).asked


def test_a_confirmation_is_for_what_was_read(world: World) -> None:
    connection_id = world.connected()
    old = world.disconnect.preview(ANA, connection_id, DELETE).confirm
    pause = world.disconnect.preview(ANA, connection_id, PAUSE).confirm
    world.exporter(connection_id)
    for confirm in (old, pause, "", None):
        with pytest.raises(ConfirmationNeeded):
            world.disconnect.leave(ANA, connection_id, DELETE, confirm=confirm)
    assert world.tokens.for_connection(connection_id)


def renamed_export(world: World, exporter: str) -> None:
    _change(world, "exporters", exporter, name="Payroll")


def renamed_company(world: World, exporter: str) -> None:
    id = world.records.all("exporters")[exporter]["connection_id"]
    _change(world, "connections", id, label="Acme Holding")


def other_owner_steps_down(world: World, exporter: str) -> None:
    id = world.records.all("exporters")[exporter]["connection_id"]
    _change(world, "members", f"{id}:{BEN.sub}", role="editor")


def nothing(world: World, exporter: str) -> None:
    """The words stay as they are."""


def _change(world: World, collection: str, id: str, **changes: str) -> None:
    held = world.records.get(collection, id)
    assert held is not None
    world.records.replace(held, {**held.data, **changes})


@pytest.mark.parametrize(
    ("happens", "holds"),
    [
        (nothing, True),
        (renamed_export, False),
        (renamed_company, False),
        (other_owner_steps_down, False),
    ],
)
def test_a_confirmation_is_void_once_the_words_would_be_others(
    world: World, happens: Callable[[World, str], None], holds: bool
) -> None:
    connection_id = world.connected()
    world.member(BEN, connection_id, Role.OWNER)
    exporter = world.exporter(connection_id)
    read = world.disconnect.preview(ANA, connection_id, DELETE).confirm
    happens(world, exporter)
    assert (world.disconnect.preview(ANA, connection_id, DELETE).confirm == read) is holds


DELETING = (
    "Deleting Acme Landscaping was begun and is not finished. Deleting Acme Landscaping ends our "
    "access at QuickBooks, destroys the keys, and removes 1 export with its schedule and 2 "
    "members. The tables in your sheets stay as they are."
)


def test_what_is_being_deleted_says_so_to_everybody_and_is_not_reconnected(world: World) -> None:
    connection_id = world.connected()
    world.member(BEN, connection_id, Role.OWNER)
    world.leaving.mark(connection_id, DELETE, ANA)
    for user in (ANA, BEN):
        [seen] = world.connections.of(user)
        assert seen.health == (
            "being deleted: nothing to do; what is left is removed within the hour"
        )
    with pytest.raises(ConnectionPaused) as refused:
        world.connect.ticket(BEN, SHEET, connection_id)
    assert refused.value.message == (
        "Acme Landscaping is being deleted and cannot be reconnected. Press Connect to connect "
        "the company anew, without its exports."
    )
    assert world.records.all("tickets") == {}


def test_a_pause_of_what_is_being_deleted_is_asked_about_as_the_delete_that_it_is(
    world: World,
) -> None:
    connection_id = world.connected()
    world.member(BEN, connection_id, Role.OWNER)
    world.exporter(connection_id)
    pause = world.disconnect.preview(BEN, connection_id, PAUSE)
    assert not pause.asked
    world.leaving.mark(connection_id, DELETE, ANA)
    for confirm in (None, pause.confirm):
        with pytest.raises(ConfirmationNeeded) as asked:
            world.disconnect.leave(BEN, connection_id, PAUSE, confirm=confirm)
        assert asked.value.message == DELETING
    assert world.disconnect.preview(BEN, connection_id, PAUSE).sentences[0] == (
        "Deleting Acme Landscaping was begun and is not finished."
    )
    assert world.intuit.revoked == []
    confirm = str(asked.value.details["confirm"])
    world.disconnect.leave(BEN, connection_id, PAUSE, confirm=confirm)
    assert kept(world, *EVERYTHING) == dict.fromkeys(EVERYTHING, 0)


def test_a_delete_that_begins_as_somebody_pauses_is_asked_about(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection_id = world.connected()
    world.member(BEN, connection_id, Role.OWNER)
    world.exporter(connection_id)
    mark = world.leaving.mark

    def late(connection_id: str, what: What, by: User) -> bool:
        mark(connection_id, DELETE, ANA)
        return mark(connection_id, what, by)

    with monkeypatch.context() as racing:
        racing.setattr(world.leaving, "mark", late)
        with pytest.raises(ConfirmationNeeded) as asked:
            world.disconnect.leave(BEN, connection_id, PAUSE, confirm=None)
    assert asked.value.message == DELETING
    assert kept(world, "grants", "exporters") == {"grants": 1, "exporters": 1}
