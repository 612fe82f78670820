"""Documents of a company with several currencies, classes and locations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sandbox.intuit.answers import plain
from sandbox.intuit.currencies import home
from sandbox.intuit.desk import Desk
from sandbox.intuit.documents import Documents, Spend
from sandbox.intuit.sales import Sale, Tax
from sandbox.intuit.store import Row

Rates = Mapping[str, Mapping[date, str]]
"""Home units for one of a currency, by the first of the month; 1 for the company's own."""

_WITH_HOME_TOTAL = ("Invoice", "Bill", "CreditMemo", "SalesReceipt", "RefundReceipt", "Estimate")


@dataclass(frozen=True, slots=True)
class Tags:
    """Where a document belongs, and what each of its lines is about."""

    department: str
    line_class: str


class DocumentsAbroad(Documents):
    """Each is in the currency of whom it is with, at the rate of its month, with the tags set."""

    def __init__(self, desk: Desk, tax: Tax, payable: str, rates: Rates) -> None:
        super().__init__(desk, tax, payable)
        self.rates = rates
        self.tags: Tags | None = None

    def vendor_credit(self, vendor: str, on: date, lines: list[Spend], *, number: str) -> str:
        row = self._head(on)
        row |= {
            "DocNumber": number,
            "CurrencyRef": self.desk.profile.currency_ref,
            "Line": self._spent(lines, numbered=True),
            "VendorRef": self.desk.ref("Vendor", vendor),
            "APAccountRef": self.desk.account_ref(self.payable),
        }
        row["TotalAmt"] = plain(sum((Decimal(line["Amount"]) for line in row["Line"]), Decimal(0)))
        return self._kept("VendorCredit", row)

    def pay_with_credit(self, payment: str, credit: str, amount: Decimal) -> None:
        """A bill payment takes as much less out of the bank as the credit covers."""
        row = self.desk.store.get("BillPayment", payment)
        link = {"TxnId": credit, "TxnType": "VendorCredit"}
        row["Line"].append({"Amount": plain(amount), "LinkedTxn": [link]})
        row["TotalAmt"] = plain(Decimal(row["TotalAmt"]) - amount)

    def refund_receipt(
        self, customer: str, on: date, lines: list[Sale], *, number: str, paid_from: str
    ) -> str:
        row = self._head(on) | self._form(customer, lines, number)
        row |= {"DepositToAccountRef": self.desk.account_ref(paid_from), "Balance": plain(0)}
        return self._kept("RefundReceipt", row)

    def card_payment(self, card: str, bank: str, on: date, amount: Decimal | str) -> str:
        row = self._head(on)
        row |= {
            "CreditCardAccountRef": self.desk.account_ref(card),
            "BankAccountRef": self.desk.account_ref(bank),
            "Amount": plain(amount),
            "CurrencyRef": self.desk.profile.currency_ref,
        }
        return self._kept("CreditCardPayment", row)

    def bundle(self, invoice: str, group: str, places: slice) -> None:
        """Lines of an invoice become those of one bundle; the total stays."""
        row = self.desk.store.get("Invoice", invoice)
        inner = row["Line"][places]
        line: Row = {
            "Id": str(len(row["Line"]) + 1),
            "LineNum": inner[0]["LineNum"],
            "Amount": plain(0),
            "DetailType": "GroupLineDetail",
            "GroupLineDetail": {
                "GroupItemRef": self.desk.ref("Item", group),
                "Quantity": plain(1),
                "Line": inner,
            },
        }
        row["Line"][places] = [line]

    def rate(self, currency: str, on: date) -> Decimal:
        if currency == self.desk.profile.currency:
            return Decimal(1)
        return Decimal(self.rates[currency][on.replace(day=1)])

    def _kept(self, kind: str, row: Row) -> str:
        currency = self._currency_of(row)
        rate = self.rate(currency["value"], date.fromisoformat(row["TxnDate"]))
        row |= {"CurrencyRef": currency, "ExchangeRate": plain(rate)}
        if kind in _WITH_HOME_TOTAL:
            row["HomeTotalAmt"] = plain(home(row, Decimal(row["TotalAmt"])))
        if self.tags and "Line" in row:
            row["DepartmentRef"] = self.desk.ref("Department", self.tags.department)
            self._tag_lines(row["Line"], self.tags)
        return super()._kept(kind, row)

    def _currency_of(self, row: Row) -> Row:
        for kind, field in (("Customer", "CustomerRef"), ("Vendor", "VendorRef")):
            if field in row:
                found = self.desk.store.get(kind, row[field]["value"])["CurrencyRef"]
                return {**found}
        return self.desk.profile.currency_ref

    def _tag_lines(self, lines: list[Row], tags: Tags) -> None:
        for line in lines:
            detail = line.get(line.get("DetailType", ""))
            if detail and line["DetailType"] in (
                "SalesItemLineDetail",
                "AccountBasedExpenseLineDetail",
            ):
                detail["ClassRef"] = self.desk.ref("Class", tags.line_class)
