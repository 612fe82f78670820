"""The people of a company in the sidebar, and invitations from both of their sides."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from tests.addon.sidebar_window import Show, calls, in_view, press, show, trouble, window
from tests.addon.stub_page import HOME
from tests.addon.test_sidebar_companies import (
    ACME,
    ANSWERS,
    HOME2,
    INVITED,
    MEMBERS,
    at_companies,
    does,
    done,
)
from tests.chromium import browser

__all__ = ["browser", "show", "window"]


# People


def test_an_owner_sees_members_and_open_invitations(show: Show) -> None:
    page = at_companies(show)
    does(page, "People…")
    expect(page.locator("#members li")).to_contain_text(["owner · you", "editor · since Sep 14"])
    expect(page.locator("[data-invited]")).to_contain_text(["refresher · until Nov 29, 2026"])
    expect(page.get_by_role("button", name="More for ana@example.com")).to_have_count(0)


def test_a_colleague_is_invited_by_address_and_role(show: Show) -> None:
    page = at_companies(show)
    does(page, "People…")
    press(page, "Invite")
    expect(page.locator("#invite-failed")).to_have_text("Type an e-mail address.")
    expect(page.get_by_label("E-mail of their Google account")).to_be_focused()
    page.keyboard.type("dora@example.com")
    page.get_by_label("As").select_option("refresher")
    expect(page.locator("#role-hint")).to_have_text("Refreshers run the exports that are there.")
    press(page, "Invite")
    done(page, "dora@example.com is invited.")
    assert calls(page, "inviteMember") == [["con_acme", "dora@example.com", "refresher"]]


def test_roles_are_changed_and_what_that_stops_is_asked_first(show: Show) -> None:
    page = at_companies(show)
    does(page, "People…")
    does(page, "Make owner", "ben@example.com")
    done(page, "ben@example.com is owner now.")
    does(page, "Make refresher…", "ben@example.com")
    expect(page.get_by_text("Exports that they saved rest")).to_be_visible()
    press(page, "Make refresher")
    done(page, "ben@example.com is refresher now.")
    does(page, "Remove…", "ben@example.com")
    expect(page.get_by_text("Schedules that run as them stop until an")).to_be_visible()
    press(page, "Not now")
    in_view(page, "people")
    does(page, "Remove…", "ben@example.com")
    press(page, "Remove")
    done(page, "ben@example.com is removed.")
    assert calls(page, "setMemberRole") == [
        ["con_acme", "b" * 24, "owner"],
        ["con_acme", "b" * 24, "refresher"],
    ]
    assert calls(page, "removeMember") == [["con_acme", "b" * 24]]


def test_an_invitation_is_withdrawn(show: Show) -> None:
    page = at_companies(show)
    does(page, "People…")
    press(page, "Withdraw the invitation of caro@example.com")
    done(page, "The invitation of caro@example.com is withdrawn.")
    assert calls(page, "withdrawInvitation") == [["con_acme", "inv_caro1"]]


def test_who_is_no_owner_looks_and_changes_nothing(show: Show) -> None:
    mine = [member | {"is_me": member["role"] == "editor"} for member in MEMBERS["members"]]
    told = json.dumps({"members": mine, "invitations": []})
    page = at_companies(show, companyMembers=f"() => ({told})")
    does(page, "People…")
    expect(page.get_by_text("Owners invite, remove and change roles.")).to_be_visible()
    expect(page.get_by_role("button", name="Invite")).to_have_count(0)
    expect(page.locator(".dots")).to_have_count(0)


def test_a_list_of_people_that_is_not_given_leads_back(show: Show) -> None:
    gone = json.dumps(trouble("not_found", "This company is not among yours."))
    page = at_companies(show, companyMembers=f"() => ({gone})")
    does(page, "People…")
    expect(page.get_by_role("alert")).to_have_text("This company is not among yours.")
    press(page, "Back")
    in_view(page, "companies")


# Invitations to me


def test_an_invitation_stands_on_top_wherever_one_begins(show: Show) -> None:
    page = show(ANSWERS | {"home": HOME | {"invitations": [INVITED]}})
    card = page.locator("[data-invitation]")
    expect(card).to_contain_text("You are invited to Birch Studio")
    expect(card).to_contain_text("By ben@example.com. Editors make and change exports")
    page.evaluate(f"window.server.home = {json.dumps(HOME2)}")
    press(page, "Accept")
    done(page, "You belong to Birch Studio now, as editor.")
    in_view(page, "companies")
    assert calls(page, "acceptInvitation") == [["inv_birch1"]]


def test_an_invitation_can_be_declined(show: Show) -> None:
    page = show(ANSWERS | {"home": HOME2 | {"invitations": [INVITED]}})
    expect(page.locator("[data-invitation]")).to_have_count(1)
    page.evaluate(f"window.server.home = {json.dumps(HOME2)}")
    press(page, "Decline")
    done(page, "You declined the invitation to Birch Studio.")
    assert calls(page, "declineInvitation") == [["inv_birch1"]]


def test_an_invitation_that_is_not_good_any_more_says_so(show: Show) -> None:
    old = trouble("not_found", "This invitation is not good any more.")
    home = HOME2 | {"invitations": [INVITED], "connections": [ACME]}
    page = show(ANSWERS | {"home": home, "acceptInvitation": old})
    press(page, "Accept")
    expect(page.get_by_role("alert")).to_have_text("This invitation is not good any more.")
