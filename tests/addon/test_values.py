"""What the formulas of "Insert a value" show over a table as it is now: the figure that was asked
for, or #N/A. The add-on writes them, the sandbox's sheet computes them.
"""

from __future__ import annotations

import json
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

from sandbox.google.cells import CellError, Value
from sandbox.google.formulas import evaluate

HERE = Path(__file__).parent
NONE = CellError("#N/A")
CELL = "'Set up'!B1"
HOSTILE = 'Hostile & "Sons" *~?'
TITLES = [
    *("Company", "Report", "Basis", "From", "To", "Id", "Name", "Path", "Row type"),
    *("Column", "Column from", "Column to", "Amount", "Number"),
]
Table = list[list[Value]]


def serial(day: str) -> int:
    return (date.fromisoformat(day) - date(1899, 12, 30)).days


def line(
    column: str,
    days: tuple[str, str] | None,
    amount: int,
    *,
    id: str = "22",
    name: str = "Design",
    number: str = "4000",
    report: str = "Profit and Loss",
    company: str = "Acme",
) -> list[Value]:
    first, last = map(serial, days) if days else ("", "")
    about: list[Value] = [company, report, "Accrual", serial("2026-01-01"), serial("2026-06-30")]
    path = f"Income > {name}"
    return [*about, id, name, path, "line", column, first, last, amount, number]


def formulas(asked: list[dict[str, Any]]) -> list[str]:
    ran = subprocess.run(
        ["node", "value_formulas.js"],
        cwd=HERE,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    told: list[str] = json.loads(ran.stdout)
    return told


def shown(formula: str, table: Table, day: Value = "") -> Value:
    """What it shows over the table, with that day in CELL."""
    return evaluate(formula, lambda name: [[day]] if name == CELL else table)


def asked_of(rows: Table, *asked: dict[str, str]) -> list[str]:
    """The formulas that are made while the table has these rows."""
    base = {"block": "CF_pl", "by": "id", "value": "22"}
    return formulas([{"titles": TITLES, "rows": rows, "asked": base | each} for each in asked])


JANUARY, FEBRUARY = ("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-28")
MARCH = ("2026-03-01", "2026-03-31")
MONTHS = [
    line("Jan 2026", JANUARY, 100),
    line("Feb 2026", FEBRUARY, 70),
    line("Feb 2026", FEBRUARY, 1, id="23", name="Trees", number="4100"),
    line("Mar 2026", MARCH, 5),
    line("Total", None, 175),
]


def test_periods_that_do_not_adjoin_are_no_movement_from_the_first_day_to_the_last() -> None:
    now, before = ("2026-01-01", "2026-06-30"), ("2025-01-01", "2025-06-30")
    rows = [
        line("Jan - Jun 2026", now, 100),
        line("Jan - Jun 2025", before, 70),
        line("Change from Jan - Jun 2025", None, 30),
    ]
    across, whole, this, last = asked_of(
        rows,
        {"from": "2025-01-01", "to": "2026-06-30"},
        {},
        {"from": "2026-01-01", "to": "2026-06-30"},
        {"from": "2025-01-01", "to": "2025-06-30"},
    )
    table: Table = [[*TITLES], *rows]
    assert [shown(each, table) for each in (across, whole, this, last)] == [NONE, NONE, 100, 70]
    adjoining: Table = [[*TITLES], rows[0], line("Jul - Dec 2025", ("2025-07-01", "2025-12-31"), 9)]
    assert shown(whole, adjoining) == 109
    # A period to compare with that a later run brings changes nothing, or shows none.
    of_months, of_all = asked_of(MONTHS, {"from": "2026-01-01", "to": "2026-03-31"}, {})
    with_last_year = [*MONTHS, line("Jan 2025", ("2025-01-01", "2025-01-31"), 9)]
    assert shown(of_months, [[*TITLES], *with_last_year]) == 175
    assert shown(of_all, [[*TITLES], *MONTHS]) == 175
    assert shown(of_all, [[*TITLES], *with_last_year]) == NONE


def test_a_month_without_an_amount_is_one_of_the_movement() -> None:
    months = {"from": "2026-01-01", "to": "2026-03-31"}
    every, trees, numbered, gone = asked_of(
        MONTHS,
        months,
        {"value": "23"} | months,
        {"by": "number", "value": "4100"} | months,
        {"value": "99"} | months,
    )
    table: Table = [[*TITLES], *MONTHS]
    assert [shown(each, table) for each in (every, trees, numbered, gone)] == [175, 1, 1, 0]
    without_february: Table = [[*TITLES], MONTHS[0], MONTHS[3]]
    assert [shown(each, without_february) for each in (every, trees)] == [NONE, NONE]


def test_amounts_of_two_lines_or_companies_are_not_added_up() -> None:
    by_number, in_march, by_id = asked_of(
        MONTHS,
        {"by": "number", "value": "4000", "from": "2026-01-01", "to": "2026-03-31"},
        {"by": "number", "value": "4000", "from": "2026-03-01", "to": "2026-03-31"},
        {"from": "2026-01-01", "to": "2026-03-31"},
    )
    other = line("Mar 2026", MARCH, 3, id="24", name="Garden", number="4000")
    table: Table = [[*TITLES], *MONTHS, other]
    assert [shown(each, table) for each in (by_number, in_march)] == [NONE, NONE]
    sparse: Table = [[*TITLES], MONTHS[0], MONTHS[2], [*MONTHS[3][:-1], "4999"], other]
    assert shown(by_number, sparse) == NONE  # each of its own months, fewer than there are
    birch = [line("Jan 2026", JANUARY, 8, company="Birch")]
    assert shown(by_id, [[*TITLES], *MONTHS, *birch]) == 175
    sheet = line("Total", None, 5, report="Balance Sheet")
    (balance,) = asked_of([sheet], {"by": "number", "value": "4000", "to": "2026-06-30"})
    assert shown(balance, [[*TITLES], sheet]) == 5
    alike = line("Total", None, 6, id="24", name="Savings", report="Balance Sheet")
    assert shown(balance, [[*TITLES], sheet, alike]) == NONE
    budget = [line("Actual", JANUARY, 5), line("Budget", JANUARY, 6)]
    (planned,) = asked_of(budget, {"column": "Budget"})
    assert shown(planned, [[*TITLES], *budget]) == 6
    assert shown(planned, [[*TITLES], *budget, line("Budget", FEBRUARY, 7)]) == NONE


def test_a_day_is_awaited_in_an_empty_cell() -> None:
    table: Table = [[*TITLES], *MONTHS]
    since, until, both = asked_of(
        MONTHS, {"from": CELL}, {"to": CELL}, {"from": CELL, "to": "2026-02-28"}
    )
    assert [shown(each, table, "") for each in (since, until, both)] == [NONE, NONE, NONE]
    assert [shown(each, table, serial("2026-01-01")) for each in (since, both)] == [175, 170]
    assert shown(until, table, serial("2026-01-31")) == 100
    sheets = [
        line("Jan 2026", JANUARY, 5, report="Balance Sheet"),
        line("Total", None, 6, report="Balance Sheet"),
    ]
    (balance,) = asked_of(sheets, {"to": CELL})
    assert shown(balance, [[*TITLES], *sheets], "") == NONE
    assert shown(balance, [[*TITLES], *sheets], serial("2026-01-31")) == 5


def test_a_printed_line_that_is_one_of_two_now_is_none() -> None:
    printed = {
        "report": "Profit and Loss",
        "lines": ["Insurance", "4000 Fuel"],
        "ids": [],
        "columns": ["Jan 2026", "Feb 2026"],
        "header": 2,
    }
    base = {"block": "CF_p", "column": "Jan 2026"}
    by_name, by_number, both = formulas(
        [
            {"printed": printed, "asked": base | each}
            for each in (
                {"by": "name", "value": "Insurance"},
                {"by": "number", "value": "4000"},
                {"by": "name", "value": "Insurance", "until": "Feb 2026"},
            )
        ]
    )
    table: Table = [
        ["Profit and Loss", "", ""],
        ["", "Jan 2026", "Feb 2026"],
        ["4000 Fuel", 10, 20],
        ["Insurance", 300, 310],
    ]
    asked = (by_name, by_number, both)
    assert [shown(each, table) for each in asked] == [300, 10, 610]
    table.insert(2, ["Insurance", 45, 50])
    assert [shown(each, table) for each in asked] == [NONE, 10, NONE]
    table.append(["4000 Oil", 1, 2])
    assert shown(by_number, table) == NONE


def test_an_id_is_that_of_an_account_of_one_company() -> None:
    """The same number means another account in the books of another one."""
    months = {"from": "2026-01-01", "to": "2026-03-31"}
    dated, whole, budget, elsewhere, other_basis = asked_of(
        MONTHS, months, {}, {"value": "99"} | months,
        {"company": "Nobody Inc"} | months, {"basis": "Cash"} | months,
    )  # fmt: skip
    asked = (dated, whole, budget, elsewhere, other_basis)
    table: Table = [[*TITLES], *MONTHS]
    assert [shown(each, table) for each in asked] == [175, 175, 0, NONE, NONE]
    hostile: Table = [[*TITLES], *([HOSTILE, *each[1:]] for each in MONTHS)]
    assert [shown(each, hostile) for each in asked] == [NONE] * 5
    assert [shown(each, [[*TITLES]]) for each in asked] == [NONE] * 5
    sheet = line("Total", None, 5, report="Balance Sheet", company=HOSTILE)
    (balance,) = asked_of([sheet], {"to": "2026-06-30"})
    assert shown(balance, [[*TITLES], sheet]) == 5
    assert shown(balance, [[*TITLES], ["Acme", *sheet[1:]]]) == NONE


def test_an_id_that_two_companies_have_is_of_the_one_that_was_chosen() -> None:
    both = [line("Total", None, each, report="Balance Sheet", company=company)
            for each, company in ((5, "Acme"), (6, "Birch"))]  # fmt: skip
    nobody, birch, alone = asked_of(
        both, {}, {"company": "Birch"}, {"value": "7", "company": "Birch"}
    )
    assert nobody is None
    assert [shown(each, [[*TITLES], *both]) for each in (birch, alone)] == [6, 0]
    only_birchs = line("Total", None, 7, report="Balance Sheet", company="Birch", id="30")
    (found,) = asked_of([*both, only_birchs], {"value": "30"})
    assert shown(found, [[*TITLES], *both, only_birchs]) == 7


def test_a_printed_id_is_that_of_an_account_of_one_company() -> None:
    printed = {
        "company": HOSTILE,
        "report": "Balance Sheet",
        "lines": ["Savings"],
        "ids": [["4", "Savings"]],
        "columns": ["Total"],
        "header": 5,
    }
    asked = {"block": "CF_p", "by": "id", "value": "4", "column": "Total"}
    by_id, untitled = formulas(
        [{"printed": each, "asked": asked} for each in (printed, printed | {"company": ""})]
    )
    about: Table = [[each, "", ""] for each in (HOSTILE, "Balance Sheet", "", "")]
    table: Table = [*about, ["", "Total", "Id"], ["Savings", 300, "4"]]
    assert shown(by_id, table) == 300
    assert shown(by_id, table[:5]) == 0
    assert shown(by_id, [["Acme", "", ""], *table[1:]]) == NONE
    assert untitled is None
