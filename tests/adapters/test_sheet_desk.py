"""What managed refresh reads of a spreadsheet, in the texts that the add-on would send."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import pytest

from counterfoil.adapters.sheet_book import Book, Stopped, Tab
from counterfoil.adapters.sheet_desk import SheetDesk
from counterfoil.adapters.sheets_client import SheetDesks
from counterfoil.core.errors import ServiceUnavailable, SheetNotShared
from counterfoil.core.managed import Place
from sandbox.google.a1 import Rect
from sandbox.google.grid import Workbook
from sandbox.google.server import GoogleSandbox

ACCOUNT = "sheets-1@a-project.iam.gserviceaccount.com"
DAY = "yyyy-mm-dd"


class Open:
    """No account has to wait."""

    def admit(self, account: str, *, writes: bool) -> None:
        assert account == ACCOUNT


@pytest.fixture
def google() -> Iterator[GoogleSandbox]:
    workbook = Workbook("book", time_zone="Europe/Berlin", locale="de_DE")
    with GoogleSandbox(workbook=workbook) as running:
        running.sheets.share("book", ACCOUNT, "writer")
        yield running


@pytest.fixture
def desk(google: GoogleSandbox) -> Iterator[SheetDesk]:
    desks = SheetDesks((ACCOUNT,), Open(), url=f"{google.url}/", retries=0)
    with desks.open(ACCOUNT, "book") as opened:
        yield opened


def test_cells_are_texts_and_dates_are_written_out(google: GoogleSandbox, desk: SheetDesk) -> None:
    tab = google.workbook.tabs[0]
    tab.write(0, 0, [[46000, 12, 0.5, True, "  Acme  ", "x" * 3000]])
    tab.look(Rect(0, 0), pattern=DAY)
    tab.set_formula(1, 0, "=B1*2")
    mine = google.workbook.add_tab("Ana's")
    mine.write(0, 1, [["there"]])
    asked = {
        "'Sheet1'!A1": "2025-12-09",
        "'Sheet1'!B1": "12",
        "'Sheet1'!$C$1": "0.5",
        "'sheet1'!D1": "true",
        "'Ana''s'!B1": "there",
        "'Sheet1'!E1": "Acme",
        "'Sheet1'!F1": "x" * 2000,
        "'Sheet1'!A2": "24",
        "'Sheet1'!G9": "",
        "'Sheet1'!A100000": None,
        "'Gone'!A1": None,
        "no reference": None,
    }
    assert desk.cells(list(asked)) == asked


def test_a_day_that_a_formula_gives_is_a_date_whatever_the_cell_was_told(
    google: GoogleSandbox, desk: SheetDesk
) -> None:
    """Its format is computed: nobody entered one."""
    tab = google.workbook.tabs[0]
    formulas = ["=DATE(2026,11,30)", "=EDATE(A1,-1)", "=B1", "=A1-B1"]
    for column, formula in enumerate(formulas):
        tab.set_formula(0, column, formula)
    assert [tab.cell(0, column).look.pattern for column in range(4)] == [""] * 4
    texts = ["2026-11-30", "2026-10-30", "2026-10-30", "31"]
    cells = [f"'Sheet1'!{letter}1" for letter in "ABCD"]
    assert desk.cells(cells) == dict(zip(cells, texts, strict=True))
    assert desk.tabs(["Sheet1"]) == {"Sheet1": [texts]}


def test_tabs_are_rows_of_texts_as_long_as_they_are(google: GoogleSandbox, desk: SheetDesk) -> None:
    rates = google.workbook.add_tab("Counterfoil rates")
    rates.write(0, 0, [["Currency", "Day", "Rate"], ["EUR", 46000, 1.25], ["", "", ""]])
    rates.look(Rect(1, 1), pattern=DAY)
    google.workbook.add_tab("Counterfoil mapping")
    assert desk.tabs(["counterfoil rates", "Counterfoil mapping", "Counterfoil eliminations"]) == {
        "counterfoil rates": [["Currency", "Day", "Rate"], ["EUR", "2025-12-09", "1.25"]],
        "Counterfoil mapping": [],
        "Counterfoil eliminations": None,
    }


def test_where_it_is_and_what_it_is_not_let_to_do(google: GoogleSandbox, desk: SheetDesk) -> None:
    assert desk.place() == Place("Europe/Berlin", "de_DE")
    google.sheets.fail_next(503)
    with pytest.raises(ServiceUnavailable):
        desk.place()
    google.sheets.share("book", ACCOUNT, None)
    for ask in (desk.place, lambda: desk.cells(["'Sheet1'!A1"]), lambda: desk.erased("n")):
        with pytest.raises(SheetNotShared) as refused:
            ask()
        assert ACCOUNT in refused.value.message


def test_an_account_of_nobodys_opens_nothing(google: GoogleSandbox) -> None:
    desks = SheetDesks((ACCOUNT,), Open(), url=f"{google.url}/", retries=0)
    with pytest.raises(SheetNotShared), desks.open("other@p.iam.gserviceaccount.com", "book"):
        raise AssertionError("it is not ours")


class Silent(socketserver.BaseRequestHandler):
    """Closes each connection after the request, without an answer."""

    asked: ClassVar[list[bytes]] = []

    def handle(self) -> None:
        self.asked.append(self.request.recv(65_536).partition(b" ")[0])


@contextmanager
def a_server_without_answers() -> Iterator[str]:
    Silent.asked.clear()
    with socketserver.TCPServer(("127.0.0.1", 0), Silent) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


def test_a_change_goes_over_the_wire_once_where_the_connection_closes_without_an_answer() -> None:
    with a_server_without_answers() as url:
        desks = SheetDesks((ACCOUNT,), Open(), url=url)
        with desks.open(ACCOUNT, "book") as opened:
            book = Book([Tab(1, "Sheet1", 9, 9)])
            book.pending.append((0, {"addSheet": {"properties": {"title": "New"}}}))
            with pytest.raises(Stopped) as stop:
                opened._calls.send(book)
    assert stop.value.code == "unreachable"
    assert Silent.asked == [b"POST"]
