"""Reports of transactions in parts, each of some days: joined to what one answer says, or refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil import catalog
from counterfoil.core import ties
from counterfoil.core.errors import IncompleteRead
from counterfoil.core.line_join import LISTS, follow_each_other, joined_lines
from counterfoil.core.proof import Verdict
from counterfoil.core.report_sums import summed
from counterfoil.core.reports import ReportTable, parse
from sandbox.intuit import acme, birch, cedar
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.companies import demo_books
from tests.flows.generated_books import EVENTS, FISCAL_MONTHS, Event, company
from tests.flows.tie_asking import Asking

KEYS = (
    *("general-ledger", "journal", "profit-and-loss-detail", "transactions"),
    *("transactions-by-customer", "transactions-by-vendor", "transactions-with-splits"),
)
REALMS = {"acme": acme.REALM_ID, "birch": birch.REALM_ID, "cedar": cedar.REALM_ID}


@pytest.fixture(scope="module")
def books() -> DemoBooks:
    return demo_books()


def of_days(asking: Asking, key: str, start: date, end: date, **more: str) -> ReportTable:
    report = catalog.report(key)
    days = {"start_date": start.isoformat(), "end_date": end.isoformat()}
    return asking.report(report.report, {**days, **more})


def parts(
    asking: Asking, key: str, start: date, end: date, cuts: Sequence[date], **more: str
) -> list[ReportTable]:
    """`cuts` are first days of parts."""
    firsts = [start, *cuts]
    lasts = [*(cut - timedelta(days=1) for cut in cuts), end]
    return [of_days(asking, key, *days, **more) for days in zip(firsts, lasts, strict=True)]


def said(table: ReportTable) -> list[tuple[Any, ...]]:
    """All of it by key; zero shows as nothing in newer answers."""
    return sorted(
        (
            (
                line.key,
                line.kind,
                line.depth,
                line.label,
                line.ids,
                [v or None for v in line.values],
            )
            for line in table.lines
        ),
        key=lambda each: each[0],
    )


@pytest.mark.parametrize("is_new", [False, True], ids=["as it was", "migrated"])
@pytest.mark.parametrize("realm", REALMS.values(), ids=REALMS.keys())
@pytest.mark.parametrize("key", KEYS)
def test_three_parts_of_a_quarter_are_the_report_of_the_quarter(
    books: DemoBooks, key: str, realm: str, is_new: bool
) -> None:
    asking = Asking(books, realm)
    quarter = (date(2026, 1, 1), date(2026, 3, 31))
    cuts = [date(2026, 1, 21), date(2026, 2, 15)]
    books.company(realm).new_reports = is_new
    try:
        whole = of_days(asking, key, *quarter)
        found = joined_lines(parts(asking, key, *quarter, cuts))
    finally:
        books.company(realm).new_reports = False
    assert len(whole.lines) > 10
    assert said(found) == said(whole)
    assert (found.start, found.end, found.columns) == (whole.start, whole.end, whole.columns)


DAYS = st.dates(date(2025, 1, 2), date(2026, 3, 31))


@settings(deadline=None, max_examples=40)
@given(
    EVENTS,
    FISCAL_MONTHS,
    st.sets(DAYS, min_size=1, max_size=3),
    st.sampled_from(KEYS),
    st.booleans(),
)
def test_whatever_is_in_the_books_parts_give_the_same_or_are_refused(
    events: list[Event], month: int, cuts: set[date], key: str, is_new: bool
) -> None:
    made = company(events, month)
    made.new_reports = is_new
    asking = Asking(DemoBooks([made]), birch.REALM_ID)
    days = (date(2025, 1, 1), date(2026, 3, 31))
    try:
        found = joined_lines(parts(asking, key, *days, sorted(cuts)))
    except IncompleteRead as error:
        # Only a ledger carries balances, and what a year has earned moves when it is closed.
        words = error.message if key == "general-ledger" else ""
        refused = "a fiscal year ends between them" in words
    else:
        refused = False
    if refused:
        return
    whole = of_days(asking, key, *days)
    assert said(found) == said(whole)


def test_a_ledger_whose_parts_begin_with_another_balance_is_refused(books: DemoBooks) -> None:
    asking, cut = Asking(books, acme.REALM_ID), date(2026, 2, 1)
    one, other = parts(asking, "general-ledger", date(2026, 1, 1), date(2026, 2, 28), [cut])
    later = of_days(asking, "general-ledger", date(2026, 2, 10), date(2026, 2, 28))
    assert joined_lines([one, other]).lines
    with pytest.raises(IncompleteRead, match="balances of its parts do not follow each other"):
        joined_lines([one, later])


def test_other_columns_or_no_column_of_days_do_not_fit(books: DemoBooks) -> None:
    asking, days = Asking(books, acme.REALM_ID), (date(2026, 1, 1), date(2026, 1, 31))
    plain = of_days(asking, "general-ledger", *days)
    amounts = of_days(asking, "general-ledger", *days, columns="name,subt_nat_amount")
    for pair in ([plain, amounts], [amounts, amounts]):
        with pytest.raises(IncompleteRead, match="its parts do not fit together"):
            joined_lines(pair)


def test_a_part_with_lines_but_without_the_total_of_all_does_not_fit(books: DemoBooks) -> None:
    asking, days = Asking(books, acme.REALM_ID), (date(2026, 1, 1), date(2026, 1, 31))
    answer = json.loads(
        asking.answer("ProfitAndLossDetail", {"start_date": str(days[0]), "end_date": str(days[1])})
    )
    whole = parse(answer)
    answer["Rows"]["Row"].pop()
    with pytest.raises(IncompleteRead, match="its parts do not fit together"):
        joined_lines([whole, parse(answer)])
    answer["Rows"] = {}
    assert said(joined_lines([whole, parse(answer)])) == said(whole)


@pytest.mark.parametrize(
    ("parameters", "follow"),
    [
        ({}, True),
        ({"sort_by": "tx_date", "sort_order": "ascend", "group_by": "Customer"}, True),
        ({"sort_by": "name"}, False),
        ({"sort_order": "descend"}, False),
        ({"group_by": "Fiscal Quarter"}, False),
        ({"group_by": "Month"}, False),
        ({"summarize_column_by": "Month"}, False),
    ],
)
def test_parts_follow_each_other_where_lines_stand_by_day(
    parameters: dict[str, str], follow: bool
) -> None:
    assert follow_each_other(parameters) is follow


def test_every_report_that_is_cut_is_one_of_transactions() -> None:
    reports = [each for each in catalog.REPORTS if each.report in LISTS]
    assert {each.report for each in reports} == LISTS
    assert all(each.is_detail and not each.as_of for each in reports)


@settings(deadline=None, max_examples=30)
@given(EVENTS, FISCAL_MONTHS, st.sets(DAYS, min_size=1, max_size=3), st.booleans())
def test_a_profit_and_loss_of_one_column_is_the_sum_of_its_parts_or_does_not_add_up(
    events: list[Event], month: int, cuts: set[date], is_new: bool
) -> None:
    made = company(events, month)
    made.new_reports = is_new
    asking = Asking(DemoBooks([made]), birch.REALM_ID)
    days = (date(2025, 1, 1), date(2026, 3, 31))
    whole = of_days(asking, "profit-and-loss", *days)
    found = summed(parts(asking, "profit-and-loss", *days, sorted(cuts)))
    if ties.proof(found).verdict is not Verdict.FAIL:
        assert amounts(found) == amounts(whole)


def amounts(table: ReportTable) -> dict[str, Any]:
    return {line.key: line.values[1] for line in table.lines if line.values[1]}
