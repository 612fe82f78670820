"""Invoices and customers out of thin air: record `i` from `i` alone, as the JSON text itself.

Written as text because a benchmark asks for fifty thousand of them and must not wait for us.
An invoice is about 4,000 bytes with three to five lines, and nothing has been paid yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sandbox.intuit.answers import record_time

FIRST_DAY = date(2024, 1, 1)
TAX_RATE = 825
"""In hundredths of a percent."""

ITEMS = tuple(
    (f"{shape} {stuff}", 1_995 + 1_310 * at, at % 2 == 0)
    for at, (shape, stuff) in enumerate(
        (shape, stuff)
        for shape in ("Standard", "Large", "Narrow", "Reinforced", "Galvanised")
        for stuff in ("bracket", "hinge", "panel", "fitting")
    )
)
"""Name, price in cents, whether it is taxed. The item's id is its place, from 1."""

ACCOUNTS = (("41", "Sales of Hardware"), ("42", "Sales of Hardware:Made to Measure"))
_TEXT = (
    "Cut to the drawing, deburred, primed and packed in pairs with screws, washers and a fitting "
    "guide; colour as on the sample card, one spare in every box, delivered to the loading bay "
)
_NOTE = (
    "Order taken by telephone and confirmed in writing. Deliver before noon, ring the bell at the "
    "side gate, and have the driver take the empty pallets back. Invoice goes to head office."
)
_MASK = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Plan:
    """What the records of one company have in common."""

    customers: int
    per_day: int
    fewest_lines: int = 3
    most_lines: int = 5

    def sold(self, i: int) -> list[Line]:
        return lines(i, self.fewest_lines, self.most_lines)

    def day(self, i: int) -> date:
        return FIRST_DAY + timedelta(days=i // self.per_day)

    def written(self, i: int) -> datetime:
        """Later for every later record, all within its day in Intuit's data centre."""
        seconds = 28_800 * (i % self.per_day) // self.per_day
        return datetime.combine(self.day(i), time(16), UTC) + timedelta(seconds=seconds)

    def customer(self, i: int) -> int:
        """The number of the customer of invoice `i`, from 1."""
        return _mixed(i) % self.customers + 1


@dataclass(frozen=True, slots=True)
class Line:
    item: int
    quantity: int
    cents: int
    taxed: bool


def lines(i: int, fewest: int = 3, most: int = 5) -> list[Line]:
    bits = _mixed(i + 7)
    found = []
    for at in range(fewest + bits % (most - fewest + 1)):
        pick = bits >> (8 + 9 * at)
        item = pick % len(ITEMS)
        quantity = 1 + (pick >> 5) % 12
        found.append(Line(item, quantity, ITEMS[item][1] * quantity, ITEMS[item][2]))
    return found


def totals(sold: list[Line]) -> tuple[int, int, int]:
    """Subtotal, what of it is taxed, and the tax, in cents."""
    subtotal = sum(line.cents for line in sold)
    taxed = sum(line.cents for line in sold if line.taxed)
    return subtotal, taxed, (taxed * TAX_RATE + 5_000) // 10_000


def facts(plan: Plan, i: int) -> dict[str, Any]:
    """What may be asked about invoice `i` in a query."""
    subtotal, _, tax = totals(plan.sold(i))
    day = plan.day(i)
    moment = record_time(plan.written(i))
    return {
        "Id": str(i + 1),
        "DocNumber": f"G-{i + 1:07d}",
        "TxnDate": day.isoformat(),
        "DueDate": (day + timedelta(days=30)).isoformat(),
        "CustomerRef": {"value": str(plan.customer(i))},
        "TotalAmt": subtotal + tax,
        "Balance": subtotal + tax,
        "MetaData": {"CreateTime": moment, "LastUpdatedTime": moment},
    }


def invoice(plan: Plan, i: int) -> str:
    """JSON text."""
    sold = plan.sold(i)
    subtotal, taxed, tax = totals(sold)
    day = plan.day(i)
    moment = record_time(plan.written(i))
    number = plan.customer(i)
    total = dollars(subtotal + tax)
    return (
        '{"AllowIPNPayment":false,"AllowOnlinePayment":false,"AllowOnlineCreditCardPayment":true,'
        '"AllowOnlineACHPayment":true,"domain":"QBO","sparse":false,'
        f'"Id":"{i + 1}","SyncToken":"{i % 4}","MetaData":{{"CreateTime":"{moment}",'
        f'"LastModifiedByRef":{{"value":"9130350000000001"}},"LastUpdatedTime":"{moment}"}},'
        '"CustomField":[{"DefinitionId":"1","Name":"Route","Type":"StringType",'
        f'"StringValue":"Route {i % 60 + 1}"}}],'
        f'"DocNumber":"G-{i + 1:07d}","TxnDate":"{day.isoformat()}",'
        '"CurrencyRef":{"value":"USD","name":"United States Dollar"},'
        f'"PrivateNote":"{_NOTE}","LinkedTxn":[],'
        f'"Line":[{",".join(_lines(sold))},{{"Amount":{dollars(subtotal)},'
        '"DetailType":"SubTotalLineDetail","SubTotalLineDetail":{}}],'
        f'"TxnTaxDetail":{_tax(taxed, tax)},'
        f'"CustomerRef":{{"value":"{number}","name":"{customer_name(number)}"}},'
        '"CustomerMemo":{"value":"Goods remain ours until paid for. Thank you for your order."},'
        f'"BillAddr":{_address(number, 1)},"ShipAddr":{_address(number, 2)},'
        f'"FreeFormAddress":true,"ShipFromAddr":{_address(0, 3)},'
        '"SalesTermRef":{"value":"1","name":"Net 30"},'
        f'"DueDate":"{(day + timedelta(days=30)).isoformat()}","TotalAmt":{total},'
        '"ApplyTaxAfterDiscount":false,"PrintStatus":"NeedToPrint","EmailStatus":"EmailSent",'
        f'"BillEmail":{{"Address":"accounts{number}@example.com"}},'
        f'"DeliveryInfo":{{"DeliveryType":"Email","DeliveryTime":"{moment}"}},'
        f'"Balance":{total}}}'
    )


def customer(number: int, owed: int) -> str:
    """JSON text; `owed` in cents."""
    name = customer_name(number)
    moment = record_time(datetime.combine(FIRST_DAY, time(16), UTC))
    balance = dollars(owed)
    return (
        f'{{"Taxable":true,"BillAddr":{_address(number, 1)},"ShipAddr":{_address(number, 2)},'
        f'"Job":false,"BillWithParent":false,"Balance":{balance},"BalanceWithJobs":{balance},'
        '"CurrencyRef":{"value":"USD","name":"United States Dollar"},'
        '"PreferredDeliveryMethod":"Email","IsProject":false,"ClientEntityId":"0",'
        f'"domain":"QBO","sparse":false,"Id":"{number}","SyncToken":"0",'
        f'"MetaData":{{"CreateTime":"{moment}","LastUpdatedTime":"{moment}"}},'
        f'"GivenName":"Pat","FamilyName":"Buyer {number}","FullyQualifiedName":"{name}",'
        f'"CompanyName":"{name}","DisplayName":"{name}","PrintOnCheckName":"{name}",'
        f'"Active":true,"V4IDPseudonym":"002098{number:032x}",'
        f'"PrimaryPhone":{{"FreeFormNumber":"(555) 010-{number % 10_000:04d}"}},'
        f'"PrimaryEmailAddr":{{"Address":"accounts{number}@example.com"}}}}'
    )


def customer_name(number: int) -> str:
    """Names fall in the order of ids."""
    return f"Customer {number:06d} Ltd."


def dollars(cents: int) -> str:
    """As QuickBooks writes amounts in JSON: 275, 47.5, 12.75."""
    whole, rest = divmod(cents, 100)
    if not rest:
        return str(whole)
    return f"{whole}.{rest:02d}".rstrip("0")


def item_text(item: int) -> str:
    return _TEXT + ITEMS[item][0]


def _lines(sold: list[Line]) -> Iterator[str]:
    for at, line in enumerate(sold, start=1):
        name, price, taxed = ITEMS[line.item]
        account, account_name = ACCOUNTS[line.item % 2]
        yield (
            f'{{"Id":"{at}","LineNum":{at},"Description":"{_TEXT}{name}",'
            f'"Amount":{dollars(line.cents)},"DetailType":"SalesItemLineDetail",'
            f'"SalesItemLineDetail":{{"ItemRef":{{"value":"{line.item + 1}","name":"{name}"}},'
            f'"UnitPrice":{dollars(price)},"Qty":{line.quantity},'
            f'"ItemAccountRef":{{"value":"{account}","name":"{account_name}"}},'
            f'"TaxCodeRef":{{"value":"{"TAX" if taxed else "NON"}"}}}},"CustomExtensions":[]}}'
        )


def _tax(taxed: int, tax: int) -> str:
    if not taxed:
        return '{"TotalTax":0}'
    return (
        f'{{"TxnTaxCodeRef":{{"value":"2"}},"TotalTax":{dollars(tax)},'
        f'"TaxLine":[{{"Amount":{dollars(tax)},"DetailType":"TaxLineDetail","TaxLineDetail":'
        f'{{"TaxRateRef":{{"value":"3"}},"PercentBased":true,"TaxPercent":{dollars(TAX_RATE)},'
        f'"NetAmountTaxable":{dollars(taxed)}}}}}]}}'
    )


def _address(number: int, kind: int) -> str:
    return (
        f'{{"Id":"{number * 3 + kind}","Line1":"{number % 900 + 1} Industry Road, Unit {kind}",'
        f'"City":"Millrace","CountrySubDivisionCode":"CO","PostalCode":"{80000 + number % 999}",'
        '"Lat":"INVALID","Long":"INVALID"}'
    )


def _mixed(i: int) -> int:
    """64 bits that look like chance (splitmix64)."""
    x = (i * 0x9E3779B97F4A7C15 + 0x1234567) & _MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & _MASK
    return x ^ (x >> 31)
