"""What the columns of the tidy layout say besides: which add up, whose day, which side."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from counterfoil.core.compared_days import Span
from counterfoil.core.comparison import from_reports
from counterfoil.core.looks import WHOLE
from counterfoil.core.reports import ReportTable, parse
from counterfoil.core.tidy import tidy_values
from counterfoil.core.tidy_lines import tidy_lines
from tests.core.test_reports import own
from tests.core.test_tidy import journal, line, section
from tests.samples import sample


def rows_of(table: ReportTable, *, detail: bool = False) -> list[dict[str, Any]]:
    tidy = tidy_lines if detail else tidy_values
    found = tidy(table, title="A report", company="Acme")
    return [dict(zip(found.layout.keys, row, strict=True)) for row in found.rows]


def kinds(table: ReportTable) -> dict[str, str]:
    return {row["dimension"]: row["column_type"] for row in rows_of(table)}


def columns(*each: dict[str, Any]) -> Any:
    label = {"ColTitle": "", "MetaData": [{"Name": "ColKey", "Value": "account"}]}
    line = {"ColData": [{"value": "Sales"}, *[{"value": "1.00"}] * 9], "group": "Income"}
    return {
        "Header": {"ReportName": "ProfitAndLoss", "SummarizeColumnsBy": "Total"},
        "Columns": {"Column": [label, *each]},
        "Rows": {"Row": [line]},
    }


def column(title: str, **meta: str) -> dict[str, Any]:
    told = [{"Name": name, "Value": value} for name, value in meta.items()]
    return {"ColTitle": title, "ColType": "Money", "MetaData": told}


def test_a_total_beside_months_is_told_from_them_in_whatever_language() -> None:
    table = parse(
        columns(
            column("Janv.", ColKey="Janv.", StartDate="2026-01-01", EndDate="2026-01-31"),
            column("Févr.", ColKey="Févr.", StartDate="2026-02-01", EndDate="2026-02-28"),
            column("Somme", ColKey="total"),
        )
    )
    assert kinds(table) == {"Janv.": "amount", "Févr.": "amount", "Somme": "total"}


def test_lines_in_columns_of_amounts_add_up_to_the_net_income() -> None:
    rows = rows_of(parse(own("profit-and-loss-by-month")))
    lines = [
        Decimal(str(row["debit_positive"]))
        for row in rows
        if (row["row_type"], row["column_type"]) == ("line", "amount") and row["debit_positive"]
    ]
    assert -sum(lines) == Decimal("10.1")
    (net,) = [row for row in rows if row["key"] == "NetIncome:total|total"]
    assert (net["amount"], net["column_type"]) == (10.1, "total")


def test_a_total_that_stands_alone_is_the_amount() -> None:
    assert kinds(parse(own("profit-and-loss"))) == {"Total": "amount"}


def test_a_total_above_several_amounts_is_one_for_each_of_them() -> None:
    def several(title: str, key: str) -> dict[str, Any]:
        inner = [column(each, ColKey=each) for each in ("Pieces", "Amount")]
        return {**column(title, ColKey=key), "Columns": {"Column": inner}}

    table = parse(columns(several("Jan", "Jan"), several("Total", "total")))
    assert kinds(table) == {
        "Jan / Pieces": "amount",
        "Jan / Amount": "amount",
        "Total / Pieces": "total",
        "Total / Amount": "total",
    }


@pytest.mark.parametrize(
    ("name", "totals"),
    [
        ("AgedReceivables", {"Total"}),
        ("CustomerIncome", {"Net Income"}),
        ("TrialBalance", set()),
        ("InventoryValuationSummary", set()),
    ],
)
def test_of_columns_without_keys_the_last_may_be_a_total(name: str, totals: set[str]) -> None:
    found = kinds(parse(sample(f"reports/{name}.json")))
    assert {title for title, kind in found.items() if kind == "total"} == totals
    assert set(found.values()) <= {"amount", "total"}


def test_changes_are_told_from_amounts_and_totals_from_either() -> None:
    table = parse(sample("reports/AgedReceivables.json"))
    days = [Span(None, date(2016, 3, 14)), Span(None, date(2016, 2, 14))]
    found = kinds(from_reports([table, table], days))
    ages = {key: kind for key, kind in found.items() if key.startswith("Current")}
    assert ages == {
        "Current: 2016-03-14": "amount",
        "Current: 2016-02-14": "amount",
        "Current: Change from 2016-02-14": "change",
    }
    assert found["Total: 2016-02-14"] == "total"
    plain = parse(sample("reports/CustomerSales.json"))
    assert kinds(from_reports([plain, plain], days)) == {
        "2016-03-14": "amount",
        "2016-02-14": "amount",
        "Change from 2016-02-14": "change",
    }


def test_a_depth_is_a_whole_number() -> None:
    for tidy, table in (
        (tidy_values, parse(own("profit-and-loss"))),
        (tidy_lines, parse(sample("reports/GeneralLedger_two_columns.json"))),
    ):
        layout = tidy(table, title="A report", company="Acme").layout
        assert layout.columns[layout.keys.index("depth")] == WHOLE


def test_a_line_of_transactions_says_period_and_depth() -> None:
    report = journal(section("Payable", line("2026-01-01", "Bill", "Ana", "-15.00")))
    report["Header"] |= {"StartPeriod": "2026-01-01", "EndPeriod": "2026-01-31"}
    (row,) = rows_of(parse(report), detail=True)
    assert (row["from"], row["to"], row["depth"]) == (46023, 46053, 1)


def detail(report: str, keys: tuple[str, ...], *lines: tuple[str, ...]) -> ReportTable:
    return parse(
        {
            "Header": {"ReportName": report},
            "Columns": {"Column": [{"ColTitle": key, "ColType": key} for key in keys]},
            "Rows": {"Row": [{"ColData": [{"value": text} for text in each]} for each in lines]},
        }
    )


def debits(table: ReportTable) -> list[Any]:
    return [row["debit_positive"] for row in rows_of(table, detail=True)]


@pytest.mark.parametrize("report", ["JournalReport", "GeneralLedger", "AccountList"])
def test_a_debit_is_positive_and_a_credit_is_not_where_both_have_columns(report: str) -> None:
    keys = ("account_name", "debt_amt", "credit_amt")
    lines = (("Cash", "15.10", ""), ("Loan", "", "15.10"), ("Both", "2.00", "5.00"))
    assert debits(detail(report, keys, *lines, ("None", "", ""))) == [15.1, -15.1, -3, ""]


@pytest.mark.parametrize(
    ("report", "key", "found"),
    [
        ("AgedReceivableDetail", "subt_open_bal", [7, -2]),
        ("CustomerBalanceDetail", "subt_open_bal", [7, -2]),
        ("AgedPayableDetail", "subt_neg_open_bal", [-7, 2]),
        ("VendorBalanceDetail", "subt_open_bal", [-7, 2]),
        ("TransactionList", "subt_nat_amount", ["", ""]),
        ("GeneralLedger", "subt_nat_amount", ["", ""]),
    ],
)
def test_what_is_owed_has_its_side_and_other_amounts_have_none(
    report: str, key: str, found: list[Any]
) -> None:
    assert debits(detail(report, ("txn_type", key), ("Bill", "7.00"), ("Credit", "-2.00"))) == found


def test_what_is_in_stock_is_a_debit_and_pieces_are_none() -> None:
    rows = rows_of(parse(sample("reports/InventoryValuationSummary.json")))
    assert [(row["dimension"], row["debit_positive"]) for row in rows[:3]] == [
        ("Qty", ""),
        ("Asset Value", 250),
        ("Avg Cost", ""),
    ]


def test_costs_of_a_customer_are_negative_already() -> None:
    rows = rows_of(parse(sample("reports/CustomerIncome.json")))
    assert [row["debit_positive"] for row in rows[:3]] == [-247.66, 96.31, -151.35]
