"""A link that connects: whose it is, how long, how often, and in which browser."""

from __future__ import annotations

import pytest

from counterfoil.core.connecting import AttemptState, Outcome
from counterfoil.core.errors import (
    NotFound,
    QuickBooksBusy,
)
from tests.flows.world import ANA, BEN, SHEET, World


@pytest.fixture
def world() -> World:
    return World()


def stored(world: World) -> dict[str, int]:
    """How much of a connection is in the stores."""
    kept = {name: len(world.records.all(name)) for name in ("connections", "members", "grants")}
    return kept | {"secrets": sum(len(versions) for versions in world.secrets.kept.values())}


NOTHING = {"connections": 0, "members": 0, "grants": 0, "secrets": 0}


def test_a_link_works_once(world: World) -> None:
    ticket = world.connect.ticket(ANA, SHEET)
    url, browser = world.connect.consume(ticket.url_token)
    for spent in (world.connect.consume, world.connect.confirmation):
        with pytest.raises(NotFound):
            spent(ticket.url_token)
    state = url.partition("state=")[2]
    assert world.come_back(state, browser) is Outcome.CONNECTED
    assert world.come_back(state, browser) is Outcome.EXPIRED
    assert world.connect.attempt(ANA, ticket.attempt).code == "connected"


def test_a_link_works_for_ten_minutes(world: World) -> None:
    ticket = world.connect.ticket(ANA, SHEET)
    assert ticket.lives_s == 600
    world.clock.advance(minutes=9, seconds=59)
    assert world.connect.confirmation(ticket.url_token) == "ana@example.com"
    world.clock.advance(seconds=1)
    for late in (world.connect.confirmation, world.connect.consume):
        with pytest.raises(NotFound):
            late(ticket.url_token)
    seen = world.connect.attempt(ANA, ticket.attempt)
    assert (seen.state, seen.code) == (AttemptState.FAILED, "expired")
    assert "works once and for ten minutes" in seen.message


def test_an_answer_after_ten_minutes_is_too_late(world: World) -> None:
    attempt, state, browser = world.leave()
    world.clock.advance(minutes=10)
    assert world.come_back(state, browser) is Outcome.EXPIRED
    assert world.connect.attempt(ANA, attempt).code == "expired"
    assert stored(world) == NOTHING


def test_a_state_of_nobodys_ends_nothing(world: World) -> None:
    attempt, _, browser = world.leave()
    assert world.come_back("made up", browser) is Outcome.EXPIRED
    assert world.connect.attempt(ANA, attempt).state is AttemptState.WAITING


@pytest.mark.parametrize("cookie", ["", "of another browser"])
def test_a_forwarded_answer_yields_nothing_and_its_code_is_not_used(
    world: World, cookie: str
) -> None:
    attempt, state, browser = world.leave()
    assert world.come_back(state, cookie) is Outcome.OTHER_BROWSER
    assert "stay in one browser" in world.connect.attempt(ANA, attempt).message
    assert world.intuit.tokens.lines() == []
    assert stored(world) == NOTHING
    # And the state is used up: the right browser cannot finish what another began to.
    assert world.come_back(state, browser) is Outcome.EXPIRED


def test_this_is_not_me_ends_the_link(world: World) -> None:
    ticket = world.connect.ticket(ANA, SHEET)
    world.connect.refuse(ticket.url_token)
    world.connect.refuse(ticket.url_token)
    with pytest.raises(NotFound):
        world.connect.consume(ticket.url_token)
    seen = world.connect.attempt(ANA, ticket.attempt)
    assert (seen.state, seen.code) == (AttemptState.REFUSED, "not_me")


@pytest.mark.parametrize("attempt", ["att_missing", "", "../x", "att_/x", "con_x"])
def test_an_attempt_of_somebody_else_is_as_unknown_as_a_missing_one(
    world: World, attempt: str
) -> None:
    theirs = world.connect.ticket(BEN, SHEET).attempt
    words = []
    for asked in (attempt, theirs):
        with pytest.raises(NotFound) as refused:
            world.connect.attempt(ANA, asked)
        words.append(refused.value.message)
    assert words[0] == words[1]


def test_only_a_member_may_ask_to_reconnect(world: World) -> None:
    connection_id = world.connected(ANA)
    for asked in (connection_id, "con_missing0", "../x"):
        with pytest.raises(NotFound):
            world.connect.ticket(BEN, SHEET, reconnect=asked)
    assert world.records.all("tickets") == {}


def test_neither_ticket_nor_state_nor_cookie_is_stored_as_it_is(world: World) -> None:
    ticket = world.connect.ticket(ANA, SHEET)
    url, browser = world.connect.consume(ticket.url_token)
    text = repr(world.records._kept)
    for secret in (ticket.url_token, url.partition("state=")[2], browser):
        assert len(secret) >= 43
        assert secret not in text
    assert ticket.url_token not in repr(ticket)


def test_the_ticket_is_not_spent_while_intuit_cannot_be_asked(world: World) -> None:
    ticket = world.connect.ticket(ANA, SHEET)
    honest = world.intuit.authorization_url

    def down(state: str) -> str:
        raise QuickBooksBusy("no discovery document")

    world.intuit.authorization_url = down  # type: ignore[method-assign]  # for one call
    with pytest.raises(QuickBooksBusy):
        world.connect.consume(ticket.url_token)
    world.intuit.authorization_url = honest  # type: ignore[method-assign]
    assert world.connect.consume(ticket.url_token)
