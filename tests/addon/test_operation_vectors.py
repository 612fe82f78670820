"""The add-on's interpreter tells each shared story as the backend's writer does.

The real `addon/Interpreter.js` runs as Apps Script runs it: in the sandbox's runtime, in
Chromium, over the grid that the Sheets API stand-in sees as well.
"""

from __future__ import annotations

import json
import pathlib
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from sandbox.google.apps_script import AppsScript
from sandbox.google.cells import GridError
from sandbox.google.grid import Workbook
from sandbox.google.identity import PEOPLE
from sandbox.google.server import GoogleSandbox
from sandbox.google.state import grid_state, workbook_of
from tests.chromium import browser, private_window
from tests.large_blocks import one_more_of_forty_blocks_in_a_tab_is_written

__all__ = ["browser"]

ROOT = pathlib.Path(__file__).parents[2]
VECTORS = sorted((ROOT / "tests/data/operations").glob("*.json"))

# The interpreter is not for the sidebar, so it takes one more public function to reach it.
DOOR = "function applyVector(operations, block) { return applyOperations_(operations, block); }"

RUN = """async ([spreadsheet, user, operations, block]) => {
  const {Executions} = await import('/page/executions.js');
  const selection = () => ({sheet: 0, row: 0, column: 0, rows: 1, columns: 1});
  const executions = new Executions({spreadsheet, user}, selection, () => {});
  const args = JSON.stringify([operations, block]);
  return JSON.parse(
    await executions.run({functionName: 'applyVector', args, authMode: 'FULL'}));
}"""

# No moment falls into an hour that clocks skip. One story has the hour that those of the sandbox's
# own zone skip on 8 March 2026, which a Date cannot say; Berlin's clocks skip another one.
ZONE = "Europe/Berlin"

Apply = Callable[[Workbook, Any, str], Any]


@pytest.fixture(scope="module")
def apply(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apply]:
    addon = tmp_path_factory.mktemp("project") / "addon"
    shutil.copytree(ROOT / "addon", addon)
    (addon / "Vectors.js").write_text(DOOR, "utf-8")
    with GoogleSandbox() as google, private_window(browser) as window:
        script = AppsScript(
            google.workbooks, addon=addon, mint=google.identity.mint, users=list(PEOPLE)
        )
        google.mount("/", script)
        page = window.new_page()
        page.goto(f"{google.url}/")

        def applied(workbook: Workbook, operations: Any, block: str) -> Any:
            google.workbooks[workbook.id] = workbook
            return page.evaluate(RUN, [workbook.id, "ana@example.com", operations, block])

        yield applied
        script.close()


def automatic(state: Any) -> Any:
    """The state with "General" as SpreadsheetApp keeps it: no format of the cell's own."""
    for tab in state["tabs"]:
        for row in tab.get("patterns", ()):
            row[:] = ["" if pattern == "General" else pattern for pattern in row]
    return state


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_every_vector_ends_as_it_says(path: pathlib.Path, apply: Apply) -> None:
    told = json.loads(path.read_text("utf-8"))
    workbook = workbook_of(told["before"], id=f"vector-{path.stem}", time_zone=ZONE)
    for step in told["steps"]:
        report = apply(workbook, step["operations"], told["block"])
        assert {name: report.get(name) for name in step["report"]} == step["report"], report
    assert automatic(grid_state(workbook)) == automatic(told["after"])
    assert workbook.dangerous_formulas == []


def test_one_more_of_forty_blocks_in_a_tab_is_written(apply: Apply) -> None:
    # A report of a thousand columns is in interpreter.test.js: each mark is a call of a service,
    # and one of a service's calls takes 10 ms here.
    one_more_of_forty_blocks_in_a_tab_is_written(apply)


def test_a_run_that_dies_between_two_runs_of_columns_leaves_the_block_marked(
    apply: Apply, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a person's column inside, the add-on writes our columns left and right of it apart."""
    told = json.loads((ROOT / "tests/data/operations/people_column_inserted.json").read_text())
    workbook = workbook_of(told["before"], id="torn", time_zone=ZONE)
    tab = workbook.tabs[1]
    enter, entered = tab.enter, []

    def dying(row: int, column: int, rows: Any) -> None:
        entered.append(column)
        if len(entered) == 2:
            raise GridError("Service Spreadsheets failed.")
        enter(row, column, rows)

    operations = told["steps"][0]["operations"]
    with monkeypatch.context() as patched:
        patched.setattr(type(tab), "enter", lambda self, *given: dying(*given))
        report = apply(workbook, operations, told["block"])
    assert (report["applied"], operations[report["op"]]["op"]) == (False, "commit")
    assert entered == [0, 3]
    (receipt,) = [json.loads(item.value) for item in workbook.find_metadata()]
    assert receipt["state"] == "writing"
    again = json.loads(json.dumps(operations).replace('"fence": 2', '"fence": 3'))
    assert apply(workbook, again, told["block"])["applied"]
    assert grid_state(workbook)["tabs"] == told["after"]["tabs"]
