"""A run from its first step to its proof."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.addon.sidebar_window import (
    Show,
    calls,
    form,
    in_view,
    press,
    requested,
    show,
    turns,
    window,
)
from tests.addon.stub_page import (
    LAST,
    step,
)
from tests.chromium import browser

__all__ = ["browser", "show", "window"]


def test_progress_counts_rows_calls_and_seconds(show: Show) -> None:
    page = form(show, {"startExport": step()}, nextStep="() => undefined")
    press(page, "Export")
    expect(page.locator("#progress")).to_have_text("7,240 of 12,480 rows")
    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "58")
    expect(page.locator("#calls")).to_have_text("8")
    page.clock.run_for(4_100)
    expect(page.locator("#elapsed")).to_have_text("4 s")
    expect(page.get_by_text("Your table stays as it is")).to_be_visible()


def test_until_the_first_answer_it_says_that_it_writes_too_and_counts_no_calls(show: Show) -> None:
    page = form(show, startExport="() => undefined")
    press(page, "Export")
    expect(page.locator("#progress")).to_have_text("Asking QuickBooks, then writing…")
    expect(page.locator("#calls")).to_have_text("…")


def test_a_pause_that_quickbooks_asks_for_is_kept_and_said(show: Show) -> None:
    page = form(show, {"startExport": step(wait_s=12), "nextStep": LAST})
    press(page, "Export")
    expect(page.get_by_text("QuickBooks asks us to slow down. Going on in 12 s.")).to_be_visible()
    assert calls(page, "nextStep") == []
    page.clock.run_for(13_000)
    in_view(page, "done")
    # As long as the person waited.
    expect(page.locator("#run-footer")).to_have_text(re.compile(r"14 calls · 1[2-5] s$"))
    assert calls(page, "nextStep") == [["sealed.cursor"]]


def test_the_end_is_proven_in_a_table(show: Show) -> None:
    page = form(show, {"startExport": step(), "nextStep": LAST})
    press(page, "Export")
    expect(page.get_by_role("heading", name="12,480 rows")).to_be_focused()
    expect(page.locator("#verdict")).to_have_text("✓ complete")
    told = [line.locator("th, td").all_text_contents() for line in page.locator("#proof tr").all()]
    assert told == [
        ["Sent by QuickBooks", "12,480"],
        ["QuickBooks counts", "12,480 ✓ (the same)"],
        ["In the sheet, read back", "12,480 ✓ (the same)"],
        ["Total sent, USD", "1,234,567.89"],
        ["Total in the sheet", "1,234,567.89 ✓ (the same)"],
        ["Balance sent, USD", "20,100.00"],
        ["Balance in the sheet", "20,100.00 ✓ (the same)"],
    ]
    expect(page.locator("#run-footer")).to_have_text("Run 7Q4K-2M · 14 calls · 6.2 s")
    press(page, "Go to table")
    page.clock.run_for(10)
    assert calls(page, "showBlock") == [["CF_invoices"]]


def test_a_mixture_of_currencies_is_not_added_up(show: Show) -> None:
    totals = [
        {"title": "Total", "currency": "EUR", "amount": "10.00"},
        {"title": "Total", "currency": "USD", "amount": "20.00"},
    ]
    last = LAST | {"proof": LAST["proof"] | {"totals": totals}}
    page = form(show, {"startExport": last})
    press(page, "Export")
    expect(page.locator("#proof")).to_contain_text("Total sent, EUR")
    expect(page.locator("#proof")).to_contain_text("equal ✓")


@pytest.mark.parametrize(
    ("amount", "scale", "total", "shown"),
    [
        ("10.50", 2, "1050", "10.50 ✓"),
        ("1050", 2, "105000", "1,050 ✓"),  # yen, in sums of hundredths
        ("-0.50", 2, "-50", "-0.50 ✓"),
        ("10.500", 2, "1050", "10.500 ✓"),
        ("10.505", 2, "1051", "equal ✓"),  # dinars: the sheet's sum is too coarse to say more
        ("90071992547409.93", 2, "9007199254740993", "90,071,992,547,409.93 ✓"),
        ("90071992547409.93", 2, "9007199254740992", "90,071,992,547,409.92 ✗"),
        ("0.00", 2, "5", "0.05 ✗"),
    ],
)
def test_the_sum_in_the_sheet_is_compared_digit_by_digit(
    show: Show, amount: str, scale: int, total: str, shown: str
) -> None:
    sent = [{"title": "Total", "currency": "USD", "amount": amount}]
    found = [{"title": "Total", "scale": scale, "sum": total}]
    last = LAST | {
        "proof": LAST["proof"] | {"totals": sent},
        "seen": LAST["seen"] | {"totals": found},
    }
    page = form(show, {"startExport": last})
    press(page, "Export")
    expect(page.get_by_role("row", name="Total in the sheet")).to_contain_text(shown)


def test_what_was_not_checked_says_so_and_why(show: Show) -> None:
    proof = LAST["proof"] | {"verdict": "NOT CHECKED", "why": "A report has no count."}
    page = form(show, {"startExport": LAST | {"proof": proof}})
    press(page, "Export")
    expect(page.locator("#verdict")).to_have_text("not checked")
    expect(page.get_by_text("A report has no count.")).to_be_visible()


def test_cancelling_stops_after_the_step_and_leaves_nothing(show: Show) -> None:
    page = form(show, {"startExport": step(wait_s=30)})
    press(page, "Export")
    expect(page.locator("#progress")).to_have_text("7,240 of 12,480 rows")
    press(page, "Cancel")
    expect(page.get_by_text("Stopping after this step…")).to_be_visible()
    page.clock.run_for(1_100)
    expect(page.get_by_text("Invoices was cancelled")).to_be_visible()
    assert calls(page, "abandon") == [["run_7q4k"]]
    assert calls(page, "nextStep") == []


def test_a_run_of_one_step_is_cancelled_before_it_is_written_or_says_that_it_was(
    show: Show,
) -> None:
    page = form(show, {"stopRun": {"ok": True}})
    for cancelled in (True, False):
        answer = json.dumps(LAST | ({"cancelled": True} if cancelled else {}))
        press_first = "document.getElementById('cancel').click()"
        answers = f"() => {{ {press_first}; return {answer}; }}"
        page.evaluate(f"void (window.server.startExport = {answers})")
        press(page, "Export")
        if cancelled:
            expect(page.get_by_text("Nothing of it was put into your table.")).to_be_visible()
            assert calls(page, "abandon") == [[LAST["run_id"]]]
            press(page, "New export")
    assert turns(page, "stopRun") == turns(page, "startExport")
    late = "It was on its way into the sheet when you pressed Cancel, and was written whole."
    expect(page.get_by_text(late)).to_be_visible()
    assert len(calls(page, "stopRun")) == 2


@pytest.mark.parametrize("cursor", ["sealed.cursor", None])
def test_a_step_that_was_stopped_is_neither_skipped_over_nor_asked_for_anew(
    show: Show, cursor: str | None
) -> None:
    page = form(show, {"startExport": step(cursor=cursor, cancelled=True), "nextStep": LAST})
    press(page, "Export")
    expect(page.get_by_text("Invoices was cancelled")).to_be_visible()
    assert calls(page, "abandon") == [["run_7q4k"]]
    assert (len(calls(page, "startExport")), calls(page, "nextStep")) == (1, [])


def test_running_an_export_again_is_one_press(show: Show) -> None:
    page = show({"runAgain": LAST})
    press(page, "Run Invoices again")
    in_view(page, "done")
    assert calls(page, "runAgain") == [["exp_invoices"]]


def test_another_export_follows_at_once(show: Show) -> None:
    page = form(show)
    requested(page)
    press(page, "New export")
    in_view(page, "form")
