"""Where the exports and companies of a sheet stand."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.addon.sidebar_window import (
    FULL,
    HOSTILE,
    TWO,
    Show,
    calls,
    in_view,
    press,
    show,
    trouble,
    window,
)
from tests.addon.stub_page import (
    CONNECTION,
    HOME,
    exporter,
)
from tests.chromium import browser

__all__ = ["browser", "show", "window"]


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
        (exporter("Prices", tab=None), ["Table gone", "no table here now"]),
        (
            exporter("Items", last_run=last | {"state": "failed", "code": "no_room"}),
            [
                "Not written",
                "There was no room beside or below the table. Run it again:",
            ],
        ),
        (exporter("Terms", last_run=last | {"state": "sent"}), ["Not confirmed"]),
        (exporter("Taxes", connection_id="con_birch"), ["Birch Studio", "Needs reconnection"]),
    ]
    page = show({"home": TWO | {"exporters": [each for each, _ in stories]}})
    for each, words in stories:
        card = page.locator(f"[data-exporter={each['id']}]")
        for word in words:
            expect(card).to_contain_text(word)


def test_exports_of_one_title_are_told_apart_by_their_tabs(show: Show) -> None:
    alike = [exporter("Terms", id=f"exp_{tab}", tab=tab) for tab in ("Terms", "Terms 2")]
    page = show({"home": FULL | {"exporters": [*alike, exporter("Bills")]}})
    for label in ("Run {} again", "Show {} in the sheet", "More for {}"):
        for called in ("Terms in Terms", "Terms in Terms 2", "Bills"):
            button = page.get_by_role("button", name=label.format(called), exact=True)
            expect(button).to_have_count(1)


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
    for words in ("USD · fiscal year from January", "good for 97 days", "ana@example.com", "owner"):
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


def test_tables_of_a_company_that_is_gone_are_told_by_its_name_until_nobody_wants_it(
    show: Show,
) -> None:
    lost = [
        {
            "company": HOSTILE,
            "tabs": ["Bills", "P&L"],
            "blocks": ["CF_0000000000000001", "CF_0000000000000002"],
        }
    ]
    home = FULL | {"sheet": HOME["sheet"] | {"lost": lost}}
    page = show({"home": home, "forgetTables": {"ok": True}})
    note = page.get_by_role("region", name="Tables of a company that is gone")
    expect(note).to_contain_text(
        f"2 tables here read {HOSTILE}, which was deleted in Counterfoil, or of which you are no "
        "member any more: Bills, P&L."
    )
    expect(page.locator("#exports")).to_be_visible()
    expect(note).to_contain_text("They stay as they are")
    press(page, "Do not show this again")
    expect(note).to_have_count(0)
    assert calls(page, "forgetTables") == [[["CF_0000000000000001", "CF_0000000000000002"]]]


def test_tables_of_exports_that_one_may_not_see_are_told_and_named(show: Show) -> None:
    tabs = ["Bills", HOSTILE, "C", "D", "E", "F"]
    page = show({"home": FULL | {"sheet": HOME["sheet"] | {"others": {"n": 7, "tabs": tabs}}}})
    note = page.get_by_role("region", name="Other tables of Counterfoil")
    expect(note).to_contain_text(
        f"7 tables here belong to no export that you can see: Bills, {HOSTILE}, C, D, E …"
    )
    expect(note).not_to_contain_text("….")
    expect(note).to_contain_text("ask whoever made it to invite you")
    expect(page.locator("#exports")).to_be_visible()
    page.evaluate("""() => {
      state.home = {...state.home, exporters: [], connections: []};
      state.home.sheet.others = {n: 1, tabs: ['Bills']};
      showStart();
    }""")
    in_view(page, "first")
    expect(note).to_contain_text("1 table here belongs to no export that you can see: Bills.")
    page.evaluate("() => { state.home.sheet.others = {n: 0, tabs: []}; showStart(); }")
    expect(page.get_by_role("heading", name="Bring your books into this sheet")).to_be_visible()
    expect(note).to_have_count(0)
