"""A replacement tells which rows are new, changed and gone, from the company to the spreadsheet."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from counterfoil.core.people import ClosedBooks, Connection, Role, User
from counterfoil.core.stores import Records
from counterfoil.flows.limits import Limits
from sandbox.google.server import GoogleSandbox
from sandbox.intuit.company import Company
from sandbox.intuit.server import IntuitSandbox
from tests.flows.export_fakes import CONNECTION, OneConnection
from tests.flows.updating import Refreshed, free, kinds
from tests.flows.updating_several import OfBoth, both_books

COLUMNS = ["number", "memo", "balance"]
COUNTS = ("new", "changed", "removed", "left", "gone", "closed")


def told(table: Refreshed) -> dict[str, int]:
    return {name: table.report["seen"][name] for name in COUNTS if name in table.report["seen"]}


def edited(company: Company, intuit: IntuitSandbox) -> tuple[str, str]:
    """One invoice has another number, one is deleted, and one more is there."""
    other, gone, like = free(company)[:3]
    now = intuit.clock()
    company.update("Invoice", other["Id"], now, DocNumber="A-1")
    company.delete("Invoice", gone["Id"], now)
    meta = {"CreateTime": now.isoformat(), "LastUpdatedTime": now.isoformat()}
    company.add("Invoice", {**like, "Id": "99999", "DocNumber": "NEW", "MetaData": meta})
    return other["Id"], gone["Id"]


@pytest.mark.parametrize(
    "limits", [Limits(), Limits(cells_per_step=400, page=50)], ids=["one step", "staged"]
)
def test_a_refresh_tells_new_changed_and_gone_rows_and_logs_them(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company, limits: Limits
) -> None:
    table = Refreshed(google, intuit, company, "invoices", limits, columns=["id", *COLUMNS])
    table.first()
    assert told(table) == {}
    other, gone = edited(company, intuit)
    table.refresh()
    assert told(table) == {"new": 1, "changed": 1, "gone": 1}
    labels = [line[:2] for line in table.report["seen"]["news"]]
    assert labels == [["new", "99999"], ["changed", other], ["gone", gone]]
    log = table.tab("Counterfoil log")
    assert re.match(r"\d+ sent · .* in the sheet · ", log[1][2])
    logged = [line[0] for line in log]
    assert logged == ["When", "Invoices", "1 new, 1 changed, 1 gone", "New", "Changed", "Gone"]
    table.refresh()
    assert told(table) == {"new": 0, "changed": 0, "gone": 0}
    assert [line[0] for line in table.tab("Counterfoil log")] == logged


def test_lines_are_known_by_their_row_ids(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    columns = ["row_id", "number", "line_amount"]
    for headers in ("repeat", "once"):
        table = Refreshed(
            google, intuit, company, "invoices", columns=columns, rows="line", headers=headers
        )
        table.first()
        invoice = next(row for row in free(company) if len(row["Line"]) > 2)
        lines = len(
            [line for line in invoice["Line"] if line["DetailType"] != "SubTotalLineDetail"]
        )
        company.delete("Invoice", invoice["Id"], intuit.clock())
        table.refresh()
        assert told(table) == {"new": 0, "changed": 0, "gone": lines}


def test_two_companies_with_the_same_ids_are_told_apart(google: tuple[GoogleSandbox, Any]) -> None:
    with both_books() as books:
        table = OfBoth(google, books, columns=["id", *COLUMNS]).made()
        twin = table.twins[0]
        table.cedar.update("Invoice", twin, books.clock(), DocNumber="C-1")
        table.acme.delete("Invoice", table.twins[1], books.clock())
        table.refresh()
        assert told(table) == {"new": 0, "changed": 1, "gone": 1}
        # Another name of one: its rows are no others, but the table knows them by it.
        table.both.names = {**table.both.names, table.connections[0]: "Acme Gardens"}
        table.refresh()
        assert told(table) == {}


DATED = ["id", "number", "date", "memo"]


class Kept(OneConnection):
    """With what the stores keep of its books."""

    def __init__(self, records: Records) -> None:
        super().__init__()
        self.records = records

    def reachable(self, user: User, connection_id: str, needed: Role) -> Connection:
        found = super().reachable(user, connection_id, needed)
        held = self.records.get("connections", connection_id)
        books = held.data["books"] if held else None
        return replace(found, books=ClosedBooks.of_record(books) if books else None)


def closed_until(company: Company, day: str) -> None:
    next(iter(company.store.all("Preferences")))["AccountingInfoPrefs"]["BookCloseDate"] = day


def test_rows_in_closed_books_are_counted_by_a_date_that_is_read_once_a_day(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    early, *_, late = sorted(free(company), key=lambda row: str(row["TxnDate"]))
    closed_until(company, early["TxnDate"])
    table = Refreshed(google, intuit, company, "invoices", columns=DATED)
    table.world.records.create("connections", CONNECTION, {"books": None})
    kept = replace(table.world.exports, connections=Kept(table.world.records))
    table.world.exports = kept
    with table.calls() as calls:
        table.first()
    assert kinds(calls) == ["query"]  # a table that is new has no changes to count
    for memo, asked in (("one", ["query", "query"]), ("two", ["query"])):
        for row in (early, late):
            company.update("Invoice", row["Id"], intuit.clock(), PrivateNote=memo)
        with table.calls() as calls:
            table.refresh()
        assert kinds(calls) == asked
        assert told(table) == {"new": 0, "changed": 2, "gone": 0, "closed": 1}
    counts = [line[0] for line in table.tab("Counterfoil log") if "books" in line[0]]
    assert counts == ["2 changed, 1 of them dated in closed books"] * 2
    # A day later it is asked for again, and is another one by then.
    closed_until(company, late["TxnDate"])
    intuit.clock.advance(timedelta(days=1))
    for row in (early, late):
        company.update("Invoice", row["Id"], intuit.clock(), TxnDate="2027-01-01")
    with table.calls() as calls:
        table.refresh()
    assert kinds(calls) == ["query", "query"]
    assert told(table) == {"new": 0, "changed": 2, "gone": 0, "closed": 2}


def test_a_closing_date_that_cannot_be_read_now_ends_no_run(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    closed_until(company, "2026-12-31")
    table = Refreshed(google, intuit, company, "invoices", columns=DATED)
    table.first()
    edited(company, intuit)
    intuit.inject("503", statement="Preferences", times=None)
    table.refresh()
    assert told(table) == {"new": 1, "changed": 1, "gone": 1}


def test_each_company_has_a_closing_date_of_its_own(google: tuple[GoogleSandbox, Any]) -> None:
    with both_books() as books:
        table = OfBoth(google, books, columns=DATED).made()
        closed_until(table.acme, "2027-12-31")
        for company in (table.acme, table.cedar):
            company.update("Invoice", table.twins[0], books.clock(), DocNumber="N-1")
        table.refresh()
        assert told(table) == {"new": 0, "changed": 2, "gone": 0, "closed": 1}
