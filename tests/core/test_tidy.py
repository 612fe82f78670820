from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from counterfoil.core.cells import date_serial
from counterfoil.core.compared_days import Span
from counterfoil.core.comparison import from_reports
from counterfoil.core.operations import RowLook
from counterfoil.core.reports import LineKind, parse
from counterfoil.core.tidy import tidy_values, titled
from counterfoil.core.tidy_lines import tidy_lines
from tests.core.test_reports import SAMPLES, own
from tests.samples import sample

JANUARY = date_serial(date(2026, 1, 1))


def laid(report: Any, *, detail: bool = False) -> list[dict[str, Any]]:
    """The rows, each by the keys of its columns."""
    tidy = tidy_lines if detail else tidy_values
    found = tidy(parse(report), title="A report", company="Acme")
    return [dict(zip(found.layout.keys, row, strict=True)) for row in found.rows]


def test_a_profit_and_loss_gives_one_row_per_value() -> None:
    rows = laid(own("profit-and-loss"))
    assert rows[0] == {
        "company": "Acme",
        "report": "A report",
        "basis": "Accrual",
        "from": JANUARY,
        "to": JANUARY + 89,
        "currency": "USD",
        "id": "82",
        "name": "=Design income",
        "path": "Income > =Design income",
        "depth": 1,
        "row_type": "line",
        "dimension": "Total",
        "dimension_id": "",
        "dimension_from": "",
        "dimension_to": "",
        "amount": 2250,
        "debit_positive": -2250,
        "number": "",
        "key": "Income/82|total",
        "column_type": "amount",
    }
    assert [(row["name"], row["row_type"], row["amount"]) for row in rows[:6]] == [
        ("=Design income", "line", 2250),
        ("Landscaping", "line", 100.5),
        ("Other", "line", 0.25),
        ("Other", "line", -50.75),
        ("Total Landscaping", "total", 50),
        ("Total Income", "total", 2300),
    ]


def test_lines_without_totals_add_up_to_the_net_income() -> None:
    rows = laid(own("profit-and-loss"))
    lines = sum(Decimal(str(row["debit_positive"])) for row in rows if row["row_type"] == "line")
    (net,) = [row for row in rows if row["key"] == "NetIncome:total|total"]
    assert -lines == net["amount"]


def test_a_balance_sheet_comes_to_nothing_when_debits_are_positive() -> None:
    rows = laid(own("balance-sheet"))
    lines = [row for row in rows if row["row_type"] == "line"]
    assert lines
    assert sum(Decimal(str(row["debit_positive"])) for row in lines) == 0


def test_columns_by_month_say_which_days_they_cover() -> None:
    report = sample("reports/ProfitAndLoss_by_month_6_columns.json")
    rows = laid(report)
    months = {row["dimension"]: (row["dimension_from"], row["dimension_to"]) for row in rows}
    assert months["Jan 2024"] == (45292, 45322)
    assert months["Total"] == ("", "")


def line(*texts: str, ids: dict[int, str] | None = None) -> dict[str, Any]:
    cells = [{"value": text} for text in texts]
    for place, id in (ids or {}).items():
        cells[place]["id"] = id
    return {"ColData": cells, "type": "Data"}


def journal(*rows: dict[str, Any]) -> dict[str, Any]:
    keys = {"tx_date": "Date", "txn_type": "Type", "name": "Name", "debt_amt": "Debit"}
    return {
        "Header": {"ReportName": "JournalReport", "Currency": "USD"},
        "Columns": {"Column": [{"ColTitle": title, "ColType": key} for key, title in keys.items()]},
        "Rows": {"Row": list(rows)},
    }


def test_lines_of_a_transaction_say_what_its_first_line_says() -> None:
    report = journal(
        line("2026-01-01", "Invoice", "Ana", "15.00", ids={1: "65", 2: "1"}),
        line("0-00-00", "", "", "-10.00", ids={1: "65"}),
        line("", "", "", ""),
        line("2026-01-02", "Bill", "", "7.00", ids={1: "66"}),
        line("0-00-00", "", "", "-7.00", ids={1: "66"}),
    )
    rows = laid(report, detail=True)
    assert [
        (row["tx_date"], row["txn_type"], row["txn_type_id"], row["name"], row["name_id"])
        for row in rows
    ] == [
        (JANUARY, "Invoice", "65", "Ana", "1"),
        (JANUARY, "Invoice", "65", "Ana", "1"),
        (JANUARY + 1, "Bill", "66", "", ""),
        (JANUARY + 1, "Bill", "66", "", ""),
    ]
    assert [row["debt_amt"] for row in rows] == [15, -10, 7, -7]


def section(name: str, *rows: dict[str, Any]) -> dict[str, Any]:
    return {
        "Header": {"ColData": [{"value": name}, *[{"value": ""}] * 3]},
        "Rows": {"Row": list(rows)},
        "type": "Section",
    }


def test_a_line_that_names_its_transaction_is_filled_from_that_one_in_whatever_section() -> None:
    report = journal(
        section(
            "Payable",
            line("2026-01-01", "Bill", "Ana", "-15.00", ids={1: "65", 2: "1"}),
            line("2026-01-02", "Bill", "Bo", "-10.00", ids={1: "66", 2: "2"}),
        ),
        section(
            "Advertising",
            line("0-00-00", "", "", "15.00", ids={1: "65"}),
            line("0-00-00", "", "Cy", "10.00", ids={1: "66", 2: "3"}),
            line("0-00-00", "", "", "1.00"),
            line("0-00-00", "", "", "2.00", ids={1: "67"}),
        ),
    )
    rows = laid(report, detail=True)
    assert {row["row_type"] for row in rows} == {"line"}
    assert [
        (row["tx_date"], row["txn_type"], row["txn_type_id"], row["name"], row["name_id"])
        for row in rows[2:]
    ] == [
        (JANUARY, "Bill", "65", "Ana", "1"),
        (JANUARY + 1, "Bill", "66", "Cy", "3"),
        # Nobody says of which transaction these are.
        ("0-00-00", "", "", "", ""),
        ("0-00-00", "", "67", "", ""),
    ]


def test_a_ledger_tells_balances_carried_forward_from_postings() -> None:
    checking = {
        "Header": {"ColData": [{"value": "Checking", "id": "35"}, *[{"value": ""}] * 3]},
        "Rows": {
            "Row": [
                line("Beginning Balance", "", "", "100.00"),
                line("2026-01-01", "Deposit", "", "5.00", ids={1: "7"}),
            ]
        },
        "Summary": {"ColData": [{"value": "Total for Checking"}, *[{"value": ""}] * 3]},
        "type": "Section",
    }
    rows = laid(journal(checking), detail=True)
    assert [(row["row_type"], row["path"], row["section_id"]) for row in rows] == [
        ("opening", "Checking", "35"),
        ("line", "Checking", "35"),
    ]
    assert rows[0]["tx_date"] == "Beginning Balance"


@pytest.mark.parametrize("name", SAMPLES)
def test_every_value_of_a_real_report_is_in_the_tidy_table_once(name: str) -> None:
    """Percentages among them, which are texts; labels that stand among amounts are no values."""
    table = parse(sample(f"reports/{name}.json"))
    found = tidy_values(table, title="A report", company="Acme")
    values = [
        float(value) if isinstance(value, Decimal) else value
        for each in table.lines
        for place, (value, column) in enumerate(zip(each.values, table.columns, strict=True))
        if column.is_amount and value is not None and (place or isinstance(value, Decimal))
    ]
    place = found.layout.keys.index("amount")
    assert [row[place] for row in found.rows] == values
    assert len(set(found.line_keys)) == len(found.rows)


def test_a_total_has_its_percentages() -> None:
    keys = ("account", "total", "percent")
    lines = [("Sales", "10.00", "40.0 %"), ("Fees", "15.00", "60.0 %")]
    cells = [{"ColData": [{"value": text} for text in each]} for each in lines]
    total = {"ColData": [{"value": text} for text in ("TOTAL", "25.00", "100.0 %")]}
    report = {
        "Header": {"ReportName": "CustomerSales", "SummarizeColumnsBy": "Total"},
        "Columns": {"Column": [{"ColTitle": key, "ColType": "Money"} for key in keys]},
        "Rows": {"Row": [*cells, {"group": "GrandTotal", "Summary": total}]},
    }
    assert [(row["name"], row["dimension"], row["amount"]) for row in laid(report)][-2:] == [
        ("TOTAL", "total", 25),
        ("TOTAL", "percent", "100.0 %"),
    ]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_line_of_a_real_report_is_in_the_table_of_lines_once(name: str) -> None:
    table = parse(sample(f"reports/{name}.json"))
    found = tidy_lines(table, title="A report", company="Acme")
    lines = [
        each for each in table.lines if each.kind is LineKind.DATA and "".join(each.texts).strip()
    ]
    assert found.line_keys == tuple(each.key for each in lines)
    assert json.loads(found.layout.header.text)[0][-5:] == [
        *("Key", "From", "To", "Depth", "Debit positive")
    ]
    rows = [dict(zip(found.layout.keys, row, strict=True)) for row in found.rows]
    for row, each in zip(rows, lines, strict=True):
        for column, id in zip(table.columns, each.ids, strict=True):
            if id and f"{column.key}_id" in row:
                assert row[f"{column.key}_id"] == id


SIDES = (("Debit", "debit"), ("Credit", "credit"))


def trial_balance_by_month() -> Any:
    def named(title: str, key: str, **more: Any) -> Any:
        return {"ColTitle": title, "MetaData": [{"Name": "ColKey", "Value": key}], **more}

    months = [
        named(month, month, Columns={"Column": [named(*side, ColType="Money") for side in SIDES]})
        for month in ("Jan 2026", "Feb 2026")
    ]
    texts = (("Checking", "10.00", "", "12.00", ""), ("Loan", "", "10.00", "", "12.00"))
    return {
        "Header": {"ReportName": "TrialBalance", "SummarizeColumnsBy": "Month"},
        "Columns": {"Column": [named("", "account"), *months]},
        "Rows": {"Row": [{"ColData": [{"value": text} for text in row]} for row in texts]},
    }


def test_every_debit_of_a_trial_balance_is_positive_in_whatever_month() -> None:
    rows = laid(trial_balance_by_month())
    assert [(row["name"], row["dimension"], row["debit_positive"]) for row in rows] == [
        ("Checking", "Jan 2026 / Debit", 10),
        ("Checking", "Feb 2026 / Debit", 12),
        ("Loan", "Jan 2026 / Credit", -10),
        ("Loan", "Feb 2026 / Credit", -12),
    ]


def test_of_two_columns_of_periods_nobody_says_which_is_a_debit() -> None:
    report = trial_balance_by_month()
    for column in report["Columns"]["Column"][1:]:
        del column["Columns"]
    for at, row in enumerate(report["Rows"]["Row"]):
        row["ColData"] = row["ColData"][:3]
        meta = report["Columns"]["Column"][at + 1]["MetaData"]
        meta += [
            {"Name": "StartDate", "Value": f"2026-0{at + 1}-01"},
            {"Name": "EndDate", "Value": f"2026-0{at + 1}-28"},
        ]
    assert {row["debit_positive"] for row in laid(report)} == {""}


def test_a_compared_trial_balance_has_its_debits_positive_in_every_period() -> None:
    table = parse(sample("reports/TrialBalance.json"))
    days = [Span(None, date(2016, 3, 14)), Span(None, date(2016, 2, 14))]
    found = tidy_values(from_reports([table, table], days), title="TB", company="Acme")
    rows = [dict(zip(found.layout.keys, row, strict=True)) for row in found.rows]
    assert [(row["name"], row["debit_positive"]) for row in rows if row["amount"]][:4] == [
        ("Checking", 4151.74),
        ("Checking", 4151.74),
        ("Meals and Entertainment", -46),
        ("Meals and Entertainment", -46),
    ]


def test_the_number_of_an_account_has_a_column_of_its_own() -> None:
    table = parse(own("profit-and-loss"))
    found = tidy_values(table, title="A report", company="Acme", numbers={"82": "0040"})
    rows = [dict(zip(found.layout.keys, row, strict=True)) for row in found.rows]
    assert {(row["number"], row["name"]) for row in rows if row["number"]} == {
        ("0040", "=Design income")
    }
    ledger = parse(sample("reports/GeneralLedger_two_columns.json"))
    ids = [line.ids[0] for line in ledger.lines if line.kind is LineKind.SECTION and line.ids[0]]
    known = {ids[0]: "1000"}
    lines = tidy_lines(ledger, title="A report", company="Acme", numbers=known)
    place, id = (lines.layout.keys.index(key) for key in ("section_number", "section_id"))
    assert {row[place] for row in lines.rows if row[id] == ids[0]} == {"1000"}
    assert {row[place] for row in lines.rows if row[id] != ids[0]} == {""}


def test_a_title_stands_in_a_row_above_the_column_titles() -> None:
    plain = tidy_values(parse(own("profit-and-loss")), title="A report", company="Acme")
    found = titled(plain, "A report · Acme")
    assert [row[:2] for row in found.header_rows] == [
        ["A report · Acme", ""],
        ["Company", "Report"],
    ]
    assert found.layout.header_rows == 2
    assert (found.rows, found.layout.row_looks) == (plain.rows, (RowLook(0, bold=True),))


def test_the_dashboard_knows_columns_by_their_places() -> None:
    keys = tidy_values(parse(own("profit-and-loss")), title="A report", company="Acme").layout.keys
    script = (Path(__file__).parents[2] / "addon/Dashboard.js").read_text()
    for name, key in (("NAME", "name"), ("TYPE", "row_type"), ("AMOUNT", "amount")):
        assert f"const TIDY_{name} = {keys.index(key) + 1};" in script
