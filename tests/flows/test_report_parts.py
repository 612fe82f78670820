"""A report that QuickBooks cannot send in one piece: cut by period and joined to the cent."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.core.report_join import joined
from counterfoil.core.reports import parse
from sandbox.intuit.server import IntuitSandbox
from tests.core.test_report_join import answer, shown
from tests.flows.export_fakes import REALM
from tests.flows.report_parts import (
    BY_MONTH,
    UNABLE,
    YEAR,
    block,
    compared,
    profit_and_loss,
    started,
    world_over,
)


@pytest.mark.parametrize(("times", "parts"), [(1, 2), (3, 4), (5, 6)])
def test_what_cannot_be_sent_at_once_comes_in_parts_and_is_the_same_report(
    sandbox: IntuitSandbox, times: int, parts: int
) -> None:
    whole = block(profit_and_loss(world_over(sandbox), BY_MONTH))
    sandbox.inject(UNABLE, path="reports", times=times)
    step = profit_and_loss(world_over(sandbox), BY_MONTH)
    assert block(step) == whole
    assert step.calls == times + parts + 1  # and whether anything changed meanwhile
    assert step.proof is not None
    assert step.proof.verdict == "PASS"
    assert step.proof.why.endswith(f"QuickBooks sent it in {parts} parts, by period.")


LISTS = (
    *("general-ledger", "journal", "profit-and-loss-detail", "transactions"),
    *("transactions-by-customer", "transactions-by-vendor", "transactions-with-splits"),
)


@pytest.mark.parametrize("dataset", LISTS)
@pytest.mark.parametrize(("times", "parts"), [(1, 2), (3, 4)])
def test_a_report_of_transactions_comes_in_parts_and_is_the_same(
    sandbox: IntuitSandbox, dataset: str, times: int, parts: int
) -> None:
    days = YEAR | {"end_date": "2026-06-30"}
    whole = block(started(world_over(sandbox), dataset, days))
    assert len(whole) > 20
    sandbox.inject(UNABLE, path="reports", times=times)
    step = started(world_over(sandbox), dataset, days)
    assert block(step) == whole
    assert step.calls == times + parts + 1
    assert step.proof is not None
    assert step.proof.why.endswith(f"QuickBooks sent it in {parts} parts, by period.")


@pytest.mark.parametrize(("times", "parts"), [(1, 2), (3, 4)])
@pytest.mark.parametrize("basis", ["Accrual", "Cash"])
def test_a_profit_and_loss_of_one_column_is_the_sum_of_its_parts(
    sandbox: IntuitSandbox, times: int, parts: int, basis: str
) -> None:
    days = YEAR | {"accounting_method": basis}
    whole = block(started(world_over(sandbox), "profit-and-loss", days))
    sandbox.inject(UNABLE, path="reports", times=times)
    step = started(world_over(sandbox), "profit-and-loss", days)
    assert block(step) == whole
    assert step.calls == times + parts + 1
    assert step.proof is not None
    assert step.proof.verdict == "PASS"


@pytest.mark.parametrize("new_service", [False, True])
def test_columns_of_customers_who_are_not_in_every_part_are_added_by_their_ids(
    sandbox: IntuitSandbox, new_service: bool
) -> None:
    days = YEAR | {"summarize_column_by": "Customers"}
    company = sandbox.books.company(REALM)  # type: ignore[attr-defined]
    company.new_reports = new_service
    try:
        whole = block(started(world_over(sandbox), "profit-and-loss", days))
        sandbox.inject(UNABLE, path="reports", times=3)
        step = started(world_over(sandbox), "profit-and-loss", days)
    finally:
        company.new_reports = False
    assert said(block(step)) == said(whole)
    assert step.calls == 3 + 4 + 1


def said(rows: list[list[Any]]) -> dict[Any, dict[Any, Any]]:
    """By line and column, whatever their order; nothing is 0."""
    titles = rows[4]
    return {row[0]: {at: it or 0 for at, it in zip(titles, row, strict=True)} for row in rows[5:]}


# A column may begin or end in the middle, as at both ends of these; cut where none ends, the parts
# are asked for once more.
@pytest.mark.parametrize(
    ("by", "start", "end", "calls"),
    [
        ("Quarter", "2025-07-01", "2026-06-30", 1 + 2 + 2),
        ("Quarter", "2025-07-01", "2025-12-31", 1 + 2),
        ("Quarter", "2025-05-15", "2026-08-10", 1 + 2 + 2),
        ("Year", "2025-01-01", "2026-12-31", 1 + 2),
        ("Year", "2025-01-01", "2026-03-31", 1 + 2 + 2),
    ],
)
def test_quarters_and_years_are_cut_where_the_answers_show_that_they_end(
    sandbox: IntuitSandbox, by: str, start: str, end: str, calls: int
) -> None:
    asked = {"start_date": start, "end_date": end, "summarize_column_by": by}
    whole = block(profit_and_loss(world_over(sandbox), asked))
    sandbox.inject(UNABLE, path="reports")
    step = profit_and_loss(world_over(sandbox), asked)
    assert block(step) == whole
    assert step.calls == calls + 1


@pytest.mark.parametrize(
    "dataset",
    [
        *("sales-by-customer", "sales-by-class", "sales-by-location", "income-by-customer"),
        *("expenses-by-vendor", "cash-flow"),
    ],
)
def test_a_report_of_sums_over_a_period_is_the_sum_of_its_parts(
    sandbox: IntuitSandbox, dataset: str
) -> None:
    days = {"start_date": "2025-01-01", "end_date": "2026-06-30"}
    whole = block(started(world_over(sandbox), dataset, days))
    sandbox.inject(UNABLE, path="reports", times=3)
    step = started(world_over(sandbox), dataset, days)
    assert block(step) == whole
    assert step.calls == 3 + 4 + 1


def test_a_period_of_a_comparison_comes_in_parts_and_is_the_same(sandbox: IntuitSandbox) -> None:
    whole = block(compared(world_over(sandbox)))
    sandbox.inject(UNABLE, path="reports", times=2)
    step = compared(world_over(sandbox))
    assert block(step) == whole
    assert step.calls == 2 + 2 * (2 + 1)
    assert step.proof is not None
    assert step.proof.why.endswith("QuickBooks sent it in 4 parts, by period.")


@settings(deadline=None, max_examples=30)
@given(cuts=st.sets(st.integers(1, 11), min_size=1))
def test_wherever_a_year_is_cut_its_parts_give_the_report_of_the_year(cuts: set[int]) -> None:
    months = [f"2026-{month:02}" for month in range(1, 13)]
    accounts = {
        "1 Fees": [f"{n}.01" if n % 2 else "" for n in range(12)],
        "2 Rent": [f"{n}.10" if 3 < n < 6 else "" for n in range(12)],
        "3 Tips": [f"{n}.33" if n % 5 == 0 else "" for n in range(12)],
    }
    edges = [0, *sorted(cuts), 12]
    parts = [
        parse(
            answer(
                *months[start:end],
                **{
                    name: amounts[start:end]
                    for name, amounts in accounts.items()
                    if any(amounts[start:end])
                },
            )
        )
        for start, end in itertools.pairwise(edges)
    ]
    assert shown(joined(parts)) == shown(parse(answer(*months, **accounts)))
