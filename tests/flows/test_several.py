"""One table of several companies: each is read whole, or nothing is written and its name is said."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.core.errors import (
    BadRequest,
    ExportTooLarge,
    Forbidden,
    IncompleteRead,
    NotFound,
    QuickBooksBusy,
    ReconnectRequired,
)
from counterfoil.core.people import Role
from counterfoil.flows.asking import Asked
from counterfoil.flows.saved import SavedExports
from tests.flows.export_fakes import (
    ANA,
    BEN,
    INVOICES,
    SHEET,
    Grid,
    encoded,
    nothing_asked,
)
from tests.flows.several_books import (
    ACME,
    ALL,
    BIRCH,
    CEDAR,
    COLUMNS,
    FIRST_CELL,
    REALMS,
    SMALL,
    Several,
)


def test_rows_of_all_companies_stand_in_one_table_with_company_and_currency() -> None:
    several = Several(acme=2, birch=1, cedar=1)
    grid, steps = several.whole(several.start())
    assert grid.block == [
        ["Id", "QuickBooks company", "Currency", "Invoice number", "Total"],
        ["1", "Acme", "USD", "00001", 1.1],
        ["2", "Acme", "USD", "00002", 2.1],
        ["1", "Birch", "GBP", "00001", 1.1],
        ["1", "Cedar", "JPY", "00001", 1.1],
    ]
    assert len(steps) == 1
    assert steps[0].calls == 3
    proof = steps[0].proof
    assert proof is not None
    shown = proof.as_json()
    assert shown["why"] == (
        "Acme: QuickBooks sent all its 2 rows in one page. "
        "Birch: QuickBooks sent all its 1 row in one page. "
        "Cedar: QuickBooks sent all its 1 row in one page."
    )
    assert (shown["sent"], shown["counted"], shown["distinct"], shown["rows"]) == (4, None, 4, 4)
    assert [(each["name"], each["rows"]) for each in shown["companies"]] == [
        ("Acme", 2),
        ("Birch", 1),
        ("Cedar", 1),
    ]
    assert shown["totals"] == [
        {"title": "Total", "currency": "GBP", "amount": "1.10"},
        {"title": "Total", "currency": "JPY", "amount": "1.1"},
        {"title": "Total", "currency": "USD", "amount": "3.20"},
    ]
    (note,) = (each for each in steps[0].operations if each.name == "note")
    assert note.fields["text"].startswith("Invoices, Acme, Birch, Cedar\n")


def test_a_long_table_goes_on_where_it_was_in_whichever_company() -> None:
    several = Several(acme=35, birch=3, cedar=45)
    grid, steps = several.whole(several.start())
    assert len(steps) > 3
    assert grid.block is not None
    names = [row[1] for row in grid.block[1:]]
    assert [names.count(name) for name in ("Acme", "Birch", "Cedar")] == [35, 3, 45]
    assert names == sorted(names)
    proof = steps[-1].proof
    assert proof is not None
    assert (proof.sent, proof.rows) == (83, 83)
    assert [each.counted for _, each in proof.companies] == [35, None, 45]


def test_an_edit_in_one_company_reads_only_that_one_again() -> None:
    several = Several(acme=5, birch=25)
    birch = several.books.of[BIRCH]

    def behave(call: str, number: int) -> None:
        if call.startswith("CDC") and not birch.changed:
            birch.records[0] = {**birch.records[0], "TotalAmt": Decimal("900")}
            birch.changed = [birch.records[0]]

    birch.behave = behave
    grid, steps = several.whole(several.start(ACME, BIRCH))
    assert grid.block is not None
    assert [row[4] for row in grid.block[5:8]] == [5.1, 900, 2.1]
    assert len(grid.block) == 31
    assert len(several.books.of[ACME].asked) == 1
    proof = steps[-1].proof
    assert proof is not None
    assert [each.edited for _, each in proof.companies] == [0, 1]


def test_a_company_that_cannot_be_read_stops_the_run_and_is_named() -> None:
    several = Several(acme=2, birch=1, cedar=1)

    def behave(call: str, number: int) -> None:
        raise ReconnectRequired("QuickBooks no longer accepts our key. Please reconnect.")

    several.books.of[BIRCH].behave = behave
    with pytest.raises(ReconnectRequired) as raised:
        several.start()
    assert raised.value.message == (
        "Birch: QuickBooks no longer accepts our key. Please reconnect."
    )
    assert raised.value.details["connection_id"] == BIRCH
    assert raised.value.details["ended"] is True
    assert several.books.of[CEDAR].asked == []


def test_one_that_does_not_send_all_it_counts_stops_the_run() -> None:
    several = Several(acme=2, birch=25)
    birch = several.books.of[BIRCH]
    birch.behave = lambda call, number: encoded({"totalCount": 26}) if "COUNT(*)" in call else None
    with pytest.raises(IncompleteRead, match=r"^Birch: "):
        several.whole(several.start(ACME, BIRCH))


def test_each_company_has_its_own_limits_and_all_calls_are_counted() -> None:
    several = Several(paced=True, acme=2, birch=1, cedar=1)
    several.whole(several.start())
    assert [id for id, _ in several.books.meters] == ALL
    budgets = several.world.budgets
    assert [budgets.calls_of(REALMS[id]) for id in ALL] == [1, 1, 1]
    assert budgets.calls_of_all() == 3


def test_a_company_that_must_pause_waits_and_what_was_read_before_stays() -> None:
    several = Several(paced=True, acme=2, birch=1)
    several.world.budgets.pace(REALMS[BIRCH]).pause(60)
    first = several.start(ACME, BIRCH)
    assert first.cursor is not None
    assert first.wait_s >= 59
    assert first.rows == 2
    grid = Grid()
    grid.apply(first)
    several.world.time.seconds += first.wait_s + 1
    for step in several.world.steps(several.exports.resume(ANA, SHEET, first.cursor)):
        grid.apply(step)
    assert grid.block is not None
    assert [row[1] for row in grid.block[1:]] == ["Acme", "Acme", "Birch"]
    assert len(several.books.of[ACME].asked) == 1


def test_a_busy_company_gives_up_with_its_name() -> None:
    several = Several(acme=1, birch=1)

    def behave(call: str, number: int) -> None:
        raise QuickBooksBusy("QuickBooks does not answer just now.", wait_s=1)

    several.books.of[BIRCH].behave = behave
    with pytest.raises(QuickBooksBusy, match=r"^Birch: QuickBooks does not answer"):
        several.whole(several.start(ACME, BIRCH))


def test_the_first_rows_are_those_of_all_companies() -> None:
    several = Several(acme=25, birch=30, cedar=3)
    grid, steps = several.whole(
        several.start(sort={"column": "total", "descending": True}, first=7)
    )
    assert grid.block is not None
    assert [(row[1], row[4]) for row in grid.block[1:]] == [
        ("Birch", 30.1),
        ("Birch", 29.1),
        ("Birch", 28.1),
        ("Birch", 27.1),
        ("Birch", 26.1),
        ("Acme", 25.1),
        ("Birch", 25.1),
    ]
    proof = steps[-1].proof
    assert proof is not None
    assert proof.first == "First 7 of 58 rows by Total, largest first"


def test_too_many_rows_to_be_put_in_order_are_so_over_all_companies() -> None:
    several = Several(replace(SMALL, cells_in_order=200), acme=25, birch=25)
    several.whole(several.start(ACME, sort={"column": "total"}))
    with pytest.raises(ExportTooLarge, match=r"^Birch: Invoices would be 50 rows"):
        several.whole(several.start(ACME, BIRCH, sort={"column": "total"}))


def test_lines_name_their_company_even_where_headers_stand_once() -> None:
    several = Several(acme=1, birch=1)
    for id in (ACME, BIRCH):
        several.books.of[id].records[0]["Line"] = [
            {"Id": str(n), "Amount": n, "DetailType": "SalesItemLineDetail"} for n in (1, 2)
        ]
    grid, _ = several.whole(
        several.start(ACME, BIRCH, rows="line", headers="once", columns=["line_amount"])
    )
    assert grid.block is not None
    assert [row[:2] for row in grid.block[1:]] == [
        ["1-1", "Acme"],
        ["1-2", "Acme"],
        ["1-1", "Birch"],
        ["1-2", "Birch"],
    ]


def test_two_companies_of_one_name_are_told_apart() -> None:
    several = Several(acme=1, birch=1)
    held = several.companies.held
    held[BIRCH] = replace(held[BIRCH], name="Acme")
    grid, _ = several.whole(several.start(ACME, BIRCH))
    assert grid.block is not None
    assert [row[1] for row in grid.block[1:]] == ["Acme (…0001)", "Acme (…0002)"]


def test_a_company_without_rows_is_in_the_proof_and_has_none() -> None:
    several = Several(acme=1)
    grid, steps = several.whole(several.start(ACME, BIRCH))
    assert grid.block is not None
    assert [row[1] for row in grid.block[1:]] == ["Acme"]
    proof = steps[-1].proof
    assert proof is not None
    assert [(name, each.rows) for name, each in proof.companies] == [("Acme", 1), ("Birch", 0)]


def test_lists_without_a_currency_get_that_of_their_company() -> None:
    several = Several(acme=1, birch=1)
    for id in (ACME, BIRCH):
        several.books.of[id].entity = "Item"
        several.books.of[id].records = [{"Id": "1", "Name": "Rock", "UnitPrice": 5}]
    step = several.exports.start(
        ANA,
        SHEET,
        connection_id=ACME,
        others=[BIRCH],
        dataset=catalog.entity("items"),
        options={"columns": ["name", "price"]},
        tab=None,
    )
    grid, _ = several.whole(step)
    assert grid.block is not None
    assert grid.block[0][:3] == ["Id", "QuickBooks company", "Currency"]
    assert [row[1:] for row in grid.block[1:]] == [
        ["Acme", "USD", "Rock", 5],
        ["Birch", "GBP", "Rock", 5],
    ]


def test_each_company_has_its_own_fiscal_year() -> None:
    several = Several(acme=1, birch=1)
    _, steps = several.whole(several.start(ACME, BIRCH, dates="this_fiscal_year"))
    assert "'2026-01-01'" in several.books.of[ACME].asked[0]
    assert "'2026-04-01'" in several.books.of[BIRCH].asked[0]
    (note,) = (each for each in steps[-1].operations if each.name == "note")
    assert "\nThis fiscal year\n" in note.fields["text"]


def test_a_preview_shows_each_company_and_an_estimate_counts_all() -> None:
    several = Several(acme=25, birch=3)
    asked = Asked((ACME, BIRCH), INVOICES, {"columns": COLUMNS})
    preview = several.exports.preview(ANA, SHEET, asked)
    assert preview.columns == ["Id", "QuickBooks company", "Currency", "Invoice number", "Total"]
    assert [row[1] for row in preview.rows] == ["Acme"] * 10 + ["Birch"] * 3
    assert (preview.more, preview.note) == (True, "The first 10 of each company.")
    assert len(several.books.asked) == 2
    assert several.exports.estimate(ANA, SHEET, asked).as_json() == {
        "rows": 28,
        "columns": 5,
        "cells": 145,
        "calls": 6,
    }


def test_a_preview_in_an_order_sorts_the_rows_of_all() -> None:
    several = Several(acme=3, birch=3)
    preview = several.exports.preview(
        ANA,
        SHEET,
        Asked(
            (ACME, BIRCH),
            INVOICES,
            {"columns": COLUMNS, "sort": {"column": "total", "descending": True}, "first": 4},
        ),
    )
    assert [row[1] for row in preview.rows] == ["Acme", "Birch", "Acme", "Birch"]
    assert preview.note == ""


def test_membership_is_needed_in_each() -> None:
    several = Several(acme=1, birch=1)
    del several.companies.roles[ANA.sub][BIRCH]
    with nothing_asked(several.world), pytest.raises(NotFound):
        several.start(ACME, BIRCH)


def test_a_member_who_left_one_of_them_meanwhile_ends_with_the_step() -> None:
    several = Several(acme=35, birch=35)
    first = several.start(ACME, BIRCH)
    assert first.cursor is not None
    del several.companies.roles[ANA.sub][BIRCH]
    with pytest.raises(NotFound):
        several.exports.resume(ANA, SHEET, first.cursor)


@pytest.mark.parametrize(
    ("ids", "options", "why"),
    [
        ([ACME, ACME], {}, "chosen twice"),
        ([f"con_{n}" for n in range(21)], {}, "up to 20 companies"),
    ],
    ids=["twice", "too many"],
)
def test_what_several_companies_cannot_be_is_refused(
    ids: list[str], options: dict[str, Any], why: str
) -> None:
    several = Several(acme=1, birch=1)
    with nothing_asked(several.world), pytest.raises(BadRequest, match=why):
        several.start(*ids, **options)


def test_a_report_reads_one_company_unless_a_cell_chooses() -> None:
    several = Several()
    report = catalog.report("balance-sheet")
    asked: dict[str, Any] = {"connection_id": ACME, "others": [BIRCH], "dataset": report}
    with nothing_asked(several.world), pytest.raises(BadRequest, match="A report reads one"):
        several.exports.start(ANA, SHEET, **asked, options={"dates": "last_month"}, tab=None)
    options = {"dates": "last_month", "cells": {"company": FIRST_CELL}}
    several.books.of[BIRCH].reports = {"BalanceSheet": b"{}"}
    with pytest.raises(IncompleteRead):  # an answer that is none, of the company in the cell
        several.whole(
            several.exports.start(
                ANA, SHEET, **asked, options=options, tab=None, cells={FIRST_CELL: "Birch"}
            )
        )
    assert (several.books.of[ACME].asked, several.books.of[BIRCH].asked != []) == ([], True)


def test_a_saved_export_of_several_needs_an_editor_of_each() -> None:
    several = Several(acme=1, birch=1)
    saved = SavedExports(
        several.world.records, several.exports.sealer, several.world.time.now, several.companies
    )
    asked: dict[str, Any] = {"dataset": INVOICES, "options": {"columns": COLUMNS}, "tab": None}
    made = saved.create(ANA, SHEET, connection_ids=[ACME, BIRCH], name="Both", **asked)
    grid, _ = several.whole(several.exports.again(ANA, SHEET, made.id))
    assert grid.block is not None
    assert len(grid.block) == 3
    several.companies.roles[BEN.sub] = {ACME: Role.EDITOR, BIRCH: Role.REFRESHER}
    with pytest.raises(Forbidden):
        saved.create(BEN, SHEET, connection_ids=[ACME, BIRCH], name="Both", **asked)


def test_a_custom_field_that_two_companies_call_otherwise_has_both_names() -> None:
    """The number of a definition is its company's own."""
    several = Several(acme=2, birch=2)
    for id, name in ((ACME, "Crew #"), (BIRCH, "PO number")):
        for row in several.books.of[id].records:
            row["CustomField"] = [{"DefinitionId": "1", "Name": name, "StringValue": "7"}]
    grid, _ = several.whole(several.start(ACME, BIRCH, columns=["custom_1"]))
    assert grid.block is not None
    assert grid.block[0][-1] == "Crew # / PO number"
    # Where the titles are written before the second company is read, neither is said.
    long = Several(acme=35, birch=35)
    for row in long.books.of[ACME].records:
        row["CustomField"] = [{"DefinitionId": "1", "Name": "Crew #", "StringValue": "7"}]
    grid, steps = long.whole(long.start(ACME, BIRCH, columns=["custom_1"]))
    assert len(steps) > 1
    assert grid.block is not None
    assert grid.block[0][-1] == "Custom field 1"
