from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil import catalog
from counterfoil.core.errors import (
    AppError,
    BadRequest,
    ConnectionPaused,
    CursorExpired,
    ExportTooLarge,
    IncompleteRead,
    NotFound,
    QuickBooksBusy,
    QuickBooksRejected,
    ReconnectRequired,
)
from counterfoil.core.people import Role, Sheet, User
from counterfoil.flows.entity_read import Limits
from counterfoil.flows.steps import Step
from tests.flows.export_fakes import (
    ANA,
    BEN,
    CONNECTION,
    OTHER_SHEET,
    SHEET,
    FakeQuickBooks,
    Grid,
    World,
    encoded,
    invoices,
    nothing_asked,
)

INVOICES = catalog.entity("invoices")
COLUMNS = ["number", "date", "currency", "total"]  # and the Id before them
SMALL = Limits(page=10, cells_per_step=100, max_cells=100_000)  # two pages of five columns a step


def start(
    world: World,
    *,
    user: User = ANA,
    sheet: Sheet = SHEET,
    connection_id: str = CONNECTION,
    tab: str | None = None,
    **options: Any,
) -> Step:
    return world.exports.start(
        user,
        sheet,
        connection_id=connection_id,
        dataset=INVOICES,
        options={"columns": COLUMNS} | options,
        tab=tab,
    )


def whole(world: World, grid: Grid | None = None) -> tuple[Grid, Step]:
    """A whole run, applied."""
    grid = grid or Grid()
    for step in world.steps(start(world)):
        grid.apply(step)
    return grid, step


# --- what is sent -------------------------------------------------------------------------------


def test_a_short_list_is_one_call_and_one_step_without_a_stage() -> None:
    world = World(FakeQuickBooks(invoices(3)))
    grid = Grid()
    answer = grid.apply(start(world, tab="My invoices"))
    assert world.quickbooks.asked == [
        "SELECT * FROM Invoice ORDERBY Id STARTPOSITION 1 MAXRESULTS 1000"
    ]
    assert grid.block == [
        ["Id", "Invoice number", "Date", "Currency", "Total"],
        ["1", "00001", 46119, "USD", 1.1],
        ["2", "00002", 46119, "USD", 2.1],
        ["3", "00003", 46119, "EUR", 3.1],
    ]
    assert "stage" not in grid.applied
    assert answer["operations"][0] == {"op": "ensure_tab", "title": "My invoices"}
    assert answer["cursor"] is None
    assert answer["wait_s"] == 0
    assert answer["title"] == "Invoices"
    assert answer["progress"] == {
        "rows": 3, "of": 3, "calls": 1, "elapsed_s": 0.0, "message": "3 rows read."
    }  # fmt: skip
    assert answer["proof"] == {
        "verdict": "PASS",
        "why": "QuickBooks sent all its 3 rows in one page.",
        "sent": 3,
        "counted": None,
        "distinct": 3,
        "rows": 3,
        "totals": [
            {"title": "Total", "currency": "EUR", "amount": "3.10"},
            {"title": "Total", "currency": "USD", "amount": "3.20"},
        ],
    }


def test_the_pass_of_the_proof_is_what_the_sheet_is_asked_to_confirm() -> None:
    grid, step = whole(World(FakeQuickBooks(invoices(35)), SMALL))
    assert step.proof is not None
    assert [operation["on"] for operation in grid.expected] == ["stage", "block"]
    for operation in grid.expected:
        assert operation["rows"] == step.proof.rows + 1 == 36
        assert operation["distinct"] == {"column": 0, "count": step.proof.distinct}
        assert operation["sums"] == [{"column": 4, "scale": 2, "sum": "63350"}]


def test_an_empty_list_is_a_header_and_a_pass() -> None:
    grid, step = whole(World(FakeQuickBooks([])))
    assert grid.block == [["Id", "Invoice number", "Date", "Currency", "Total"]]
    assert step.proof is not None
    assert (step.proof.verdict, step.proof.rows) == ("PASS", 0)


def test_a_long_list_is_counted_read_in_steps_staged_and_counted_again() -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    grid = Grid()
    seen = []
    for step in world.steps(start(world)):
        answer = grid.apply(step)
        progress = answer["progress"]
        seen.append((progress["rows"], progress["of"], [o["op"] for o in answer["operations"]]))
        assert step.proof is None or step.cursor is None
    assert [(rows, of) for rows, of, _ in seen] == [(20, 35), (35, 35)]
    assert seen[0][2] == ["stage"]
    assert seen[1][2][:2] == ["stage", "expect"]
    assert seen[1][2][-1] == "drop_stage"
    assert grid.block is not None
    assert [row[0] for row in grid.block[1:]] == [str(id) for id in range(1, 36)]
    # The first page, COUNT, three more pages, COUNT.
    assert len(world.quickbooks.asked) == step.calls == 6
    assert world.quickbooks.counts == 2
    assert step.proof is not None
    assert (step.proof.sent, step.proof.counted, step.proof.distinct) == (35, 35, 35)


def test_a_full_first_page_that_is_all_there_is_costs_one_count() -> None:
    world = World(FakeQuickBooks(invoices(10)), SMALL)
    grid, step = whole(world)
    assert len(world.quickbooks.asked) == 2
    assert "stage" not in grid.applied
    assert step.proof is not None
    assert step.proof.counted == 10


def test_several_pages_that_fit_into_one_step_need_no_stage() -> None:
    grid, _ = whole(World(FakeQuickBooks(invoices(15)), SMALL))
    assert "stage" not in grid.applied
    assert grid.block is not None
    assert len(grid.block) == 16


def test_filters_and_dates_go_into_every_query() -> None:
    world = World(FakeQuickBooks(invoices(15)), SMALL)
    start(world, **{"from": "2026-01-01", "to": "2026-03-31"})
    assert len(world.quickbooks.asked) == 4
    for statement in world.quickbooks.asked:
        assert (
            " FROM Invoice WHERE TxnDate >= '2026-01-01' AND TxnDate <= '2026-03-31'" in statement
        )


def test_a_second_run_of_an_exporter_writes_the_same_block_with_the_same_choices() -> None:
    world = World(FakeQuickBooks(invoices(3)))
    first = start(world, tab="Mine")
    world.quickbooks.records = invoices(2)
    second = world.exports.again(ANA, SHEET, first.exporter_id)
    assert (second.block, second.exporter_id) == (first.block, first.exporter_id)
    assert second.run_id != first.run_id
    grid = Grid()
    grid.apply(second)
    assert grid.block is not None
    assert [row[0] for row in grid.block] == ["Id", "1", "2"]


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(0, 60),
    page=st.integers(1, 12),
    cells=st.integers(5, 200),
    in_flight=st.integers(1, 8),
    surplus=st.integers(0, 3),
)
def test_any_layout_of_pages_gives_every_row_once(
    count: int, page: int, cells: int, in_flight: int, surplus: int
) -> None:
    records = invoices(count)
    # A limit of 100 once gave 101 rows: each page may repeat the beginning of the next one.
    quickbooks = FakeQuickBooks(
        records, pages=lambda start, size: records[start - 1 : start - 1 + size + surplus]
    )
    world = World(quickbooks, Limits(page=page, cells_per_step=cells, in_flight=in_flight))
    grid, step = whole(world)
    assert grid.block is not None
    assert [row[0] for row in grid.block[1:]] == [str(id) for id in range(1, count + 1)]
    assert step.proof is not None
    assert step.proof.verdict == "PASS"
    totals = {total.currency: total.amount for total in step.proof.totals}
    assert sum(totals.values()) == sum(record["TotalAmt"] for record in records)


# --- bad input ----------------------------------------------------------------------------------

BAD_OPTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown column": ({"columns": ["number", "colour"]}, 'no column "colour"'),
    "a column that cannot be one": ({"columns": ["=1+1"]}, "no column of that name"),
    "a column twice": ({"columns": ["number", "number"]}, "twice"),
    "no column": ({"columns": []}, "at least one"),
    "columns that are a text": ({"columns": "number"}, "list"),
    "columns that are numbers": ({"columns": [1]}, "list"),
    "far too many columns": ({"columns": ["number"] * 1001}, "list"),
    "a date that is none": ({"from": "2026-02-30"}, "YYYY-MM-DD"),
    "a date with a quote": ({"to": "2026-01-01' OR"}, "YYYY-MM-DD"),
    "a date that is a number": ({"from": 20260101}, '"from"'),
    "dates the wrong way round": ({"from": "2026-02-01", "to": "2026-01-01"}, "before it begins"),
    "a flag that is a text": ({"include_inactive": "yes"}, '"include_inactive"'),
    "a parameter of reports": ({"parameters": {"start_date": "2026-01-01"}}, "parameters"),
    "an unknown option": ({"sort": "Id"}, 'no option "sort"'),
}


@pytest.mark.parametrize("case", BAD_OPTIONS)
def test_bad_options_are_refused_by_name_before_anything_is_asked(case: str) -> None:
    options, said = BAD_OPTIONS[case]
    world = World(FakeQuickBooks(invoices(3)))
    with nothing_asked(world), pytest.raises(BadRequest, match=said):
        start(world, **options)
    assert world.tokens.asked == 0


@pytest.mark.parametrize("zone", ["Mars/Base", "", "../../etc/passwd"])
def test_a_spreadsheet_in_no_known_zone_is_refused(zone: str) -> None:
    world = World(FakeQuickBooks(invoices(3)))
    with nothing_asked(world), pytest.raises(BadRequest):
        start(world, sheet=replace(SHEET, zone=zone))


@pytest.mark.parametrize(
    ("user", "connection_id"), [(BEN, CONNECTION), (ANA, "con_other123"), (ANA, "")]
)
def test_a_foreign_connection_is_not_found(user: User, connection_id: str) -> None:
    world = World(FakeQuickBooks(invoices(3)))
    with nothing_asked(world), pytest.raises(NotFound):
        start(world, user=user, connection_id=connection_id)


def test_a_refresher_may_run_an_exporter_but_not_make_one() -> None:
    world = World(FakeQuickBooks(invoices(3)))
    made = start(world)
    world.connections.roles[BEN.sub] = Role.REFRESHER
    with pytest.raises(NotFound):
        start(world, user=BEN)
    assert world.exports.again(BEN, SHEET, made.exporter_id).proof is not None


@pytest.mark.parametrize("exporter_id", ["", "exp_missing", "x" * 5000])
def test_an_exporter_that_is_not_there_is_not_found(exporter_id: str) -> None:
    world = World(FakeQuickBooks(invoices(3)))
    with nothing_asked(world), pytest.raises(NotFound):
        world.exports.again(ANA, SHEET, exporter_id)


def test_an_exporter_of_another_spreadsheet_is_not_found() -> None:
    world = World(FakeQuickBooks(invoices(3)))
    made = start(world)
    with nothing_asked(world), pytest.raises(NotFound):
        world.exports.again(ANA, OTHER_SHEET, made.exporter_id)
    assert world.exports.in_sheet(OTHER_SHEET) == []


# --- cursors ------------------------------------------------------------------------------------


def begun(world: World) -> str:
    cursor = start(world).cursor
    assert cursor is not None
    return cursor


def test_a_repeated_step_fills_the_same_cells_and_leads_to_the_same_end() -> None:
    world = World(FakeQuickBooks(invoices(55)), SMALL)
    grid, step = Grid(), start(world)
    grid.apply(step)
    while step.cursor is not None:
        once = world.exports.resume(ANA, SHEET, step.cursor)
        again = world.exports.resume(ANA, SHEET, step.cursor)
        assert once.operations == again.operations
        grid.apply(again)
        step = again
    assert grid.block is not None
    assert len(grid.block) == 56


def tampered(cursor: str) -> Iterator[str]:
    yield ""
    yield "x"
    yield cursor[:-1]
    yield cursor + "A"
    for place in (3, len(cursor) // 2, len(cursor) - 2):
        yield cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
    yield "v1.00000000.AAAA"
    yield "é" * 50


def test_a_cursor_that_was_tampered_with_is_not_found() -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    cursor = begun(world)
    for text in tampered(cursor):
        with nothing_asked(world), pytest.raises(NotFound):
            world.exports.resume(ANA, SHEET, text)


@pytest.mark.parametrize(("user", "sheet"), [(BEN, SHEET), (ANA, OTHER_SHEET)])
def test_a_foreign_cursor_is_not_found(user: User, sheet: Sheet) -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    world.connections.roles[BEN.sub] = Role.OWNER
    cursor = begun(world)
    with nothing_asked(world), pytest.raises(NotFound):
        world.exports.resume(user, sheet, cursor)


def test_a_cursor_lives_for_two_hours() -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    cursor = begun(world)
    world.time.seconds += 7199
    assert world.exports.resume(ANA, SHEET, cursor).proof is not None
    world.time.seconds += 1
    with nothing_asked(world), pytest.raises(CursorExpired):
        world.exports.resume(ANA, SHEET, cursor)


def test_membership_is_checked_again_at_every_step() -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    cursor = begun(world)
    world.connections.roles.clear()
    with nothing_asked(world), pytest.raises(NotFound):
        world.exports.resume(ANA, SHEET, cursor)


def test_a_run_that_is_over_cannot_be_resumed() -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    first = start(world)
    world.exports.acknowledge(ANA, SHEET, first.run_id, applied=False, code="formula_in_block")
    assert first.cursor is not None
    with nothing_asked(world), pytest.raises(CursorExpired):
        world.exports.resume(ANA, SHEET, first.cursor)


def test_a_cursor_of_an_older_catalog_has_expired(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    cursor = begun(world)
    monkeypatch.setattr(catalog, "VERSION", "another")
    with nothing_asked(world), pytest.raises(CursorExpired):
        world.exports.resume(ANA, SHEET, cursor)


def test_a_cursor_shows_nothing_of_the_company() -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    assert "00001" not in begun(world)
    assert "cursor" not in repr(start(world))


# --- failures -----------------------------------------------------------------------------------

DAMAGED = QuickBooksRejected("A record cannot be read.", intuit_code="4002")


@pytest.mark.parametrize("failing", range(1, 8))
def test_a_call_that_fails_for_good_writes_nothing_wherever_it_happens(failing: int) -> None:
    quickbooks = FakeQuickBooks(
        invoices(45), behave=lambda call, number: DAMAGED if number == failing else None
    )
    world = World(quickbooks, SMALL)
    grid = Grid()
    with pytest.raises(QuickBooksRejected) as raised:
        whole(world, grid)
    assert raised.value is DAMAGED
    assert grid.block is None
    assert "commit" not in grid.applied
    (run,) = world.records.all("runs")
    assert (run.data["state"], run.data["code"]) == ("failed", "quickbooks_rejected")


def test_a_row_that_appears_while_reading_stops_the_run() -> None:
    quickbooks = FakeQuickBooks(invoices(35))
    world = World(quickbooks, SMALL)
    grid, step = Grid(), start(world)
    grid.apply(step)
    quickbooks.records = invoices(36)
    assert step.cursor is not None
    with pytest.raises(IncompleteRead, match="counted 35 before and 36 after"):
        world.exports.resume(ANA, SHEET, step.cursor)
    assert grid.block is None


def test_a_row_that_is_missing_from_a_page_stops_the_run() -> None:
    records = invoices(35)
    quickbooks = FakeQuickBooks(
        records,
        pages=lambda start, size: [
            record for record in records[start - 1 : start - 1 + size] if record["Id"] != "17"
        ],
    )
    with pytest.raises(IncompleteRead, match="counted 35 rows but sent 34"):
        whole(World(quickbooks, SMALL))


def test_a_first_export_that_fails_leaves_no_exporter_behind() -> None:
    world = World(FakeQuickBooks(behave=lambda call, number: DAMAGED))
    with pytest.raises(QuickBooksRejected):
        start(world)
    assert world.records.all("exporters") == []
    assert len(world.records.all("runs")) == 1


def test_a_later_run_that_fails_is_noted_and_its_exporter_kept() -> None:
    world = World(FakeQuickBooks(invoices(3)))
    made = start(world)
    world.quickbooks.behave = lambda call, number: DAMAGED
    with pytest.raises(QuickBooksRejected):
        world.exports.again(ANA, SHEET, made.exporter_id)
    (listed,) = world.exports.in_sheet(SHEET)
    assert listed.last_run is not None
    assert (listed.last_run["state"], listed.last_run["code"]) == ("failed", "quickbooks_rejected")


@pytest.mark.parametrize(
    "trouble", [ReconnectRequired("Please reconnect."), ConnectionPaused("It is paused.")]
)
def test_a_connection_that_gives_no_token_ends_the_run_in_its_own_words(trouble: AppError) -> None:
    world = World(FakeQuickBooks(invoices(3)))
    world.tokens.trouble = trouble
    with pytest.raises(type(trouble)):
        start(world)
    assert world.quickbooks.asked == []


def test_an_export_over_the_cap_is_refused_with_its_size_before_anything_is_written() -> None:
    world = World(FakeQuickBooks(invoices(35)), replace(SMALL, max_cells=100))
    with pytest.raises(ExportTooLarge, match=r"35 rows of 5 columns, 180 cells; .* 100\."):
        start(world)
    assert len(world.quickbooks.asked) == 2


def test_a_busy_quickbooks_gives_the_same_place_back_with_a_wait() -> None:
    busy = QuickBooksBusy("Wait.", wait_s=60, status=429)
    quickbooks = FakeQuickBooks(
        invoices(45), behave=lambda call, number: busy if number in (1, 5) else None
    )
    world = World(quickbooks, SMALL)
    grid = Grid()
    seen = []
    for step in world.steps(start(world)):
        grid.apply(step)
        seen.append((step.wait_s, step.rows))
    # Refused at once; then on the second step's first page: nothing of that step counts.
    assert seen == [(60, 0), (0, 20), (60, 20), (0, 40), (0, 45)]
    assert grid.block is not None
    assert len(grid.block) == 46
    assert "pause of 60 s" in start(World(FakeQuickBooks(behave=lambda *_: busy))).message


def test_pages_before_a_busy_one_are_kept() -> None:
    busy = QuickBooksBusy("Wait.", wait_s=10, status=503)
    refused: list[str] = []

    def behave(call: str, number: int) -> AppError | None:
        if "STARTPOSITION 41" in call and not refused:
            refused.append(call)
            return busy
        return None

    world = World(FakeQuickBooks(invoices(45), behave=behave), SMALL)
    grid = Grid()
    steps = list(world.steps(start(world)))
    for step in steps:
        grid.apply(step)
    assert [(step.rows, step.wait_s) for step in steps] == [(20, 0), (40, 0), (40, 10), (45, 0)]
    assert grid.block is not None
    assert len(grid.block) == 46


def test_a_quickbooks_that_stays_busy_ends_the_run_after_two_pauses() -> None:
    busy = QuickBooksBusy("Wait.", wait_s=60, status=429)
    world = World(FakeQuickBooks(behave=lambda call, number: busy))
    step = start(world)
    for _ in range(1):
        assert step.cursor is not None
        step = world.exports.resume(ANA, SHEET, step.cursor)
    assert step.cursor is not None
    with pytest.raises(QuickBooksBusy, match="monthly allowance"):
        world.exports.resume(ANA, SHEET, step.cursor)
    (run,) = world.records.all("runs")
    assert (run.data["state"], run.data["calls"]) == ("failed", 3)


# --- time ---------------------------------------------------------------------------------------


def test_after_twenty_seconds_no_new_call_begins() -> None:
    quickbooks = FakeQuickBooks(invoices(60))
    limits = replace(SMALL, cells_per_step=10_000, in_flight=1)
    world = World(quickbooks, limits)
    quickbooks.time, quickbooks.seconds_per_call = world.time, 6.0
    grid = Grid()
    steps = list(world.steps(start(world)))
    for step in steps:
        grid.apply(step)
    # Calls begin at 0, 6, 12 and 18 s of a step: a page, COUNT, two pages; three pages, COUNT.
    assert [(step.rows, step.calls) for step in steps] == [(30, 4), (60, 8)]
    assert grid.block is not None
    assert len(grid.block) == 61


def test_a_paced_run_keeps_to_ten_calls_a_second_and_sleeps_at_most_five_seconds_a_step() -> None:
    world = World(
        FakeQuickBooks(invoices(600)),
        replace(SMALL, cells_per_step=100_000, in_flight=1),
        paced=True,
    )
    before = 0.0
    for step in world.steps(start(world)):
        assert sum(world.time.slept) - before <= 5.0 + 1e-6
        before = sum(world.time.slept)
        world.time.seconds += step.wait_s
    assert len(world.quickbooks.asked) == 62
    assert world.time.seconds >= 6 * 1.0


# --- what is kept -------------------------------------------------------------------------------


def test_an_acknowledged_run_is_kept_with_counts_only() -> None:
    world = World(FakeQuickBooks(invoices(3)))
    step = start(world)
    world.time.seconds += 4
    world.exports.acknowledge(ANA, SHEET, step.run_id, applied=True, rows_seen=3)
    (run,) = world.records.all("runs")
    assert run.data["state"] == "applied"
    assert run.data["verdict"] == "PASS"
    assert run.data["counts"] == {"sent": 3, "distinct": 3, "rows": 3}
    (listed,) = world.exports.in_sheet(SHEET)
    assert listed.as_json() == {
        "id": step.exporter_id,
        "title": "Invoices",
        "kind": "entity",
        "dataset": "invoices",
        "connection_id": CONNECTION,
        "block": step.block,
        "last_run": {
            "run_id": step.run_id,
            "state": "applied",
            "at": "2026-11-22T20:30:04+00:00",
            "rows": 3,
            "verdict": "PASS",
            "code": None,
        },
    }


def test_nothing_of_the_company_is_kept_on_the_server() -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    _, step = whole(world)
    world.exports.acknowledge(ANA, SHEET, step.run_id, applied=True, rows_seen=35)
    kept = world.records.text()
    for secret in ("00017", "63350", "633.50", "231.20", "17.1", "access-1"):
        assert secret not in kept


def test_the_key_of_the_digest_is_kept_sealed() -> None:
    world = World(FakeQuickBooks(invoices(3)))
    answer = json.loads(start(world).json())
    key = next(o for o in answer["operations"] if o["op"] == "expect")["digest"]["key"]
    assert len(bytes.fromhex(key)) == 32
    assert key not in world.records.text()
    assert key not in str([o for o in answer["operations"] if o["op"] == "receipt"])


def test_another_number_of_rows_in_the_sheet_is_no_pass() -> None:
    world = World(FakeQuickBooks(invoices(3)))
    step = start(world)
    world.exports.acknowledge(ANA, SHEET, step.run_id, applied=True, rows_seen=2)
    (run,) = world.records.all("runs")
    assert (run.data["verdict"], run.data["code"]) == ("FAIL", "seen_differs")


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("formula_in_block", "formula_in_block"),
        ("Invoice of Acme for $100", "writer_failed"),
        ("x" * 100, "writer_failed"),
        (None, "writer_failed"),
    ],
)
def test_a_run_that_could_not_be_written_is_kept_with_a_code(code: str | None, kept: str) -> None:
    world = World(FakeQuickBooks(invoices(3)))
    step = start(world)
    world.exports.acknowledge(ANA, SHEET, step.run_id, applied=False, failed_operation=4, code=code)
    (run,) = world.records.all("runs")
    assert (run.data["state"], run.data["code"]) == ("failed", kept)
    assert run.data["counts"]["operation"] == 4


def test_a_second_acknowledgement_changes_nothing() -> None:
    world = World(FakeQuickBooks(invoices(3)))
    step = start(world)
    world.exports.acknowledge(ANA, SHEET, step.run_id, applied=True, rows_seen=3)
    with nothing_asked(world):
        world.exports.acknowledge(ANA, SHEET, step.run_id, applied=False, code="late")


@pytest.mark.parametrize(("user", "sheet"), [(BEN, SHEET), (ANA, OTHER_SHEET)])
def test_a_foreign_run_cannot_be_acknowledged(user: User, sheet: Sheet) -> None:
    world = World(FakeQuickBooks(invoices(3)))
    step = start(world)
    with nothing_asked(world), pytest.raises(NotFound):
        world.exports.acknowledge(user, sheet, step.run_id, applied=True)


def test_a_run_is_not_applied_before_it_was_sent() -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    step = start(world)
    with nothing_asked(world), pytest.raises(BadRequest):
        world.exports.acknowledge(ANA, SHEET, step.run_id, applied=True, rows_seen=35)


def test_a_page_that_is_no_page_ends_without_a_table() -> None:
    world = World(FakeQuickBooks(behave=lambda call, number: encoded({"Invoice": "none"})))
    step = start(world)
    assert (step.operations, step.rows) == ((), 0)
    assert step.wait_s == 10
