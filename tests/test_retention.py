"""What expires does so everywhere alike: in the code, in Firestore, in the document."""

from __future__ import annotations

import pathlib
import re
from datetime import timedelta

import pytest

from counterfoil import wiring
from counterfoil.adapters.sqlite_records import SqliteRecords
from counterfoil.core.errors import NotFound
from counterfoil.core.people import Role
from counterfoil.flows.invitations import Invitations
from counterfoil.flows.retention import EXPIRING
from counterfoil.settings import Settings
from tests import indexes
from tests.fakes import NOON, FakeClock
from tests.flows.world import ANA, BEN, SHEET, World
from tests.test_settings import SANDBOX

ROOT = pathlib.Path(__file__).resolve().parents[1]
IN_WORDS = {
    timedelta(minutes=10): "10 minutes",
    timedelta(hours=1): "1 hour",
    timedelta(hours=2): "2 hours",
    timedelta(days=1): "1 day",
    timedelta(days=7): "7 days",
    timedelta(days=90): "90 days",
}


def documented() -> dict[str, str]:
    """How long, by collection."""
    text = (ROOT / "docs/retention.md").read_text()
    found = re.search(r"<!-- retention:begin.*?-->(.*?)<!-- retention:end -->", text, re.DOTALL)
    assert found is not None
    rows = [line.strip("| \n").split("|") for line in found[1].splitlines() if "| `" in line]
    return {row[0].strip(" `"): row[2].strip() for row in rows}


def collections() -> set[str]:
    text = (ROOT / "docs/architecture.md").read_text().partition("| collection |")[2]
    cells = "".join(line.split("|")[1] for line in text.splitlines() if line.startswith("| `"))
    return set(re.findall(r"`([a-z]+)`", cells))


def test_the_document_lists_every_collection() -> None:
    assert documented().keys() == collections()


def test_the_document_says_how_long_as_the_code_has_it() -> None:
    said = {name: long for name, long in documented().items() if name in EXPIRING}
    assert said.keys() == EXPIRING.keys()
    for name, lives in EXPIRING.items():
        assert re.match(rf"{IN_WORDS[lives]}\b", said[name]), name


def test_firestore_deletes_what_the_tick_does_on_one_machine() -> None:
    assert indexes.expiring() == {(name, "expires_at") for name in EXPIRING}


def test_one_machine_deletes_what_has_expired_and_nothing_else(tmp_path: pathlib.Path) -> None:
    records = SqliteRecords(tmp_path / "records.sqlite")
    for name in EXPIRING:
        records.create(name, "over", {"expires_at": NOON})
        records.create(name, "later", {"expires_at": NOON + timedelta(microseconds=1)})
        records.create(name, "never", {"user": "1001"})
    records.create("leases", "over", {"expires_at": NOON})  # its fence goes on counting
    assert records.purge(EXPIRING, NOON) == len(EXPIRING)
    assert records.purge(EXPIRING, NOON) == 0
    left = {each.id for name in EXPIRING for each in records.find(name, {}, limit=9)}
    assert left == {"later", "never"}
    assert records.get("leases", "over") is not None
    records.close()


def test_the_tick_of_one_machine_purges(tmp_path: pathlib.Path) -> None:
    clock = FakeClock()
    services = wiring.made(Settings.from_env(SANDBOX | {"COUNTERFOIL_DATA": str(tmp_path)}), clock)
    services.connect.ticket(ANA, SHEET)  # and its attempt
    services.hints.disconnected("9130347000000001")
    clock.advance(minutes=9)
    assert services.upkeep.tick().purged == 0
    clock.advance(minutes=1)
    assert services.upkeep.tick().purged == 2
    assert services.upkeep.tick().purged == 0


# Until then, whoever reads looks at the time


@pytest.fixture
def world() -> World:
    return World()


def test_an_old_ticket_is_none(world: World) -> None:
    ticket = world.connect.ticket(ANA, SHEET)
    world.clock.advance(minutes=10)
    with pytest.raises(NotFound):
        world.connect.confirmation(ticket.url_token)
    with pytest.raises(NotFound):
        world.connect.consume(ticket.url_token)


def test_an_old_state_is_none(world: World) -> None:
    _, state, browser = world.leave()
    world.clock.advance(minutes=10)
    assert world.come_back(state, browser).value == "expired"
    assert world.records.all("grants") == {}


def test_how_it_ended_is_told_for_an_hour(world: World) -> None:
    attempt, state, browser = world.leave()
    world.come_back(state, browser)
    world.clock.advance(minutes=59)
    assert world.connect.attempt(ANA, attempt).state.value == "connected"
    world.clock.advance(minutes=1)
    with pytest.raises(NotFound):
        world.connect.attempt(ANA, attempt)


def test_an_old_invitation_is_none(world: World) -> None:
    connection_id = world.connected(ANA)
    invitations = Invitations(records=world.records, connections=world.connections, now=world.clock)
    made = invitations.invite(ANA, connection_id, BEN.email, Role.EDITOR)
    world.clock.advance(days=7)
    assert invitations.mine(BEN) == []
    assert invitations.open(ANA, connection_id) == []
    for answer in (invitations.accept, invitations.decline):
        with pytest.raises(NotFound):
            answer(BEN, made.id)
