"""Vendors, bills, payments, purchases and the balance sheet, from a company to the grid.

The company's own books say what must arrive: its rows, its open balances, its ledger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from counterfoil import catalog
from sandbox import check
from sandbox.intuit.companies import demo_books
from sandbox.intuit.company import Company
from sandbox.world import World

AS_OF = date(2026, 10, 31)
REFUND = Decimal("31.25")

ENTITIES = {"vendors": "Vendor", "bills": "Bill", "payments": "Payment", "purchases": "Purchase"}

# What is exported of Acme, into which tab, with which options.
EXPORTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("entities/vendors", "Vendors", {}),
    ("entities/vendors", "All vendors", {"include_inactive": True}),
    ("entities/bills", "Bills", {}),
    ("entities/payments", "Payments", {}),
    ("entities/purchases", "Purchases", {}),
    ("reports/balance-sheet", "Balance Sheet", {"parameters": {"end_date": AS_OF.isoformat()}}),
    (
        "reports/balance-sheet",
        "Balances by month",
        {
            "parameters": {
                "start_date": "2026-02-01",
                "end_date": "2026-05-31",
                "summarize_column_by": "Month",
                "accounting_method": "Cash",
            }
        },
    ),
)


@dataclass
class Exported:
    """What each tab holds in the end, with its notes; how its export ended; whose data it is."""

    company: Company
    steps: Mapping[str, Mapping[str, Any]]
    tabs: Mapping[str, list[list[Any]]]
    notes: Mapping[str, list[str]]
    others: Sequence[tuple[Company, str, Mapping[str, Any]]]  # of other companies: key, last step
    dangerous: list[tuple[str, str]]

    def totals(self, tab: str) -> dict[str, Decimal]:
        found = self.steps[tab]["proof"]["totals"]
        assert {total["currency"] for total in found} <= {"USD"}
        return {total["title"]: Decimal(total["amount"]) for total in found}

    def column(self, tab: str, title: str) -> list[Any]:
        header, *rows = self.tabs[tab]
        place = header.index(title)
        return [row[place] for row in rows]

    def line(self, tab: str, label: str) -> list[Decimal]:
        """The amounts of a report's line."""
        (found,) = [row for row in self.tabs[tab] if row[0] == label]
        return [exact(value) for value in found[1:]]


def exact(value: Any) -> Decimal:
    return Decimal(0) if value == "" else Decimal(repr(value))


@pytest.fixture(scope="module")
def exported() -> Iterator[Exported]:
    books = demo_books()
    card = books.companies()[0]
    company = books.company(card.realm_id)
    refund(company)
    with World(books) as world:
        sidebar = check.sidebar(world, "ana@example.com")
        connection = check.connect(sidebar, card.realm_id)
        steps = {
            tab: sidebar.export(
                path, connection_id=connection["id"], options=options, target={"tab": tab}
            )
            for path, tab, options in EXPORTS
        }
        others = []
        for other in books.companies()[1:]:
            connection = check.connect(sidebar, other.realm_id)
            for key in (*ENTITIES, "balance-sheet"):
                path, options = f"entities/{key}", {"include_inactive": key == "vendors"}
                if key not in ENTITIES:
                    path, options = f"reports/{key}", {"parameters": {"end_date": "2026-10-31"}}
                step = sidebar.export(
                    path, connection_id=connection["id"], options=options,
                    target={"tab": f"{other.realm_id} {key}"},
                )  # fmt: skip
                others.append((books.company(other.realm_id), key, step))
        workbook = world.google.workbook
        tabs, notes = {}, {}
        for tab in steps:
            sheet = workbook.tab(tab)
            assert sheet is not None
            tabs[tab] = sheet.values(sheet.data_extent())
            notes[tab] = [cell.note for _, _, cell in sheet.cells() if cell.note]
        yield Exported(company, steps, tabs, notes, others, list(workbook.dangerous_formulas))


def refund(company: Company) -> None:
    """A purchase by card is partly given back, which QuickBooks keeps as a positive total."""
    bought = next(
        row for row in company.store.all("Purchase") if row["PaymentType"] == "CreditCard"
    )
    line = {**bought["Line"][0], "Amount": REFUND}
    back = {"Id": "9000001", "Credit": True, "TotalAmt": REFUND, "Line": [line]}
    company.add("Purchase", {**bought, **back})


def test_each_of_them_is_proven_and_in_the_sheet(exported: Exported) -> None:
    for tab, step in exported.steps.items():
        assert step["proof"]["verdict"] == "PASS", tab
        assert check.proven(step), tab
    assert exported.dangerous == []


def test_hostile_texts_and_other_currencies_arrive_as_they_are(exported: Exported) -> None:
    assert {company.profile.currency for company, _, _ in exported.others} == {"USD", "EUR", "CAD"}
    for company, key, step in exported.others:
        assert check.proven(step), (company.profile.name, key)
        known = {row["Code"] for row in company.store.all("CompanyCurrency")}
        assert {total["currency"] for total in step["proof"]["totals"]} <= {
            company.profile.currency,
            *(known if company.profile.currencies else ()),
        }
        if key in ENTITIES:
            assert step["proof"]["rows"] == len(list(company.store.all(ENTITIES[key])))
        else:
            (total,) = step["proof"]["totals"]
            assert Decimal(total["amount"]) == assets(company, company.profile.basis, AS_OF)
    assert exported.dangerous == []


@pytest.mark.parametrize(
    ("tab", "key"),
    [
        ("All vendors", "vendors"),
        ("Bills", "bills"),
        ("Payments", "payments"),
        ("Purchases", "purchases"),
    ],
)
def test_every_row_of_the_company_is_there_once_with_the_default_columns(
    exported: Exported, tab: str, key: str
) -> None:
    entity = catalog.entity(key)
    header, *rows = exported.tabs[tab]
    assert header == [column.title for column in entity.columns if column.default]
    ids = [row["Id"] for row in exported.company.store.all(entity.entity)]
    assert len(rows) == len(ids) > 15
    assert sorted(exported.column(tab, "Id")) == sorted(ids)
    assert entity.entity == ENTITIES[key]


def test_vendors_are_the_active_ones_unless_all_are_asked_for(exported: Exported) -> None:
    vendors = list(exported.company.store.all("Vendor"))
    active = {row["Id"] for row in vendors if row["Active"]}
    assert set(exported.column("Vendors", "Id")) == active
    assert len(active) < len(vendors) == len(exported.column("All vendors", "Id"))
    assert exported.column("Vendors", "Active") == [True] * len(active)


@pytest.mark.parametrize(
    ("tab", "kind", "fields"),
    [
        ("All vendors", "Vendor", {"Open balance": "Balance"}),
        ("Bills", "Bill", {"Total": "TotalAmt", "Open balance": "Balance"}),
        (
            "Payments",
            "Payment",
            {"Amount received": "TotalAmt", "Unapplied amount": "UnappliedAmt"},
        ),
        ("Purchases", "Purchase", {"Total": "TotalAmt"}),
    ],
)
def test_totals_are_those_of_the_company_and_of_the_cells(
    exported: Exported, tab: str, kind: str, fields: Mapping[str, str]
) -> None:
    rows = list(exported.company.store.all(kind))
    for title, field in fields.items():
        held = sum((Decimal(row[field]) for row in rows), Decimal(0))
        assert exported.totals(tab)[title] == held
        assert sum(map(exact, exported.column(tab, title))) == held


def test_what_came_back_to_the_card_counts_against_the_rest(exported: Exported) -> None:
    totals = exported.totals("Purchases")
    assert totals["Total"] - totals["Signed amount"] == 2 * REFUND
    assert sum(map(exact, exported.column("Purchases", "Signed amount"))) == totals["Signed amount"]
    credits = [
        (total, signed)
        for total, credit, signed in zip(
            *(
                exported.column("Purchases", title)
                for title in ("Total", "Credit", "Signed amount")
            ),
            strict=True,
        )
        if credit
    ]
    assert credits == [(31.25, -31.25)]


def test_open_bills_are_what_the_balance_sheet_says_is_payable(exported: Exported) -> None:
    (payable,) = exported.line("Balance Sheet", "Total Accounts Payable")
    assert payable == exported.totals("Bills")["Open balance"]
    assert payable == exported.totals("All vendors")["Open balance"]


def test_the_balance_sheet_is_as_of_its_day_and_balances_with_the_ledger(
    exported: Exported,
) -> None:
    rows = exported.tabs["Balance Sheet"]
    assert [row[0] for row in rows[:4]] == [
        "Acme Landscaping",
        "Balance Sheet",
        "As of 2026-10-31",
        "Accrual basis, USD",
    ]
    assert rows[4] == ["", "Total"]
    held = assets(exported.company, "Accrual", AS_OF)
    assert exported.line("Balance Sheet", "TOTAL ASSETS") == [held]
    assert exported.line("Balance Sheet", "TOTAL LIABILITIES AND EQUITY") == [held]
    assert exported.totals("Balance Sheet") == {"TOTAL LIABILITIES AND EQUITY": held}


def test_a_balance_sheet_by_month_begins_where_it_was_asked_to(exported: Exported) -> None:
    tab = "Balances by month"
    ends = (date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31))
    rows = exported.tabs[tab]
    assert [row[0] for row in rows[1:4]] == [
        *("Balance Sheet", "As of 2026-05-31", "Cash basis, USD"),
    ]
    assert rows[4] == ["", "Feb 2026", "Mar 2026", "Apr 2026", "May 2026"]
    held = [assets(exported.company, "Cash", end) for end in ends]
    assert exported.line(tab, "TOTAL ASSETS") == held
    assert exported.line(tab, "TOTAL LIABILITIES AND EQUITY") == held
    assert len(set(held)) == 4


def test_the_note_of_a_balance_sheet_names_its_day(exported: Exported) -> None:
    (note,) = exported.notes["Balance Sheet"]
    assert "As of 2026-10-31" in note
    # The first day, which QuickBooks needs to heed the last, is nobody's business.
    assert "2026-01-01" not in note + str(exported.tabs["Balance Sheet"])


def assets(company: Company, basis: str, end: date) -> Decimal:
    """What the company's ledger says that it had at the end of a day."""
    book = company.book(basis)
    owned = {row["Id"] for row in book.accounts if row["Classification"] == "Asset"}
    return sum(
        (each.amount for each in book.postings if each.account in owned and each.on <= end),
        Decimal(0),
    )
