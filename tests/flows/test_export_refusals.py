"""What an export refuses before anything is asked or stored."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from counterfoil.core.errors import (
    BadRequest,
    NotFound,
)
from counterfoil.core.people import Role, User
from tests.flows.export_fakes import (
    ANA,
    BEN,
    CONNECTION,
    OTHER_SHEET,
    SHEET,
    FakeQuickBooks,
    World,
    invoices,
    nothing_asked,
    start,
)

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
    "an unknown option": ({"colour": "Id"}, 'no option "colour"'),
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
    world.exports.acknowledge(ANA, SHEET, made.run_id, applied=True)
    world.connections.roles[BEN.sub] = Role.REFRESHER
    with pytest.raises(NotFound):
        start(world, user=BEN)
    assert world.exports.again(BEN, SHEET, made.exporter_id).proof is not None


@pytest.mark.parametrize("exporter_id", ["", "exp_missing123", "x" * 5000, "a/b", "..", "__x__"])
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
