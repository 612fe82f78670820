from __future__ import annotations

import json
import pathlib
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from counterfoil.core.blocks import Target, direct
from counterfoil.core.digest import Digest
from counterfoil.core.errors import ExportTooLarge
from counterfoil.core.operations import EncodedRows, RowLook, encode
from counterfoil.core.printed import printed
from counterfoil.core.reports import ReportTable, parse
from tests.core.test_operations import VALIDATOR
from tests.core.test_reports import SAMPLES, own
from tests.samples import sample

VECTORS = pathlib.Path(__file__).parents[1] / "data/operations"


def test_profit_and_loss_by_total_is_printed_as_quickbooks_prints_it() -> None:
    found = printed(parse(own("profit-and-loss")), title="Profit and Loss", company="Acme =1+1")
    assert found.header_rows == [
        ["Acme =1+1", ""],
        ["Profit and Loss", ""],
        ["2026-01-01 to 2026-03-31", ""],
        ["Accrual basis, USD", ""],
        ["", "Total"],
    ]
    assert found.rows == [
        ["Income", ""],
        ["=Design income", 2250],
        ["Landscaping", 100.5],
        ["Other", 0.25],
        ["Other", -50.75],
        ["Total Landscaping", 50],
        ["Total Income", 2300],
        ["Gross Profit", 2300],
        ["Expenses", ""],
        ["Advertising", 300.01],
        ["Rent", ""],
        ["Not Specified", 0.99],
        ["NOT SPECIFIED", 0],
        ["Total Expenses", 301],
        ["Net Operating Income", 1999],
        ["Net Income", 1999],
    ]
    assert found.layout.row_looks[:8] == (
        RowLook(5, bold=True, depth=0),
        RowLook(6, bold=False, depth=1),
        RowLook(7, bold=True, depth=1),
        RowLook(8, bold=False, depth=2),
        RowLook(9, bold=False, depth=2),
        RowLook(10, bold=True, depth=1),
        RowLook(11, bold=True, depth=0),
        RowLook(12, bold=True, depth=0),
    )
    assert found.line_keys[1] == "Income/82"
    assert found.layout.keys == ("account", "total")
    assert found.layout.sums == ((1, 2),)


def test_every_title_is_read_whole_within_reason() -> None:
    table = parse(own("profit-and-loss-by-month"))
    titles = ["", "2026-01-01 to 2026-06-30", "Change from 2025-01-01 to 2025-06-30", "X" * 90, "T"]
    columns = [
        replace(column, title=title) for column, title in zip(table.columns, titles, strict=True)
    ]
    found = printed(replace(table, columns=tuple(columns)), title="P&L", company="Acme")
    assert found.layout.widths == (280, 208, 304, 320, 110)


def test_profit_and_loss_by_month_keeps_what_is_no_amount_as_text() -> None:
    found = printed(parse(own("profit-and-loss-by-month")), title="Profit and Loss", company="Acme")
    assert found.header_rows[2:] == [
        ["2026-01-01 to 2026-02-28", "", "", "", ""],
        ["Cash basis, EUR", "", "", "", ""],
        ["", "Jan 2026", "Feb 2026", "Total", "% of Income"],
    ]
    assert found.rows == [
        ["INCOME", "", "", "", ""],
        ["Sales", 10.1, "", 10.1, "100.00 %"],
        ["Fees", -0.1, 0.1, 0, ""],
        ["TOTAL INCOME", 10, 0.1, 10.1, "100.00 %"],
        ["NET INCOME", 10, 0.1, 10.1, "100.00 %"],
    ]


def test_a_balance_sheet_is_as_of_a_day() -> None:
    table = parse(sample("reports/BalanceSheet_2026_sandbox.json"))
    found = printed(table, title="Balance Sheet", company="Acme")
    assert found.header_rows[2][0] == "As of 2026-08-25"


def test_a_balance_sheet_by_month_has_its_literal_cells() -> None:
    found = printed(parse(own("balance-sheet")), title="Balance Sheet", company="Acme")
    assert found.header_rows == [
        ["Acme", "", ""],
        ["Balance Sheet", "", ""],
        ["As of 2026-10-31", "", ""],
        ["Accrual basis, USD", "", ""],
        ["", "Sep 2026", "Oct 2026"],
    ]
    assert found.rows == [
        ["ASSETS", "", ""],
        ["Current Assets", "", ""],
        ["Bank Accounts", "", ""],
        ["=Checking", 1201, 950.25],
        ["Savings", 800, 800],
        ["Total Bank Accounts", 2001, 1750.25],
        ["Accounts Receivable", "", ""],
        ["Accounts Receivable (A/R)", "", 150],
        ["Total Accounts Receivable", "", 150],
        ["Total Current Assets", 2001, 1900.25],
        ["Fixed Assets", "", ""],
        ["Truck", "", ""],
        ["Original Cost", 13495, 13495],
        ["Depreciation", -495, -600],
        ["Total Truck", 13000, 12895],
        ["Total Fixed Assets", 13000, 12895],
        ["TOTAL ASSETS", 15001, 14795.25],
        ["LIABILITIES AND EQUITY", "", ""],
        ["Liabilities", "", ""],
        ["Current Liabilities", "", ""],
        ["Accounts Payable", "", ""],
        ["Accounts Payable (A/P)", 500, 602.67],
        ["Total Accounts Payable", 500, 602.67],
        ["Credit Cards", "", ""],
        ["Mastercard", 157.72, ""],
        ["Total Credit Cards", 157.72, ""],
        ["Total Current Liabilities", 657.72, 602.67],
        ["Total Liabilities", 657.72, 602.67],
        ["Equity", "", ""],
        ["Opening Balance Equity", -9337.5, -9337.5],
        ["Retained Earnings", 91.25, 91.25],
        ["Net Income", 23589.53, 23438.83],
        ["Total Equity", 14343.28, 14192.58],
        ["TOTAL LIABILITIES AND EQUITY", 15001, 14795.25],
    ]
    assert [look.depth for look in found.layout.row_looks[:6]] == [0, 1, 2, 3, 3, 2]
    assert found.line_keys[3] == "TotalAssets/CurrentAssets/BankAccounts/35"
    assert found.line_keys[31] == "TotalLiabilitiesAndEquity/Equity/NetIncome"
    assert found.layout.keys == ("account", "Month 2026-09-01", "Month 2026-10-01")


def test_a_report_that_says_little_still_has_its_four_title_rows() -> None:
    report: Any = {
        "Header": {"ReportName": "ProfitAndLoss"},
        "Columns": {"Column": [{"ColTitle": "Day", "ColType": "Date"}, {"ColTitle": "Amount"}]},
        "Rows": {
            "Row": [{"ColData": [{"value": "2026-01-31"}]}, {"ColData": [{"value": "later"}]}]
        },
    }
    found = printed(parse(report), title="P", company="")
    assert found.header_rows == [["", ""], ["P", ""], ["", ""], ["", ""], ["Day", "Amount"]]
    assert found.rows == [[46053, ""], ["later", ""]]
    assert [column.kind for column in found.layout.columns] == ["date", "text"]


def ledger() -> ReportTable:
    """An account with its balance and two lines, of which the second is no day of its own."""

    def cells(*texts: str) -> dict[str, Any]:
        return {"ColData": [{"value": text} for text in texts]}

    keys = ("tx_date", "txn_type", "subt_nat_amount")
    lines = [
        cells("Beginning Balance", "", "100.00"),
        cells("2026-01-02", "Deposit", "20.00"),
        cells("", "Fee", "-5.00"),
    ]
    return parse(
        {
            "Header": {"ReportName": "GeneralLedger", "Currency": "USD"},
            "Columns": {"Column": [{"ColTitle": key, "ColType": key} for key in keys]},
            "Rows": {
                "Row": [
                    {
                        "Header": cells("Checking", "", ""),
                        "Rows": {
                            "Row": [{"Rows": {"Row": lines}, "Header": cells("Ours", "", "")}]
                        },
                        "Summary": cells("Total for Checking", "", "115.00"),
                    }
                ]
            },
        }
    )


def test_words_are_indented_and_days_are_not() -> None:
    """The indent is a format of text: with it a day would be shown as a serial number."""
    found = printed(ledger(), title="General Ledger", company="Acme")
    assert [
        (row[0], look.depth) for row, look in zip(found.rows, found.layout.row_looks, strict=True)
    ] == [
        ("Checking", 0),
        ("Ours", 1),
        ("Beginning Balance", 2),
        (46024, 0),
        ("", 0),
        ("Total for Checking", 0),
    ]


def test_the_story_of_a_ledger_that_both_writers_tell_is_what_is_printed() -> None:
    told = json.loads((VECTORS / "report_of_days.json").read_text("utf-8"))
    by_name = {each["op"]: each for each in told["steps"][0]["operations"]}
    built = {each["op"]: each for each in exported(ledger(), "General Ledger")}
    assert built["commit"] == by_name["commit"]
    for looks in ("rows", "freeze_columns"):
        assert built["format"][looks] == by_name["format"][looks]


def test_the_title_and_the_frozen_names_are_a_persons_once_the_report_stands() -> None:
    again = exported(ledger(), "General Ledger", new=False)
    (look,) = [each for each in again if each["op"] == "format"]
    assert "freeze_columns" not in look
    assert [each["row"] for each in look["rows"]] == [5, 6, 7, 8, 9, 10]


def test_labels_in_front_of_the_columns_get_a_column_of_their_own() -> None:
    table = parse(sample("reports/ProfitAndLossDetail_with_options.json"))
    found = printed(table, title="P", company="A")
    assert {len(row) for row in (*found.header_rows, *found.rows)} == {3}
    assert found.rows[-1] == ["Net Income", -1746.56, 231.52]
    assert found.layout.keys == ("label-1", "subt_nat_amount", "tax_amount")


@pytest.mark.parametrize("name", SAMPLES[:9])
def test_the_cells_of_a_real_report_add_up_to_what_was_sent(name: str) -> None:
    table = parse(sample(f"reports/{name}.json"))
    found = printed(table, title="T", company="C")
    assert [row[0] for row in found.rows] == [line.label for line in table.lines]
    for place in range(1, len(table.columns)):
        shown = [Decimal(repr(row[place])) for row in found.rows if row[place] != ""]
        sent = [line.values[place] for line in table.lines if line.values[place] is not None]
        assert shown == sent


def exported(table: ReportTable, title: str, *, new: bool = True) -> list[dict[str, Any]]:
    found = printed(table, title=title, company="Acme")
    rows, digest, tally = (
        EncodedRows.of(found.rows),
        Digest(bytes(32).hex()),
        found.layout.tally(),
    )
    digest.add(rows.text, rows.rows)
    tally.add(found.rows)
    target = Target("run_1", 1, title, "note", "2026-11-22T20:30:00+00:00", new=new)
    built: list[dict[str, Any]] = json.loads(
        encode(direct(found.layout, rows, target, digest, tally))
    )
    VALIDATOR.validate(built)
    return built


def test_a_printed_report_is_exported_in_one_step() -> None:
    built = exported(parse(own("profit-and-loss")), "Profit and Loss")
    by_name = {operation["op"]: operation for operation in built}
    assert by_name["commit"]["header_rows"] == by_name["format"]["freeze"] == 5
    assert by_name["format"]["header_row"] == 4
    assert by_name["format"]["right"] == [1]
    assert by_name["expect"]["rows"] == 21
    assert by_name["expect"]["distinct"] == {"column": 0, "count": 15}
    assert by_name["expect"]["sums"] == [{"column": 1, "scale": 2, "sum": "1155000"}]


def test_a_label_that_no_cell_can_hold_stops_the_export() -> None:
    report = own("profit-and-loss")
    report["Rows"]["Row"][0]["Header"]["ColData"][0]["value"] = "x" * 50_001
    with pytest.raises(ExportTooLarge):
        printed(parse(report), title="T", company="C")


def test_the_later_lines_of_a_transaction_have_no_day_of_their_own() -> None:
    keys = ("tx_date", "txn_type", "due_date", "memo")
    lines = [
        ("2026-01-02", "Journal Entry", "0-00-00", "0-00-00"),
        ("0-00-00", "", " 0-00-00 ", "second"),
    ]
    report = {
        "Header": {"ReportName": "JournalReport"},
        "Columns": {"Column": [{"ColTitle": key, "ColType": key} for key in keys]},
        "Rows": {"Row": [{"ColData": [{"value": text} for text in texts]} for texts in lines]},
    }
    found = printed(parse(report), title="Journal", company="Acme")
    assert found.rows == [[46024, "Journal Entry", "", "0-00-00"], ["", "", "", "second"]]


def test_the_real_journal_is_printed_without_the_mark_of_later_lines() -> None:
    table = parse(sample("reports/JournalReport_excerpt.json"))
    found = printed(table, title="Journal", company="Acme")
    assert sum(text == "0-00-00" for line in table.lines for text in line.texts) == 4
    assert not any("0-00-00" in row for row in found.rows)


def test_what_is_no_money_keeps_its_decimals() -> None:
    keys = ("tx_date", "quantity", "exch_rate", "past_due", "subt_nat_amount")
    texts = ("2026-01-02", "0.125", "1.084512", "12", "5.00")
    columns = [{"ColTitle": key, "ColType": key} for key in keys]
    report = {
        "Header": {"ReportName": "GeneralLedger", "Currency": "JPY"},
        "Columns": {"Column": columns},
        "Rows": {"Row": [{"ColData": [{"value": text} for text in texts]}]},
    }
    found = printed(parse(report), title="Ledger", company="Acme")
    assert found.rows[0][1:] == [0.125, 1.084512, 12, 5]
    assert [column.pattern for column in found.layout.columns[1:]] == [
        *["#,##0.00####"] * 3,
        "#,##0;(#,##0)",
    ]
    assert [place for place, _ in found.layout.sums] == [4]
