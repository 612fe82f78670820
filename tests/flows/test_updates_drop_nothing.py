"""After any edits in QuickBooks nothing that a person typed beside a row is lost, whatever an update
does with rows that are no more; the rows that match are those of a replacement.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sandbox.google.server import GoogleSandbox
from sandbox.intuit import acme
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.server import IntuitSandbox
from tests.flows.test_updates_equal_replacements import Edit, People, edits
from tests.flows.updating import Refreshed, noon

Rows = dict[str, tuple[Any, ...]]
COLUMNS = ["number", "date", "customer", "balance"]
OPEN = [{"key": "balance", "from": "50"}]
UPDATES = [
    (departed, filters)
    for departed in ("move", "keep", "mark")
    for filters in ([], OPEN)
]  # fmt: skip

turns = given(turns=st.lists(st.lists(edits, max_size=5), min_size=1, max_size=3))
few = settings(
    max_examples=5,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


class Told:
    """A table with a note beside every row that ever stood in it when somebody looked."""

    def __init__(self, google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, **options: Any):
        self.table = Refreshed(
            google, intuit, intuit.books.company(acme.REALM_ID),  # type: ignore[attr-defined]
            "invoices", columns=COLUMNS, **options,
        )  # fmt: skip
        self.options = options
        self.table.first()
        self.people = People(self.table.company, intuit.clock)
        self.noted: set[str] = set()
        self.intuit = intuit

    def turn(self, some: list[Edit]) -> Rows:
        """What is in the table before, and then edits and a refresh."""
        before = self.table.rows()
        self.table.write_beside()
        self.noted |= before.keys()
        for edit in some:
            self.people.do(edit)
        self.intuit.clock.advance(timedelta(seconds=30))
        self.table.refresh()
        return before

    def fresh(self) -> Rows:
        """What a replacement leaves."""
        filters = {it: self.options[it] for it in ("filters",) if it in self.options}
        sheets, company = self.table.sheets, self.table.company
        other = Refreshed(sheets, self.intuit, company, "invoices", columns=COLUMNS, **filters)
        other.first()
        return other.rows()

    def notes_are_kept(self) -> None:
        here = self.table.beside()
        gone = {line[-1] for line in self.table.tab("Invoices – gone")}
        for key in self.noted:
            assert here.get(key) == f"mine of {key}" or f"mine of {key}" in gone


@pytest.mark.parametrize(("departed", "filters"), UPDATES)
@turns
@few
def test_rows_that_are_no_more_go_or_stay_marked_and_no_note_is_lost(
    google: tuple[GoogleSandbox, Any],
    departed: str,
    filters: list[dict[str, Any]],
    turns: list[list[Edit]],
) -> None:
    with IntuitSandbox(noon(), DemoBooks([acme.acme()])) as intuit:
        told = Told(google, intuit, mode="update", departed=departed, filters=filters)
        for some in turns:
            before = told.turn(some)
            now, fresh = told.table.rows(), told.fresh()
            wide = len(COLUMNS) + 1
            marked = {key for key, row in now.items() if departed != "move" and row[-1]}
            assert {key: row[:wide] for key, row in now.items() if key not in marked} == fresh
            assert not marked & fresh.keys()
            told.notes_are_kept()
            if departed != "move":  # all had a note beside them
                assert before.keys() - fresh.keys() <= marked


@turns
@few
def test_rows_that_are_there_stay_and_all_that_come_are_added(
    google: tuple[GoogleSandbox, Any], turns: list[list[Edit]]
) -> None:
    with IntuitSandbox(noon(), DemoBooks([acme.acme()])) as intuit:
        told = Told(google, intuit, mode="add", filters=OPEN)
        for some in turns:
            before = told.turn(some)
            now, fresh = told.table.rows(), told.fresh()
            assert {key: now[key] for key in before} == before
            wide = len(COLUMNS) + 1
            assert {key: row[:wide] for key, row in now.items() if key not in before} == {
                key: row for key, row in fresh.items() if key not in before
            }
            told.notes_are_kept()
