"""What a person finds in the tab "Counterfoil log" of runs of managed refresh."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from sandbox.google.a1 import Rect
from sandbox.google.attached import PROTECTION
from sandbox.google.server import GoogleSandbox
from sandbox.google.state import grid_state
from tests.flows.export_fakes import invoices
from tests.web.managed_office import ManagedOffice, counts, sheets


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleSandbox]:
    with sheets() as running:
        yield running


@pytest.fixture
def office(google: GoogleSandbox) -> ManagedOffice:
    return ManagedOffice(google)


def ran(office: ManagedOffice) -> None:
    office.later(minutes=15)
    assert counts(office.tick()) == (1, 0, 0)


def lines(office: ManagedOffice) -> list[list[str]]:
    """Below the heading."""
    return office.table("Counterfoil log")[1:]


def test_the_tab_begins_with_a_heading_in_bold_and_columns_wide_enough(
    office: ManagedOffice,
) -> None:
    office.managed()
    ran(office)
    tab = office.book.tab("Counterfoil log")
    assert tab is not None
    heading, line = office.table("Counterfoil log")
    assert heading == ["When", "Export", "What came of it", "Run"]
    assert len(line) == 4
    (told,) = (each for each in grid_state(office.book)["tabs"] if each["title"] == tab.title)
    assert told["frozen"] == 1
    assert told["bold"] == ["A1", "B1", "C1", "D1"]
    assert told["widths"] == {"A": 130, "B": 180, "C": 640, "D": 110}


def test_runs_that_change_nothing_leave_one_line_of_proof_a_day(office: ManagedOffice) -> None:
    office.quickbooks.records = invoices(3)
    office.managed()
    for _ in range(4):
        ran(office)
    (line,) = lines(office)
    assert line[:2] == ["2026-11-22 15:45", "Open"]
    assert line[2].startswith("3 rows, complete · 3 sent · 3 in the sheet · Total ")
    assert line[3].startswith("run ")
    office.later(hours=9)  # the next day in New York
    for _ in range(3):
        ran(office)
    _, second = lines(office)
    assert second[0] == "2026-11-23 01:45"
    assert second[2].endswith(" · Nothing changed.")


def test_a_run_that_changes_something_has_its_list_and_proof_and_no_line(
    office: ManagedOffice,
) -> None:
    office.quickbooks.records = invoices(3)
    office.managed()
    ran(office)
    office.quickbooks.records = invoices(4)
    for _ in range(3):
        ran(office)
    told = lines(office)
    assert [row[0] for row in told] == ["2026-11-22 15:45", "Invoices", "1 new", "New"]
    assert told[1][2].startswith("4 sent · 4 in the sheet · Total ")


def test_after_a_run_that_somebody_looked_at_or_one_that_failed_there_is_a_line(
    office: ManagedOffice,
) -> None:
    office.quickbooks.records = invoices(3)
    id = office.managed()
    ran(office)
    tab = office.book.tab("Invoices")
    assert tab is not None
    was = tab.value(1, 0)
    tab.write(1, 0, [["typed over"]])
    office.later(minutes=15)
    assert counts(office.tick()) == (0, 1, 0)
    tab.write(1, 0, [[was]])
    ran(office)
    what = [row[2][:16] for row in lines(office)]
    assert what == ["3 rows, complete", "Somebody changed", "3 rows, complete"]
    run = office.good(f"export/exporters/{id}/run")["run_id"]
    office.good("runs/acknowledge", run_id=run, applied=True)
    ran(office)
    assert len(lines(office)) == 4


def test_the_days_line_costs_three_reads_and_a_write_and_the_other_runs_nothing(
    office: ManagedOffice,
) -> None:
    office.quickbooks.records = invoices(3)
    office.managed()
    ran(office)
    made = []
    for hours in (0, 9, 0):
        office.later(hours=hours)
        before = Counter(office.google.sheets.calls)
        ran(office)
        calls = Counter(office.google.sheets.calls) - before
        made.append((calls.pop("spreadsheets.batchUpdate"), sum(calls.values())))
    quiet, told, after = made
    assert quiet == after
    assert (told[0] - quiet[0], told[1] - quiet[1]) == (1, 3)


def test_a_log_that_cannot_be_written_makes_no_run_fail(office: ManagedOffice) -> None:
    office.quickbooks.records = invoices(3)
    id = office.managed()
    log = office.book.add_tab("Counterfoil log")
    office.book.attached.add(PROTECTION, log, Rect(0, 0, 1000, 26))
    ran(office)
    assert (office.last(id)["verdict"], office.table(log.title)) == ("PASS", [])
