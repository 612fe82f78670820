"""Cedar Imports: a Canadian importer with documents in dollars of two kinds and in euros.

Classes on the lines, locations on the documents, bundles, sub-customers, projects; credits from
vendors, refunds and payments of a card. Its ledger is in Canadian dollars.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from sandbox.intuit.abroad import DocumentsAbroad, Tags
from sandbox.intuit.answers import plain
from sandbox.intuit.birch import LENT
from sandbox.intuit.company import Company
from sandbox.intuit.desk import Address, Desk
from sandbox.intuit.documents import Spend
from sandbox.intuit.ledger import Chart
from sandbox.intuit.profile import Profile
from sandbox.intuit.sales import Sale, Tax
from sandbox.intuit.store import Store

REALM_ID = "9130347596842148"

PROFILE = Profile(
    REALM_ID,
    "Cedar Imports",
    "88 Dockside Road",
    "Halifax",
    "NS",
    "B3H 4R2",
    "office@cedar-imports.example",
    "+1 902 555 0148",
    date(2024, 10, 1),
    legal_name="Cedar Imports Inc.",
    country="CA",
    currency="CAD",
    currency_name="Canadian Dollar",
    industry="Furniture Wholesalers",
    customer_message="Merci, thank you.",
    tags=True,
    currencies=True,
)
HST = Tax("4", "8", Decimal(15), taxable="4", exempt="5", calculation="TaxExcluded")

CURRENCIES = {"CAD": "Canadian Dollar", "EUR": "Euro", "USD": "United States Dollar"}
CLASSES = ("Furniture", "Lighting", "Services")
LOCATIONS = ("Halifax", "Moncton")
MONTHS = tuple(date(2025 + at // 12, at % 12 + 1, 1) for at in range(18))
RATES = {
    "USD": {month: f"1.{3600 + 37 * at % 300}" for at, month in enumerate(MONTHS)},
    "EUR": {month: f"1.{4700 + 53 * at % 400}" for at, month in enumerate(MONTHS)},
}


def cedar() -> Company:
    """A fresh copy."""
    desk = Desk(PROFILE, Store())
    own = _accounts(desk)
    company = Company(PROFILE, _chart(own), desk.store)
    write = DocumentsAbroad(desk, HST, own["ap"], RATES)
    _lists(desk)
    _trade(write, own)
    return company.settled()


def _trade(write: DocumentsAbroad, own: dict[str, str]) -> None:
    desk = write.desk
    customers, vendors = _customers(desk), _vendors(desk)
    items = {
        name: desk.item(name, price, own[account], text=name, taxable=taxable)
        for name, price, account, taxable in (
            ("Oak Table", "1240", "furniture", True),
            ("Cane Chair", "185.5", "furniture", True),
            ("Paper Lamp", "92.25", "lighting", True),
            ("Assembly", "60", "services", False),
        )
    }
    group = _group(desk, items)
    write.journal(date(2025, 1, 1), [(own["bank"], 60_000), (own["opening"], -60_000)], number="1")
    names = list(customers)
    for at, month in enumerate(MONTHS):
        write.tags = Tags(str(at % 2 + 1), str(at % 3 + 1))
        for more, name in enumerate((names[at % 6], names[(at + 2) % 6])):
            on = month.replace(day=4 + 6 * more)
            taxed = at % 2 == 0
            lines = [Sale(items["Oak Table" if taxed else "Assembly"], 1 + at % 3)]
            lines += [Sale(items["Cane Chair"], 2 + more), Sale(items["Paper Lamp"], 1 + at % 4)]
            invoice = write.invoice(customers[name], on, lines, number=f"C-{2 * at + more:04d}")
            if at % 3 == 0 and more == 0:
                write.bundle(invoice, group, slice(1, 3))
            total = Decimal(desk.store.get("Invoice", invoice)["TotalAmt"])
            if at % 5 != 4:
                later = _next(at).replace(day=20)
                # What is paid in part stays open: the shares of one document are rounded apart.
                paid = total if (at + more) % 4 else (total / 2).quantize(Decimal("0.01"))
                write.payment(
                    customers[name], later, [("Invoice", invoice, paid)], deposit_to=own["bank"]
                )
        _buy(write, own, vendors, at, month)
    write.tags = None
    write.journal(LENT, [(own["birch"], 5_100), (own["bank"], -5_100)], number="2")


def _buy(
    write: DocumentsAbroad, own: dict[str, str], vendors: list[str], at: int, month: date
) -> None:
    vendor = vendors[at % len(vendors)]
    bill = write.bill(
        vendor,
        month.replace(day=6),
        [Spend(own["goods"], f"{800 + 37 * at}.4"), Spend(own["freight"], "95.15")],
        number=f"S{at:03d}",
    )
    total = Decimal(write.desk.store.get("Bill", bill)["TotalAmt"])
    if at % 4 != 3:
        payment = write.bill_payment(
            vendor, _next(at).replace(day=24), [(bill, total)], account=own["bank"], number=str(at)
        )
        if at % 3 == 1:
            back = [Spend(own["goods"], "120.05", "Broken in transit")]
            credit = write.vendor_credit(vendor, month.replace(day=9), back, number=f"VC{at}")
            write.pay_with_credit(payment, credit, Decimal("120.05"))
    elif at % 8 == 3:
        back = [Spend(own["goods"], "64.5", "Wrong colour")]
        write.vendor_credit(vendor, month.replace(day=9), back, number=f"VC{at}")
    write.purchase(
        own["card"], month.replace(day=11), [Spend(own["travel"], "310.2")], kind="CreditCard"
    )
    write.card_payment(own["card"], own["bank"], month.replace(day=27), "310.2")
    if at % 6 == 5:
        write.refund_receipt(
            "1",
            month.replace(day=15),
            [Sale("3", 1)],
            number=f"R-{at:03d}",
            paid_from=own["bank"],
        )


def _next(at: int) -> date:
    """The month after that one: another rate; the last one's is its own."""
    return MONTHS[min(at + 1, len(MONTHS) - 1)]


def _accounts(desk: Desk) -> dict[str, str]:
    return {
        "bank": desk.account("Chequing", "Bank", "Checking", "1000"),
        "ar": desk.account(
            "Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable", "1100"
        ),
        "undeposited": desk.account(
            "Undeposited Funds", "Other Current Asset", "UndepositedFunds", "1250"
        ),
        "ap": desk.account("Accounts Payable (A/P)", "Accounts Payable", "AccountsPayable", "2000"),
        "card": desk.account("Company Card", "Credit Card", "CreditCard", "2100"),
        "hst": desk.account("HST Payable", "Other Current Liability", "GlobalTaxPayable", "2200"),
        "opening": desk.account("Opening Balance Equity", "Equity", "OpeningBalanceEquity", "3000"),
        "retained": desk.account("Retained Earnings", "Equity", "RetainedEarnings", "3900"),
        "furniture": desk.account("Furniture", "Income", "SalesOfProductIncome", "4000"),
        "lighting": desk.account("Lighting", "Income", "SalesOfProductIncome", "4100"),
        "services": desk.account("Services", "Income", "ServiceFeeIncome", "4200"),
        "goods": desk.account(
            "Goods Bought", "Cost of Goods Sold", "SuppliesMaterialsCogs", "5000"
        ),
        "freight": desk.account("Freight In", "Cost of Goods Sold", "ShippingFreightDeliveryCos"),
        "travel": desk.account("Travel", "Expense", "Travel", "6000"),
        "exchange": desk.account(
            "Exchange Gain or Loss", "Other Expense", "ExchangeGainOrLoss", "8000"
        ),
        "unapplied": desk.account(
            "Unapplied Cash Payment Income", "Income", "UnappliedCashPaymentIncome"
        ),
        "unapplied_bills": desk.account(
            "Unapplied Cash Bill Payment Expense", "Expense", "UnappliedCashBillPaymentExpense"
        ),
        "birch": desk.account(
            "Due from Birch Studio", "Other Current Asset", "OtherCurrentAssets", "1300"
        ),
    }


def _chart(own: dict[str, str]) -> Chart:
    return Chart(
        receivable=own["ar"],
        payable=own["ap"],
        undeposited=own["undeposited"],
        retained_earnings=own["retained"],
        unapplied_income=own["unapplied"],
        unapplied_expense=own["unapplied_bills"],
        taxes={HST.rate: own["hst"]},
        exchange=own["exchange"],
    )


def _customers(desk: Desk) -> dict[str, str]:
    """By name, with the currency that each is invoiced in; two are below the first."""
    found: dict[str, str] = {}
    for name, currency, parent, project in (
        ("Harbour Hotels", "CAD", None, False),
        ("Lobby", "CAD", "Harbour Hotels", False),
        ("Summer Terrace", "CAD", "Harbour Hotels", True),
        ("Maine Interiors", "USD", None, False),
        ("Brest Mobilier", "EUR", None, False),
        ("Fundy Cottages", "CAD", None, False),
    ):
        found[name] = desk.customer(
            name,
            company=None if parent else name,
            address=Address(f"{len(found) + 1} Water Street", "Halifax", "NS", "B3H 1A1"),
            parent=found[parent] if parent else None,
            project=project,
            taxable=True,
        )
        _dealing_in(desk, "Customer", found[name], currency)
    return found


def _vendors(desk: Desk) -> list[str]:
    found = []
    for name, currency in (
        ("Atlantic Freight", "CAD"),
        ("Portland Lumber", "USD"),
        ("Ateliers du Rhin", "EUR"),
    ):
        found.append(desk.vendor(name, company=name))
        _dealing_in(desk, "Vendor", found[-1], currency)
    return found


def _dealing_in(desk: Desk, kind: str, id: str, currency: str) -> None:
    row = desk.store.get(kind, id)
    row["CurrencyRef"] = {"value": currency, "name": CURRENCIES[currency]}


def _group(desk: Desk, items: dict[str, str]) -> str:
    """A bundle of a chair and a lamp."""
    parts = [
        {"Qty": plain(1), "ItemRef": desk.ref("Item", items[name])}
        for name in ("Cane Chair", "Paper Lamp")
    ]
    id = desk.next_id("Item")
    name = "Reading Corner"
    desk.store.add(
        "Item",
        {
            "Name": name,
            "Active": True,
            "FullyQualifiedName": name,
            "Taxable": False,
            "UnitPrice": plain(0),
            "Type": "Group",
            "PurchaseCost": plain(0),
            "TrackQtyOnHand": False,
            "PrintGroupedItems": True,
            "ItemGroupDetail": {"ItemGroupLine": parts},
            **desk.identity(id, PROFILE.started),
        },
    )
    return id


def _lists(desk: Desk) -> None:
    for kind, row in _rows():
        desk.store.add(kind, {**row, **desk.identity(desk.next_id(kind), PROFILE.started)})
    for code, name, taxable in (("4", "HST NS", True), ("5", "Exempt", False)):
        row = {"Name": name, "Active": True, "Taxable": taxable, "TaxGroup": True}
        desk.store.add("TaxCode", {**row, **desk.identity(code, PROFILE.started)})
    rate = {"Name": "HST 15 %", "Active": True, "RateValue": plain(15)}
    desk.store.add("TaxRate", {**rate, **desk.identity(HST.rate, PROFILE.started)})


def _rows() -> Iterator[tuple[str, dict[str, object]]]:
    for kind, names in (("Class", CLASSES), ("Department", LOCATIONS)):
        for name in names:
            yield kind, {"Name": name, "FullyQualifiedName": name, "Active": True}
    for code, name in CURRENCIES.items():
        yield "CompanyCurrency", {"Code": code, "Name": name, "Active": True}
    for code, by_month in RATES.items():
        for month, rate in by_month.items():
            yield (
                "ExchangeRate",
                {
                    "SourceCurrencyCode": code,
                    "TargetCurrencyCode": PROFILE.currency,
                    "Rate": plain(rate),
                    "AsOfDate": month.isoformat(),
                },
            )
