"""Acme Landscaping: eighteen months of a small firm's books, the same every time.

An agenda of dated deeds is worked through in order, so that ids, numbers and times fall as they
would have: invoices go out, are paid in full, in part, together or not at all, cheques are banked.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from sandbox.intuit.acme_costs import Costs
from sandbox.intuit.acme_more import add_more
from sandbox.intuit.acme_opening import LAST_DAY, REALM_ID, opened
from sandbox.intuit.acme_sales import Sales
from sandbox.intuit.agenda import Agenda
from sandbox.intuit.company import Company

__all__ = ["REALM_ID", "acme"]


def acme() -> Company:
    """A fresh copy."""
    firm = opened()
    agenda = Agenda("Acme Landscaping", LAST_DAY)
    sales, costs = Sales(firm, agenda), Costs(firm, agenda)
    for month in _months():
        sales.plan(month)
        costs.plan(month)
    agenda.work_through()
    add_more(firm, sales.never_paid()[0])
    company = firm.company.settled()
    company.void("Invoice", sales.never_paid()[3], datetime(2026, 6, 30, 18, tzinfo=UTC))
    return company


def _months() -> Iterator[date]:
    for month in range(18):
        yield date(2025 + month // 12, month % 12 + 1, 1)
