from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest

from counterfoil.core.compared_days import Span
from counterfoil.core.comparison import from_reports
from counterfoil.core.live_totals import live_totals
from counterfoil.core.printed import printed
from counterfoil.core.reports import ReportTable, parse
from counterfoil.core.tidy import tidy_values
from tests.samples import sample

NUMBER, MONEY, YEN = "#,##0.00####", "#,##0.00;(#,##0.00)", "#,##0;(#,##0)"
SALES = ("Quantité", "Montant", "%", "Prix", "Coût", "Marge", "Marge %")
DAYS = [Span(None, date(2016, 10, 6)), Span(None, date(2016, 9, 6))]


def stock(**header: str) -> Any:
    report = copy.deepcopy(sample("reports/InventoryValuationSummary.json"))
    report["Header"] |= header
    return report


def sales(*lines: tuple[str, ...], periods: tuple[str, ...] = ("Total",)) -> Any:
    inner = [{"ColTitle": title, "ColType": "Money"} for title in SALES]
    above = [
        {"ColTitle": each, "ColType": "Money", "Columns": {"Column": inner}} for each in periods
    ]
    rows = [{"ColData": [{"value": text} for text in line]} for line in lines]
    if rows:
        rows[-1]["group"] = "GrandTotal"  # type: ignore[assignment]
    return {
        "Header": {"ReportName": "ItemSales", "Currency": "JPY", "SummarizeColumnsBy": "Total"},
        "Columns": {"Column": [{"ColTitle": "", "ColType": "ProductsAndService"}, *above]},
        "Rows": {"Row": rows},
    }


def patterns(table: ReportTable) -> list[str]:
    return [each.pattern for each in printed(table, title="T", company="C").layout.columns]


def test_a_stock_number_is_a_text_and_a_price_keeps_its_decimals() -> None:
    table = parse(stock(Currency="JPY"))
    assert patterns(table) == ["@", "@", NUMBER, YEN, NUMBER]
    found = printed(table, title="T", company="C")
    assert found.rows[2] == ["Sprinkler Heads", "3456", 25, 18.75, 0.75]
    assert found.rows[-1] == ["TOTAL", "", "", 596.25, ""]
    assert found.layout.keys[1:] == ("total", "total#2", "total#3", "total#4")


def test_stock_numbers_are_not_compared() -> None:
    now, before = stock(), stock()
    del before["Rows"]["Row"][0]
    found = printed(from_reports([parse(now), parse(before)], DAYS), title="T", company="C")
    assert found.header_rows[-1][:4] == [
        "",
        "SKU: 2016-10-06",
        "Qty: 2016-10-06",
        "Qty: 2016-09-06",
    ]
    assert [row[:5] for row in found.rows[:2]] == [
        ["Pump", "2890", 25, "", 25],
        ["Rock Fountain", "2345", 2, 2, 0],
    ]
    assert found.rows[-1][1] == ""
    gone = printed(from_reports([parse(before), parse(now)], DAYS), title="T", company="C")
    assert [row[:5] for row in gone.rows if row[0] == "Pump"] == [["Pump", "2890", "", 25, -25]]
    assert [each.pattern for each in found.layout.columns[:9]] == [
        *("@", "@", NUMBER, NUMBER, NUMBER, "0.0%;(0.0%)", MONEY, MONEY, MONEY)
    ]


def test_a_stock_number_is_no_value_of_the_tidy_layout_but_stands_in_its_rows() -> None:
    found = tidy_values(parse(stock()), title="T", company="C")
    rows = [dict(zip(found.layout.keys, row, strict=True)) for row in found.rows]
    assert [(row["name"], row["number"], row["dimension"], row["amount"]) for row in rows[:3]] == [
        ("Pump", "2890", "Qty", 25),
        ("Pump", "2890", "Asset Value", 250),
        ("Pump", "2890", "Avg Cost", 10),
    ]


@pytest.mark.parametrize("periods", [("Total",), ("Jan", "Fév", "Total")])
def test_sales_by_product_have_pieces_prices_and_shares(periods: tuple[str, ...]) -> None:
    assert patterns(parse(sales(periods=periods))) == [
        "@",
        *(NUMBER, YEN, NUMBER, NUMBER, YEN, YEN, NUMBER) * len(periods),
    ]


def test_pieces_add_up_in_live_totals_and_prices_do_not() -> None:
    table = parse(
        sales(
            ("Pump", "1.5", "30", "60 %", "20", "10", "20", "66 %"),
            ("Hose", "1", "20", "40 %", "20", "5", "15", "75 %"),
            ("TOTAL", "2.5", "50", "100 %", "20", "15", "35", "70 %"),
        )
    )
    shown = printed(table, title="T", company="C")
    totals = live_totals(table, shown.line_keys, shown.layout)
    assert [(total.column, total.scale) for total in totals] == [(1, 6), (2, 0), (5, 0), (6, 0)]


def test_columns_in_another_number_than_we_know_stay_as_sent() -> None:
    report = stock()
    del report["Columns"]["Column"][1]
    for row in report["Rows"]["Row"]:
        del row["ColData"][1]
    assert patterns(parse(report)) == ["@", MONEY, MONEY, MONEY]
