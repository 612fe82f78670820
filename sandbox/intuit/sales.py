"""Writes invoices, estimates, sales receipts and credit memos the way QuickBooks shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sandbox.intuit.answers import plain
from sandbox.intuit.desk import Desk
from sandbox.intuit.ledger import CENT
from sandbox.intuit.store import Row


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


class SalesForms:
    """Each method writes one form into the desk's store and hands back its id."""

    def __init__(self, desk: Desk, tax: Tax) -> None:
        self.desk = desk
        self.tax = tax

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
                row |= {"Description": line.text, "DetailType": "DescriptionOnly"}
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


def _custom_fields(custom: tuple[str, str | None] | None) -> list[Row]:
    if custom is None:
        return []
    name, value = custom
    field: Row = {"DefinitionId": "1", "Name": name, "Type": "StringType"}
    return [field if value is None else field | {"StringValue": value}]
