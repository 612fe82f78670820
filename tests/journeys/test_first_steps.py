"""A starter pack, its dashboard, values in cells, a table in a chosen cell: the add-on's own code
over the backend, without a browser.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from counterfoil import catalog
from sandbox import check
from sandbox.google.cells import CellError
from sandbox.google.tab import Tab
from sandbox.world import World
from tests.script_host import ScriptHost, hosted

ANA = "ana@example.com"
PLAIN = {"columns": None, "from": None, "to": None, "include_inactive": False, "parameters": {}}


class Sheet:
    """Ana's add-on in her spreadsheet."""

    def __init__(self, world: World, host: ScriptHost) -> None:
        self.world, self.host = world, host
        self.book = world.google.workbook
        sidebar = check.sidebar(world, ANA)
        self.company = check.connect(sidebar, world.intuit.companies()[0].realm_id)["id"]

    def blank(self) -> Tab:
        """The tab of the selected cell, A1, with nothing in it."""
        self.book.tabs[0].write(0, 0, [[""]])
        return self.book.tabs[0]

    def call(self, name: str, *args: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.host.run(self.book.id, ANA, name, *args)
        assert "error" not in answer, answer
        return answer

    def export(
        self, kind: str, dataset: str, tab: str, options: dict[str, Any], **more: Any
    ) -> Any:
        request = {"kind": kind, "dataset": dataset, "connection_id": self.company, "tab": tab}
        made = self.call("saveExporter", {**request, "options": {**PLAIN, **options}, **more}, tab)
        step = self.call("runAgain", made["id"])
        while step["cursor"]:
            time.sleep(step["wait_s"])
            step = self.call("nextStep", step["cursor"])
        assert step["proof"]["verdict"] != "FAIL"
        last = next(e["last_run"] for e in self.call("home")["exporters"] if e["id"] == made["id"])
        assert (last["state"], last["verdict"]) == ("applied", step["proof"]["verdict"])
        assert last["rows"] == step["seen"]["rows"]
        return {**made, "proof": step["proof"]}

    def tab(self, title: str) -> Tab:
        return self.book.tab(title)


@pytest.fixture(scope="module")
def sheet(world: World) -> Iterator[Sheet]:
    with hosted(world.script) as host:
        yield Sheet(world, host)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World() as running:
        yield running


def refused(sheet: Sheet, asked: dict[str, Any]) -> None:
    told = sheet.host.run(sheet.book.id, ANA, "insertValue", asked)
    assert told["error"]["code"] == "no_tidy", asked


def rows(tab: Tab, first: int, last: int, columns: int) -> list[list[Any]]:
    return [[tab.value(row, column) for column in range(columns)] for row in range(first, last)]


def test_each_pack_makes_its_tabs_and_a_dashboard_that_follows_them(sheet: Sheet) -> None:
    made: dict[str, str] = {}
    pictures = []
    for pack in catalog.forms()["packs"]:
        for each in pack["exports"]:
            if each["tab"] not in made:
                export = sheet.export(each["kind"], each["dataset"], each["tab"], each["options"])
                made[each["tab"]] = export["block"]
                if each["chart"]:
                    pictures.append({"block": made[each["tab"]], "chart": each["chart"]})
    assert [each["chart"] for each in pictures] == [
        "profit", "receivables", "payables", "customers", "vendors",
    ]  # fmt: skip
    assert sheet.call("makeDashboard", pictures) == {"tab": "Dashboard"}
    board, profit = sheet.tab("Dashboard"), sheet.tab("P&L by month")
    assert rows(board, 1, 2, 3) == [["", "Income", "Net income"]]
    labels = [profit.value(row, 0) for row in range(profit.data_extent().rows)]
    income, net = labels.index("Total Income"), labels.index("Net Income")
    for month in range(10):  # those that are over, as the states of the pack are
        assert rows(board, 2 + month, 3 + month, 3) == [
            [profit.value(4, 1 + month), profit.value(income, 1 + month), profit.value(net, 1 + month)]
        ]  # fmt: skip
    owed = sheet.tab("Receivables")
    last = owed.data_extent().rows - 1
    assert rows(board, 20, 25, 2) == [[owed.value(4, i), owed.value(last, i)] for i in range(1, 6)]
    assert len(sheet.book.charts.all()) == 5
    largest = rows(board, 3 * 18 + 2, 3 * 18 + 12, 2)
    sales = sheet.tab("Sales by customer")
    lines = [
        (sales.value(row, 7), sales.value(row, 15))
        for row in range(1, sales.data_extent().rows)
        if sales.value(row, 10) == "line"
    ]
    assert largest == [list(each) for each in sorted(lines, key=lambda it: -it[1])[:10]]
    # It is made of formulas over the tables, and follows what stands in them.
    profit.write(net, 1, [[1]])
    assert board.value(2, 2) == 1
    # An account's subtotal above may be called so too, and the new service has other words.
    profit.write(income - 1, 0, [["Total Sales of Product Income"]])
    assert board.value(2, 1) == profit.value(income, 1) != profit.value(income - 1, 1)
    profit.write(income, 0, [["Total for Income"]])
    assert board.value(2, 1) == profit.value(income, 1)
    # Of two of that name nobody knows which it is, nor of none, as in another language: that is said.
    told = "Income: the table has no line, or several, “Total Income”"
    for first, second in (("Total Income", "Total Income"), ("Erlöse", "Summe Erlöse")):
        profit.write(income - 1, 0, [[first], [second]])
        assert rows(board, 1, 3, 3) == [["", told, "Net income"], [profit.value(4, 1), "", 1]]
    owed.write(last, 0, [["Summe"]])
    told = "Open: the table has no line, or several, “TOTAL”"
    assert rows(board, 19, 21, 2) == [["", told], [owed.value(4, 1), ""]]


def test_a_second_dashboard_takes_nothing_from_the_first(sheet: Sheet) -> None:
    block = sheet.export("reports", "ar-aging-summary", "Aging", {"dates": "last_month"})["block"]
    check = {"title": "Aging", "verdict": "FAIL", "why": "=1+1 in one and 3 in the other."}
    told = sheet.call("makeDashboard", [{"block": block, "chart": "receivables"}], [check])
    assert told == {"tab": "Dashboard 2"}
    board = sheet.tab("Dashboard 2")
    assert board.value(18, 0).startswith("Checks of the reports against each other, 20")
    assert rows(board, 19, 20, 3) == [["Aging", "differs", "=1+1 in one and 3 in the other."]]


def test_the_month_end_pack_holds_its_reports_against_each_other(sheet: Sheet) -> None:
    pack = next(each for each in catalog.forms()["packs"] if each["key"] == "month-end")
    asked = [each for each in pack["exports"] if "tie_out" in each["options"]]
    assert pack["ties"] == len(asked) == 3
    verdicts = []
    for each in asked:
        export = sheet.export(each["kind"], each["dataset"], each["tab"], each["options"])
        verdicts += [(tie["key"], tie["verdict"]) for tie in export["proof"]["ties"]]
        assert export["proof"]["verdict"] == "PASS"
    assert verdicts == [
        ("net-income", "PASS"),
        ("receivable-accounts", "PASS"),
        ("payable-accounts", "PASS"),
    ]


def test_a_value_is_that_of_the_table_and_follows_it(sheet: Sheet) -> None:
    options = {
        "parameters": {"summarize_column_by": "Month"}, "layout": "tidy",
        "dates": "this_fiscal_year_to_date",
    }  # fmt: skip
    block = sheet.export("reports", "profit-and-loss", "P&L tidy", options)["block"]
    tab = sheet.tab("P&L tidy")
    titles = [tab.value(0, column) for column in range(18)]
    amount, path, first = titles.index("Amount"), titles.index("Path"), titles.index("Column from")
    told = sheet.call("valueChoices", block)
    one = next(each for each in told["accounts"] if each["name"] == "4000 Design Fees")
    here = sheet.blank()
    for by, value in (("id", one["id"]), ("number", "4000"), ("name", one["path"])):
        sheet.call(
            "insertValue",
            {"block": block, "by": by, "value": value, "from": "2026-01-01", "to": "2026-02-28"},
        )
        sent = sum(
            tab.value(row, amount)
            for row in range(1, tab.data_extent().rows)
            if tab.value(row, path) == one["path"] and tab.value(row, first) in (46023, 46054)
        )
        assert here.value(0, 0) == pytest.approx(sent)
        assert sent > 0
    tab.write(1, amount, [[tab.value(1, amount) + 100]])
    assert here.value(0, 0) == pytest.approx(sent + 100)
    # A total is one; days that the table does not reach have no amount, not that of others.
    income = {"block": block, "by": "name", "value": "Income", "row": "total"}
    told = sheet.call("insertValue", income | {"from": "2026-01-01", "to": "2026-01-31"})
    types, last = titles.index("Row type"), titles.index("Column to")
    assert here.value(0, 0) == next(
        tab.value(row, amount)
        for row in range(1, tab.data_extent().rows)
        if (tab.value(row, path), tab.value(row, types)) == ("Income", "total")
        and tab.value(row, last) == 46053
    )
    told = sheet.call("insertValue", income | {"from": "2026-01-01", "to": "2026-01-30"})
    assert told["shows"] == "#N/A"
    # Nor have days the wrong way round, of which the table has both.
    told = sheet.call("insertValue", income | {"from": "2026-03-01", "to": "2026-01-31"})
    assert told["shows"] == "#N/A"


def test_a_balance_is_found_by_its_day(sheet: Sheet) -> None:
    options = {"layout": "tidy", "dates": "last_month"}
    block = sheet.export("reports", "balance-sheet", "BS tidy", options)["block"]
    tab = sheet.tab("BS tidy")
    titles = [tab.value(0, column) for column in range(18)]
    day = tab.value(1, titles.index("To"))
    asked = {"block": block, "by": "number", "value": "1000", "to": "'BS tidy'!E2"}
    here = sheet.blank()
    sheet.call("insertValue", asked)
    assert titles.index("To") == 4
    assert isinstance(day, int | float)
    assert here.value(0, 0) == tab.value(1, titles.index("Amount"))
    assert sheet.call("insertValue", asked | {"to": "2026-01-30"})["shows"] == "#N/A"
    del asked["to"]
    sheet.call("insertValue", asked)  # the last day there is
    assert here.value(0, 0) == tab.value(1, titles.index("Amount"))


def test_a_table_begins_in_the_cell_that_was_chosen(sheet: Sheet) -> None:
    sheet.export("entities", "terms", "Terms", {}, cell="'Sheet1'!C5")
    tab = sheet.tab("Sheet1")
    assert tab.value(4, 2) == "Id"
    assert tab.value(5, 2) != ""


def test_a_budget_stands_beside_what_was_posted(sheet: Sheet) -> None:
    days = {"start_date": "2026-01-01", "end_date": "2026-06-30", "summarize_column_by": "Total"}
    options = {"parameters": {**days, "budget": "plan for 2026"}, "totals": "formulas"}
    told = sheet.export("reports", "budget-against-actual", "Budget", options)
    assert told["proof"]["verdict"] == "PASS"
    tab = sheet.tab("Budget")
    assert tab.value(2, 0) == "2026-01-01 to 2026-06-30, compared with Plan for 2026"
    assert rows(tab, 4, 5, 6) == [
        ["", "Actual", "Budget", "Variance", "Variance %", "Favourable (unfavourable)"]
    ]
    last = tab.data_extent().rows - 1
    label, actual, budget, variance, _, good = rows(tab, last, last + 1, 6)[0]
    assert (label, budget) == ("Net Income", 54000)
    assert round(actual - budget, 2) == variance == good


def test_a_value_of_a_printed_report_is_found_by_its_line_and_follows_it(sheet: Sheet) -> None:
    options = {
        "parameters": {"summarize_column_by": "Month"}, "account_numbers": "shown",
        "dates": "this_fiscal_year_to_date", "line_ids": True,
    }  # fmt: skip
    block = sheet.export("reports", "profit-and-loss", "P&L printed", options)["block"]
    tab, here = sheet.tab("P&L printed"), sheet.blank()
    told = sheet.call("valueChoices", block)
    assert told["columns"][:3] == ["Jan 2026", "Feb 2026", "Mar 2026"]
    assert told["columns"][-1] == "Total"
    names = [each["name"] for each in told["accounts"]]
    assert "Net Income" in names
    assert "Income" not in names  # a heading has no amounts
    line = next(name for name in names if name.startswith("4000 "))
    rows = [tab.value(row, 0) for row in range(tab.data_extent().rows)]
    at = rows.index(line)
    (id,) = (each["id"] for each in told["accounts"] if each["name"] == line)
    assert [tab.value(4, 13), tab.value(at, 13)] == ["Id", id]
    for by, value in (("name", line), ("number", "4000"), ("id", id)):
        asked = {"block": block, "by": by, "value": value}
        sheet.call("insertValue", asked | {"column": "Feb 2026"})
        assert here.value(0, 0) == tab.value(at, 2)
        sheet.call("insertValue", asked | {"column": "Jan 2026", "until": "Mar 2026"})
        assert here.value(0, 0) == pytest.approx(sum(tab.value(at, i) for i in (1, 2, 3)))
        here.write(0, 1, [[46054 + 3]])  # a day in February
        by_cell = asked | {"column": "Jan 2026", "until": "'Sheet1'!B1"}
        sheet.call("insertValue", by_cell)
        assert here.value(0, 0) == pytest.approx(tab.value(at, 1) + tab.value(at, 2))
        here.write(0, 1, [[46054 + 30]])  # one in March
        assert here.value(0, 0) == pytest.approx(sum(tab.value(at, i) for i in (1, 2, 3)))
        # Of a total and its parts there is no sum.
        for until in ("'Sheet1'!B1", "Total"):
            for column in ("Total", "'Sheet1'!B1", "Jan 2026"):
                if "Total" in (column, until) and column != until:
                    refused(sheet, asked | {"column": column, "until": until})
        wrong_way = asked | {"column": "Mar 2026", "until": "'Sheet1'!B1"}
        assert sheet.call("insertValue", wrong_way)["shows"] != "#N/A"
        here.write(0, 1, [[46054 + 3]])
        assert sheet.call("insertValue", wrong_way)["shows"] == "#N/A"
        here.write(0, 1, [[46054 + 30]])
        sheet.call("insertValue", by_cell)
    title = tab.value(4, 2)
    tab.write(4, 2, [["Change from 2025"]])  # what a later run may put between
    assert here.value(0, 0) == CellError("#N/A")
    tab.write(4, 2, [["Feb 1 - Feb 9, 2026"]])  # a month that is not over
    assert here.value(0, 0) == pytest.approx(sum(tab.value(at, i) for i in (1, 2, 3)))
    tab.write(4, 2, [[title]])
    tab.insert_rows(5, 1)  # somebody puts a row in: the line is found by its name
    tab.write(at + 1, 1, [[1000]])
    more = sum(tab.value(at + 1, i) for i in (2, 3))
    assert here.value(0, 0) == pytest.approx(1000 + more)
    tab.write(at + 1, 0, [["4000 Another name"]])
    assert here.value(0, 0) == pytest.approx(1000 + more)
    tab.write(at + 1, 13, [[""]])  # gone from the report
    assert here.value(0, 0) == 0
    for row in range(5, tab.data_extent().rows):  # as where ids are left out again
        tab.write(row, 13, [[0]])
    assert here.value(0, 0) == CellError("#N/A")


def test_a_line_or_a_column_that_is_not_there_is_said(sheet: Sheet) -> None:
    block = sheet.export("reports", "balance-sheet", "BS printed", {"dates": "last_month"})["block"]
    for asked in ({"value": "Nobody", "column": "Total"}, {"value": "TOTAL ASSETS", "column": "x"}):
        told = sheet.host.run(
            sheet.book.id, ANA, "insertValue", {"block": block, "by": "name"} | asked
        )
        assert told["error"]["code"] == "no_tidy"
