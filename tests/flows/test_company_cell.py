"""A cell that chooses among the companies of an export."""

from __future__ import annotations

from dataclasses import replace

import pytest

from counterfoil.core.errors import (
    BadRequest,
    CellsNeeded,
)
from counterfoil.flows.steps import Step
from tests.flows.export_fakes import (
    ANA,
    INVOICES,
    SHEET,
    nothing_asked,
)
from tests.flows.several_books import (
    ACME,
    ALL,
    BIRCH,
    COLUMNS,
    FIRST_CELL,
    REALMS,
    Several,
)


def by_cell(several: Several, text: str | None) -> Step:
    first, *others = ALL
    return several.exports.start(
        ANA,
        SHEET,
        connection_id=first,
        others=others,
        dataset=INVOICES,
        options={"columns": COLUMNS, "cells": {"company": FIRST_CELL}},
        tab=None,
        cells={FIRST_CELL: text},
    )


@pytest.mark.parametrize("text", ["birch", " Birch ", REALMS[BIRCH]])
def test_a_cell_chooses_among_the_companies_of_the_export(text: str) -> None:
    several = Several(acme=2, birch=1)
    step = by_cell(several, text)
    grid, _ = several.whole(step)
    assert grid.block == [["Id", "Invoice number", "Total"], ["1", "00001", 1.1]]
    assert several.books.of[ACME].asked == []
    kept = several.world.records.only("exporters")
    assert kept["connection_ids"] == ALL


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "The cell 'Set up'!B1 is empty. Fill it in, and run the export again."),
        (None, "The cell 'Set up'!B1 is not there any more. Choose the cell again."),
        (
            "Dogwood",
            "The cell 'Set up'!B1 names no company of this export. Its companies: Acme, Birch, "
            "Cedar.",
        ),
    ],
    ids=["empty", "gone", "none of them"],
)
def test_a_cell_that_names_none_stops_the_run_and_is_named(text: str | None, why: str) -> None:
    several = Several(acme=1)
    with nothing_asked(several.world), pytest.raises(BadRequest) as raised:
        by_cell(several, text)
    assert (raised.value.message, raised.value.details["cell"]) == (why, FIRST_CELL)


@pytest.fixture
def alike() -> Several:
    """Two companies of one name, but for its case."""
    several = Several(acme=1, birch=1)
    held = several.companies.held
    held[BIRCH] = replace(held[BIRCH], name="ACME")
    return several


def test_a_name_that_two_have_stops_it_and_says_what_tells_them_apart(alike: Several) -> None:
    with nothing_asked(alike.world), pytest.raises(BadRequest) as raised:
        by_cell(alike, "Acme")
    assert raised.value.message == (
        "The cell 'Set up'!B1 names several companies of this export. Its companies: "
        "Acme (…0001), ACME (…0002), Cedar. Write one of them as it stands here."
    )


@pytest.mark.parametrize("text", [REALMS[BIRCH], "ACME (…0002)", "acme (...0002)"])
def test_what_tells_them_apart_chooses_one(alike: Several, text: str) -> None:
    alike.whole(by_cell(alike, text))
    assert [len(alike.books.of[id].asked) for id in (ACME, BIRCH)] == [0, 1]


def test_a_name_that_has_dots_itself_is_found() -> None:
    several = Several(acme=1, birch=1)
    held = several.companies.held
    held[BIRCH] = replace(held[BIRCH], name="Birch...")
    several.whole(by_cell(several, "birch..."))
    assert len(several.books.of[BIRCH].asked) == 1


def test_a_company_id_that_a_number_cell_has_changed_says_so(alike: Several) -> None:
    """Numbers of a spreadsheet are doubles: beyond 2^53 not every one is there."""
    number = str(int(float("9130000000000003")))
    assert number == "9130000000000004"
    with pytest.raises(BadRequest) as raised:
        by_cell(alike, number)
    assert raised.value.message == (
        "The cell 'Set up'!B1 names no company of this export. Its companies: Acme (…0001), "
        "ACME (…0002), Cedar. A company ID as a number loses its last digits: write it as text, "
        "with ' before it."
    )


def test_the_cell_is_asked_for_and_another_company_can_be_in_it_next_time() -> None:
    several = Several(acme=2, birch=1)
    with pytest.raises(CellsNeeded):
        several.exports.start(
            ANA,
            SHEET,
            connection_id=ACME,
            others=[BIRCH],
            dataset=INVOICES,
            options={"columns": COLUMNS, "cells": {"company": FIRST_CELL}},
            tab=None,
        )
    _, steps = several.whole(by_cell(several, "Acme"))
    several.exports.acknowledge(ANA, SHEET, steps[-1].run_id, applied=True)
    again = several.exports.again(ANA, SHEET, steps[-1].exporter_id, cells={FIRST_CELL: "Birch"})
    several.whole(again)
    assert len(several.books.of[BIRCH].asked) == 1
