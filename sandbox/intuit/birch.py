"""Birch Studio: a small Irish design office, in euros, VAT on top, a fiscal year from April.

Its plan has neither classes nor locations, and whoever connects may not see budgets.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sandbox.intuit.answers import plain
from sandbox.intuit.company import Company
from sandbox.intuit.desk import Address, Desk
from sandbox.intuit.documents import Documents, Spend
from sandbox.intuit.ledger import Chart
from sandbox.intuit.profile import Profile
from sandbox.intuit.sales import Sale, Tax
from sandbox.intuit.store import Store

REALM_ID = "9130347596842136"

PROFILE = Profile(
    REALM_ID,
    "Birch Studio",
    "4 Quay Lane",
    "Galway",
    "G",
    "H91 X2Y4",
    "post@birch-studio.example",
    "+353 91 555 010",
    date(2024, 4, 1),
    legal_name="Birch Studio Limited",
    country="IE",
    currency="EUR",
    currency_name="Euro",
    fiscal_month=4,
    basis="Cash",
    numbered=False,
    industry="Graphic Design Services",
    customer_message="Go raibh maith agat.",
    lacks=("Class", "Department"),
    forbids=("Budget",),
)
VAT = Tax(
    code="5",
    rate="11",
    percent=Decimal(23),
    taxable="5",
    exempt="6",
    calculation="TaxExcluded",
)

# The day on which Cedar Imports, of the same owners, lent it 3,400 euros: 5,100 Canadian dollars.
LENT = date(2025, 6, 30)
CUSTOMERS = (
    ("Aran Knitwear", "Inis Mór"),
    ("Café Lúnasa", "Galway"),
    ("Corrib Sailing Club", "Galway"),
    ("Dún Aengus Brewing", "Athenry"),
    ("Éire Óg Publishing", "Dublin"),
    ("Salthill Surgery", "Galway"),
)
ITEMS = (
    ("Logo Design", "1450", True),
    ("Brochure", "620.5", True),
    ("Print Handling", "85", False),
)


def birch() -> Company:
    """A fresh copy."""
    desk = Desk(PROFILE, Store())
    own = _accounts(desk)
    company = Company(PROFILE, _chart(own), desk.store)
    write = Documents(desk, VAT, own["ap"])
    items = [
        desk.item(name, price, own["fees" if vat else "print"], text=name, taxable=vat)
        for name, price, vat in ITEMS
    ]
    customers = [
        desk.customer(
            name, company=name, address=Address(f"{at} Sea Road", town, "G", "H91 AB12", "Ireland")
        )
        for at, (name, town) in enumerate(CUSTOMERS, start=1)
    ]
    landlord = desk.vendor("Quay Lane Lettings", company="Quay Lane Lettings")
    term = desk.term("Net 14", 14)
    write.journal(
        date(2025, 4, 1), [(own["bank"], 8000), (own["opening"], -8000)], number="1", note="Opening"
    )
    for at in range(24):
        on = date(2025, 4, 3) + timedelta(days=18 * at)
        invoice = write.invoice(
            customers[at % len(customers)],
            on,
            [Sale(items[at % 3], 1 + at % 4), Sale(items[(at + 1) % 3], 1)],
            number=f"B-{at + 1:04d}",
            term=term,
        )
        total = Decimal(desk.store.get("Invoice", invoice)["TotalAmt"])
        if at % 4 != 3:
            paid = total if at % 5 else (total / 3).quantize(Decimal("0.01"))
            write.payment(
                customers[at % len(customers)],
                on + timedelta(days=30),
                [("Invoice", invoice, paid)],
                deposit_to=own["bank"],
            )
        bill = write.bill(landlord, on, [Spend(own["rent"], "640")], number=f"R{at:03d}")
        if at % 6:
            write.bill_payment(
                landlord,
                on + timedelta(days=12),
                [(bill, Decimal(640))],
                account=own["bank"],
                number=str(at),
            )
    # Cedar Imports has the other side of it, in its own currency.
    write.journal(
        LENT, [(own["bank"], 3_400), (own["cedar"], -3_400)], number="2", note="Loan of Cedar"
    )
    _taxes(desk)
    return company.settled()


def _taxes(desk: Desk) -> None:
    for code, name, taxable in ((VAT.taxable, "23.0% S", True), (VAT.exempt, "Exempt", False)):
        row = {"Name": name, "Active": True, "Taxable": taxable, "TaxGroup": True}
        desk.store.add("TaxCode", {**row, **desk.identity(code, PROFILE.started)})
    rate = {"Name": "23.0% S", "Active": True, "RateValue": plain(VAT.percent)}
    desk.store.add("TaxRate", {**rate, **desk.identity(VAT.rate, PROFILE.started)})


def _accounts(desk: Desk) -> dict[str, str]:
    return {
        "bank": desk.account("Current Account", "Bank", "Checking"),
        "ar": desk.account("Debtors", "Accounts Receivable", "AccountsReceivable"),
        "undeposited": desk.account("Undeposited Funds", "Other Current Asset", "UndepositedFunds"),
        "ap": desk.account("Creditors", "Accounts Payable", "AccountsPayable"),
        "vat": desk.account("VAT Control", "Other Current Liability", "GlobalTaxPayable"),
        "opening": desk.account("Opening Balance Equity", "Equity", "OpeningBalanceEquity"),
        "retained": desk.account("Retained Earnings", "Equity", "RetainedEarnings"),
        "fees": desk.account("Design Fees", "Income", "ServiceFeeIncome"),
        "print": desk.account("Print Management", "Income", "ServiceFeeIncome"),
        "rent": desk.account("Rent", "Expense", "RentOrLeaseOfBuildings"),
        "unapplied": desk.account(
            "Unapplied Cash Payment Income", "Income", "UnappliedCashPaymentIncome"
        ),
        "unapplied_bills": desk.account(
            "Unapplied Cash Bill Payment Expense", "Expense", "UnappliedCashBillPaymentExpense"
        ),
        "cedar": desk.account(
            "Owed to Cedar Imports", "Other Current Liability", "OtherCurrentLiabilities"
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
        taxes={VAT.rate: own["vat"]},
    )
