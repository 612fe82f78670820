"""A report that QuickBooks cannot send in one piece: cut by period, joined to the cent, or refused."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil import catalog
from counterfoil.adapters.quickbooks_api import QuickBooksApi
from counterfoil.core import faults
from counterfoil.core.errors import AppError, IncompleteRead, QuickBooksBusy, ReportTooLarge
from counterfoil.core.report_join import joined
from counterfoil.core.reports import parse
from counterfoil.flows.limits import Limits
from counterfoil.flows.report_quiet import POSTING
from counterfoil.flows.report_read import fetched
from counterfoil.flows.steps import Step
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.companies import demo_books
from sandbox.intuit.companies_api import ApiRequest
from sandbox.intuit.server import IntuitSandbox
from tests.core.test_report_join import answer, shown
from tests.flows.export_fakes import ANA, CONNECTION, REALM, SHEET, FakeQuickBooks, Grid, World
from tests.flows.test_export_over_sandbox import SandboxTokens
from tests.flows.tie_asking import Asking, choice_of

YEAR = {"start_date": "2026-01-01", "end_date": "2026-12-31"}
BY_MONTH = YEAR | {"summarize_column_by": "Month"}
UNABLE = "unable_to_display"


@pytest.fixture(scope="module")
def books() -> DemoBooks:
    return demo_books()


@pytest.fixture(scope="module")
def intuit() -> Iterator[IntuitSandbox]:
    with IntuitSandbox(books=demo_books()) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(intuit: IntuitSandbox) -> IntuitSandbox:
    intuit.reset()
    return intuit


@pytest.fixture(autouse=True)
def nobody_edits(intuit: IntuitSandbox) -> Iterator[None]:
    yield
    intuit.books.company(REALM).before_answer = None  # type: ignore[attr-defined]


def world_over(sandbox: IntuitSandbox) -> World:
    world = World(FakeQuickBooks())
    world.tokens = SandboxTokens(sandbox)  # type: ignore[assignment]
    world.quickbooks = QuickBooksApi(  # type: ignore[assignment]  # the real one fits the port
        sandbox.url, clock=world.time.now
    )
    world.__post_init__()
    return world


def profit_and_loss(world: World, parameters: dict[str, str]) -> Step:
    report = catalog.report("profit-and-loss")
    options = {"parameters": parameters}
    return world.exports.start(
        ANA, SHEET, connection_id=CONNECTION, dataset=report, options=options, tab=None
    )


def block(step: Step) -> list[list[Any]]:
    grid = Grid()
    grid.apply(step)
    assert grid.block is not None
    return grid.block


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


def started(world: World, dataset: str, parameters: dict[str, str]) -> Step:
    return world.exports.start(
        ANA,
        SHEET,
        connection_id=CONNECTION,
        dataset=catalog.report(dataset),
        options={"parameters": parameters},
        tab=None,
    )


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


def test_a_quarter_that_is_too_much_by_itself_is_refused_in_words(sandbox: IntuitSandbox) -> None:
    quarter = {"start_date": "2026-01-01", "end_date": "2026-03-31"}
    sandbox.inject(UNABLE, path="reports")
    with pytest.raises(ReportTooLarge, match="shorter range of dates"):
        profit_and_loss(world_over(sandbox), quarter | {"summarize_column_by": "Quarter"})


@pytest.mark.parametrize(
    "dataset",
    [
        *("sales-by-customer", "sales-by-class", "sales-by-location", "income-by-customer"),
        "expenses-by-vendor",
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


TO_DATE = {"start_date": "2026-01-01", "end_date": "2026-05-20"}


def compared(world: World) -> Step:
    return world.exports.start(
        ANA,
        SHEET,
        connection_id=CONNECTION,
        dataset=catalog.report("profit-and-loss"),
        options={"parameters": TO_DATE, "compare": "same_period_last_year"},
        tab=None,
    )


def test_a_period_of_a_comparison_comes_in_parts_and_is_the_same(sandbox: IntuitSandbox) -> None:
    whole = block(compared(world_over(sandbox)))
    sandbox.inject(UNABLE, path="reports", times=2)
    step = compared(world_over(sandbox))
    assert block(step) == whole
    assert step.calls == 2 + 2 * (2 + 1)
    assert step.proof is not None
    assert step.proof.why.endswith("QuickBooks sent it in 4 parts, by period.")


def test_gains_and_losses_worked_out_for_the_last_day_are_not_added_up(
    sandbox: IntuitSandbox,
) -> None:
    sandbox.inject(UNABLE, path="reports")
    with pytest.raises(ReportTooLarge, match="shorter range of dates"):
        started(world_over(sandbox), "profit-and-loss", YEAR | {"adjusted_gain_loss": "true"})


@pytest.mark.parametrize("more", [{"sort_order": "descend"}, {"sort_by": "name"}])
def test_lines_in_another_order_than_by_day_are_not_cut(
    sandbox: IntuitSandbox, more: dict[str, str]
) -> None:
    sandbox.inject(UNABLE, path="reports")
    with pytest.raises(ReportTooLarge, match="shorter range of dates"):
        started(world_over(sandbox), "general-ledger", YEAR | more)


def test_a_list_that_stays_too_large_is_given_up_before_it_is_more_than_forty_parts(
    books: DemoBooks,
) -> None:
    asking = Asking(books, REALM, fails={"GeneralLedger": ReportTooLarge("Too much.")})
    choice = choice_of(catalog.report("general-ledger"), "2026-12-31", ties=None)
    with pytest.raises(ReportTooLarge):
        fetched(asking, choice, in_flight=4)  # type: ignore[arg-type]
    assert len(asking.asked) == 1 + 2 + 4 + 8 + 16 + 32


def test_one_day_that_is_too_much_is_refused_in_words(sandbox: IntuitSandbox) -> None:
    sandbox.inject(UNABLE, path="reports", times=None)
    with pytest.raises(ReportTooLarge, match="shorter range of dates"):
        started(world_over(sandbox), "journal", YEAR | {"end_date": "2026-01-02"})


def edit_between_parts(
    sandbox: IntuitSandbox, times: int, report: str = "ProfitAndLoss", kind: str = "Invoice"
) -> None:
    """The first that many answers of parts are each followed by an edit in the books."""
    company = sandbox.books.company(REALM)  # type: ignore[attr-defined]
    left = [times]

    def edit(request: ApiRequest) -> None:
        if request.path_after_realm == f"reports/{report}" and left[0]:
            left[0] -= 1
            row = next(iter(company.store.all(kind)))
            company.update(kind, row["Id"], sandbox.clock(), PrivateNote="again")

    company.before_answer = edit


def test_parts_that_were_overtaken_by_an_edit_are_read_again(sandbox: IntuitSandbox) -> None:
    whole = block(profit_and_loss(world_over(sandbox), BY_MONTH))
    sandbox.inject(UNABLE, path="reports", times=1)
    edit_between_parts(sandbox, times=2)
    world = world_over(sandbox)
    step = profit_and_loss(world, BY_MONTH)
    assert step.cursor is not None
    assert step.wait_s == 6
    assert not step.operations
    sandbox.books.company(REALM).before_answer = None  # type: ignore[attr-defined]
    sandbox.clock.advance(timedelta(seconds=10))
    step = world.exports.resume(ANA, SHEET, step.cursor)
    assert step.proof is not None
    assert step.proof.verdict == "PASS"
    assert block(step) == whole


def test_a_comparison_that_was_overtaken_by_an_edit_goes_on_with_its_parts(
    sandbox: IntuitSandbox,
) -> None:
    whole = block(compared(world_over(sandbox)))
    sandbox.inject(UNABLE, path="reports", times=2)
    edit_between_parts(sandbox, times=1)
    world = world_over(sandbox)
    step = compared(world)
    assert step.cursor is not None
    assert (step.wait_s, step.operations) == (6, ())
    sandbox.books.company(REALM).before_answer = None  # type: ignore[attr-defined]
    sandbox.clock.advance(timedelta(seconds=10))
    again = world.exports.resume(ANA, SHEET, step.cursor)
    assert block(again) == whole
    assert again.calls - step.calls == 2 * (2 + 1)  # nothing that is too large is asked for again


@pytest.mark.parametrize(
    ("dataset", "report", "kind"),
    [
        ("profit-and-loss", "ProfitAndLoss", "InventoryAdjustment"),
        ("profit-and-loss", "ProfitAndLoss", "CreditCardPayment"),
        ("transactions-by-customer", "TransactionListByCustomer", "Customer"),
        ("transactions-by-vendor", "TransactionListByVendor", "Vendor"),
    ],
)
def test_whatever_posts_or_names_a_section_may_overtake_the_parts(
    sandbox: IntuitSandbox, dataset: str, report: str, kind: str
) -> None:
    sandbox.inject(UNABLE, path="reports", times=1)
    edit_between_parts(sandbox, times=1, report=report, kind=kind)
    step = started(world_over(sandbox), dataset, BY_MONTH if kind in POSTING else YEAR)
    assert step.wait_s == 6
    assert not step.operations


def test_a_month_that_is_too_much_by_itself_is_refused_in_words(sandbox: IntuitSandbox) -> None:
    sandbox.inject(UNABLE, path="reports", times=None)
    with pytest.raises(ReportTooLarge, match="shorter range of dates"):
        profit_and_loss(world_over(sandbox), BY_MONTH)


def test_what_does_not_add_up_over_periods_is_refused_in_words(sandbox: IntuitSandbox) -> None:
    sandbox.inject(UNABLE, path="reports")
    by_month = {"end_date": "2026-12-31", "summarize_column_by": "Month"}
    with pytest.raises(ReportTooLarge, match="balances of parts do not add up"):
        started(world_over(sandbox), "balance-sheet", by_month)


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


# Over a QuickBooks in memory, one call at a time.

MONTHS = [f"2026-{month:02}" for month in range(1, 13)]


class ByMonth(FakeQuickBooks):
    """`troubles` meet the first calls; then each range of months gets its report."""

    def meet(self, *troubles: AppError) -> None:
        left = list(troubles)

        def behave(call: str, number: int) -> bytes | AppError:
            if left:
                return left.pop(0)
            start, end = (self.report_params[-1][name][:7] for name in ("start_date", "end_date"))
            months = [month for month in MONTHS if start <= month <= end]
            return json.dumps(
                answer(*months, Fees=[f"{month[5:]}.10" for month in months])
            ).encode()

        self.behave = behave


def by_month(*troubles: AppError) -> World:
    quickbooks = ByMonth()
    quickbooks.meet(*troubles)
    return World(quickbooks, Limits(in_flight=1))


def timed_out() -> AppError:
    return faults.unreachable(timed_out=True)


def asked(world: World) -> list[tuple[str, str]]:
    return [(each["start_date"], each["end_date"]) for each in world.quickbooks.report_params]


def test_a_report_that_takes_too_long_is_asked_for_in_halves_by_the_next_step() -> None:
    world = by_month(timed_out())
    first = profit_and_loss(world, BY_MONTH)
    assert first.cursor is not None
    assert (first.wait_s, first.operations, first.calls) == (0, (), 1)
    second = world.exports.resume(ANA, SHEET, first.cursor)
    assert asked(world)[1:] == [("2026-01-01", "2026-06-30"), ("2026-07-01", "2026-12-31")]
    assert block(second) == block(profit_and_loss(by_month(), BY_MONTH))
    assert second.calls == 3


def test_halves_that_take_too_long_are_cut_again_and_no_half_twice() -> None:
    world = by_month(timed_out(), timed_out())
    step = profit_and_loss(world, BY_MONTH)
    for _ in range(2):
        assert step.cursor is not None
        step = world.exports.resume(ANA, SHEET, step.cursor)
    assert step.proof is not None
    assert asked(world)[3:] == [
        ("2026-01-01", "2026-03-31"),
        ("2026-04-01", "2026-06-30"),
        ("2026-07-01", "2026-12-31"),
    ]


def test_one_month_that_takes_too_long_gives_up_after_the_usual_setbacks() -> None:
    world = by_month(*[timed_out()] * 9)
    month = {"start_date": "2026-01-01", "end_date": "2026-01-31", "summarize_column_by": "Month"}
    step = profit_and_loss(world, month)
    assert step.cursor is not None
    step = world.exports.resume(ANA, SHEET, step.cursor)
    assert step.cursor is not None
    with pytest.raises(QuickBooksBusy) as raised:
        world.exports.resume(ANA, SHEET, step.cursor)
    assert raised.value.details["ended"] is True


def test_a_pause_while_parts_are_read_keeps_what_was_learned_of_them() -> None:
    pause = QuickBooksBusy("Slow down.", wait_s=60, status=429)
    world = by_month(ReportTooLarge("Unable to display more data."), pause)
    step = profit_and_loss(world, BY_MONTH)
    assert step.wait_s == 60
    assert step.cursor is not None
    last = world.exports.resume(ANA, SHEET, step.cursor)
    assert last.proof is not None
    assert asked(world)[-2:] == [("2026-01-01", "2026-06-30"), ("2026-07-01", "2026-12-31")]


def test_parts_whose_rest_nobody_can_vouch_for_are_no_pass() -> None:
    """Answers without a time: from when on would changes be asked for?"""
    world = by_month(ReportTooLarge("Unable to display more data."))
    step = profit_and_loss(world, BY_MONTH)
    assert step.proof is not None
    assert step.proof.verdict == "NOT CHECKED"
    assert step.proof.why.endswith("Whether somebody edited meanwhile could not be asked.")


def test_edits_without_end_are_given_up_in_words(sandbox: IntuitSandbox) -> None:
    sandbox.inject(UNABLE, path="reports", times=1)
    edit_between_parts(sandbox, times=100)
    world = world_over(sandbox)
    step = profit_and_loss(world, BY_MONTH)
    for _ in range(4):
        assert step.cursor is not None
        sandbox.clock.advance(timedelta(seconds=10))
        step = world.exports.resume(ANA, SHEET, step.cursor)
    assert step.cursor is not None
    sandbox.clock.advance(timedelta(seconds=10))
    with pytest.raises(IncompleteRead, match="quieter hour"):
        world.exports.resume(ANA, SHEET, step.cursor)
