"""A report that QuickBooks cannot show, not in parts either: why, and what to choose instead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.core.errors import ReportTooLarge
from counterfoil.core.reports import ReportTable
from counterfoil.flows.choices import checked
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.report_parts import report_table

DAY = {"start_date": "2026-03-01", "end_date": "2026-03-01"}
MONTHS = {"end_date": "2026-03-31", "summarize_column_by": "Month"}


class TooMuch:
    """Of which nothing can be shown; counts what was asked."""

    def __init__(self) -> None:
        self.calls = 0

    def report(self, name: str, parameters: Mapping[str, str]) -> ReportTable:
        self.calls += 1
        raise ReportTooLarge("Unable to display more data.")


@pytest.mark.parametrize(
    ("report", "parameters", "words"),
    [
        (
            "sales-by-product",
            {"start_date": "2026-01-01", "end_date": "2026-12-31"},
            "QuickBooks cannot show Sales by Product or Service Summary in one piece, and of its "
            "parts average prices and percentages cannot be made: how QuickBooks rounds them it "
            "does not say. Choose a shorter range of dates, or some customers only.",
        ),
        (
            "profit-and-loss",
            DAY,
            "QuickBooks cannot show Profit and Loss even in parts. Choose a shorter range of "
            "dates, or some customers only.",
        ),
        (
            "profit-and-loss",
            DAY | {"adjusted_gain_loss": "true"},
            "QuickBooks cannot show Profit and Loss in one piece, and gains and losses worked out "
            "for its last day do not add up. Choose a shorter range of dates, or no adjustment "
            "for exchange gain or loss, or some customers only.",
        ),
        (
            "balance-sheet",
            MONTHS,
            "QuickBooks cannot show Balance Sheet in one piece, and balances of parts do not add "
            "up. Choose columns of the total, or some customers only.",
        ),
        (
            "trial-balance",
            {"end_date": "2026-03-31"},
            "QuickBooks cannot show Trial Balance in one piece, and balances of parts do not add "
            "up. Choose another day.",
        ),
        (
            "journal",
            DAY | {"sort_order": "descend"},
            "QuickBooks cannot show Journal in one piece, and parts do not follow each other in "
            "this order or in sections by time. Choose a shorter range of dates, or fewer "
            "columns, or the order by day without such sections.",
        ),
    ],
)
def test_why_and_what_to_choose_is_said(
    report: str, parameters: dict[str, str], words: str
) -> None:
    choice: Any = checked(catalog.report(report), {"parameters": parameters}, date(2026, 4, 1))
    assert isinstance(choice, ReportChoice)
    company = TooMuch()
    with pytest.raises(ReportTooLarge) as refused:
        report_table(company, choice, None, in_flight=1)  # type: ignore[arg-type]
    assert refused.value.message == words
    assert company.calls == 1
