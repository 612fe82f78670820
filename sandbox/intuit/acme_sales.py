"""What Acme Landscaping sells: invoices, and how they are paid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from sandbox.intuit import acme_lists as lists
from sandbox.intuit.acme_opening import CREWS, CUSTOM_FIELD, MEMO, Firm
from sandbox.intuit.agenda import Agenda
from sandbox.intuit.ledger import CENT
from sandbox.intuit.sales import Discount, Remark, Sale, SaleLine

WINTER = ("Snow Clearing", "Garden Design", "Tree Pruning", "Bird Bath", "Site Visit")
BY_THE_HOUR = ("Garden Design", "Hedge Trimming", "Tree Pruning", "Planting", "Irrigation Repair")
SUMMER = tuple(name for name, *_ in lists.ITEMS if name != "Snow Clearing")


class Sales:
    def __init__(self, firm: Firm, agenda: Agenda) -> None:
        self.firm = firm
        self.agenda = agenda
        self.number = 1000
        self.owed: dict[str, Decimal] = {}
        """What is open on each invoice."""
        self.to_bank: list[tuple[str, Decimal]] = []
        """Payments in the drawer: id and amount."""

    def plan(self, first: date) -> None:
        for _ in range(8):
            self.agenda.at(self.agenda.day_of(first), self._invoice)
        self.agenda.at(self.agenda.day_of(first), self._sales_receipt)
        if first.month in (2, 5, 9):
            self.agenda.at(first + timedelta(days=4), self._estimate)
        if first.month in (4, 10):
            self.agenda.at(first + timedelta(days=19), self._credit_memo)
        for day in (7, 14, 21, 28):
            self.agenda.at(first.replace(day=day), self._bank)

    def _lines(self, on: date) -> list[SaleLine]:
        names = WINTER if on.month in (12, 1, 2) else SUMMER
        lines: list[SaleLine] = []
        for at in range(self.agenda.between(1, 4)):
            name = self.agenda.one_of(names)
            quantity = Decimal(self.agenda.between(2, 18))
            if name in BY_THE_HOUR and self.agenda.chance(0.4):
                quantity /= 2
            if name in ("Shade Tree", "Bird Bath", "Site Visit", "Drip Kit"):
                quantity = Decimal(self.agenda.between(1, 3))
            price = Decimal("340.10") if name == "Materials by Quote" else None
            worked = (
                on - timedelta(days=self.agenda.between(1, 9)) if self.agenda.chance(0.3) else None
            )
            lines.append(Sale(self.firm.items[name], quantity, price, service_on=worked))
            if at == 0 and self.agenda.chance(0.1):
                lines.append(Remark("As discussed on site, work begins before eight."))
        if self.agenda.chance(0.12):
            lines.append(Discount(self.agenda.one_of((5, 10)), self.firm.accounts["discounts"]))
        return lines

    def _invoice(self, on: date) -> None:
        self._send(self.agenda.one_of(self.firm.customers), on, self._lines(on))

    def _send(
        self, customer: str, on: date, lines: Sequence[SaleLine], estimate: str | None = None
    ) -> None:
        crew = self.agenda.one_of(CREWS) if self.agenda.chance(0.7) else None
        invoice = self.firm.write.invoice(
            customer,
            on,
            lines,
            number=self._next_number(),
            term=self.firm.terms[self.agenda.one_of((0, 15, 30, 30))],
            note="Gate code 4417, dog in the yard" if self.agenda.chance(0.1) else None,
            message=MEMO,
            estimate=estimate,
            custom=(CUSTOM_FIELD, crew),
            emailed=self.agenda.chance(0.5),
        )
        self.owed[invoice] = Decimal(self.firm.store.get("Invoice", invoice)["TotalAmt"])
        fate = self.agenda.share()
        soon = on + timedelta(days=self.agenda.between(6, 44))
        if fate < 0.72:
            self.agenda.at(soon, lambda day: self._paid(invoice, day, Decimal(1)))
        elif fate < 0.86:
            self.agenda.at(soon, lambda day: self._paid(invoice, day, Decimal("0.4")))
            later = soon + timedelta(days=self.agenda.between(14, 70))
            self.agenda.at(later, lambda day: self._paid(invoice, day, Decimal(1)))

    def _paid(self, invoice: str, on: date, share: Decimal) -> None:
        """A payment of that share of what is open, often with the customer's other invoices."""
        row = self.firm.store.get("Invoice", invoice)
        customer = row["CustomerRef"]["value"]
        amount = (self.owed[invoice] * share).quantize(CENT)
        if not amount:
            return
        paid = {invoice: amount}
        if self.agenda.chance(0.3):
            paid |= {
                other: owed
                for other, owed in self.owed.items()
                if owed
                and other != invoice
                and self.firm.store.get("Invoice", other)["CustomerRef"]["value"] == customer
            }
        over = Decimal(50) if self.agenda.chance(0.03) else Decimal(0)
        direct = self.agenda.chance(0.35)
        payment = self.firm.write.payment(
            customer,
            on,
            [("Invoice", one, owed) for one, owed in paid.items()],
            deposit_to=self.firm.accounts["checking" if direct else "undeposited"],
            method=self.firm.methods["Check"],
            reference=f"{self.agenda.between(1, 9999):04d}",
            unapplied=over,
        )
        for one, owed in paid.items():
            self.owed[one] -= owed
        if not direct:
            self.to_bank.append((payment, sum(paid.values(), over)))

    def _sales_receipt(self, on: date) -> None:
        names = ("Bird Bath", "Drip Kit", "Bark Mulch", "Flowering Shrub")
        lines = [Sale(self.firm.items[self.agenda.one_of(names)], self.agenda.between(1, 4))]
        self.firm.write.sales_receipt(
            self.agenda.one_of(self.firm.customers),
            on,
            lines,
            number=self._next_number(),
            deposit_to=self.firm.accounts["checking"],
            method=self.firm.methods["Cash"],
        )

    def _estimate(self, on: date) -> None:
        customer = self.agenda.one_of(self.firm.customers)
        lines = [
            Sale(self.firm.items["Garden Design"], 12),
            Sale(self.firm.items["Flagstone"], 160),
        ]
        won = self.agenda.chance(0.7)
        estimate = self.firm.write.estimate(
            customer,
            on,
            lines,
            number=self._next_number(),
            status="Closed" if won else "Pending",
        )
        if won:
            self.agenda.at(
                on + timedelta(days=12), lambda day: self._send(customer, day, lines, estimate)
            )

    def _credit_memo(self, on: date) -> None:
        """For shrubs that did not take; used up with the next payment where there is one."""
        open_now = [one for one, owed in self.owed.items() if owed > 200]
        invoice = self.agenda.one_of(open_now)
        customer = self.firm.store.get("Invoice", invoice)["CustomerRef"]["value"]
        memo = self.firm.write.credit_memo(
            customer,
            on,
            [Sale(self.firm.items["Flowering Shrub"], 3), Sale(self.firm.items["Planting"], 1)],
            number=self._next_number(),
        )
        if self.agenda.chance(0.6):
            credit = Decimal(self.firm.store.get("CreditMemo", memo)["TotalAmt"])
            later = on + timedelta(days=9)
            self.agenda.at(later, lambda day: self._offset(invoice, memo, credit, day))

    def _offset(self, invoice: str, memo: str, credit: Decimal, on: date) -> None:
        owed = self.owed[invoice]
        if owed < credit:
            return
        self.owed[invoice] = Decimal(0)
        self.firm.write.payment(
            self.firm.store.get("Invoice", invoice)["CustomerRef"]["value"],
            on,
            [("Invoice", invoice, owed), ("CreditMemo", memo, credit)],
            deposit_to=self.firm.accounts["checking"],
            method=self.firm.methods["Check"],
            reference="0099",
        )

    def _bank(self, on: date) -> None:
        if self.to_bank:
            self.firm.write.deposit(self.firm.accounts["checking"], on, self.to_bank)
            self.to_bank = []

    def never_paid(self) -> list[str]:
        """Invoices on which nothing has been paid."""
        invoices = self.firm.store
        return [
            one
            for one, owed in self.owed.items()
            if owed == invoices.get("Invoice", one)["TotalAmt"]
        ]

    def _next_number(self) -> str:
        self.number += 1
        return str(self.number)
