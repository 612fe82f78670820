"""What an export would bring and cost, asked for before it is run."""

from __future__ import annotations

import pytest

from counterfoil import catalog
from counterfoil.core.budgets import Caps
from counterfoil.core.errors import (
    BadRequest,
    BudgetSpent,
    ExportTooLarge,
    Forbidden,
    NotFound,
    QuickBooksBusy,
)
from counterfoil.core.people import Role, User
from counterfoil.flows.asking import Asked
from counterfoil.flows.estimates import Estimate
from counterfoil.flows.limits import Limits
from tests.flows.export_fakes import (
    ANA,
    BEN,
    COLUMNS,
    CONNECTION,
    INVOICES,
    SHEET,
    FakeQuickBooks,
    World,
    invoices,
    nothing_asked,
    whole,
)

SMALL = Limits(page=10, cells_per_step=100, max_cells=200)


def asked(world: World, user: User = ANA, connection_id: str = CONNECTION) -> Estimate:
    options = {"columns": COLUMNS}
    return world.exports.estimate(user, SHEET, Asked((connection_id,), INVOICES, options))


@pytest.mark.parametrize(("rows", "calls"), [(0, 1), (9, 1), (10, 3), (11, 4), (35, 6)])
def test_rows_and_calls_are_those_of_the_run_that_follows(rows: int, calls: int) -> None:
    world = World(FakeQuickBooks(invoices(rows)), SMALL)
    estimate = asked(world)
    assert world.quickbooks.asked == ["SELECT COUNT(*) FROM Invoice"]
    assert world.records.all("runs") == {}
    assert world.records.all("exporters") == {}
    assert estimate.as_json() == {
        "rows": rows,
        "columns": 5,
        "cells": 5 * (rows + 1),
        "calls": calls,
    }
    _, last = whole(world)
    # Ten rows fill a page: whether there are more is asked, but the page was all.
    assert last.calls == calls


def test_more_than_the_cap_is_refused_in_words_as_the_run_would_be() -> None:
    world = World(FakeQuickBooks(invoices(40)), SMALL)
    with pytest.raises(ExportTooLarge) as raised:
        asked(world)
    assert raised.value.message == (
        "Invoices would be 40 rows of 5 columns, 205 cells; one export may have 200. "
        "Narrow the dates or leave columns out."
    )


def test_the_call_counts_against_the_month() -> None:
    world = World(FakeQuickBooks(invoices(3)), paced=True, caps=Caps(user=1))
    asked(world)
    with nothing_asked(world), pytest.raises(BudgetSpent):
        asked(world)


def test_a_company_that_must_pause_is_not_asked() -> None:
    world = World(FakeQuickBooks(invoices(3)), paced=True)
    world.budgets.pace("9130347596842110").pause(60)
    with pytest.raises(QuickBooksBusy, match="asks for a pause"):
        asked(world)
    assert world.quickbooks.asked == []


def test_only_who_may_make_an_export_may_ask() -> None:
    world = World(FakeQuickBooks(invoices(3)))
    world.connections.roles[BEN.sub] = Role.REFRESHER
    for user, connection_id in ((BEN, CONNECTION), (ANA, "con_other123")):
        with nothing_asked(world), pytest.raises((NotFound, Forbidden)):
            asked(world, user, connection_id)


def test_a_report_costs_its_one_call_and_is_not_asked_for() -> None:
    world = World(FakeQuickBooks())
    report = catalog.report("profit-and-loss")
    days = {"start_date": "2026-01-01", "end_date": "2026-12-31"}
    with nothing_asked(world):
        estimate = world.exports.estimate(
            ANA, SHEET, Asked((CONNECTION,), report, {"parameters": days})
        )
        with pytest.raises(BadRequest):
            world.exports.estimate(ANA, SHEET, Asked((CONNECTION,), report, {"parameters": {}}))
    assert estimate.as_json() == {"rows": None, "columns": None, "cells": None, "calls": 1}


def test_days_beside_each_other_cost_a_call_for_each_hundred_and_one_that_looks_for_edits() -> None:
    world = World(FakeQuickBooks())
    days = {"start_date": "2026-01-01", "end_date": "2026-12-31", "summarize_column_by": "Days"}
    with nothing_asked(world):
        estimate = world.exports.estimate(
            *(ANA, SHEET),
            Asked((CONNECTION,), catalog.report("profit-and-loss"), {"parameters": days}),
        )
    assert estimate.calls == 4 + 1
