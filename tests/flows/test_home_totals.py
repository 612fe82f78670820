"""Totals in a company's own currency, where there are several and nobody asked for them."""

from __future__ import annotations

import gc
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.core.proof import Proof
from counterfoil.flows.entity_reading import EntityReading
from counterfoil.flows.limits import Limits
from tests.flows.export_fakes import ANA, CONNECTION, SHEET, FakeQuickBooks, World
from tests.flows.several_books import ACME, BIRCH, Several

HOME, HOME_LINES = "Total in home currency", "Lines in home currency"


def invoices(count: int = 3, **abroad: Any) -> list[dict[str, Any]]:
    """Of 10.05, 20.05, … each; every third one in euros, and with what is `abroad`."""
    found = []
    for id in range(1, count + 1):
        amount = Decimal(id * 10) + Decimal("0.05")
        line = {"Id": "1", "Amount": amount, "DetailType": "SalesItemLineDetail"}
        record = {"Id": str(id), "TxnDate": "2026-04-07", "TotalAmt": amount, "Line": [line]}
        is_abroad = id % 3 == 0
        currency = {"CurrencyRef": {"value": "EUR" if is_abroad else "USD"}}
        found.append(record | currency | (abroad if is_abroad else {}))
    return found


RATED = {"ExchangeRate": Decimal("1.5")}


def proof(
    records: list[dict[str, Any]], limits: Limits | None = None, dataset: str = "invoices",
    entity: str = "Invoice", **options: Any,
) -> Proof:  # fmt: skip
    world = World(FakeQuickBooks(records, entity), limits or Limits())
    step = world.exports.start(
        ANA,
        SHEET,
        connection_id=CONNECTION,
        dataset=catalog.entity(dataset),
        options=options,
        tab=None,
    )
    *_, last = world.steps(step)
    assert last.proof is not None
    return last.proof


def totals(*args: Any, **options: Any) -> list[tuple[str, str, str]]:
    told = proof(*args, **{"columns": ["total"]} | options).totals
    return [(each.title, each.currency, str(each.amount)) for each in told]


EACH = [("Total", "EUR", "30.05"), ("Total", "USD", "30.10")]


def test_they_are_worked_out_at_each_record_s_rate() -> None:
    assert totals(invoices(**RATED)) == [*EACH, (HOME, "USD", "75.18")]  # 30.10 + 45.08


def test_what_quickbooks_tells_goes_before_the_rate() -> None:
    told = RATED | {"HomeTotalAmt": Decimal("45.00")}
    assert totals(invoices(**told)) == [*EACH, (HOME, "USD", "75.10")]


def test_where_nobody_knows_what_one_comes_to_nothing_is_said() -> None:
    assert totals(invoices()) == EACH


def test_a_company_of_one_currency_has_none() -> None:
    assert totals(invoices(2)) == [("Total", "USD", "30.10")]


@pytest.mark.parametrize(
    "limits",
    [Limits(page=4), Limits(page=4, cells_per_step=9)],
    ids=["one step", "several"],
)
@pytest.mark.parametrize("options", [{}, {"sort": {"column": "total"}}], ids=["", "in an order"])
def test_they_are_the_same_over_pages_and_steps(limits: Limits, options: Any) -> None:
    records = [*invoices(2), *invoices(13, **RATED)[2:]]
    # 610.45 dollars; 30.05, 60.05, 90.05 and 120.05 euros at 1.5, each rounded: 450.32.
    assert totals(records, limits, **options)[2] == (HOME, "USD", "1060.77")


def test_only_what_matches_is_added() -> None:
    filters = [{"key": "total", "from": "15"}, {"key": "memo", "contains": "x"}]
    records = [{**it, "PrivateNote": "x"} for it in invoices(4, **RATED)]
    records[3]["PrivateNote"] = ""
    assert totals(records, filters=filters)[2] == (HOME, "USD", "75.18")
    assert totals(records[1:2], filters=filters) == [("Total", "USD", "20.05")]


def test_lines_have_theirs_too() -> None:
    found = totals(invoices(**RATED), rows="line", columns=["number", "line_amount"])
    assert found == [
        ("Lines", "EUR", "30.05"),
        ("Lines", "USD", "30.10"),
        (HOME_LINES, "USD", "75.18"),
    ]


def test_a_chosen_one_is_told_once() -> None:
    assert totals(invoices(**RATED), columns=["total", "home_total"]) == [
        *EACH,
        (HOME, "USD", "45.08"),  # the cells: those of dollars are blank, none has a rate
    ]


def test_a_chosen_one_of_lines_is_added_up() -> None:
    rated = [{**each, "ExchangeRate": Decimal(1)} | (RATED if at == 2 else {})
             for at, each in enumerate(invoices())]  # fmt: skip
    found = totals(rated, rows="line", columns=["number", "line_home_amount"])
    assert ("Line amount in home currency", "USD", "75.18") in found


def test_a_chosen_one_of_lines_goes_before_that_of_all_lines() -> None:
    found = totals(invoices(**RATED), rows="line", columns=["number", "line_home_amount"])
    assert HOME_LINES not in [title for title, _, _ in found]


def test_a_journal_comes_to_what_its_lines_debit() -> None:
    sides = [
        {"Id": str(at), "Amount": 10, "DetailType": "JournalEntryLineDetail",
         "JournalEntryLineDetail": {"PostingType": side}}
        for at, side in enumerate(("Debit", "Credit"))
    ]  # fmt: skip
    record = {"Id": "1", "Line": sides, "CurrencyRef": {"value": "EUR"}, **RATED}
    found = totals([record], None, "journal-entries", "JournalEntry")
    assert found == [("Total", "EUR", "10.00"), (HOME, "USD", "15.00")]


# Of several companies


def of_two(abroad: bool, **options: Any) -> tuple[list[list[Any]], list[tuple[str, str, str]]]:
    """Acme, in dollars, does not say so; Birch, in pounds, has an invoice in euros, or has not."""
    several = Several(acme=1, birch=2)
    if abroad:
        several.books.of[BIRCH].records[1] |= {"CurrencyRef": {"value": "EUR"}, "ExchangeRate": 2}
    step = several.exports.start(
        ANA,
        SHEET,
        connection_id=ACME,
        others=[BIRCH],
        dataset=catalog.entity("invoices"),
        options=options,
        tab=None,
    )
    grid, (*_, last) = several.whole(step)
    assert grid.block is not None
    assert last.proof is not None
    told = [(each.title, each.currency, str(each.amount)) for each in last.proof.totals]
    return grid.block[1:], told


def test_every_company_has_its_total_at_home_where_one_has_several_currencies() -> None:
    _, found = of_two(True, columns=["total"])
    assert found == [
        ("Total", "EUR", "2.10"),
        ("Total", "GBP", "1.10"),
        ("Total", "USD", "1.10"),
        (HOME, "GBP", "5.30"),
        (HOME, "USD", "1.10"),
    ]
    _, found = of_two(False, columns=["total"])
    assert found == [("Total", "GBP", "3.20"), ("Total", "USD", "1.10")]


@pytest.mark.parametrize(
    ("rate", "records", "at_home"),
    [
        ({"ExchangeRate": 2}, 2, [("Total in home currency", "USD", "10.60")]),
        ({}, 2, []),
        # A company without any comes to nothing, and that is known.
        ({"ExchangeRate": 2}, 0, [("Total in home currency", "USD", "5.30")]),
    ],
)
def test_of_two_with_one_home_currency_it_is_that_of_both_or_there_is_none(
    rate: dict[str, int], records: int, at_home: list[tuple[str, str, str]]
) -> None:
    several = Several(acme=2, birch=records)
    held = several.companies.held
    held[BIRCH] = replace(held[BIRCH], currency="USD")
    for id, its in ((ACME, rate), (BIRCH, {"ExchangeRate": 2})):
        for record in several.books.of[id].records[1:]:
            record |= {"CurrencyRef": {"value": "EUR"}, **its}
    step = several.exports.start(
        ANA,
        SHEET,
        connection_id=ACME,
        others=[BIRCH],
        dataset=catalog.entity("invoices"),
        options={"columns": ["total"]},
        tab=None,
    )
    _, (*_, last) = several.whole(step)
    assert last.proof is not None
    told = [(each.title, each.currency, str(each.amount)) for each in last.proof.totals]
    assert told[2:] == at_home
    assert [currency for _, currency, _ in told[:2]] == ["EUR", "USD"]


def test_no_cell_at_home_is_blank_in_a_table_of_several() -> None:
    rows, found = of_two(True, columns=["home_total"])
    assert [row[1:] for row in rows] == [
        ["Acme", "USD", 1.1],
        ["Birch", "GBP", 1.1],
        ["Birch", "EUR", 4.2],
    ]
    assert found == [(HOME, "GBP", "5.30"), (HOME, "USD", "1.10")]


def test_nor_is_one_of_a_line() -> None:
    line = {"Id": "1", "Amount": 3, "DetailType": "SalesItemLineDetail"}
    several = Several(acme=1, birch=2)
    for id in (ACME, BIRCH):
        for record in several.books.of[id].records:
            record["Line"] = [line]
    several.books.of[BIRCH].records[1] |= {"CurrencyRef": {"value": "EUR"}, "ExchangeRate": 2}
    step = several.exports.start(
        ANA,
        SHEET,
        connection_id=ACME,
        others=[BIRCH],
        dataset=catalog.entity("invoices"),
        options={"rows": "line", "columns": ["line_home_amount"]},
        tab=None,
    )
    grid, _ = several.whole(step)
    assert grid.block is not None
    assert [row[1:] for row in grid.block[1:]] == [
        ["Acme", "USD", 3],
        ["Birch", "GBP", 3],
        ["Birch", "EUR", 6],
    ]


def test_a_step_leaves_nothing_for_the_collector_which_rests_while_pages_are_read() -> None:
    def readings() -> int:
        return sum(isinstance(each, EntityReading) for each in gc.get_objects())

    gc.collect()
    before = readings()
    gc.disable()
    try:
        proof(invoices(**RATED))
        assert readings() == before
    finally:
        gc.enable()
