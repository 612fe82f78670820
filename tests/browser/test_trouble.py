"""What goes wrong on the way: each ends in a sentence that says what to do, and stores nothing."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.driver import ACME, BIRCH, Person

# As Chromium's blocker does it: the page learns nothing, and no tab opens.
BLOCKS_POP_UPS = """() => {
    window.open = () => null;
    window.addEventListener("click", (event) => {
        if (event.target.closest("a[target=_blank]")) event.preventDefault();
    });
}"""


def test_saying_no_at_quickbooks(ana: Person):
    tab = ana.goes_to_intuit()
    tab.get_by_role("button", name="No, thanks").click()
    expect(tab.get_by_role("heading", name="Nothing was connected")).to_be_visible()
    tab.close()
    ana.page.bring_to_front()
    ana.sees("QuickBooks was told not to share")
    expect(ana.sidebar.get_by_role("link", name="Connect to QuickBooks")).to_be_visible()


def test_somebody_who_is_not_an_admin(ana: Person):
    tab = ana.goes_to_intuit(who="Sam")
    expect(tab.get_by_text("admin").first).to_be_visible()
    assert tab.get_by_role("button", name="Authorize").count() == 0
    tab.get_by_role("button", name="Back to Counterfoil").click()
    expect(tab.get_by_role("heading", name="Nothing was connected")).to_be_visible()
    tab.close()
    ana.page.bring_to_front()
    ana.sees("QuickBooks was told not to share")


def test_a_forwarded_link_says_for_whom_it_is(ana: Person):
    tab = ana.presses_connect()
    expect(
        tab.get_by_role("heading", name="Connect QuickBooks for ana@example.com")
    ).to_be_visible()
    tab.get_by_role("button", name="This is not me").click()
    expect(tab.get_by_role("heading", name="Nothing was connected")).to_be_visible()
    tab.close()
    ana.page.bring_to_front()
    ana.sees("whoever opened the link said that it was not for them")


def test_a_pop_up_blocker_leaves_the_link_to_open_by_hand(ana: Person):
    ana.sidebar.locator("body").evaluate(BLOCKS_POP_UPS)
    ana.sidebar.get_by_role("link", name="Connect to QuickBooks").click()
    ana.sees("Finish in the other tab")
    assert len(ana.window.pages) == 1
    ana.sidebar.get_by_text("No new tab?").click()
    expect(ana.sidebar.get_by_role("link", name="Open the QuickBooks page")).to_be_visible()
    expect(ana.button("Copy link")).to_be_visible()


def test_a_connection_that_quickbooks_ended(ana: Person):
    ana.connects(ACME)
    ana.exports("Customers")
    ana.button("All exports").click()
    world = ana.world
    assert world.intuit.disconnect(world.intuit.companies()[0].realm_id) == 1
    ana.starts_export("Invoices")
    ana.sees("Invoices was not written")
    expect(ana.sidebar.get_by_role("link", name="Reconnect")).to_be_visible()
    assert world.google.workbook.tab("Invoices") is None


def test_reconnecting_mends_it_and_keeps_the_exports(ana: Person):
    ana.connects(ACME)
    ana.exports("Customers")
    ana.button("All exports").click()
    world = ana.world
    world.intuit.disconnect(world.intuit.companies()[0].realm_id)
    ana.sidebar.get_by_role("button", name="Run Customers again").click()
    tab = ana.goes_to_intuit(connect="Reconnect")
    tab.get_by_role("radio", name=ACME).check()
    tab.get_by_role("button", name="Authorize").click()
    expect(tab.get_by_role("heading", name="Connected")).to_be_visible()
    tab.close()
    ana.page.bring_to_front()
    ana.sees("Acme Landscaping is connected")
    ana.button("All exports").click()
    ana.sidebar.get_by_role("button", name="Run Customers again").click()
    ana.sees("complete")


def test_reconnecting_with_another_company_is_refused_by_name(ana: Person):
    ana.connects(ACME)
    world = ana.world
    world.intuit.disconnect(world.intuit.companies()[0].realm_id)
    ana.starts_export("Invoices")
    tab = ana.goes_to_intuit(connect="Reconnect")
    tab.get_by_role("radio", name=BIRCH).check()
    tab.get_by_role("button", name="Authorize").click()
    expect(tab.get_by_role("heading", name="That is another company")).to_be_visible()
    tab.close()
    ana.page.bring_to_front()
    ana.sees(ACME)
    ana.sees(BIRCH)


def test_the_backend_is_down_and_comes_back(ana: Person):
    ana.connects(ACME)
    ana.fills_in("Invoices")
    ana.world.backend.stop()
    ana.button("Export").click()
    ana.sees("server does not answer")
    assert ana.world.google.workbook.tab("Invoices") is None
    ana.world.backend.start()
    ana.button("Try again").click()
    ana.sees("complete")


def test_the_backend_is_down_when_the_sidebar_opens(ana: Person):
    ana.world.backend.stop()
    ana.opens_counterfoil()
    ana.sees("Counterfoil cannot be reached")


def test_a_page_that_fails_for_good_writes_nothing(ana: Person):
    ana.connects(ACME)
    ana.world.intuit.inject("4002", path="query", times=None)
    ana.starts_export("Invoices")
    ana.sees("Invoices was not written")
    assert ana.world.google.workbook.tab("Invoices") is None


def test_a_quickbooks_that_stays_away_is_named_as_the_reason(ana: Person):
    ana.connects(ACME)
    ana.world.intuit.inject("503", path="query", times=None)
    ana.starts_export("Invoices")
    # Two pauses of ten seconds each, before the run gives up.
    why = ana.sidebar.get_by_role("alert").filter(has_text="QuickBooks")
    expect(why).to_be_visible(timeout=60_000)
    ana.sees("Invoices was not written")
    assert ana.sidebar.get_by_text("There is no such export").count() == 0
    assert [tab.title for tab in ana.world.google.workbook.tabs] == ["Sheet1"]
    ana.world.intuit.faults.clear()
    ana.button("Try again").click()
    ana.sees("complete")
    ana.button("All exports").click()
    expect(ana.sidebar.get_by_role("button", name="Run Invoices again")).to_have_count(1)


def test_a_report_that_is_too_large_writes_nothing(ana: Person):
    ana.connects(ACME)
    ana.world.intuit.inject("unable_to_display", path="reports")
    # Balances of parts of a period are no balances of the whole: it cannot be put together.
    ana.starts_export("Balance Sheet")
    ana.sees("Balance Sheet was not written")
    assert ana.world.google.workbook.tab("Balance Sheet") is None


def test_a_cell_that_somebody_changed_is_shown_and_replaced_on_their_word(ana: Person):
    ana.connects(ACME)
    ana.exports("Customers")
    books = ana.world.google.workbook
    tab = books.tab("Customers")
    honest = tab.value(3, 1)
    tab.write(3, 1, [["my own words"]])
    ana.sidebar.locator("#back").click()
    ana.sidebar.get_by_role("button", name="Run Customers again").click()
    ana.sees("'Customers'!B4")
    ana.button("Show cell").click()
    expect(ana.page.get_by_role("textbox", name="Formula bar")).to_have_value("my own words")
    assert tab.value(3, 1) == "my own words"
    ana.button("Replace anyway").click()
    ana.sees("In the sheet, read back")
    assert tab.value(3, 1) == honest
    kept = books.tab("Customers – replaced")
    assert kept is not None
    assert kept.value(4, 1) == "my own words"
