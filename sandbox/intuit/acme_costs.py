"""What Acme Landscaping spends: bills, cards, wages, taxes, its loan."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from sandbox.intuit.acme_opening import FIRST_DAY, Firm
from sandbox.intuit.agenda import Agenda
from sandbox.intuit.balances import settle_stock
from sandbox.intuit.documents import Spend, SpendLine, Stock
from sandbox.intuit.ledger import CENT, accrual

KEPT_IN_STOCK = (
    ("nursery", "Topsoil", 40),
    ("nursery", "Bark Mulch", 40),
    ("nursery", "Flowering Shrub", 40),
    ("nursery", "Shade Tree", 6),
    ("nursery", "Drip Kit", 12),
    ("nursery", "Bird Bath", 12),
    ("stone", "River Gravel", 40),
    ("stone", "Flagstone", 220),
)
"""Vendor, item, and how many are on hand after an order."""


class Costs:
    def __init__(self, firm: Firm, agenda: Agenda) -> None:
        self.firm = firm
        self.agenda = agenda
        self.cheque = 5000
        self.on_cards: dict[str, Decimal] = {"card": Decimal(0), "fuel_card": Decimal(0)}
        """What is owed on each card."""

    def plan(self, first: date) -> None:
        def day(number: int) -> date:
            return first.replace(day=number)

        own = self.firm.accounts
        self._owe(day(1), "landlord", [Spend(own["rent"], 950, "Yard and office")], days=10)
        self._owe(day(5), "power", [Spend(own["power"], self.agenda.cents(9000, 21000))])
        self._owe(day(8), "phone", [Spend(own["phone"], "84.12", "Two lines")])
        self._owe(day(9), "insurance", [Spend(own["insurance"], "186.4", "Liability")])
        self._owe(day(16), "books", [Spend(own["books"], 140, "Bookkeeping")])
        if first.month not in (12, 1, 2) or first == FIRST_DAY:
            self.agenda.at(day(2), lambda on: self._restock("nursery", "plants", on))
            self.agenda.at(day(3), lambda on: self._restock("stone", "stone", on))
            self.agenda.at(day(20), self._subcontracted)
        if first.month in (1, 4, 7, 10):
            self._owe(day(11), "ads", [Spend(own["ads"], "210.75", "Signs and flyers")])
            self.agenda.at(day(20), self._sales_tax)
        for _ in range(3):
            self._charge("fuel_card", first, "fuel", self.agenda.cents(4000, 9500))
        self._charge("card", first, "meals", self.agenda.cents(1800, 6400))
        self._charge("card", first, "office", self.agenda.cents(900, 5200))
        if first.month % 4 == 1:
            self._charge("card", first, "hire", Decimal("165.5"))
        if first.month % 5 == 2:
            self._charge("card", first, "repairs", Decimal("312.8"))
        self._plan_money(first)

    def _owe(self, on: date, vendor: str, lines: Sequence[SpendLine], days: int = 30) -> None:
        self.agenda.at(on, lambda day: self._bill(vendor, day, lines, days))

    def _bill(self, vendor: str, on: date, lines: Sequence[SpendLine], days: int) -> None:
        number = f"INV-{self.agenda.between(1, 99999):05d}"
        bill = self.firm.write.bill(self.firm.vendors[vendor], on, lines, days=days, number=number)
        if self.agenda.chance(0.93):
            due = on + timedelta(days=days - self.agenda.between(0, 8))
            self.agenda.at(due, lambda day: self._pay_bill(vendor, bill, day))

    def _pay_bill(self, vendor: str, bill: str, on: date) -> None:
        by_card = vendor in ("ads", "phone")
        amount = Decimal(self.firm.store.get("Bill", bill)["TotalAmt"])
        if by_card:
            self.on_cards["card"] += amount
        self.firm.write.bill_payment(
            self.firm.vendors[vendor],
            on,
            [(bill, amount)],
            account=self.firm.accounts["card" if by_card else "checking"],
            card=by_card,
            number="1" if by_card else self._next_cheque(),
        )

    def _subcontracted(self, on: date) -> None:
        customer = self.agenda.one_of(self.firm.customers)
        spend = Spend(self.firm.accounts["subs"], 480, "Crew of three, one day", customer)
        self._bill("crew", on, [spend], 14)

    def _charge(self, card: str, month: date, what: str, amount: Decimal) -> None:
        """On some day of the month, for an account that has a vendor to go with it."""

        def deed(on: date) -> None:
            self.on_cards[card] += amount
            self.firm.write.purchase(
                self.firm.accounts[card],
                on,
                [Spend(self.firm.accounts[what], amount)],
                kind="CreditCard",
                vendor=self.firm.vendors["diner" if what == "meals" else what],
            )

        self.agenda.at(self.agenda.day_of(month), deed)

    def _restock(self, vendor: str, extra: str, on: date) -> None:
        """As much as it takes to fill the yard again, and something for the job at hand."""
        settle_stock(self.firm.store)
        lines: list[SpendLine] = []
        for seller, name, wanted in KEPT_IN_STOCK:
            item = self.firm.items[name]
            short = wanted - Decimal(self.firm.store.get("Item", item)["QtyOnHand"])
            if seller == vendor and short > 0:
                lines.append(Stock(item, short))
        more = Spend(self.firm.accounts[extra], self.agenda.cents(2000, 9000), "For the job")
        self._bill(vendor, on, [*lines, more], 30)

    def _sales_tax(self, on: date) -> None:
        """What was collected until the end of the last quarter and is still held."""
        held = self._owed_on("tax", on.replace(day=1) - timedelta(days=1))
        if held > 0:
            self._cheque_to("county", on, [Spend(self.firm.accounts["tax"], held, "Sales tax")])

    def _owed_on(self, account: str, last: date) -> Decimal:
        return -sum(
            (
                posting.amount
                for posting in accrual(self.firm.store, self.firm.company.chart)
                if posting.account == self.firm.accounts[account] and posting.on <= last
            ),
            Decimal(0),
        )

    def _cheque_to(self, vendor: str, on: date, lines: Sequence[SpendLine]) -> None:
        self.firm.write.purchase(
            self.firm.accounts["checking"],
            on,
            lines,
            kind="Check",
            vendor=self.firm.vendors[vendor],
            number=self._next_cheque(),
        )

    def _next_cheque(self) -> str:
        self.cheque += 1
        return str(self.cheque)

    def _plan_money(self, first: date) -> None:
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        own = self.firm.accounts
        loan = [Spend(own["loan"], "402.18"), Spend(own["loan_interest"], "97.82")]
        self.agenda.at(first.replace(day=12), lambda day: self._cheque_to("bank", day, loan))
        self.agenda.at(first.replace(day=26), self._pay_cards)
        draw = [Spend(own["drawing"], 900, "Owner")]
        self.agenda.at(first.replace(day=28), lambda day: self._cheque_to("bank", day, draw))
        for day in (first.replace(day=15), last):
            self.agenda.at(day, self._payroll)
        self.agenda.at(first.replace(day=22), self._payroll_taxes)
        self.agenda.at(last, self._month_end)

    def _pay_cards(self, on: date) -> None:
        for card, amount in self.on_cards.items():
            if amount:
                self.firm.write.transfer(
                    self.firm.accounts["checking"], self.firm.accounts[card], on, amount
                )
                self.on_cards[card] = Decimal(0)

    def _payroll(self, on: date) -> None:
        own = self.firm.accounts
        wages = Decimal(1150) if on.month in (12, 1, 2) else Decimal(1480)
        tax = (wages * Decimal("0.0765")).quantize(CENT)
        lines = [
            (own["wages"], wages),
            (own["payroll_tax"], tax),
            (own["payroll_due"], -2 * tax),
            (own["checking"], -(wages - tax)),
        ]
        self.firm.write.journal(on, lines, number=f"PR-{on:%m%d}", note="Payroll")

    def _payroll_taxes(self, on: date) -> None:
        account = self.firm.accounts["payroll_due"]
        self._cheque_to(
            "county", on, [Spend(account, self._owed_on("payroll_due", on), "Payroll taxes")]
        )

    def _month_end(self, on: date) -> None:
        own = self.firm.accounts
        worn = [(own["worn"], Decimal("520")), (own["truck_worn"], Decimal("-520"))]
        self.firm.write.journal(on, worn, number=f"D-{on:%y%m}", note="Depreciation")
        self.firm.write.deposit(own["savings"], on, direct=[(own["interest"], Decimal("14.35"))])
