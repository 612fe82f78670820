"""The sandbox's reports are computed one by one from the same ledger: they have to agree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from sandbox.intuit import acme, birch, cedar, hostile
from sandbox.intuit.answers import ApiRefused
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.companies import demo_books
from tests.sandbox.book_answers import read, section

REALMS = pytest.mark.parametrize(
    "realm",
    [acme.REALM_ID, hostile.REALM_ID, birch.REALM_ID, cedar.REALM_ID],
    ids=["acme", "hostile", "birch", "cedar"],
)
BASES = pytest.mark.parametrize("basis", ["Accrual", "Cash"])
YEAR = {"start_date": "2025-01-01", "end_date": "2025-12-31"}
FIRST = date(2025, 1, 1)


@pytest.fixture(scope="module")
def books() -> DemoBooks:
    return demo_books()


def report(books: DemoBooks, realm: str, name: str, **args: str) -> Any:
    return read(books, realm, f"reports/{name}", **args)


def days() -> Iterator[str]:
    for week in range(0, 76):
        yield (FIRST + timedelta(weeks=week)).isoformat()


def last_cell(row: Any, part: str = "Summary") -> Decimal:
    return Decimal(row[part]["ColData"][-1]["value"] or 0)


def balance(books: DemoBooks, realm: str, group: str, day: str) -> Decimal:
    args = {"start_date": "2025-01-01", "end_date": day, "accounting_method": "Accrual"}
    answer = report(books, realm, "BalanceSheet", **args)
    found = section(answer["Rows"], group)
    return last_cell(found) if found else Decimal(0)


def data_rows(rows: Any) -> Iterator[Any]:
    for row in rows.get("Row", []):
        if "ColData" in row:
            yield row
        yield from data_rows(row.get("Rows", {}))


@REALMS
@BASES
def test_debits_are_credits_in_the_trial_balance_of_any_day(
    books: DemoBooks, realm: str, basis: str
) -> None:
    seen = 0
    for day in days():
        answer = report(
            books, realm, "TrialBalance", start_date=day, end_date=day, accounting_method=basis
        )
        if total := section(answer["Rows"], "GrandTotal"):
            _, debit, credit = (cell["value"] for cell in total["Summary"]["ColData"])
            assert debit == credit
            seen += 1
    assert seen > 20


@REALMS
@pytest.mark.parametrize(
    ("name", "group"), [("AgedReceivables", "AR"), ("AgedPayables", "AP")], ids=["in", "out"]
)
def test_what_is_open_on_any_day_is_the_balance_of_its_account(
    books: DemoBooks, realm: str, name: str, group: str
) -> None:
    for day in days():
        answer = report(books, realm, name, report_date=day)
        total = section(answer["Rows"], "GrandTotal")
        aged = last_cell(total) if total else Decimal(0)
        assert aged == balance(books, realm, group, day), day


@REALMS
@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("AgedReceivables", "AgedReceivableDetail"),
        ("AgedPayables", "AgedPayableDetail"),
        ("CustomerBalance", "CustomerBalanceDetail"),
        ("VendorBalance", "VendorBalanceDetail"),
    ],
)
def test_the_detail_of_open_items_adds_up_to_their_summary(
    books: DemoBooks, realm: str, whole: str, parts: str
) -> None:
    for day in ("2025-06-30", "2025-12-31", "2026-03-17"):
        answer = report(books, realm, parts, report_date=day)
        columns = [column["ColTitle"] for column in answer["Columns"]["Column"]]
        place = columns.index("Open Balance")
        detail = sum(Decimal(row["ColData"][place]["value"]) for row in data_rows(answer["Rows"]))
        total = section(report(books, realm, whole, report_date=day)["Rows"], "GrandTotal")
        assert detail == (last_cell(total) if total else 0)


@REALMS
@BASES
def test_the_profit_and_loss_is_the_sum_of_its_detail(
    books: DemoBooks, realm: str, basis: str
) -> None:
    args = {**YEAR, "accounting_method": basis}
    summary = section(report(books, realm, "ProfitAndLoss", **args)["Rows"], "NetIncome")
    detail = report(books, realm, "ProfitAndLossDetail", **args)
    keys = [column["ColType"] for column in detail["Columns"]["Column"]]
    net = detail["Rows"]["Row"][-1]["Summary"]["ColData"][keys.index("subt_nat_amount")]["value"]
    assert Decimal(net) == last_cell(summary)
    costs = ("Cost of Goods Sold", "Expenses", "Other Expenses")
    total = Decimal(0)
    for part in detail["Rows"]["Row"][:-1]:
        sign = -1 if part["Header"]["ColData"][0]["value"] in costs else 1
        for row in data_rows(part["Rows"]):
            total += sign * Decimal(row["ColData"][keys.index("subt_nat_amount")]["value"])
    assert total == Decimal(net)


@REALMS
def test_the_general_ledger_carries_on_from_month_to_month(books: DemoBooks, realm: str) -> None:
    """What an account ends a month with is what it begins the next one with."""

    def balances(start: str, end: str) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
        answer = report(books, realm, "GeneralLedger", start_date=start, end_date=end)
        keys = [column["ColType"] for column in answer["Columns"]["Column"]]
        place = keys.index("rbal_nat_amount")
        opened, closed = {}, {}

        def walk(rows: Any, account: str) -> None:
            for row in rows.get("Row", []):
                if "Header" in row:
                    walk(row["Rows"], row["Header"]["ColData"][0]["id"])
                elif "ColData" in row:
                    amount = Decimal(row["ColData"][place]["value"])
                    if row["ColData"][0]["value"] == "Beginning Balance":
                        opened[account] = amount
                    closed[account] = amount

        walk(answer["Rows"], "")
        return opened, closed

    _, before = balances("2025-04-01", "2025-08-31")
    after, _ = balances("2025-09-01", "2025-09-30")
    kinds = {row["Id"]: row for row in books.company(realm).store.all("Account")}
    kept = books.company(realm).chart.retained_earnings
    carried = {
        id: amount
        for id, amount in before.items()
        if kinds[id]["Classification"] in ("Asset", "Liability", "Equity") and amount and id != kept
    }
    assert carried
    for id, amount in carried.items():
        assert after[id] == amount, kinds[id]["Name"]


@REALMS
def test_every_transaction_of_the_journal_balances(books: DemoBooks, realm: str) -> None:
    answer = report(books, realm, "JournalReport", **YEAR)
    sums = [row["Summary"]["ColData"] for row in answer["Rows"]["Row"] if "Summary" in row]
    assert len(sums) > 20
    assert all(cells[-1]["value"] == cells[-2]["value"] for cells in sums)


@REALMS
def test_the_cash_flow_ends_with_the_money_that_is_there(books: DemoBooks, realm: str) -> None:
    answer = report(books, realm, "CashFlow", **YEAR)
    said = {
        group: last_cell(section(answer["Rows"], group))
        for group in ("BeginningCash", "CashIncrease", "EndingCash")
    }
    assert said["BeginningCash"] + said["CashIncrease"] == said["EndingCash"]
    company = books.company(realm)
    cash = {
        account["Id"]
        for account in company.store.all("Account")
        if account["AccountType"] == "Bank" or account["AccountSubType"] == "UndepositedFunds"
    }
    postings = company.book("Accrual").postings
    held = sum(
        posting.amount
        for posting in postings
        if posting.account in cash and posting.on <= date(2025, 12, 31)
    )
    assert said["EndingCash"] == held


@REALMS
def test_sales_by_customer_and_by_item_come_to_the_same(books: DemoBooks, realm: str) -> None:
    customers = section(report(books, realm, "CustomerSales", **YEAR)["Rows"], "GrandTotal")
    items = section(report(books, realm, "ItemSales", **YEAR)["Rows"], "GrandTotal")
    assert Decimal(items["ColData"][2]["value"]) == last_cell(customers) != 0


@pytest.mark.parametrize("realm", [birch.REALM_ID, cedar.REALM_ID], ids=["birch", "cedar"])
def test_what_is_owed_to_a_tax_agency_is_what_moved_on_its_account(
    books: DemoBooks, realm: str
) -> None:
    args = {**YEAR, "agency_id": "1", "accounting_method": "Accrual"}
    answer = report(books, realm, "TaxSummary", **args)
    collected, reclaimed, payable = (
        Decimal((row.get("Summary") or row)["ColData"][1]["value"]) for row in answer["Rows"]["Row"]
    )
    accounts = set(books.company(realm).chart.taxes.values())
    moved = sum(
        posting.amount
        for posting in books.company(realm).book("Accrual").postings
        if posting.account in accounts and YEAR["start_date"] <= str(posting.on) <= YEAR["end_date"]
    )
    assert payable == collected - reclaimed == -moved
    assert collected > 0


def test_a_tax_summary_wants_its_agency(books: DemoBooks) -> None:
    company = books.company(birch.REALM_ID)
    with pytest.raises(ApiRefused, match="agency_id is missing"):
        company.report("TaxSummary", YEAR, datetime(2026, 6, 30, tzinfo=UTC))


def test_the_detail_of_the_stock_ends_with_its_summary(books: DemoBooks) -> None:
    args = {"start_date": "2020-01-01", "end_date": "2030-12-31"}
    detail = report(books, acme.REALM_ID, "InventoryValuationDetail", **args)
    ended = {
        row["Header"]["ColData"][0]["id"]: [
            Decimal(cell["value"]) for cell in row["Summary"]["ColData"][-2:]
        ]
        for row in detail["Rows"]["Row"]
    }
    summary = report(books, acme.REALM_ID, "InventoryValuationSummary", **args)
    in_stock = {
        row["ColData"][0]["id"]: [Decimal(cell["value"]) for cell in row["ColData"][2:4]]
        for row in summary["Rows"]["Row"]
        if "group" not in row
    }
    assert len(ended) > 3
    assert ended == {id: amounts for id, amounts in in_stock.items() if id in ended}
    assert all(not any(amounts) for id, amounts in in_stock.items() if id not in ended)
    assert all(
        "Rows" in row and sum(map(_moved, row["Rows"]["Row"])) == ended[_of(row)][0]
        for row in detail["Rows"]["Row"]
    )


def _of(row: Any) -> str:
    return str(row["Header"]["ColData"][0]["id"])


def _moved(row: Any) -> Decimal:
    return Decimal(row["ColData"][4]["value"])


def test_customers_by_month_add_up_to_their_year(books: DemoBooks) -> None:
    args = {**YEAR, "summarize_column_by": "Month"}
    answer = report(books, acme.REALM_ID, "CustomerSales", **args)
    assert len(answer["Columns"]["Column"]) == 14
    for row in answer["Rows"]["Row"]:
        cells = (row.get("Summary") or row)["ColData"][1:]
        assert sum(Decimal(cell["value"]) for cell in cells[:-1]) == Decimal(cells[-1]["value"])
