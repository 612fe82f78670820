"""Connecting: every way it can end, and what is stored then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from counterfoil.core.connecting import AttemptState, Outcome
from counterfoil.core.errors import (
    QuickBooksBusy,
    ServiceUnavailable,
)
from counterfoil.core.people import ConnectionState, Role
from counterfoil.core.stores import Document
from counterfoil.core.tokens import GrantRefused
from counterfoil.flows.leaving import What
from counterfoil.flows.storing import Storing
from tests.flows.connect_counts import NOTHING, stored
from tests.flows.world import ACME, ANA, HOSTILE, SHEET, World


@pytest.fixture
def world() -> World:
    return World()


def test_a_company_is_connected_and_the_sidebar_learns_it(world: World) -> None:
    ticket = world.connect.ticket(ANA, SHEET)
    assert world.connect.confirmation(ticket.url_token) == "ana@example.com"
    assert world.connect.attempt(ANA, ticket.attempt).state is AttemptState.WAITING
    url, browser = world.connect.consume(ticket.url_token)
    assert world.come_back(url.partition("state=")[2], browser) is Outcome.CONNECTED

    attempt = world.connect.attempt(ANA, ticket.attempt)
    assert (attempt.state, attempt.code) == (AttemptState.CONNECTED, "connected")
    assert attempt.message == "Acme Landscaping is connected."
    connection = attempt.connection
    assert connection is not None
    assert connection.name == "Acme Landscaping"
    assert connection.realm_id == ACME
    assert (connection.currency, connection.country, connection.fiscal_month) == ("USD", "US", 4)
    assert connection.state is ConnectionState.CONNECTED
    assert connection.role is Role.OWNER
    assert connection.connected_by == "ana@example.com"
    assert connection.health == "good for 101 days"
    assert connection.id.startswith("con_")
    assert world.tokens.for_connection(connection.id)


def test_the_company_is_asked_before_anything_is_stored(world: World) -> None:
    _, state, browser = world.leave()
    found: list[dict[str, int]] = []
    honest = world.companies.company_info

    def watched(realm_id: str, access_token: str) -> object:
        found.append(stored(world))
        return honest(realm_id, access_token)

    world.connect._taking.company_info = watched  # type: ignore[assignment]  # looking over its shoulder
    world.come_back(state, browser)
    assert found == [NOTHING]


def test_the_stores_are_written_in_an_order_that_a_kill_cannot_harm(world: World) -> None:
    world.connected()
    assert world.steps == [
        "realm_claimed", "secret_stored", "grant_stored", "connection_stored", "member_stored",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "dies_after",
    ["realm_claimed", "secret_stored", "grant_stored", "connection_stored"],
)
def test_a_connect_that_died_half_way_is_completed_by_the_next(
    world: World, dies_after: str
) -> None:
    def die(label: str) -> None:
        if label == dies_after:
            raise KeyboardInterrupt

    world.at_step = die
    _, state, browser = world.leave()
    with pytest.raises(KeyboardInterrupt):
        world.come_back(state, browser)
    world.at_step = lambda label: None
    assert world.connections.of(ANA) == []

    connection_id = world.connected()
    assert [connection.id for connection in world.connections.of(ANA)] == [connection_id]
    assert len(world.records.all("connections")) == 1
    assert world.tokens.for_connection(connection_id)
    assert world.intuit.accepts(world.refresh_token(connection_id))


def test_the_secret_of_a_connect_that_died_and_was_never_repeated_goes_after_an_hour(
    world: World,
) -> None:
    died_at_the_secret(world)
    world.clock.advance(minutes=59)
    assert world.upkeep.tick().orphaned == 0
    assert stored(world)["secrets"] == 1
    world.clock.advance(minutes=1)
    assert world.upkeep.tick().orphaned == 1
    assert world.secrets.kept == {}
    assert world.records.all("storing") == {}


def test_the_secret_of_a_connect_that_was_repeated_stays(world: World) -> None:
    died_at_the_secret(world)
    connection_id = world.connected()
    assert world.records.all("storing") == {}
    world.clock.advance(hours=2)
    assert world.upkeep.tick().orphaned == 0
    assert world.intuit.accepts(world.refresh_token(connection_id))


def test_a_grant_that_was_stored_before_the_process_died_keeps_its_secret(world: World) -> None:
    connection_id = world.connected()
    grant = world.grant(connection_id)
    Storing(world.records, world.clock).begin(grant)
    world.clock.advance(hours=2)
    assert world.upkeep.tick().orphaned == 0
    assert world.records.all("storing") == {}
    assert world.intuit.accepts(world.refresh_token(connection_id))


def test_an_orphan_that_cannot_be_deleted_now_goes_with_the_next_tick(world: World) -> None:
    died_at_the_secret(world)
    world.clock.advance(hours=2)
    world.secrets.fail = 1
    assert world.upkeep.tick().orphaned == 0
    # Its secret may go at any moment: no consent may count on it.
    _, state, browser = world.leave()
    with pytest.raises(ServiceUnavailable):
        world.come_back(state, browser)
    assert world.upkeep.tick().orphaned == 1
    assert world.secrets.kept == {}
    assert world.tokens.for_connection(world.connected())


def test_two_first_consents_of_one_person_at_once_are_both_taken(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, state, browser = world.leave()
    create, made = world.records.create, []

    def overtaken(collection: str, id: str, data: Mapping[str, Any]) -> Document:
        if collection == "storing" and not made:
            made.append(create(collection, id, data))
        return create(collection, id, data)

    monkeypatch.setattr(world.records, "create", overtaken)
    assert world.come_back(state, browser) is Outcome.CONNECTED
    assert len(made) == 1
    assert world.records.all("storing") == {}


def died_at_the_secret(world: World) -> None:
    def die(label: str) -> None:
        if label == "secret_stored":
            raise KeyboardInterrupt

    world.at_step = die
    _, state, browser = world.leave()
    with pytest.raises(KeyboardInterrupt):
        world.come_back(state, browser)
    world.at_step = lambda label: None


REFUSALS = [
    pytest.param({"error": "access_denied", "code": ""}, Outcome.REFUSED, "told not to share",
                 id="cancelled on QuickBooks' page"),
    pytest.param({"error": "invalid_scope", "code": ""}, Outcome.FAILED, "did not add up",
                 id="a scope that Intuit does not know"),
    pytest.param({"error": "temporarily_unavailable"}, Outcome.BUSY, "did not answer in time",
                 id="Intuit has a bad minute"),
    pytest.param({"code": ""}, Outcome.FAILED, "did not add up", id="no code"),
    pytest.param({"code": "made up"}, Outcome.FAILED, "did not add up", id="a code of nobody's"),
    pytest.param({"realm_id": ""}, Outcome.FAILED, "did not add up", id="no company"),
    pytest.param({"realm_id": "12/../34"}, Outcome.FAILED, "did not add up",
                 id="a company that is a path"),
    pytest.param({"realm_id": HOSTILE}, Outcome.UNCONFIRMED, "did not confirm",
                 id="the company in the address was swapped"),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "outcome", "words"), REFUSALS)
def test_a_callback_that_is_not_right_stores_nothing_and_says_what_to_do(
    world: World, changed: dict[str, str], outcome: Outcome, words: str
) -> None:
    attempt, state, browser = world.leave()
    assert world.come_back(state, browser, **changed) is outcome
    seen = world.connect.attempt(ANA, attempt)
    assert seen.code == outcome.value
    assert words in seen.message
    assert "Connect" in seen.message
    assert seen.connection is None
    assert stored(world) == NOTHING
    assert world.records.all("realms") == {}


def test_reconnecting_with_another_company_is_refused_by_name(world: World) -> None:
    connection_id = world.connected()
    before = dict(world.records.all("grants"))
    attempt, state, browser = world.leave(reconnect=connection_id)
    assert world.come_back(state, browser, realm=HOSTILE) is Outcome.OTHER_COMPANY
    assert world.connect.attempt(ANA, attempt).message == (
        "You chose Hostile & Sons, but this reconnects Acme Landscaping. Nothing was changed. "
        "Press Reconnect and choose Acme Landscaping."
    )
    assert world.records.all("grants") == before
    assert list(world.records.all("realms")) == [ACME]


def test_a_company_that_was_deleted_meanwhile_is_not_called_another_one(world: World) -> None:
    connection_id = world.connected()
    attempt, state, browser = world.leave(reconnect=connection_id)
    confirm = world.disconnect.preview(ANA, connection_id, What.DELETE).confirm
    world.disconnect.leave(ANA, connection_id, What.DELETE, confirm=confirm)
    assert world.come_back(state, browser) is Outcome.COMPANY_GONE
    assert world.connect.attempt(ANA, attempt).message == (
        "The company was deleted here while you were at QuickBooks, with its exports, so there "
        "is nothing to reconnect and nothing was connected. Press Connect to connect it anew."
    )
    assert world.records.all("grants") == world.records.all("realms") == {}
    assert all(line.ended for line in world.intuit.tokens.lines())


def test_a_store_that_is_down_is_said_and_not_called_connected(world: World) -> None:
    attempt, state, browser = world.leave()

    def down(collection: str, id: str) -> None:
        if collection == "connections":
            raise ServiceUnavailable("down")

    world.records.before_write = down
    with pytest.raises(ServiceUnavailable):
        world.come_back(state, browser)
    assert world.connect.attempt(ANA, attempt).code == "busy"


def test_a_refusal_of_revocation_is_not_the_persons_problem(world: World) -> None:
    def down(token: str) -> None:
        raise QuickBooksBusy("no")

    world.intuit.revoke = down  # type: ignore[method-assign]  # for this test
    _, state, browser = world.leave()
    assert world.come_back(state, browser, realm_id=HOSTILE) is Outcome.UNCONFIRMED


def test_no_token_and_no_code_is_ever_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    world.connected()
    _, state, browser = world.leave()
    world.come_back(state, browser, realm_id=HOSTILE)
    logged = "\n".join(repr(record.__dict__) for record in caplog.records)
    assert "connect ended" in logged
    for secret in (*world.intuit.tokens.given(), state, browser, "Acme", "Hostile"):
        assert secret not in logged


def test_grant_refused_says_nothing_about_the_code() -> None:
    assert str(GrantRefused()) == ""
