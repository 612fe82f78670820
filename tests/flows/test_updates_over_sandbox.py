"""Updates of a simulated company: one call where nothing changed, few where something did."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from counterfoil import catalog
from counterfoil.core.changes import WITHOUT_CDC
from counterfoil.core.datasets import Entity
from counterfoil.core.errors import BadRequest
from counterfoil.flows.updates import ALONE
from sandbox.google import pasting
from sandbox.google.a1 import Rect
from sandbox.google.server import GoogleSandbox
from sandbox.google.state import grid_state, workbook_of
from sandbox.intuit import acme
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.companies import demo_books
from sandbox.intuit.company import Company
from sandbox.intuit.server import IntuitSandbox
from tests.flows.export_fakes import ANA, CONNECTION, REALM, SHEET
from tests.flows.updating import Refreshed, noon, sheets

assert acme.REALM_ID == REALM


@pytest.fixture(scope="module")
def google() -> Iterator[tuple[GoogleSandbox, Any]]:
    with sheets() as opened:
        yield opened


@pytest.fixture
def company() -> Company:
    return acme.acme()


@pytest.fixture
def intuit(company: Company) -> Iterator[IntuitSandbox]:
    with IntuitSandbox(noon(), DemoBooks([company])) as running:
        yield running


COLUMNS = ["number", "date", "customer", "total", "balance"]


@pytest.fixture
def invoices(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> Refreshed:
    made = Refreshed(google, intuit, company, "invoices", mode="update", columns=COLUMNS)
    made.first()
    intuit.clock.advance(timedelta(minutes=5))
    return made


def test_an_update_of_what_nobody_changed_is_one_call(invoices: Refreshed) -> None:
    before = invoices.rows()
    with invoices.calls() as calls:
        step = invoices.refresh()
    assert [call.rpartition("/")[2] for call in calls] == ["cdc"]
    assert (invoices.rows(), invoices.seen, step.calls) == (before, {}, 1)
    assert step.proof is not None
    assert step.proof.verdict == "PASS"
    assert step.proof.why.startswith("QuickBooks has changed nothing here since ")
    assert invoices.tab("Counterfoil log") == []


def test_what_changed_is_asked_for_by_its_ids(invoices: Refreshed, company: Company) -> None:
    now = invoices.intuit.clock()
    before = invoices.rows()
    ids = [row["Id"] for row in company.store.all("Invoice") if not row.get("LinkedTxn")]
    changed, gone = ids[0], ids[1]
    company.update("Invoice", changed, now, DocNumber="A-1")
    company.delete("Invoice", gone, now)
    invoices.write_beside()
    with invoices.calls() as calls:
        invoices.refresh()
    # The changes, the rows, and the closing date.
    assert len(calls) == 3
    assert invoices.seen == {"changed": 1, "removed": 1}
    rows = invoices.rows()
    assert rows.keys() == before.keys() - {gone}
    assert rows[changed][1] == "A-1"
    assert {id: row for id, row in rows.items() if id != changed} == {
        id: row for id, row in before.items() if id not in (changed, gone)
    }
    assert invoices.beside() == {id: f"mine of {id}" for id in rows}
    assert invoices.tab("Invoices – gone")[1][-1] == f"mine of {gone}"
    log = invoices.tab("Counterfoil log")
    assert log[1] == ["1 changed, 1 removed"]
    assert log[2][:3] == ["changed", changed, "A-1"]
    assert log[3][:2] == ["removed", gone]


def test_a_rename_rewrites_the_cells_that_show_the_name(
    invoices: Refreshed, company: Company
) -> None:
    before = invoices.rows()
    customer = next(iter(company.store.all("Invoice")))["CustomerRef"]["value"]
    mine = {
        row["Id"] for row in company.store.all("Invoice") if row["CustomerRef"]["value"] == customer
    }
    company.update("Customer", customer, invoices.intuit.clock(), DisplayName="Renamed & Sons")
    invoices.refresh()
    rows = invoices.rows()
    assert {id for id, row in rows.items() if row[3] == "Renamed & Sons"} == mine
    assert invoices.seen == {"changed": len(mine)}
    assert rows.keys() == before.keys()


def test_a_voided_invoice_stays(invoices: Refreshed, company: Company) -> None:
    id = next(row["Id"] for row in company.store.all("Invoice") if not row.get("LinkedTxn"))
    company.void("Invoice", id, invoices.intuit.clock())
    invoices.refresh()
    assert invoices.seen == {"changed": 1}
    assert invoices.rows()[id][4] == 0


def test_a_table_that_was_deleted_is_made_anew(invoices: Refreshed) -> None:
    before = invoices.rows()
    tab, _ = invoices.place()
    invoices.book.delete_tab(tab)
    step = invoices.refresh()
    assert invoices.rows() == before
    assert step.proof is not None
    assert step.proof.why.endswith("The table was not there any more, so it was made anew.")
    with invoices.calls() as calls:
        invoices.refresh()
    assert len(calls) == 1


def kinds(calls: list[str]) -> list[str]:
    return [call.rpartition("/")[2] for call in calls]


def made(
    google: tuple[GoogleSandbox, Any],
    intuit: IntuitSandbox,
    company: Company,
    dataset: str = "invoices",
    **options: Any,
) -> Refreshed:
    refreshed = Refreshed(google, intuit, company, dataset, **{"mode": "update"} | options)
    refreshed.first()
    intuit.clock.advance(timedelta(minutes=5))
    return refreshed


def free(company: Company) -> list[dict[str, Any]]:
    """Invoices that nothing rests on."""
    return [row for row in company.store.all("Invoice") if not row.get("LinkedTxn")]


def test_an_invoice_that_matches_the_filters_no_more_has_left(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    big = [{"key": "total", "from": "100"}]
    table = made(google, intuit, company, columns=COLUMNS, filters=big)
    left, deleted = [row["Id"] for row in free(company) if row["Id"] in table.rows()][:2]
    company.void("Invoice", left, intuit.clock())
    company.delete("Invoice", deleted, intuit.clock())
    table.refresh()
    assert table.seen == {"removed": 1, "left": 1}
    assert not table.rows().keys() & {left, deleted}


def test_days_that_moved_let_rows_in_and_out(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    today = intuit.clock().astimezone(ZoneInfo(SHEET.zone)).date()
    first, later = free(company)[:2]
    for invoice, day in ((first, today), (later, today + timedelta(days=1))):
        company.update("Invoice", invoice["Id"], intuit.clock(), TxnDate=day.isoformat())
    intuit.clock.advance(timedelta(minutes=1))
    table = made(google, intuit, company, columns=COLUMNS, dates="today")
    assert table.rows().keys() >= {first["Id"]}
    assert later["Id"] not in table.rows()
    before = table.rows().keys()
    intuit.clock.advance(timedelta(days=1))
    with table.calls() as calls:
        table.refresh()
    # The changes, the day that came, the closing date.
    assert kinds(calls) == ["cdc", "query", "query"]
    assert later["Id"] in table.rows()
    assert not table.rows().keys() & before
    assert table.seen["left"] == len(before)


def test_rows_of_lines_come_and_go_with_their_transaction(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    table = made(google, intuit, company, rows="line")
    before = table.rows()
    several = next(row for row in free(company) if len(row["Line"]) > 2)
    gone = next(row for row in free(company) if row["Id"] != several["Id"])
    company.update("Invoice", several["Id"], intuit.clock(), Line=several["Line"][1:])
    company.delete("Invoice", gone["Id"], intuit.clock())
    table.refresh()
    again = made(google, intuit, company, rows="line")
    assert table.rows() == again.rows()
    assert {key for key in before.keys() - table.rows().keys() if key.startswith(gone["Id"] + "-")}


def test_a_day_after_the_last_full_reading_was_a_week_ago_everything_is_read(
    invoices: Refreshed, company: Company
) -> None:
    invoices.intuit.clock.advance(timedelta(days=6, hours=23))
    with invoices.calls() as calls:
        step = invoices.refresh()
    assert kinds(calls) == ["cdc"]
    (gone, *_) = free(company)
    invoices.intuit.clock.advance(timedelta(hours=1))
    company.delete("Invoice", gone["Id"], invoices.intuit.clock())
    with invoices.calls() as calls:
        step = invoices.refresh()
    assert kinds(calls) == ["cdc", "query", "query"]
    assert step.proof is not None
    assert step.proof.why.endswith("Everything is read once in 7 days.")
    # What was deleted is told apart here too.
    assert invoices.seen == {"removed": 1}
    invoices.intuit.clock.advance(timedelta(days=6))
    with invoices.calls() as calls:
        invoices.refresh()
    assert kinds(calls) == ["cdc"]


def test_after_thirty_days_everything_is_read(invoices: Refreshed) -> None:
    invoices.intuit.clock.advance(timedelta(days=30))
    with invoices.calls() as calls:
        step = invoices.refresh()
    assert kinds(calls) == ["query", "query"]
    assert step.proof is not None
    assert "30 days" in step.proof.why


def test_more_changes_than_quickbooks_tells_at_once_are_read_whole(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    table = made(google, intuit, company, columns=["number"])
    row = free(company)[0]
    for number in range(1_000):
        new = {**row, "Id": f"9{number:05}", "DocNumber": f"N{number}"}
        company.store.add("Invoice", new)
    now = intuit.clock()
    for number in range(1_000):
        company.store.get("Invoice", f"9{number:05}")["MetaData"] = {
            "CreateTime": now.isoformat(), "LastUpdatedTime": now.isoformat()
        }  # fmt: skip
    intuit.clock.advance(timedelta(minutes=1))
    step = table.refresh()
    assert table.seen["new"] == 1_000
    assert step.proof is not None
    assert step.proof.why.endswith("More changed than QuickBooks tells at once.")


def test_what_has_no_list_of_changes_is_read_whole(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    table = made(google, intuit, company, "time-activities")
    step = table.refresh()
    assert step.proof is not None
    assert step.proof.why.endswith("QuickBooks keeps no list of changes of these.")
    assert table.seen == {}


def test_a_table_that_was_put_back_to_an_earlier_run_is_asked_about_from_there(
    invoices: Refreshed, company: Company
) -> None:
    now, rows = invoices.intuit.clock(), free(company)
    before = grid_state(invoices.book)
    company.update("Invoice", rows[0]["Id"], now, DocNumber="A-1")
    invoices.refresh()
    put_back = workbook_of(before, id=invoices.book.id)
    invoices.adopt(put_back)
    invoices.intuit.clock.advance(timedelta(minutes=5))
    with invoices.calls() as calls:
        invoices.refresh()
    assert kinds(calls)[0] == "cdc"
    assert invoices.rows()[rows[0]["Id"]][1] == "A-1"


def test_a_pause_in_between_asks_for_the_table_again(invoices: Refreshed, company: Company) -> None:
    company.update("Invoice", free(company)[0]["Id"], invoices.intuit.clock(), DocNumber="A-1")
    invoices.intuit.inject("throttle", realm_id=REALM, after=1, times=1)
    step = invoices.begin()
    assert step.cursor is not None
    assert step.wait_s == 60
    invoices.run(step)
    assert invoices.seen == {"changed": 1}


def test_only_new_rows_are_added_and_the_others_stay_as_they_are(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    table = made(google, intuit, company, columns=COLUMNS, mode="add")
    before, now, rows = table.rows(), intuit.clock(), free(company)
    company.update("Invoice", rows[0]["Id"], now, DocNumber="A-1")
    company.delete("Invoice", rows[1]["Id"], now)
    meta = {"CreateTime": now.isoformat(), "LastUpdatedTime": now.isoformat()}
    company.add("Invoice", {**rows[2], "Id": "99999", "DocNumber": "NEW", "MetaData": meta})
    table.refresh()
    added = table.rows()
    assert table.seen == {"new": 1}
    assert added.pop("99999")[1] == "NEW"
    assert added == before
    # Reading everything adds what escaped, and changes nothing else.
    intuit.clock.advance(timedelta(days=8))
    step = table.refresh()
    assert step.proof is not None
    assert (step.proof.rows, table.seen) == (None, {})
    assert table.rows() == {**before, "99999": table.rows()["99999"]}


@pytest.mark.parametrize(("departed", "stays"), [("keep", 1), ("mark", 2)])
def test_rows_that_are_no_more_can_stay_with_a_mark(
    google: tuple[GoogleSandbox, Any],
    intuit: IntuitSandbox,
    company: Company,
    departed: str,
    stays: int,
) -> None:
    table = made(google, intuit, company, columns=COLUMNS, departed=departed)
    first, second = [row["Id"] for row in free(company)][:2]
    table.write_beside(only=first)
    for id in (first, second):
        company.delete("Invoice", id, intuit.clock())
    table.refresh()
    marks = {id: row[-1] for id, row in table.rows().items() if row[-1]}
    day = f"{intuit.clock():%Y-%m-%d}"
    assert marks == dict.fromkeys([first, second][:stays], day)
    assert table.seen.get("marked") == stays
    intuit.clock.advance(timedelta(minutes=5))
    with table.calls() as calls:
        table.refresh()
    assert kinds(calls) == ["cdc"]
    assert {id: row[-1] for id, row in table.rows().items() if row[-1]} == marks


def test_a_name_above_others_renames_all_below_it(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    table = made(google, intuit, company, "purchases", rows="line")
    shown = next(row for row in table.rows().values() if ":" in str(row))
    name = next(cell for cell in shown if ":" in str(cell)).partition(":")[0]
    above = next(it for it in company.store.all("Account") if it["FullyQualifiedName"] == name)
    company.update("Account", above["Id"], intuit.clock(), Name="Motoring")
    table.refresh()
    assert table.rows() == made(google, intuit, company, "purchases", rows="line").rows()
    assert any("Motoring:" in str(row) for row in table.rows().values())


def test_rows_in_closed_books_are_counted(invoices: Refreshed, company: Company) -> None:
    (preferences,) = company.store.all("Preferences")
    preferences["AccountingInfoPrefs"]["BookCloseDate"] = "2025-12-31"
    now = invoices.intuit.clock()
    old = next(row["Id"] for row in free(company) if row["TxnDate"] <= "2025-12-31")
    new = next(row["Id"] for row in free(company) if row["TxnDate"] > "2025-12-31")
    for id in (old, new):
        company.update("Invoice", id, now, DocNumber=f"A-{id}")
    invoices.refresh()
    assert invoices.seen == {"changed": 2, "closed": 1}


def test_columns_of_ids_are_there_and_hidden(invoices: Refreshed) -> None:
    tab, rect = invoices.place()
    titles = tab.values(Rect(rect.row, rect.column, 1, rect.columns))[0]
    assert titles == ["Id", "Invoice number", "Date", "Customer", "Total", "Open balance",
                      "Customer Id"]  # fmt: skip
    assert grid_state(invoices.book)["tabs"][-1]["hidden_columns"] == ["G"]


def test_an_update_is_not_laid_over_the_rows_of_another_company(invoices: Refreshed) -> None:
    for document in (invoices.world.records.get("runs", id) for id in invoices.run_ids):
        assert document is not None
        assert document.data["companies"] == [CONNECTION]
        invoices.world.records.replace(document, {**document.data, "companies": ["con_other123"]})
    with invoices.calls() as calls, pytest.raises(BadRequest, match="rows of another company"):
        invoices.refresh()
    assert calls == []


@pytest.fixture(scope="module")
def demo() -> Iterator[IntuitSandbox]:
    with IntuitSandbox(noon(), demo_books()) as running:
        yield running


BY_RECORD = [(entity, dict[str, str]()) for entity in catalog.ENTITIES]
BY_LINE = [(it, {"rows": "line", "headers": "once"}) for it in catalog.ENTITIES if it.lines]


@pytest.mark.parametrize(
    ("entity", "options"),
    BY_RECORD + BY_LINE,
    ids=[f"{entity.key} {options.get('rows', '')}" for entity, options in BY_RECORD + BY_LINE],
)
def test_every_entity_that_nobody_changed_stays_as_it_is(
    google: tuple[GoogleSandbox, Any],
    demo: IntuitSandbox,
    entity: Entity,
    options: dict[str, str],
) -> None:
    company = demo.books.company(REALM)  # type: ignore[attr-defined]
    table = made(google, demo, company, entity.key, **options)
    before = table.rows()
    with table.calls() as calls:
        step = table.refresh()
    assert (table.rows(), table.seen) == (before, {})
    assert step.proof is not None
    if "list of changes" in step.proof.why:
        assert entity.entity in WITHOUT_CDC | ALONE
    else:
        assert kinds(calls) == ["cdc"]


@pytest.mark.parametrize("days", [0, 8], ids=["of changes", "of everything"])
def test_lines_of_a_deleted_transaction_are_all_deleted(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company, days: int
) -> None:
    """Also where what the transaction has once stands beside its first line alone."""
    table = made(google, intuit, company, rows="line", headers="once")
    several = next(row for row in free(company) if len(row["Line"]) > 3)
    mine = [key for key in table.rows() if key.startswith(f"{several['Id']}-")]
    company.delete("Invoice", several["Id"], intuit.clock())
    intuit.clock.advance(timedelta(days=days, minutes=1))
    table.refresh()
    assert len(mine) > 2
    assert table.seen == {"removed": len(mine)}


def test_a_run_that_died_in_the_middle_is_repaired_by_reading_everything(
    invoices: Refreshed, company: Company
) -> None:
    changed, gone = [row["Id"] for row in free(company)][:2]
    company.update("Invoice", changed, invoices.intuit.clock(), DocNumber="A-1")
    company.delete("Invoice", gone, invoices.intuit.clock())
    invoices.write_beside()
    step = invoices.begin()
    operations = json.loads(step.json())["operations"]
    written = next(i for i, op in enumerate(operations) if op["op"] == "commit")
    assert invoices.writer.apply(step.block, operations[: written + 1])["applied"]
    invoices.world.exports.acknowledge(ANA, SHEET, step.run_id, applied=False, code="killed")
    invoices.intuit.clock.advance(timedelta(minutes=5))
    again = invoices.refresh()
    assert again.proof is not None
    assert "did not end" in again.proof.why
    rows = invoices.rows()
    assert (rows[changed][1], gone in rows) == ("A-1", False)
    assert invoices.beside() == {id: f"mine of {id}" for id in rows}


def test_a_sorted_table_keeps_its_order(invoices: Refreshed, company: Company) -> None:
    tab, rect = invoices.place()
    data = Rect(rect.row + 1, 0, rect.rows - 1, tab.column_count)
    with invoices.book.editing():
        pasting.sort(tab, data, [pasting.Order(5, descending=True)])
    order = [str(tab.value(row, 0)) for row in range(rect.row + 1, rect.end_row)]
    changed = free(company)[0]["Id"]
    company.update("Invoice", changed, invoices.intuit.clock(), DocNumber="A-1")
    with invoices.calls() as calls:
        invoices.refresh()
    assert kinds(calls)[0] == "cdc"
    assert invoices.seen == {"changed": 1}
    assert [str(tab.value(row, 0)) for row in range(rect.row + 1, rect.end_row)] == order
    assert invoices.rows()[changed][1] == "A-1"


def test_a_column_that_somebody_put_in_is_found_by_reading_everything_once(
    invoices: Refreshed,
) -> None:
    before = invoices.rows()
    tab, rect = invoices.place()
    tab.insert_columns(rect.column + 1, 1)
    tab.write(rect.row + 1, rect.column + 1, [["mine"]])
    step = invoices.refresh()
    assert step.proof is not None
    assert step.proof.why.endswith("Columns by which rows are known have changed in the table.")
    assert invoices.seen == {}
    now = invoices.rows()
    assert {id: (row[0], *row[2:]) for id, row in now.items()} == before
    assert [row[1] for row in now.values() if row[1]] == ["mine"]
    invoices.intuit.clock.advance(timedelta(minutes=5))
    with invoices.calls() as calls:
        invoices.refresh()
    assert kinds(calls) == ["cdc"]


def test_what_no_spreadsheet_tells_is_refused_before_anything_is_asked(
    invoices: Refreshed,
) -> None:
    for block in ({"there": True, "run": 7}, {"there": True, "columns": [[None]]}):
        with invoices.calls() as calls, pytest.raises(BadRequest, match="not understood"):
            invoices.world.exports.again(ANA, SHEET, invoices.exporter, block=block)
        assert calls == []


def bills(table: Refreshed) -> Refreshed:
    """Another update of the same spreadsheet."""
    other = table.beside_it("bills", mode="update")
    other.first()
    table.intuit.clock.advance(timedelta(minutes=5))
    return other


def test_updates_that_one_press_runs_share_a_call(invoices: Refreshed) -> None:
    other = bills(invoices)
    with invoices.calls() as calls:
        first = invoices.refresh(together=[other.exporter, "exp_not-there-1"])
        step = other.refresh(together=[], after=first.run_id)
    assert kinds(calls) == ["cdc"]
    assert step.proof is not None
    assert (step.calls, other.seen) == (0, {})
    assert ", as it told at " in step.proof.why
    # By itself each asks for itself.
    with invoices.calls() as calls:
        other.refresh()
    assert kinds(calls) == ["cdc"]


def test_what_changed_after_the_shared_call_is_found_by_the_next_run(
    invoices: Refreshed, company: Company
) -> None:
    other = bills(invoices)
    first = invoices.refresh(together=[other.exporter])
    bill = next(row["Id"] for row in company.store.all("Bill"))
    invoices.intuit.clock.advance(timedelta(minutes=1))
    company.update("Bill", bill, invoices.intuit.clock(), DocNumber="A-1")
    step = other.refresh(after=first.run_id)
    assert (step.calls, other.seen) == (0, {})
    other.refresh()
    assert other.seen == {"changed": 1}
    assert "A-1" in other.rows()[bill]


def test_what_the_shared_call_told_of_is_asked_for(invoices: Refreshed, company: Company) -> None:
    other = bills(invoices)
    bill = next(row["Id"] for row in company.store.all("Bill"))
    company.update("Bill", bill, invoices.intuit.clock(), DocNumber="A-1")
    with invoices.calls() as calls:
        first = invoices.refresh(together=[other.exporter])
        other.refresh(after=first.run_id)
    # One for both, one for the bills, their rows and the closing date.
    assert kinds(calls) == ["cdc", "cdc", "query", "query"]
    assert other.seen == {"changed": 1}


def test_an_older_watermark_beside_it_makes_no_row_be_read_again(
    invoices: Refreshed, company: Company
) -> None:
    other = bills(invoices)
    changed = free(company)[0]["Id"]
    company.update("Invoice", changed, invoices.intuit.clock(), DocNumber="A-1")
    invoices.intuit.clock.advance(timedelta(minutes=1))
    invoices.refresh()
    assert invoices.seen == {"changed": 1}
    invoices.intuit.clock.advance(timedelta(minutes=1))
    with invoices.calls() as calls:
        invoices.refresh(together=[other.exporter])
    assert kinds(calls) == ["cdc"]


def test_a_call_of_another_press_is_not_used(invoices: Refreshed) -> None:
    other = bills(invoices)
    first = invoices.refresh(together=[other.exporter])
    invoices.intuit.clock.advance(timedelta(minutes=15))
    with invoices.calls() as calls:
        other.refresh(after=first.run_id)
        other.refresh(after="run_of-nobody-here")
    assert kinds(calls) == ["cdc", "cdc"]


def test_a_table_without_rows_gets_its_first_and_loses_it_again(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    memo = [{"key": "memo", "contains": "only this"}]
    table = made(google, intuit, company, columns=COLUMNS, filters=memo)
    assert table.rows() == {}
    with table.calls() as calls:
        table.refresh()
    assert kinds(calls) == ["cdc"]
    id = free(company)[0]["Id"]
    company.update("Invoice", id, intuit.clock(), PrivateNote="Only this one")
    table.refresh()
    assert (list(table.rows()), table.seen) == ([id], {"new": 1})
    company.update("Invoice", id, intuit.clock(), PrivateNote="Another")
    table.refresh()
    assert (table.rows(), table.seen) == ({}, {"left": 1})


def test_an_invoice_that_only_the_next_day_makes_overdue_comes_in(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> None:
    today = intuit.clock().astimezone(ZoneInfo(SHEET.zone)).date().isoformat()
    id = next(row["Id"] for row in free(company) if row["Balance"] > 0)
    company.update("Invoice", id, intuit.clock(), DueDate=today)
    overdue = [{"key": "status", "is": "overdue"}]
    table = made(google, intuit, company, columns=COLUMNS, filters=overdue)
    assert id not in table.rows()
    intuit.clock.advance(timedelta(days=1))
    step = table.refresh()
    assert step.proof is not None
    assert "what day it is, changed" in step.proof.why
    assert id in table.rows()
