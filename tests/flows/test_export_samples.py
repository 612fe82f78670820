"""Real payloads on the whole way: from the HTTP answer through the adapter to cells."""

from __future__ import annotations

import json
import pathlib
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests

from counterfoil import catalog
from counterfoil.adapters.quickbooks_api import QuickBooksApi
from counterfoil.core.datasets import Entity
from counterfoil.core.errors import IncompleteRead, QuickBooksBusy, ReportTooLarge
from counterfoil.core.records import plain_rows
from tests.adapters.http_fakes import AskingTransport, answer
from tests.flows.export_fakes import (
    ANA,
    CONNECTION,
    SHEET,
    FakeQuickBooks,
    Grid,
    OneConnection,
    World,
)
from tests.samples import sample_bytes

DATA = pathlib.Path(__file__).parents[1] / "data" / "quickbooks"
QUARTER = {"start_date": "2026-01-01", "end_date": "2026-03-31"}


def over_http(body: bytes) -> tuple[World, AskingTransport]:
    """An `Exports` over the real adapter, whose network gives this one answer, packed."""

    def handle(request: requests.PreparedRequest) -> requests.Response:
        assert request.headers["Authorization"] == "Bearer access-1"
        # Names that the page lacks are asked for by their ids; this company has none.
        named = b"Id IN (" in (request.body or b"")
        found = b'{"QueryResponse":{},"time":"2026-05-05T05:16:22-07:00"}' if named else body
        return answer(body=found, packed=True, headers={"intuit_tid": "1-5f7"})

    transport = AskingTransport(handle)
    world = World(FakeQuickBooks())
    api = QuickBooksApi(
        "https://quickbooks.api.intuit.com",
        clock=world.time.now,
        transport=transport,
        sleep=world.time.sleep,
        monotonic=world.time,
    )
    world.quickbooks = api  # type: ignore[assignment]  # the real one fits the same port
    world.__post_init__()
    return world, transport


def entity_table(key: str, body: bytes, columns: list[str] | None) -> tuple[Grid, dict[str, Any]]:
    world, transport = over_http(body)
    grid = Grid()
    step = world.exports.start(
        ANA,
        SHEET,
        connection_id=CONNECTION,
        dataset=catalog.entity(key),
        options={"columns": columns, "sensitive": columns is not None},
        tab=None,
    )
    told = grid.apply(step)
    # What most people want is one call; more only for names of columns that were chosen.
    assert columns is not None or len(transport.requests) == 1
    assert grid.block is not None
    return grid, told


def report_table(
    body: bytes,
    key: str = "profit-and-loss",
    parameters: dict[str, str] = QUARTER,
    asked: str = "ProfitAndLoss?start_date=2026-01-01&end_date=2026-03-31",
) -> tuple[Grid, dict[str, Any]]:
    world, transport = over_http(body)
    grid = Grid()
    step = world.exports.start(
        ANA,
        SHEET,
        connection_id=CONNECTION,
        dataset=catalog.report(key),
        options={"parameters": parameters},
        tab=None,
    )
    told = grid.apply(step)
    (request,) = transport.requests
    assert request.path_url == (
        f"/v3/company/{OneConnection().reachable(ANA, CONNECTION, _OWNER).realm_id}"
        f"/reports/{asked}&minorversion=75"
    )
    return grid, told


_OWNER = OneConnection().roles[ANA.sub]


def test_the_invoices_of_a_real_company_become_37_rows() -> None:
    grid, told = entity_table("invoices", sample_bytes("company-2026/Invoice.json"), None)
    assert grid.block is not None
    header, *rows = grid.block
    assert len(rows) == 37
    assert header == [
        "Id", "Invoice number", "Date", "Due date", "Customer", "Terms", "Location", "Currency",
        "Tax", "Total", "Open balance", "Message on invoice", "Memo", "Billing email",
        "Email status", "Billing address",
    ]  # fmt: skip
    assert rows[0][:12] == [
        "130", "1037", 46120, 46150, "Sonnenschein Family Store", "Net 30", "", "USD", 26.82,
        362.07, 362.07, "Thank you for your business and have a great day!",
    ]  # fmt: skip
    assert len({row[0] for row in rows}) == 37
    assert told["proof"]["verdict"] == "PASS"
    assert told["proof"]["totals"] == [
        {"title": "Total", "currency": "USD", "amount": "10734.14"},
        {"title": "Open balance", "currency": "USD", "amount": "5881.52"},
    ]
    sums = {total["column"]: total["sum"] for total in grid.expected[0]["sums"]}
    assert sums == {8: "44784", 9: "1073414", 10: "588152"}


def test_the_customers_of_a_real_company_become_33_rows() -> None:
    grid, told = entity_table("customers", sample_bytes("company-2026/Customer.json"), None)
    assert grid.block is not None
    assert len(grid.block) == 34
    assert told["proof"]["totals"] == [
        {"title": "Open balance", "currency": "USD", "amount": "4681.52"}
    ]
    names = [row[1] for row in grid.block[1:]]
    assert names[0] == "Bill's Windsurf Shop"
    assert len(set(names)) == 33


def test_the_vendors_of_a_real_company_become_35_rows() -> None:
    rows, told = real_rows("vendors", 35)
    assert rows[0] == [
        *("56", "Bob's Burger Joint", "", "", "", "", "", "", "", "", "USD", 600, False, True),
    ]
    assert told["proof"]["totals"] == [
        {"title": "Open balance", "currency": "USD", "amount": "2202.67"}
    ]


def test_the_bills_of_a_real_company_become_15_rows() -> None:
    rows, told = real_rows("bills", 15)
    assert rows[0] == [
        "126", "", 46120, 46120, "Norton Lumber and Building Materials", "", "USD", 205, 205,
        "Accounts Payable (A/P)", "Updated via Nango test",
    ]  # fmt: skip
    assert told["proof"]["totals"] == [
        {"title": "Total", "currency": "USD", "amount": "6142.17"},
        {"title": "Open balance", "currency": "USD", "amount": "1602.67"},
    ]


def test_the_payments_of_a_real_company_become_20_rows() -> None:
    rows, told = real_rows("payments", 20)
    assert rows[0] == ["180", 46147, "Test Customer Updated Final", "", "USD", 100, 100, ""]
    assert told["proof"]["totals"] == [
        {"title": "Amount received", "currency": "USD", "amount": "5152.62"},
        {"title": "Unapplied amount", "currency": "USD", "amount": "400.00"},
    ]


def test_the_purchases_of_a_real_company_become_35_rows_of_which_one_is_a_credit() -> None:
    rows, told = real_rows("purchases", 35)
    assert rows[0] == [
        *("144", "CreditCard", "", 46145, "", "Mastercard", "", "USD", 34, False, 34, ""),
    ]
    assert [row for row in rows if row[10] != row[8]] == [
        [
            *("139", "CreditCard", "", 46134, "", "Mastercard", "", "USD"),
            *(900, True, -900, "Monthly Payment"),
        ],
    ]
    assert told["proof"]["totals"] == [
        {"title": "Total", "currency": "USD", "amount": "3424.17"},
        {"title": "Signed amount", "currency": "USD", "amount": "1624.17"},
    ]


def real_rows(key: str, count: int) -> tuple[list[list[Any]], dict[str, Any]]:
    """What the default columns of a real company's records become."""
    entity = catalog.entity(key)
    grid, told = entity_table(key, sample_bytes(f"company-2026/{entity.entity}.json"), None)
    assert grid.block is not None
    header, *rows = grid.block
    assert header == [column.title for column in entity.columns if column.default]
    assert len(rows) == len({row[0] for row in rows}) == count
    assert told["proof"]["verdict"] == "PASS"
    return rows, told


# Of these the same company sent a page.
CAPTURED = ("Account", "Bill", "BillPayment", "Customer", "Estimate", "Invoice", "Item", "Payment",
            "Purchase", "PurchaseOrder", "Vendor")  # fmt: skip


@pytest.mark.parametrize(
    "entity",
    [it for it in catalog.ENTITIES if it.entity in CAPTURED],
    ids=lambda entity: entity.key,
)
def test_every_column_of_every_real_record_arrives(entity: Entity) -> None:
    key = entity.key
    body = sample_bytes(f"company-2026/{entity.entity}.json")
    grid, _ = entity_table(key, body, [column.key for column in entity.columns])
    records = json.loads(body, parse_float=Decimal)["QueryResponse"][entity.entity]
    assert grid.block is not None
    plain = plain_rows(records, entity.columns, ZoneInfo(SHEET.zone))
    assert grid.block[1:] == json.loads(json.dumps(plain))


def test_a_real_invoices_lines_arrive_with_their_proof() -> None:
    world, transport = over_http(sample_bytes("company-2026/Invoice.json"))
    grid = Grid()
    step = world.exports.start(
        ANA,
        SHEET,
        connection_id=CONNECTION,
        dataset=catalog.entity("invoices"),
        options={"rows": "line"},
        tab=None,
    )
    told = grid.apply(step)
    assert len(transport.requests) == 1
    assert grid.block is not None
    header, *rows = grid.block
    assert header == [
        "Row Id", "Id", "Invoice number", "Date", "Customer", "Location", "Currency",
        "Product/service", "Description", "Service date", "Quantity", "Rate", "Line amount",
        "Line class", "Line tax code", "Bundle",
    ]  # fmt: skip
    assert len(rows) == len({row[0] for row in rows}) == 69
    assert len({row[1] for row in rows}) == 37
    assert rows[0][:14] == [
        "130-1", "130", "1037", 46120, "Sonnenschein Family Store", "", "USD", "Rock Fountain",
        "Rock Fountain", "", 1, 275, 275, "",
    ]  # fmt: skip
    proof = told["proof"]
    assert (proof["verdict"], proof["sent"], proof["rows"]) == ("PASS", 37, 69)
    # Lines and tax are the total: nothing is left over, so nothing is said of it.
    assert proof["totals"] == [{"title": "Lines", "currency": "USD", "amount": "10286.30"}]
    assert "Left over" not in str(proof)


# Lines, columns and the last line's last value of every Profit and Loss that we have.
REPORTS = {
    "ProfitAndLoss_2026_sandbox": (58, 2, 1642.46, "PASS"),
    "ProfitAndLoss_2014": (25, 2, 303775, "PASS"),
    "ProfitAndLoss_by_month_6_columns": (94, 8, -5159587, "PASS"),
    "ProfitAndLoss_by_customers_NoReportData": (7, 2, "", "NOT CHECKED"),
}


@pytest.mark.parametrize("name", REPORTS)
def test_a_real_profit_and_loss_keeps_every_line(name: str) -> None:
    lines, width, bottom, verdict = REPORTS[name]
    grid, told = report_table(sample_bytes(f"reports/{name}.json"))
    assert grid.block is not None
    assert len(grid.block) == 5 + lines
    assert {len(row) for row in grid.block} == {width}
    assert grid.block[-1][-1] == bottom
    assert grid.block[0][0] == "Acme Landscaping"
    assert told["proof"]["verdict"] == verdict
    assert told["progress"]["calls"] == 1


def test_a_real_profit_and_loss_has_its_literal_cells() -> None:
    grid, told = report_table(sample_bytes("reports/ProfitAndLoss_2026_sandbox.json"))
    assert grid.block is not None
    assert grid.block[:8] == [
        ["Acme Landscaping", ""],
        ["Profit and Loss", ""],
        ["2025-01-01 to 2025-12-31", ""],
        ["Accrual basis, USD", ""],
        ["", "Total"],
        ["Income", ""],
        ["Design income", 2250],
        ["Discounts given", -89.5],
    ]
    assert grid.block[-1] == ["Net Income", 1642.46]
    assert told["proof"]["totals"] == [
        {"title": "Net Income", "currency": "USD", "amount": "1642.46"}
    ]


# The same of every Balance Sheet, with the day that its title block must name.
BALANCE_SHEETS = {
    "BalanceSheet_2014": (45, 2, 23436.29, "2014-12-18"),
    "BalanceSheet_2019_total": (45, 2, 23436.29, "2019-02-01"),
    "BalanceSheet_2026_sandbox": (45, 2, 23436.29, "2026-08-25"),
    "BalanceSheet_by_year": (46, 4, 23470.29, "2015-06-21"),
    "BalanceSheet_docs_by_customer_or_total": (45, 2, 24742.44, "2016-10-31"),
}


@pytest.mark.parametrize("name", BALANCE_SHEETS)
def test_a_real_balance_sheet_keeps_every_line(name: str) -> None:
    lines, width, bottom, day = BALANCE_SHEETS[name]
    grid, told = report_table(
        sample_bytes(f"reports/{name}.json"),
        "balance-sheet",
        {"end_date": "2026-10-31"},
        "BalanceSheet?start_date=2026-01-01&end_date=2026-10-31",
    )
    assert grid.block is not None
    assert len(grid.block) == 5 + lines
    assert {len(row) for row in grid.block} == {width}
    assert grid.block[-1][-1] == bottom
    assert grid.block[2][0] == f"As of {day}"
    assert told["proof"]["verdict"] == "PASS"


def test_a_balance_sheet_by_month_begins_where_it_was_asked_to() -> None:
    grid, told = report_table(
        (DATA / "balance-sheet.json").read_bytes(),
        "balance-sheet",
        {
            "end_date": "2026-10-31",
            "start_date": "2026-09-01",
            "summarize_column_by": "Month",
            "accounting_method": "Accrual",
        },
        "BalanceSheet?end_date=2026-10-31&start_date=2026-09-01&accounting_method=Accrual"
        "&summarize_column_by=Month",
    )
    assert grid.block is not None
    assert grid.block[2:5] == [
        ["As of 2026-10-31", "", ""],
        ["Accrual basis, USD", "", ""],
        ["", "Sep 2026", "Oct 2026"],
    ]
    assert grid.block[-1] == ["TOTAL LIABILITIES AND EQUITY", 15001, 14795.25]
    assert told["proof"]["totals"] == [
        {"title": "TOTAL LIABILITIES AND EQUITY", "currency": "USD", "amount": "14795.25"}
    ]


def test_a_report_that_cannot_show_all_writes_nothing_and_says_so() -> None:
    body = json.dumps(
        {
            "Header": {"ReportName": "ProfitAndLoss"},
            "Columns": {"Column": []},
            "Rows": {
                "Row": [
                    {
                        "ColData": [
                            {"value": "Unable to display more data. Please reduce the date range."}
                        ]
                    }
                ]
            },
        }
    ).encode()
    with pytest.raises(ReportTooLarge, match="shorter range"):
        report_table(body)


def test_a_report_whose_totals_do_not_add_up_writes_nothing_and_says_so() -> None:
    body = sample_bytes("reports/ProfitAndLoss_2026_sandbox.json")
    assert body.count(b'"2250.00"') == 1
    with pytest.raises(IncompleteRead, match="Nothing was written"):
        report_table(body.replace(b'"2250.00"', b'"2250.01"'))


@pytest.mark.parametrize("body", [b"{}", b'{"Rows":[]}', b'{"Header":{}}'])
def test_what_is_no_report_writes_nothing(body: bytes) -> None:
    with pytest.raises(IncompleteRead):
        report_table(body)


def test_an_answer_that_is_no_json_is_waited_for() -> None:
    world, transport = over_http(b"<html>busy</html>")
    step = world.exports.start(
        ANA,
        SHEET,
        connection_id=CONNECTION,
        dataset=catalog.report("profit-and-loss"),
        options={"parameters": QUARTER},
        tab=None,
    )
    assert (step.operations, step.wait_s, len(transport.requests)) == ((), 10, 3)
    for _ in range(1):
        assert step.cursor is not None
        step = world.exports.resume(ANA, SHEET, step.cursor)
    assert step.cursor is not None
    with pytest.raises(QuickBooksBusy):
        world.exports.resume(ANA, SHEET, step.cursor)
