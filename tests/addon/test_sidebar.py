"""The sidebar state by state, in Chromium, 300 pixels wide."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from counterfoil.core import periods
from counterfoil.core.periods import Today
from tests.addon.stub_page import (
    CATALOG,
    CONNECTION,
    HOME,
    LAST,
    RUN,
    SICK,
    TICKET,
    exporter,
    server,
    sidebar_html,
    step,
)
from tests.chromium import browser, private_window

__all__ = ["browser"]

ADDRESS = "http://127.0.0.1:9"
NOW = "2026-11-22T09:00:00Z"
FULL = HOME | {"connections": [CONNECTION], "exporters": [exporter("Invoices")]}
TWO = FULL | {"connections": [CONNECTION, SICK]}
WAITING = {"state": "waiting", "code": None, "message": None, "connection": None}
HOSTILE = "<img src=x onerror=window.broken=1>"

Show = Callable[..., Page]


def trouble(code: str, message: str, *, retryable: bool = False) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "retryable": retryable}}


@pytest.fixture
def window(browser: Browser) -> Iterator[BrowserContext]:
    def served(route: Route) -> None:
        shown = sidebar_html() if route.request.url.endswith("/sidebar") else "<p>QuickBooks"
        route.fulfill(body=shown, content_type="text/html; charset=utf-8")

    with private_window(browser, viewport={"width": 300, "height": 700}) as context:
        context.route(f"{ADDRESS}/**", served)
        yield context


@pytest.fixture
def show(window: BrowserContext) -> Iterator[Show]:
    """Opens the sidebar over a server of these answers; looks after it that nothing broke."""
    said: list[str] = []
    page = window.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    def opened(answers: Mapping[str, Any] | None = None, **functions: str) -> Page:
        known = {
            "home": FULL,
            "catalog": CATALOG,
            "connectTicket": TICKET,
            "connectAttempt": WAITING,
            "abandon": {"ok": True},
            "showBlock": {"ok": True},
        }
        page.clock.install(time=NOW)
        page.add_init_script(RUN + server(known | dict(answers or {}), functions))
        page.goto(f"{ADDRESS}/sidebar")
        return page

    yield opened
    assert said == []
    assert page.evaluate("window.broken") is None
    for wide in ("document.documentElement", "document.querySelector('main')"):
        assert page.evaluate(f"{wide}.scrollWidth - {wide}.clientWidth") == 0
    assert page.locator(".btn.main").count() <= 1


def calls(page: Page, name: str) -> list[list[Any]]:
    """What the server function was called with, each time."""
    return [given for called, *given in page.evaluate("window.served") if called == name]


def in_view(page: Page, name: str) -> None:
    expect(page.locator(f"#app[data-view={name}]")).to_be_visible()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


# The first minute


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


# Waiting for the other tab


def connecting(show: Show, **functions: str) -> Page:
    page = show({"home": HOME}, **functions)
    with page.context.expect_page() as other:
        page.get_by_role("link", name="Connect to QuickBooks").click()
    assert other.value.url == TICKET["url"]
    other.value.close()
    in_view(page, "waiting")
    return page


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


# Home


def test_each_export_says_where_it_stands_and_how_its_last_run_went(show: Show) -> None:
    last = exporter("Invoices")["last_run"]
    stories = [
        (exporter("Invoices"), ["Acme Landscaping → Invoices", "✓ 1,284 rows", "Friday"]),
        (
            exporter("Bills", last_run=last | {"verdict": "NOT CHECKED"}),
            ["1,284 rows, not checked"],
        ),
        (
            exporter("Credit memos", last_run=last | {"ties": "FAIL"}),
            ["1,284 rows, other reports differ"],
        ),
        (exporter("Vendors", last_run=None, tab=None), ["Not run yet", "no table here now"]),
        (exporter("Items", last_run=last | {"state": "failed"}), ["Not written"]),
        (exporter("Terms", last_run=last | {"state": "sent"}), ["Not confirmed"]),
        (exporter("Taxes", connection_id="con_birch"), ["Birch Studio", "Needs reconnection"]),
    ]
    page = show({"home": TWO | {"exporters": [each for each, _ in stories]}})
    for each, words in stories:
        card = page.locator(f"[data-exporter={each['id']}]")
        for word in words:
            expect(card).to_contain_text(word)


def test_a_company_that_needs_it_is_reconnected_from_anywhere(show: Show) -> None:
    page = show({"home": TWO})
    expect(page.get_by_role("alert")).to_contain_text("QuickBooks no longer accepts our key")
    expect(page.get_by_role("link", name="Reconnect Birch Studio")).to_be_enabled()
    press(page, "Companies")
    with page.context.expect_page():
        page.get_by_role("link", name="Reconnect Birch Studio").click()
    in_view(page, "waiting")
    assert ["con_birch"] in calls(page, "connectTicket")


def test_each_company_shows_its_health(show: Show) -> None:
    page = show()
    press(page, "Companies")
    card = page.locator("[data-connection=con_acme]")
    for words in ("USD · fiscal year from January", "good, 97 days", "ana@example.com", "owner"):
        expect(card).to_contain_text(words)
    expect(page.get_by_role("button", name="Companies")).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("link", name="Connect another")).to_be_enabled()


def test_an_export_is_shown_in_the_sheet(show: Show) -> None:
    page = show()
    press(page, "Show Invoices in the sheet")
    page.clock.run_for(10)
    assert calls(page, "showBlock") == [["CF_invoices"]]
    assert page.evaluate("window.editorFocused")


def test_a_table_that_is_gone_is_said(show: Show) -> None:
    page = show({"showBlock": trouble("block_missing", "That table is gone.")})
    press(page, "Show Invoices in the sheet")
    expect(page.get_by_role("alert")).to_have_text("That table is gone.")


def test_names_from_outside_are_text_and_never_too_wide(show: Show) -> None:
    home = FULL | {
        "user": {"email": "a.very.long.name@a-company-with-a-very-long-name.example.com"},
        "connections": [CONNECTION | {"name": HOSTILE * 3, "health": HOSTILE}],
        "exporters": [exporter(HOSTILE, tab="Donaudampfschifffahrtsgesellschaft" * 2)],
    }
    page = show({"home": home})
    expect(page.get_by_text(HOSTILE).first).to_be_visible()
    press(page, "Companies")
    expect(page.get_by_text(HOSTILE).first).to_be_visible()


# The form


def form(show: Show, answers: Mapping[str, Any] | None = None, **functions: str) -> Page:
    page = show({"startExport": LAST} | dict(answers or {}), **functions)
    press(page, "New export")
    in_view(page, "form")
    return page


def requested(page: Page) -> Any:
    press(page, "Export")
    in_view(page, "done")
    return calls(page, "startExport")[0][0]


def test_pressing_export_at_once_takes_all_of_the_first_list(show: Show) -> None:
    page = form(show)
    assert requested(page) == {
        "kind": "entities",
        "dataset": "invoices",
        "connection_id": "con_acme",
        "tab": "Invoices",
        "options": {
            "columns": None,
            "from": None,
            "to": None,
            "include_inactive": False,
            "parameters": {},
        },
    }


@pytest.mark.parametrize(
    ("preset", "month", "words"),
    [
        ("this_month", 1, "1 Nov – 30 Nov 2026"),
        ("last_month", 1, "1 Oct – 31 Oct 2026"),
        ("this_fiscal_quarter", 1, "1 Oct – 31 Dec 2026"),
        ("last_fiscal_quarter", 1, "1 Jul – 30 Sep 2026"),
        ("this_fiscal_year", 1, "1 Jan – 31 Dec 2026"),
        ("this_fiscal_year_to_date", 1, "1 Jan – 22 Nov 2026"),
        ("last_fiscal_year", 1, "1 Jan – 31 Dec 2025"),
        ("last_30_days", 1, "24 Oct – 22 Nov 2026"),
        ("this_fiscal_quarter", 12, "1 Sep – 30 Nov 2026 · fiscal year from December"),
        ("this_fiscal_year", 12, "1 Dec 2025 – 30 Nov 2026 · fiscal year from December"),
        ("last_fiscal_quarter", 4, "1 Jul – 30 Sep 2026 · fiscal year from April"),
        ("last_calendar_quarter", 4, "1 Jul – 30 Sep 2026"),
        ("this_fiscal_year", "April", "1 Apr 2026 – 31 Mar 2027 · fiscal year from April"),
        ("last_month", 4, "1 Oct – 31 Oct 2026"),
    ],
)
def test_dates_are_asked_for_by_name_and_spelled_out(
    show: Show, preset: str, month: object, words: str
) -> None:
    page = form(show, {"home": FULL | {"connections": [CONNECTION | {"fiscal_month": month}]}})
    page.get_by_label("Dates").select_option(preset)
    expect(page.locator("#dates-spelled")).to_have_text(words)
    options = requested(page)["options"]
    assert (options["from"], options["to"], options["dates"]) == (None, None, preset)


def test_the_days_that_are_shown_are_those_that_the_backend_means(show: Show) -> None:
    page = form(show)
    names = page.evaluate("[...RANGES, 'last_week_to_date', 'last_month_to_date']")
    for day in ("2026-11-22", "2026-03-31", "2024-02-29", "2026-01-01", "2026-12-31"):
        for month in (1, 2, 7, 12):
            shown = page.evaluate(
                "([names, day, month]) => names.map((name) => resolved(name, day, month))",
                [names, day, month],
            )
            for name, days in zip(names, shown, strict=True):
                start, end = periods.resolved(name, Today(date.fromisoformat(day), month))
                assert days == {"from": str(start), "to": str(end)}, (name, day, month)


def test_dates_are_taken_from_cells_that_are_selected_in_the_sheet(show: Show) -> None:
    page = form(show, {"pickCell": {"cell": "'Set up'!B1", "shows": "2026-05-01"}})
    page.get_by_label("Dates").select_option("cells")
    press(page, "Export")
    expect(page.get_by_role("alert")).to_contain_text("Name a cell, such as 'Set up'!B1")
    page.get_by_role("button", name="Use the selected cell").first.click()
    expect(page.get_by_label("First day in cell")).to_have_value("'Set up'!B1")
    expect(page.get_by_text("2026-05-01")).to_be_visible()
    page.get_by_label("Last day in cell").fill("'Set up'!B2")
    options = requested(page)["options"]
    assert options["cells"] == {"from": "'Set up'!B1", "to": "'Set up'!B2"}
    assert (options["from"], options["to"]) == (None, None)


def test_today_is_the_spreadsheets_today(show: Show) -> None:
    zone = {"zone": "Pacific/Kiritimati", "today": "2026-11-21"}
    page = form(show, {"home": FULL | {"sheet": zone}})
    page.clock.set_fixed_time("2026-11-30T11:00:00Z")
    page.get_by_label("Dates").select_option("this_month")
    expect(page.locator("#dates-spelled")).to_have_text("1 Dec – 31 Dec 2026")


def test_a_zone_that_the_browser_does_not_know_falls_back_on_the_servers_day(show: Show) -> None:
    page = form(show, {"home": FULL | {"sheet": {"zone": "Mars/Base", "today": "2026-03-05"}}})
    page.get_by_label("Dates").select_option("this_month")
    expect(page.locator("#dates-spelled")).to_have_text("1 Mar – 31 Mar 2026")


def test_own_dates_are_typed_and_checked(show: Show) -> None:
    page = form(show)
    page.get_by_label("Dates").select_option("custom")
    first, last = page.get_by_label("First day"), page.get_by_label("Last day")
    expect(first).to_be_focused()
    first.fill("2026-05-02")
    last.fill("2026-05-01")
    press(page, "Export")
    expect(page.get_by_role("alert")).to_have_text("The first day is after the last day.")
    expect(first).to_have_attribute("aria-invalid", "true")
    last.fill("")
    press(page, "Export")
    expect(page.get_by_role("alert")).to_have_text("Fill in both dates.")
    expect(last).to_be_focused()
    last.fill("2026-05-31")
    options = requested(page)["options"]
    assert (options["from"], options["to"]) == ("2026-05-02", "2026-05-31")


def test_a_list_without_dates_has_no_dates_and_may_include_inactive_ones(show: Show) -> None:
    page = form(show)
    page.get_by_label("What").select_option(label="Customers")
    expect(page.get_by_label("Dates")).to_have_count(0)
    expect(page.get_by_label("Name of the tab")).to_have_value("Customers")
    page.get_by_label("Include inactive ones").check()
    request = requested(page)
    assert request["dataset"] == "customers"
    assert request["options"]["include_inactive"] is True
    assert request["options"]["from"] is None


def test_a_report_takes_its_dates_and_choices_as_parameters(show: Show) -> None:
    page = form(show)
    page.get_by_label("What").select_option(label="Profit and Loss")
    expect(page.locator("#dates-spelled")).to_have_text("1 Jan – 22 Nov 2026")
    expect(page.get_by_label("Columns", exact=True)).to_have_count(0)
    page.get_by_label("Columns by").select_option("Month")
    request = requested(page)
    assert (request["kind"], request["dataset"]) == ("reports", "profit-and-loss")
    assert request["options"] == {
        "columns": None,
        "from": None,
        "to": None,
        "include_inactive": False,
        "parameters": {"summarize_column_by": "Month"},
        "dates": "this_fiscal_year",  # so that each month has its column from the beginning
    }


def test_a_report_can_be_laid_out_as_a_table(show: Show) -> None:
    page = form(show)
    page.get_by_label("What").select_option(label="Profit and Loss")
    expect(page.get_by_label("As printed")).to_be_checked()
    page.get_by_label("As a table").check()
    expect(page.locator("#layout-hint")).to_have_text(
        "One value or line a row, for pivots and formulas."
    )
    assert requested(page)["options"]["layout"] == "tidy"


def test_what_few_reports_are_asked_for_lies_under_more_options(show: Show) -> None:
    page = form(show)
    page.get_by_label("What").select_option(label="Profit and Loss")
    expect(page.get_by_label("Due from")).to_be_hidden()
    page.get_by_text("More options").click()
    page.get_by_label("Due from").fill("2026-03-01")
    page.get_by_label("Periods").fill("6")
    page.get_by_label("Amount").check()
    page.get_by_label("Date", exact=True).check()
    page.get_by_label("Columns by").select_option("Customer")
    assert requested(page)["options"]["parameters"] == {
        "summarize_column_by": "Customers",
        "num_periods": "6",
        "start_duedate": "2026-03-01",
        "columns": "tx_date,subt_nat_amount",
    }


def test_a_report_of_another_country_is_not_offered(show: Show) -> None:
    page = form(show)
    expect(page.locator("#what option", has_text="Profit and Loss")).to_have_count(1)
    expect(page.locator("#what option", has_text="Fichier")).to_have_count(0)


def test_columns_are_searched_picked_and_kept_in_order(show: Show) -> None:
    page = form(show)
    page.locator("#columns").click()
    expect(page.get_by_role("heading", name="Invoices: Columns")).to_be_focused()
    expect(page.locator("#columns-count")).to_have_text("12 of 20 chosen")
    expect(page.get_by_role("checkbox", name="Id always there")).to_be_disabled()
    page.get_by_label("Find a column").fill("addr")
    expect(page.locator("#column-list li:visible")).to_have_count(2)
    page.get_by_label("Ship-to address").check()
    page.get_by_label("Find a column").fill("zzz")
    expect(page.get_by_text("No column is called that.")).to_be_visible()
    page.get_by_label("Find a column").fill("")
    page.get_by_role("checkbox", name="Number").uncheck()
    press(page, "Done")
    expect(page.locator("#columns")).to_contain_text("12 of 20")
    expect(page.locator("#columns")).to_be_focused()
    columns = requested(page)["options"]["columns"]
    assert columns == ["c0", *[f"c{i}" for i in range(2, 13)]]


def test_columns_are_put_in_order_by_keys_or_by_dragging(show: Show) -> None:
    page = form(show)
    page.locator("#columns").click()
    page.get_by_label("Put in order").check()
    titles = page.locator("#column-order li")
    assert titles.all_inner_texts()[:2] == ["Id\nalways there", "Number\n⋮⋮"]
    grip = page.get_by_role("button", name="Move Number")
    grip.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(grip).to_be_focused()
    expect(page.locator("#column-moved")).to_have_text("Number: column 4 of 12")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")  # the key of the rows stays first
    expect(page.locator("#column-moved")).to_have_text("Number: column 2 of 12")
    page.keyboard.press("End")
    dragged, onto = page.locator("[data-key=c4] .grip"), page.locator("[data-key=c2]")
    start, end = dragged.bounding_box(), onto.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 8, end["y"] + 8, steps=4)
    page.mouse.up()
    page.get_by_label("Choose", exact=True).check()
    page.get_by_label("Ship-to address").check()  # a later one comes last
    press(page, "Done")
    columns = requested(page)["options"]["columns"]
    assert columns == ["c0", "c4", "c2", "c3", *[f"c{i}" for i in range(5, 12)], "c1", "c12"]


def test_all_columns_and_the_defaults_are_one_press_each(show: Show) -> None:
    page = form(show)
    page.locator("#columns").click()
    press(page, "All")
    expect(page.locator("#columns-count")).to_have_text("20 of 20 chosen")
    press(page, "Defaults")
    expect(page.locator("#columns-count")).to_have_text("12 of 20 chosen")
    press(page, "Back")
    assert requested(page)["options"]["columns"] is None


def test_a_row_can_be_a_line_with_columns_of_its_own(show: Show) -> None:
    page = form(show)
    page.locator("#what").select_option("entities/payments")
    expect(page.locator("#headers")).to_have_count(0)
    expect(page.locator("#columns")).to_contain_text("2 of 3")
    page.get_by_label("One row for each").select_option("line")
    expect(page.locator("#rows")).to_be_focused()
    expect(page.locator("#columns")).to_contain_text("3 of 6")
    page.get_by_label("What a transaction has once").select_option("once")
    page.get_by_label("Bundles").select_option("group")
    page.locator("#columns").click()
    page.get_by_role("checkbox", name="Rate").check()
    press(page, "Done")
    options = requested(page)["options"]
    assert options["columns"] == ["row_id", "id", "line_item", "line_rate"]
    assert [options[name] for name in ("rows", "headers", "bundles")] == ["line", "once", "group"]
    assert "sensitive" not in options


def test_a_secret_is_chosen_after_a_sentence_and_never_with_all(show: Show) -> None:
    page = form(show)
    page.locator("#what").select_option("entities/payments")
    page.locator("#columns").click()
    card = page.get_by_role("checkbox", name="Card number secret")
    expect(card).to_be_disabled()
    press(page, "All")
    expect(page.locator("#columns-count")).to_have_text("2 of 3 chosen")
    page.get_by_label("Whoever can open this spreadsheet will see them").check()
    card.check()
    press(page, "Done")
    options = requested(page)["options"]
    assert (options["columns"], options["sensitive"]) == (["id", "memo", "card"], True)


def test_a_tab_without_a_name_is_asked_for(show: Show) -> None:
    page = form(show)
    page.get_by_label("Name of the tab").fill("  ")
    press(page, "Export")
    expect(page.get_by_role("alert")).to_have_text("Give the tab a name.")
    assert calls(page, "startExport") == []


def test_a_tab_that_was_named_keeps_its_name(show: Show) -> None:
    page = form(show)
    page.get_by_label("Name of the tab").fill("My own")
    page.get_by_label("What").select_option(label="Customers")
    expect(page.get_by_label("Name of the tab")).to_have_value("My own")


def test_a_company_that_needs_reconnection_cannot_be_picked(show: Show) -> None:
    page = form(show, {"home": TWO})
    option = page.get_by_label("From").locator("option[value=con_birch]")
    assert option.is_disabled()
    assert option.inner_text() == "Birch Studio (needs reconnection)"


def test_the_catalog_is_asked_for_once(show: Show) -> None:
    page = form(show)
    press(page, "Back")
    press(page, "New export")
    in_view(page, "form")
    assert calls(page, "catalog") == [[]]


# A run


def test_progress_counts_rows_calls_and_seconds(show: Show) -> None:
    page = form(show, {"startExport": step()}, nextStep="() => undefined")
    press(page, "Export")
    expect(page.locator("#progress")).to_have_text("7,240 of 12,480 rows")
    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "58")
    expect(page.locator("#calls")).to_have_text("8")
    page.clock.run_for(4_100)
    expect(page.locator("#elapsed")).to_have_text("4 s")
    expect(page.get_by_text("Your table stays as it is")).to_be_visible()


def test_a_pause_that_quickbooks_asks_for_is_kept_and_said(show: Show) -> None:
    page = form(show, {"startExport": step(wait_s=12), "nextStep": LAST})
    press(page, "Export")
    expect(page.get_by_text("QuickBooks asks us to slow down. Going on in 12 s.")).to_be_visible()
    assert calls(page, "nextStep") == []
    page.clock.run_for(13_000)
    in_view(page, "done")
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


# What goes wrong


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


# By keyboard alone


def test_an_export_is_made_without_a_mouse(show: Show) -> None:
    page = show({"startExport": LAST})
    in_view(page, "exports")

    def reach(name: str) -> None:
        for _ in range(20):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText "
                "|| document.activeElement.id"
            )
            if focused.strip() == name:
                assert page.evaluate("document.activeElement.matches(':focus-visible')")
                return
        pytest.fail(f"{name} cannot be reached with Tab")

    reach("New export")
    page.keyboard.press("Enter")
    in_view(page, "form")
    reach("tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("Mine")
    page.keyboard.press("Enter")
    in_view(page, "done")
    assert calls(page, "startExport")[0][0]["tab"] == "Mine"
    reach("Go to table")
    page.keyboard.press("Enter")
    page.clock.run_for(10)
    assert calls(page, "showBlock") == [["CF_invoices"]]
