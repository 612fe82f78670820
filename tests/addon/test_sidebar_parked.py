"""What the sidebar says of runs that are left half-way, parked or somebody else's."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import expect

from tests.addon.sidebar_window import FULL, Show, calls, press, show, trouble, window
from tests.addon.stub_page import LAST, exporter, step
from tests.chromium import browser

__all__ = ["browser", "show", "window"]

BEN = {"by": "ben@example.com", "since": "2026-11-22T08:30:00Z", "goes_on_at": None}
PARKED = BEN | {"goes_on_at": "2026-11-22T09:40:00Z"}
KEPT = {"goes_on_at": "2026-11-22T09:50:00Z", "anew": False}


def one(**changes: Any) -> dict[str, Any]:
    return FULL | {"exporters": [exporter("Invoices", **changes)]}


def test_a_run_left_half_way_says_when_it_goes_on_and_can_do_so_now(show: Show) -> None:
    page = show({"home": one(kept=KEPT, run=PARKED), "goOn": LAST})
    expect(page.locator("#exports")).to_contain_text("Half-way")
    expect(page.locator("#exports")).to_contain_text(
        re.compile(r"Goes on by itself at about 9:50\sAM\.")
    )
    press(page, "Go on now")
    expect(page.get_by_text("In the sheet, read back")).to_be_visible()
    assert calls(page, "goOn") == [["exp_invoices"]]


def test_a_run_whose_cursor_was_too_long_is_said_to_begin_anew(show: Show) -> None:
    page = show({"home": one(kept=KEPT | {"anew": True})})
    expect(page.locator("#exports")).to_contain_text(
        re.compile(r"Begins anew by itself at about 9:50\sAM\.")
    )


def test_a_run_that_no_trigger_goes_on_with_promises_no_hour(show: Show) -> None:
    page = show({"home": one(kept=KEPT | {"goes_on_at": None}, run=PARKED)})
    expect(page.locator("#exports")).to_contain_text(
        "Google does not let it go on in the background."
    )
    expect(page.get_by_role("button", name="Go on now")).to_be_visible()


def test_a_colleagues_parked_run_says_when_it_goes_on_and_can_be_taken_over(show: Show) -> None:
    page = show({"home": one(run=PARKED), "runAgain": LAST})
    expect(page.locator("#exports")).to_contain_text(
        re.compile(r"ben@example\.com’s run goes on at 9:40\sAM\.")
    )
    press(page, "Take it over")
    expect(page.get_by_text("In the sheet, read back")).to_be_visible()
    assert calls(page, "runAgain") == [["exp_invoices", False, True]]


def test_a_colleagues_running_run_says_whose_it_is(show: Show) -> None:
    page = show({"home": one(run=BEN)})
    expect(page.locator("#exports")).to_contain_text("Running")
    expect(page.locator("#exports")).to_contain_text(
        re.compile(r"ben@example\.com, since 8:30\sAM\.")
    )
    expect(page.get_by_role("button", name="Take it over")).to_have_count(0)


def test_who_meets_a_parked_run_waits_or_takes_it_over(show: Show) -> None:
    sentence = (
        "ben@example.com’s run of this export, begun 08:30, is parked and goes on at 09:40. "
        "Wait for it, or take it over."
    )
    parked = trouble("run_in_progress", sentence, retryable=True)
    parked["error"]["may_take_over"] = True
    answers = f"(id, replace, takeOver) => takeOver ? {LAST_JSON} : {_json(parked)}"
    page = show({"home": one()}, runAgain=answers)
    press(page, "Run Invoices again")
    expect(page.locator("#why")).to_have_text(sentence)
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    press(page, "Take it over")
    expect(page.get_by_text("In the sheet, read back")).to_be_visible()


def test_a_long_run_says_whether_the_person_may_close_the_sheet(show: Show) -> None:
    waiting = step(wait_s=30, kept=True, why_not=None)
    page = show({"home": one(), "runAgain": waiting})
    press(page, "Run Invoices again")
    expect(page.locator("#goes-on")).to_have_text(
        "You may close this sheet: it then goes on by itself within the hour."
    )


def test_a_long_run_that_nobody_goes_on_with_says_so_in_every_step(show: Show) -> None:
    why = "Google does not let it go on in the background: keep this sidebar open."
    first = step(kept=False, why_not=why)
    page = show(
        {"home": one(), "runAgain": first, "nextStep": step(wait_s=30, kept=False, why_not=None)}
    )
    press(page, "Run Invoices again")
    expect(page.locator("#progress-text")).to_contain_text("slow down")
    expect(page.locator("#goes-on")).to_have_text(why)


def test_what_went_wrong_while_nobody_looked_stands_above_the_list(show: Show) -> None:
    why = "Invoices did not go on by itself. Counterfoil’s server does not answer."
    home = one()
    page = show({"home": home | {"sheet": home["sheet"] | {"trouble": why}}})
    expect(page.locator("#hourly-trouble")).to_have_text(why)


def _json(value: Any) -> str:
    return json.dumps(value)


LAST_JSON = _json(LAST)
