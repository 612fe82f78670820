"""How the company's people set QuickBooks up: one row.

https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/preferences
"""

from __future__ import annotations

from counterfoil.catalog.columns import HISTORY, ID, pairs
from counterfoil.catalog.preferences_books import ACCOUNTING, CURRENCY, REPORTS, TAX
from counterfoil.catalog.preferences_trade import PRODUCTS, PURCHASES, SALES
from counterfoil.catalog.preferences_work import CHARGES, INVENTORY, MAIL, TIME
from counterfoil.core.datasets import Entity

PREFERENCES = Entity(
    key="preferences",
    title="Preferences",
    entity="Preferences",
    currency_path=None,
    columns=(
        ID,
        *ACCOUNTING,
        *CURRENCY,
        *REPORTS,
        *TAX,
        *SALES,
        *PRODUCTS,
        *PURCHASES,
        *TIME,
        *CHARGES,
        *MAIL,
        *INVENTORY,
        pairs("printing", "Printing", "PrintDocumentPrefs.NameValue[]"),
        # Switches that have no field of their own.
        pairs("other", "Other preferences", "OtherPrefs.NameValue[]"),
        *HISTORY,
    ),
)
