"""Lines and months of a report come and go, by the add-on, which tells the backend of its block."""

from __future__ import annotations

import pathlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser

from sandbox.google.apps_script import AppsScript
from sandbox.google.grid import Workbook
from sandbox.google.identity import PEOPLE
from sandbox.google.server import GoogleSandbox
from tests.chromium import browser, private_window
from tests.keyed_reports import (
    BLOCK,
    JANUARY,
    MARCH,
    ON_THE_9TH,
    ON_THE_10TH,
    Sheet,
    age,
    many,
    state,
)

__all__ = ["browser"]

ROOT = pathlib.Path(__file__).parents[2]
# Neither is for the sidebar, so it takes public functions to reach them.
DOORS = """
function applyHere(operations, block) { return applyOperations_(operations, block); }
function tellHere(block) { return reportState_(block); }
"""
RUN = """async ([spreadsheet, functionName, given]) => {
  const {Executions} = await import('/page/executions.js');
  const selection = () => ({sheet: 0, row: 0, column: 0, rows: 1, columns: 1});
  const user = 'ana@example.com';
  const executions = new Executions({spreadsheet, user}, selection, () => {});
  const args = JSON.stringify(given);
  return JSON.parse(await executions.run({functionName, args, authMode: 'FULL'}));
}"""


@dataclass
class AddOn:
    call: Callable[[Workbook, str, list[Any]], Any]

    def apply(self, workbook: Workbook, operations: list[Any], block: str) -> Any:
        return self.call(workbook, "applyHere", [operations, block])

    def told(self, workbook: Workbook) -> Any:
        return self.call(workbook, "tellHere", [BLOCK])


@pytest.fixture(scope="module")
def addon(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AddOn]:
    project = tmp_path_factory.mktemp("project") / "addon"
    shutil.copytree(ROOT / "addon", project)
    (project / "Doors.js").write_text(DOORS, "utf-8")
    with GoogleSandbox() as google, private_window(browser) as window:
        script = AppsScript(
            google.workbooks, addon=project, mint=google.identity.mint, users=list(PEOPLE)
        )
        google.mount("/", script)
        page = window.new_page()
        page.goto(f"{google.url}/")

        def call(workbook: Workbook, name: str, given: list[Any]) -> Any:
            google.workbooks[workbook.id] = workbook
            return page.evaluate(RUN, [workbook.id, name, given])

        yield AddOn(call)
        script.close()


def test_what_people_keep_on_net_income_follows_it_through_lines_and_months(addon: AddOn) -> None:
    sheet = Sheet(addon.apply)
    sheet.run(JANUARY)
    sheet.work()
    sheet.run(MARCH)
    assert [row[0] for row in sheet.table[1:5]] == ["Income", "Design", "Sales", "Fees"]
    assert sheet.table[0] == ["", "2026-01", "2026-02", "2026-03", "Total"]
    assert sheet.followed() == (-56, -56, "Net Income")
    sheet.run(JANUARY)
    assert sheet.table[4] == ["Fees", 0, 0, 0, 0]
    assert sheet.followed() == (110, 110, "Net Income")
    sheet.run(JANUARY, tidy_up=True)
    assert len(sheet.table) == 10
    assert sheet.table[0] == ["", "2026-01", "Total"]
    assert sheet.followed() == (110, 110, "Net Income")


def test_a_month_that_is_not_over_keeps_its_column(addon: AddOn) -> None:
    sheet = Sheet(addon.apply)
    sheet.run(ON_THE_9TH)
    sheet.work()
    age(sheet)
    sheet.run(ON_THE_10TH)
    assert sheet.table[0] == ["", "2026-01", "Feb 1 - Feb 10, 2026", "Total"]
    assert sheet.table[-1] == ["Net Income", 50, 7, 57]
    assert sheet.followed() == (57, 57, "Net Income")
    sheet.run(MARCH)
    assert sheet.table[0] == ["", "2026-01", "2026-02", "2026-03", "Total"]
    assert sheet.followed() == (-56, -56, "Net Income")


def test_the_backend_is_told_of_the_block_as_it_is(addon: AddOn) -> None:
    sheet = Sheet(addon.apply)
    assert addon.told(sheet.workbook) == {"receipt": None}
    sheet.run(MARCH)
    told = addon.told(sheet.workbook)
    assert told == state(sheet.workbook)
    assert told["titles"] == ["", "2026-01", "2026-02", "2026-03", "Total"]
    assert told["labels"][:3] == ["Income", "Sales", "Fees"]


def test_of_many_lines_it_is_told_beside_which_somebody_has_something(addon: AddOn) -> None:
    sheet = Sheet(addon.apply)
    sheet.run(many(0, 500))
    assert addon.told(sheet.workbook)["beside"] == []
    sheet.type_beside(2, "=1")
    told = addon.told(sheet.workbook)
    assert told["beside"] == [2]
    assert told == state(sheet.workbook)


@pytest.mark.parametrize("rows_and_columns", [2, 3, 4, 5])
def test_a_run_that_dies_while_it_makes_room_is_made_good_by_the_next(
    addon: AddOn, rows_and_columns: int
) -> None:
    sheet = Sheet(addon.apply)
    sheet.run(JANUARY)
    sheet.work()
    dead = sheet.operations(MARCH, tidy_up=True)
    names = [each["op"] for each in dead[1:5]]
    assert names == ["receipt", "delete_rows", "insert_rows", "insert_columns"]
    addon.apply(sheet.workbook, dead[:rows_and_columns], BLOCK)
    sheet.run(MARCH, tidy_up=True)
    assert sheet.followed() == (-56, -56, "Net Income")
    assert [row[0] for row in sheet.table[1:4]] == ["Income", "Sales", "Fees"]


@pytest.mark.parametrize("last", ["insert_columns", "commit", "formula", "format"])
def test_live_totals_go_along_also_after_a_run_that_died(addon: AddOn, last: str) -> None:
    sheet = Sheet(addon.apply, {"totals": "formulas"})
    sheet.run(JANUARY)
    sheet.work()
    dead = sheet.operations(MARCH)
    died = 1 + [each["op"] for each in dead].index(last)
    addon.apply(sheet.workbook, dead[:died], BLOCK)
    sheet.run(MARCH)
    assert sheet.formulas["Report!B10"] == "=SUM(B8:B9)"
    assert sheet.formulas["Report!E16"] == "=SUM(E11:E11)-SUM(E15:E15)"
    assert sheet.followed() == (-56, -56, "Net Income")
