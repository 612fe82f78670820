"""The add-on's own code over the backend, its executions killed at their calls, without a browser.

A first export, and a staged one over a table that it outgrows, die before the calls of the add-on's
services named below: between steps, and around each that makes or names a tab, moves cells, writes
values, names the block or leaves a receipt. (What only reads leaves nothing behind.) A trigger that
goes on with a run that was left half-way dies at each of its calls. After each the grid is as it
was, complete, or marked; another run, with other rows, mends it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from sandbox import check
from sandbox.google.grid import Workbook
from sandbox.intuit.companies import demo_books
from sandbox.world import World
from tests.killing import (
    Books,
    Grid,
    assert_repaired,
    closes_the_gap,
    outcome,
    types_beside_and_below,
)
from tests.script_host import CALL, ScriptHost, hosted
from tests.service_calls import ANY, ServiceCalls

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ANA = "ana@example.com"
MORE, SOME = 20, 9
FIRST_EXPORT = {
    ("book.setName", 1): "as it was",  # there is a tab, whose it is nobody knows
    ("sheet.rename", 1): "as it was",
    ("range.write", 6): "marked",  # written, not read back
}
LATER_EXPORT = (
    ("export", 2),  # between two steps
    ("range.write", 1),
    ("range.insertCells", 1),
    ("book.setName", 1),  # what was below has made room
    ("metadata.set", 1),
    ("range.copy", 1),  # the commit: marked, and still as it was
    ("book.setName", 2),  # after it
    ("metadata.set", 2),
    ("book.deleteSheet", 1),  # the stage is still there
)
"""Which call of which kind never happens; those of the backend go by their path."""
KEPT = {"properties.change", "trigger.create", "trigger.delete"}
ASIDE = {"book.insertSheet", "sheet.hide", "sheet.insert", "runs"} | KEPT
"""What a later export changes besides: the stage's tab, blank rows, the acknowledgement, and
what would go on with it."""
OPTIONS = {"columns": None, "from": None, "to": None, "include_inactive": False, "parameters": {}}


class Office:
    """Ana's add-on in spreadsheets of hers."""

    def __init__(self, world: World, lists: dict[str, Books]) -> None:
        self.world, self.lists, self.calls = world, lists, ServiceCalls()
        self.host: ScriptHost
        sidebar = check.sidebar(world, ANA)
        self.company = check.connect(sidebar, world.intuit.companies()[0].realm_id)["id"]

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        answer = list(self.world.script(environ, start))
        if environ["PATH_INFO"] == CALL:
            self.calls.note(b"".join(answer))
        return answer

    def workbook(self) -> Workbook:
        made = Workbook(f"sheet-{len(self.world.google.workbooks)}")
        self.world.google.workbooks[made.id] = made
        return made

    def run(self, workbook: Workbook, dataset: str, last: tuple[str, int] | None = None) -> None:
        """To its end, or to that call; again where there is such an export already."""
        self.calls.count()
        saved = self._call(workbook, "home")["exporters"]
        ids = [each["id"] for each in saved if each["dataset"] == dataset]
        self.calls.count(last)
        step = self._call(workbook, "runAgain", *ids) if ids else self._first(workbook, dataset)
        while step is not None and step["cursor"]:
            step = self._call(workbook, "nextStep", step["cursor"])
        if last is None:
            assert step["proof"]["verdict"] == "PASS"
            assert step["seen"]["rows"] == step["proof"]["rows"]
        assert bool(self.calls.died) == bool(last), f"never came to {last}: {self.calls.made}"

    def fires(self, hours: int) -> bool:
        """Ana's trigger, so many hours from now; whether it came to its end."""
        triggers = self.world.script.triggers
        assert triggers.fire(triggers.now() + timedelta(hours=hours)) == 1
        ((trigger, at),) = triggers.due()
        self.host.run(
            *(trigger.spreadsheet, ANA, trigger.handler),
            now=at,
            trigger=trigger.id,
            lives=self.calls.lives,
        )
        return not self._dead()

    def _first(self, workbook: Workbook, dataset: str) -> Any:
        request = {"kind": "entities", "dataset": dataset, "connection_id": self.company,
                   "tab": dataset, "options": OPTIONS}  # fmt: skip
        return self._call(workbook, "startExport", request)

    def _call(self, workbook: Workbook, name: str, *args: Any) -> Any:
        told = self.host.run(workbook.id, ANA, name, *args, lives=self.calls.lives)
        if self._dead():
            return None
        assert "error" not in told, told
        return told

    def _dead(self) -> bool:
        if self.calls.died:  # as Google does with the locks of an execution that is no more
            self.world.script.executions.end(self.calls.died)
        return bool(self.calls.died)


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    books = demo_books()
    company = books.company(books.companies()[0].realm_id)
    world = World(books)
    world.backend.module = "tests.small_steps"
    lists = {
        "vendors": Books(company, "Vendor", "DisplayName", world.clock),
        "invoices": Books(company, "Invoice", "DocNumber", world.clock),
    }
    with world:
        made = Office(world, lists)
        with hosted(made) as made.host:
            yield made


@pytest.mark.parametrize(
    ("point", "left"), FIRST_EXPORT.items(), ids=[at for at, _ in FIRST_EXPORT]
)
def test_a_first_export_dies(office: Office, point: tuple[str, int], left: str) -> None:
    books, calls, workbook = office.lists["vendors"], office.calls, office.workbook()
    before = Grid.of(workbook)
    books.hold(MORE)
    office.run(workbook, "vendors", point)
    assert outcome(before, Grid.of(workbook), calls.sent) == left
    books.hold(SOME)
    office.run(workbook, "vendors")
    assert_repaired(before, Grid.of(workbook), calls.sent)


def test_a_table_that_grows_dies_between_steps_and_in_them(office: Office) -> None:
    books, calls, workbook = office.lists["invoices"], office.calls, office.workbook()
    books.hold(SOME)
    office.run(workbook, "invoices")
    types_beside_and_below(workbook)
    met = []
    for point in LATER_EXPORT:
        closes_the_gap(workbook)
        before = Grid.of(workbook)
        books.hold(MORE)
        office.run(workbook, "invoices", point)
        met.append(outcome(before, Grid.of(workbook), calls.sent))
        books.hold(SOME)
        office.run(workbook, "invoices")
        assert_repaired(before, Grid.of(workbook), calls.sent)
    assert met == ["as it was"] * 5 + ["marked"] * 3 + ["complete"]
    closes_the_gap(workbook)
    books.hold(MORE)
    office.run(workbook, "invoices")
    assert set(calls.made) - {ANY} == ASIDE | {kind for kind, _ in LATER_EXPORT}


def test_a_run_left_half_way_whose_trigger_dies_at_each_of_its_calls(office: Office) -> None:
    books, calls, workbook = office.lists["invoices"], office.calls, office.workbook()
    books.hold(SOME)
    office.run(workbook, "invoices")
    types_beside_and_below(workbook)
    before = Grid.of(workbook)
    books.hold(MORE)
    office.run(workbook, "invoices", ("export", 2))
    met = []
    for hours in itertools.count(1):
        calls.go_on((ANY, hours))
        is_through = office.fires(hours)
        met.append(outcome(before, Grid.of(workbook), calls.sent))
        if is_through:
            break
    assert [state for state, _ in itertools.groupby(met)] == ["as it was", "marked", "complete"]
    assert len(met) > 10, "it did not die at each of its calls"
    assert_repaired(before, Grid.of(workbook), calls.sent)
    assert office.world.script.triggers.of(ANA, workbook.id) == []
