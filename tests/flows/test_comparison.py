"""Periods beside each other, against the sandbox's books read period by period."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.catalog.report_balances import (
    CUSTOMER_BALANCE,
    PAYABLES,
    RECEIVABLES,
    VENDOR_BALANCE,
)
from counterfoil.catalog.report_books import TRIAL_BALANCE
from counterfoil.core.datasets import Report
from counterfoil.core.errors import BadRequest, IncompleteRead
from counterfoil.core.proof import Verdict
from counterfoil.flows.choices import chosen
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.report_estimates import of_report
from counterfoil.flows.report_read import fetched
from sandbox.intuit import acme
from sandbox.intuit.books import DemoBooks
from tests.flows.both_services import Books, books, service
from tests.flows.test_live_totals import computed, reading, rows_of
from tests.flows.tie_asking import Asking, choice_of

__all__ = ["books", "service"]

MARCH = {"start_date": "2026-03-01", "end_date": "2026-03-31"}
FEBRUARY = {"start_date": "2026-02-01", "end_date": "2026-02-28"}
JANUARY = {"start_date": "2026-01-01", "end_date": "2026-01-31"}
QUARTER = {"start_date": "2026-01-01", "end_date": "2026-03-31"}
LAST_QUARTER = {"start_date": "2025-10-01", "end_date": "2025-12-31"}
LAST_MARCH = {"start_date": "2025-03-01", "end_date": "2025-03-31"}
TO_DATE = {"start_date": "2026-03-01", "end_date": "2026-03-20"}
LAST_TO_DATE = {"start_date": "2025-03-01", "end_date": "2025-03-20"}
PREVIOUS: dict[str, Any] = {"compare": "previous_period"}
LAST_YEAR: dict[str, Any] = {"compare": "same_period_last_year"}


def amounts(books: DemoBooks, key: str, days: Mapping[str, str]) -> dict[str, Any]:
    """Of each line of a report of one period, by name."""
    return {row[0]: row[1] or 0 for row in rows_of(reading(books, key, days))[5:]}


@pytest.mark.parametrize(
    ("key", "days", "options", "before", "calls"),
    [
        ("profit-and-loss", MARCH, PREVIOUS, [FEBRUARY], 1),
        ("profit-and-loss", MARCH, {**PREVIOUS, "periods": 2}, [FEBRUARY, JANUARY], 1),
        ("profit-and-loss", MARCH, LAST_YEAR, [LAST_MARCH], 1),
        ("profit-and-loss", QUARTER, PREVIOUS, [LAST_QUARTER], 1),
        ("profit-and-loss", TO_DATE, LAST_YEAR, [LAST_TO_DATE], 2),
        ("balance-sheet", {"end_date": "2026-03-31"}, PREVIOUS, [{"end_date": "2026-02-28"}], 1),
        ("balance-sheet", {"end_date": "2026-03-31"}, LAST_YEAR, [{"end_date": "2025-03-31"}], 1),
        ("balance-sheet", {"end_date": "2026-03-20"}, LAST_YEAR, [{"end_date": "2025-03-20"}], 2),
        ("cash-flow", MARCH, PREVIOUS, [FEBRUARY], 2),
        ("sales-by-customer", MARCH, {**PREVIOUS, "periods": 2}, [FEBRUARY, JANUARY], 1),
        ("sales-by-customer", TO_DATE, LAST_YEAR, [LAST_TO_DATE], 2),
        ("sales-by-class", QUARTER, PREVIOUS, [LAST_QUARTER], 1),
        ("sales-by-location", MARCH, LAST_YEAR, [LAST_MARCH], 1),
        ("expenses-by-vendor", QUARTER, LAST_YEAR, [{"start_date": "2025-01-01", "end_date": "2025-03-31"}], 1),
    ],
)  # fmt: skip
def test_each_period_says_what_its_own_report_says(
    service: DemoBooks,
    key: str,
    days: Mapping[str, str],
    options: Mapping[str, Any],
    before: list[Mapping[str, str]],
    calls: int,
) -> None:
    company = Books(service)
    read = reading(company, key, days, **options)
    assert len(company.asked) == calls
    choice = chosen(catalog.report(key), {"parameters": dict(days), **options})
    assert isinstance(choice, ReportChoice)
    assert of_report(choice).calls == calls
    assert read.proof.verdict is not Verdict.FAIL, read.proof.why
    rows = {row[0]: row[1:] for row in rows_of(read)[5:]}
    for place, period in enumerate([days, *before]):
        at = 0 if place == 0 else 3 * place - 2
        alone = amounts(service, key, period)
        lines = {name: row[at] or 0 for name, row in rows.items()}
        assert {n: v for n, v in lines.items() if v} == {n: v for n, v in alone.items() if v}
        if place == 0:
            continue
        for row in rows.values():
            now, then, change, percent = row[0] or 0, row[at] or 0, row[at + 1], row[at + 2]
            assert round(now - then, 2) == (change or 0)
            assert (percent == "") == (not then)
            if then:
                assert percent == pytest.approx(change / abs(then), abs=1e-6)


@pytest.mark.parametrize(("days", "calls"), [(MARCH, 1), (QUARTER, 2)], ids=["month", "quarter"])
def test_months_with_gains_worked_out_for_their_last_day_are_not_added_up(
    books: DemoBooks, days: Mapping[str, str], calls: int
) -> None:
    company = Books(books)
    gains = {**days, "adjusted_gain_loss": "true"}
    reading(company, "profit-and-loss", gains, **PREVIOUS)
    assert len(company.asked) == calls
    choice = chosen(catalog.report("profit-and-loss"), {"parameters": gains, **PREVIOUS})
    assert isinstance(choice, ReportChoice)
    assert of_report(choice).calls == calls


def test_a_comparison_says_what_it_compares(books: DemoBooks) -> None:
    read = reading(books, "profit-and-loss", MARCH, **PREVIOUS)
    header = json.loads(read.layout.header.text)
    assert header[2][0] == "2026-03-01 to 2026-03-31, compared with Feb 2026"
    assert header[4] == ["", "Mar 2026", "Feb 2026", "Change from Feb 2026", "Change %"]
    assert read.layout.keys == (
        *("account", "total", "previous-1", "previous-1/change", "previous-1/percent"),
    )
    assert read.layout.columns[4].as_json() == {"kind": "number", "pattern": "0.0%;(0.0%)"}
    assert read.layout.sums == ((1, 2), (2, 2), (3, 2))
    state = reading(books, "balance-sheet", {"end_date": "2026-03-31"}, **LAST_YEAR)
    header = json.loads(state.layout.header.text)
    assert header[2][0] == "As of 2026-03-31, compared with 2025-03-31"
    assert header[4][1:4] == ["2026-03-31", "2025-03-31", "Change from 2025-03-31"]


def test_the_keys_of_columns_do_not_move_with_the_calendar(books: DemoBooks) -> None:
    one, other = (
        reading(books, "profit-and-loss", days, **PREVIOUS).layout.keys
        for days in (MARCH, FEBRUARY)
    )
    assert one == other


def test_live_totals_of_a_comparison_come_to_the_same(books: DemoBooks) -> None:
    read = reading(books, "profit-and-loss", MARCH, totals="formulas", **PREVIOUS)
    found = computed(read)
    assert len(found) > 15
    assert [mine for mine, _ in found] == [said for _, said in found]
    assert {total.column for total in read.totals} == {1, 2, 3}


def test_a_tidy_comparison_has_a_row_for_each_period_and_change(books: DemoBooks) -> None:
    read = reading(books, "profit-and-loss", MARCH, layout="tidy", **PREVIOUS)
    titles, *rows = rows_of(read)
    named = [dict(zip(titles, row, strict=True)) for row in rows]
    net = [row for row in named if row["Name"] == "Net Income"]
    assert [row["Column"] for row in net] == ["Mar 2026", "Feb 2026", "Change from Feb 2026"]
    assert round(net[0]["Amount"] - net[1]["Amount"], 2) == net[2]["Amount"]


class Several(Books):
    """Answers with two lines of the same name."""

    def answer(self, name: str, params: Mapping[str, str]) -> bytes:
        report = json.loads(super().answer(name, params))
        lines = report["Rows"]["Row"]
        for line in lines[:2]:
            line["ColData"][0] = {"value": "Somebody"}
        return json.dumps(report).encode()


def test_lines_that_cannot_be_told_apart_are_not_put_beside_each_other(books: DemoBooks) -> None:
    with pytest.raises(IncompleteRead, match="fit"):
        reading(Several(books), "sales-by-customer", TO_DATE, **PREVIOUS)


@pytest.mark.parametrize(
    ("key", "options", "why"),
    [
        ("profit-and-loss", {"compare": "budget"}, '"compare" of a report is'),
        ("profit-and-loss", {"periods": 2}, '"periods" is for a comparison'),
        ("profit-and-loss", {**PREVIOUS, "periods": 0}, "1 to 12"),
        ("profit-and-loss", {**PREVIOUS, "periods": 13}, "1 to 12"),
        ("profit-and-loss", {**PREVIOUS, "periods": True}, "1 to 12"),
        ("general-ledger", PREVIOUS, "cannot be compared .*: its lines are transactions"),
        ("business-activity-statement", PREVIOUS, "cannot be compared .*: it is a form of an"),
        ("budget-against-actual", PREVIOUS, "cannot be compared .*: it is made of several"),
        ("invoices", PREVIOUS, 'have no "compare" to choose'),
    ],
)
def test_a_comparison_that_cannot_be_is_refused(
    key: str, options: Mapping[str, Any], why: str
) -> None:
    dataset = catalog.entity(key) if key == "invoices" else catalog.report(key)
    names = {parameter.key for parameter in getattr(dataset, "parameters", ())}
    given = {name: day for name, day in MARCH.items() if name in names}
    with pytest.raises(BadRequest, match=why):
        chosen(dataset, {"parameters": given, **options})


def test_columns_by_month_are_not_compared() -> None:
    by_month = {**MARCH, "summarize_column_by": "Month"}
    with pytest.raises(BadRequest, match="it has columns by something else"):
        chosen(catalog.report("profit-and-loss"), {"parameters": by_month, **PREVIOUS})


class Spoiled(Books):
    """Answers whose first name has another amount in the first month than its total says."""

    def answer(self, name: str, params: Mapping[str, str]) -> bytes:
        report = json.loads(super().answer(name, params))
        report["Rows"]["Row"][0]["ColData"][1]["value"] = "999999.99"
        return json.dumps(report).encode()


def test_months_beside_each_other_are_held_to_their_totals(books: DemoBooks) -> None:
    read = reading(books, "sales-by-customer", MARCH, **PREVIOUS)
    assert read.proof.verdict is Verdict.PASS
    with pytest.raises(IncompleteRead, match="are not the sum of their lines"):
        reading(Spoiled(books), "sales-by-customer", MARCH, **PREVIOUS)


def test_there_is_nothing_before_the_first_year() -> None:
    days = {"start_date": "0001-01-01", "end_date": "0001-01-31"}
    with pytest.raises(BadRequest):
        chosen(catalog.report("profit-and-loss"), {"parameters": days, **LAST_YEAR})


def test_what_is_compared_is_kept_with_the_exporter() -> None:
    given = {"parameters": MARCH, **PREVIOUS, "periods": 3}
    kept = chosen(catalog.report("profit-and-loss"), given).options
    assert kept == given
    assert chosen(catalog.report("profit-and-loss"), kept).options == kept


DAY, MONTH_BEFORE = "2026-03-31", "2026-02-28"
# Columns of percentages, which QuickBooks sends as texts, and of stock numbers.
TEXTS = {"sales-by-product": ["total#3", "total#7"], "inventory-valuation": ["total"]}
SEVERAL = {
    "trial-balance": ({"end_date": DAY}, {"end_date": MONTH_BEFORE}),
    "ar-aging-summary": ({"report_date": DAY}, {"report_date": MONTH_BEFORE}),
    "ap-aging-summary": ({"report_date": DAY}, {"report_date": MONTH_BEFORE}),
    "inventory-valuation": ({"report_date": DAY}, {"report_date": MONTH_BEFORE}),
    "sales-by-product": (MARCH, FEBRUARY),
    "income-by-customer": (MARCH, FEBRUARY),
}


def lines_of(books: DemoBooks, key: str, days: Mapping[str, str], **options: Any) -> Any:
    choice = chosen(catalog.report(key), {"parameters": days, **options})
    assert isinstance(choice, ReportChoice)
    return fetched(Books(books), choice, in_flight=2).table  # type: ignore[arg-type]


@pytest.mark.parametrize(("key", "days"), SEVERAL.items(), ids=SEVERAL.keys())
def test_each_of_several_amounts_stands_beside_its_own_of_the_period_before(
    service: DemoBooks, key: str, days: tuple[Mapping[str, str], Mapping[str, str]]
) -> None:
    both = lines_of(service, key, days[0], **PREVIOUS)
    places = {column.key: at for at, column in enumerate(both.columns)}
    now, before = (lines_of(service, key, each) for each in days)
    known = {line.key: line for line in both.lines}
    assert {line.key for each in (now, before) for line in each.lines} == known.keys()
    columns = [(at, column.key) for at, column in enumerate(now.columns)][1:]
    texts = [name for _, name in columns if f"{name}/previous-1" not in places]
    assert texts == TEXTS.get(key, [])
    for table, suffix in ((now, ""), (before, "/previous-1")):
        for line in table.lines:
            for at, name in columns:
                if (place := places.get(name + suffix)) is not None:
                    assert (known[line.key].values[place] or 0) == (line.values[at] or 0)
    for line in known.values():
        for name in (each for _, each in columns if each not in texts):
            one, other = (line.values[places[name + of]] for of in ("", "/previous-1"))
            change = line.values[places[f"{name}/previous-1/change"]]
            if isinstance(one, Decimal) and isinstance(other, Decimal):
                assert change == one - other


def test_pieces_and_prices_that_quickbooks_does_not_add_up_have_no_total_beside_each_other(
    books: DemoBooks,
) -> None:
    read = reading(books, "inventory-valuation", {"report_date": DAY}, **PREVIOUS)
    titles, *_, total = rows_of(read)[4:]
    assert total[0] == "TOTAL"
    values = {title: cell for title, cell in zip(titles, total, strict=True) if cell != ""}
    assert {title.partition(":")[0] for title in values} == {"", "Asset Value"}


def test_the_columns_of_a_compared_trial_balance_say_whose_and_when(books: DemoBooks) -> None:
    table = lines_of(books, "trial-balance", {"end_date": DAY}, **PREVIOUS)
    assert [column.title for column in table.columns] == [
        *("", "Debit: 2026-03-31", "Debit: 2026-02-28", "Debit: Change from 2026-02-28"),
        *("Debit: Change %", "Credit: 2026-03-31", "Credit: 2026-02-28"),
        *("Credit: Change from 2026-02-28", "Credit: Change %"),
    ]


def test_a_compared_aging_is_tied_by_the_day_asked_for(books: DemoBooks) -> None:
    choice = chosen(
        catalog.report("ar-aging-summary"),
        {"parameters": {"report_date": DAY}, **PREVIOUS, "tie_out": ["receivable-accounts"]},
    )
    assert isinstance(choice, ReportChoice)
    proof = fetched(Books(books), choice, in_flight=1).proof  # type: ignore[arg-type]
    assert [tie.outcome.value for tie in proof.ties] == ["PASS"]
    assert [total.amount for total in proof.totals] == [proof.ties[0].sides[0].amount]


def spoiled_debit(answer: Any) -> None:
    answer["Rows"]["Row"][0]["ColData"][1]["value"] = "999999.99"


def lost_line(answer: Any) -> None:
    answer["Rows"]["Row"].pop(0)


@pytest.mark.parametrize(
    ("report", "spoil"),
    [
        (TRIAL_BALANCE, spoiled_debit),
        (RECEIVABLES, lost_line),
        (PAYABLES, lost_line),
        (CUSTOMER_BALANCE, lost_line),
        (VENDOR_BALANCE, lost_line),
    ],
)
@pytest.mark.parametrize("place", [0, 1])
def test_each_period_is_held_to_its_own_totals(
    books: DemoBooks, report: Report, spoil: Callable[[Any], None], place: int
) -> None:
    def spoiling(name: str, answer: Any) -> None:
        found.append(name)
        if len(found) == place + 1:
            spoil(answer)

    found: list[str] = []
    choice = choice_of(report, ties=None, **PREVIOUS)
    whole = fetched(Asking(books, acme.REALM_ID), choice, in_flight=1)  # type: ignore[arg-type]
    assert whole.proof.verdict is Verdict.PASS
    asking = Asking(books, acme.REALM_ID, spoiling)
    with pytest.raises(IncompleteRead, match="are not the sum of their lines"):
        fetched(asking, choice, in_flight=1)  # type: ignore[arg-type]
