"""The first minute of the sidebar, and the wait for the other tab."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.addon.sidebar_window import (
    WAITING,
    Show,
    calls,
    connecting,
    in_view,
    press,
    show,
    trouble,
    window,
)
from tests.addon.stub_page import (
    CONNECTION,
    HOME,
    TICKET,
)
from tests.chromium import browser

__all__ = ["browser", "show", "window"]


def test_the_first_minute_says_what_is_read_and_offers_one_button(show: Show) -> None:
    page = show({"home": HOME})
    expect(page.get_by_role("heading", name="Bring your books into this sheet")).to_be_focused()
    expect(page.get_by_text("Read-only.")).to_be_visible()
    expect(page.get_by_text("To be an admin of the QuickBooks company.")).to_be_visible()
    link = page.get_by_role("link", name="Connect to QuickBooks")
    expect(link).to_have_attribute("href", TICKET["url"])
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener")
    assert calls(page, "connectTicket") == [[None]]


def test_how_to_check_is_one_press_away_and_back(show: Show) -> None:
    page = show({"home": HOME})
    press(page, "How to check")
    expect(page.get_by_text("audit log")).to_be_visible()
    press(page, "Back")
    in_view(page, "first")


def test_the_link_is_renewed_before_its_ticket_ends_and_keeps_the_focus(show: Show) -> None:
    page = show({"home": HOME})
    link = page.get_by_role("link", name="Connect to QuickBooks")
    expect(link).to_have_attribute("href", TICKET["url"])
    link.focus()
    page.evaluate(
        "window.server.connectTicket = {...window.server.connectTicket, url: 'http://127.0.0.1:9/new'}"
    )
    page.clock.run_for(560_000)
    expect(link).to_have_attribute("href", "http://127.0.0.1:9/new")
    expect(link).to_be_focused()


def test_a_link_that_cannot_be_made_says_why_and_can_be_tried_again(show: Show) -> None:
    page = show({"home": HOME, "connectTicket": trouble("service_unavailable", "Try later.")})
    expect(page.get_by_role("alert")).to_have_text("Try later.")
    page.evaluate(f"window.server.connectTicket = {json.dumps(TICKET)}")
    press(page, "Try again")
    expect(page.get_by_role("link", name="Connect to QuickBooks")).to_be_enabled()


def test_only_a_web_address_becomes_a_link(show: Show) -> None:
    page = show({"home": HOME, "connectTicket": TICKET | {"url": "javascript:window.broken=1"}})
    expect(page.locator("#connect")).to_have_attribute("href", "#")


def test_the_sidebar_notices_the_connection_by_itself_and_says_so(show: Show) -> None:
    page = connecting(show)
    page.clock.run_for(3_100)
    expect(page.get_by_role("heading", name="Finish in the other tab")).to_be_visible()
    page.evaluate(
        f"window.server.connectAttempt = {json.dumps(WAITING | {'state': 'connected', 'connection': CONNECTION})}"
    )
    page.clock.run_for(3_100)
    expect(page.get_by_role("heading", name="Acme Landscaping is connected")).to_be_focused()
    page.clock.run_for(100)
    expect(page.locator("#said")).to_have_text("Acme Landscaping is connected")
    press(page, "New export")
    expect(page.get_by_label("From")).to_have_value("con_acme")


def test_it_asks_every_three_seconds_and_at_once_when_the_person_is_back(show: Show) -> None:
    page = connecting(show)
    before = len(calls(page, "connectAttempt"))
    page.clock.run_for(6_200)
    assert len(calls(page, "connectAttempt")) == before + 2
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.clock.run_for(10)
    assert len(calls(page, "connectAttempt")) == before + 3


def test_it_never_asks_twice_at_a_time(show: Show) -> None:
    page = connecting(show, connectAttempt="() => undefined")
    page.clock.run_for(20_000)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    assert len(calls(page, "connectAttempt")) == 1


def test_after_three_minutes_it_asks_only_when_told(show: Show) -> None:
    page = connecting(show)
    page.clock.run_for(190_000)
    expect(page.get_by_text("Nothing has arrived for three minutes.")).to_be_visible()
    asked = len(calls(page, "connectAttempt"))
    page.clock.run_for(60_000)
    assert len(calls(page, "connectAttempt")) == asked
    press(page, "Check again")
    page.clock.run_for(10)
    expect(page.locator("#waiting-state")).to_have_text("Not connected yet.")
    assert len(calls(page, "connectAttempt")) == asked + 1


def test_a_blocked_tab_leaves_a_link_to_open_or_copy(show: Show) -> None:
    page = connecting(show)
    expect(page.get_by_role("link", name="Open the QuickBooks page")).to_have_attribute(
        "href", TICKET["url"]
    )
    page.evaluate("navigator.clipboard.writeText = (text) => { window.copied = text; }; 0")
    press(page, "Copy link")
    expect(page.get_by_text("Copied. Paste it into a new tab")).to_be_visible()
    assert page.evaluate("window.copied") == TICKET["url"]


def test_where_nothing_can_be_copied_the_link_is_marked_for_the_person(show: Show) -> None:
    page = connecting(show)
    page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error()); 0")
    page.evaluate("document.execCommand = () => false; 0")
    press(page, "Copy link")
    expect(page.get_by_text("Press Ctrl+C")).to_be_visible()
    expect(page.locator("#link")).to_be_focused()
    assert page.evaluate("getSelection().toString()") == TICKET["url"]


@pytest.mark.parametrize("state", ["refused", "failed"])
def test_an_end_without_a_connection_says_why_and_offers_another_link(
    show: Show, state: str
) -> None:
    ended = json.dumps(WAITING | {"state": state, "message": "You said no on QuickBooks’ page."})
    page = connecting(show, connectAttempt=f"() => ({ended})")
    page.clock.run_for(3_100)
    expect(page.get_by_role("alert")).to_have_text("You said no on QuickBooks’ page.")
    expect(page.get_by_role("heading", name="Not connected")).to_be_focused()
    expect(page.get_by_role("link", name="Connect to QuickBooks")).to_have_attribute(
        "href", TICKET["url"]
    )
