"""One table of several companies' books, added up: the run from its choices to the sheet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from counterfoil.core.consolidation_tabs import ELIMINATIONS, MAPPING, RATES
from counterfoil.core.errors import (
    BlockNeeded,
    IncompleteRead,
    QuickBooksBusy,
    QuickBooksRejected,
    TabsNeeded,
)
from sandbox.intuit import birch
from tests.flows.consolidated_books import (
    DAYS,
    NO_TABS,
    RATE_HEADINGS,
    REALMS,
    WITH_RATE,
    YEAR_RATE,
    Group,
    block,
    line,
    operations,
)
from tests.flows.export_fakes import ANA, SHEET
from tests.flows.several_books import ACME, BIRCH, CEDAR


def test_two_companies_stand_beside_each_other_with_what_they_come_to() -> None:
    group = Group()
    step = group.start(tabs=WITH_RATE)
    rows = block(step)
    assert rows[:5] == [
        ["Acme, Birch", "", "", "", ""],
        ["Consolidated Profit and Loss", "", "", "", ""],
        ["2025-01-01 to 2025-12-31", "", "", "", ""],
        ["Accrual basis, USD; EUR 1.1 average 2025-01-01 to 2025-12-31", "", "", "", ""],
        ["", "Acme", "Birch (EUR in USD)", "Eliminations", "Total"],
    ]
    # Dollars of Acme's, and 40,169 euros.
    assert line(step, "Design Fees")[1:] == [20140, 44185.9, "", 64325.9]
    assert line(step, "Net Income")[1:] == [83834.37, 34604.9, "", 118439.27]
    # A report and its accounts of each.
    assert step.calls == 4
    assert step.proof is not None
    assert step.proof.verdict == "PASS"
    assert [name for name, _ in step.proof.companies] == ["Acme", "Birch"]
    assert step.proof.sent == sum(each.sent for _, each in step.proof.companies)
    # Acme's own report calls it "Total 4100 Garden Work".
    assert line(step, "Total Garden Work")[1] == 127851.6


def test_the_balance_sheet_of_three_currencies_balances_with_a_line_for_translation() -> None:
    group = Group()
    closing = [
        [currency, "USD", "closing", "", "2025-12-31", "", rate]
        for currency, rate in (("EUR", "1.2"), ("CAD", "0,7"))
    ]
    average = [
        ["EUR", "USD", "average", "2025-04-01", "2025-12-31", "", "1.15"],
        ["CAD", "USD", "average", "2025-01-01", "2025-12-31", "", "0.72"],
    ]
    equity = [
        [currency, "USD", "historical", "", "2025-01-01", "Opening Balance Equity", rate]
        for currency, rate in (("EUR", "1.05"), ("CAD", "0.71"))
    ]
    # Cedar's chart has numbers, so its account is named with one.
    equity[1][5] = "3000 Opening Balance Equity"
    tabs = {**NO_TABS, RATES: [RATE_HEADINGS, *closing, *average, *equity]}
    step = group.start(ACME, BIRCH, CEDAR, report="balance-sheet", tabs=tabs)
    assets, claims = line(step, "TOTAL ASSETS"), line(step, "TOTAL LIABILITIES AND EQUITY")
    assert assets[1:] == claims[1:]
    difference = line(step, "Translation difference")
    assert difference[1] == difference[4] == ""
    assert difference[2]
    assert difference[3]
    assert difference[5] == pytest.approx(difference[2] + difference[3])
    # 8,000 euros and 60,000 Canadian dollars at the rates of their days.
    assert line(step, "Opening Balance Equity")[1:4] == [57400.4, 8400, 42600]


def test_accounts_that_nobody_mapped_are_listed_in_their_tab_and_in_the_table() -> None:
    group = Group()
    step = group.start(tabs=WITH_RATE, match="mapping")
    *_, mapping, eliminations = operations(step)
    assert (mapping["op"], mapping["title"]) == ("append_log", MAPPING)
    assert mapping["rows"][0] == ["Company", "Id", "Number", "Account", "Group line"]
    assert ["Acme", "22", "4000", "Design Fees", ""] in mapping["rows"]
    assert ["Birch", "8", "", "Design Fees", ""] in mapping["rows"]
    assert (eliminations["title"], len(eliminations["rows"])) == (ELIMINATIONS, 1)
    assert line(step, "Not mapped: Design Fees (Birch)")[1:] != ["", "", "", ""]

    filled = [
        row if row[3] != "Design Fees" else [*row[:4], "Fees of all"] for row in mapping["rows"]
    ]
    again = group.start(
        tabs={**WITH_RATE, MAPPING: filled, ELIMINATIONS: [["Company"]]} | {ELIMINATIONS: []},
        match="mapping",
    )
    birch_fees, acme_fees = line(again, "Fees of all")[2], 20140
    assert line(again, "Fees of all")[1] == acme_fees
    assert birch_fees == line(step, "Not mapped: Design Fees (Birch)")[2]
    assert MAPPING not in [each.get("title") for each in operations(again)]


def test_an_elimination_of_the_tab_takes_both_sides_out() -> None:
    group = Group()
    rows = [
        ["Company", "Account", "Other company", "Other account"],
        ["Acme", "4200", "Birch", "Rent"],
    ]
    step = group.start(tabs={**WITH_RATE, ELIMINATIONS: rows})
    assert line(step, "Snow Clearing")[3:] == [-16875, 0]
    rent = line(step, "Rent")
    assert rent[3:] == [-rent[2], 0]
    assert line(step, "Intercompany difference: Acme / Birch")[3] == pytest.approx(16875 - rent[2])
    assert line(step, "Net Income")[3] == 0


@pytest.mark.parametrize(("rate", "owed", "difference"), [("1.5", 5100, None), ("1.49", 5066, -34)])
def test_what_one_company_lent_another_leaves_the_balance_sheet_of_both(
    rate: str, owed: float, difference: float | None
) -> None:
    group = Group()
    rates = [
        ["EUR", "CAD", "closing", "", "2025-12-31", "", rate],
        ["EUR", "CAD", "average", "", "", "", "1.48"],
        ["EUR", "CAD", "historical", "", "", "Opening Balance Equity", "1.47"],
    ]
    pair = ["Cedar", "1300", "Birch", "Owed to Cedar Imports"]
    tabs = {
        RATES: [RATE_HEADINGS, *rates],
        ELIMINATIONS: [["Company", "Account", "Other company", "Other account"], pair],
    }
    step = group.start(CEDAR, BIRCH, report="balance-sheet", tabs=tabs, currency="CAD")
    assert line(step, "Due from Birch Studio")[1:] == [5100, "", -5100, 0]
    assert line(step, "Owed to Cedar Imports")[1:] == ["", owed, -owed, 0]
    assert line(step, "TOTAL ASSETS")[1:] == line(step, "TOTAL LIABILITIES AND EQUITY")[1:]
    told = [row for row in block(step) if str(row[0]).startswith("Intercompany difference")]
    assert [row[1:] for row in told] == (
        [] if difference is None else [["", "", difference, difference]]
    )


@pytest.mark.parametrize("layout", ["printed", "tidy"])
def test_a_range_on_cash_basis_by_mapping_with_unequal_eliminations_adds_up(layout: str) -> None:
    """All that the form can ask for at once, with its tabs as the add-on sends them."""
    group = Group()
    basis = {"parameters": {**DAYS, "accounting_method": "Cash"}, "layout": layout}
    listed = group.start(tabs=WITH_RATE, match="mapping", options=basis)
    rows = next(each for each in operations(listed) if each.get("title") == MAPPING)["rows"]
    mapped = [
        row if row[3] not in ("Design Fees", "Rent") else [*row[:4], f"All {row[3]}"]
        for row in rows
    ]
    pair = ["Acme", "Snow Clearing", "Birch", "Rent"]
    tabs = {
        **WITH_RATE,
        MAPPING: mapped,
        ELIMINATIONS: [["Company", "Account", "Other company", "Other account"], pair],
    }
    step = group.start(tabs=tabs, match="mapping", options=basis)
    assert step.proof is not None
    assert step.proof.verdict == "PASS"
    assert "not matched" in step.proof.why
    if layout == "tidy":
        titles, *found = block(step)
        cells = [dict(zip(titles, row, strict=True)) for row in found]
        named = [row for row in cells if row["Name"] == "All Rent"]
        assert [(row["Column"], row["Amount"]) for row in named] == [
            *(("Birch (EUR in USD)", 8448), ("Eliminations", -8448), ("Total", 0)),
        ]
        assert {row["Basis"] for row in cells} == {"Cash"}
        return
    assert block(step)[3][0].startswith("Cash basis, USD")
    assert line(step, "All Rent")[1:] == ["", 8448, -8448, 0]
    snow = line(step, "Not mapped: Snow Clearing (Acme)")[1]
    assert line(step, "Not mapped: Snow Clearing (Acme)")[2:] == ["", -snow, 0]
    difference = line(step, "Intercompany difference: Acme / Birch")
    assert difference[3] == pytest.approx(snow - 8448)
    assert line(step, "Net Income")[3] == 0


def test_a_company_that_cannot_be_read_stops_the_run_and_is_named() -> None:
    group = Group()
    group.quickbooks.refused[birch.REALM_ID] = QuickBooksRejected("QuickBooks says no.")
    with pytest.raises(QuickBooksRejected, match=r"Birch: QuickBooks says no\.") as raised:
        group.start(tabs=WITH_RATE)
    assert raised.value.details["connection_id"] == BIRCH


def test_a_company_that_is_busy_is_asked_again_and_the_tabs_with_it() -> None:
    group = Group()
    group.quickbooks.once[birch.REALM_ID] = QuickBooksBusy("Busy.", wait_s=3)
    step = group.start(tabs=WITH_RATE)
    assert step.cursor is not None
    assert step.wait_s == 3
    with pytest.raises(TabsNeeded):
        group.exports.resume(ANA, SHEET, step.cursor)
    last = group.exports.resume(ANA, SHEET, step.cursor, tabs=WITH_RATE)
    assert last.cursor is None
    assert line(last, "Net Income")[4] == 118439.27


def test_a_company_whose_report_is_in_another_currency_than_it_is_known_by_stops_the_run() -> None:
    group = Group()
    known = group.companies.held
    known[BIRCH] = replace(known[BIRCH], currency="GBP")
    rate = ["GBP", *YEAR_RATE[1:]]
    with pytest.raises(IncompleteRead, match="Birch: Its report is in EUR"):
        group.start(tabs={**NO_TABS, RATES: [RATE_HEADINGS, rate]})


def test_the_lines_of_the_sheet_keep_their_places_so_the_block_is_asked_for() -> None:
    group = Group()
    step = group.start(tabs=WITH_RATE)
    group.exports.acknowledge(ANA, SHEET, step.run_id, applied=True)
    with pytest.raises(TabsNeeded):
        group.exports.again(ANA, SHEET, step.exporter_id)
    with pytest.raises(BlockNeeded):
        group.exports.again(ANA, SHEET, step.exporter_id, tabs=WITH_RATE)
    again = group.exports.again(
        ANA, SHEET, step.exporter_id, tabs=WITH_RATE, block={"receipt": None}
    )
    assert again.calls == 4


def test_all_companies_have_the_days_of_the_first_and_one_basis() -> None:
    group = Group()
    options = {"parameters": {}, "dates": "last_fiscal_year"}
    tabs = {**NO_TABS, RATES: [RATE_HEADINGS, YEAR_RATE]}
    step = group.start(tabs=tabs, options=options)
    assert block(step)[2][0] == "2025-01-01 to 2025-12-31"
    assert str(block(step)[3][0]).startswith("Accrual basis")


def test_each_company_is_paced_by_its_own_limits() -> None:
    group = Group(paced=True)
    assert group.start(tabs=WITH_RATE).calls == 4
    budgets = group.world.budgets
    assert [budgets.calls_of(REALMS[id]) for id in (ACME, BIRCH, CEDAR)] == [2, 2, 0]


def test_its_totals_may_be_live_and_its_layout_tidy() -> None:
    group = Group()
    live = group.start(tabs=WITH_RATE, options={"totals": "formulas"})
    (formulas,) = [each for each in operations(live) if each["op"] == "formula"]
    income = next(at for at, row in enumerate(block(live)) if row[0] == "Total Income")
    # Of Acme, Birch and both together; nothing was eliminated.
    assert [each["column"] for each in formulas["cells"] if each["row"] == income] == [1, 2, 4]

    tidy = block(group.start(tabs=WITH_RATE, options={"layout": "tidy"}))
    fees = [row for row in tidy if row[7] == "Design Fees"]
    assert [(row[11], row[15], row[16]) for row in fees] == [
        ("Acme", 20140, -20140),
        ("Birch (EUR in USD)", 44185.9, -44185.9),
        ("Total", 64325.9, -64325.9),
    ]


def test_a_trial_balance_has_a_signed_amount_a_company() -> None:
    group = Group()
    _rates_of_balance = [
        ["EUR", "USD", "closing", "", "2025-12-31", "", "1.2"],
        ["EUR", "USD", "average", "2025-04-01", "2025-12-31", "", "1.15"],
        ["EUR", "USD", "historical", "", "", "Birch: Opening Balance Equity", "1.05"],
    ]
    tabs = {**NO_TABS, RATES: [RATE_HEADINGS, *_rates_of_balance]}
    step = group.start(report="trial-balance", tabs=tabs)
    assert block(step)[2][0] == "As of 2025-12-31"
    assert line(step, "Checking")[1:] == [81094.85, "", "", 81094.85]
    assert line(step, "Total")[1:] == [0, 0, "", 0]


def test_a_cash_flow_ends_with_the_cash_that_is_there() -> None:
    group = Group()
    tabs = {
        **NO_TABS,
        RATES: [
            RATE_HEADINGS,
            YEAR_RATE,
            ["EUR", "USD", "closing", "", "2024-12-31", "", "1.04"],
            ["EUR", "USD", "closing", "", "2025-12-31", "", "1.2"],
        ],
    }
    step = group.start(report="cash-flow", tabs=tabs)
    # 26,980.37 euros.
    assert line(step, "Cash at end of period")[2] == 32376.44
    assert line(step, "Effect of exchange rates on cash")[2] == pytest.approx(2698.03, abs=0.02)
