"""Writes a company's transactions the way QuickBooks shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandbox.intuit.answers import plain
from sandbox.intuit.desk import Desk
from sandbox.intuit.ledger import CENT
from sandbox.intuit.store import Row

NAME_VALUE = {
    "name": "{http://schema.intuit.com/finance/v3}NameValue",
    "declaredType": "com.intuit.schema.finance.v3.NameValue",
    "scope": "javax.xml.bind.JAXBElement$GlobalScope",
}


@dataclass(frozen=True, slots=True)
class Sale:
    item: str
    quantity: Decimal | str | int = 1
    price: Decimal | str | int | None = None
    """The item's own when None."""
    text: str | None = None
    """The item's own when None."""
    service_on: date | None = None


@dataclass(frozen=True, slots=True)
class Discount:
    percent: Decimal | str | int
    account: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A line that only says something."""

    text: str


SaleLine = Sale | Discount | Remark


@dataclass(frozen=True, slots=True)
class Tax:
    """The one sales tax of a company, on the lines of taxable items."""

    code: str
    rate: str
    percent: Decimal
    taxable: str = "TAX"
    exempt: str = "NON"
    calculation: str | None = None
    """GlobalTaxCalculation outside the United States."""


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


class Documents:
    """Each method writes one transaction into the desk's store and hands back its id."""

    def __init__(self, desk: Desk, tax: Tax, payable: str) -> None:
        self.desk = desk
        self.tax = tax
        self.payable = payable

    def invoice(
        self,
        customer: str,
        on: date,
        lines: Sequence[SaleLine],
        *,
        number: str,
        term: str | None = None,
        note: str | None = None,
        message: str | None = None,
        estimate: str | None = None,
        custom: tuple[str, str | None] | None = None,
        emailed: bool = False,
        id: str | None = None,
    ) -> str:
        row = self._head(on, id)
        row |= {
            "AllowIPNPayment": False,
            "AllowOnlinePayment": False,
            "AllowOnlineCreditCardPayment": False,
            "AllowOnlineACHPayment": False,
            **self._form(customer, lines, number, note, message, custom, estimate),
        }
        row["LinkedTxn"] = [{"TxnId": estimate, "TxnType": "Estimate"}] if estimate else []
        days = 30
        if term is not None:
            row["SalesTermRef"] = self.desk.ref("Term", term)
            days = self.desk.store.get("Term", term)["DueDays"]
        row |= {
            "DueDate": (on + timedelta(days=days)).isoformat(),
            "EmailStatus": "EmailSent" if emailed else "NotSet",
        }
        if emailed:
            written = row["MetaData"]["CreateTime"]
            row["DeliveryInfo"] = {"DeliveryType": "Email", "DeliveryTime": written}
        return self._kept("Invoice", row)

    def credit_memo(
        self, customer: str, on: date, lines: Sequence[SaleLine], *, number: str
    ) -> str:
        row = self._head(on) | self._form(customer, lines, number)
        return self._kept("CreditMemo", row | {"EmailStatus": "NotSet"})

    def estimate(
        self, customer: str, on: date, lines: Sequence[SaleLine], *, number: str, status: str
    ) -> str:
        row = self._head(on) | self._form(customer, lines, number)
        return self._kept("Estimate", row | {"TxnStatus": status, "EmailStatus": "NotSet"})

    def sales_receipt(
        self,
        customer: str,
        on: date,
        lines: Sequence[SaleLine],
        *,
        number: str,
        deposit_to: str,
        method: str,
    ) -> str:
        row = self._head(on) | self._form(customer, lines, number)
        row |= {
            "EmailStatus": "NotSet",
            "PaymentMethodRef": self.desk.ref("PaymentMethod", method),
            "DepositToAccountRef": self.desk.account_ref(deposit_to),
            "Balance": plain(0),
        }
        return self._kept("SalesReceipt", row)

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

    def _head(self, on: date, id: str | None = None) -> Row:
        identity = self.desk.identity(id or self.desk.next_id("transactions"), on)
        return identity | {"TxnDate": on.isoformat()}

    def _kept(self, kind: str, row: Row) -> str:
        return str(self.desk.store.add(kind, row)["Id"])

    def _form(
        self,
        customer: str,
        lines: Sequence[SaleLine],
        number: str,
        note: str | None = None,
        message: str | None = None,
        custom: tuple[str, str | None] | None = None,
        estimate: str | None = None,
    ) -> Row:
        """What all sales forms share, with tax on the lines before any discount."""
        row: Row = {"CustomField": _custom_fields(custom), "DocNumber": number}
        row["CurrencyRef"] = self.desk.profile.currency_ref
        if note is not None:
            row["PrivateNote"] = note
        written, subtotal, taxable, discount = self._sold(lines, estimate)
        tax = (taxable * self.tax.percent / 100).quantize(CENT, ROUND_HALF_UP)
        about = self.desk.store.get("Customer", customer)
        row |= {
            "Line": written,
            "TxnTaxDetail": self._tax_detail(taxable, tax),
            "CustomerRef": self.desk.ref("Customer", customer),
        }
        if message is not None:
            row["CustomerMemo"] = {"value": message}
        for field in ("BillAddr", "ShipAddr"):
            if field in about:
                row[field] = dict(about[field])
        row |= {"FreeFormAddress": True, "ApplyTaxAfterDiscount": False}
        if self.tax.calculation:
            row["GlobalTaxCalculation"] = self.tax.calculation
        row |= {"TotalAmt": plain(subtotal + tax - discount), "PrintStatus": "NeedToPrint"}
        if "PrimaryEmailAddr" in about:
            row["BillEmail"] = dict(about["PrimaryEmailAddr"])
        return row

    def _sold(
        self, lines: Sequence[SaleLine], estimate: str | None
    ) -> tuple[list[Row], Decimal, Decimal, Decimal]:
        """The lines as written, their subtotal, how much of it is taxed, and the discount."""
        written: list[Row] = []
        subtotal = taxable = discount = Decimal(0)
        for at, line in enumerate(lines, start=1):
            row: Row = {"Id": str(at), "LineNum": at}
            if isinstance(line, Remark):
                row |= {"Description": line.text, "LinkedTxn": [], "DetailType": "DescriptionOnly"}
                row |= {"DescriptionLineDetail": {}, "CustomExtensions": []}
            elif isinstance(line, Sale):
                row |= self._sale(line, estimate)
                subtotal += Decimal(row["Amount"])
                if row["SalesItemLineDetail"]["TaxCodeRef"]["value"] == self.tax.taxable:
                    taxable += Decimal(row["Amount"])
            else:
                discount = (subtotal * Decimal(line.percent) / 100).quantize(CENT, ROUND_HALF_UP)
                detail = {
                    "PercentBased": True,
                    "DiscountPercent": plain(line.percent),
                    "DiscountAccountRef": self.desk.account_ref(line.account),
                }
                row = {"Amount": plain(discount), "DetailType": "DiscountLineDetail"}
                row |= {"DiscountLineDetail": detail, "CustomExtensions": []}
            written.append(row)
        subtotal_line: Row = {"Amount": plain(subtotal), "DetailType": "SubTotalLineDetail"}
        at = next((n for n, it in enumerate(lines) if isinstance(it, Discount)), len(lines))
        written.insert(at, subtotal_line | {"SubTotalLineDetail": {}})
        return written, subtotal, taxable, discount

    def _sale(self, line: Sale, estimate: str | None) -> Row:
        item = self.desk.store.get("Item", line.item)
        price = Decimal(item["UnitPrice"] if line.price is None else line.price)
        amount = (price * Decimal(line.quantity)).quantize(CENT, ROUND_HALF_UP)
        text = item.get("Description") if line.text is None else line.text
        detail: Row = {
            "ItemRef": self.desk.ref("Item", line.item),
            "UnitPrice": plain(price),
            "Qty": plain(line.quantity),
            "ItemAccountRef": item["IncomeAccountRef"],
            "TaxCodeRef": {"value": self.tax.taxable if item["Taxable"] else self.tax.exempt},
        }
        if line.service_on:
            detail["ServiceDate"] = line.service_on.isoformat()
        row: Row = {"Description": text} if text is not None else {}
        row["Amount"] = plain(amount)
        if estimate:
            row["LinkedTxn"] = [{"TxnId": estimate, "TxnType": "Estimate"}]
        row |= {"DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
        return row | {"CustomExtensions": []}

    def _tax_detail(self, taxable: Decimal, tax: Decimal) -> Row:
        if not taxable:
            return {"TotalTax": plain(0)}
        detail = {
            "TaxRateRef": {"value": self.tax.rate},
            "PercentBased": True,
            "TaxPercent": plain(self.tax.percent),
            "NetAmountTaxable": plain(taxable),
        }
        line = {"Amount": plain(tax), "DetailType": "TaxLineDetail", "TaxLineDetail": detail}
        return {
            "TxnTaxCodeRef": {"value": self.tax.code},
            "TotalTax": plain(tax),
            "TaxLine": [line],
        }

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


def _custom_fields(custom: tuple[str, str | None] | None) -> list[Row]:
    if custom is None:
        return []
    name, value = custom
    field: Row = {"DefinitionId": "1", "Name": name, "Type": "StringType"}
    return [field if value is None else field | {"StringValue": value}]


def _total(lines: Iterable[Row]) -> Decimal:
    return plain(sum((Decimal(line["Amount"]) for line in lines), Decimal(0)))
