"""Lines and months of a report come and go, by the backend's writer over the Sheets API's stand-in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterfoil.adapters.google_sheets import SheetsWriter
from counterfoil.adapters.sheet_desk import SheetDesk
from sandbox.google.a1 import Rect
from sandbox.google.grid import Workbook
from sandbox.google.server import GoogleSandbox
from tests.direct_sheets import Line, client_of
from tests.keyed_reports import (
    BLOCK,
    JANUARY,
    MARCH,
    ON_THE_9TH,
    ON_THE_10TH,
    Books,
    Sheet,
    age,
    many,
    state,
)
from tests.scattered_lines import (
    COLUMNS,
    LINES,
    a_value_or_note_in_what_stays_between_stops_nothing,
    anything_in_the_last_gone_line_stops,
    many_are_read_in_as_many_calls_as_few,
    months_go_unless_somebody_has_something_in_one,
)

Apply = Callable[[Workbook, list[Any], str], Any]


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleSandbox]:
    with GoogleSandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def apply(google: GoogleSandbox) -> Apply:
    spreadsheets = client_of(Line(google.sheets))

    def applied(workbook: Workbook, operations: list[Any], block: str) -> Any:
        google.workbooks.clear()
        google.workbooks[workbook.id] = workbook
        return SheetsWriter(spreadsheets, workbook.id, retries=0).apply(block, operations)

    return applied


def test_what_people_keep_on_net_income_follows_it_through_lines_and_months(apply: Apply) -> None:
    sheet = Sheet(apply)
    sheet.run(JANUARY)
    sheet.work()
    sheet.run(MARCH)
    assert sheet.table == [
        ["", "2026-01", "2026-02", "2026-03", "Total"],
        ["Income", "", "", "", ""],
        ["Design", 0, 0, 0, 0],
        ["Sales", 50, 5, 5, 60],
        ["Fees", 0, 7, 0, 7],
        ["Total Income", 50, 12, 5, 67],
        ["Gross Profit", 50, 12, 5, 67],
        ["Expenses", "", "", "", ""],
        ["Cars", 0, 3, 0, 3],
        ["Rent", 40, 40, 40, 120],
        ["Total Expenses", 40, 43, 40, 123],
        ["Net Income", 10, -31, -35, -56],
    ]
    assert sheet.followed() == (-56, -56, "Net Income")
    sheet.run(JANUARY)
    assert [row[0] for row in sheet.table].count("Fees") == 1
    assert sheet.table[4] == ["Fees", 0, 0, 0, 0]
    assert sheet.table[-1] == ["Net Income", 110, 0, 0, 110]
    assert sheet.followed() == (110, 110, "Net Income")


def test_a_month_that_is_not_over_keeps_its_column(apply: Apply) -> None:
    sheet = Sheet(apply)
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


def test_tidying_up_takes_out_what_is_gone_and_nothing_else(apply: Apply) -> None:
    sheet = Sheet(apply)
    sheet.run(MARCH)
    sheet.work()
    assert "Gone" not in sheet.why
    sheet.run(JANUARY)
    assert len(sheet.table) == 12
    assert sheet.why.endswith("Gone, and at 0 until somebody tidies up: 2 lines, 2 columns.")
    sheet.run(JANUARY, tidy_up=True)
    assert "Gone" not in sheet.why
    assert sheet.table == [
        ["", "2026-01", "Total"],
        ["Income", "", ""],
        ["Design", 100, 100],
        ["Sales", 50, 50],
        ["Total Income", 150, 150],
        ["Gross Profit", 150, 150],
        ["Expenses", "", ""],
        ["Rent", 40, 40],
        ["Total Expenses", 40, 40],
        ["Net Income", 110, 110],
    ]
    assert sheet.followed() == (110, 110, "Net Income")


def test_of_many_lines_it_is_told_beside_which_somebody_has_something(
    google: GoogleSandbox, apply: Apply
) -> None:
    sheet = Sheet(apply)
    sheet.run(many(0, 500))
    sheet.type_beside(2, "=1")
    spreadsheets = client_of(Line(google.sheets))
    desk = SheetDesk(spreadsheets, sheet.workbook.id, "robot", retries=0, made={})
    told = desk.standing({"block": BLOCK, "lines": True})
    assert told["beside"] == [2]
    assert told == state(sheet.workbook)


def test_for_want_of_room_gone_lines_go_but_for_one_with_something_beside_it(apply: Apply) -> None:
    sheet = Sheet(apply)
    sheet.run(many(0, 500))
    sheet.type_beside(2, "=1")
    sheet.run(many(490, 600))
    assert sheet.why.endswith(
        "Gone, and at 0 until somebody tidies up: 1 line. Gone, and taken out, as no more than "
        "1,000 lines and 200 columns keep their places: 489 lines."
    )
    assert sheet.table[1:4] == [["Income", "", ""], ["Account 1", 0, 0], ["Account 490", 1, 1]]
    assert len(sheet.table) == 1 + 601 + 4


def test_however_scattered_lines_are_that_go_google_is_called_as_often(
    google: GoogleSandbox, apply: Apply
) -> None:
    def calls_of(run: Callable[[], Any]) -> int:
        google.sheets.calls.clear()
        run()
        return google.sheets.calls.total()

    many_are_read_in_as_many_calls_as_few(apply, calls_of)


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


def test_a_line_can_come_in_the_very_run_that_tidies_up(apply: Apply) -> None:
    sheet = Sheet(apply)
    sheet.run(JANUARY)
    sheet.work()
    sheet.run(MARCH, tidy_up=True)
    assert [row[0] for row in sheet.table[1:5]] == ["Income", "Sales", "Fees", "Total Income"]
    assert sheet.followed() == (-56, -56, "Net Income")


def test_lines_keep_their_places_when_quickbooks_sends_them_in_another_order(
    apply: Apply,
) -> None:
    sheet = Sheet(apply)
    sheet.run(JANUARY)
    sheet.run(Books(["2026-01"], {"Sales": [1], "Late": [3], "Design": [2]}, {"Rent": [4]}))
    assert [row[0] for row in sheet.table[2:6]] == ["Design", "Sales", "Late", "Total Income"]
    assert sheet.table[2] == ["Design", 2, 2]


def test_what_a_person_typed_beside_a_line_stays_beside_it(apply: Apply) -> None:
    sheet = Sheet(apply)
    sheet.run(JANUARY)
    rent = sheet.area.row + 4 + [row[0] for row in sheet.table].index("Rent")
    sheet.workbook.tabs[1].write(rent, 6, [["mine"]])
    sheet.run(MARCH)
    rent = sheet.area.row + 4 + [row[0] for row in sheet.table].index("Rent")
    assert sheet.workbook.tabs[1].values(Rect(rent, 8))[0] == ["mine"]


def test_a_column_of_a_persons_inside_the_report_is_kept(apply: Apply) -> None:
    sheet = Sheet(apply)
    sheet.run(JANUARY)
    sheet.work()
    sheet.workbook.tabs[1].insert_columns(sheet.area.column + 1, 1)
    sheet.workbook.tabs[1].write(sheet.area.row + 4, 1, [["Mine"]])
    sheet.run(MARCH)
    assert sheet.table[0] == ["", "Mine", "2026-01", "2026-02", "2026-03", "Total"]
    assert sheet.followed() == (-56, -56, "Net Income")
    sheet.run(FEBRUARY)
    assert sheet.table[0] == ["", "Mine", "2026-01", "2026-02", "2026-03", "Total"]
    assert sheet.table[-1] == ["Net Income", "", 0, -32, 0, -32]
    sheet.run(FEBRUARY, tidy_up=True)
    assert sheet.table[0] == ["", "Mine", "2026-02", "Total"]
    assert sheet.followed() == (-32, -32, "Net Income")


def test_a_report_that_somebody_sorted_is_written_anew_in_its_own_order(apply: Apply) -> None:
    sheet = Sheet(apply)
    sheet.run(JANUARY)
    area = sheet.area
    tab = sheet.workbook.tabs[1]
    body = Rect(area.row + 5, area.column, area.rows - 5, area.columns)
    tab.write(body.row, body.column, sorted(tab.values(body), key=str))
    sheet.run(MARCH)
    assert [row[0] for row in sheet.table[1:4]] == ["Income", "Sales", "Fees"]


FEBRUARY = Books(["2026-02"], {"Sales": [7], "Fees": [1]}, {"Rent": [40]})


LIVE = {"totals": "formulas"}


@pytest.mark.parametrize(
    ("later", "tidy_up", "options"),
    [
        (MARCH, False, {}),
        (MARCH, True, {}),
        (FEBRUARY, False, {}),
        (FEBRUARY, True, {}),
        (MARCH, True, LIVE),
    ],
)
def test_a_run_that_dies_anywhere_is_made_good_by_the_next(
    apply: Apply, later: Books, tidy_up: bool, options: dict[str, str]
) -> None:
    whole = Sheet(apply, options)
    whole.run(JANUARY)
    steps = len(whole.operations(later, tidy_up=tidy_up))
    whole.run(later, tidy_up=tidy_up)
    for died in range(1, steps):
        sheet = Sheet(apply, options)
        sheet.run(JANUARY)
        sheet.work()
        apply(sheet.workbook, sheet.operations(later, tidy_up=tidy_up)[:died], BLOCK)
        sheet.run(later, tidy_up=tidy_up)
        net = later.net_income
        assert sheet.followed() == (net, net, "Net Income"), died
        assert sheet.table == whole.table, died
        assert sheet.formulas == whole.formulas, died


def test_live_totals_go_along_with_lines_that_come_and_go(apply: Apply) -> None:
    sheet = Sheet(apply, LIVE)
    sheet.run(JANUARY)
    sheet.work()
    sheet.run(MARCH)
    # Names and titles take five rows; Design is gone and stays at 0, not summed any more.
    assert sheet.formulas["Report!B10"] == "=SUM(B8:B9)"  # Total Income
    assert sheet.formulas["Report!B11"] == "=SUM(B10:B10)"  # Gross Profit
    assert sheet.formulas["Report!E16"] == "=SUM(E11:E11)-SUM(E15:E15)"  # Net Income
    assert sheet.followed() == (-56, -56, "Net Income")
    tab = sheet.workbook.tabs[1]
    tab.write(8, 1, [[1_000]])  # somebody tries what a fee would change
    assert sheet.table[5][1] == 1_050
    assert sheet.followed()[0] == -56  # the Total column is QuickBooks'


def test_a_history_keeps_the_values_of_each_run(apply: Apply) -> None:
    sheet = Sheet(apply, {"mode": "history", **LIVE})
    sheet.run(JANUARY)
    sheet.run(MARCH)
    assert [tab.title for tab in sheet.workbook.tabs] == ["Mine", "Report", "Report – history"]
    history = sheet.workbook.tabs[2]
    rows = history.values(Rect(0, 0, 33, 5))
    assert rows[0][:2] == ["Report", "2026-11-22T20:30:00+00:00"]
    assert rows[14][:3] == ["Net Income", 110, 110]
    assert rows[16][:2] == ["Report", "2026-11-22T20:30:00+00:00"]
    assert rows[32] == ["Net Income", 10, -31, -35, -56]
    assert not any(each.startswith("'Report – history'") for each in sheet.workbook.formulas())


MONTHS = ["2026-01", "2026-02", "2026-03", "2026-04"]


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[Books, bool]]:
    def accounts(names: str, months: int) -> dict[str, list[int]]:
        chosen = draw(st.lists(st.sampled_from(names), unique=True, max_size=4))
        return {n: draw(st.lists(AMOUNT, min_size=months, max_size=months)) for n in chosen}

    made = []
    for _ in range(draw(st.integers(2, 4))):
        first = draw(st.integers(0, 3))
        months = MONTHS[first : draw(st.integers(first + 1, 4))]
        books = Books(months, accounts("ABCDE", len(months)), accounts("VWXYZ", len(months)))
        made.append((books, draw(st.booleans())))
    return made


AMOUNT = st.integers(-9_999, 9_999)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(histories())
def test_whatever_comes_and_goes_net_income_is_followed_and_each_value_stands_in_its_line(
    apply: Apply, history: list[tuple[Books, bool]]
) -> None:
    sheet = Sheet(apply)
    for at, (books, tidy_up) in enumerate(history):
        sheet.run(books, tidy_up=tidy_up)
        if at == 0:
            sheet.work()
        assert sheet.followed() == (books.net_income, books.net_income, "Net Income")
        lines = {str(row[0]): row for row in sheet.table[1:]}
        titles = sheet.table[0]
        for name, amounts in {**books.income, **books.expenses}.items():
            shown = dict(zip(titles[1:-1], lines[name][1:-1], strict=True))
            assert [shown[month] for month in books.months] == list(amounts)
            assert all(shown[month] == 0 for month in shown if month not in books.months)
        gone = lines.keys() & set("ABCDEVWXYZ") - books.income.keys() - books.expenses.keys()
        assert all(value == 0 for name in gone for value in lines[name][1:])
        assert not (tidy_up and (gone or len(titles) != len(books.months) + 2))
