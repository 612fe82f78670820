"""What kind of account or item a record is, each to be chosen as a whole. Pure.

"Income" is a part of "Other Income", and "Inventory" of "NonInventory": a text that is contained
cannot tell them apart, though it finds several at once and is kept beside these. All the types that
QuickBooks declares, in the order of a balance sheet and a profit and loss, or of how many companies
have them. They are found in its answers: whether it can be asked for each is not known.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/account
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/item
"""

from __future__ import annotations

from counterfoil.catalog.filter_parts import is_
from counterfoil.core.filters import Filter, Kind, State
from counterfoil.core.query import Op

_OF_ACCOUNTS = (
    "Bank",
    "Accounts Receivable",
    "Other Current Asset",
    "Fixed Asset",
    "Other Asset",
    "Accounts Payable",
    "Credit Card",
    "Other Current Liability",
    "Long Term Liability",
    "Equity",
    "Income",
    "Cost of Goods Sold",
    "Expense",
    "Other Income",
    "Other Expense",
    "Non-Posting",
)
# The rest comes with books that were brought in from QuickBooks Desktop.
_OF_ITEMS = (
    *("Service", "Inventory", "NonInventory", "Group", "Category", "Bundle"),
    *("Assembly", "Fixed Asset", "Other Charge", "Payment", "Subtotal", "Discount"),
    *("Tax", "Tax Group"),
)


def _typed(path: str, values: tuple[str, ...]) -> Filter:
    """Called as the column shows it, which is what stands in a cell."""
    states = tuple(
        State(value.lower().replace(" ", "_"), value, (is_(path, Op.EQ, value),))
        for value in values
    )
    return Filter("one_type", "Type", Kind.STATE, states=states)


ACCOUNT_TYPE, ITEM_TYPE = _typed("AccountType", _OF_ACCOUNTS), _typed("Type", _OF_ITEMS)
