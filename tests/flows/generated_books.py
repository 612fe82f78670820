"""Small companies of which everything is known, with what makes their reports hard to tie:
credits, payments that nothing was found for, journals to receivables and payables, closed years.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from sandbox.intuit import birch
from sandbox.intuit.company import Company
from sandbox.intuit.desk import Desk
from sandbox.intuit.documents import Documents, Spend
from sandbox.intuit.sales import Sale
from sandbox.intuit.store import Store

FIRST = date(2024, 1, 1)
DAYS = 900  # three fiscal years, of which two are closed
LAST = FIRST + timedelta(days=DAYS)
KINDS = ("invoice", "credit", "payment", "unapplied", "bill", "bill payment", "owed", "owing")


@dataclass(frozen=True)
class Event:
    kind: str
    day: int
    cents: int
    who: int

    @property
    def on(self) -> date:
        return FIRST + timedelta(days=self.day)

    @property
    def amount(self) -> Decimal:
        return Decimal(self.cents) / 100


EVENTS = st.lists(
    st.builds(
        Event,
        st.sampled_from(KINDS),
        st.integers(0, DAYS),
        st.integers(1, 1_000_000),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=14,
)
FISCAL_MONTHS = st.integers(1, 12)


def company(events: Sequence[Event], fiscal_month: int) -> Company:
    """The events in the order of their days; what pays goes to whatever is open."""
    profile = replace(birch.PROFILE, fiscal_month=fiscal_month, basis="Accrual")
    desk = Desk(profile, Store())
    own = birch._accounts(desk)
    made = Company(profile, birch._chart(own), desk.store)
    write = Documents(desk, birch.VAT, own["ap"])
    item = desk.item("Hour", "1", own["fees"], text="Hour", taxable=True)
    customers = [desk.customer(name, company=name) for name in ("Ann", "Bob", "Cy", "Di")]
    vendors = [desk.vendor(name, company=name) for name in ("East", "West", "North", "South")]
    open_invoices: dict[int, list[tuple[str, Decimal]]] = {at: [] for at in range(4)}
    open_bills: dict[int, list[tuple[str, Decimal]]] = {at: [] for at in range(4)}
    for at, event in enumerate(sorted(events, key=lambda each: each.day)):
        customer, vendor = customers[event.who], vendors[event.who]
        on, amount, number = event.on, event.amount, f"N{at}"
        match event.kind:
            case "invoice":
                id = write.invoice(customer, on, [Sale(item, 1, price=amount)], number=number)
                total = Decimal(desk.store.get("Invoice", id)["TotalAmt"])
                open_invoices[event.who].append((id, total))
            case "credit":
                write.credit_memo(customer, on, [Sale(item, 1, price=amount)], number=number)
            case "payment" | "unapplied":
                paid = [("Invoice", id, min(left, amount)) for id, left in open_invoices[event.who]]
                open_invoices[event.who] = []
                rest = amount if event.kind == "unapplied" or not paid else 0
                bank = own["bank"]
                write.payment(customer, on, paid, deposit_to=bank, unapplied=rest)
            case "bill":
                id = write.bill(vendor, on, [Spend(own["rent"], amount)], number=number)
                open_bills[event.who].append((id, amount))
            case "bill payment":
                paid_bills = [(id, min(left, amount)) for id, left in open_bills[event.who]]
                open_bills[event.who] = []
                if paid_bills:
                    write.bill_payment(vendor, on, paid_bills, account=own["bank"], number=number)
            case "owed":
                write.journal(on, [(own["ar"], amount), (own["fees"], -amount)], number=number)
            case _:
                write.journal(on, [(own["rent"], amount), (own["ap"], -amount)], number=number)
    return made.settled()
