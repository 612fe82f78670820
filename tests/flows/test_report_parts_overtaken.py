"""Edits between the parts of a report, of which none is to be in two of them, or in none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from counterfoil.core.errors import IncompleteRead
from counterfoil.flows.report_quiet import POSTING
from sandbox.intuit.companies import demo_books
from sandbox.intuit.companies_api import ApiRequest
from sandbox.intuit.server import IntuitSandbox
from tests.flows.export_fakes import ANA, REALM, SHEET
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


@pytest.fixture(scope="module")
def demo() -> Iterator[IntuitSandbox]:
    """Of its own: what was edited stays so."""
    with IntuitSandbox(books=demo_books()) as running:
        yield running


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
