"""Spreadsheets of their own in one world, with what Ana has connected and saved before a test begins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from playwright.sync_api import Browser, BrowserContext

from counterfoil.adapters.sqlite_records import SqliteRecords
from counterfoil.core.plans import Plan
from counterfoil.flows.exporter_records import replanned
from sandbox import check
from sandbox.google.grid import Workbook
from sandbox.google.tab import Tab
from sandbox.world import World
from tests.browser.driver import Person
from tests.chromium import private_window

ANA, BEN = "ana@example.com", "ben@example.com"


@dataclass(frozen=True)
class Office:
    """A world in which Acme is connected."""

    world: World
    connection_id: str

    def changes(self, kind: str, id: str, **changes: Any) -> None:
        """Somebody in QuickBooks does."""
        intuit = self.world.intuit
        acme = intuit.books.company(intuit.companies()[0].realm_id)
        acme.update(kind, id, intuit.clock(), **changes)

    def sheet(self, id: str) -> Prepared:
        """A new spreadsheet of that id."""
        book = Workbook(id, time_zone="America/New_York")
        self.world.google.workbooks[id] = book
        script = check.sidebar(self.world, ANA, book)
        # The add-on takes the key that is there for its own.
        self.world.script.properties.change(f"document {id}", {"sheetKey": script.key})
        return Prepared(self, book, script)


@contextmanager
def office() -> Iterator[Office]:
    with World() as world:
        ana = check.sidebar(world, ANA)
        connection = check.connect(ana, world.intuit.companies()[0].realm_id)
        yield Office(world, str(connection["id"]))


@dataclass(frozen=True)
class Prepared:
    """`script` acts for Ana without a browser, in the spreadsheet that the pages show, too."""

    office: Office
    book: Workbook
    script: check.Sidebar

    def saves(self, dataset: str, name: str, kind: str = "entity", **options: Any) -> str:
        """The id of an export whose table stands in the tab of that name."""
        made = self.script.call(
            "exporters/create",
            kind=kind,
            dataset=dataset,
            connection_ids=[self.office.connection_id],
            options=options,
            target={"tab": name},
            name=name,
        )
        self.runs(made["id"])
        return str(made["id"])

    def runs(self, id: str) -> None:
        assert check.proven(self.script.export(f"exporters/{id}/run"))

    def shares(self, who: str, role: str) -> None:
        """The company, with somebody who accepts."""
        path = f"connections/{self.office.connection_id}/invite"
        self.script.call(path, email=who, role=role)
        identity = self.office.world.google.identity
        theirs = replace(self.script, id_token=lambda: identity.mint(who))
        (invitation,) = theirs.call("account/invitations")["invitations"]
        theirs.call(f"account/invitations/{invitation['id']}/accept")

    def rests(self, id: str, by: timedelta) -> None:
        """So much longer ago is what an export's schedule knows: the backend has no other clock."""

        def earlier(plan: Plan) -> Plan:
            good_at = plan.good_at and plan.good_at - by
            return replace(plan, due_at=plan.due_at - by, good_at=good_at)

        path = self.office.world.data / "stores" / "records.sqlite"
        with closing(SqliteRecords(path)) as records:
            held = records.get("exporters", id)
            assert held is not None
            records.replace(held, {**held.data, **replanned(held.data, earlier)})

    def tab(self, title: str) -> Tab:
        found = self.book.tab(title)
        assert found is not None, title
        return found

    def column(self, title: str, column: int) -> list[Any]:
        """What stands in it below the header."""
        tab = self.tab(title)
        return [tab.value(row, column) for row in range(1, tab.data_extent().rows)]

    def row(self, title: str, row: int) -> list[Any]:
        tab = self.tab(title)
        return [tab.value(row, column) for column in range(tab.data_extent().columns)]

    @contextmanager
    def opened(self, browser: Browser, who: str = ANA) -> Iterator[Person]:
        """Somebody at it, in a browser of their own, with Counterfoil open."""
        with private_window(browser) as window:
            yield self.visited(window, who)

    def visited(self, window: BrowserContext, who: str = ANA) -> Person:
        """Somebody at it, in another tab of their browser."""
        page = window.new_page()
        page.goto(f"{self.office.world.page_url}?user={who}&spreadsheet={self.book.id}")
        person = Person(self.office.world, window, page)
        person.opens_counterfoil()
        return person
