"""The QuickBooks lists and transactions that can be exported, in the order of the catalog.

To offer another, add an entry to one of the files beside this one, and name it here.
"""

from __future__ import annotations

from counterfoil.catalog.names import CUSTOMERS, VENDORS
from counterfoil.catalog.sales import INVOICES, PAYMENTS
from counterfoil.catalog.spending import BILLS, PURCHASES
from counterfoil.core.datasets import Entity

ENTITIES: tuple[Entity, ...] = (INVOICES, CUSTOMERS, VENDORS, BILLS, PAYMENTS, PURCHASES)
