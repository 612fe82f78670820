"""The add-on's interpreter tells each shared story as the backend's writer does.

The real `addon/Interpreter.js` runs as Apps Script runs it: in the sandbox's runtime, over the grid
that the Sheets API stand-in sees as well. The runtime is in Node here, and in Chromium for a few
stories that meet most of it.
"""

from __future__ import annotations

import json
import pathlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
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
from tests.scattered_lines import (
    COLUMNS,
    LINES,
    a_value_or_note_in_what_stays_between_stops_nothing,
    anything_in_the_last_gone_line_stops,
    many_are_read_in_as_many_calls_as_few,
    months_go_unless_somebody_has_something_in_one,
)
from tests.script_host import Lives, ScriptHost, hosted

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

ANA = "ana@example.com"
READS = ("range.read",)
IN_A_BROWSER = (
    "hostile_text_staged",
    "people_column_inserted_staged",
    "formula_totals",
    "chart_made",
)

Apply = Callable[[Workbook, Any, str], Any]


@dataclass(frozen=True)
class Writer:
    """The add-on's, over whatever workbook it is given."""

    workbooks: dict[str, Workbook]
    script: AppsScript
    host: ScriptHost

    def __call__(
        self, workbook: Workbook, operations: Any, block: str, lives: Lives = lambda _: True
    ) -> Any:
        """The report; None where it did not live to make one."""
        self.workbooks[workbook.id] = workbook
        return self.host.run(workbook.id, ANA, "applyVector", operations, block, lives=lives)


@pytest.fixture(scope="session")
def addon(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The add-on with a door to its interpreter."""
    copied = tmp_path_factory.mktemp("project") / "addon"
    shutil.copytree(ROOT / "addon", copied)
    (copied / "Vectors.js").write_text(DOOR, "utf-8")
    return copied


@pytest.fixture(scope="module")
def apply(addon: pathlib.Path) -> Iterator[Writer]:
    workbooks: dict[str, Workbook] = {}
    script = AppsScript(workbooks, addon=addon, mint=lambda _: "no token", users=[ANA])
    with hosted(script) as host:
        yield Writer(workbooks, script, host)
    script.close()


@pytest.fixture(scope="module")
def apply_in_a_browser(browser: Browser, addon: pathlib.Path) -> Iterator[Apply]:
    with GoogleSandbox() as google, private_window(browser) as window:
        script = AppsScript(
            google.workbooks, addon=addon, mint=google.identity.mint, users=list(PEOPLE)
        )
        google.mount("/", script)
        page = window.new_page()
        page.goto(f"{google.url}/")

        def applied(workbook: Workbook, operations: Any, block: str) -> Any:
            google.workbooks[workbook.id] = workbook
            return page.evaluate(RUN, [workbook.id, ANA, operations, block])

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
    ends_as_it_says(path, apply)


@pytest.mark.parametrize("name", IN_A_BROWSER)
def test_a_vector_ends_as_it_says_in_a_browser(name: str, apply_in_a_browser: Apply) -> None:
    ends_as_it_says(ROOT / f"tests/data/operations/{name}.json", apply_in_a_browser)


def ends_as_it_says(path: pathlib.Path, apply: Apply) -> None:
    told = json.loads(path.read_text("utf-8"))
    workbook = workbook_of(told["before"], id=f"vector-{path.stem}", time_zone=ZONE)
    for step in told["steps"]:
        report = apply(workbook, step["operations"], told["block"])
        assert {name: report.get(name) for name in step["report"]} == step["report"], report
    assert automatic(grid_state(workbook)) == automatic(told["after"])
    assert workbook.dangerous_formulas == []


def test_one_more_of_forty_blocks_in_a_tab_is_written(apply: Apply) -> None:
    # A report of a thousand columns is in interpreter.test.js: each mark is a call of a service.
    one_more_of_forty_blocks_in_a_tab_is_written(apply)


def test_however_scattered_lines_are_that_go_google_reads_as_often(apply: Writer) -> None:
    read: list[str] = []

    def lives(call: Any) -> bool:
        read.extend([call["method"]] if call["method"] in READS else [])
        return True

    def reads_of(run: Callable[[], Any]) -> int:
        read.clear()
        run()
        return len(read)

    many_are_read_in_as_many_calls_as_few(partial(apply, lives=lives), reads_of)


def test_what_a_person_has_between_lines_that_go_lets_them_go(apply: Apply) -> None:
    a_value_or_note_in_what_stays_between_stops_nothing(apply)


@pytest.mark.parametrize(("change", "cell"), LINES)
def test_what_a_person_has_in_the_last_of_scattered_lines_stops_them(
    apply: Apply, change: Callable[[Any], None], cell: str
) -> None:
    anything_in_the_last_gone_line_stops(apply, change, cell)


@pytest.mark.parametrize(("change", "cell"), COLUMNS)
def test_scattered_months_go_unless_somebody_has_something_in_one(
    apply: Apply, change: Callable[[Any], None], cell: str | None
) -> None:
    months_go_unless_somebody_has_something_in_one(apply, change, cell)


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
