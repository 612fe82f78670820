"""Whether the books stayed as they were while a report came in parts.

Between two answers an entry may move from the days of the one into those of the other, and be in
neither or in both; every part adds up all the same.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence

from counterfoil.core.changes import asked_since, objects_in
from counterfoil.core.errors import IncompleteRead, QuickBooksRejected
from counterfoil.core.reports import ReportTable
from counterfoil.flows.pace import Waiting
from counterfoil.flows.ports import Company

# What posts to accounts, and the accounts themselves, which can be renamed and moved.
POSTING = (
    "Account",
    "Bill",
    "BillPayment",
    "CreditCardPayment",
    "CreditMemo",
    "Deposit",
    "InventoryAdjustment",
    "Invoice",
    "JournalEntry",
    "Payment",
    "Purchase",
    "RefundReceipt",
    "SalesReceipt",
    "Transfer",
    "VendorCredit",
)
# What lists of transactions show besides, of what can be asked for: and names, which give sections
# theirs.
LISTED = (
    *(*POSTING, "Estimate", "PurchaseOrder"),
    *("Class", "Customer", "Department", "Employee", "Item", "Vendor"),
)
# Readings that were overtaken by edits after which a quieter hour is better.
MOST_READINGS = 6


class Quiet(enum.Enum):
    YES = "nothing was edited meanwhile"
    NO = "something was"
    UNKNOWN = "QuickBooks could not be asked"


def quiet(
    company: Company, parts: Sequence[ReportTable], took_s: float, shown: Sequence[str] = POSTING
) -> Quiet:
    """One call of Change Data Capture since the first of the parts began, `took_s` seconds ago, for
    what is `shown` in them.
    """
    times = [part.header.get("Time", "") for part in parts]
    if not all(times):
        return Quiet.UNKNOWN
    since = min(asked_since(time, took_s) for time in times)
    try:
        changed = objects_in(company.cdc(shown, since))
    except (Waiting, QuickBooksRejected):
        return Quiet.UNKNOWN
    return Quiet.NO if changed else Quiet.YES


def check_readings(readings: int) -> None:
    """Raises IncompleteRead where edits do not end."""
    if readings >= MOST_READINGS:
        raise IncompleteRead(
            "This report has to be read in several parts, and people edited QuickBooks each time "
            "while it was. Nothing was written. Please run it again at a quieter hour."
        )
