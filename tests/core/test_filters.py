from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil import catalog
from counterfoil.adapters.typed_pages import page_reader
from counterfoil.core.datasets import LineChoice
from counterfoil.core.filters import Test, asked, local, matches, matching
from counterfoil.core.query import Op, select
from sandbox.intuit import grammar

INVOICE: dict[str, Any] = {
    "Id": "1",
    "TxnDate": "2026-05-02",
    "DueDate": "2026-06-01",
    "Balance": Decimal("0"),
    "TotalAmt": Decimal("150.50"),
    "CustomerRef": {"value": "12", "name": "O'Neill, Ana"},
    "MetaData": {"LastUpdatedTime": "2026-05-03T09:00:00-07:00"},
    "Line": [
        {"SalesItemLineDetail": {"ItemRef": {"value": "5", "name": "Hours"}}},
        {"GroupLineDetail": {"Line": [{"SalesItemLineDetail": {"ItemRef": {"name": "Sod"}}}]}},
        {"DetailType": "SubTotalLineDetail"},
    ],
}
ITEMS = (
    "Line[].SalesItemLineDetail.ItemRef.name",
    "Line[].GroupLineDetail.Line[].SalesItemLineDetail.ItemRef.name",
)


def it(path: str, op: Op, value: Any, **more: Any) -> Test:
    return Test((path,), op, value, **more)


@pytest.mark.parametrize(
    ("test", "passes"),
    [
        (it("TotalAmt", Op.GE, Decimal("150.50")), True),
        (it("TotalAmt", Op.LT, Decimal("150.50")), False),
        (it("Balance", Op.EQ, 0), True),
        (it("Balance", Op.EQ, 0, negated=True), False),
        (it("Deposit", Op.EQ, 0), False),
        (it("DueDate", Op.LT, date(2026, 6, 2)), True),
        (it("DueDate", Op.LT, date(2026, 6, 1)), False),
        (it("ShipDate", Op.GE, date(2026, 1, 1)), False),
        (it("CustomerRef.name", Op.IN, ("Bob", "o'neill, ana")), True),
        (it("CustomerRef.name", Op.IN, ("Ana",)), False),
        (it("CustomerRef.name", Op.LIKE, "neill"), True),
        (it("CustomerRef.name", Op.LIKE, "%"), False),
        (Test(ITEMS, Op.IN, ("sod",)), True),
        (Test(ITEMS, Op.IN, ("Rocks",)), False),
        (it("MetaData.LastUpdatedTime", Op.GE, datetime(2026, 5, 3, 16, tzinfo=UTC)), True),
        (it("MetaData.LastUpdatedTime", Op.LT, datetime(2026, 5, 3, 16, tzinfo=UTC)), False),
    ],
)
def test_a_record_passes_or_not(test: Test, passes: bool) -> None:
    assert matches(INVOICE, [test]) is passes


def test_all_must_pass_and_none_always_do() -> None:
    good, bad = it("Balance", Op.EQ, 0), it("Balance", Op.GT, 0)
    assert matches(INVOICE, [good, good])
    assert not matches(INVOICE, [good, bad])
    assert matches(INVOICE, [])


def test_what_quickbooks_can_do_is_asked_and_the_rest_is_found() -> None:
    tests = [
        it("TotalAmt", Op.GE, Decimal("10"), asked=True),
        it("DocNumber", Op.LIKE, "O'N", asked=True),
        it("DocNumber", Op.LIKE, "50%", asked=True),
        it("PrivateNote", Op.LIKE, "x"),
        it("Balance", Op.EQ, 0, asked=True, negated=True),
        Test(("ClassRef", "Line[].ClassRef"), Op.EQ, "1", asked=True),
    ]
    assert select("Invoice", asked(tests)) == (
        r"SELECT * FROM Invoice WHERE TotalAmt >= 10 AND DocNumber LIKE '%O\'N%' "
        "ORDERBY Id STARTPOSITION 1 MAXRESULTS 1000"
    )
    assert local(tests) == tuple(tests[2:])


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1))
def test_no_text_of_a_filter_changes_what_is_asked(text: str) -> None:
    for test in (
        it("DisplayName", Op.LIKE, text, asked=True),
        it("CustomerRef", Op.IN, (text,), asked=True),
        it("DisplayName", Op.EQ, text, asked=True),
    ):
        read = grammar.parse(select("Customer", asked([test]), start=7, size=9))
        expected = f"%{text}%" if test.op is Op.LIKE else text
        if "%" in text and test.op is Op.LIKE:  # would stand for anything there
            assert read.where == ()
            assert local([test]) == (test,)
        else:
            assert [each.values for each in read.where] == [(expected,)]
        assert (read.entity, read.start, read.size) == ("Customer", 7, 9)


@given(st.text(min_size=1), st.text())
def test_a_text_is_found_wherever_it_stands(text: str, around: str) -> None:
    record = {"PrivateNote": around + text + around}
    assert matches(record, [it("PrivateNote", Op.LIKE, text)])


def answer(*records: dict[str, Any]) -> bytes:
    return json.dumps(
        {"QueryResponse": {"Invoice": records}, "time": "2026-05-05T05:16:21.718-07:00"},
        default=float,
    ).encode()


@pytest.mark.parametrize("lines", [None, LineChoice()])
def test_a_page_keeps_what_passes_and_knows_what_was_sent(lines: LineChoice | None) -> None:
    entity = catalog.entity("invoices")
    columns = catalog.chosen_columns(entity, ["id", "total"], lines)
    tests = (it("CustomerRef.value", Op.EQ, "12"),)
    read = matching(page_reader(entity, columns, ZoneInfo("UTC"), lines), entity, tests)
    other = INVOICE | {"Id": "2", "CustomerRef": {"value": "7", "name": "Bo"}}
    page = read(answer(INVOICE, other, INVOICE | {"Id": "3"}))
    assert page.ids == ["1", "2", "3"]
    assert page.matches == [True, False, True]
    kept = page.matching()
    assert kept.ids == ["1", "3"]
    assert kept.amounts["total"] == [Decimal("150.5")] * 2
    assert page.only([1, 2]).matching().ids == ["3"]
