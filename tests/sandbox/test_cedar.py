"""Cedar Imports: several currencies, classes, locations, bundles; and edits of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from sandbox.clock import Clock
from sandbox.intuit import birch
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.cedar import REALM_ID, cedar
from sandbox.intuit.companies import demo_books
from sandbox.intuit.ledger import accrual, cash
from sandbox.intuit.server import IntuitSandbox
from tests.sandbox.book_answers import query, read, refusal, request, section, select
from tests.sandbox.consent_form import send

YEAR = {"start_date": "2025-01-01", "end_date": "2025-12-31"}


@pytest.fixture(scope="module")
def books() -> DemoBooks:
    return DemoBooks([cedar(), birch.birch()])


@pytest.fixture
def intuit() -> Iterator[IntuitSandbox]:
    with IntuitSandbox(Clock(), demo_books()) as running:
        yield running


def rows(books: DemoBooks, entity: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = query(books, REALM_ID, select(entity, "MAXRESULTS 1000"))[entity]
    return found


def total(books: DemoBooks, report: str) -> Decimal:
    answer = read(books, REALM_ID, f"reports/{report}", **YEAR)
    return Decimal(section(answer["Rows"], "GrandTotal")["Summary"]["ColData"][-1]["value"])


def test_documents_are_in_three_currencies_and_say_what_they_are_at_home(books: DemoBooks) -> None:
    invoices = rows(books, "Invoice")
    assert {row["CurrencyRef"]["value"] for row in invoices} == {"CAD", "USD", "EUR"}
    for row in invoices:
        off = row["TotalAmt"] * row["ExchangeRate"] - row["HomeTotalAmt"]
        assert abs(off) <= Decimal("0.005")
        assert (row["Balance"] == 0) == (row["HomeBalance"] == 0)
    assert {row["ExchangeRate"] for row in invoices if row["CurrencyRef"]["value"] == "CAD"} == {1}


def test_every_document_balances_in_the_currency_of_the_company() -> None:
    company = cedar()
    sums: dict[tuple[str, str], Decimal] = {}
    for posting in accrual(company.store, company.chart):
        place = (posting.kind, posting.document)
        sums[place] = sums.get(place, Decimal(0)) + posting.amount
    assert len(sums) > 80
    assert set(sums.values()) == {Decimal(0)}
    # On cash basis what is paid and what it was paid for balance together.
    assert sum(posting.amount for posting in cash(company.store, company.chart)) == 0


def test_what_rates_moved_between_invoice_and_payment_is_a_gain_or_a_loss() -> None:
    company = cedar()
    moved = [
        posting
        for posting in accrual(company.store, company.chart)
        if posting.account == company.chart.exchange
    ]
    assert {posting.kind for posting in moved} == {"Payment", "BillPayment"}
    assert {company.store.get(it.kind, it.document)["CurrencyRef"]["value"] for it in moved} == {
        "USD",
        "EUR",
    }


def test_classes_and_locations_add_up_to_what_customers_bought(books: DemoBooks) -> None:
    assert total(books, "ClassSales") == total(books, "CustomerSales") != 0
    assert total(books, "DepartmentSales") == total(books, "CustomerSales")
    answer = read(books, REALM_ID, "reports/DepartmentSales", **YEAR)
    named = [row["ColData"][0]["value"] for row in answer["Rows"]["Row"] if "ColData" in row]
    assert named == ["Halifax", "Moncton"]


def test_there_are_bundles_sub_customers_and_projects(books: DemoBooks) -> None:
    groups = [
        line["GroupLineDetail"]
        for row in rows(books, "Invoice")
        for line in row["Line"]
        if line["DetailType"] == "GroupLineDetail"
    ]
    assert len(groups) == 6
    assert {group["GroupItemRef"]["name"] for group in groups} == {"Reading Corner"}
    assert {len(group["Line"]) for group in groups} == {2}
    below = {row["DisplayName"]: row for row in rows(books, "Customer") if row["Job"]}
    assert {name: row["IsProject"] for name, row in below.items()} == {
        "Lobby": False,
        "Summer Terrace": True,
    }
    assert below["Lobby"]["FullyQualifiedName"] == "Harbour Hotels:Lobby"


def test_credits_refunds_and_card_payments_move_money_in_the_ledger() -> None:
    company = cedar()
    kinds = {posting.kind for posting in accrual(company.store, company.chart)}
    assert kinds >= {"VendorCredit", "RefundReceipt", "CreditCardPayment"}
    card = next(row for row in company.store.all("Account") if row["Name"] == "Company Card")
    assert card["CurrentBalance"] == 0  # each month's charge is paid off
    credits = {row["DocNumber"]: row["Balance"] for row in company.store.all("VendorCredit")}
    assert (credits["VC4"], credits["VC3"]) == (0, Decimal("64.5"))


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        (request("POST", "query", select("Class")), 400, "5030"),
        (request("POST", "query", select("Department")), 400, "5030"),
        (request("POST", "query", select("Budget")), 403, "5020"),
        (request("GET", "reports/ClassSales"), 400, "5030"),
        (request("GET", "reports/ProfitAndLoss", **{"class": "1"}), 400, "5030"),
        (request("GET", "reports/ProfitAndLoss", department="1"), 400, "5030"),
    ],
    ids=["classes", "locations", "budgets", "report", "of a class", "of a location"],
)
def test_a_smaller_plan_has_neither_classes_nor_budgets(
    books: DemoBooks, asked: Any, status: int, code: str
) -> None:
    assert refusal(books, birch.REALM_ID, asked)[:2] == (status, code)


@pytest.mark.parametrize(
    "args",
    [
        {"class": "1"},
        {"department": "1"},
        {"item": "1"},
        {"employee": "1"},
        {"vendor": "1"},
        {"summarize_column_by": "Classes"},
        {"summarize_column_by": "Departments"},
    ],
    ids=lambda args: " ".join(*args.items()),
)
def test_what_is_not_computed_is_not_said_to_be_missing_in_a_plan_that_has_it(
    books: DemoBooks, args: dict[str, str]
) -> None:
    asked = request("GET", "reports/ProfitAndLoss", **args)
    assert refusal(books, REALM_ID, asked)[:2] == (400, "2170")


def edit(intuit: IntuitSandbox, **body: Any) -> tuple[int, dict[str, Any]]:
    answer = send(f"{intuit.control_url}/edit", json={"realm_id": REALM_ID, **body})
    told: dict[str, Any] = answer.json()
    return answer.status_code, told


def test_rows_are_added_changed_voided_deleted_and_made_inactive(intuit: IntuitSandbox) -> None:
    assert isinstance(intuit.books, DemoBooks)
    store = intuit.books.company(REALM_ID).store
    status, told = edit(intuit, edit="add", entity="Customer", row={
        "DisplayName": "Truro Inn", "FullyQualifiedName": "Truro Inn",
        "CurrencyRef": {"value": "CAD", "name": "Canadian Dollar"}, "Balance": 0, "Job": False,
    })  # fmt: skip
    assert (status, told["row"]["Active"]) == (200, True)
    customer = told["row"]["Id"]
    _, told = edit(intuit, edit="add", entity="Transfer", row={
        "TxnDate": "2026-05-02", "Amount": 12.35, "FromAccountRef": {"value": "1"},
        "ToAccountRef": {"value": "3"},
    })  # fmt: skip
    assert store.get("Transfer", told["row"]["Id"])["Amount"] == Decimal("12.35")
    changes = {"DisplayName": "Truro Inn & Spa"}
    _, told = edit(intuit, edit="update", entity="Customer", id=customer, changes=changes)
    assert (told["row"]["DisplayName"], told["row"]["SyncToken"]) == ("Truro Inn & Spa", "1")
    _, told = edit(intuit, edit="inactivate", entity="Customer", id=customer)
    assert told["row"]["Active"] is False
    invoice = next(row["Id"] for row in store.all("Invoice") if row["Balance"])
    _, told = edit(intuit, edit="void", entity="Invoice", id=invoice)
    assert (told["row"]["TotalAmt"], told["row"]["PrivateNote"]) == (0, "Voided")
    assert edit(intuit, edit="delete", entity="Invoice", id=invoice)[0] == 200
    assert not store.has("Invoice", invoice)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"edit": "shred", "entity": "Invoice", "id": "1"}, "edits are"),
        ({"edit": "void", "entity": "Invoice", "id": "999999"}, "there is no Invoice 999999"),
        ({"edit": "delete", "entity": "Customer", "id": "1"}, "QuickBooks deletes no Customer"),
        (
            {"edit": "add", "entity": "Invoice", "row": {"TxnDate": "2026-05-02"}},
            "cannot be posted",
        ),
        ({"edit": "add", "entity": "Unicorn", "row": {}}, "invalid context declaration"),
        ({"realm_id": "1", "edit": "void", "entity": "Invoice", "id": "1"}, "keeps rows"),
    ],
    ids=["edit", "id", "name", "row", "entity", "realm"],
)
def test_an_edit_that_cannot_be_is_refused_and_changes_nothing(
    intuit: IntuitSandbox, body: dict[str, Any], why: str
) -> None:
    assert isinstance(intuit.books, DemoBooks)
    store = intuit.books.company(REALM_ID).store
    before = store.version
    status, told = edit(intuit, **body)
    assert status == 400
    assert why in told["error"]
    assert store.version == before
