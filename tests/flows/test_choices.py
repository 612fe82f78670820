from __future__ import annotations

from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.core.errors import BadRequest
from counterfoil.flows.choices import ReportChoice, chosen

BALANCE_SHEET = catalog.report("balance-sheet")
PROFIT_AND_LOSS = catalog.report("profit-and-loss")


def choice(report: Any, **parameters: str) -> ReportChoice:
    found = chosen(report, {"parameters": parameters})
    assert isinstance(found, ReportChoice)
    return found


def test_a_report_as_of_a_day_is_sent_with_both_dates_and_kept_with_the_one_chosen() -> None:
    found = choice(BALANCE_SHEET, end_date="2026-10-31", accounting_method="Cash")
    assert found.parameters == {
        "start_date": "2026-01-01",
        "end_date": "2026-10-31",
        "accounting_method": "Cash",
    }
    # What is kept can be given another day later, without a first day that is left behind.
    assert found.options == {
        "parameters": {"end_date": "2026-10-31", "accounting_method": "Cash"},
    }
    assert chosen(BALANCE_SHEET, found.options) == found


@pytest.mark.parametrize("start", [{}, {"start_date": "2026-02-01"}])
def test_its_period_is_a_day(start: dict[str, str]) -> None:
    assert choice(BALANCE_SHEET, end_date="2026-10-31", **start).period == "As of 2026-10-31"


def test_the_period_of_other_reports_is_a_range() -> None:
    found = choice(PROFIT_AND_LOSS, start_date="2026-01-01", end_date="2026-01-31")
    assert found.period == "2026-01-01 to 2026-01-31"
    assert found.parameters == found.options["parameters"]


def test_the_layout_of_a_report_is_kept_when_it_is_not_the_usual_one() -> None:
    days = {"start_date": "2026-01-01", "end_date": "2026-01-31"}
    report = catalog.report("profit-and-loss")
    usual = chosen(report, {"parameters": days, "layout": "printed"})
    tidy = chosen(report, {"parameters": days, "layout": "tidy"})
    assert isinstance(usual, ReportChoice)
    assert isinstance(tidy, ReportChoice)
    assert (usual.layout, usual.options) == ("printed", {"parameters": days})
    assert (tidy.layout, tidy.options) == ("tidy", {"parameters": days, "layout": "tidy"})


@pytest.mark.parametrize(
    ("dataset", "layout", "why"),
    [
        (catalog.report("profit-and-loss"), "pretty", '"printed" or "tidy"'),
        (catalog.report("profit-and-loss"), ["tidy"], '"printed" or "tidy"'),
        (catalog.entity("invoices"), "tidy", "one layout only"),
    ],
)
def test_a_layout_that_is_none_is_refused(dataset: Any, layout: Any, why: str) -> None:
    days = {"start_date": "2026-01-01", "end_date": "2026-01-31"}
    parameters = days if dataset.key == "profit-and-loss" else {}
    with pytest.raises(BadRequest, match=why):
        chosen(dataset, {"parameters": parameters, "layout": layout})
