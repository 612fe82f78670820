from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.core.errors import BadRequest

INVOICES, CUSTOMERS = catalog.entity("invoices"), catalog.entity("customers")
PROFIT_AND_LOSS = catalog.report("profit-and-loss")
BALANCE_SHEET = catalog.report("balance-sheet")
JANUARY = {"start_date": "2026-01-01", "end_date": "2026-01-31"}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["total", "number"], ["id", "total", "number"]),
        (["total", "id"], ["id", "total"]),
        (["id"], ["id"]),
        ([], ["id"]),
    ],
)
def test_columns_keep_the_order_chosen_behind_id(keys: list[str], expected: list[str]) -> None:
    assert [column.key for column in catalog.chosen_columns(INVOICES, keys)] == expected


def test_without_a_choice_the_defaults_are_exported() -> None:
    chosen = catalog.chosen_columns(INVOICES, None)
    assert chosen == tuple(column for column in INVOICES.columns if column.default)


@pytest.mark.parametrize("keys", [["nope"], ["total", "total"], ["Total"], ["DocNumber"]])
def test_a_column_that_is_not_there_or_twice_is_refused(keys: list[str]) -> None:
    with pytest.raises(BadRequest, match="Choose the columns again"):
        catalog.chosen_columns(INVOICES, keys)


def test_a_range_of_days_may_be_open() -> None:
    assert catalog.chosen_dates(INVOICES, "2026-01-01", None) == (date(2026, 1, 1), None)
    assert catalog.chosen_dates(INVOICES, None, None) == (None, None)
    assert catalog.chosen_dates(CUSTOMERS, None, "") == (None, None)


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        ("2026-02-30", None, "YYYY-MM-DD"),
        (None, "yesterday", "YYYY-MM-DD"),
        ("2026-02-01", "2026-01-01", "Swap"),
    ],
)
def test_a_range_that_is_none_is_refused(start: str | None, end: str | None, why: str) -> None:
    with pytest.raises(BadRequest, match=why):
        catalog.chosen_dates(INVOICES, start, end)


def test_customers_have_no_dates() -> None:
    with pytest.raises(BadRequest, match="Customers cannot be filtered by date"):
        catalog.chosen_dates(CUSTOMERS, "2026-01-01", None)


def test_parameters_go_to_quickbooks_as_it_names_them() -> None:
    given = {"summarize_column_by": "Month", "accounting_method": None, **JANUARY}
    assert catalog.chosen_parameters(PROFIT_AND_LOSS, given) == {
        "start_date": "2026-01-01",
        "end_date": "2026-01-31",
        "summarize_column_by": "Month",
    }


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, 'needs "From"'),
        ({"start_date": "2026-01-01"}, 'needs "To"'),
        (JANUARY | {"start_date": "1.1.2026"}, "YYYY-MM-DD"),
        (JANUARY | {"end_date": "2025-12-31"}, "Swap"),
        (JANUARY | {"accounting_method": "cash"}, "Accrual, Cash"),
        (JANUARY | {"summarize_column_by": "Month&qzurl=true"}, "takes Total, Month"),
        (JANUARY | {"date_macro": "all"}, "no such parameter"),
        (JANUARY | {"customer": "1,2;3"}, '"Customers" takes ids'),
        (JANUARY | {"customer": ",".join(["1"] * 251)}, '"Customers" takes ids'),
    ],
)
def test_a_parameter_that_the_report_does_not_take_is_refused(
    given: dict[str, Any], why: str
) -> None:
    with pytest.raises(BadRequest, match=why):
        catalog.chosen_parameters(PROFIT_AND_LOSS, given)


@pytest.mark.parametrize(
    ("report", "given", "why"),
    [
        ("general-ledger", {"sort_by": "nonsense"}, '"Sort by" takes tx_date'),
        ("journal", {"sort_by": "rbal_nat_amount"}, '"Sort by" takes'),
        ("trial-balance", {"summarize_column_by": "Customers"}, '"Columns by" takes Total'),
        ("inventory-valuation", {"summarize_column_by": "Employees"}, '"Columns by" takes Total'),
    ],
)
def test_a_value_that_is_none_of_this_reports_own_is_refused(
    report: str, given: dict[str, Any], why: str
) -> None:
    days = JANUARY if report in ("general-ledger", "journal") else {}
    day = {"trial-balance": "end_date", "inventory-valuation": "report_date"}
    as_of = {day[report]: "2026-01-31"} if report in day else {}
    with pytest.raises(BadRequest, match=why):
        catalog.chosen_parameters(catalog.report(report), days | as_of | given)


def test_a_ledger_is_sorted_by_any_of_its_columns() -> None:
    ledger = catalog.report("general-ledger")
    asked = catalog.chosen_parameters(ledger, JANUARY | {"sort_by": "memo"})
    assert asked["sort_by"] == "memo"
    fiscal = JANUARY | {"summarize_column_by": "FiscalYear"}
    assert catalog.chosen_parameters(PROFIT_AND_LOSS, fiscal)["summarize_column_by"] == "FiscalYear"


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"end_date": "2026-10-31"}, ("2026-01-01", "2026-10-31")),
        ({"end_date": "2026-01-01"}, ("2026-01-01", "2026-01-01")),
        ({"end_date": "2024-02-29", "start_date": None}, ("2024-01-01", "2024-02-29")),
        ({"end_date": "2026-10-31", "start_date": "2025-07-01"}, ("2025-07-01", "2026-10-31")),
    ],
)
def test_a_report_as_of_a_day_is_asked_for_with_both_dates(
    given: dict[str, Any], sent: tuple[str, str]
) -> None:
    chosen = catalog.chosen_parameters(BALANCE_SHEET, given)
    found = catalog.sent_parameters(BALANCE_SHEET, chosen)
    assert (found["start_date"], found["end_date"]) == sent
    assert chosen == {key: day for key, day in given.items() if day}


def test_a_report_of_a_period_is_sent_as_chosen() -> None:
    chosen = catalog.chosen_parameters(PROFIT_AND_LOSS, JANUARY)
    assert catalog.sent_parameters(PROFIT_AND_LOSS, chosen) == JANUARY


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, 'needs "As of"'),
        ({"start_date": "2026-01-01"}, 'needs "As of"'),
        ({"end_date": "2026-02-30"}, "YYYY-MM-DD"),
        ({"end_date": "2026-10-31", "start_date": "2026-11-01"}, "Swap"),
    ],
)
def test_a_day_that_is_missing_or_none_is_refused(given: dict[str, Any], why: str) -> None:
    with pytest.raises(BadRequest, match=why):
        catalog.chosen_parameters(BALANCE_SHEET, given)


AGING_DETAIL, LEDGER = catalog.report("ar-aging-detail"), catalog.report("general-ledger")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"num_periods": "0"}, "from 1 to 100"),
        ({"num_periods": "101"}, "from 1 to 100"),
        ({"num_periods": "4.5"}, "from 1 to 100"),
        ({"num_periods": "٤"}, "from 1 to 100"),
        ({"start_duedate": "soon"}, "YYYY-MM-DD"),
        ({"start_duedate": "2026-02-01", "end_duedate": "2026-01-01"}, "Swap"),
        ({"columns": "tx_date,nope"}, '"Columns" takes tx_date'),
        ({"columns": "tx_date,tx_date"}, "twice"),
        ({"shipvia": "x" * 201}, "up to 200 characters"),
        ({"shipvia": "a\nb"}, "in one line"),
        ({"end_date": "2026-01-31"}, "no such parameter"),
    ],
)
def test_what_an_aging_report_does_not_take_is_refused(given: dict[str, Any], why: str) -> None:
    with pytest.raises(BadRequest, match=why):
        catalog.chosen_parameters(AGING_DETAIL, {"report_date": "2026-01-31", **given})


def test_ids_numbers_and_columns_go_to_quickbooks_in_its_form() -> None:
    given = {
        "report_date": "2026-01-31",
        "customer": "12, 9007199254740993",
        "num_periods": "06",
        "columns": "cust_name, subt_open_bal",
    }
    chosen = catalog.chosen_parameters(AGING_DETAIL, given)
    assert catalog.sent_parameters(AGING_DETAIL, chosen) == {
        "report_date": "2026-01-31",
        "customer": "12,9007199254740993",
        "num_periods": "6",
        "columns": "cust_name,subt_open_bal",
    }


def test_columns_of_amounts_alone_get_one_of_texts_in_front() -> None:
    chosen = catalog.chosen_parameters(
        LEDGER, JANUARY | {"columns": "subt_nat_amount,rbal_nat_amount,tx_date"}
    )
    sent = catalog.sent_parameters(LEDGER, chosen)
    assert sent["columns"] == "tx_date,subt_nat_amount,rbal_nat_amount"


def test_a_state_on_a_day_of_its_own_is_sent_that_day_alone() -> None:
    chosen = catalog.chosen_parameters(AGING_DETAIL, {"report_date": "2026-01-31"})
    assert catalog.sent_parameters(AGING_DETAIL, chosen) == {"report_date": "2026-01-31"}
