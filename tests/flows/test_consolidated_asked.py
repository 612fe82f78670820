"""What a table of several companies asks for first: tabs, rates, and choices that make sense."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from counterfoil.core.consolidation_tabs import ELIMINATIONS, MAPPING, RATES
from counterfoil.core.errors import (
    BadRequest,
    RatesNeeded,
    TabsNeeded,
)
from counterfoil.flows.asking import Asked
from sandbox.intuit import acme
from sandbox.intuit.answers import plain
from tests.flows.consolidated_books import (
    NO_TABS,
    RATE_HEADINGS,
    WITH_RATE,
    YEAR_RATE,
    Group,
    block,
)
from tests.flows.export_fakes import ANA, SHEET
from tests.flows.several_books import ACME, BIRCH, CEDAR


def test_tabs_are_asked_for_before_anything_else_is() -> None:
    group = Group()
    with pytest.raises(TabsNeeded) as raised:
        group.start(match="mapping")
    assert raised.value.details["tabs"] == "\n".join((ELIMINATIONS, MAPPING, RATES))
    assert not group.quickbooks.asked
    assert group.world.records.writes == 0


def test_a_missing_rate_names_currency_and_days_and_gets_a_row_to_be_filled_in() -> None:
    group = Group()
    with pytest.raises(RatesNeeded) as raised:
        group.start(tabs=NO_TABS)
    assert raised.value.message == (
        "Rates into USD are missing: EUR average 2025-01-01 to 2025-12-31. Nothing was written. "
        "The tab “Counterfoil rates” has rows for them now: fill in the rates, and run it again."
    )
    assert raised.value.beside == {
        "operations": [
            {"op": "append_log", "title": RATES, "rows": [RATE_HEADINGS, [*YEAR_RATE[:6], ""]]}
        ]
    }
    assert not group.quickbooks.asked
    with pytest.raises(RatesNeeded) as waiting:
        group.start(tabs={**NO_TABS, RATES: [RATE_HEADINGS, [*YEAR_RATE[:6], ""]]})
    assert waiting.value.beside == {}


def test_a_rate_of_equity_is_known_to_be_missing_once_the_books_are_read() -> None:
    group = Group()
    tabs = {
        **NO_TABS,
        RATES: [
            RATE_HEADINGS,
            ["EUR", "USD", "closing", "", "2025-12-31", "", "1.2"],
            ["EUR", "USD", "average", "2025-04-01", "2025-12-31", "", "1.15"],
        ],
    }
    with pytest.raises(RatesNeeded) as raised:
        group.start(report="balance-sheet", tabs=tabs)
    assert "EUR historical for 1 account of equity as of 2025-12-31" in raised.value.message
    assert "Opening" not in raised.value.message
    (added,) = raised.value.beside["operations"]  # type: ignore[misc]
    assert added["rows"] == [
        ["EUR", "USD", "historical", "", "", "Birch: Opening Balance Equity", ""]
    ]


def test_rates_of_quickbooks_are_counted_first_and_averaged_over_month_ends() -> None:
    group = Group()
    _rates(group, "EUR", {month: f"1.{month:02}" for month in range(1, 13)})
    of = group.asked_for(rates="quickbooks")
    asked = Asked((of["connection_id"], *of["others"]), of["dataset"], of["options"])
    assert group.exports.estimate(ANA, SHEET, asked).calls == 4 + 12
    step = group.start(rates="quickbooks", tabs=NO_TABS)
    assert step.calls == 4 + 12
    # The mean of 1.01 to 1.12.
    assert "EUR 1.065 average" in str(block(step)[3][0])


def test_a_rate_that_quickbooks_does_not_have_is_asked_for_in_the_tab() -> None:
    group = Group()
    _rates(group, "EUR", {month: "1.1" for month in range(1, 12)})
    with pytest.raises(RatesNeeded, match="EUR average 2025-01-01 to 2025-12-31"):
        group.start(rates="quickbooks", tabs=NO_TABS)


def _rates(group: Group, currency: str, by_month: dict[int, str]) -> None:
    ends = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    store = group.quickbooks.books.company(acme.REALM_ID).store
    for month, rate in by_month.items():
        store.add(
            "ExchangeRate",
            {
                "Id": f"rate-{month}",
                "SourceCurrencyCode": currency,
                "TargetCurrencyCode": "USD",
                "Rate": plain(Decimal(rate)),
                "AsOfDate": f"2025-{month:02}-{ends[month - 1]:02}",
            },
        )


@pytest.mark.parametrize(
    ("ids", "chosen", "words"),
    [
        ((ACME,), {}, "of two companies or more"),
        ((ACME, BIRCH), {"currency": "dollars"}, "the currency of the table"),
        ((ACME, BIRCH), {"match": "colour"}, '"match" of a consolidated table is'),
        ((ACME, BIRCH), {"options": {"compare": "previous_period"}}, 'no "compare"'),
        ((ACME, BIRCH), {"options": {"account_numbers": "shown"}}, 'no "account_numbers"'),
        ((BIRCH, CEDAR), {"rates": "quickbooks"}, "none of these has USD"),
        ((ACME, BIRCH), {"report": "general-ledger"}, "cannot be consolidated"),
    ],
)
def test_what_cannot_be_consolidated_is_refused_before_anything_is_asked(
    ids: tuple[str, ...], chosen: dict[str, Any], words: str
) -> None:
    group = Group()
    with pytest.raises(BadRequest, match=words):
        group.start(*ids, tabs=NO_TABS, **chosen)
    assert not group.quickbooks.asked


@pytest.mark.parametrize(
    ("tabs", "words"),
    [
        ({RATES: [["Currency"]]}, "Row 1 of the tab “Counterfoil rates” lacks the heading “Into”"),
        ({RATES: [RATE_HEADINGS, [*YEAR_RATE[:6], "a lot"]]}, "Row 2 .* for a rate"),
        ({RATES: [RATE_HEADINGS, ["EUR", "USD", "spot", "", "", "", "1"]]}, "has no kind"),
        ({ELIMINATIONS: [["Company"]]}, "lacks the heading"),
    ],
)
def test_a_tab_that_cannot_be_read_is_told_by_its_row(tabs: dict[str, Any], words: str) -> None:
    group = Group()
    with pytest.raises(BadRequest, match=words):
        group.start(tabs=WITH_RATE | tabs)
    assert not group.quickbooks.asked
