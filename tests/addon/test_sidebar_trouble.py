"""What goes wrong, and what a person can do about it."""

from __future__ import annotations

import json

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
from tests.addon.stub_page import (
    LAST,
    TICKET,
    exporter,
    step,
)
from tests.chromium import browser

__all__ = ["browser", "show", "window"]


def test_a_step_that_failed_is_asked_for_again_from_where_it_was(show: Show) -> None:
    busy = trouble("quickbooks_busy", "QuickBooks is busy. Try again.", retryable=True)
    page = form(show, {"startExport": step(), "nextStep": busy})
    press(page, "Export")
    expect(page.get_by_role("heading", name="Invoices was not written")).to_be_focused()
    expect(page.get_by_role("alert")).to_have_text("QuickBooks is busy. Try again.")
    page.evaluate(f"window.server.nextStep = {json.dumps(LAST)}")
    press(page, "Try again")
    in_view(page, "done")
    assert calls(page, "nextStep") == [["sealed.cursor"]] * 2
    assert len(calls(page, "startExport")) == 1


def test_a_changed_cell_is_shown_and_replaced_when_the_person_says_so(show: Show) -> None:
    why = "Somebody changed 'Invoices'!D4 after the last run. Undo that, or replace what is there."
    stopped = trouble("differs_cell", why)
    stopped["error"] |= {"ended": True, "run_short": "7Q4K-2M", "exporter_id": "exp_invoices"}
    stopped["error"] |= {"cell": "'Invoices'!D4", "replaceable": True}
    page = show({"runAgain": stopped, "showCell": {"ok": True}})
    press(page, "Run Invoices again")
    expect(page.locator("#why")).to_have_text(why)
    press(page, "Show cell")
    assert calls(page, "showCell") == [["'Invoices'!D4"]]
    assert page.evaluate("document.documentElement.scrollWidth") <= 300
    page.evaluate(f"window.server.runAgain = {json.dumps(LAST)}")
    press(page, "Replace anyway")
    in_view(page, "done")
    assert calls(page, "runAgain") == [["exp_invoices"], ["exp_invoices", True]]


def test_a_total_that_does_not_add_up_is_named_beside_the_sentence(show: Show) -> None:
    why = "1 of 17 totals of this report are not the sum of their lines. Nothing was written."
    apart = 'It is "Total Income": 10,200.77, and its lines come to 7,950.77.'
    stopped = trouble("incomplete_read", why, retryable=True)
    stopped["error"]["apart"] = apart
    page = show({"runAgain": stopped})
    press(page, "Run Invoices again")
    expect(page.locator("#why")).to_have_text(why)
    expect(page.locator("#apart")).to_have_text(apart)
    proof = {**LAST["proof"], "verdict": "NOT CHECKED", "why": "Two are not.", "apart": apart}
    page.evaluate(f"window.server.runAgain = {json.dumps({**LAST, 'proof': proof})}")
    press(page, "Try again")
    in_view(page, "done")
    expect(page.locator("#apart")).to_have_text(apart)


def test_what_a_plan_lacks_leads_to_its_help_and_back(show: Show) -> None:
    page = show({"runAgain": trouble("plan_lacks", "The plan does not include this data.")})
    press(page, "Run Invoices again")
    in_view(page, "failed")
    press(page, "What to do about it")
    in_view(page, "help")
    expect(page.locator("[data-cause=plan] summary")).to_be_focused()
    expect(page.locator("[data-cause=plan]")).to_contain_text("until somebody renews it there")
    press(page, "Back")
    in_view(page, "failed")
    expect(page.locator("#why")).to_have_text("The plan does not include this data.")


def test_a_run_that_quickbooks_ended_begins_anew_and_not_with_its_old_cursor(show: Show) -> None:
    over = trouble("quickbooks_busy", "QuickBooks is away.", retryable=True)
    over["error"] |= {"ended": True, "run_id": "run_7q4k", "run_short": "7Q4K-2M"}
    page = form(show, {"startExport": step(), "nextStep": over})
    press(page, "Export")
    expect(page.get_by_role("alert")).to_contain_text("QuickBooks is away.")
    page.evaluate(f"window.server.startExport = {json.dumps(LAST)}")
    press(page, "Try again")
    in_view(page, "done")
    assert len(calls(page, "nextStep")) == 1
    assert len(calls(page, "startExport")) == 2


@pytest.mark.parametrize("code", ["cursor_expired", "differs_digest"])
def test_a_run_that_cannot_go_on_begins_anew(show: Show, code: str) -> None:
    page = form(show, {"startExport": step(), "nextStep": trouble(code, "It took too long.")})
    press(page, "Export")
    in_view(page, "failed")
    page.evaluate(f"window.server.startExport = {json.dumps(LAST)}")
    press(page, "Try again")
    in_view(page, "done")
    assert calls(page, "abandon") == [["run_7q4k"]]
    assert len(calls(page, "startExport")) == 2


def test_an_export_that_the_sheet_refused_is_run_again_not_made_twice(show: Show) -> None:
    refused = trouble("refused", "Cells are protected.")
    refused["error"] |= {"run_short": "7Q4K-2M", "exporter_id": "exp_invoices"}
    page = form(show, {"startExport": refused, "runAgain": LAST})
    press(page, "Export")
    expect(page.get_by_text("run 7Q4K-2M")).to_be_visible()
    press(page, "Try again")
    in_view(page, "done")
    assert calls(page, "runAgain") == [["exp_invoices"]]


def test_leaving_a_failed_run_gives_up_what_it_left_behind(show: Show) -> None:
    busy = trouble("quickbooks_busy", "Try again.", retryable=True)
    page = form(show, {"startExport": step(), "nextStep": busy})
    press(page, "Export")
    press(page, "All exports")
    in_view(page, "exports")
    assert calls(page, "abandon") == [["run_7q4k"]]


@pytest.mark.parametrize("code", ["reconnect_required", "connection_suspect"])
def test_a_key_that_is_refused_offers_to_reconnect(show: Show, code: str) -> None:
    page = form(show, {"startExport": trouble(code, "Reconnect the company.")})
    press(page, "Export")
    link = page.get_by_role("link", name="Reconnect Acme Landscaping")
    expect(link).to_have_attribute("href", TICKET["url"])
    assert ["con_acme"] in calls(page, "connectTicket")
    one_row_of_buttons(page)


def test_a_key_that_may_recover_is_tried_again_from_the_banner(show: Show) -> None:
    suspect = trouble("connection_suspect", "Reconnect or try again.", retryable=True)
    page = form(show, {"startExport": suspect})
    press(page, "Export")
    expect(page.get_by_role("link", name="Reconnect Acme Landscaping")).to_be_visible()
    one_row_of_buttons(page)
    page.evaluate(f"window.server.startExport = {json.dumps(LAST)}")
    page.get_by_role("alert").get_by_role("button", name="Try again").click()
    in_view(page, "done")


@pytest.mark.parametrize("code", ["report_too_large", "export_too_large", "bad_request"])
def test_what_would_fail_again_is_changed_with_the_same_choices(show: Show, code: str) -> None:
    page = form(show, {"startExport": trouble(code, "Choose a shorter period.")})
    page.get_by_label("Name of the tab").fill("Mine")
    page.get_by_label("Dates").select_option("last_month")
    press(page, "Export")
    expect(page.get_by_role("alert")).to_have_text("Choose a shorter period.")
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
    one_row_of_buttons(page)
    press(page, "Change export")
    in_view(page, "form")
    expect(page.get_by_label("Name of the tab")).to_have_value("Mine")
    expect(page.get_by_label("Dates")).to_have_value("last_month")


def test_a_saved_export_that_would_fail_again_offers_a_new_one(show: Show) -> None:
    page = show({"runAgain": trouble("export_too_large", "It is too large.")})
    press(page, "Run Invoices again")
    expect(page.get_by_role("alert")).to_have_text("It is too large.")
    press(page, "New export")
    in_view(page, "form")


def one_row_of_buttons(page: Page) -> None:
    tops = {button.bounding_box()["y"] for button in page.locator("footer .btn").all()}
    assert len(tops) == 1


def test_details_for_support_hold_the_run_and_the_code_only(show: Show) -> None:
    busy = trouble("quickbooks_busy", "Ann Smith's invoice failed.", retryable=True)
    page = form(show, {"startExport": step(), "nextStep": busy})
    press(page, "Export")
    page.evaluate("navigator.clipboard.writeText = (text) => { window.copied = text; }; 0")
    press(page, "Copy details for support")
    expect(page.locator("#details-copied")).to_contain_text("Copied")
    assert page.evaluate("window.copied") == "run 7Q4K-2M · quickbooks_busy"


def test_a_backend_that_is_down_is_one_sentence_and_a_button(show: Show) -> None:
    page = show({"home": trouble("backend_unreachable", "It does not answer.", retryable=True)})
    expect(page.get_by_role("heading", name="Counterfoil cannot be reached")).to_be_focused()
    expect(page.get_by_role("alert")).to_have_text("It does not answer.")
    page.evaluate(f"window.server.home = {json.dumps(FULL)}")
    press(page, "Try again")
    in_view(page, "exports")


def test_from_what_could_not_be_read_there_is_a_way_back(show: Show) -> None:
    away = trouble("backend_unreachable", "It does not answer.", retryable=True)
    one = exporter("Invoices", id="exp_invoices1", revision=1)
    page = show({"home": FULL | {"exporters": [one]}, "catalog": away, "runsOfExporter": away})
    for opened, behind in (
        ("showForm(null)", "exports"),
        ("showRuns(state.home.exporters[0])", "history"),
    ):
        page.evaluate(opened)
        in_view(page, "trouble")
        press(page, "Back")
        in_view(page, behind)
    page.evaluate(f"window.server.home = {json.dumps(away)}")
    for opened, said in (("renewed(showExports, 'It was renamed.')", 1), ("load()", 0)):
        page.evaluate(opened)
        in_view(page, "trouble")
        press(page, "Back")
        in_view(page, "exports")
        expect(page.get_by_text("It was renamed.").and_(page.locator("#was-done"))).to_have_count(
            said
        )


def test_a_person_whom_google_does_not_name_reads_what_to_do(show: Show) -> None:
    page = show({"home": trouble("no_identity", "If several Google accounts are signed in …")})
    expect(page.get_by_role("heading", name="Google did not say who you are")).to_be_visible()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "ScriptError: Authorization is required to perform that action.",
            "several Google accounts",
        ),
        ("NetworkError: Connection failure due to HTTP 0", "Google Sheets did not answer"),
        ("Exception: ya29.secret", "Google Sheets did not answer"),
    ],
)
def test_the_platforms_own_errors_become_our_sentences(show: Show, text: str, words: str) -> None:
    page = show(home=f"() => {{ throw new Error({json.dumps(text)}); }}")
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_text("ya29")).to_have_count(0)


def test_a_call_that_is_never_answered_ends_in_a_sentence(show: Show) -> None:
    page = show(home="() => undefined")
    expect(page.get_by_text("Looking up what this sheet has")).to_be_visible()
    page.clock.run_for(400_000)
    expect(page.get_by_role("alert")).to_contain_text("Google Sheets did not answer")


def test_an_answer_that_does_not_come_is_given_up_after_googles_six_minutes(show: Show) -> None:
    page = form(show, {"startExport": step()}, nextStep="() => undefined")
    press(page, "Export")
    expect(page.locator("#progress")).to_contain_text("rows")
    page.clock.fast_forward(389_000)
    in_view(page, "progress")
    page.clock.fast_forward(2_000)
    in_view(page, "failed")
    expect(page.get_by_role("heading")).to_have_text("Whether Invoices was written is not known")
    expect(page.locator("#why")).to_have_text(
        "Google Sheets did not answer. Check your connection, then try again."
    )
    page.evaluate(f"window.server.nextStep = {json.dumps(LAST)}")
    press(page, "Try again")
    in_view(page, "done")
    # The same step once more, and nothing was given up.
    assert calls(page, "nextStep") == [["sealed.cursor"]] * 2
    assert (len(calls(page, "startExport")), calls(page, "abandon")) == (1, [])


def test_a_first_step_without_an_answer_is_looked_for_before_it_is_asked_for_again(
    show: Show,
) -> None:
    page = form(show, {"startExport": trouble("no_answer", "No answer.", retryable=True)})
    press(page, "Export")
    in_view(page, "failed")
    made = FULL | {"exporters": [*FULL["exporters"], exporter("Invoices", id="exp_made")]}
    page.evaluate(f"Object.assign(window.server, {json.dumps({'home': made, 'runAgain': LAST})})")
    press(page, "Try again")
    in_view(page, "done")
    assert calls(page, "runAgain") == [["exp_made"]]
    assert len(calls(page, "startExport")) == 1
