"""What the entries of the catalog are also called, and what people look for by it."""

from __future__ import annotations

import pytest

from counterfoil import catalog
from counterfoil.catalog.also_called import ALSO_CALLED

FORMS = catalog.forms()
TITLES = {each["key"]: each["title"] for kind in ("entities", "reports") for each in FORMS[kind]}


def test_other_names_are_of_entries_that_there_are_and_differ_from_their_titles() -> None:
    assert len(TITLES) == len(catalog.ENTITIES) + len(catalog.REPORTS), "a key is of one entry"
    assert ALSO_CALLED.keys() <= TITLES.keys()
    same = [
        key for key, names in ALSO_CALLED.items() if TITLES[key].lower() in map(str.lower, names)
    ]
    assert same == []
    assert all(len(names) == len({*names}) <= 5 for names in ALSO_CALLED.values())


@pytest.mark.parametrize(
    ("looked_for", "found"),
    [
        ("checks", "purchases"),
        ("expenses", "purchases"),
        ("chart of accounts", "accounts"),
        ("COA", "accounts"),
        ("bank accounts", "accounts"),
        ("departments", "locations"),
        ("stock", "items"),
        ("1099 contractors", "vendors"),
        ("unpaid invoices", "invoices"),
        ("open invoices", "invoices"),
        ("timesheets", "time-activities"),
        ("sales tax", "tax-codes"),
        ("PnL", "profit-and-loss"),
        ("aged receivables", "ar-aging-summary"),
    ],
)
def test_the_words_of_accountants_and_of_quickbooks_are_known(looked_for: str, found: str) -> None:
    served = {each["key"]: each["also"] for kind in ("entities", "reports") for each in FORMS[kind]}
    assert looked_for in served[found]
    assert served["preferences"] == ["settings", "closing date"]
    assert served["purchase-orders"] == []
