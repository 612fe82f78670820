"""After any edits in QuickBooks, in any order, an update leaves the table that a replacement would,
and what a person typed beside a row is still beside it, or in the tab of those that left.
"""

from __future__ import annotations

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
         "term", "fewer lines", "pass", "back")  # fmt: skip
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
            if "sort" in KINDS[kind]:
                assert sorted_cells(table) == sorted_cells(fresh)
            assert table.beside() == {key: f"mine of {key}" if key in before else "" for key in now}
            gone = {line[-1] for line in table.tab("Invoices – gone")}
            assert {f"mine of {key}" for key in before - now.keys()} <= gone


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
