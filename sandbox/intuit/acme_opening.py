"""Acme Landscaping on its first day: who it is, its lists, what it had and owed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sandbox.intuit import acme_lists as lists
from sandbox.intuit.company import Company
from sandbox.intuit.desk import Address, Desk
from sandbox.intuit.documents import Documents
from sandbox.intuit.ledger import Chart
from sandbox.intuit.profile import Profile
from sandbox.intuit.sales import Tax
from sandbox.intuit.store import Store

REALM_ID = "9130347596842110"
FIRST_DAY = date(2025, 1, 1)
LAST_DAY = date(2026, 6, 30)
MEMO = "Thank you for letting us look after your garden."
CUSTOM_FIELD = "Team"
CREWS = ("North", "South", "Trees")
TERMS = (("Due on receipt", 0), ("Net 15", 15), ("Net 30", 30), ("Net 60", 60))
TAX = Tax(code="2", rate="3", percent=Decimal("7.25"))

PROFILE = Profile(
    REALM_ID,
    "Acme Landscaping",
    "18 Cistern Road",
    "Larkfield",
    "CO",
    "80911",
    "office@acme-landscaping.example",
    "(719) 555-0118",
    FIRST_DAY,
    legal_name="Acme Landscaping LLC",
    customer_message=MEMO,
    custom_field=CUSTOM_FIELD,
)


@dataclass(frozen=True, slots=True)
class Firm:
    """Ids by key or name, and the pen that writes its documents."""

    company: Company
    write: Documents
    accounts: dict[str, str]
    items: dict[str, str]
    customers: list[str]
    vendors: dict[str, str]
    terms: dict[int, str]
    methods: dict[str, str]

    @property
    def store(self) -> Store:
        return self.company.store


def opened() -> Firm:
    desk = Desk(PROFILE, Store())
    accounts = _accounts(desk)
    firm = Firm(
        Company(PROFILE, _chart(accounts), desk.store),
        Documents(desk, TAX, accounts["ap"]),
        accounts,
        _items(desk, accounts),
        _customers(desk),
        _vendors(desk),
        {days: desk.term(name, days) for name, days in TERMS},
        {name: desk.payment_method(name) for name in ("Cash", "Check")},
    )
    _opening_balances(firm)
    return firm


def _opening_balances(firm: Firm) -> None:
    """What the firm had on its first day, and what it owed for it."""
    own = firm.accounts
    held = (
        ("checking", "24650.40"),
        ("savings", "12000"),
        ("petty", "200"),
        ("truck_cost", "38400"),
        ("truck_worn", "-9600"),
        ("mowers", "11250"),
        ("lease", "1900"),
        ("loan", "-21400"),
    )
    lines = [(own[key], Decimal(amount)) for key, amount in held]
    lines.append((own["opening"], -sum((amount for _, amount in lines), Decimal(0))))
    firm.write.journal(FIRST_DAY, lines, number="1", note="Opening balances")


def _accounts(desk: Desk) -> dict[str, str]:
    ids: dict[str, str] = {}
    for key, number, name, kind, subtype, parent in lists.ACCOUNTS:
        ids[key] = desk.account(
            name,
            kind,
            subtype,
            number,
            ids[parent] if parent else None,
            active=key not in lists.INACTIVE_ACCOUNTS,
        )
    return ids


def _chart(own: Mapping[str, str]) -> Chart:
    return Chart(
        receivable=own["ar"],
        payable=own["ap"],
        undeposited=own["undeposited"],
        retained_earnings=own["retained"],
        unapplied_income=own["unapplied"],
        unapplied_expense=own["unapplied_bills"],
        taxes={TAX.rate: own["tax"]},
    )


def _items(desk: Desk, own: Mapping[str, str]) -> dict[str, str]:
    ids = {
        name: desk.item(
            name,
            price,
            own[income],
            text=text,
            taxable=taxable,
            expense=own["cogs"] if cost else None,
            asset=own["stock"] if cost else None,
            cost=cost or 0,
        )
        for name, price, income, text, taxable, cost in lists.ITEMS
    }
    for name in lists.INACTIVE_ITEMS:
        desk.item(name, 95, own["products"], active=False)
    return ids


def _customers(desk: Desk) -> list[str]:
    """The active ones. Inactive ones are in the lists, without a sale."""
    ids: dict[str, str] = {}
    for at, (name, given, family, taxable) in enumerate(lists.CUSTOMERS):
        person = f"{given} {family}" == name
        mailbox = f"{given}.{family}".lower().encode("ascii", "ignore").decode().replace("'", "")
        ids[name] = desk.customer(
            name,
            person=(given, family),
            company=None if person else name,
            address=_address(at),
            email=f"{mailbox}@example.com" if at % 6 else None,
            phone=f"(719) 555-{100 + at:04d}" if at % 7 else None,
            notes="Prefers to be called after six." if at % 9 == 4 else None,
            taxable=taxable,
        )
    for parent, name in (*lists.SUB_CUSTOMERS, *lists.PROJECTS):
        ids[f"{parent}:{name}"] = desk.customer(
            name,
            company=parent,
            address=_address(len(ids)),
            taxable=True,
            parent=ids[parent],
            project=(parent, name) in lists.PROJECTS,
        )
    for name in lists.INACTIVE_CUSTOMERS:
        desk.customer(name, company=name, active=False)
    return list(ids.values())


def _vendors(desk: Desk) -> dict[str, str]:
    ids = {
        key: desk.vendor(
            name,
            company=name,
            address=_address(at + 40),
            phone=f"(719) 555-{200 + at:04d}",
            number=number,
        )
        for at, (name, key, number) in enumerate(lists.VENDORS)
    }
    for name in lists.INACTIVE_VENDORS:
        desk.vendor(name, company=name, active=False)
    return ids


def _address(at: int) -> Address:
    town, postcode = lists.TOWNS[at % len(lists.TOWNS)]
    street = lists.STREETS[at % len(lists.STREETS)]
    return Address(f"{100 + 7 * at} {street}", town, "CO", postcode)
