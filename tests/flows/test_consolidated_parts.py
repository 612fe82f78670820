"""A company of a consolidated table whose report is too large for one answer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from counterfoil.core.consolidation_tabs import RATES
from counterfoil.core.errors import QuickBooksRejected, ReportTooLarge
from sandbox.intuit import birch
from tests.flows.consolidated_books import NO_TABS, RATE_HEADINGS, YEAR_RATE, Group, block
from tests.flows.export_fakes import ANA, SHEET
from tests.flows.several_books import ACME, BIRCH
from tests.sandbox.book_answers import NOW

WITH_RATE = {**NO_TABS, RATES: [RATE_HEADINGS, YEAR_RATE]}


@pytest.mark.parametrize("new_service", [False, True])
def test_its_profit_and_loss_is_read_in_parts_and_the_table_is_the_same(new_service: bool) -> None:
    group = Group()
    group.quickbooks.books.company(birch.REALM_ID).new_reports = new_service
    whole = block(group.start(tabs=WITH_RATE))
    group.quickbooks.too_large[birch.REALM_ID] = 3
    step = group.start(tabs=WITH_RATE)
    assert block(step) == whole
    # Three that were refused, four parts, whether somebody edited, the accounts; and Acme's.
    assert step.calls == 3 + 4 + 1 + 1 + 2
    assert step.proof is not None
    assert step.proof.verdict == "PASS"
    (_, acme), (_, cut) = step.proof.companies
    assert "parts" not in acme.why
    assert cut.why.endswith("QuickBooks sent it in 4 parts, by period.")


def test_all_dates_of_several_companies_take_rates_from_the_tab() -> None:
    group = Group()
    rates = [RATE_HEADINGS, ["EUR", "USD", "average", "", "", "", "1.1"]]
    step = group.start(tabs={**NO_TABS, RATES: rates}, options={"parameters": {}, "dates": "all"})
    assert block(step)[2][0] == "1900-01-01 to 2026-11-22"
    assert step.calls == 4


def test_a_company_that_was_overtaken_by_an_edit_goes_on_with_its_parts() -> None:
    group = Group()
    books = group.quickbooks.books.company(birch.REALM_ID)
    whole = block(group.start(tabs=WITH_RATE))
    group.quickbooks.too_large[birch.REALM_ID] = 1
    row = next(iter(books.store.all("Invoice")))

    def edited(at: datetime) -> None:
        books.update("Invoice", row["Id"], at, PrivateNote="again")

    group.quickbooks.between = lambda: edited(NOW)
    step = group.start(tabs=WITH_RATE)
    assert step.cursor is not None
    assert (step.wait_s, step.operations) == (6, ())
    group.quickbooks.between = lambda: edited(NOW - timedelta(hours=1))  # long before the parts
    group.world.time.seconds += 10
    last = group.exports.resume(ANA, SHEET, step.cursor, tabs=WITH_RATE)
    assert block(last) == whole
    assert last.calls - step.calls == 2 + 1 + 1 + 2  # nothing too large is asked for again


def test_parts_of_which_nobody_knows_whether_they_were_edited_are_no_pass() -> None:
    group = Group()
    group.quickbooks.too_large[birch.REALM_ID] = 1
    group.quickbooks.untold = QuickBooksRejected("QuickBooks says no.")
    step = group.start(tabs=WITH_RATE)
    assert step.proof is not None
    assert step.proof.verdict == "NOT CHECKED"
    assert step.proof.why.endswith("Whether somebody edited Birch meanwhile could not be asked.")


@pytest.mark.parametrize(
    ("report", "choice"),
    [
        ("balance-sheet", "Choose another day, or leave this company out"),
        ("trial-balance", "Choose another day, or leave this company out"),
    ],
)
def test_what_cannot_be_put_together_is_refused_with_the_choice_and_its_company(
    report: str, choice: str
) -> None:
    group = Group()
    closing = [
        ["EUR", "USD", "closing", "", "", "", "1.2"],
        ["EUR", "USD", "average", "", "", "", "1.1"],
    ]
    group.quickbooks.too_large[birch.REALM_ID] = 1
    with pytest.raises(ReportTooLarge, match=f"^Birch: .*{choice}") as refused:
        group.start(ACME, BIRCH, report=report, tabs={**NO_TABS, RATES: [RATE_HEADINGS, *closing]})
    assert refused.value.details["connection_id"] == BIRCH
