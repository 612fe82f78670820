"""Ranges with one end in a cell: judged by what stands there, and by nothing before that."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.core.errors import BadRequest
from counterfoil.core.occasions import Occasion
from counterfoil.flows.choices import checked, chosen
from tests.flows.test_moving import B1, B2, on

INVOICES = catalog.entity("invoices")
PROFIT_AND_LOSS, BALANCE_SHEET = (
    catalog.report(key) for key in ("profit-and-loss", "balance-sheet")
)
DAY = date(2026, 11, 29)


def narrowed(key: str, **ends: str) -> dict[str, Any]:
    return {"filters": [{"key": key, **ends}]}


def of_report(cell: str, **parameters: str) -> dict[str, Any]:
    return {"cells": {cell: B1}, "parameters": parameters}


# The dataset, its options with one end in B1, what fits there, what does not.
ONE_END_IN_A_CELL = [
    (INVOICES, narrowed("total", **{"from": "100"}, to_cell=B1), "500", "5"),
    (INVOICES, narrowed("total", to="-5", from_cell=B1), "-1,250.50", "0"),
    (INVOICES, narrowed("due_date", to="2026-06-30", from_cell=B1), "2026-01-01", "2026-07-01"),
    (INVOICES, narrowed("due_date", **{"from": "2027-06-30"}, to_cell=B1), "2027-07-01", "2027-06-29"),
    (INVOICES, narrowed("changed", to="2026-06-30", from_cell=B1), "2026-06-30", "2026-07-01"),
    (INVOICES, narrowed("changed", **{"from": "2027-01-01"}, to_cell=B1), "2027-01-01", "2026-12-31"),
    (INVOICES, {"cells": {"from": B1}, "to": "2026-06-30"}, "2026-01-01", "2026-07-01"),
    (INVOICES, {"cells": {"to": B1}, "from": "2027-01-01"}, "2027-12-31", "2026-12-31"),
    (PROFIT_AND_LOSS, of_report("from", end_date="2026-06-30"), "2026-01-01", "2026-07-01"),
    (PROFIT_AND_LOSS, of_report("to", start_date="2027-01-01"), "2027-12-31", "2026-12-31"),
    (BALANCE_SHEET, of_report("to", start_date="2027-01-01"), "2027-12-31", "2026-12-31"),
    (
        PROFIT_AND_LOSS,
        of_report("to", start_date="2015-01-01", summarize_column_by="Days"),
        "2015-03-31",
        "2026-12-31",
    ),
    (BALANCE_SHEET, of_report("to", summarize_column_by="Days"), "2026-03-31", "2026-06-30"),
]  # fmt: skip
NAMES = ["total to", "total from", "due from", "due to", "changed from", "changed to"]
NAMES += ["days from", "days to", "report from", "report to", "state", "by days", "state by days"]
each_kind = pytest.mark.parametrize(
    ("dataset", "options", "fits", "misfit"), ONE_END_IN_A_CELL, ids=NAMES
)


@each_kind
def test_it_may_be_saved_on_any_day(dataset: Any, options: Any, fits: str, misfit: str) -> None:
    for day in (DAY, date(2015, 1, 1), date(2029, 2, 28)):
        kept = checked(dataset, options, day).options
        assert checked(dataset, kept, day).options == kept


@each_kind
def test_it_runs_on_any_day_by_what_stands_in_the_cell(
    dataset: Any, options: Any, fits: str, misfit: str
) -> None:
    for day in (DAY.isoformat(), "2029-02-28"):
        assert chosen(dataset, options, on(day, B1=fits)).options


@each_kind
def test_a_cell_that_does_not_fit_the_other_end_is_named(
    dataset: Any, options: Any, fits: str, misfit: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        chosen(dataset, options, on(DAY.isoformat(), B1=misfit))
    assert refused.value.message.startswith("The cell 'Set up'!B1 does not fit. ")
    assert refused.value.details["cell"] == B1


def test_two_cells_are_judged_when_both_are_read() -> None:
    options = narrowed("total", from_cell=B1, to_cell=B2)
    assert checked(INVOICES, options, DAY).options["filters"] == options["filters"]
    with pytest.raises(BadRequest) as refused:
        chosen(INVOICES, options, on(B1="100", B2="5"))
    assert refused.value.message == (
        "The cell 'Set up'!B2 does not fit. The filter “Total” has a least amount above its "
        "greatest. Swap them."
    )


@pytest.mark.parametrize(
    ("dataset", "options", "why"),
    [
        (INVOICES, narrowed("total", **{"from": "much"}, to_cell=B1), "“Total” takes amounts"),
        (INVOICES, narrowed("due_date", **{"from": "soon"}, to_cell=B1), "“soon” is not a date"),
        (INVOICES, {"cells": {"to": B1}, "from": "soon"}, "“soon” is not a date"),
        (INVOICES, {"cells": {"to": B1}, "from": 7}, '"from" must be a date'),
        (PROFIT_AND_LOSS, {"cells": {"to": B1}, "parameters": {"start_date": 7}}, "must be a text"),
    ],
)
def test_a_written_end_that_is_none_is_not_the_cells_fault(
    dataset: Any, options: dict[str, Any], why: str
) -> None:
    for occasion in (on(B1="2026-01-31"), Occasion(DAY, on().zone)):
        with pytest.raises(BadRequest, match=why) as refused:
            chosen(dataset, options, occasion)
        assert "cell" not in refused.value.details
