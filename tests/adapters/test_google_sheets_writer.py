"""The Python interpreter of operations: the shared vectors, and what is its own."""

from __future__ import annotations

import contextvars
import copy
import json
import pathlib
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema
import pytest

from counterfoil.adapters import sheet_bytes
from counterfoil.adapters.google_sheets import SheetsWriter
from counterfoil.adapters.sheet_book import Stopped
from counterfoil.core import journal
from sandbox.google import metadata
from sandbox.google.a1 import Rect
from sandbox.google.grid import Workbook
from sandbox.google.server import GoogleSandbox
from sandbox.google.sheets_api import LARGEST_BODY
from sandbox.google.state import grid_state, workbook_of
from tests.direct_sheets import Line, client_of
from tests.large_blocks import (
    a_report_of_a_thousand_columns_is_written,
    a_report_of_a_thousand_columns_is_written_again,
    one_more_of_forty_blocks_in_a_tab_is_written,
)

ROOT = pathlib.Path(__file__).parents[2]
VECTORS = sorted((ROOT / "tests/data/operations").glob("*.json"))
SCHEMA = json.loads((ROOT / "docs/operations.schema.json").read_text("utf-8"))
KEEPS_TO_THE_SCHEMA = jsonschema.Draft202012Validator(SCHEMA)

LARGE = [
    a_report_of_a_thousand_columns_is_written,
    a_report_of_a_thousand_columns_is_written_again,
    one_more_of_forty_blocks_in_a_tab_is_written,
]

WriterOf = Callable[[Workbook], SheetsWriter]


def vector(name: str) -> Any:
    return json.loads((ROOT / f"tests/data/operations/{name}.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleSandbox]:
    with GoogleSandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def spreadsheets(google: GoogleSandbox) -> Any:
    return client_of(Line(google.sheets))


@pytest.fixture
def writer_of(google: GoogleSandbox, spreadsheets: Any) -> WriterOf:
    def made(workbook: Workbook) -> SheetsWriter:
        google.workbooks.clear()
        google.workbooks[workbook.id] = workbook
        google.sheets.calls.clear()
        return SheetsWriter(spreadsheets, workbook.id, retries=0)

    return made


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_every_vector_ends_as_it_says(path: pathlib.Path, writer_of: WriterOf) -> None:
    told = json.loads(path.read_text("utf-8"))
    workbook = workbook_of(told["before"])
    writer = writer_of(workbook)
    for step in told["steps"]:
        report = writer.apply(told["block"], step["operations"])
        assert {name: report.get(name) for name in step["report"]} == step["report"], report
    assert grid_state(workbook) == told["after"]
    assert workbook.dangerous_formulas == []


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_every_vector_keeps_to_the_schema_of_operations(path: pathlib.Path) -> None:
    for step in json.loads(path.read_text("utf-8"))["steps"]:
        KEEPS_TO_THE_SCHEMA.validate(step["operations"])


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_every_vector_begins_with_a_state_that_can_be_made(path: pathlib.Path) -> None:
    before = json.loads(path.read_text("utf-8"))["before"]
    assert grid_state(workbook_of(before)) == before


def test_a_receipt_that_google_refuses_for_what_is_kept_on_a_row_leaves_the_block_writing(
    writer_of: WriterOf,
) -> None:
    """That "done" is longer than "writing", so it is the first that does not fit."""
    told = vector("grow_columns")
    whole = workbook_of(told["before"], id="whole")
    operations = told["steps"][0]["operations"]
    assert writer_of(whole).apply(told["block"], operations)["applied"]
    (signed,) = whole.find_metadata()
    workbook = workbook_of(told["before"])
    room = 30_000 - len(signed.key) - len(signed.value)
    # One more than fits beside it.
    workbook.add_metadata(
        "o", "x" * room, sheet_id=workbook.tabs[1].sheet_id, line=metadata.Line("ROWS", 9)
    )
    report = writer_of(workbook).apply(told["block"], operations)
    refused = operations[report["op"]]
    assert (report["applied"], report["code"]) == (False, "receipt_full")
    assert (refused["op"], refused["state"]) == ("receipt", "done")
    assert report["why"].endswith(
        "The table was written, but it stays marked incomplete until a run can sign it."
    )
    (left,) = workbook.find_metadata()
    assert json.loads(left.value)["state"] == "writing"
    assert grid_state(workbook)["tabs"][1]["values"] == told["after"]["tabs"][1]["values"]


OPERATIONS = [each["$ref"].rpartition("/")[2] for each in SCHEMA["$defs"]["operation"]["oneOf"]]


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_of_the_table_has_a_story_that_ends_otherwise_without_it(
    name: str, writer_of: WriterOf
) -> None:
    """Both writers tell all stories, so both know what one of these needs."""
    schema = {"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]}
    is_one = jsonschema.Draft202012Validator(schema).is_valid
    stories = [json.loads(path.read_text("utf-8")) for path in VECTORS]
    with_it = [s for s in stories if any(is_one(op) for t in s["steps"] for op in t["operations"])]
    assert any(ends_without(story, is_one, writer_of) != story["after"] for story in with_it)


def ends_without(story: Any, left_out: Callable[[Any], bool], writer_of: WriterOf) -> Any:
    workbook = workbook_of(story["before"])
    writer = writer_of(workbook)
    for step in story["steps"]:
        kept = [op for op in step["operations"] if not left_out(op)]
        if kept:
            writer.apply(story["block"], kept)
    return grid_state(workbook)


def test_each_call_of_sheets_has_a_line_without_ids_and_is_counted(
    google: GoogleSandbox, spreadsheets: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "counterfoil.sheets")

    def request() -> dict[str, int]:
        google.workbooks[google.workbook.id] = google.workbook
        occasion = journal.begin(None, None)
        good, missing = (
            SheetsWriter(spreadsheets, id, retries=0)._calls
            for id in (google.workbook.id, "no-such")
        )
        good.fields("spreadsheetId")
        with pytest.raises(Stopped):
            missing.fields("spreadsheetId")
        return occasion.counts()

    assert contextvars.copy_context().run(request) == {"sheets": 2}
    lines = [record.__dict__["fields"] for record in caplog.records]
    assert [(line["route"], line["status"]) for line in lines] == [
        ("sheets.spreadsheets.get", 200),
        ("sheets.spreadsheets.get", 404),
    ]
    assert all(set(line) == {"route", "status", "duration_ms"} for line in lines)


def test_a_commit_is_one_write_and_an_export_few(
    google: GoogleSandbox, writer_of: WriterOf
) -> None:
    told = vector("first_export")
    writer_of(workbook_of(told["before"])).apply(told["block"], told["steps"][0]["operations"])
    # The table and all around it, and its receipt once it was read back; where the block is, twice.
    assert google.sheets.calls == {
        "spreadsheets.batchUpdate": 2,
        "spreadsheets.get": 2,
        "spreadsheets.values.get": 1,
    }


def test_rows_inserted_by_a_person_during_the_run_do_not_move_the_commit_into_their_cells(
    google: GoogleSandbox, spreadsheets: Any, writer_of: WriterOf
) -> None:
    told = vector("smaller_again")
    workbook = workbook_of(told["before"])
    writer = writer_of(workbook)
    tab = workbook.tabs[1]
    apply_batch = google.sheets._spreadsheets_batchUpdate
    seen: list[bool] = []

    def meddling(*args: Any) -> Any:
        answer = apply_batch(*args)
        if not seen:
            seen.append(True)
            tab.insert_rows(0, 2)
            tab.write(0, 0, [["mine"]])
        return answer

    google.sheets._spreadsheets_batchUpdate = meddling  # type: ignore[method-assign]
    try:
        report = writer.apply(told["block"], told["steps"][0]["operations"])
    finally:
        del google.sheets._spreadsheets_batchUpdate
    assert report["applied"]
    assert tab.values(Rect(0, 0, 4, 2)) == [["mine", ""], ["", ""], ["Id", "Name"], ["1", "Ann"]]


@pytest.mark.parametrize("small", [False, True], ids=["in several calls", "in one call"])
def test_a_run_that_was_overtaken_after_it_signed_changes_no_cell(
    google: GoogleSandbox, writer_of: WriterOf, monkeypatch: pytest.MonkeyPatch, small: bool
) -> None:
    if not small:
        monkeypatch.setattr(sheet_bytes, "SMALL", 0)
    told = vector("smaller_again")
    workbook = workbook_of(told["before"])
    writer = writer_of(workbook)
    apply_batch = google.sheets._spreadsheets_batchUpdate
    before = workbook.tabs[1].values(Rect(0, 0, 4, 3))

    def overtaking(*args: Any) -> Any:
        answer = apply_batch(*args)
        (item,) = workbook.find_metadata("counterfoil:CF_test")
        later = json.loads(item.value) | {"run": "run_later", "fence": 9}
        workbook.change_metadata(item.id, value=json.dumps(later))
        return answer

    google.sheets._spreadsheets_batchUpdate = overtaking  # type: ignore[method-assign]
    try:
        report = writer.apply(told["block"], told["steps"][0]["operations"])
    finally:
        del google.sheets._spreadsheets_batchUpdate
    names = [op["op"] for op in told["steps"][0]["operations"]]
    # In one call it was overtaken after all of its cells; then it signs no more.
    at = len(names) - 1 - names[::-1].index("receipt") if small else names.index("commit")
    assert (report["applied"], report["op"], report["code"]) == (False, at, "superseded")
    assert (workbook.tabs[1].values(Rect(0, 0, 4, 3)) == before) is not small
    (item,) = workbook.find_metadata("counterfoil:CF_test")
    assert json.loads(item.value)["run"] == "run_later"


def test_a_formula_that_a_person_typed_into_the_block_is_not_taken_for_data(
    writer_of: WriterOf,
) -> None:
    told = vector("first_export")
    workbook = workbook_of(told["before"])
    writer = writer_of(workbook)
    operations = told["steps"][0]["operations"]
    writer.apply(told["block"], operations)
    workbook.tabs[1].set_formula(1, 4, "=1000+234.5")
    expect = next(op for op in operations if op["op"] == "expect")
    report = writer.apply(told["block"], [expect])
    assert (report["applied"], report["op"], report["code"]) == (False, 0, "differs_formula")


def test_a_block_whose_cells_were_deleted_gets_a_tab_again(writer_of: WriterOf) -> None:
    told = vector("first_export")
    workbook = workbook_of(told["before"])
    writer = writer_of(workbook)
    writer.apply(told["block"], told["steps"][0]["operations"])
    workbook.tabs[1].delete_rows(0, 4)
    report = writer.apply(told["block"], told["steps"][0]["operations"])
    assert report["applied"]
    assert [tab.title for tab in workbook.tabs] == ["Sheet1", "Invoices", "Invoices 2"]
    assert grid_state(workbook)["names"] == {"CF_test": "'Invoices 2'!A1:G4"}


def test_what_the_writer_does_not_know_stops_it_there(writer_of: WriterOf) -> None:
    workbook = Workbook()
    operations = [{"op": "ensure_tab", "title": "New"}, {"op": "explode"}]
    report = writer_of(workbook).apply("CF_test", operations)
    assert (report["applied"], report["op"], report["code"]) == (False, 1, "unknown_operation")
    assert workbook.tab("New") is not None


def test_an_operation_on_a_block_that_is_not_there_says_so(writer_of: WriterOf) -> None:
    note = {"op": "note", "row": 0, "column": 0, "text": "hello"}
    report = writer_of(Workbook()).apply("CF_test", [note])
    assert (report["op"], report["code"]) == (0, "block_gone")


def test_a_spreadsheet_that_is_full_is_refused_before_the_block_is_touched(
    writer_of: WriterOf,
) -> None:
    told = vector("larger_again")
    workbook = workbook_of(told["before"])
    workbook.add_tab("Wide", rows=545, columns=18_278)
    workbook.add_tab("Full", rows=10_000_000 - workbook.cell_count(), columns=1)
    before = grid_state(workbook)
    report = writer_of(workbook).apply(told["block"], told["steps"][0]["operations"])
    assert (report["applied"], report["op"], report["code"]) == (False, 1, "spreadsheet_full")
    assert grid_state(workbook) == before


@pytest.mark.parametrize(
    ("status", "code"), [(403, "not_shared"), (404, "spreadsheet_gone"), (503, "sheet_busy")]
)
def test_a_refusal_of_google_ends_in_a_sentence(
    google: GoogleSandbox, writer_of: WriterOf, status: int, code: str
) -> None:
    writer = writer_of(Workbook())
    google.sheets.fail_next(status)
    report = writer.apply("CF_test", [{"op": "ensure_tab", "title": "New"}])
    assert (report["applied"], report["op"], report["code"]) == (False, 0, code)
    assert report["why"].endswith(".")


def test_a_throttled_call_is_tried_again(
    google: GoogleSandbox, spreadsheets: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("googleapiclient.http.time.sleep", lambda _: None)
    workbook = Workbook()
    google.workbooks[workbook.id] = workbook
    google.sheets.fail_next(429, 503)
    report = SheetsWriter(spreadsheets, workbook.id).apply(
        "CF_test", [{"op": "ensure_tab", "title": "New"}]
    )
    assert report == {"applied": True, "seen": None}


def test_a_large_stage_travels_in_calls_of_bounded_size(
    google: GoogleSandbox, writer_of: WriterOf
) -> None:
    workbook = Workbook()
    columns = [{"kind": "text", "pattern": "@"}] * 20
    rows = [[f"{r}.{c}" for c in range(20)] for r in range(2_500)]
    stage = {"op": "stage", "run": "r", "row": 0, "header_rows": 0, "columns": columns}
    report = writer_of(workbook).apply("CF_test", [stage | {"rows": rows}])
    assert report["applied"]
    assert google.sheets.calls["spreadsheets.batchUpdate"] == 2
    tab = workbook.tab("CF stage r")
    assert tab is not None
    assert tab.values(tab.data_extent()) == rows


@pytest.mark.parametrize("text", ["x", "\U0001f4d2" * 40], ids=["short", "emoji"])
def test_a_table_that_is_large_is_laid_out_and_no_call_is_over_two_megabytes(
    google: GoogleSandbox, writer_of: WriterOf, text: str
) -> None:
    told = vector("first_export")
    operations = copy.deepcopy(told["steps"][0]["operations"])
    commit = next(op for op in operations if op["op"] == "commit")
    wide = len(commit["columns"])
    high = (120_000 if text == "x" else 20_000) // wide
    commit["rows"] = [commit["rows"][0], *([f"{text}{r}"] * wide for r in range(high))]
    commit["columns"] = [{"kind": "text", "pattern": "@"}] * wide
    # Only as far as the commit: what is read back is the vectors' business.
    until = operations.index(commit)
    for op in operations:
        if op["op"] in ("ensure_grid", "receipt"):
            op["rows"] = high + 1
    google.sheets.largest_body = 2_000_000
    workbook = workbook_of(told["before"])
    report = writer_of(workbook).apply(told["block"], operations[: until + 1])
    google.sheets.largest_body = LARGEST_BODY
    assert report["applied"], report
    assert google.sheets.calls["spreadsheets.batchUpdate"] > 3
    named = workbook.named_range(told["block"])
    assert named is not None
    assert named.rect is not None
    tab = workbook.tab_by_id(named.sheet_id)
    assert tab is not None
    assert tab.values(tab.data_extent()) == commit["rows"]
    assert [each.title for each in workbook.tabs if each.title.startswith("CF stage")] == []


@pytest.mark.parametrize("check", LARGE, ids=lambda check: check.__name__)
def test_receipts_at_their_largest(check: Callable[[Any], None], writer_of: WriterOf) -> None:
    check(lambda workbook, operations, block: writer_of(workbook).apply(block, operations))
