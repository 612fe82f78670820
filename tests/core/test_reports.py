from __future__ import annotations

import copy
import json
import pathlib
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from counterfoil.core.errors import IncompleteRead, ReportTooLarge
from counterfoil.core.reports import LineKind, ReportTable, parse
from tests.samples import sample

DATA = pathlib.Path(__file__).parents[1] / "data" / "quickbooks"

SAMPLES = (
    "BalanceSheet_2014",
    "BalanceSheet_2019_total",
    "BalanceSheet_2026_sandbox",
    "BalanceSheet_by_year",
    "BalanceSheet_docs_by_customer_or_total",
    "ProfitAndLoss_2014",
    "ProfitAndLoss_2026_sandbox",
    "ProfitAndLoss_by_customers_NoReportData",
    "ProfitAndLoss_by_month_6_columns",
    "ProfitAndLossDetail",
    "ProfitAndLossDetail_with_options",
    "AccountList",
    "AgedPayableDetail_2015",
    "AgedPayableDetail_docs",
    "AgedPayables",
    "AgedReceivableDetail",
    "AgedReceivables",
    "CashFlow",
    "CashFlow_2014",
    "ClassSales",
    "CustomerBalance",
    "CustomerIncome",
    "CustomerSales",
    "GeneralLedger_two_columns",
    "InventoryValuationDetail",
    "InventoryValuationSummary",
    "JournalReport_excerpt",
    "TaxSummary_FR",
    "TransactionListByCustomer_NoReportData",
    "TransactionListWithSplits",
    "TransactionList_2015",
    "TrialBalance",
    "VendorExpenses",
)


def own(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"), parse_float=Decimal)


def test_lines_are_known_by_groups_and_account_ids() -> None:
    table = parse(own("profit-and-loss"))
    assert [(line.key, line.kind, line.depth, *line.values) for line in table.lines] == [
        ("Income", LineKind.SECTION, 0, "Income", None),
        ("Income/82", LineKind.DATA, 1, "=Design income", Decimal("2250.00")),
        ("Income/45", LineKind.SECTION, 1, "Landscaping", Decimal("100.50")),
        ("Income/45/46", LineKind.DATA, 2, "Other", Decimal("0.25")),
        ("Income/45/47", LineKind.DATA, 2, "Other", Decimal("-50.75")),
        ("Income/45:total", LineKind.TOTAL, 1, "Total Landscaping", Decimal("50.00")),
        ("Income:total", LineKind.TOTAL, 0, "Total Income", Decimal("2300.00")),
        ("GrossProfit:total", LineKind.TOTAL, 0, "Gross Profit", Decimal("2300.00")),
        ("Expenses", LineKind.SECTION, 0, "Expenses", None),
        ("Expenses/7", LineKind.DATA, 1, "Advertising", Decimal("300.01")),
        ("Expenses/8", LineKind.DATA, 1, "Rent", None),
        ("Expenses/~not specified", LineKind.DATA, 1, "Not Specified", Decimal("0.99")),
        ("Expenses/~not specified#2", LineKind.DATA, 1, "NOT SPECIFIED", Decimal("0.00")),
        ("Expenses:total", LineKind.TOTAL, 0, "Total Expenses", Decimal("301.00")),
        ("NetOperatingIncome:total", LineKind.TOTAL, 0, "Net Operating Income", Decimal("1999.00")),
        ("NetIncome:total", LineKind.TOTAL, 0, "Net Income", Decimal("1999.00")),
    ]


def test_what_the_report_says_of_itself_is_kept() -> None:
    table = parse(own("profit-and-loss"))
    assert table.name == "ProfitAndLoss"
    assert (table.basis, table.currency) == ("Accrual", "USD")
    assert (table.start, table.end) == (date(2026, 1, 1), date(2026, 3, 31))
    assert table.options == (("AccountingStandard", "GAAP"), ("NoReportData", "false"))
    assert table.header["SummarizeColumnsBy"] == "Total"


def test_a_column_for_each_month_knows_its_days() -> None:
    table = parse(own("profit-and-loss-by-month"))
    assert [(c.key, c.title, c.is_amount, c.start, c.end) for c in table.columns] == [
        ("account", "", False, None, None),
        ("Month 2026-01-01", "Jan 2026", True, date(2026, 1, 1), date(2026, 1, 31)),
        ("Month 2026-02-01", "Feb 2026", True, date(2026, 2, 1), date(2026, 2, 28)),
        ("total", "Total", True, None, None),
        ("percent", "% of Income", True, None, None),
    ]
    assert [line.values for line in table.lines][1:3] == [
        ("Sales", Decimal("10.10"), None, Decimal("10.10"), "100.00 %"),
        ("Fees", Decimal("-0.10"), Decimal("0.10"), Decimal("0.00"), None),
    ]


def test_columns_of_periods_are_known_also_where_only_who_asked_knows_of_which() -> None:
    report = own("profit-and-loss-by-month")
    del report["Header"]["SummarizeColumnsBy"]
    assert [column.key for column in parse(report, by="Month").columns][1:3] == [
        "Month 2026-01-01",
        "Month 2026-02-01",
    ]
    assert parse(report).columns[1].key == "Jan 2026"


def test_older_answers_without_column_keys_get_keys_from_days_and_places() -> None:
    by_year = parse(sample("reports/BalanceSheet_by_year.json"))
    assert [column.key for column in by_year.columns] == [
        "account",
        "Year 2013-01-01",
        "Year 2014-01-01",
        "Year 2015-01-01",
    ]
    assert (by_year.start, by_year.end) == (date(2013, 7, 4), date(2015, 6, 21))
    old = parse(sample("reports/ProfitAndLoss_2014.json"))
    assert [column.key for column in old.columns] == ["account", "total"]


def test_nested_columns_are_flattened_to_their_leaves() -> None:
    report = own("profit-and-loss")
    report["Columns"]["Column"][1] = {
        "ColTitle": "Jan 2026",
        "MetaData": [{"Name": "ColKey", "Value": "Jan 2026"}],
        "Columns": {
            "Column": [
                {"ColTitle": "Quantity", "MetaData": [{"Name": "ColKey", "Value": "quantity"}]},
                {"ColTitle": "Amount"},
                {"ColTitle": "Amount"},
            ]
        },
    }
    found = [(column.key, column.title) for column in parse(report).columns]
    assert found == [
        ("account", ""),
        ("Jan 2026/quantity", "Jan 2026 / Quantity"),
        ("Jan 2026", "Jan 2026 / Amount"),
        ("Jan 2026#2", "Jan 2026 / Amount"),
    ]


def test_a_period_is_known_by_its_unit_and_what_is_told_of_it_by_its_word() -> None:
    """Whole or cut, called by whatever days, with its days above the columns or in each of them."""

    def told(by: str, title: str, start: str, end: str, *inner: str) -> list[str]:
        meta = [("StartDate", start), ("EndDate", end), ("ColKey", title)]
        column: dict[str, Any] = {
            "ColTitle": title,
            "MetaData": [{"Name": name, "Value": value} for name, value in meta],
        }
        if inner:
            words = [[{"Name": "ColKey", "Value": word}] for word in inner]
            column["Columns"] = {"Column": [{"ColTitle": "", "MetaData": meta} for meta in words]}
        report = own("profit-and-loss")
        report["Header"]["SummarizeColumnsBy"] = by
        report["Columns"]["Column"][1:] = [column]
        return [each.key for each in parse(report).columns[1:]]

    assert told("Month", "Mar 2026", "2026-03-01", "2026-03-31") == ["Month 2026-03-01"]
    assert told("Month", "1. bis 27. März 2026", "2026-03-01", "2026-03-27") == ["Month 2026-03-01"]
    assert told("Quarter", "Q4", "2026-10-01", "2026-11-27", "quantity", "amount") == [
        "Quarter 2026-10-01/quantity",
        "Quarter 2026-10-01/amount",
    ]
    assert told("Month", "total", "2026-01-01", "2026-03-27") == ["total"]
    assert told("Month", "debt_amt", "2026-03-01", "2026-03-27") == ["debt_amt"]
    assert told("Days", "Others", "2026-03-01", "2026-05-09") == ["Others"]
    assert told("Total", "Mar", "2026-03-01", "2026-03-27") == ["Mar"]


def test_customers_of_one_name_are_two_columns() -> None:
    report = own("profit-and-loss")
    report["Columns"]["Column"][1:] = [
        {
            "ColTitle": "Amy",
            "ColType": "Money",
            "MetaData": [{"Name": "ColKey", "Value": "Amy"}, {"Name": "ID", "Value": id}],
        }
        for id in ("1", "2")
    ]
    assert [column.key for column in parse(report).columns] == ["account", "1", "2"]


@pytest.mark.parametrize("rows", [{}, {"Row": []}, None])
def test_an_empty_report_has_no_lines(rows: Any) -> None:
    assert parse(own("profit-and-loss") | {"Rows": rows}).lines == ()


def test_a_skeleton_without_amounts_is_kept_as_it_is() -> None:
    table = parse(sample("reports/ProfitAndLoss_by_customers_NoReportData.json"))
    assert [line.label for line in table.lines] == [
        *("Income", "Total Income", "Gross Profit", "Expenses", "Total Expenses"),
        *("Net Operating Income", "Net Income"),
    ]
    assert all(line.values[1] is None for line in table.lines)
    assert table.header["Customer"] == "1"


def test_a_total_with_its_label_in_front_of_the_columns_keeps_its_amounts_in_place() -> None:
    table = parse(sample("reports/ProfitAndLossDetail_with_options.json"))
    long = [line for line in table.lines if line.extra]
    assert [line.label for line in long if line.depth == 0][-1] == "Net Income"
    assert long[-1].values == (Decimal("-1746.56"), Decimal("231.52"))
    assert len({len(line.values) for line in table.lines}) == 1


@pytest.mark.parametrize(
    "where",
    [
        lambda report: report["Rows"].update(
            Row=[
                {
                    "ColData": [
                        {"value": "Unable to display more data. Please reduce the date range."}
                    ]
                }
            ]
        ),
        lambda report: report["Header"].update(Note="unable to display more data."),
        lambda report: report["Rows"]["Row"][0]["Rows"]["Row"][1]["Rows"]["Row"][0]["ColData"][
            0
        ].update(value=" UNABLE TO DISPLAY MORE DATA"),
    ],
    ids=["as the only row", "in the header", "deep inside"],
)
def test_a_report_that_cannot_show_all_is_refused(where: Any) -> None:
    report = own("profit-and-loss")
    where(report)
    with pytest.raises(ReportTooLarge, match="shorter range"):
        parse(report)


@pytest.mark.parametrize("name", ["CustomerSales", "ItemSales", "InventoryValuationSummary"])
def test_a_report_without_columns_can_say_so_too(name: str) -> None:
    words = {"value": "Unable to display more data. Please reduce the date range."}
    report = {
        "Header": {"ReportName": name, "SummarizeColumnsBy": "Total", "Currency": "USD"},
        "Columns": {"Column": []},
        "Rows": {"Row": [{"ColData": [words]}]},
    }
    with pytest.raises(ReportTooLarge):
        parse(report)
    with pytest.raises(IncompleteRead):
        parse(report | {"Rows": {}})


@pytest.mark.parametrize(
    "report",
    [
        {},
        {"Header": {}, "Rows": {}},
        {"Header": {}, "Columns": {}, "Rows": {}},
        {"Header": None, "Columns": {"Column": [{}]}, "Rows": {}},
        {"Header": {}, "Columns": {"Column": [{}]}},
        {"Header": {}, "Columns": {"Column": [{}]}, "Rows": {"Row": ["text"]}},
        {"Header": {}, "Columns": {"Column": [{}]}, "Rows": {"Row": [{"type": "Data"}]}},
        {"Fault": {"Error": []}},
    ],
)
def test_what_is_not_shaped_like_a_report_is_refused(report: Any) -> None:
    with pytest.raises(IncompleteRead, match="not a report"):
        parse(report)


@pytest.mark.parametrize("name", SAMPLES)
def test_no_value_id_or_meta_of_a_real_report_is_lost(name: str) -> None:
    report = sample(f"reports/{name}.json")
    table = parse(report)
    assert kept(table) == sent(report)
    assert len({line.key for line in table.lines}) == len(table.lines)


@pytest.mark.parametrize("name", SAMPLES[:9])
def test_every_amount_of_a_real_report_is_read_as_one(name: str) -> None:
    table = parse(sample(f"reports/{name}.json"))
    for line in table.lines:
        for text, value in zip(line.texts[1:], line.values[1:], strict=True):
            assert value == (Decimal(text) if text else None)


# Columns of reports of transactions that hold numbers, by their keys.
NUMBERS = frozenset(
    (
        *("subt_nat_amount", "rbal_nat_amount", "nat_amount", "amount", "tax_amount"),
        *("debt_amt", "credit_amt", "subt_neg_amount", "subt_neg_open_bal", "home_amount"),
        *("home_asset_value", "quantity", "rate", "qty_on_hand", "past_due"),
    )
)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_number_of_a_real_report_is_read_as_one(name: str) -> None:
    table = parse(sample(f"reports/{name}.json"))
    in_summary = "SummarizeColumnsBy" in table.header
    for place, column in enumerate(table.columns):
        if column.plain_key in NUMBERS or (in_summary and place > 0):
            texts = [line.texts[place].strip() for line in table.lines]
            looks = [re.fullmatch(r"-?[\d,]*\.?\d+", text) is not None for text in texts]
            values = [line.values[place] for line in table.lines]
            assert [isinstance(value, Decimal) for value in values] == looks, column.key


def test_quantities_and_rates_are_numbers_of_their_own() -> None:
    table = parse(sample("reports/InventoryValuationDetail.json"))
    shown = [column.key for column in table.columns if column.is_quantity]
    assert shown == ["quantity", "rate", "qty_on_hand"]
    assert [column.key for column in table.columns if column.is_amount] == [
        *("quantity", "rate", "home_amount", "qty_on_hand", "home_asset_value"),
    ]


def test_titles_of_the_next_version_change_no_key() -> None:
    report = sample("reports/BalanceSheet_2026_sandbox.json")
    text = json.dumps(report, default=str)
    for old, new in (("ASSETS", "Assets"), ("LIABILITIES AND EQUITY", "Liabilities and Equity")):
        text = text.replace(old, new)
    renamed = json.loads(text)
    assert [line.key for line in parse(renamed).lines] == [line.key for line in parse(report).lines]


def test_a_report_nested_without_end_is_refused() -> None:
    row: dict[str, Any] = {"ColData": [{"value": "deep"}]}
    for _ in range(5_000):
        row = {"Rows": {"Row": [row]}}
    with pytest.raises(IncompleteRead):
        parse(own("profit-and-loss") | {"Rows": {"Row": [row]}})


def test_parsing_changes_nothing() -> None:
    report = own("profit-and-loss")
    before = copy.deepcopy(report)
    parse(report)
    assert report == before


def kept(table: ReportTable) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for line in table.lines:
        # Cells that were not sent are not told from blank ones: neither is counted.
        found.update(("value", text) for text in (*line.extra, *line.texts) if text)
        found.update(("id", id) for id in line.ids if id is not None)
        found.update(("href", link) for link in line.links if link is not None)
    for column in table.columns:
        found.update(("meta", f"{name}={value}") for name, value in column.meta)
        found.update([("column", f"{column.type}/{column.title}")])
    found.update(("option", f"{name}={value}") for name, value in table.options)
    found.update(("header", f"{name}={value}") for name, value in table.header.items())
    return found


def sent(report: Any) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for cell in cells(report["Rows"]):
        assert cell.keys() <= {"value", "id", "href"}
        found.update((name, value) for name, value in cell.items() if value)
    for column in report["Columns"]["Column"]:
        assert column.keys() <= {"ColTitle", "ColType", "MetaData"}
        for item in column.get("MetaData", ()):
            found.update([("meta", f"{item['Name']}={item['Value']}")])
        found.update([("column", f"{column.get('ColType', '')}/{column['ColTitle']}")])
    for name, value in report["Header"].items():
        if name == "Option":
            found.update(("option", f"{o['Name']}={o['Value']}") for o in value)
        else:
            found.update([("header", f"{name}={value}")])
    return found


def cells(held: Any) -> Iterator[dict[str, str]]:
    """Every cell of the payload, wherever it stands."""
    if isinstance(held, dict):
        for name, inner in held.items():
            if name == "ColData":
                yield from inner
            else:
                yield from cells(inner)
    elif isinstance(held, list):
        for inner in held:
            yield from cells(inner)
