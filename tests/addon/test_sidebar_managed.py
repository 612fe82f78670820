"""Managed refresh in the sidebar: what it needs, step by step; how it is told of, ends and goes on."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.addon.sidebar_window import Show, calls, in_view, press, show, trouble, window
from tests.addon.test_sidebar_companies import does, done
from tests.addon.test_sidebar_schedule import DAILY, home
from tests.chromium import browser

__all__ = ["browser", "show", "window"]

WRITER = "counterfoil-sheets-1@a-project.iam.gserviceaccount.com"
QUARTER = {
    "often": "minutes",
    "every": 15,
    "words": "every 15 minutes",
    "due_at": "2026-11-22T10:00:00Z",
    "mine": True,
    "by": "ana@example.com",
    "stopped": None,
    "late": False,
    "good_at": "2026-11-20T10:20:00Z",
    "managed": {"account": WRITER, "proven": True},
}


def offered(schedule: dict[str, Any] | None, role: str = "owner") -> dict[str, Any]:
    return home(schedule, role) | {"managed": {"account": WRITER}}


def test_it_says_with_whom_to_share_and_is_turned_on(show: Show) -> None:
    page = show({"home": offered(None), "enableManaged": {"id": "exp_invoices1"}})
    does(page, "Schedule…", "Invoices")
    in_view(page, "schedule")
    expect(page.get_by_label("How often")).not_to_contain_text("Every few minutes")
    page.get_by_label("Who refreshes it").select_option(label="Managed, down to 15 minutes")
    expect(page.get_by_label("Address to share with")).to_have_value(WRITER)
    expect(page.get_by_text("add this address as Editor")).to_be_visible()
    page.get_by_label("How often").select_option(label="Every few minutes")
    page.get_by_label("Every", exact=True).select_option(label="30 minutes")
    press(page, "Turn on")
    done(page, "Invoices is refreshed for you now: every 30 minutes.")
    asked = {"often": "minutes", "every": 30}
    assert calls(page, "enableManaged") == [["exp_invoices1", asked]]
    assert calls(page, "setSchedule") == []


@pytest.mark.parametrize(
    "words",
    [
        f"This spreadsheet is not shared with {WRITER} yet.",
        f"{WRITER} may look at this spreadsheet, but not change it.",
    ],
)
def test_what_is_missing_is_said_beside_the_steps(show: Show, words: str) -> None:
    page = show({"home": offered(None), "enableManaged": trouble("sheet_not_shared", words)})
    does(page, "Schedule…", "Invoices")
    page.get_by_label("Who refreshes it").select_option(index=1)
    page.set_viewport_size({"width": 300, "height": 480})
    press(page, "Turn on")
    expect(page.locator("#failed")).to_have_text(words)
    expect(page.locator("#failed")).to_be_in_viewport(ratio=1)
    expect(page.get_by_label("Address to share with")).to_be_visible()


def test_going_back_to_ones_own_trigger_is_a_schedule_like_any_other(show: Show) -> None:
    page = show({"home": offered(QUARTER), "setSchedule": {"id": "exp_invoices1"}})
    does(page, "Schedule…", "Invoices")
    expect(page.get_by_label("How often")).to_have_value("minutes")
    page.get_by_label("Who refreshes it").select_option(index=0)
    expect(page.get_by_label("How often")).to_have_value("hourly")
    press(page, "Save schedule")
    done(page, "Invoices: every hour.")
    assert calls(page, "setSchedule") == [["exp_invoices1", {"often": "hourly"}]]


def test_the_card_says_that_it_is_managed_and_when_it_comes_next(show: Show) -> None:
    page = show({"home": offered(QUARTER)})
    expect(page.locator("#exports")).to_contain_text(
        "Managed refresh: every 15 minutes · next 11:00"
    )


def test_where_it_is_not_offered_nothing_speaks_of_it(show: Show) -> None:
    page = show({"home": home(None)})
    does(page, "Schedule…", "Invoices")
    expect(page.get_by_label("Who refreshes it")).to_have_count(0)


def test_after_a_change_by_somebody_one_press_turns_it_on_again(show: Show) -> None:
    stopped = QUARTER | {"stopped": "unproven", "late": True, "mine": False}
    page = show({"home": offered(stopped, role="editor"), "enableManaged": {"id": "exp_invoices1"}})
    card = page.locator("[data-exporter=exp_invoices1]")
    expect(card).to_contain_text("the export was changed since")
    press(page, "Turn on again")
    done(page, "Invoices is refreshed for you now: every 15 minutes.")
    assert calls(page, "enableManaged") == [["exp_invoices1", {"often": "minutes", "every": 15}]]


def test_where_the_share_was_taken_back_the_steps_are_shown_again(show: Show) -> None:
    page = show({"home": offered(QUARTER | {"stopped": "unshared", "late": True})})
    expect(page.locator("#exports")).to_contain_text("not shared with its address as Editor any")
    press(page, "Turn on again")
    in_view(page, "schedule")
    expect(page.get_by_label("Address to share with")).to_have_value(WRITER)


def test_what_is_too_long_for_triggers_goes_on_there(show: Show) -> None:
    page = show({"home": offered(DAILY | {"stopped": "too_long", "late": True})})
    press(page, "Use managed refresh")
    in_view(page, "schedule")
    expect(page.get_by_label("Who refreshes it")).to_have_value("managed")


@pytest.mark.parametrize("waits", [False, True], ids=["proven", "not shared any more"])
def test_whoever_adopts_it_proves_anew_without_a_further_press(show: Show, waits: bool) -> None:
    told = offered(QUARTER)
    told["exporters"][0]["paused"] = "author_gone"
    why = "This spreadsheet is not shared."
    answer = trouble("sheet_not_shared", why) if waits else {"id": "exp_invoices1"}
    page = show({"home": told, "adoptExporter": {"id": "exp_invoices1"}, "enableManaged": answer})
    does(page, "Adopt…", "Invoices")
    in_view(page, "adopt")
    press(page, "Adopt")
    done(
        page,
        f"Invoices is changed, but managed refresh waits: {why}"
        if waits
        else "Invoices is yours now.",
    )
    assert calls(page, "enableManaged") == [["exp_invoices1", {"often": "minutes", "every": 15}]]


@pytest.mark.parametrize("mine", [True, False], ids=["their own", "somebody else's"])
def test_a_new_name_for_what_somebody_else_proved_is_proven_by_who_gives_it(
    show: Show, mine: bool
) -> None:
    done_ = {"id": "exp_invoices1"}
    told = offered(QUARTER | {"mine": mine})
    page = show({"home": told, "renameExporter": done_, "enableManaged": done_})
    does(page, "Rename…", "Invoices")
    page.get_by_label("Name").fill("Unpaid")
    press(page, "Save")
    done(page, "It is called Unpaid now.")
    proven = [] if mine else [["exp_invoices1", {"often": "minutes", "every": 15}]]
    assert calls(page, "enableManaged") == proven
