"""A report that is too large and cannot be cut, or is still too large when it is."""

from __future__ import annotations

import pytest

from counterfoil import catalog
from counterfoil.core.errors import ReportTooLarge
from counterfoil.flows.report_read import fetched
from sandbox.intuit.server import IntuitSandbox
from tests.flows.export_fakes import REALM
from tests.flows.report_parts import (
    BY_MONTH,
    UNABLE,
    YEAR,
    profit_and_loss,
    started,
    world_over,
)
from tests.flows.tie_asking import Asking, choice_of


def test_a_quarter_that_is_too_much_by_itself_is_refused_in_words(sandbox: IntuitSandbox) -> None:
    quarter = {"start_date": "2026-01-01", "end_date": "2026-03-31"}
    sandbox.inject(UNABLE, path="reports")
    with pytest.raises(ReportTooLarge, match="shorter range of dates"):
        profit_and_loss(world_over(sandbox), quarter | {"summarize_column_by": "Quarter"})


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
    demo: IntuitSandbox,
) -> None:
    asking = Asking(demo.books, REALM, fails={"GeneralLedger": ReportTooLarge("Too much.")})
    choice = choice_of(catalog.report("general-ledger"), "2026-12-31", ties=None)
    with pytest.raises(ReportTooLarge):
        fetched(asking, choice, in_flight=4)  # type: ignore[arg-type]
    assert len(asking.asked) == 1 + 2 + 4 + 8 + 16 + 32


def test_one_day_that_is_too_much_is_refused_in_words(sandbox: IntuitSandbox) -> None:
    sandbox.inject(UNABLE, path="reports", times=None)
    with pytest.raises(ReportTooLarge, match="shorter range of dates"):
        started(world_over(sandbox), "journal", YEAR | {"end_date": "2026-01-02"})


def test_a_month_that_is_too_much_by_itself_is_refused_in_words(sandbox: IntuitSandbox) -> None:
    sandbox.inject(UNABLE, path="reports", times=None)
    with pytest.raises(ReportTooLarge, match="shorter range of dates"):
        profit_and_loss(world_over(sandbox), BY_MONTH)


def test_what_does_not_add_up_over_periods_is_refused_in_words(sandbox: IntuitSandbox) -> None:
    sandbox.inject(UNABLE, path="reports")
    by_month = {"end_date": "2026-12-31", "summarize_column_by": "Month"}
    with pytest.raises(ReportTooLarge, match="balances of parts do not add up"):
        started(world_over(sandbox), "balance-sheet", by_month)
