"""All dates of a report: everything up to today, asked for by days, in parts where it is much."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.core.errors import BadRequest
from counterfoil.core.report_cuts import halves
from counterfoil.flows.asking import Asked
from counterfoil.flows.choices import checked
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.steps import Step
from sandbox.intuit.server import IntuitSandbox
from tests.flows.export_fakes import ANA, CONNECTION, REALM, SHEET
from tests.flows.report_parts import UNABLE, block, world_over

TODAY = date(2026, 11, 22)
ALL: dict[str, Any] = {"dates": "all"}
BY_MONTH = {"parameters": {"summarize_column_by": "Month"}}
BY_YEAR = {**ALL, "parameters": {"summarize_column_by": "Year"}}
WITH_RATES = {"consolidate": {"currency": "USD", "rates": "quickbooks"}}


def test_all_dates_are_sent_as_days_that_end_today_and_kept_by_their_name() -> None:
    found = checked(catalog.report("profit-and-loss"), ALL, TODAY)
    assert isinstance(found, ReportChoice)
    assert found.parameters == {"start_date": "1900-01-01", "end_date": "2026-11-22"}
    assert found.options == {"parameters": {}, "dates": "all"}
    assert found.period == "All dates: Until 2026-11-22"


def test_a_report_of_a_period_takes_all_dates_and_its_form_offers_them() -> None:
    offered = {each["key"] for each in catalog.forms()["reports"] if each["all_dates"]}
    assert offered == {
        *("profit-and-loss", "profit-and-loss-detail", "cash-flow", "general-ledger", "journal"),
        *("sales-by-customer", "sales-by-product", "sales-by-class", "sales-by-location"),
        *("income-by-customer", "expenses-by-vendor", "inventory-valuation-detail"),
        *("transactions", "transactions-by-customer", "transactions-by-vendor"),
        *("transactions-with-splits", "account-list", "general-ledger-fr", "journal-fr"),
    }
    for report in catalog.REPORTS:
        if report.key in offered:
            assert checked(report, ALL, TODAY).options == {"parameters": {}, **ALL}


@pytest.mark.parametrize(
    ("report", "more", "why"),
    [
        ("balance-sheet", {}, "Balance Sheet is of one day. Choose it, such as today"),
        ("budget-against-actual", {}, "is of one period. Choose a range of dates"),
        ("tax-summary", {"parameters": {"agency_id": "1"}}, "is of one period"),
        ("profit-and-loss", BY_MONTH, "or columns by year or of the total"),
        ("profit-and-loss", {"compare": "previous_period"}, "nothing to compare with"),
        ("profit-and-loss", WITH_RATES, "or rates from the tab"),
    ],
)
def test_where_all_dates_mean_nothing_the_choice_is_said(
    report: str, more: dict[str, Any], why: str
) -> None:
    with pytest.raises(BadRequest, match=why) as refused:
        checked(catalog.report(report), ALL | more, TODAY)
    assert refused.value.details["option"] == "dates"


def test_days_in_which_there_is_little_are_cut_off_first() -> None:
    first, last = halves((date(1900, 1, 1), TODAY), "Days") or ()
    assert first == (date(1900, 1, 1), date(2000, 12, 31))
    assert last == (date(2001, 1, 1), TODAY)
    assert halves(last, "Days") == (
        (date(2001, 1, 1), date(2013, 12, 11)),
        (date(2013, 12, 12), TODAY),
    )


@pytest.fixture(params=["as it was", "migrated"])
def service(request: pytest.FixtureRequest, sandbox: IntuitSandbox) -> Iterator[IntuitSandbox]:
    company = sandbox.books.company(REALM)  # type: ignore[attr-defined]
    company.new_reports = request.param == "migrated"
    yield sandbox
    company.new_reports = False


@pytest.mark.parametrize("dataset", ["profit-and-loss", "transactions"])
def test_all_dates_in_parts_are_the_same_report(service: IntuitSandbox, dataset: str) -> None:
    def run() -> Any:
        return world_over(service).exports.start(
            *(ANA, SHEET),
            connection_id=CONNECTION,
            dataset=catalog.report(dataset),
            options=ALL,
            tab=None,
        )

    whole = run()
    assert (whole.calls, len(block(whole)) > 20) == (1, True)
    service.inject(UNABLE, path="reports", times=3)
    parts = run()
    assert block(parts) == block(whole)
    assert parts.calls == 3 + 4 + 1


def test_all_dates_by_year_begin_with_the_first_year_in_which_there_is_something(
    service: IntuitSandbox,
) -> None:
    def run() -> Step:
        return world_over(service).exports.start(
            *(ANA, SHEET),
            connection_id=CONNECTION,
            dataset=catalog.report("profit-and-loss"),
            options=BY_YEAR,
            tab=None,
        )

    step = run()
    rows = block(step)
    shown = world_over(service).exports.preview(
        *(ANA, SHEET), Asked((CONNECTION,), catalog.report("profit-and-loss"), BY_YEAR)
    )
    assert (shown.columns, shown.note) == (rows[4], "")
    assert rows[4][:2] == ["", "Jan - Dec 2025"]
    assert rows[4][-1] == "Total"
    net = next(row for row in rows if row[0] == "Net Income")
    assert net[-1] == pytest.approx(sum(net[1:-1]))
    assert step.proof is not None
    assert step.proof.verdict == "PASS"
    service.inject(UNABLE, path="reports", times=2)
    parts = block(run())
    assert {row[0]: row[-1] for row in parts} == {row[0]: row[-1] for row in rows}
    assert parts[4] == rows[4]
