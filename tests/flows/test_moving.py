"""Dates that move and values in cells: what they mean on a day, and what is kept of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil import catalog
from counterfoil.core import periods
from counterfoil.core.errors import BadRequest, CellsNeeded
from counterfoil.core.occasions import Occasion
from counterfoil.flows.choices import checked, chosen
from counterfoil.flows.chosen import EntityChoice, ReportChoice
from counterfoil.flows.limits import Limits
from tests.flows.export_fakes import (
    ANA,
    SHEET,
    FakeQuickBooks,
    Grid,
    World,
    invoices,
    nothing_asked,
    start,
)

INVOICES, CUSTOMERS = catalog.entity("invoices"), catalog.entity("customers")
PROFIT_AND_LOSS = catalog.report("profit-and-loss")
BALANCE_SHEET = catalog.report("balance-sheet")
AGING = catalog.report("ar-aging-summary")
ZONE = ZoneInfo("America/New_York")
B1, B2 = "'Set up'!B1", "'Set up'!B2"


def on(day: str = "2026-11-22", month: int = 1, **cells: str | None) -> Occasion:
    named = {"B1": B1, "B2": B2}
    return Occasion(
        date.fromisoformat(day),
        ZONE,
        month,
        {named[name]: value for name, value in cells.items()},
    )


def invoice_days(occasion: Occasion, **options: Any) -> tuple[date | None, date | None]:
    found = chosen(INVOICES, options, occasion)
    assert isinstance(found, EntityChoice)
    return found.start, found.end


def test_a_range_is_kept_by_its_name_and_means_other_days_another_day() -> None:
    options = {"dates": "last_month"}
    assert invoice_days(on("2026-11-22"), **options) == (date(2026, 10, 1), date(2026, 10, 31))
    assert invoice_days(on("2026-12-01"), **options) == (date(2026, 11, 1), date(2026, 11, 30))
    kept = chosen(INVOICES, options, on()).options
    assert kept == {
        "columns": None,
        "from": None,
        "to": None,
        "include_inactive": False,
        "dates": "last_month",
    }
    assert chosen(INVOICES, kept, on()) == chosen(INVOICES, options, on())


def test_fiscal_ranges_follow_the_companys_year() -> None:
    april = on(month=4)
    assert invoice_days(april, dates="this_fiscal_year") == (date(2026, 4, 1), date(2027, 3, 31))
    assert invoice_days(april, dates="this_calendar_year") == (
        date(2026, 1, 1),
        date(2026, 12, 31),
    )


def test_the_range_is_printed_with_the_days_that_it_meant() -> None:
    found = chosen(INVOICES, {"dates": "last_fiscal_quarter"}, on())
    assert found.period == "Last fiscal quarter: 2026-07-01 to 2026-09-30"
    assert chosen(INVOICES, {"dates": "all"}, on()).period == "All dates"
    as_of = chosen(BALANCE_SHEET, {"dates": "last_month"}, on())
    assert as_of.period == "Last month: As of 2026-10-31"


def test_a_report_takes_both_ends_and_one_as_of_a_day_the_last() -> None:
    found = chosen(PROFIT_AND_LOSS, {"dates": "this_month_to_date"}, on())
    assert isinstance(found, ReportChoice)
    assert found.parameters == {"start_date": "2026-11-01", "end_date": "2026-11-22"}
    assert found.options == {"parameters": {}, "dates": "this_month_to_date"}
    aging = chosen(AGING, {"dates": "last_month", "parameters": {"aging_method": "Current"}}, on())
    assert isinstance(aging, ReportChoice)
    assert aging.parameters == {"report_date": "2026-10-31", "aging_method": "Current"}
    assert aging.options == {"parameters": {"aging_method": "Current"}, "dates": "last_month"}


def test_columns_by_month_cover_the_fiscal_year_where_no_days_are_chosen() -> None:
    months = {"parameters": {"summarize_column_by": "Month"}}
    found = chosen(PROFIT_AND_LOSS, months, on(month=4))
    assert isinstance(found, ReportChoice)
    assert (found.parameters["start_date"], found.parameters["end_date"]) == (
        "2026-04-01",
        "2027-03-31",
    )
    assert found.options == {
        "parameters": {"summarize_column_by": "Month"},
        "dates": "this_fiscal_year",
    }
    balances = chosen(BALANCE_SHEET, months, on())
    assert isinstance(balances, ReportChoice)
    assert balances.parameters["start_date"] == "2026-01-01"
    assert balances.parameters["end_date"] == "2026-12-31"
    days = {"start_date": "2026-05-01", "end_date": "2026-06-30"}
    own = chosen(PROFIT_AND_LOSS, {"parameters": {**months["parameters"], **days}}, on())
    assert isinstance(own, ReportChoice)
    assert own.parameters["start_date"] == "2026-05-01"


@pytest.mark.parametrize(
    ("options", "first", "last"),
    [
        ({}, "2026-04-01", "2027-03-31"),
        ({"dates": "last_month"}, "2026-04-01", "2026-10-31"),
        ({"dates": "last_fiscal_year"}, "2025-04-01", "2026-03-31"),
        ({"dates": "last_24_months"}, "2024-11-01", "2026-10-31"),
        ({"dates": "last_calendar_year"}, "2025-01-01", "2025-12-31"),
        ({"end_date": "2026-02-28"}, "2025-04-01", "2026-02-28"),
        ({"start_date": "2026-01-01", "end_date": "2026-02-28"}, "2026-01-01", "2026-02-28"),
    ],
)
@pytest.mark.parametrize("report", ["balance-sheet", "trial-balance"])
def test_states_by_month_begin_with_the_fiscal_year_that_their_day_lies_in(
    report: str, options: dict[str, str], first: str, last: str
) -> None:
    days = {key: value for key, value in options.items() if key != "dates"}
    dates = {"dates": options["dates"]} if "dates" in options else {}
    asked = {"parameters": {"summarize_column_by": "Month", **days}, **dates}
    found = chosen(catalog.report(report), asked, on(month=4))
    assert isinstance(found, ReportChoice)
    assert (found.parameters["start_date"], found.parameters["end_date"]) == (first, last)
    assert found.options["parameters"] == asked["parameters"]


@pytest.mark.parametrize("report", ["balance-sheet", "trial-balance", "account-list"])
def test_a_state_by_day_has_the_days_of_its_range(report: str) -> None:
    asked = {"parameters": {"summarize_column_by": "Days"}, "dates": "last_month"}
    found = chosen(catalog.report(report), asked, on())
    assert isinstance(found, ReportChoice)
    assert found.parameters["start_date"] == "2026-10-01"
    assert found.parameters["end_date"] == "2026-10-31"
    assert found.options == asked


def test_a_state_by_day_of_a_long_year_says_which_range_to_choose() -> None:
    asked = {"summarize_column_by": "Days", "end_date": "2026-10-31"}
    with pytest.raises(BadRequest, match=r"these are 304\. Choose a range such as .Last month."):
        chosen(BALANCE_SHEET, {"parameters": asked}, on())


@pytest.mark.parametrize(
    ("dataset", "options", "why"),
    [
        (INVOICES, {"dates": "last_blue_moon"}, "no such range"),
        (INVOICES, {"dates": 7}, "no such range"),
        (INVOICES, {"dates": "last_99999_days"}, "no such range"),
        (CUSTOMERS, {"dates": "last_month"}, "cannot be filtered by date"),
        (BALANCE_SHEET, {"dates": "all"}, "Balance Sheet is of one day"),
        (INVOICES, {"dates": "last_month", "from": "2026-01-01"}, "not both"),
        (INVOICES, {"dates": "last_month", "cells": {"to": B1}}, "not both"),
        (INVOICES, {"cells": {"from": B1}, "from": "2026-01-01"}, "not both"),
        (
            PROFIT_AND_LOSS,
            {"dates": "last_month", "parameters": {"end_date": "2026-01-31"}},
            "not both",
        ),
        (PROFIT_AND_LOSS, {"dates": "last_month", "parameters": ["x"]}, "must be a list of names"),
        (BALANCE_SHEET, {"cells": {"from": B1, "to": B2}}, "no first day"),
        (INVOICES, {"cells": {"basis": B1}}, "no accounting basis"),
        (INVOICES, {"cells": {"colour": B1}}, "names the cells for"),
        (INVOICES, {"cells": [B1]}, "names the cells for"),
        (INVOICES, {"cells": {"to": "B1"}}, "named with its tab"),
        (INVOICES, {"cells": {"to": "'a\nb'!B1"}}, "named with its tab"),
        (INVOICES, {"cells": {"to": "'a'b'!B1"}}, "named with its tab"),
        (INVOICES, {"cells": {"to": "'a'!B1:B2"}}, "named with its tab"),
    ],
)
def test_what_cannot_move_so_is_refused_when_it_is_saved(
    dataset: Any, options: dict[str, Any], why: str
) -> None:
    with pytest.raises(BadRequest, match=why):
        checked(dataset, options, date(2026, 11, 22))


def test_cells_are_kept_as_cells_and_read_anew() -> None:
    options = {"cells": {"from": B1, "to": B2}}
    days = {"B1": "2026-05-01", "B2": "2026-05-31"}
    assert invoice_days(on(**days), **options) == (date(2026, 5, 1), date(2026, 5, 31))
    kept = chosen(INVOICES, options, on(**days)).options
    assert (kept["from"], kept["to"], kept["cells"]) == (None, None, {"from": B1, "to": B2})
    assert checked(INVOICES, options, date(2026, 11, 22)).options == kept


def test_one_end_may_be_in_a_cell_and_the_other_fixed() -> None:
    options = {"from": "2026-01-01", "cells": {"to": B2}}
    assert invoice_days(on(B2="2026-03-31"), **options) == (date(2026, 1, 1), date(2026, 3, 31))
    assert chosen(INVOICES, options, on(B2="2026-03-31")).options["from"] == "2026-01-01"


def test_the_basis_may_stand_in_a_cell() -> None:
    options = {"dates": "last_month", "cells": {"basis": B1}}
    found = chosen(PROFIT_AND_LOSS, options, on(B1=" cash "))
    assert isinstance(found, ReportChoice)
    assert found.parameters["accounting_method"] == "Cash"
    assert found.options["parameters"] == {}


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"B1": "2026-05-01", "B2": "  "}, "'Set up'!B2 is empty"),
        ({"B1": "2026-05-01", "B2": None}, "'Set up'!B2 is not there any more"),
        ({"B1": "2026-05-01"}, "'Set up'!B2 is not there any more"),
        ({"B1": "yesterday", "B2": "2026-05-01"}, "'Set up'!B1 does not hold a date"),
        ({"B1": "2026-05-02", "B2": "2026-05-01"}, "'Set up'!B2 does not fit"),
    ],
)
def test_a_bad_or_empty_cell_is_named(cells: dict[str, str | None], why: str) -> None:
    with pytest.raises(BadRequest, match=why) as refused:
        chosen(INVOICES, {"cells": {"from": B1, "to": B2}}, on(**cells))
    assert refused.value.details["cell"] in (B1, B2)


def test_a_bad_basis_is_named() -> None:
    with pytest.raises(BadRequest, match="must hold Accrual or Cash"):
        chosen(PROFIT_AND_LOSS, {"dates": "last_month", "cells": {"basis": B1}}, on(B1="Both"))


@given(st.sampled_from(periods.names()), st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_every_range_that_has_ends_fits_every_report(name: str, day: date) -> None:
    if name == "all":
        return
    for report in (PROFIT_AND_LOSS, BALANCE_SHEET, AGING):
        found = checked(report, {"dates": name}, day)
        assert found.options == {"parameters": {}, "dates": name}
        assert found.period


# Over whole runs


def test_all_steps_of_a_run_mean_the_day_on_which_it_began() -> None:
    world = World(FakeQuickBooks(invoices(2_500)), Limits(cells_per_step=5_000))
    istanbul = replace(SHEET, zone="Europe/Istanbul")  # where it is half past eleven at night
    step = start(world, sheet=istanbul, dates="today")
    world.time.seconds += 3_600
    asked = len(world.quickbooks.asked)
    while step.cursor:
        step = world.exports.resume(ANA, istanbul, step.cursor)
    assert len(world.quickbooks.asked) > asked
    asked_for = [each for each in world.quickbooks.asked if "FROM Invoice" in each]
    wheres = {each.split(" WHERE ")[1].split(" ORDERBY")[0] for each in asked_for}
    assert wheres == {"TxnDate >= '2026-11-22' AND TxnDate <= '2026-11-22'"}


def test_the_next_run_of_the_same_export_means_the_days_of_then() -> None:
    world = World(FakeQuickBooks(invoices(3)))
    grid = Grid()
    first = start(world, dates="last_month")
    grid.apply(first)
    world.exports.acknowledge(ANA, SHEET, first.run_id, applied=True)
    world.time.seconds += 9 * 86_400  # 1 December
    again = world.exports.again(ANA, SHEET, first.exporter_id)
    assert "TxnDate >= '2026-10-01' AND TxnDate <= '2026-10-31'" in world.quickbooks.asked[0]
    assert "TxnDate >= '2026-11-01' AND TxnDate <= '2026-11-30'" in world.quickbooks.asked[1]
    assert "Last month: 2026-11-01 to 2026-11-30" in again.json()


def test_an_export_with_cells_asks_for_them_before_anything_is_read() -> None:
    world = World(FakeQuickBooks(invoices(3)))
    with nothing_asked(world), pytest.raises(CellsNeeded) as needed:
        start(world, cells={"from": B1, "to": B2})
    assert needed.value.details["cells"] == f"{B1}\n{B2}"
