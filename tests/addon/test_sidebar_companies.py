"""The companies of a person in the sidebar: what each choice means, before it happens."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.addon.sidebar_window import (
    Show,
    calls,
    connecting,
    in_view,
    press,
    show,
    trouble,
    window,
)
from tests.addon.stub_page import CONNECTION, HOME, SICK, exporter
from tests.chromium import browser

__all__ = ["browser", "show", "window"]

ACME = CONNECTION | {"calls_this_month": 412}
PAUSED = SICK | {
    "id": "con_cedar",
    "name": "Cedar Books",
    "state": "paused",
    "health": "paused: press Reconnect to go on; exports, schedules and members are kept",
    "role": "owner",
    "connected_by": "",
}
LEFT = exporter("Bills", connection_ids=["con_acme"], revision=2, paused="author_gone") | {
    "name": "Bills by due date",
    "title": "Bills by due date",
}
HERS = exporter(
    "Open invoices", id="exp_open", connection_ids=["con_acme"], revision=3, paused=None
)
HOME2 = HOME | {
    "connections": [ACME, SICK | {"calls_this_month": 9}],
    "exporters": [HERS, LEFT, exporter("Vendors", connection_id="con_birch", revision=1)],
    "calls": {"month": "2026-11", "all": 48120, "limit": 500000},
    "invitations": [],
}
INVITED = {
    "id": "inv_birch1",
    "company": "Birch Studio",
    "email": "ana@example.com",
    "role": "editor",
    "by": "ben@example.com",
    "expires_at": "2026-11-29T09:00:00+00:00",
}
MEMBERS = {
    "members": [
        {"member": "a" * 24, "email": "ana@example.com", "role": "owner", "since": "2026-03-02T09:00:00+00:00", "is_me": True},
        {"member": "b" * 24, "email": "ben@example.com", "role": "editor", "since": "2026-09-14T09:00:00+00:00", "is_me": False},
    ],
    "invitations": [INVITED | {"id": "inv_caro1", "company": "Acme Landscaping", "email": "caro@example.com", "role": "refresher", "by": "ana@example.com"}],
}  # fmt: skip
PAUSE = {
    "sentences": [
        "Pausing Acme Landscaping ends our access at QuickBooks and destroys the keys.",
        "3 exports with their schedules and 2 members are kept; Reconnect brings all of it back.",
        "The tables in your sheets stay as they are.",
    ],
    "confirm": "pause-word",
    "asked": True,
    "pauses": [],
    "exports": ["Bills", "P&L Acme", "Vendors"],
    "others": ["ben@example.com"],
}
GONE = PAUSE | {
    "sentences": [
        "Deleting Acme Landscaping ends our access at QuickBooks, destroys the keys, and removes "
        "3 exports with their schedules and 2 members.",
        "The tables in your sheets stay as they are.",
    ],
    "confirm": "delete-word",
}
TOLD = "This deletes everything that Counterfoil keeps about you. Your tables stay."
ANSWERS: dict[str, Any] = {
    "companyMembers": MEMBERS,
    "eraseMe": trouble("confirmation_needed", TOLD),
    **{
        name: {"ok": True}
        for name in (
            "pauseCompany", "deleteCompany", "renameCompany", "leaveCompany", "setMemberRole",
            "removeMember", "withdrawInvitation", "declineInvitation",
        )
    },
    "inviteMember": {"invitation": MEMBERS["invitations"][0]},
    "acceptInvitation": {"connection_id": "con_birch", "name": "Birch Studio", "role": "editor"},
}  # fmt: skip
PREVIEW = f"(id, what) => (what === 'pause' ? {json.dumps(PAUSE)} : {json.dumps(GONE)})"


def at_companies(show: Show, home: dict[str, Any] = HOME2, **functions: str) -> Page:
    page = show(
        ANSWERS | {"home": home},
        **({"previewLeaving": PREVIEW, "eraseMe": ERASE} | functions),
    )
    press(page, "Companies")
    return page


ERASE = f"""(confirm) => (confirm
  ? {{removed: {{companies: 1, runs: 12, memberships: 2, tickets: 3, left: 0}}}}
  : {json.dumps(trouble("confirmation_needed", TOLD))})"""


def does(page: Page, what: str, of: str = "Acme Landscaping") -> None:
    press(page, f"More for {of}")
    page.get_by_role("menuitem", name=what, exact=True).click()


def done(page: Page, text: str) -> None:
    expect(page.locator("#was-done")).to_have_text(text)
    page.clock.run_for(100)
    expect(page.locator("#said")).to_have_text(text)


# The cards


def test_a_card_tells_health_currency_year_role_and_the_calls_of_the_month(show: Show) -> None:
    page = at_companies(show)
    rows = page.locator("[data-connection=con_acme] tr")
    expect(rows).to_have_text(
        [
            "Connectiongood for 97 days",
            "Connected byana@example.com",
            "You areowner",
            "Calls this month412",
        ]
    )


def test_a_company_that_waits_says_why_and_what_waits_with_it(show: Show) -> None:
    sick = SICK | {"health": "needs reconnection: it was disconnected inside QuickBooks"}
    page = at_companies(show, HOME2 | {"connections": [ACME, sick, PAUSED]})
    card = page.locator("[data-connection=con_birch]")
    expect(card).to_contain_text("Needs reconnection: it was disconnected inside QuickBooks.")
    expect(card).to_contain_text("1 export here is waiting. Its table is untouched.")
    expect(card.get_by_role("link", name="Reconnect Birch Studio")).to_be_enabled()
    paused = page.locator("[data-connection=con_cedar]")
    expect(paused).to_contain_text("Paused: press Reconnect to go on;")


def test_a_consent_that_ends_soon_can_be_renewed_before_it_does(show: Show) -> None:
    soon = ACME | {"health": "expires in 9 days: press Reconnect", "expires_in_days": 9}
    page = at_companies(show, HOME2 | {"connections": [soon]})
    card = page.locator("[data-connection=con_acme]")
    expect(card).to_contain_text("expires soon")
    expect(card.get_by_role("link", name="Reconnect Acme Landscaping")).to_be_enabled()


def test_a_healthy_company_is_reconnected_from_its_menu(show: Show) -> None:
    page = at_companies(show)
    does(page, "Reconnect…")
    expect(page.get_by_role("heading", name="Reconnect Acme Landscaping")).to_be_focused()
    expect(page.get_by_text("Exports, schedules and members stay as they are.")).to_be_visible()
    with page.context.expect_page():
        page.get_by_role("link", name="Reconnect Acme Landscaping").click()
    assert ["con_acme"] in calls(page, "connectTicket")


def test_the_menu_offers_what_the_role_allows(show: Show) -> None:
    page = at_companies(show)
    items = page.get_by_role("menuitem")
    press(page, "More for Birch Studio")
    expect(items).to_have_text(["Reconnect…", "People…", "Leave…"])
    press(page, "More for Acme Landscaping")
    expect(items).to_have_text(["Reconnect…", "People…", "Rename…", "Leave…", "Pause or delete…"])


def test_the_menu_is_used_without_a_mouse(show: Show) -> None:
    page = at_companies(show)
    dots = page.get_by_role("button", name="More for Acme Landscaping")
    dots.focus()
    item = page.get_by_role("menuitem")
    for key, name in (
        ("Enter", "Reconnect…"),
        ("ArrowDown", "People…"),
        ("ArrowUp", "Reconnect…"),
        ("ArrowUp", "Pause or delete…"),
        ("ArrowDown", "Reconnect…"),
        ("End", "Pause or delete…"),
        ("Home", "Reconnect…"),
    ):
        page.keyboard.press(key)
        expect(item.filter(has_text=name)).to_be_focused()
    expect(dots).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(dots).to_be_focused()
    expect(dots).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowUp")
    expect(item.filter(has_text="Pause or delete…")).to_be_focused()
    page.keyboard.press("Tab")
    expect(item).to_have_count(0)


def test_a_company_is_renamed_or_called_as_in_quickbooks_again(show: Show) -> None:
    page = at_companies(show)
    does(page, "Rename…")
    field = page.get_by_label("Name")
    expect(field).to_be_focused()
    field.fill("  ")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Type a name.")
    field.fill("Acme (London)")
    page.keyboard.press("Enter")
    done(page, "It is called Acme (London) now.")
    does(page, "Rename…")
    press(page, "As in QuickBooks")
    done(page, "It is called as in QuickBooks again.")
    assert calls(page, "renameCompany") == [["con_acme", "Acme (London)"], ["con_acme", None]]


def test_a_name_that_is_refused_stays_in_the_field_with_the_reason(show: Show) -> None:
    page = at_companies(show, renameCompany=f"() => ({json.dumps(trouble('forbidden', 'Ask.'))})")
    does(page, "Rename…")
    page.get_by_label("Name").fill("Other")
    press(page, "Save")
    expect(page.get_by_role("alert")).to_have_text("Ask.")
    expect(page.get_by_label("Name")).to_have_value("Other")


# Pause, or delete for good


def test_both_ways_are_told_in_words_before_either_happens(show: Show) -> None:
    page = at_companies(show)
    does(page, "Pause or delete…")
    expect(page.get_by_role("heading", name="Pause, or delete for good?")).to_be_focused()
    expect(page.get_by_role("region", name="Pause")).to_contain_text("Reconnect brings all of it")
    gone = page.get_by_role("region", name="Delete for good")
    expect(gone).to_contain_text("deleted for everyone: Bills, P&L Acme, Vendors.")
    expect(gone).to_contain_text("This can’t be undone.")
    expect(page.locator("#others")).to_contain_text("1 other member uses this company: ben@example")
    assert calls(page, "pauseCompany") == calls(page, "deleteCompany") == []
    press(page, "Pause")
    done(page, "Acme Landscaping is paused.")
    assert calls(page, "pauseCompany") == [["con_acme", "pause-word"]]


def test_deleting_takes_a_second_question(show: Show) -> None:
    both = exporter("Both", connection_ids=["con_acme", "con_birch"], revision=1)
    page = at_companies(show, HOME2 | {"exporters": [*HOME2["exporters"], both]})
    does(page, "Pause or delete…")
    press(page, "Delete for good…")
    expect(page.get_by_role("heading", name="Delete Acme Landscaping for good?")).to_be_focused()
    press(page, "Keep it")
    in_view(page, "end")
    press(page, "Delete for good…")
    press(page, "Delete for good")
    done(page, "Acme Landscaping is deleted. The tables in your sheets stay as they are.")
    # Their tables are no longer anybody's; what reads another company too stays, and so does Birch's.
    gone = ["CF_open-invoices", "CF_bills"]
    assert calls(page, "deleteCompany") == [["con_acme", "delete-word", gone]]


def test_a_paused_company_can_only_be_deleted(show: Show) -> None:
    page = at_companies(show, HOME2 | {"connections": [PAUSED]})
    does(page, "Delete for good…", "Cedar Books")
    expect(page.get_by_role("heading", name="Delete Cedar Books for good?")).to_be_focused()
    assert calls(page, "previewLeaving") == [["con_cedar", "delete"]]


def test_what_changed_since_it_was_read_is_asked_anew(show: Show) -> None:
    changed = json.dumps(trouble("confirmation_needed", "Other words."))
    page = at_companies(show, pauseCompany=f"() => ({changed})")
    does(page, "Pause or delete…")
    press(page, "Pause")
    expect(page.get_by_role("alert")).to_have_text(
        "Something changed since you read this. Please read it again."
    )
    assert len(calls(page, "previewLeaving")) == 4


def test_a_pause_that_quickbooks_holds_up_says_so_and_can_be_pressed_again(show: Show) -> None:
    busy = json.dumps(trouble("connection_busy", "Press again in a minute.", retryable=True))
    page = at_companies(show, pauseCompany=f"() => ({busy})")
    does(page, "Pause or delete…")
    press(page, "Pause")
    expect(page.get_by_role("alert")).to_have_text("Press again in a minute.")
    page.evaluate("window.server.pauseCompany = {ok: true}")
    press(page, "Pause")
    done(page, "Acme Landscaping is paused.")


def test_leaving_says_what_it_means_and_why_the_last_owner_cannot(show: Show) -> None:
    last = json.dumps(trouble("last_owner", "You are the last owner of this company."))
    page = at_companies(show, leaveCompany=f"() => ({last})")
    does(page, "Leave…")
    expect(page.get_by_text("rest until an editor adopts them")).to_be_visible()
    expect(page.get_by_text("Schedules that run as you stop until an")).to_be_visible()
    press(page, "Leave")
    expect(page.get_by_role("alert")).to_have_text("You are the last owner of this company.")
    page.evaluate("window.server.leaveCompany = {ok: true}")
    press(page, "Leave")
    done(page, "You have left Acme Landscaping.")
    alone = [each for each in MEMBERS["members"] if each["is_me"]]
    page.evaluate(f"window.server.companyMembers = {json.dumps(MEMBERS | {'members': alone})}")
    press(page, "Companies")
    does(page, "Leave…")
    expect(page.get_by_text("You are its only member: the company is deleted")).to_be_visible()
    expect(page.get_by_text("until an editor adopts them")).to_have_count(0)


def test_everything_about_a_person_goes_after_the_backends_own_words(show: Show) -> None:
    page = at_companies(show)
    press(page, "Delete everything about me…")
    expect(page.get_by_text(TOLD)).to_be_visible()
    press(page, "Delete everything")
    in_view(page, "erased")
    rows = ["Companies1", "Runs12", "Memberships2", "Left of you, searched again0"]
    expect(page.locator("tr")).to_have_text(rows)
    assert calls(page, "eraseMe") == [[False], [True]]


# Help


def test_help_is_opened_at_the_cause(show: Show) -> None:
    page = at_companies(show)
    press(page, "Why that happens")
    expect(page.locator("details[open]")).to_have_count(1)
    expect(page.locator("details[open] summary")).to_be_focused()
    expect(page.locator("details[open]")).to_contain_text("QuickBooks lists the companies")
    expect(page.locator("summary")).to_have_count(7)
    press(page, "Back")
    in_view(page, "companies")


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("not_admin", "You are not an admin of the company"),
        ("company_gone", "The company was deleted here"),
    ],
)
def test_an_attempt_that_failed_leads_to_its_cause(show: Show, code: str, cause: str) -> None:
    ended = {"state": "failed", "code": code, "message": "It failed.", "connection": None}
    page = connecting(show, connectAttempt=f"() => ({json.dumps(ended)})")
    page.clock.run_for(3_100)
    press(page, "What to do about it")
    expect(page.locator("details[open] summary")).to_have_text(cause)
    press(page, "Back")
    in_view(page, "not-connected")


def test_no_cause_is_made_up_for_an_end_that_has_none(show: Show) -> None:
    ended = {"state": "failed", "code": "busy", "message": "Wait a minute.", "connection": None}
    page = connecting(show, connectAttempt=f"() => ({json.dumps(ended)})")
    page.clock.run_for(3_100)
    in_view(page, "not-connected")
    expect(page.get_by_role("button", name="What to do about it")).to_have_count(0)
