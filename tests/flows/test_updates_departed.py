"""Rows of an update that come into the table and leave it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sandbox.google.server import GoogleSandbox
from sandbox.intuit.company import Company
from sandbox.intuit.server import IntuitSandbox
from tests.flows.export_fakes import SHEET
from tests.flows.updating import COLUMNS, Refreshed, free, kinds, made


def test_an_invoice_that_matches_the_filters_no_more_has_left(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    big = [{"key": "total", "from": "100"}]
    table = made(google, intuit, company, columns=COLUMNS, filters=big)
    left, deleted = [row["Id"] for row in free(company) if row["Id"] in table.rows()][:2]
    company.void("Invoice", left, intuit.clock())
    company.delete("Invoice", deleted, intuit.clock())
    table.refresh()
    assert table.seen == {"removed": 1, "left": 1}
    assert not table.rows().keys() & {left, deleted}


def test_days_that_moved_let_rows_in_and_out(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    today = intuit.clock().astimezone(ZoneInfo(SHEET.zone)).date()
    first, later = free(company)[:2]
    for invoice, day in ((first, today), (later, today + timedelta(days=1))):
        company.update("Invoice", invoice["Id"], intuit.clock(), TxnDate=day.isoformat())
    intuit.clock.advance(timedelta(minutes=1))
    table = made(google, intuit, company, columns=COLUMNS, dates="today")
    assert table.rows().keys() >= {first["Id"]}
    assert later["Id"] not in table.rows()
    before = table.rows().keys()
    intuit.clock.advance(timedelta(days=1))
    with table.calls() as calls:
        table.refresh()
    # The changes, the day that came, the closing date.
    assert kinds(calls) == ["cdc", "query", "query"]
    assert later["Id"] in table.rows()
    assert not table.rows().keys() & before
    assert table.seen["left"] == len(before)


def test_only_new_rows_are_added_and_the_others_stay_as_they_are(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    table = made(google, intuit, company, columns=COLUMNS, mode="add")
    before, now, rows = table.rows(), intuit.clock(), free(company)
    company.update("Invoice", rows[0]["Id"], now, DocNumber="A-1")
    company.delete("Invoice", rows[1]["Id"], now)
    meta = {"CreateTime": now.isoformat(), "LastUpdatedTime": now.isoformat()}
    company.add("Invoice", {**rows[2], "Id": "99999", "DocNumber": "NEW", "MetaData": meta})
    table.refresh()
    added = table.rows()
    assert table.seen == {"new": 1}
    assert added.pop("99999")[1] == "NEW"
    assert added == before
    # Reading everything adds what escaped, and changes nothing else.
    intuit.clock.advance(timedelta(days=8))
    step = table.refresh()
    assert step.proof is not None
    assert (step.proof.rows, table.seen) == (None, {})
    assert table.rows() == {**before, "99999": table.rows()["99999"]}


@pytest.mark.parametrize(("departed", "stays"), [("keep", 1), ("mark", 2)])
def test_rows_that_are_no_more_can_stay_with_a_mark(
    google: tuple[GoogleSandbox, Any],
    intuit: IntuitSandbox,
    company: Company,
    departed: str,
    stays: int,
) -> None:
    table = made(google, intuit, company, columns=COLUMNS, departed=departed)
    first, second = [row["Id"] for row in free(company)][:2]
    table.write_beside(only=first)
    for id in (first, second):
        company.delete("Invoice", id, intuit.clock())
    table.refresh()
    marks = {id: row[-1] for id, row in table.rows().items() if row[-1]}
    day = f"{intuit.clock():%Y-%m-%d}"
    assert marks == dict.fromkeys([first, second][:stays], day)
    assert table.seen.get("marked") == stays
    intuit.clock.advance(timedelta(minutes=5))
    with table.calls() as calls:
        table.refresh()
    assert kinds(calls) == ["cdc"]
    assert {id: row[-1] for id, row in table.rows().items() if row[-1]} == marks


def test_rows_in_closed_books_are_counted(invoices: Refreshed, company: Company) -> None:
    (preferences,) = company.store.all("Preferences")
    preferences["AccountingInfoPrefs"]["BookCloseDate"] = "2025-12-31"
    now = invoices.intuit.clock()
    old = next(row["Id"] for row in free(company) if row["TxnDate"] <= "2025-12-31")
    new = next(row["Id"] for row in free(company) if row["TxnDate"] > "2025-12-31")
    for id in (old, new):
        company.update("Invoice", id, now, DocNumber=f"A-{id}")
    invoices.refresh()
    assert invoices.seen == {"changed": 2, "closed": 1}


@pytest.mark.parametrize("days", [0, 8], ids=["of changes", "of everything"])
def test_lines_of_a_deleted_transaction_are_all_deleted(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company, days: int
) -> None:
    """Also where what the transaction has once stands beside its first line alone."""
    table = made(google, intuit, company, rows="line", headers="once")
    several = next(row for row in free(company) if len(row["Line"]) > 3)
    mine = [key for key in table.rows() if key.startswith(f"{several['Id']}-")]
    company.delete("Invoice", several["Id"], intuit.clock())
    intuit.clock.advance(timedelta(days=days, minutes=1))
    table.refresh()
    assert len(mine) > 2
    assert table.seen == {"removed": len(mine)}


def test_a_table_without_rows_gets_its_first_and_loses_it_again(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    memo = [{"key": "memo", "contains": "only this"}]
    table = made(google, intuit, company, columns=COLUMNS, filters=memo)
    assert table.rows() == {}
    with table.calls() as calls:
        table.refresh()
    assert kinds(calls) == ["cdc"]
    id = free(company)[0]["Id"]
    company.update("Invoice", id, intuit.clock(), PrivateNote="Only this one")
    table.refresh()
    assert (list(table.rows()), table.seen) == ([id], {"new": 1})
    company.update("Invoice", id, intuit.clock(), PrivateNote="Another")
    table.refresh()
    assert (table.rows(), table.seen) == ({}, {"left": 1})


@pytest.mark.parametrize("headers", ["repeat", "once"])
def test_all_lines_of_a_transaction_leave_with_its_day(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company, headers: str
) -> None:
    today = intuit.clock().astimezone(ZoneInfo(SHEET.zone)).date()
    several = next(row for row in free(company) if len(row["Line"]) > 2)
    company.update("Invoice", several["Id"], intuit.clock(), TxnDate=today.isoformat())
    intuit.clock.advance(timedelta(minutes=1))
    table = made(google, intuit, company, rows="line", headers=headers, dates="today")
    before = [key for key in table.rows() if key.startswith(f"{several['Id']}-")]
    intuit.clock.advance(timedelta(days=1))
    with table.calls() as calls:
        table.refresh()
    assert kinds(calls) == ["cdc", "query", "query"]
    assert len(before) > 1
    assert not [key for key in table.rows() if key in before]
    assert table.seen["left"] >= len(before)


def test_rows_in_closed_books_are_counted_where_the_table_shows_no_date(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    (preferences,) = company.store.all("Preferences")
    preferences["AccountingInfoPrefs"]["BookCloseDate"] = "2025-12-31"
    table = made(google, intuit, company, columns=["number"])
    old = next(row["Id"] for row in free(company) if row["TxnDate"] <= "2025-12-31")
    company.update("Invoice", old, intuit.clock(), DocNumber="A-1")
    table.refresh()
    assert table.seen == {"changed": 1, "closed": 1}
