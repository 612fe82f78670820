"""Parts of a report that take too long or have to wait, over a QuickBooks in memory."""

from __future__ import annotations

import json

import pytest

from counterfoil.core import faults
from counterfoil.core.errors import AppError, QuickBooksBusy, ReportTooLarge
from counterfoil.flows.limits import Limits
from tests.core.test_report_join import answer
from tests.flows.export_fakes import ANA, SHEET, FakeQuickBooks, World
from tests.flows.report_parts import (
    BY_MONTH,
    block,
    profit_and_loss,
)

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
