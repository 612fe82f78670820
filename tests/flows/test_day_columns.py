"""Columns by day or week, of which QuickBooks' migrated service shows a hundred days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.core.errors import BadRequest, ReportTooLarge
from counterfoil.core.report_cuts import pieces
from counterfoil.core.reports import ReportTable
from counterfoil.flows.choices import checked
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.report_parts import Joined, report_table
from sandbox.intuit import acme
from sandbox.intuit.books import DemoBooks
from tests.flows.both_services import books, service
from tests.flows.tie_asking import Asking

__all__ = ["books", "service"]
TODAY = date(2026, 11, 22)


@dataclass
class Unedited(Asking):
    """`large` of its answers are too large."""

    large: int = 0

    def report(self, name: str, params: Mapping[str, str]) -> ReportTable:
        self.large -= 1
        if self.large >= 0:
            raise ReportTooLarge("Unable to display more data.")
        return super().report(name, params)

    def cdc(self, entities: Sequence[str], since: datetime) -> bytes:
        self.asked.append(("cdc", {}))
        return b'{"CDCResponse": [{"QueryResponse": []}]}'


def choice_of(report: str, start: str, end: str, by: str) -> ReportChoice:
    days = {"start_date": start, "end_date": end, "summarize_column_by": by}
    found = checked(catalog.report(report), {"parameters": days}, TODAY)
    assert isinstance(found, ReportChoice)
    return found


def read(books: DemoBooks, choice: ReportChoice, large: int = 0) -> tuple[Joined, list[Any]]:
    asking = Unedited(books, acme.REALM_ID, large=large)
    found = report_table(asking, choice, None, in_flight=4)  # type: ignore[arg-type]
    return found, asking.asked


def amounts(table: ReportTable) -> dict[str, list[Any]]:
    """By label: the migrated service promises no order of rows, and shows nothing for 0."""
    return {line.label: [value or 0 for value in line.values[1:]] for line in table.lines}


def test_days_are_asked_for_a_hundred_at_a_time() -> None:
    assert pieces((date(2026, 1, 1), date(2026, 4, 10)), "Days") == [
        (date(2026, 1, 1), date(2026, 4, 10))
    ]
    assert pieces((date(2026, 1, 1), date(2026, 8, 1)), "Days") == [
        (date(2026, 1, 1), date(2026, 4, 10)),
        (date(2026, 4, 11), date(2026, 7, 19)),
        (date(2026, 7, 20), date(2026, 8, 1)),
    ]
    assert pieces((date(1900, 1, 1), TODAY), "Month") == [(date(1900, 1, 1), TODAY)]


@pytest.mark.parametrize("report", ["profit-and-loss", "sales-by-customer"])
def test_more_days_than_have_columns_stand_beside_each_other_all_the_same(
    service: DemoBooks, report: str
) -> None:
    found, asked = read(service, choice_of(report, "2026-01-01", "2026-06-30", "Days"))
    days = [column for column in found.table.columns if column.start]
    assert (len(days), days[0].key, days[-1].key) == (181, "Days 2026-01-01", "Days 2026-06-30")
    assert len(found.table.columns) == 183  # names before, the total behind
    assert len(asked) == 3  # two parts, and whether somebody edited
    whole, _ = read(service, choice_of(report, "2026-01-01", "2026-06-30", "Total"))
    totals = {label: values[-1:] for label, values in amounts(found.table).items()}
    assert totals == amounts(whole.table)


def test_weeks_are_cut_where_one_ends(service: DemoBooks) -> None:
    choice = choice_of("profit-and-loss", "2026-01-01", "2026-06-30", "Week")
    whole, _ = read(service, choice)
    cut, _ = read(service, choice, large=1)
    assert (cut.parts, amounts(cut.table)) == (2, amounts(whole.table))
    assert [each.key for each in cut.table.columns] == [each.key for each in whole.table.columns]
    assert whole.table.columns[1].key == "Week 2025-12-28"


@pytest.mark.parametrize(
    ("report", "start", "end", "why"),
    [
        ("balance-sheet", "2026-01-01", "2026-04-11", "more than 100 days .* these are 101"),
        ("cash-flow", "2026-01-01", "2026-12-31", "columns by week or month"),
        ("profit-and-loss", "2010-01-01", "2026-12-31", "more than 4,000 days"),
    ],
)
def test_days_that_cannot_be_put_together_are_refused_before_anything_is_asked(
    report: str, start: str, end: str, why: str
) -> None:
    with pytest.raises(BadRequest, match=why) as refused:
        choice_of(report, start, end, "Days")
    assert refused.value.details["option"] == "summarize_column_by"
