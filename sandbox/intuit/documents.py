"""Writes payments, bills, purchases, deposits and journals the way QuickBooks shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandbox.intuit.answers import plain
from sandbox.intuit.desk import Desk
from sandbox.intuit.ledger import CENT
from sandbox.intuit.sales import SalesForms, Tax
from sandbox.intuit.store import Row

NAME_VALUE = {
    "name": "{http://schema.intuit.com/finance/v3}NameValue",
    "declaredType": "com.intuit.schema.finance.v3.NameValue",
    "scope": "javax.xml.bind.JAXBElement$GlobalScope",
}


@dataclass(frozen=True, slots=True)
class Spend:
    account: str
    amount: Decimal | str | int
    text: str | None = None
    customer: str | None = None


@dataclass(frozen=True, slots=True)
class Stock:
    item: str
    quantity: Decimal | str | int


SpendLine = Spend | Stock


class Documents(SalesForms):
    """Every kind of transaction; each method hands back the id of the one it wrote."""

    def __init__(self, desk: Desk, tax: Tax, payable: str) -> None:
        super().__init__(desk, tax)
        self.payable = payable

    def payment(
        self,
        customer: str,
        on: date,
        paid: Sequence[tuple[str, str, Decimal]],
        *,
        deposit_to: str,
        method: str | None = None,
        reference: str | None = None,
        unapplied: Decimal | str | int = 0,
        note: str | None = None,
        id: str | None = None,
    ) -> str:
        """`paid` holds (kind, document, amount); credit memos used up are positive as well."""
        signs = {"Invoice": 1, "CreditMemo": -1}
        total = Decimal(unapplied) + sum(signs[kind] * amount for kind, _, amount in paid)
        row = self._head(on, id)
        row |= {
            "CustomerRef": self.desk.ref("Customer", customer),
            "DepositToAccountRef": {"value": deposit_to},
            "TotalAmt": plain(total),
            "UnappliedAmt": plain(unapplied),
            "ProcessPayment": False,
            "CurrencyRef": self.desk.profile.currency_ref,
        }
        if method:
            row["PaymentMethodRef"] = {"value": method}
        if reference is not None:
            row["PaymentRefNum"] = reference
        if note is not None:
            row["PrivateNote"] = note
        row["Line"] = [self._paid_line(kind, document, amount) for kind, document, amount in paid]
        return self._kept("Payment", row)

    def bill(
        self,
        vendor: str,
        on: date,
        lines: Sequence[SpendLine],
        *,
        days: int = 30,
        number: str | None = None,
        note: str | None = None,
    ) -> str:
        row = self._head(on)
        row["DueDate"] = (on + timedelta(days=days)).isoformat()
        address = self.desk.store.get("Vendor", vendor).get("BillAddr")
        if address:
            row["VendorAddr"] = dict(address)
        if number is not None:
            row["DocNumber"] = number
        row["CurrencyRef"] = self.desk.profile.currency_ref
        if note is not None:
            row["PrivateNote"] = note
        row |= {
            "LinkedTxn": [],
            "Line": self._spent(lines, numbered=True),
            "VendorRef": self.desk.ref("Vendor", vendor),
            "APAccountRef": self.desk.account_ref(self.payable),
        }
        row["TotalAmt"] = _total(row["Line"])
        return self._kept("Bill", row)

    def bill_payment(
        self,
        vendor: str,
        on: date,
        paid: Sequence[tuple[str, Decimal]],
        *,
        account: str,
        card: bool = False,
        number: str,
    ) -> str:
        ref = self.desk.account_ref(account)
        row = self._head(on)
        row["VendorRef"] = self.desk.ref("Vendor", vendor)
        if card:
            row |= {"PayType": "CreditCard", "CreditCardPayment": {"CCAccountRef": ref}}
        else:
            row |= {
                "PayType": "Check",
                "CheckPayment": {"BankAccountRef": ref, "PrintStatus": "NotSet"},
            }
        row |= {
            "DocNumber": number,
            "CurrencyRef": self.desk.profile.currency_ref,
            "Line": [
                {"Amount": plain(amount), "LinkedTxn": [{"TxnId": bill, "TxnType": "Bill"}]}
                for bill, amount in paid
            ],
        }
        row["TotalAmt"] = _total(row["Line"])
        return self._kept("BillPayment", row)

    def purchase(
        self,
        account: str,
        on: date,
        lines: Sequence[SpendLine],
        *,
        kind: str,
        vendor: str | None = None,
        number: str | None = None,
        credit: bool = False,
        note: str | None = None,
    ) -> str:
        """`kind` is Cash, Check or CreditCard; `credit` is money that comes back to the card."""
        row = self._head(on)
        row |= {"AccountRef": self.desk.account_ref(account), "PaymentType": kind}
        if vendor:
            row["EntityRef"] = {**self.desk.ref("Vendor", vendor), "type": "Vendor"}
        row["Credit"] = credit
        if number is not None:
            row["DocNumber"] = number
        row["CurrencyRef"] = self.desk.profile.currency_ref
        if note is not None:
            row["PrivateNote"] = note
        row["Line"] = self._spent(lines, numbered=False)
        row["TotalAmt"] = _total(row["Line"])
        return self._kept("Purchase", row)

    def deposit(
        self,
        account: str,
        on: date,
        payments: Sequence[tuple[str, Decimal]] = (),
        direct: Sequence[tuple[str, Decimal]] = (),
    ) -> str:
        """Payments come out of undeposited funds; `direct` are (account, amount)."""
        lines: list[Row] = [
            {
                "Amount": plain(amount),
                "LinkedTxn": [{"TxnId": payment, "TxnType": "Payment", "TxnLineId": "0"}],
            }
            for payment, amount in payments
        ]
        for at, (source, amount) in enumerate(direct, start=1):
            lines.append(
                {
                    "Id": str(at),
                    "LineNum": at,
                    "Amount": plain(amount),
                    "DetailType": "DepositLineDetail",
                    "DepositLineDetail": {"AccountRef": self.desk.account_ref(source)},
                    "CustomExtensions": [],
                }
            )
        row = self._head(on)
        row |= {
            "DepositToAccountRef": self.desk.account_ref(account),
            "TotalAmt": _total(lines),
            "CurrencyRef": self.desk.profile.currency_ref,
            "Line": lines,
        }
        return self._kept("Deposit", row)

    def transfer(self, source: str, target: str, on: date, amount: Decimal | str | int) -> str:
        row = self._head(on)
        row |= {
            "CurrencyRef": self.desk.profile.currency_ref,
            "FromAccountRef": self.desk.account_ref(source),
            "ToAccountRef": self.desk.account_ref(target),
            "Amount": plain(amount),
        }
        return self._kept("Transfer", row)

    def journal(
        self,
        on: date,
        lines: Sequence[tuple[str, Decimal | str | int]],
        *,
        number: str,
        note: str | None = None,
    ) -> str:
        """Debits are positive. Raises ValueError when the lines do not add up to nothing."""
        if sum(Decimal(amount) for _, amount in lines):
            raise ValueError(f"journal entry {number} does not balance")
        row = self._head(on)
        row |= {"Adjustment": False, "DocNumber": number}
        row["CurrencyRef"] = self.desk.profile.currency_ref
        if note is not None:
            row["PrivateNote"] = note
        row["Line"] = [
            {
                "Id": str(at),
                **({"Description": note} if note else {}),
                "Amount": plain(abs(Decimal(amount))),
                "DetailType": "JournalEntryLineDetail",
                "JournalEntryLineDetail": {
                    "PostingType": "Debit" if Decimal(amount) > 0 else "Credit",
                    "AccountRef": self.desk.account_ref(account),
                },
                "CustomExtensions": [],
            }
            for at, (account, amount) in enumerate(lines)
        ]
        row["TotalAmt"] = plain(sum((max(Decimal(it), Decimal(0)) for _, it in lines), Decimal(0)))
        return self._kept("JournalEntry", row)

    def _spent(self, lines: Iterable[SpendLine], numbered: bool) -> list[Row]:
        written = []
        for at, line in enumerate(lines, start=1):
            row: Row = {"Id": str(at)}
            if numbered:
                row["LineNum"] = at
            if isinstance(line, Stock):
                item = self.desk.store.get("Item", line.item)
                cost = Decimal(item["PurchaseCost"])
                amount = (cost * Decimal(line.quantity)).quantize(CENT, ROUND_HALF_UP)
                detail: dict[str, Any] = {
                    "BillableStatus": "NotBillable",
                    "ItemRef": self.desk.ref("Item", line.item),
                    "UnitPrice": plain(cost),
                    "Qty": plain(line.quantity),
                    "TaxCodeRef": {"value": self.tax.exempt},
                }
                row |= {"Description": item["PurchaseDesc"], "Amount": plain(amount)}
                row |= {"LinkedTxn": []} if numbered else {}
                row |= {"DetailType": "ItemBasedExpenseLineDetail"}
                row["ItemBasedExpenseLineDetail"] = detail
            else:
                detail = {}
                if line.customer:
                    detail["CustomerRef"] = self.desk.ref("Customer", line.customer)
                detail |= {
                    "AccountRef": self.desk.account_ref(line.account),
                    "BillableStatus": "NotBillable",
                    "TaxCodeRef": {"value": self.tax.exempt},
                }
                row |= {"Description": line.text} if line.text is not None else {}
                row |= {"Amount": plain(line.amount)}
                row |= {"LinkedTxn": []} if numbered else {}
                row |= {"DetailType": "AccountBasedExpenseLineDetail"}
                row["AccountBasedExpenseLineDetail"] = detail
            written.append(row | {"CustomExtensions": []})
        return written

    def _paid_line(self, kind: str, document: str, amount: Decimal) -> Row:
        row = self.desk.store.get(kind, document)
        about = {
            "txnId": document,
            "txnOpenBalance": f"{amount:.2f}",
            "txnReferenceNumber": row["DocNumber"],
        }
        flags = {"nil": False, "globalScope": True, "typeSubstituted": False}
        return {
            "Amount": plain(amount),
            "LinkedTxn": [{"TxnId": document, "TxnType": kind}],
            "LineEx": {
                "any": [
                    {**NAME_VALUE, "value": {"Name": name, "Value": value}, **flags}
                    for name, value in about.items()
                ]
            },
        }


def _total(lines: Iterable[Row]) -> Decimal:
    return plain(sum((Decimal(line["Amount"]) for line in lines), Decimal(0)))
