"""After any edits in QuickBooks, in any order, an update leaves the table that a replacement would,
and what a person typed beside a row is still beside it, or in the tab of those that left.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sandbox.google.a1 import Rect
from sandbox.google.server import GoogleSandbox
from sandbox.intuit import acme
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.company import Company
from sandbox.intuit.server import IntuitSandbox
from tests.flows.updating import Refreshed, noon, sheets

Row = dict[str, Any]

# A dozen invoices change again and again, so that edits meet.
FEW = 12
NAMES = ["Aspen & Sons", "Birch Ltd", "=Cedar", "Dogwood: Trees", "Ünal 中"]

KINDS: dict[str, dict[str, Any]] = {
    "records": {"columns": ["number", "date", "customer", "terms", "total", "balance"]},
    "lines": {"rows": "line", "columns": ["row_id", "number", "customer", "line_item", "line_amount"]},
    "lines below their header": {
        "rows": "line", "headers": "once",
        "columns": ["row_id", "number", "customer", "line_item", "line_amount"],
    },
    "large and open": {
        "columns": ["number", "customer", "balance"],
        "filters": [{"key": "balance", "from": "50"}, {"key": "memo", "contains": "a"}],
    },
    "of these days": {"columns": ["number", "date", "customer"], "dates": "last_30_days"},
    "without a name": {"columns": ["number", "total"], "include_inactive": True},
    "in order": {
        "columns": ["number", "customer", "total"], "sort": {"column": "number", "descending": True},
    },
    "the first seven": {
        "columns": ["number", "memo", "balance"], "sort": {"column": "balance", "descending": True},
        "first": 7,
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Edit:
    """`which` of the few invoices or customers; `value` of whatever is changed."""

    what: str
    which: int
    value: int


EDITS = ("number", "day", "memo", "customer", "delete", "void", "add", "rename", "inactivate",
         "term", "fewer lines", "more lines", "pass", "back")  # fmt: skip
edits = st.builds(Edit, st.sampled_from(EDITS), st.integers(0, FEW - 1), st.integers(0, 60))


@pytest.fixture(scope="module")
def google() -> Iterator[tuple[GoogleSandbox, Any]]:
    with sheets() as opened:
        yield opened


@pytest.mark.parametrize("kind", KINDS)
@given(turns=st.lists(st.lists(edits, max_size=5), min_size=1, max_size=3))
@settings(
    max_examples=5,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_an_update_leaves_what_a_replacement_would(
    google: tuple[GoogleSandbox, Any], kind: str, turns: list[list[Edit]]
) -> None:
    company = acme.acme()
    with IntuitSandbox(noon(), DemoBooks([company])) as intuit:
        table = Refreshed(google, intuit, company, "invoices", mode="update", **KINDS[kind])
        table.first()
        people = People(company, intuit.clock)
        for some in turns:
            before = table.rows().keys()
            table.write_beside()
            for edit in some:
                people.do(edit)
            intuit.clock.advance(timedelta(seconds=30))
            table.refresh()
            fresh = Refreshed(google, intuit, company, "invoices", **KINDS[kind])
            fresh.first()
            wide = fresh.place()[1].columns
            now = {key: row[:wide] for key, row in table.rows().items()}
            assert now == fresh.rows()
            if "headers" in KINDS[kind]:
                assert together(table) == together(fresh)
            if "sort" in KINDS[kind]:
                assert sorted_cells(table) == sorted_cells(fresh)
            assert table.beside() == {key: f"mine of {key}" if key in before else "" for key in now}
            gone = {line[-1] for line in table.tab("Invoices – gone")}
            assert {f"mine of {key}" for key in before - now.keys()} <= gone


def test_a_line_that_comes_new_stands_with_the_others_of_its_invoice(
    google: tuple[GoogleSandbox, Any],
) -> None:
    company = acme.acme()
    with IntuitSandbox(noon(), DemoBooks([company])) as intuit:
        options = KINDS["lines below their header"]
        table = Refreshed(google, intuit, company, "invoices", mode="update", **options)
        table.first()
        table.write_beside()
        people = People(company, intuit.clock)
        for edit in (Edit("more lines", 0, 0), Edit("more lines", 3, 1)):
            people.do(edit)
        intuit.clock.advance(timedelta(seconds=30))
        table.refresh()
        assert table.seen["new"] == 2
        first, later = (together(table)[people.few[at]] for at in (0, 3))
        assert (first[0], later[1]) == (f"{people.few[0]}-901", f"{people.few[3]}-902")
        rows = table.rows()
        numbers = [[rows[id][1] != "" for id in lines] for lines in (first, later)]
        assert [each.index(True) for each in numbers] == [0, 0]
        assert [sum(each) for each in numbers] == [1, 1]
        new = {first[0], later[1]}
        assert table.beside() == {id: "" if id in new else f"mine of {id}" for id in rows}


def together(table: Refreshed) -> dict[str, list[str]]:
    """The lines of each invoice in their order, none of them apart from the others."""
    tab, rect = table.place()
    rows = tab.values(Rect(rect.row + 1, rect.column, rect.rows - 1, 1))
    found: dict[str, list[str]] = {}
    for record, lines in itertools.groupby(
        (row[0] for row in rows), lambda id: id.partition("-")[0]
    ):
        assert record not in found
        found[record] = list(lines)
    return found


def sorted_cells(table: Refreshed) -> list[Any]:
    """What the rows are sorted by, from the top down."""
    titles = {"number": "Invoice number", "balance": "Open balance"}
    tab, rect = table.place()
    shown = tab.values(Rect(rect.row, rect.column, rect.rows, rect.columns))
    at = shown[0].index(titles[table.options["sort"]["column"]])
    return [line[at] for line in shown[1:]]


class People:
    """Who works in QuickBooks; what it refuses stays as it was."""

    def __init__(self, company: Company, now: Callable[[], Any]) -> None:
        self.company, self.now = company, now
        self.added = 0
        every = [row for row in company.store.all("Invoice") if not row.get("LinkedTxn")]
        self.few = [row["Id"] for row in every[-FEW:]]
        self.template = every[-1]
        self.customers = list(dict.fromkeys(row["CustomerRef"]["value"] for row in every[-FEW:]))

    def do(self, edit: Edit) -> None:
        id = self.few[edit.which]
        update = self.company.update
        there = self.company.store.has("Invoice", id)
        customer = self.customers[edit.which % len(self.customers)]
        match edit.what:
            case "number" if there:
                update("Invoice", id, self.now(), DocNumber=f"N-{edit.value}")
            case "day" | "back" if there:
                days = edit.value if edit.what == "day" else -edit.value
                day = self.now().date() + timedelta(days=days // 2)
                update("Invoice", id, self.now(), TxnDate=day.isoformat())
            case "memo" if there:
                update("Invoice", id, self.now(), PrivateNote="b" if edit.value % 2 else "A")
            case "customer" if there:
                row = self.company.store.get("Customer", customer)
                ref = {"value": customer, "name": row["DisplayName"]}
                update("Invoice", id, self.now(), CustomerRef=ref)
            case "fewer lines" if there:
                lines = self.company.store.get("Invoice", id)["Line"]
                update("Invoice", id, self.now(), Line=lines[1:] or lines)
            case "more lines" if there:
                lines = self.company.store.get("Invoice", id)["Line"]
                self.added += 1
                more = {**lines[0], "Id": str(900 + self.added)}
                at = edit.value % (len(lines) + 1)
                update("Invoice", id, self.now(), Line=[*lines[:at], more, *lines[at:]])
            case "delete" if there:
                self.company.delete("Invoice", id, self.now())
            case "void" if there:
                self.company.void("Invoice", id, self.now())
            case "add":
                self.add(customer)
            case "rename":
                self.rename(customer, NAMES[edit.value % len(NAMES)])
            case "inactivate":
                self.company.inactivate("Customer", customer, self.now())
            case "term":
                term = next(iter(self.company.store.all("Term")))["Id"]
                update("Term", term, self.now(), Name=f"Net {edit.value}")
            case "pass":
                self.pass_days(edit.value)

    def pass_days(self, days: int) -> None:
        """Some weeks, after which everything is read; or some days."""
        self.now.advance(timedelta(days=days % 12))  # type: ignore[attr-defined]

    def rename(self, customer: str, name: str) -> None:
        """No two customers have one name."""
        taken = [row["DisplayName"] for row in self.company.store.all("Customer")]
        if name not in taken:
            self.company.update("Customer", customer, self.now(), DisplayName=name)

    def add(self, customer: str) -> None:
        self.added += 1
        row = self.company.store.get("Customer", customer)
        moment = self.now().isoformat(timespec="seconds")
        invoice: Row = {
            **self.template,
            "Id": str(90_000 + self.added),
            "DocNumber": f"NEW-{self.added}",
            "TxnDate": self.now().date().isoformat(),
            "CustomerRef": {"value": customer, "name": row["DisplayName"]},
            "Line": [dict(line) for line in self.template["Line"]],
            "MetaData": {"CreateTime": moment, "LastUpdatedTime": moment},
        }
        self.company.add("Invoice", invoice)
        self.few[self.added % FEW] = invoice["Id"]
