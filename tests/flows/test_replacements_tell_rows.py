"""A replacement tells which rows are new, changed and gone, from the company to the spreadsheet."""

from __future__ import annotations

from typing import Any

import pytest

from counterfoil.flows.limits import Limits
from sandbox.google.server import GoogleSandbox
from sandbox.intuit.company import Company
from sandbox.intuit.server import IntuitSandbox
from tests.flows.updating import Refreshed, free
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
    logged = [line[0] for line in table.tab("Counterfoil log")]
    assert logged == ["Invoices", "1 new, 1 changed, 1 gone", "new", "changed", "gone"]
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
