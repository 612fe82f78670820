"""Hostile & Sons: every text is one that a careless exporter, page or spreadsheet would run,
parse or break on. Its figures are few and plain; its names, numbers and memos are the point.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sandbox.intuit.company import Company
from sandbox.intuit.desk import Address, Desk
from sandbox.intuit.documents import Documents, Spend
from sandbox.intuit.ledger import Chart
from sandbox.intuit.profile import Profile
from sandbox.intuit.sales import Remark, Sale, Tax
from sandbox.intuit.store import Store

REALM_ID = "9130347596842128"
LONG_ID = 5_000_000_000_000_503_624
"""The first of the 19-digit ids: beyond what a floating-point number can hold."""

PROFILE = Profile(
    REALM_ID,
    "Hostile & Sons",
    "1 <i>Quote</i> Street",
    "O\"Brien's Ferry",
    "CO",
    "00501",
    "hostile@example.com",
    "+1 (719) 555-0199",
    date(2025, 1, 1),
    legal_name='=Hostile & Sons, "Inc."',
    customer_message="<b>Thank you</b> & come again",
    custom_field='=HYPERLINK("http://127.0.0.1/x","Click")',
)
TAX = Tax(code="2", rate="3", percent=Decimal("8.25"))

NAMES: tuple[str, ...] = (
    '=IMPORTXML("http://127.0.0.1/x","//a")',
    "=1+1",
    "=cmd|'/C calc'!A0",
    "+15551234567",
    "+SUM(A1:A9)",
    "-2+3",
    "@SUM(1,2)",
    "'leading apostrophe",
    "<script>alert('x')</script>",
    "<img src=x onerror=alert(1)>",
    "</textarea><b>bold</b> & &amp; &#61;1",
    'Quoted "Q" O\'Neil',
    "Comma, Semicolon; Tab\tInside",
    "Two\nLines",
    "Carriage\r\nReturn",
    "🌵 Cactus & 👩‍🌾 Co. 🇮🇪",
    "שלום בע״מ",
    "مرحبا \u202egnp.exe",
    "Zero\u200bWidth and no\u00a0break",
    "e\u0301 is not é",
    "00123",
    "1e5",
    "1-2",
    "TRUE",
    "2026-01-02",
    "#REF!",
    "$1,234.50",
    "12:30",
    " leading and trailing ",
    "{{constructor}} ${7*7} %s \\",
    "\u2028line separator",
    "\uff1d\uff11\uff0b\uff11",
    "=" + "A" * 500,
)
NUMBERS = (
    *("00123", "1-2", "TRUE", "1e5", "2026-01-02", "=1+1", "+1", "-1", "@x", "'1"),
    *("1/2", "0x1F", "1,000", "1.0", "12:30", "#N/A", "null", "9007199254740993", " 7 ", "5%"),
)
MEMOS = (
    '=HYPERLINK("http://127.0.0.1/?"&A1,"open")',
    "line one\nline two\n\tindented",
    '<iframe src="javascript:alert(1)"></iframe>',
    '{"json": ["in", "a", "memo"]}',
    "'; DROP TABLE invoices; --",
    "right-to-left: אבג 123 דהו",
    "\\' \\\\ \\n not an escape",
    "💸" * 40,
)


def hostile() -> Company:
    """A fresh copy."""
    desk = Desk(PROFILE, Store())
    own = _accounts(desk)
    company = Company(PROFILE, _chart(own), desk.store)
    write = Documents(desk, TAX, own["ap"])
    items = [
        desk.item(
            name, 10 + at, own["income" if at % 2 else "formula"], text=name, taxable=at % 3 == 0
        )
        for at, name in enumerate(NAMES)
    ]
    vendors = [desk.vendor(name, company=name, number=name[:8]) for name in NAMES[:12]]
    customers = _customers(desk)
    term = desk.term("=NET(30)", 30)
    for at, customer in enumerate(customers):
        on = date(2025, 3, 1) + timedelta(days=9 * at)
        lines = [Sale(items[at % len(items)], 1 + at), Sale(items[(at + 5) % len(items)], "2.5")]
        invoice = write.invoice(
            customer,
            on,
            [*lines, Remark(MEMOS[at % len(MEMOS)])],
            number=NUMBERS[at % len(NUMBERS)],
            term=term,
            note=MEMOS[at % len(MEMOS)],
            message=NAMES[at % len(NAMES)],
            custom=(PROFILE.custom_field or "", NAMES[-1 - at % len(NAMES)]),
            id=str(LONG_ID + at) if at % 2 else None,
        )
        if at % 3 == 0:
            total = Decimal(desk.store.get("Invoice", invoice)["TotalAmt"])
            write.payment(
                customer,
                on + timedelta(days=20),
                [("Invoice", invoice, total)],
                deposit_to=own["bank"],
                reference=NUMBERS[(at + 3) % len(NUMBERS)],
                note=MEMOS[(at + 1) % len(MEMOS)],
                id=str(LONG_ID + 500 + at),
            )
        write.purchase(
            own["bank"],
            on,
            [Spend(own["cost" if at % 2 else "script"], 25 + at, NAMES[at % len(NAMES)])],
            kind="Check",
            vendor=vendors[at % len(vendors)],
            number=NUMBERS[-1 - at % len(NUMBERS)],
            note=MEMOS[-1 - at % len(MEMOS)],
        )
    return company.settled()


def _accounts(desk: Desk) -> dict[str, str]:
    def account(name: str, kind: str, subtype: str, number: str, parent: str | None = None) -> str:
        return desk.account(name, kind, subtype, number, parent)

    formula = account("=1+1", "Income", "ServiceFeeIncome", "=4000")
    script = account("<script>alert('cost')</script>", "Expense", "SuppliesMaterials", "06000")
    return {
        "bank": account('Checking, "main"', "Bank", "Checking", "01000"),
        "ar": account(
            "Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable", "1100"
        ),
        "undeposited": account(
            "Undeposited Funds", "Other Current Asset", "UndepositedFunds", "1e3"
        ),
        "ap": account("Accounts Payable (A/P)", "Accounts Payable", "AccountsPayable", "2000"),
        "tax": account("+Tax payable", "Other Current Liability", "SalesTaxPayable", "2-1"),
        "retained": account("Retained Earnings", "Equity", "RetainedEarnings", "3900"),
        "formula": formula,
        "income": account("@Services\twith tab", "Income", "ServiceFeeIncome", "+4010", formula),
        "script": script,
        "cost": account("-Cost\nof lines", "Expense", "SuppliesMaterials", "'6010", script),
        "unapplied": account(
            "Unapplied Cash Payment Income", "Income", "UnappliedCashPaymentIncome", "4900"
        ),
        "unapplied_bills": account(
            "Unapplied Cash Bill Payment Expense",
            "Expense",
            "UnappliedCashBillPaymentExpense",
            "6900",
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
        taxes={TAX.rate: own["tax"]},
    )


def _customers(desk: Desk) -> list[str]:
    """One per name, every other with a 19-digit id, one of them below another, one inactive."""
    ids: list[str] = []
    for at, name in enumerate(NAMES):
        ids.append(
            desk.customer(
                name,
                person=(name[:25], "+Family"),
                company=name,
                address=Address(name[:40], "=City()", "CO", "00501"),
                email="o'brien+=x@example.com",
                phone="+1 719 555 0000",
                notes=MEMOS[at % len(MEMOS)],
                taxable=True,
                id=str(LONG_ID + 1000 + at) if at % 2 else None,
                parent=ids[0] if at == 1 else None,
            )
        )
    desk.customer("=GONE()", company="=GONE()", active=False)
    return ids
