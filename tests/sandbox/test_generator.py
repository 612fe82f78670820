from __future__ import annotations

import gzip
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.intuit import acme, generated_rows
from sandbox.intuit.companies_api import ApiRequest
from sandbox.intuit.generator import GeneratedBooks
from sandbox.intuit.grammar import parse
from sandbox.intuit.prepared import prepared
from sandbox.intuit.store import Store
from tests.sandbox.book_answers import (
    NOW,
    answered,
    count,
    key_paths,
    query,
    read,
    refusal,
    request,
    section,
    select,
)

REALM = "9130347596849999"
MANY = 2_500


@pytest.fixture(scope="module")
def books() -> GeneratedBooks:
    return GeneratedBooks(REALM, "Generated Hardware", invoices=MANY, customers=40)


def ids(books: GeneratedBooks, *rest: str) -> list[int]:
    return [int(row["Id"]) for row in query(books, REALM, select(*rest)).get("Invoice", [])]


def test_an_invoice_depends_on_its_number_alone(books: GeneratedBooks) -> None:
    another = GeneratedBooks(REALM, "Another", invoices=MANY, customers=40)
    [row] = query(books, REALM, select("Invoice WHERE Id = '1234'"))["Invoice"]
    assert row == read(another, REALM, "invoice/1234")["Invoice"]


def test_invoices_are_four_kilobytes_of_three_to_five_lines() -> None:
    plan = generated_rows.Plan(customers=1_000, per_day=70)
    texts = [generated_rows.invoice(plan, i) for i in range(0, 50_000, 25)]
    sizes = [len(text.encode()) for text in texts]
    assert 3_900 <= sum(sizes) / len(sizes) <= 4_100
    rows = [json.loads(text) for text in texts]
    assert {len(row["Line"]) - 1 for row in rows} == {3, 4, 5}


def test_an_invoice_adds_up() -> None:
    plan = generated_rows.Plan(customers=1_000, per_day=70)
    for i in range(0, 2_000, 3):
        row = json.loads(generated_rows.invoice(plan, i), parse_float=Decimal)
        *sold, subtotal = row["Line"]
        assert subtotal["Amount"] == sum(line["Amount"] for line in sold)
        assert row["TotalAmt"] == subtotal["Amount"] + row["TxnTaxDetail"]["TotalTax"]
        for line in sold:
            detail = line["SalesItemLineDetail"]
            assert line["Amount"] == detail["UnitPrice"] * detail["Qty"]


def test_its_rows_have_the_fields_of_other_companies(books: GeneratedBooks) -> None:
    known = acme.acme().store
    for entity in ("Invoice", "Customer"):
        rows = query(books, REALM, select(entity))[entity]
        extra = {"[].MetaData.LastModifiedByRef.value"} | {
            f"[].ShipFromAddr.{field}"
            for field in ("Id", "Line1", "City", "CountrySubDivisionCode", "PostalCode")
        }
        extra |= {"[].ShipFromAddr.Lat", "[].ShipFromAddr.Long"}
        assert key_paths(rows) - key_paths(list(known.all(entity))) <= extra


@settings(deadline=None, max_examples=12)
@given(size=st.integers(min_value=200, max_value=1000))
def test_pages_by_id_partition_the_invoices_whatever_their_size(
    books: GeneratedBooks, size: int
) -> None:
    found: list[int] = []
    for start in range(1, MANY + 1, size):
        found += ids(books, f"Invoice ORDERBY Id STARTPOSITION {start} MAXRESULTS {size}")
    assert found == list(range(1, MANY + 1))
    assert ids(books, f"Invoice ORDERBY Id STARTPOSITION {MANY + 1}") == []


def test_count_knows_every_invoice(books: GeneratedBooks) -> None:
    assert query(books, REALM, count("Invoice")) == {"totalCount": MANY}
    assert query(books, REALM, count("Customer")) == {"totalCount": 40}


def test_without_an_order_the_newest_come_first(books: GeneratedBooks) -> None:
    assert ids(books, "Invoice MAXRESULTS 3") == [MANY, MANY - 1, MANY - 2]
    assert ids(books, "Invoice ORDERBY Id DESC MAXRESULTS 2") == [MANY, MANY - 1]


@pytest.mark.parametrize(
    "where",
    [
        "TxnDate >= '2024-03-01' AND TxnDate < '2024-04-01'",
        "TxnDate = '2024-02-29'",
        "MetaData.LastUpdatedTime > '2024-06-01T12:00:00-07:00'",
        "DueDate <= '2024-05-05'",
        "TotalAmt > 2500.5",
        "CustomerRef = '7'",
        "DocNumber IN ('G-0000007', 'G-0000100')",
        "Id IN ('3', '2400', '9999')",
    ],
)
def test_filters_find_what_a_look_at_every_invoice_finds(books: GeneratedBooks, where: str) -> None:
    """The short way against the long one: a company of the other kind, with the same rows."""
    store = Store()
    for i in range(MANY):
        text = generated_rows.invoice(books.generated.plan, i)
        store.add("Invoice", json.loads(text, parse_float=Decimal))
    asked = parse(select("Invoice WHERE", where, "ORDERBY Id MAXRESULTS 1000"))
    wanted = store.select(asked, NOW)
    assert wanted.total > 0
    assert ids(books, "Invoice WHERE", where, "ORDERBY Id MAXRESULTS 1000") == [
        int(row["Id"]) for row in wanted.rows
    ]
    assert query(books, REALM, count("Invoice WHERE", where))["totalCount"] == wanted.total


def test_an_order_by_amount_is_one(books: GeneratedBooks) -> None:
    rows = query(books, REALM, select("Invoice ORDERBY TotalAmt DESC MAXRESULTS 50"))["Invoice"]
    totals = [row["TotalAmt"] for row in rows]
    assert totals == sorted(totals, reverse=True)


def zipped(asked: ApiRequest) -> ApiRequest:
    return ApiRequest(
        asked.method,
        asked.path_after_realm,
        asked.args,
        asked.body,
        {**asked.headers, "accept-encoding": "gzip, deflate"},
        asked.now,
    )


def test_compressed_or_not_the_answer_is_the_same(books: GeneratedBooks) -> None:
    asked = request("POST", "query", select("Invoice ORDERBY Id STARTPOSITION 11 MAXRESULTS 90"))
    plain = books.handle(REALM, asked)
    packed = books.handle(REALM, zipped(asked))
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 4
    body: dict[str, Any] = json.loads(plain.body)
    assert list(body["QueryResponse"]) == ["Invoice", "startPosition", "maxResults", "totalCount"]
    assert body["time"] == "2026-07-01T05:00:00.250-07:00"


@given(st.binary(max_size=5_000), st.binary(max_size=300))
def test_what_was_prepared_comes_back_whole(beginning: bytes, end: bytes) -> None:
    ready = prepared(beginning)
    assert gzip.decompress(ready.gzipped(end)) == beginning + end
    assert ready.plain(end) == beginning + end


def test_pages_are_rendered_once(books: GeneratedBooks, monkeypatch: pytest.MonkeyPatch) -> None:
    assert books.prepare() == 3
    monkeypatch.setattr(generated_rows, "invoice", lambda plan, i: pytest.fail("rendered again"))
    for start in (1, 1001, 2001):
        asked = select(f"Invoice ORDERBY Id STARTPOSITION {start} MAXRESULTS 1000")
        assert query(books, REALM, asked)["startPosition"] == start


def test_invoices_come_and_go_while_somebody_reads() -> None:
    books = GeneratedBooks(REALM, "Moving", invoices=30, customers=3)
    assert ids(books, "Invoice ORDERBY Id MAXRESULTS 10")[-1] == 10
    books.generated.delete("4")
    assert books.generated.add() == "31"
    assert ids(books, "Invoice ORDERBY Id STARTPOSITION 11 MAXRESULTS 2") == [12, 13]
    assert query(books, REALM, count("Invoice"))["totalCount"] == 30
    assert refusal(books, REALM, request("GET", "invoice/4"))[1] == "610"
    assert ids(books, "Invoice MAXRESULTS 1") == [31]


def test_its_reports_come_from_its_invoices(books: GeneratedBooks) -> None:
    dates = {"start_date": "2024-01-01", "end_date": "2026-12-31"}
    rows = [
        row
        for start in (1, 1001, 2001)
        for row in query(
            books, REALM, select(f"Invoice ORDERBY Id STARTPOSITION {start} MAXRESULTS 1000")
        )["Invoice"]
    ]
    sold = sum(row["TotalAmt"] - row["TxnTaxDetail"]["TotalTax"] for row in rows)
    profit = read(books, REALM, "reports/ProfitAndLoss", **dates)
    assert section(profit["Rows"], "NetIncome")["Summary"]["ColData"][1]["value"] == f"{sold:.2f}"
    sheet = read(books, REALM, "reports/BalanceSheet", **dates)
    sides = [row["Summary"]["ColData"][1]["value"] for row in sheet["Rows"]["Row"]]
    assert sides[0] == sides[1] == f"{sum(row['TotalAmt'] for row in rows):.2f}"
    customers = query(books, REALM, select("Customer"))["Customer"]
    assert sum(row["Balance"] for row in customers) == sum(row["TotalAmt"] for row in rows)


def test_the_rest_of_the_company_is_there(books: GeneratedBooks) -> None:
    assert query(books, REALM, count("Item"))["totalCount"] == len(generated_rows.ITEMS)
    info = read(books, REALM, f"companyinfo/{REALM}")["CompanyInfo"]
    assert info["CompanyName"] == "Generated Hardware"
    assert answered(books, REALM, request("POST", "query", "SELECT *"))[0] == 400
