from __future__ import annotations

import itertools
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.intuit import acme, birch, hostile
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.companies import demo_books
from sandbox.intuit.periods import month_ends, periods
from sandbox.intuit.reports import TOO_MUCH
from tests.samples import sample
from tests.sandbox.book_answers import NOW, amounts, read, refusal, report_lines, request, section

ACME, HOSTILE, BIRCH = acme.REALM_ID, hostile.REALM_ID, birch.REALM_ID
REALMS = pytest.mark.parametrize("realm", [ACME, HOSTILE, BIRCH], ids=["acme", "hostile", "birch"])
BASES = pytest.mark.parametrize("basis", ["Accrual", "Cash"])
YEAR = {"start_date": "2025-01-01", "end_date": "2025-12-31"}


@pytest.fixture(scope="module")
def books() -> DemoBooks:
    return demo_books()


def report(books: DemoBooks, realm: str, name: str, **args: str) -> Any:
    return read(books, realm, f"reports/{name}", **args)


def total(answer: Any, group: str) -> list[Decimal]:
    found = section(answer["Rows"], group)
    return amounts(found["Summary"]["ColData"] if "Summary" in found else found["ColData"])


def shape(value: Any) -> Any:
    """Keys and kinds, without what is said: of a list, the shapes of its members."""
    if isinstance(value, dict):
        return {key: shape(it) for key, it in value.items() if key not in ("Rows", "id")}
    if isinstance(value, list):
        return [shape(it) for it in value]
    return type(value).__name__


# The report


def test_the_parts_of_a_profit_and_loss_are_those_of_the_live_service(books: DemoBooks) -> None:
    live = sample("reports/ProfitAndLoss_2026_sandbox.json")
    ours = report(books, ACME, "ProfitAndLoss", **YEAR)
    assert shape(ours["Header"]) == shape(live["Header"])
    assert ours["Columns"] == live["Columns"]
    groups = [row["group"] for row in live["Rows"]["Row"]]
    assert [row["group"] for row in ours["Rows"]["Row"] if row["group"] in groups] == groups
    titles = {row["group"]: row.get("Header") for row in live["Rows"]["Row"]}
    for row in ours["Rows"]["Row"]:
        if row["group"] in titles:
            assert row.get("Header") == titles[row["group"]]


def test_the_parts_of_a_balance_sheet_are_those_of_the_live_service(books: DemoBooks) -> None:
    def outline(rows: dict[str, Any]) -> list[Any]:
        return [
            (
                row["group"],
                row.get("type"),
                sorted(set(row) - {"Rows"}),
                outline(row.get("Rows", {})),
            )
            for row in rows.get("Row", [])
            if "group" in row and row["group"] != "OtherAssets"
        ]

    live = sample("reports/BalanceSheet_2026_sandbox.json")
    ours = report(books, ACME, "BalanceSheet")
    assert outline(ours["Rows"]) == outline(live["Rows"])
    assert list(ours["Header"]) == list(live["Header"])
    assert ours["Header"]["DateMacro"] == live["Header"]["DateMacro"]
    for group in ("TotalAssets", "Liabilities", "TotalLiabilitiesAndEquity", "LongTermLiabilities"):
        theirs = section(live["Rows"], group)["Summary"]["ColData"][0]
        assert section(ours["Rows"], group)["Summary"]["ColData"][0] == theirs


def test_an_empty_profit_and_loss_is_the_captured_skeleton(books: DemoBooks) -> None:
    live = sample("reports/ProfitAndLoss_by_customers_NoReportData.json")
    ours = report(books, ACME, "ProfitAndLoss", start_date="2019-01-01", end_date="2019-12-31")
    assert ours["Rows"] == live["Rows"]
    assert ours["Header"]["Option"] == live["Header"]["Option"]


def test_an_empty_balance_sheet_has_no_rows_at_all(books: DemoBooks) -> None:
    ours = report(books, ACME, "BalanceSheet", start_date="2019-01-01", end_date="2019-12-31")
    assert ours["Rows"] == {}
    assert {"Name": "NoReportData", "Value": "true"} in ours["Header"]["Option"]


def test_a_parent_account_carries_its_own_postings_in_its_header(books: DemoBooks) -> None:
    rows = section(report(books, ACME, "ProfitAndLoss", **YEAR)["Rows"], "Income")["Rows"]["Row"]
    [parent] = [row for row in rows if "Header" in row]
    header, summary = parent["Header"]["ColData"], parent["Summary"]["ColData"]
    assert header[0]["value"] == "4100 Garden Work"
    assert header[0]["id"]
    assert "id" not in summary[0]
    children = [amounts((row.get("Summary") or row)["ColData"])[0] for row in parent["Rows"]["Row"]]
    assert Decimal(header[1]["value"]) > 0
    assert amounts(summary) == [Decimal(header[1]["value"]) + sum(children)]


def test_a_parent_without_postings_of_its_own_is_blank_there(books: DemoBooks) -> None:
    labels = {
        cells[0]["value"]: cells[1]["value"]
        for kind, cells in report_lines(report(books, ACME, "ProfitAndLoss", **YEAR)["Rows"])
        if kind == "header"
    }
    assert labels["6700 Utilities"] == ""


def test_months_are_columns_with_their_dates_and_a_total(books: DemoBooks) -> None:
    answer = report(books, ACME, "ProfitAndLoss", summarize_column_by="Month", **YEAR)
    columns = answer["Columns"]["Column"]
    assert [column["ColTitle"] for column in columns] == [
        "",
        *("Jan 2025", "Feb 2025", "Mar 2025", "Apr 2025", "May 2025", "Jun 2025"),
        *("Jul 2025", "Aug 2025", "Sep 2025", "Oct 2025", "Nov 2025", "Dec 2025"),
        "Total",
    ]
    assert columns[2]["MetaData"] == [
        {"Name": "StartDate", "Value": "2025-02-01"},
        {"Name": "EndDate", "Value": "2025-02-28"},
        {"Name": "ColKey", "Value": "Feb 2025"},
    ]
    for _, cells in report_lines(answer["Rows"]):
        assert len(cells) == 14
        figures = amounts(cells)
        assert sum(figures[:-1]) == figures[-1]


def test_every_summary_is_the_sum_of_what_it_sums_up(books: DemoBooks) -> None:
    def check(row: dict[str, Any]) -> list[Decimal]:
        if "Rows" not in row:
            return amounts((row.get("Summary") or row)["ColData"])
        own = amounts(row["Header"]["ColData"]) if "id" in row["Header"]["ColData"][0] else None
        parts = [check(child) for child in row["Rows"]["Row"]]
        summed = [sum(at) for at in zip(*([own] if own else []), *parts, strict=True)]
        assert summed == amounts(row["Summary"]["ColData"])
        return amounts(row["Summary"]["ColData"])

    for realm in (ACME, HOSTILE, BIRCH):
        dates = {"start_date": "2025-01-01", "end_date": "2026-06-30"}
        for row in report(books, realm, "ProfitAndLoss", **dates)["Rows"]["Row"]:
            check(row)
        for row in report(books, realm, "BalanceSheet", **dates)["Rows"]["Row"]:
            check(row)


def test_what_is_left_is_income_less_costs(books: DemoBooks) -> None:
    answer = report(books, ACME, "ProfitAndLoss", summarize_column_by="Quarter", **YEAR)
    of = {row["group"]: total(answer, row["group"]) for row in answer["Rows"]["Row"]}
    for at in range(5):
        gross = of["Income"][at] - of["COGS"][at]
        operating = gross - of["Expenses"][at]
        other = of["OtherIncome"][at] - of["OtherExpenses"][at]
        assert of["GrossProfit"][at] == gross
        assert of["NetOperatingIncome"][at] == operating
        assert of["NetOtherIncome"][at] == other
        assert of["NetIncome"][at] == operating + other


def test_values_are_texts_with_two_decimals_or_blank(books: DemoBooks) -> None:
    answer = report(books, ACME, "BalanceSheet", summarize_column_by="Month", **YEAR)
    for _, cells in report_lines(answer["Rows"]):
        for cell in cells[1:]:
            assert cell["value"] == "" or f"{Decimal(cell['value']):.2f}" == cell["value"]
            assert cell["value"] != "-0.00"


def test_the_basis_is_the_companys_own_unless_asked(books: DemoBooks) -> None:
    assert report(books, BIRCH, "ProfitAndLoss", **YEAR)["Header"]["ReportBasis"] == "Cash"
    asked = report(books, BIRCH, "ProfitAndLoss", accounting_method="Accrual", **YEAR)
    assert asked["Header"]["ReportBasis"] == "Accrual"
    assert asked["Header"]["Currency"] == "EUR"


def test_a_lone_date_is_passed_over_for_the_default_period(books: DemoBooks) -> None:
    header = report(books, ACME, "ProfitAndLoss", end_date="2025-12-31")["Header"]
    assert (header["StartPeriod"], header["EndPeriod"]) == ("2026-01-01", "2026-07-01")
    assert header["DateMacro"] == "this calendar year-to-date"


def test_a_customer_narrows_the_profit_and_loss(books: DemoBooks) -> None:
    dates = {"start_date": "2025-01-01", "end_date": "2026-06-30"}
    ids = [row["Id"] for row in books.company(ACME).store.all("Customer")]
    parts = [
        total(report(books, ACME, "ProfitAndLoss", customer=id, **dates), "Income")[0] for id in ids
    ]
    assert [sum(parts)] == total(report(books, ACME, "ProfitAndLoss", **dates), "Income")
    together = report(books, ACME, "ProfitAndLoss", customer=",".join(ids[:3]), **dates)
    assert together["Header"]["Customer"] == ",".join(ids[:3])
    assert total(together, "Income") == [sum(parts[:3])]


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ({"start_date": "2025-12-31", "end_date": "2025-01-01"}, "6000"),
        ({"start_date": "yesterday", "end_date": "2025-01-01"}, "2020"),
        ({"summarize_column_by": "Fortnight"}, "2170"),
        ({"accounting_method": "Hunch"}, "2170"),
        ({"class": "1"}, "5030"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(
    books: DemoBooks, args: dict[str, str], code: str
) -> None:
    asked = request("GET", "reports/ProfitAndLoss", **args)
    assert refusal(books, ACME, asked)[:2] == (400, code)


def test_columns_by_customer_are_what_each_of_them_alone_gives(books: DemoBooks) -> None:
    dates = {"start_date": "2026-01-01", "end_date": "2026-03-31"}
    whole = report(books, ACME, "ProfitAndLoss", **dates)
    by = report(books, ACME, "ProfitAndLoss", **dates, summarize_column_by="Customers")
    assert by["Header"]["SummarizeColumnsBy"] == "Customers"
    columns = by["Columns"]["Column"][1:]
    ids = [{it["Name"]: it["Value"] for it in each["MetaData"]}.get("ID") for each in columns]
    assert (ids[-2:], columns[-2]["ColTitle"]) == (["0", None], "Not Specified")
    amounts = total(by, "NetIncome")
    assert sum(amounts[:-1]) == amounts[-1] == total(whole, "NetIncome")[0]
    for id, amount in list(zip(ids, amounts, strict=True))[:3]:
        alone = report(books, ACME, "ProfitAndLoss", **dates, customer=str(id))
        assert total(alone, "NetIncome") == [amount]


@pytest.mark.parametrize("name", ["GeneralLedger", "BalanceSheet", "CashFlow", "VendorExpenses"])
def test_a_report_is_narrowed_to_a_customer_and_says_so(books: DemoBooks, name: str) -> None:
    dates = {"start_date": "2025-01-01", "end_date": "2025-12-31"}
    whole, narrow = (report(books, ACME, name, **dates, **more) for more in ({}, {"customer": "2"}))
    assert narrow["Header"]["Customer"] == "2"
    assert len(json.dumps(narrow["Rows"])) < len(json.dumps(whole["Rows"]))


@pytest.mark.parametrize(
    ("name", "args", "code"),
    [
        ("AgedReceivables", {"summarize_column_by": "Month"}, "2170"),
        ("GeneralLedger", {"summarize_column_by": "Week"}, "2170"),
        ("BalanceSheet", {"summarize_column_by": "Customers"}, "2170"),
        ("JournalReport", {"customer": "2"}, "2170"),
        ("CustomerSales", {"vendor": "2"}, "2170"),
    ],
)
def test_what_is_not_computed_is_refused_and_not_answered_whole(
    books: DemoBooks, name: str, args: dict[str, str], code: str
) -> None:
    asked = request("GET", f"reports/{name}", **YEAR, **args)
    assert refusal(books, ACME, asked)[:2] == (400, code)


def test_a_report_that_is_too_large_says_so_with_status_200() -> None:
    books = demo_books()
    books.company(ACME).cell_limit = 100
    answer = report(books, ACME, "ProfitAndLoss", **YEAR)
    assert TOO_MUCH in json.dumps(answer["Rows"])
    assert len(answer["Rows"]["Row"]) == 1


def test_an_edit_changes_the_next_report() -> None:
    books = demo_books()
    company = books.company(ACME)
    before = total(report(books, ACME, "ProfitAndLoss", **YEAR), "Income")[0]
    invoice = next(
        row
        for row in company.store.all("Invoice")
        if row["TxnDate"] < "2025-12" and row["TotalAmt"]
    )
    net = Decimal(invoice["TotalAmt"]) - Decimal(invoice["TxnTaxDetail"]["TotalTax"])
    company.void("Invoice", invoice["Id"], NOW)
    assert total(report(books, ACME, "ProfitAndLoss", **YEAR), "Income") == [before - net]
    sheet = report(books, ACME, "BalanceSheet", **YEAR)
    assert total(sheet, "TotalAssets") == total(sheet, "TotalLiabilitiesAndEquity")


def test_hostile_account_names_reach_the_report_to_the_letter(books: DemoBooks) -> None:
    answer = report(books, HOSTILE, "ProfitAndLoss", **YEAR)
    labels = {cells[0]["value"] for _, cells in report_lines(answer["Rows"])}
    assert "=4000 =1+1" in labels
    assert "Total =4000 =1+1" in labels
    assert any("<script>" in label for label in labels)


# Periods


def test_the_last_period_is_cut_to_the_reports_dates() -> None:
    cut = periods(date(2013, 7, 4), date(2015, 6, 21), "Year")
    assert [period.title for period in cut] == [
        "Jul 4 - Dec 31, 2013",
        "Jan - Dec 2014",
        "Jan 1 - Jun 21, 2015",
    ]


@settings(max_examples=60)
@given(
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.integers(min_value=0, max_value=900),
    st.sampled_from(["Month", "Quarter", "Year"]),
)
def test_periods_cover_every_day_once(start: date, days: int, by: str) -> None:
    end = date.fromordinal(start.toordinal() + days)
    cut = periods(start, end, by)
    assert (cut[0].start, cut[-1].end) == (start, end)
    for before, after in itertools.pairwise(cut):
        assert before.end.toordinal() + 1 == after.start.toordinal()


def test_month_ends_are_the_last_days() -> None:
    assert month_ends(date(2024, 1, 31), date(2024, 3, 30)) == [
        date(2024, 1, 31),
        date(2024, 2, 29),
    ]
