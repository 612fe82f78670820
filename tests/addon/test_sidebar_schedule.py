"""Schedules in the sidebar: chosen in hours, shown on the card, late ones said and taken over."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.addon.sidebar_window import (
    FULL,
    Show,
    calls,
    form,
    in_view,
    press,
    show,
    trouble,
    window,
)
from tests.addon.stub_page import CONNECTION, LAST, exporter
from tests.addon.test_sidebar_companies import does, done
from tests.chromium import browser

__all__ = ["browser", "show", "window"]

DAILY = {
    "often": "daily",
    "hour": 10,
    "words": "daily between 10:00 and 11:00",
    "due_at": "2026-11-23T09:00:00Z",
    "mine": True,
    "by": "ana@example.com",
    "stopped": None,
    "late": False,
    "good_at": "2026-11-20T10:20:00Z",
}


def home(schedule: dict[str, Any] | None, role: str = "owner") -> dict[str, Any]:
    one = exporter("Invoices", id="exp_invoices1", schedule=schedule, revision=1)
    return FULL | {"connections": [CONNECTION | {"role": role}], "exporters": [one]}


def opened(show: Show, schedule: dict[str, Any] | None = None, **answers: Any) -> Page:
    page = show({"home": home(schedule), "setSchedule": {"id": "exp_invoices1"}} | answers)
    does(page, "Schedule…", "Invoices")
    in_view(page, "schedule")
    return page


@pytest.mark.parametrize(
    ("choices", "asked", "words"),
    [
        ({"How often": "Every hour"}, {"often": "hourly"}, "every hour"),
        (
            {"How often": "Every few hours", "Every": "6 hours"},
            {"often": "hours", "every": 6, "hour": 2},
            "every 6 hours, the first between 02:00 and 03:00",
        ),
        (
            {
                "How often": "Every few hours",
                "Every": "3 hours",
                "First time of the day": "between 01:00 and 02:00",
            },
            {"often": "hours", "every": 3, "hour": 1},
            "every 3 hours, the first between 01:00 and 02:00",
        ),
        ({}, {"often": "daily", "hour": 8}, "every day, between 08:00 and 09:00"),
        (
            {"How often": "Monday to Friday", "Time": "between 23:00 and 00:00"},
            {"often": "weekdays", "hour": 23},
            "Monday to Friday, between 23:00 and 00:00",
        ),
        (
            {"How often": "Every week", "On": "Friday"},
            {"often": "weekly", "weekday": 4, "hour": 8},
            "every week, Friday, between 08:00 and 09:00",
        ),
        (
            {"How often": "Every month", "On day": "31 (or the month’s last)"},
            {"often": "monthly", "day": 31, "hour": 8},
            "every month, on day 31, between 08:00 and 09:00",
        ),
    ],
)
def test_a_schedule_is_chosen_in_hours(
    show: Show, choices: dict[str, str], asked: dict[str, Any], words: str
) -> None:
    page = opened(show)
    expect(page.get_by_text("By the clock of this spreadsheet: Europe/Berlin.")).to_be_visible()
    for label, choice in choices.items():
        page.get_by_label(label, exact=True).select_option(label=choice)
    press(page, "Save schedule")
    done(page, f"Invoices: {words}.")
    assert calls(page, "setSchedule") == [["exp_invoices1", asked]]


def test_of_every_few_hours_the_first_time_is_one_of_those_there_are(show: Show) -> None:
    page = opened(show, DAILY | {"often": "hours", "every": 12, "hour": 10})
    first = page.get_by_label("First time of the day")
    expect(first.get_by_role("option")).to_have_count(12)
    expect(first).to_have_value("10")
    page.get_by_label("Every", exact=True).focus()
    page.get_by_label("Every", exact=True).select_option(label="4 hours")
    expect(page.get_by_label("Every", exact=True)).to_be_focused()
    expect(first.get_by_role("option")).to_have_text(
        [f"between 0{n}:00 and 0{n + 1}:00" for n in range(4)]
    )
    expect(first).to_have_value("2")
    page.get_by_label("How often").select_option(label="Every day")
    expect(page.get_by_label("Time")).to_have_value("10")


def test_a_schedule_opens_as_it_is_and_can_be_ended(show: Show) -> None:
    page = opened(show, DAILY)
    expect(page.get_by_label("Time")).to_have_value("10")
    page.get_by_label("How often").select_option(label="Only when somebody runs it")
    press(page, "Save schedule")
    done(page, "Invoices has no schedule now.")
    assert calls(page, "setSchedule") == [["exp_invoices1", None]]


def test_the_twenty_first_spreadsheet_is_said_in_words(show: Show) -> None:
    page = opened(show, setSchedule=trouble("too_many_triggers", "You have schedules in 20."))
    press(page, "Save schedule")
    expect(page.locator("#failed")).to_have_text("You have schedules in 20.")


def test_the_card_says_when_it_runs_next_and_as_whom(show: Show) -> None:
    page = show({"home": home(DAILY)})
    expect(page.locator("#exports")).to_contain_text(
        "Every day, between 10:00 and 11:00 · next Monday 10:00"
    )
    page.evaluate(f"window.server.home = {json.dumps(home(DAILY | {'mine': False}))}; load()")
    expect(page.locator("#exports")).to_contain_text("as ana@example.com")


@pytest.mark.parametrize(
    ("schedule", "words", "press_this"),
    [
        ({"stopped": "errors"}, "three runs in a row", "Resume"),
        ({"stopped": "too_long"}, "managed refresh", "Resume"),
        ({}, "Google may have ended its hourly call: “Resume” makes a new one.", "Resume"),
        ({"mine": False}, "Every day", "Run it as me"),
        ({"mine": False, "by": ""}, "Whoever it ran as is gone.", "Run it as me"),
    ],
)
def test_a_late_one_says_since_when_and_is_taken_over_in_one_click(
    show: Show, schedule: dict[str, Any], words: str, press_this: str
) -> None:
    late = DAILY | {"late": True} | schedule
    page = show({"home": home(late), "takeSchedule": {"id": "exp_invoices1"}})
    card = page.locator("[data-exporter=exp_invoices1]")
    expect(card).to_contain_text("Not refreshed since Friday 11:20.")
    expect(card).to_contain_text(words)
    press(page, press_this)
    done(page, "Invoices runs as you now: every day, between 10:00 and 11:00.")
    assert calls(page, "takeSchedule") == [["exp_invoices1"]]


@pytest.mark.parametrize("late", [False, True])
def test_whoever_it_ran_as_is_said_to_be_gone_at_once(show: Show, late: bool) -> None:
    gone = DAILY | {"mine": False, "by": "", "late": late}
    page = show({"home": home(gone), "takeSchedule": {"id": "exp_invoices1"}})
    card = page.locator("[data-exporter=exp_invoices1]")
    expect(card).to_contain_text("Whoever it ran as is gone.")
    press(page, "Run it as me")
    done(page, "Invoices runs as you now: every day, between 10:00 and 11:00.")
    refresher = home(gone, role="refresher")
    page.evaluate(f"window.server.home = {json.dumps(refresher)}; load()")
    expect(card).to_contain_text("Whoever it ran as is gone.")
    expect(page.get_by_role("button", name="Run it as me")).to_have_count(0)


def test_a_colleagues_schedule_is_taken_over_from_the_menu_while_all_is_well(show: Show) -> None:
    page = show({"home": home(DAILY | {"mine": False, "by": "ben@example.com"})})
    does(page, "Schedule…", "Invoices")
    ran_as = page.get_by_text("So far it runs as ben@example.com. Saved here, it runs as you.")
    expect(ran_as).to_be_visible()
    press(page, "Back")
    refused = json.dumps(trouble("forbidden", "Ask one of its owners."))
    page.evaluate(f"window.server.takeSchedule = {refused}")
    does(page, "Run its schedule as me", "Invoices")
    expect(page.get_by_role("alert")).to_have_text("Ask one of its owners.")
    page.evaluate("window.server.takeSchedule = {id: 'exp_invoices1'}")
    does(page, "Run its schedule as me", "Invoices")
    done(page, "Invoices runs as you now: every day, between 10:00 and 11:00.")
    page.evaluate(f"window.server.home = {json.dumps(home(DAILY))}; load()")
    expect(page.locator("#exports")).to_contain_text("next Monday")
    expect(
        page.get_by_role("menuitem", name="Run its schedule as me", include_hidden=True)
    ).to_have_count(0)


def test_a_refresher_sees_that_it_is_late_and_takes_nothing_over(show: Show) -> None:
    page = show({"home": home(DAILY | {"late": True, "mine": False}, role="refresher")})
    expect(page.locator("#exports")).to_contain_text("Not refreshed since")
    expect(page.get_by_role("button", name="Run it as me")).to_have_count(0)


def test_after_a_run_its_schedule_is_one_press_away(show: Show) -> None:
    page = form(show, {"startExport": LAST | {"exporter_id": "exp_invoices1"}})
    press(page, "Export")
    in_view(page, "done")
    page.evaluate(f"window.server.home = {json.dumps(home(None))}")
    press(page, "Schedule…")
    in_view(page, "schedule")


@pytest.mark.parametrize(
    ("asked", "view"),
    [({"view": "companies"}, "companies"), ({"view": "help"}, "help"), ({"view": "form", "cell": "'Mine'!B4"}, "form")],
)  # fmt: skip
def test_the_menu_opens_the_sidebar_at_a_place_once(show: Show, asked: Any, view: str) -> None:
    page = show({"home": home(None) | {"open": asked}})
    in_view(page, view)
    if view == "form":
        expect(page.get_by_label("First cell")).to_have_value("'Mine'!B4")
        page.evaluate("delete window.server.home.open")
        press(page, "Back")
        in_view(page, "exports")


def test_who_can_make_no_export_is_told_so_where_the_menu_asked_for_one(show: Show) -> None:
    page = show({"home": home(None, role="refresher") | {"open": {"view": "form", "cell": None}}})
    in_view(page, "exports")
    expect(page.locator("#no-new")).to_contain_text("Ask one of its owners to make you an editor")


def test_what_a_schedule_costs_is_said_before_it_is_saved(show: Show) -> None:
    found = {"calls_per_run": 3, "runs_per_month": 31, "calls_per_month": 93}
    page = opened(show, forecast=found)
    expect(page.locator("#forecast")).to_contain_text(
        "About 3 calls of QuickBooks a run; up to 31 runs a month, 93 calls."
    )
    page.get_by_label("How often").select_option(label="Every hour")
    page.clock.run_for(10)
    assert calls(page, "forecast") == [
        ["exp_invoices1", {"often": "daily", "hour": 8}, False],
        ["exp_invoices1", {"often": "hourly"}, False],
    ]
    page.get_by_label("How often").select_option(label="Only when somebody runs it")
    expect(page.locator("#forecast")).to_have_text("")
    expect(page.get_by_text("It runs as you")).to_have_count(0)


def test_what_has_never_run_is_counted_by_a_press(show: Show) -> None:
    nothing = {"calls_per_run": None, "runs_per_month": 31, "calls_per_month": None}
    page = opened(show, forecast=nothing)
    expect(page.locator("#forecast")).to_have_text("How many calls? (asks QuickBooks once)")
    one = {"calls_per_run": 1, "runs_per_month": 31, "calls_per_month": 31}
    page.evaluate(f"window.server.forecast = {json.dumps(one)}")
    press(page, "How many calls?")
    expect(page.locator("#forecast")).to_have_text(
        "About 1 call of QuickBooks a run; up to 31 runs a month, 31 calls."
    )
    assert calls(page, "forecast")[-1][2] is True
    monthly = {"calls_per_run": 1, "runs_per_month": 1, "calls_per_month": 2}
    page.evaluate(f"window.server.forecast = {json.dumps(monthly)}")
    page.get_by_label("How often").select_option(label="Every month")
    expect(page.locator("#forecast")).to_have_text(
        "About 1 call of QuickBooks a run; 1 run a month, 2 calls. Some runs ask for more: "
        "once a day whether books were closed, or now and then for everything."
    )


def test_a_table_of_records_may_get_a_title_that_says_when_it_is_late(show: Show) -> None:
    plain = exporter("Invoices", title_row=False)
    new = exporter("Bills", title_row=False, last_run=None)
    page = show({"home": FULL | {"exporters": [plain, new]}, "setSchedule": {}})
    for title, usual in (("Invoices", False), ("Bills", True)):
        does(page, "Schedule…", title)
        box = page.get_by_label("Say above the table when it is late")
        expect(box).to_be_checked(checked=usual)
        box.set_checked(True)
        press(page, "Save schedule")
        in_view(page, "exports")
    daily = {"often": "daily", "hour": 8}
    assert calls(page, "setSchedule") == [
        ["exp_invoices", daily, True],
        ["exp_bills", daily, True],
    ]
