"""Ana and Ben share a spreadsheet, and a service account that may or may not write into it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from counterfoil.adapters.sheets_client import SheetDesks
from counterfoil.core.managed import PROOF_KEY
from counterfoil.core.people import Role
from counterfoil.flows.sheet_pace import SheetPace
from sandbox.google.a1 import Rect
from sandbox.google.grid import Workbook
from sandbox.google.server import GoogleSandbox
from tests.flows.export_fakes import FakeQuickBooks
from tests.web import backend
from tests.web.backend import SCHEDULER, WRITER, Backend

NINE = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
QUARTER = {"often": "minutes", "every": 15}
HOURLY = {"often": "hourly"}


class ManagedOffice:
    """The backend over the Sheets API's stand-in, by Google's own client. Its clock stands still
    until a test moves it.
    """

    def __init__(self, google: GoogleSandbox, accounts: tuple[str, ...] = (WRITER,)) -> None:
        self.google = google
        self.id = f"book-{uuid.uuid4()}"
        self.book = self._workbook(self.id)
        desks = LaterDesks()
        self.backend = Backend(desks, accounts)
        flows = self.backend.flows
        self.clock = flows.clock
        self.clock.now = NINE
        pace = SheetPace(flows.records, flows.clock, flows.clock.sleep, lambda: 0.5)
        desks.real = SheetDesks(accounts, pace, url=f"{google.url}/", retries=0)
        self.company = flows.connected(self.backend.user("ana"))
        flows.member(self.backend.user("ben"), self.company, Role.EDITOR)

    @property
    def quickbooks(self) -> FakeQuickBooks:
        found = self.backend.exports.quickbooks
        assert isinstance(found, FakeQuickBooks)
        return found

    def other_book(self) -> Workbook:
        """A spreadsheet of somebody else's."""
        return self._workbook(f"book-{uuid.uuid4()}")

    def _workbook(self, id: str) -> Workbook:
        book = self.google.workbooks[id] = Workbook(id, time_zone="America/New_York")
        return book

    def ask(
        self, path: str, who: str = "ana", *, book: str = "", key: str = backend.KEY, **body: Any
    ) -> tuple[int, dict[str, Any]]:
        spreadsheet = {"id": book or self.id, "key": key, "time_zone": "America/New_York"}
        return self.backend.ask(who, path, **{"spreadsheet": spreadsheet, **body})

    def good(self, path: str, who: str = "ana", **body: Any) -> dict[str, Any]:
        status, told = self.ask(path, who, **body)
        assert status == 200, told
        return told

    def code(self, path: str, who: str = "ana", **body: Any) -> str:
        return str(self.ask(path, who, **body)[1]["error"]["code"])

    def export(self, who: str = "ana", *, name: str = "Open", **options: Any) -> str:
        made = self.good(
            "exporters/create", who, connection_ids=[self.company], kind="entity",
            dataset="invoices", options=options, name=name, target={"tab": "Invoices"},
        )  # fmt: skip
        return str(made["id"])

    def share(self, role: str | None = "writer", book: str = "") -> None:
        self.google.sheets.share(book or self.id, WRITER, role)

    def write(self, nonce: str, book: Workbook | None = None, visibility: str = "DOCUMENT") -> None:
        """What the add-on does for a person who may edit that spreadsheet."""
        (book or self.book).add_metadata(PROOF_KEY, nonce, visibility=visibility)

    def offer(self, id: str, who: str = "ana", **how: Any) -> str:
        return str(self.good(f"managed_refresh/exporters/{id}/offer", who, **how)["nonce"])

    def enable(self, id: str, who: str = "ana", schedule: Any = QUARTER) -> dict[str, Any]:
        """The whole way, as the sidebar goes it."""
        nonce = self.offer(id, who)
        self.write(nonce)
        return self.good(
            f"managed_refresh/exporters/{id}/enable", who, nonce=nonce, schedule=schedule
        )

    def refused(self, id: str, nonce: str, who: str = "ana", **how: Any) -> str:
        how = {"schedule": QUARTER, **how}
        return self.code(f"managed_refresh/exporters/{id}/enable", who, nonce=nonce, **how)

    def managed(self, *, schedule: Any = QUARTER, name: str = "Open", **options: Any) -> str:
        """An export that is shared, proven, and refreshed so often."""
        self.share()
        id = self.export(name=name, **options)
        self.enable(id, schedule=schedule)
        return id

    def tick(self) -> dict[str, Any]:
        status, told = self.backend.ask(SCHEDULER, "managed_refresh/tick", key=None)
        assert status == 200, told
        return told

    def later(self, **by: float) -> None:
        self.clock.advance(**by)

    def shown(self, id: str, who: str = "ana") -> dict[str, Any]:
        home = self.good("home/", who)
        return next(dict(each["schedule"]) for each in home["exporters"] if each["id"] == id)

    def last(self, id: str) -> dict[str, Any]:
        home = self.good("home/")
        return next(dict(each["last_run"]) for each in home["exporters"] if each["id"] == id)

    def record(self, id: str) -> dict[str, Any]:
        held = self.backend.records.get("exporters", id)
        assert held is not None
        return dict(held.data)

    def table(self, title: str = "Invoices") -> list[list[Any]]:
        """What is in that tab, without the blanks."""
        tab = self.book.tab(title)
        if tab is None:
            return []
        rows = tab.values(Rect(0, 0, tab.row_count, tab.column_count))
        return [[cell for cell in row if cell != ""] for row in rows if any(c != "" for c in row)]

    def titles(self) -> list[str]:
        return [tab.title for tab in self.book.tabs]


class LaterDesks:
    """Those that are made when the backend's stores are."""

    real: SheetDesks

    def open(self, account: str, spreadsheet: str) -> Any:
        return self.real.open(account, spreadsheet)


def counts(tick: dict[str, Any]) -> tuple[int, int, int]:
    """How many ran, failed and were left to go on."""
    return tick["ran"], tick["failed"], tick["left"]


@contextmanager
def sheets() -> Iterator[GoogleSandbox]:
    with GoogleSandbox() as google:
        yield google
