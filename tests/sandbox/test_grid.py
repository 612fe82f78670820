"""The one grid: values, references that follow moves, limits, all or nothing."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.google.a1 import Rect, parse
from sandbox.google.cells import CellError, GridError, Value
from sandbox.google.grid import Workbook
from sandbox.google.snapshot import snapshot
from sandbox.google.state import grid_state, workbook_of
from sandbox.google.tab import Tab

cells = (
    st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
)


@pytest.fixture
def workbook() -> Workbook:
    return Workbook()


@pytest.fixture
def tab(workbook: Workbook) -> Tab:
    return workbook.tabs[0]


@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=5))
def test_what_is_written_raw_is_read_as_it_was(rows: list[list[Value]]) -> None:
    workbook = Workbook()
    tab = workbook.tabs[0]
    tab.write(2, 1, rows)
    read = tab.values(Rect(2, 1, len(rows), 3))
    assert read == rows
    kinds = [[isinstance(value, bool) for value in row] for row in rows]
    assert [[isinstance(value, bool) for value in row] for row in read] == kinds
    assert workbook.formulas() == {}


moves = st.lists(
    st.tuples(
        st.sampled_from(["insert_rows", "delete_rows", "insert_columns", "delete_columns"]),
        st.integers(0, 12),
        st.integers(1, 3),
    ),
    max_size=6,
)


@given(moves)
def test_a_named_range_and_a_formula_hold_the_cells_that_they_held(
    edits: list[tuple[str, int, int]],
) -> None:
    workbook = Workbook()
    tab = workbook.tabs[0]
    tab.write(4, 4, [[1, 1, 1]] * 4)
    workbook.name_range("CF_x", tab.sheet_id, Rect(4, 4, 4, 3))
    other = workbook.add_tab("Other")
    other.set_formula(0, 0, "=SUM(Sheet1!E5:G8)")
    other.set_formula(0, 1, "=SUM(CF_x)")
    # For each row and column, whether it belongs to the block.
    belongs = {"rows": [4 <= i < 8 for i in range(30)], "columns": [4 <= i < 7 for i in range(30)]}
    for edit, at, count in edits:
        getattr(tab, edit)(at, count)
        line = belongs[edit.partition("_")[2]]
        if edit.startswith("insert"):
            line[at:at] = [at > 0 and line[at - 1] and line[at]] * count
        else:
            del line[at : at + count]
    named = workbook.named_range("cf_X")
    assert named is not None
    rows, columns = ([i for i, b in enumerate(line) if b] for line in belongs.values())
    if not rows or not columns:
        assert named.rect is None
        assert other.value(0, 0) == CellError("#REF!")
        return
    assert named.rect == Rect(rows[0], columns[0], len(rows), len(columns))
    marks = sum(cell.value == 1 for _, _, cell in tab.cells())
    assert other.value(0, 0) == other.value(0, 1) == marks


def test_rows_at_the_end_of_a_range_do_not_join_it_and_rows_inside_do(
    workbook: Workbook, tab: Tab
) -> None:
    workbook.name_range("CF_x", 0, Rect(2, 0, 3, 1))
    tab.insert_rows(5)
    assert _rect(workbook) == Rect(2, 0, 3, 1)
    tab.insert_rows(4)
    assert _rect(workbook) == Rect(2, 0, 4, 1)
    tab.insert_rows(2)
    assert _rect(workbook) == Rect(3, 0, 4, 1)


def test_moved_rows_take_names_and_formulas_along(workbook: Workbook, tab: Tab) -> None:
    tab.write(0, 0, [[1], [2], [3], [4]])
    tab.set_formula(9, 0, "=A1+A4")
    workbook.name_range("CF_x", 0, Rect(0, 0, 2, 1))
    tab.move_rows(0, 2, 6)
    assert tab.values(Rect(0, 0, 6, 1)) == [[3], [4], [""], [""], [1], [2]]
    assert _rect(workbook) == Rect(4, 0, 2, 1)
    assert tab.cell(9, 0).formula == "=A5+A2"
    assert tab.value(9, 0) == 5


def test_formulas_follow_a_tab_that_is_renamed_and_break_when_it_goes(
    workbook: Workbook, tab: Tab
) -> None:
    tab.write(0, 0, [[7]])
    other = workbook.add_tab("Other")
    other.set_formula(0, 0, '=Sheet1!A1+1&" Sheet1!A1"')
    workbook.rename_tab(tab, "My tab's")
    assert other.cell(0, 0).formula == "='My tab''s'!A1+1&\" Sheet1!A1\""
    assert other.value(0, 0) == "8 Sheet1!A1"
    workbook.delete_tab(tab)
    assert other.value(0, 0) == CellError("#REF!")


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=1+2*3", 7),
        ("=(1+2)*3/2", 4.5),
        ("=-A1+50%", -0.5),
        ("=SUM(A1:A3)", 6),
        ("=SUM(A:A)", 6),
        ("=sum(A2:A)", 5),
        ("=SUM(A1,A3,10)", 14),
        ("=AVERAGE(A1:A4)", 2),
        ("=COUNT(A1:B4)", 3),
        ("=MAX(A1:A3)-MIN(A1:A3)", 2),
        ("=ROUND(2.345,1)", 2.3),
        ('=B1&"!"', "word!"),
        ("=A1=1", True),
        ("=A2>=3", False),
        ("=A1/0", CellError("#DIV/0!")),
        ("=B1+1", CellError("#VALUE!")),
        ("=NOSUCH(A1)", CellError("#NAME?")),
        ("=nothing", CellError("#NAME?")),
        ("=Nowhere!A1", CellError("#REF!")),
        ("=D9", CellError("#REF!")),  # itself
        ("=1+", CellError("#ERROR!")),
    ],
)
def test_a_person_s_formula_shows_its_value(tab: Tab, formula: str, value: Value) -> None:
    tab.write(0, 0, [[1, "word"], [2], [3]])
    tab.set_formula(8, 3, formula)
    computed = tab.value(8, 3)
    assert (computed.text if isinstance(computed, CellError) else computed) == (
        value.text if isinstance(value, CellError) else value
    )
    assert tab.formulas(Rect(8, 3)) == [[formula]]


def test_a_formula_that_reaches_out_is_remembered_however_it_came_in(
    workbook: Workbook, tab: Tab
) -> None:
    tab.write(0, 0, [['=IMPORTXML("http://x","//a")']])
    assert workbook.dangerous_formulas == []
    tab.enter(0, 1, [['=IMPORTXML("http://x","//a")', "=cmd|' /C calc'!A0", "=SUM(A1)"]])
    tab.enter(1, 0, [['=hyperlink("http://x")']])
    assert [cell for cell, _ in workbook.dangerous_formulas] == [
        "Sheet1!B1",
        "Sheet1!C1",
        "Sheet1!A2",
    ]


def test_what_is_typed_is_parsed_and_gives_the_cell_a_format(tab: Tab) -> None:
    tab.enter(0, 0, [["2026-01-02", "00123", "'00123", True, None, 5]])
    assert tab.values(Rect(0, 0, 1, 6)) == [[46024, 123, "00123", True, "", 5]]
    assert tab.shown(Rect(0, 0)) == [["2026-01-02"]]
    tab.look(Rect(1, 0), pattern="@")
    tab.enter(1, 0, [["2026-01-02"]])
    assert tab.value(1, 0) == "2026-01-02"


def test_copied_values_are_values_blanks_included(workbook: Workbook, tab: Tab) -> None:
    source = workbook.add_tab("Source")
    source.write(0, 0, [["=1", 2], ["", 4]])
    source.set_formula(0, 1, "=1+1")
    tab.write(0, 0, [["x", "x"], ["x", "x"]])
    tab.look(Rect(0, 0, 2, 2), bold=True)
    tab.copy_values(source, Rect(0, 0, 2, 2), 0, 0)
    assert tab.values(Rect(0, 0, 2, 2)) == [["=1", 2], ["", 4]]
    assert workbook.formulas() == {"Source!B1": "=1+1"}
    assert tab.cell(1, 0).look.bold


def test_the_limits_of_sheets_hold(workbook: Workbook, tab: Tab) -> None:
    with pytest.raises(GridError, match="above the limit of 10000000 cells"):
        tab.append_rows(384_000)
    with pytest.raises(GridError, match="50000 characters"):
        tab.write(0, 0, [["x", "x" * 50_001]])
    with pytest.raises(GridError, match="50000 characters"):
        tab.enter(0, 0, [["x", "😀" * 25_001]])
    assert tab.value(0, 0) == ""
    tab.write(0, 0, [["x" * 50_000]])
    with pytest.raises(GridError, match="already exists"):
        workbook.add_tab("SHEET1")
    with pytest.raises(GridError, match="exceeds grid limits"):
        tab.write(999, 25, [["in", "out"]])
    with pytest.raises(GridError, match="exceeds grid limits"):
        tab.value(1000, 0)
    with pytest.raises(GridError, match="visible"):
        workbook.delete_tab(tab)
    with pytest.raises(GridError, match="hide all"):
        workbook.hide_tab(tab)
    with pytest.raises(GridError, match="30000 characters"):
        workbook.add_metadata("key", "x" * 29_998, sheet_id=0)
    with pytest.raises(GridError, match="not finite"):
        tab.write(0, 0, [[float("nan")]])


@pytest.mark.parametrize("name", ["", "1x", "a b", "a-b", "A1", "R1C1", "rc", "true", "x" * 251])
def test_a_name_that_sheets_would_refuse_is_refused(workbook: Workbook, name: str) -> None:
    with pytest.raises(GridError, match="invalid name"):
        workbook.name_range(name, 0, Rect(0, 0))


def test_atomic_edits_leave_no_trace_when_one_fails(workbook: Workbook, tab: Tab) -> None:
    tab.write(0, 0, [["kept"]])
    workbook.name_range("CF_x", 0, Rect(0, 0))
    before, version = grid_state(workbook), workbook.version

    def edit_and_fail() -> None:
        with workbook.atomic():
            tab.write(0, 0, [["changed"]])
            tab.insert_rows(0)
            workbook.add_tab("New")
            workbook.rename_tab(tab, "Other")
            workbook.add_metadata("k", "v", sheet_id=0)
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        edit_and_fail()
    assert grid_state(workbook) == before
    assert workbook.tab("sheet1") is tab
    assert workbook.version > version


def test_the_version_changes_with_every_edit(workbook: Workbook, tab: Tab) -> None:
    versions = [workbook.version]
    for edit in (
        lambda: tab.write(0, 0, [[1]]),
        lambda: tab.look(Rect(0, 0), bold=True),
        lambda: tab.note(0, 0, "n"),
        lambda: tab.freeze(rows=1),
        lambda: tab.set_width(0, 50),
        lambda: workbook.add_tab("New"),
    ):
        edit()
        versions.append(workbook.version)
    assert versions == sorted(set(versions))


def test_metadata_lives_and_dies_with_its_tab(workbook: Workbook) -> None:
    tab = workbook.add_tab("New")
    workbook.add_metadata("k", "tab", sheet_id=tab.sheet_id)
    workbook.add_metadata("k", "book")
    assert [m.value for m in workbook.find_metadata("k")] == ["tab", "book"]
    workbook.delete_tab(tab)
    assert [m.value for m in workbook.find_metadata("k")] == ["book"]


def test_threads_that_append_lose_nothing(workbook: Workbook, tab: Tab) -> None:
    def append(number: int) -> None:
        for i in range(20):
            with workbook.editing():
                tab.write(tab.data_extent().rows, 0, [[f"{number}.{i}"]])

    threads = [threading.Thread(target=append, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({row[0] for row in tab.values(Rect(0, 0, 80, 1))}) == 80


def test_a_state_can_be_written_down_and_made_again(workbook: Workbook, tab: Tab) -> None:
    tab.write(1, 1, [["a", 1.5], ["", False]])
    tab.look(Rect(1, 1), pattern="@", bold=True)
    tab.set_formula(0, 0, "=C2*2")
    tab.note(0, 0, "mine")
    tab.freeze(rows=1)
    tab.set_width(2, 50)
    tab.append_rows(5)
    workbook.hide_tab(workbook.add_tab("It's", rows=3, columns=2))
    workbook.name_range("CF_x", 0, Rect(1, 1, 2, 2))
    workbook.add_metadata("k", '{"a":1}', sheet_id=0)
    state = grid_state(workbook)
    assert grid_state(workbook_of(state)) == state
    assert state["names"] == {"CF_x": "Sheet1!B2:C3"}


def test_a_snapshot_holds_what_the_page_draws(workbook: Workbook, tab: Tab) -> None:
    tab.write(0, 0, [["Id", "Total"], ["1", -5]])
    tab.look(Rect(0, 0, 1, 2), bold=True)
    tab.look(Rect(1, 1), pattern="#,##0.00;(#,##0.00)")
    seen = snapshot(workbook, tab, 0, 10)
    assert seen["cells"] == [
        [0, 0, {"text": "Id", "kind": "text", "bold": True}],
        [0, 1, {"text": "Total", "kind": "text", "bold": True}],
        [1, 0, {"text": "1", "kind": "text"}],
        [1, 1, {"text": "(5.00)", "kind": "number", "pattern": "#,##0.00;(#,##0.00)"}],
    ]
    assert snapshot(workbook, tab, 1, 10)["cells"][0][:2] == [1, 0]


@pytest.mark.parametrize("text", ["Sheet1", "A", "12", "CF_x", "A1:", ":A1", "A0", "", "ABCD1"])
def test_what_is_no_reference_is_not_taken_for_one(text: str) -> None:
    assert parse(text) is None


def _rect(workbook: Workbook) -> Rect | None:
    named = workbook.named_range("CF_x")
    assert named is not None
    return named.rect
