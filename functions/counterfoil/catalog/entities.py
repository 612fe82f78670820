"""The QuickBooks lists and transactions that can be exported, in the order of the catalog.

To offer another, add an entry to one of the files beside this one, and name it here.
"""

from __future__ import annotations

from counterfoil.catalog.company import ATTACHMENTS, COMPANY
from counterfoil.catalog.ledger import (
    ACCOUNTS,
    BUDGETS,
    COMPANY_CURRENCIES,
    DEPOSITS,
    EXCHANGE_RATES,
    JOURNAL_CODES,
    JOURNAL_ENTRIES,
    TRANSFERS,
)
from counterfoil.catalog.lists import CLASSES, CUSTOMER_TYPES, LOCATIONS, PAYMENT_METHODS, TERMS
from counterfoil.catalog.names import CUSTOMERS, VENDORS
from counterfoil.catalog.paying import (
    BILL_PAYMENTS,
    CREDIT_CARD_PAYMENTS,
    PURCHASE_ORDERS,
    VENDOR_CREDITS,
)
from counterfoil.catalog.people import EMPLOYEES
from counterfoil.catalog.preferences import PREFERENCES
from counterfoil.catalog.recurring import RECURRING_TRANSACTIONS
from counterfoil.catalog.sales import INVOICES, PAYMENTS
from counterfoil.catalog.sales_forms import (
    CREDIT_MEMOS,
    ESTIMATES,
    REFUND_RECEIPTS,
    SALES_RECEIPTS,
)
from counterfoil.catalog.spending import BILLS, PURCHASES
from counterfoil.catalog.stock import INVENTORY_ADJUSTMENTS, ITEMS, TIME_ACTIVITIES
from counterfoil.catalog.taxes import TAX_AGENCIES, TAX_CLASSIFICATIONS, TAX_CODES, TAX_RATES
from counterfoil.core.datasets import Entity

ENTITIES: tuple[Entity, ...] = (
    INVOICES,
    CUSTOMERS,
    VENDORS,
    BILLS,
    PAYMENTS,
    PURCHASES,
    ESTIMATES,
    SALES_RECEIPTS,
    CREDIT_MEMOS,
    REFUND_RECEIPTS,
    BILL_PAYMENTS,
    VENDOR_CREDITS,
    PURCHASE_ORDERS,
    CREDIT_CARD_PAYMENTS,
    ACCOUNTS,
    JOURNAL_ENTRIES,
    DEPOSITS,
    TRANSFERS,
    BUDGETS,
    ITEMS,
    INVENTORY_ADJUSTMENTS,
    TIME_ACTIVITIES,
    EMPLOYEES,
    CLASSES,
    LOCATIONS,
    TERMS,
    PAYMENT_METHODS,
    CUSTOMER_TYPES,
    TAX_CODES,
    TAX_RATES,
    TAX_AGENCIES,
    TAX_CLASSIFICATIONS,
    COMPANY_CURRENCIES,
    EXCHANGE_RATES,
    JOURNAL_CODES,
    RECURRING_TRANSACTIONS,
    ATTACHMENTS,
    COMPANY,
    PREFERENCES,
)
