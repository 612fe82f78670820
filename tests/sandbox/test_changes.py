"""Change data capture and batches, held against the real samples."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from sandbox.intuit import acme
from sandbox.intuit.answers import answer_time
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.companies_api import ApiRequest, Books
from sandbox.intuit.company import Company
from sandbox.intuit.generator import GeneratedBooks
from tests.samples import sample
from tests.sandbox.book_answers import NOW, answered, count, query, read, refusal, request, select

ACME = acme.REALM_ID
REALM = "9130347596842199"
JUST_BEFORE = NOW - timedelta(seconds=1)


@pytest.fixture
def company() -> Company:
    return acme.acme()


@pytest.fixture
def books(company: Company) -> DemoBooks:
    return DemoBooks([company])


def changed(
    books: Books, *entities: str, since: datetime = JUST_BEFORE, realm: str = ACME
) -> list[dict[str, Any]]:
    """One part per entity, in the order in which they were asked for."""
    body = read(books, realm, "cdc", entities=",".join(entities), changedSince=since.isoformat())
    (only,) = body["CDCResponse"]
    parts: list[dict[str, Any]] = only["QueryResponse"]
    return parts


def batch(books: Books, *statements: str, realm: str = ACME, **more: Any) -> dict[str, Any]:
    items = [{"bId": f"b{n}", "Query": text} for n, text in enumerate(statements)]
    body = json.dumps({"BatchItemRequest": [*items, *more.get("items", ())]})
    status, given = answered(books, realm, request("POST", "batch", body))
    assert status == 200, given
    return {item["bId"]: item for item in given["BatchItemResponse"]}


def shape(value: Any) -> Any:
    """The envelope: names and kinds, without what is in the rows."""
    if isinstance(value, dict):
        return {
            name: "rows" if name[0].isupper() else type(it).__name__ for name, it in value.items()
        }
    return type(value).__name__


def test_nothing_changed_is_an_empty_part_for_each_entity(books: DemoBooks) -> None:
    assert changed(books, "Invoice", "Customer", since=NOW + timedelta(hours=1)) == [{}, {}]


def test_changes_come_whole_and_what_was_deleted_as_a_stub_behind_them(
    company: Company, books: DemoBooks
) -> None:
    gone = next(row["Id"] for row in company.store.all("Invoice") if not row.get("LinkedTxn"))
    company.delete("Invoice", gone, NOW)
    company.update("Invoice", "20", NOW, PrivateNote="Rang twice")
    (part,) = changed(books, "invoice")
    assert [row["Id"] for row in part["Invoice"]] == ["20", gone]
    assert part["Invoice"][0]["PrivateNote"] == "Rang twice"
    assert part["Invoice"][1] == {
        "domain": "QBO",
        "status": "Deleted",
        "Id": gone,
        "MetaData": {"LastUpdatedTime": "2026-07-01T05:00:00-07:00"},
    }
    assert (part["startPosition"], part["maxResults"], part["totalCount"]) == (1, 2, 2)

    real = sample("cdc/cdc_bill_invoice_deleted.json")["CDCResponse"][0]["QueryResponse"]
    known = next(it for it in real if "Invoice" in it)
    assert shape(part) == shape(known)
    assert part["Invoice"][1].keys() == known["Invoice"][1].keys()


def test_the_envelope_is_that_of_the_real_answer(books: DemoBooks) -> None:
    body = read(books, ACME, "cdc", entities="Estimate", changedSince=answer_time(NOW))
    assert body["CDCResponse"] == [{"QueryResponse": [{}]}]
    assert body.keys() == sample("cdc/cdc_estimate.json").keys() == {"CDCResponse", "time"}


def test_an_inactive_name_is_a_row_like_any_other(company: Company, books: DemoBooks) -> None:
    id = next(iter(company.store.all("Vendor")))["Id"]
    company.inactivate("Vendor", id, NOW)
    (part,) = changed(books, "Vendor")
    assert [(row["Id"], row["Active"]) for row in part["Vendor"]] == [(id, False)]


def test_what_an_edit_moves_elsewhere_counts_as_changed(company: Company, books: DemoBooks) -> None:
    bill = next(row for row in company.store.all("Invoice") if row["Balance"])
    tokens = {row["Id"]: row["SyncToken"] for row in company.store.all("Customer")}
    company.void("Invoice", bill["Id"], NOW)
    invoices, customers = changed(books, "Invoice", "Customer")
    assert [row["Id"] for row in invoices["Invoice"]] == [bill["Id"]]
    owed = {row["Id"] for row in customers["Customer"]}
    assert bill["CustomerRef"]["value"] in owed
    assert all(row["SyncToken"] == tokens[row["Id"]] for row in customers["Customer"])


def test_a_thousand_objects_in_all_is_the_most(books: DemoBooks) -> None:
    large = GeneratedBooks(REALM, "Large", invoices=1_200, customers=50)
    made = datetime(2024, 1, 1, tzinfo=UTC)
    asked = ApiRequest(
        "GET",
        "cdc",
        {"entities": "Customer,Invoice", "changedSince": made.isoformat()},
        b"",
        {},
        made + timedelta(days=20),
    )
    large.generated.delete("7", made + timedelta(days=1))
    parts = answered(large, REALM, asked)[1]["CDCResponse"][0]["QueryResponse"]
    assert [parts[0]["maxResults"], parts[1]["maxResults"]] == [50, 950]
    # What was deleted comes last: it was left out, and nothing says so.
    assert not any("status" in row for row in parts[1]["Invoice"])


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ({"entities": "Invoice", "changedSince": "2026-05-31T11:59:59Z"}, "2170"),
        ({"entities": "Invoice", "changedSince": "yesterday"}, "2010"),
        ({"entities": "Invoice"}, "2020"),
        ({"changedSince": "2026-07-01"}, "2020"),
        ({"entities": "Custmoer", "changedSince": "2026-07-01"}, "4001"),
        ({"entities": "Preferences", "changedSince": "2026-07-01"}, "500"),
        *(
            ({"entities": f"Invoice,{name}", "changedSince": "2026-07-01"}, "500")
            for name in ("JournalCode", "TimeActivity", "TaxAgency", "TaxCode", "TaxRate")
        ),
    ],
)
def test_what_cannot_be_captured_is_refused(
    books: DemoBooks, args: dict[str, str], code: str
) -> None:
    assert refusal(books, ACME, request("GET", "cdc", **args))[:2] == (400, code)
    assert refusal(books, ACME, request("POST", "cdc", **args))[1] == "500"


def test_a_generated_company_tells_its_changes() -> None:
    books = GeneratedBooks(REALM, "Moving", invoices=30, customers=3)
    company = books.generated
    company.delete("4", NOW)
    company.change("9", NOW, TotalAmt=Decimal("1.25"), TxnDate="2026-06-30")
    assert company.add(NOW, DocNumber="NEW") == "31"
    invoices, customers, items = changed(books, "Invoice", "Customer", "Item", realm=REALM)
    assert [row["Id"] for row in invoices["Invoice"]] == ["9", "31", "4"]
    assert invoices["Invoice"][0]["TotalAmt"] == Decimal("1.25")
    assert invoices["Invoice"][0]["MetaData"]["CreateTime"] < "2025"
    assert invoices["Invoice"][1]["MetaData"]["CreateTime"] == "2026-07-01T05:00:00-07:00"
    assert invoices["Invoice"][2]["status"] == "Deleted"
    assert 1 <= len(customers["Customer"]) <= 2
    assert items == {}

    assert query(books, REALM, count("Invoice"))["totalCount"] == 30
    on_the_day = select("Invoice", "WHERE TxnDate = '2026-06-30'")
    assert [row["Id"] for row in query(books, REALM, on_the_day)["Invoice"]] == ["9"]
    newest = query(books, REALM, select("Invoice", "MAXRESULTS 2"))["Invoice"]
    assert {row["Id"] for row in newest} == {"9", "31"}
    company.change("9", NOW, TxnDate="2024-01-02")
    assert query(books, REALM, on_the_day) == {}


@pytest.mark.parametrize("generated", [False, True])
def test_a_test_may_edit_between_a_question_and_its_answer(
    company: Company, books: DemoBooks, generated: bool
) -> None:
    large = GeneratedBooks(REALM, "Moving", invoices=30, customers=3)
    asked: list[str] = []
    if generated:
        large.generated.before_answer = lambda it: (
            asked.append(it.path_after_realm),
            large.generated.delete("30", NOW),
        )[0]
        assert query(large, REALM, count("Invoice"))["totalCount"] == 29
    else:
        company.before_answer = lambda it: asked.append(it.path_after_realm)
        query(books, ACME, count("Invoice"))
    assert asked == ["query"]


@pytest.mark.parametrize("generated", [False, True])
def test_a_batch_answers_each_query_by_its_id(books: DemoBooks, generated: bool) -> None:
    where: Books = GeneratedBooks(REALM, "Some", invoices=3) if generated else books
    realm = REALM if generated else ACME
    given = batch(
        where,
        select("Invoice", "ORDERBY Id MAXRESULTS 2"),
        "SELECT * FROM Custmoer",
        count("Invoice"),
        realm=realm,
        items=[{"bId": "w", "operation": "create", "Invoice": {}}],
    )
    assert given["b0"]["QueryResponse"] == query(
        where, realm, select("Invoice", "ORDERBY Id MAXRESULTS 2")
    )
    assert given["b1"]["Fault"]["Error"][0]["code"] == "4001"
    assert given["b2"]["QueryResponse"]["totalCount"] >= 3
    assert given["w"]["Fault"]["Error"][0]["code"] == "500"
    real = sample("batch/batch_basic.json")
    assert {frozenset(item) for item in given.values()} <= {
        frozenset(item) for item in real["BatchItemResponse"]
    }
    assert given["b1"]["Fault"].keys() == real["BatchItemResponse"][1]["Fault"].keys()


def test_a_batch_takes_thirty_items_and_says_nothing_about_their_order(books: DemoBooks) -> None:
    assert len(batch(books, *[count("Invoice")] * 30)) == 30
    body = json.dumps({"BatchItemRequest": [{"bId": str(n), "Query": ""} for n in range(31)]})
    assert refusal(books, ACME, request("POST", "batch", body))[:2] == (400, "1040")
    body = json.dumps(
        {"BatchItemRequest": [{"bId": n, "Query": count("Bill")} for n in ("a", "b")]}
    )
    given = answered(books, ACME, request("POST", "batch", body))[1]
    assert [item["bId"] for item in given["BatchItemResponse"]] == ["b", "a"]
    assert given.keys() == sample("batch/intuit_docs_response.json").keys()


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"BatchItemRequest":[{"Query":"x"}]}'])
def test_what_is_no_batch_is_refused(books: DemoBooks, body: str) -> None:
    assert refusal(books, ACME, request("POST", "batch", body))[:2] == (400, "500")
