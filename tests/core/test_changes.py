"""What CDC answers, as the real samples show it."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.core.changes import asked_since, changes_by_entity, may_match, parse_changes
from counterfoil.core.errors import QuickBooksBusy
from tests.samples import sample_bytes

TIME = "2026-11-22T12:30:00.250-08:00"


def answered(*parts: dict[str, Any]) -> bytes:
    return json.dumps({"CDCResponse": [{"QueryResponse": list(parts)}], "time": TIME}).encode()


def test_the_rows_of_one_entity_and_what_was_deleted() -> None:
    found = parse_changes(sample_bytes("cdc/cdc_bill_invoice_deleted.json"), "Invoice")
    assert [(change.id, change.deleted) for change in found.of] == [("103", False), ("65", True)]
    assert found.complete
    assert parse_changes(sample_bytes("cdc/cdc_estimate.json"), "Invoice").of == ()


def test_nothing_changed() -> None:
    found = parse_changes(answered({}), "Invoice")
    assert (found.of, found.complete, found.time) == ((), True, TIME)


@pytest.mark.parametrize(("others", "complete"), [(997, True), (998, False)])
def test_a_full_answer_may_lack_something_whatever_it_holds(others: int, complete: bool) -> None:
    rows = [{"Id": str(n)} for n in range(others)]
    found = parse_changes(answered({"Bill": rows}, {"Invoice": [{"Id": "1"}, {"Id": "2"}]}), "Bill")
    assert len(found.of) == others
    assert found.complete is complete


def test_another_print_means_another_change() -> None:
    row = {"Id": "1", "TotalAmt": 1.5, "MetaData": {"LastUpdatedTime": TIME}}
    rows = [row, dict(reversed(row.items())), row | {"TotalAmt": 1.25}]
    prints = [change.print for change in parse_changes(answered({"Bill": rows}), "Bill").of]
    assert prints[0] == prints[1] != prints[2]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"CDCResponse":{},"time":"2026"}',
        b'{"CDCResponse":[{"QueryResponse":[[]]}],"time":"2026"}',
        b'{"CDCResponse":[{"QueryResponse":[{"Invoice":[{}]}]}],"time":"2026"}',
        b'{"CDCResponse":[{"QueryResponse":[{"Invoice":[1]}]}],"time":"2026"}',
        b'{"CDCResponse":[{"QueryResponse":[{}]}]}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_answer_is_not_believed(body: bytes) -> None:
    with pytest.raises(QuickBooksBusy):
        parse_changes(body, "Invoice")


def test_changes_are_asked_from_before_the_answer_began() -> None:
    since = asked_since("2026-11-22T12:30:20.900-08:00", 2.5)
    assert since == datetime.fromisoformat("2026-11-22T12:30:13-08:00")
    assert since.isoformat() == "2026-11-22T12:30:13-08:00"


@pytest.mark.parametrize("time", ["", "now", "2026-11-22T12:30:20"])
def test_an_answer_without_its_time_is_not_believed(time: str) -> None:
    with pytest.raises(QuickBooksBusy):
        asked_since(time, 0)


@pytest.mark.parametrize(
    ("key", "record", "inactive", "may"),
    [
        ("invoices", {"TxnDate": "2026-01-01"}, False, True),
        ("invoices", {"TxnDate": "2026-01-31"}, False, True),
        ("invoices", {"TxnDate": "2025-12-31"}, False, False),
        ("invoices", {"TxnDate": "2026-02-01"}, False, False),
        ("invoices", {}, False, True),
        ("customers", {"Active": False}, False, False),
        ("customers", {"Active": False}, True, True),
        ("customers", {"Active": True}, False, True),
        ("customers", {}, False, True),
    ],
)
def test_whether_a_record_may_be_in_the_table(
    key: str, record: dict[str, Any], inactive: bool, may: bool
) -> None:
    start, end = date(2026, 1, 1), date(2026, 1, 31)
    assert may_match(record, catalog.entity(key), start, end, include_inactive=inactive) is may


@pytest.mark.parametrize("name", ["CreditCardPayment", "CreditCardPaymentTxn"])
def test_card_payments_are_found_whichever_of_their_names_the_answer_has(name: str) -> None:
    body = answered({name: [{"Id": "7"}]})
    found = parse_changes(body, "CreditCardPaymentTxn")
    assert [change.id for change in found.of] == ["7"]
    by_entity, every = changes_by_entity(body)
    assert (list(by_entity), len(every.of)) == (["CreditCardPaymentTxn"], 1)
