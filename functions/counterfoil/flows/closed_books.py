"""The day up to which a company has closed its books, which QuickBooks keeps as a preference."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from counterfoil.core import faults, query
from counterfoil.core.errors import QuickBooksRejected
from counterfoil.flows.ports import Company


def closing_date(company: Company) -> date | None:
    """One call. None where no books are closed, or QuickBooks does not tell.

    Raises what a call raises, but for a refusal.
    """
    try:
        return _date(company.query(query.select("Preferences", size=1)))
    except QuickBooksRejected:
        return None


def _date(body: bytes) -> date | None:
    try:
        held: Any = json.loads(body)["QueryResponse"].get("Preferences", [])
        told = held[0]["AccountingInfoPrefs"].get("BookCloseDate") if held else None
        return date.fromisoformat(told[:10]) if isinstance(told, str) and told else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise faults.unreadable(200) from error
