"""All saved exports, run one after the other."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from tests.addon.saved_exports import OPEN
from tests.addon.sidebar_window import (
    FULL,
    Show,
    calls,
    in_view,
    press,
    show,
    trouble,
    window,
)
from tests.addon.stub_page import LAST, exporter, step
from tests.chromium import browser

__all__ = ["browser", "show", "window"]

BILLS = exporter("Bills", connection_ids=["con_acme"], revision=1)
RESTING = exporter("Vendors", connection_ids=["con_acme"], paused="author_gone")
ALL = FULL | {"exporters": [OPEN, BILLS, RESTING]}


def test_all_are_run_one_after_the_other_but_those_that_rest(show: Show) -> None:
    steps = [step(), LAST]
    page = show({"home": ALL, "nextStep": steps[1]}, runAgain=f"() => ({json.dumps(steps[0])})")
    press(page, "Refresh all")
    expect(page.get_by_role("heading", name="2 exports are refreshed")).to_be_focused()
    assert calls(page, "runAgain") == [
        ["exp_open", False, False, False, {"together": ["exp_bills"], "after": None}],
        ["exp_bills", False, False, False, {"together": [], "after": None}],
    ]
    expect(page.locator("#all [data-exporter=exp_bills]")).to_contain_text("✓ 12,480 rows")


def test_one_that_fails_says_why_and_stops_no_other(show: Show) -> None:
    failed = trouble("quickbooks_rejected", "QuickBooks said no.")
    code = f"(id) => id === 'exp_open' ? {json.dumps(failed)} : {json.dumps(LAST)}"
    page = show({"home": ALL}, runAgain=code)
    press(page, "Refresh all")
    expect(page.get_by_role("heading", name="1 of 2 exports is refreshed")).to_be_focused()
    expect(page.locator("#all [data-exporter=exp_open]")).to_contain_text("QuickBooks said no.")
    expect(page.locator("#all [data-exporter=exp_bills]")).to_contain_text("✓ 12,480 rows")
    press(page, "All exports")
    in_view(page, "exports")


def test_cancelling_all_gives_up_the_one_and_runs_no_other(show: Show) -> None:
    page = show(
        {"home": ALL, "nextStep": step()}, runAgain=f"() => ({json.dumps(step(wait_s=30))})"
    )
    press(page, "Refresh all")
    expect(page.locator("#all [data-exporter=exp_open]")).to_contain_text("waiting 30 s")
    press(page, "Cancel")
    page.clock.run_for(2_000)
    expect(page.get_by_role("heading", name="0 of 2 exports are refreshed")).to_be_visible()
    assert calls(page, "abandon") == [["run_7q4k"]]
    assert [given[0] for given in calls(page, "runAgain")] == ["exp_open"]
