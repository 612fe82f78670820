"""Who is taken off ALLOWED_USERS, or whose Workspace is: nothing goes on in their name."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from counterfoil.core.connecting import Outcome
from counterfoil.core.errors import NotFound
from counterfoil.core.people import EVERYBODY, Guests, User
from sandbox.google.server import GoogleSandbox
from tests.flows.world import SHEET, World
from tests.web.managed_office import ManagedOffice, sheets

EVE = User("1005", "eve@example.com", "example.com")
STILL_FOR_HER = [Guests(users=frozenset({"eve@example.com"})), Guests(frozenset({"example.com"}))]
NOT_FOR_HER = [Guests(users=frozenset({"ana@example.com"})), Guests(frozenset({"other.example"}))]


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleSandbox]:
    with sheets() as running:
        yield running


def connecting(guests: Guests) -> World:
    world = World()
    world.connect._guests = guests
    return world


@pytest.mark.parametrize("guests", NOT_FOR_HER)
def test_a_link_that_was_made_before_opens_nothing(guests: Guests) -> None:
    world = connecting(EVERYBODY)
    ticket = world.connect.ticket(EVE, SHEET)
    world.connect._guests = guests
    for step in (world.connect.confirmation, world.connect.consume):
        with pytest.raises(NotFound):
            step(ticket.url_token)


@pytest.mark.parametrize("guests", NOT_FOR_HER)
def test_an_answer_of_intuits_to_a_link_that_was_opened_before_is_not_used(
    guests: Guests, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = connecting(EVERYBODY)
    url, browser = world.connect.consume(world.connect.ticket(EVE, SHEET).url_token)
    world.connect._guests = guests
    exchanged: list[str] = []
    monkeypatch.setattr(world.intuit, "exchange", exchanged.append)
    assert world.come_back(url.partition("state=")[2], browser) is Outcome.EXPIRED
    assert (world.records.all("connections"), world.records.all("members")) == ({}, {})
    assert exchanged == []


@pytest.mark.parametrize("guests", STILL_FOR_HER)
def test_for_whom_it_is_connects(guests: Guests) -> None:
    world = connecting(guests)
    url, browser = world.connect.consume(world.connect.ticket(EVE, SHEET).url_token)
    assert world.come_back(url.partition("state=")[2], browser) is Outcome.CONNECTED


def refreshed_by(office: ManagedOffice, guests: Guests) -> tuple[int, str | None, int]:
    """Runs of one tick after a quarter of an hour, why it stopped, and calls to QuickBooks."""
    backend = office.backend
    backend.managed_refresh = dataclasses.replace(backend.managed_refresh, guests=guests)
    office.share()
    id = office.export("ben")
    office.enable(id, "ben")
    asked = len(office.quickbooks.asked)
    office.later(minutes=15)
    ran = office.tick()["ran"]
    return ran, office.shown(id)["stopped"], len(office.quickbooks.asked) - asked


@pytest.mark.parametrize("guests", NOT_FOR_HER)
def test_managed_refresh_stops_before_quickbooks_is_asked(
    google: GoogleSandbox, guests: Guests
) -> None:
    office = ManagedOffice(google)
    office.backend.identity.domains["ben"] = "example.com"
    assert refreshed_by(office, guests) == (0, "left", 0)


@pytest.mark.parametrize(
    "guests", [Guests(users=frozenset({"ben@example.com"})), Guests(frozenset({"example.com"}))]
)
def test_for_whom_it_is_it_goes_on(google: GoogleSandbox, guests: Guests) -> None:
    office = ManagedOffice(google)
    office.backend.identity.domains["ben"] = "example.com"
    ran, stopped, asked = refreshed_by(office, guests)
    assert (ran, stopped) == (1, None)
    assert asked > 0
