"""One spreadsheet through google-api-python-client: what its cells hold, and changes of it."""

from __future__ import annotations

import itertools
import logging
import random
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from http.client import HTTPException
from typing import Any

import httplib2
from google.auth.exceptions import GoogleAuthError
from googleapiclient.errors import HttpError

from counterfoil.adapters import sheet_requests as requests
from counterfoil.adapters.sheet_book import LOOK, Book, Stopped, Tab, seen_tab
from counterfoil.adapters.sheet_bytes import Pending, bodies, handfuls
from counterfoil.adapters.sheet_compare import squared
from counterfoil.adapters.sheet_requests import Json, Rect
from counterfoil.adapters.sheet_room import FULL
from counterfoil.core.canonical import Cell
from counterfoil.core.journal import spend
from counterfoil.core.operations import BLOCK_NAME

log = logging.getLogger("counterfoil.sheets")

# About half a minute in all, and the quota of 60 writes a minute refills each minute. A look is
# repeated after all that may pass, by the client; a change only after 429, which surely has not
# been applied: rows that were inserted twice tear what people have beside them.
RETRIES = 5
_CHANGE = "sheets.spreadsheets.batchUpdate"
_FORMATS = "userEnteredFormat(numberFormat),effectiveFormat(numberFormat)"
# What says which runs have signed, and is enough to know that a change has arrived.
_NOTES = "sheets(developerMetadata(metadataId,metadataValue))"


class Lost(Stopped):
    """No answer, or one that does not say whether the change was applied."""


class SheetCalls:
    """`spreadsheets` is the client's `build("sheets", "v4", …).spreadsheets()`, or the quicker
    `sheets_methods.Spreadsheets`.

    Every call raises Stopped for what Google refuses.
    """

    def __init__(self, spreadsheets: Any, spreadsheet_id: str, *, retries: int = RETRIES) -> None:
        self._id = spreadsheet_id
        self._retries = retries
        self.spreadsheets = spreadsheets
        self._values = spreadsheets.values()  # 18 ms of the client's own
        self._tabs: list[Tab] = []
        self._notes: dict[int, str] = {}  # as last seen, or sent

    def looked(self, block: str, book: Book) -> Book:
        """Where everything is now; what was learnt about stages stays."""
        found = self.fields(LOOK)
        book.tabs = self._tabs = [seen_tab(sheet) for sheet in found["sheets"]]
        self._notes = {item.id: item.value for tab in book.tabs for item in tab.metadata}
        book.name_id = book.block = None
        book.others = {}
        for name in found.get("namedRanges", ()):
            area = requests.from_grid_range(name.get("range", {}))
            if name["name"].lower() == block.lower():
                book.name_id = name["namedRangeId"]
                book.block = area
            elif BLOCK_NAME.fullmatch(name["name"]) and area is not None:
                book.others[name["name"]] = area
        return book

    def entered(self, area: Rect) -> list[list[Cell]]:
        """What was entered into those cells, formulas as texts."""
        return self.rendered(self._name(area), "FORMULA")

    def plain(self, area: Rect) -> list[list[Cell]]:
        """What is in those cells, all of them, formulas as their values."""
        return squared(self.rendered(self._name(area), "UNFORMATTED_VALUE"), area)

    def formats(self, areas: Sequence[Rect]) -> list[list[Json]]:
        """The number format of each cell, row by row of areas of one tab that are as wide."""
        return [[_number_format(cell) for cell in row] for row in self._cells(areas, _FORMATS)]

    def notes(self, areas: Sequence[Rect]) -> list[list[str]]:
        """The note on each cell, "" where there is none, in the same order."""
        return [[str(cell.get("note", "")) for cell in row] for row in self._cells(areas, "note")]

    def _cells(self, areas: Sequence[Rect], fields: str) -> Iterator[list[Json]]:
        """So much of each cell, row by row."""
        for some in handfuls(areas):
            places = [self._name(area) for area in some]
            found = self.fields(f"sheets(data(rowData(values({fields}))))", places)
            data = found["sheets"][0].get("data", [])
            for i, area in enumerate(some):
                rows = data[i].get("rowData", []) if i < len(data) else []
                for r in range(area.rows):
                    cells = rows[r].get("values", []) if r < len(rows) else []
                    yield [*cells, *[{}] * (area.columns - len(cells))]

    def read(self, area: Rect, title: str, places: Sequence[int] | None = None) -> list[list[Cell]]:
        """Typed values, without what is blank at the ends.

        Raises when a formula is among them, or among those at `places`.
        """
        where = area.a1(title)
        rows = self.rendered(where, "FORMULA")
        suspect = any(isinstance(cell, str) and cell[:1] == "=" for row in rows for cell in row)
        if not suspect:
            return rows
        # A text that begins with "=" reads the same both ways, a formula does not.
        plain = self.rendered(where, "UNFORMATTED_VALUE")
        pairs = list(zip(squared(rows, area), squared(plain, area), strict=True))
        for at in places if places is not None else range(area.columns):
            if any(one[at] != other[at] for one, other in pairs):
                why = "There is a formula where only data should be."
                raise Stopped("differs_formula", why)
        return plain

    def rendered(self, where: str, render: str) -> list[list[Cell]]:
        call = self._values.get(
            spreadsheetId=self._id,
            range=where,
            valueRenderOption=render,
            dateTimeRenderOption="SERIAL_NUMBER",
        )
        rows: list[list[Cell]] = self.executed(call).get("values", [])
        return rows

    def metadata(self, key: str) -> list[Json]:
        """Developer metadata under that key, wherever it is, as everybody may see it."""
        lookup = {"metadataKey": key, "visibility": "DOCUMENT"}
        body = {"dataFilters": [{"developerMetadataLookup": lookup}]}
        search = self.spreadsheets.developerMetadata().search(spreadsheetId=self._id, body=body)
        found = self.executed(search).get("matchedDeveloperMetadata", [])
        return [each["developerMetadata"] for each in found]

    def deleted_metadata(self, ids: Sequence[int]) -> bool:
        """Whether all of them were there to be deleted: somebody may have been quicker."""
        lookups = [{"developerMetadataLookup": {"metadataId": id}} for id in ids]
        gone = [{"deleteDeveloperMetadata": {"dataFilter": lookup}} for lookup in lookups]
        call = self.spreadsheets.batchUpdate(spreadsheetId=self._id, body={"requests": gone})
        replies = self.executed(call).get("replies", [])
        return len(replies) == len(ids) and all(
            each.get("deleteDeveloperMetadata", {}).get("deletedDeveloperMetadata")
            for each in replies
        )

    def fields(self, fields: str, ranges: Sequence[str] = ()) -> Json:
        places = {"ranges": list(ranges)} if ranges else {}
        call = self.spreadsheets.get(spreadsheetId=self._id, fields=fields, **places)
        return self.executed(call)

    def send(self, book: Book) -> None:
        """What is pending: in one call, all or nothing, where one can carry it, and never twice.

        Raises Lost where nobody knows whether it was applied: a receipt that came along would tell,
        and says nothing new. What was to follow is not sent then.
        """
        pending, book.pending = book.pending, []
        for some, body in bodies(pending):
            self._sent(some, body)

    def pour(self, book: Book, at: int, parts: Iterable[Json]) -> None:
        """Cells as they were cut: each part is sent when the next one comes."""
        for number, part in enumerate(parts):
            if number:
                self.send(book)
            book.pending.append((at, part))

    def _sent(self, some: Sequence[Pending], body: bytes) -> None:
        signed = _signatures((request for _, request in some), self._notes)
        call = self.spreadsheets.batchUpdate(spreadsheetId=self._id, body={})
        call.body, call.body_size = body, len(body)  # encoded once, to know its size
        try:
            self.executed(call, [op for op, _ in some])
        except Lost:
            if not self._has_arrived(signed):
                raise
        self._notes |= signed

    def _has_arrived(self, signed: Mapping[int, str]) -> bool:
        """Whether the spreadsheet has all that those notes were to say, and did not before."""
        if all(self._notes.get(id) == text for id, text in signed.items()):
            return False
        try:
            found = self.fields(_NOTES)["sheets"]
        except Stopped:
            return False
        notes = {
            item["metadataId"]: item["metadataValue"]
            for tab in found
            for item in tab.get("developerMetadata", ())
        }
        return signed.items() <= notes.items()

    def executed(self, call: Any, ops: Sequence[int] = ()) -> Json:
        began, status = time.monotonic(), 0  # 0: no answer
        spend("sheets")
        try:
            answer = self._answer(call)
            status = 200
        except HttpError as refusal:
            status = int(refusal.resp.status)
            raise _refused(refusal, ops) from refusal
        except (OSError, httplib2.HttpLib2Error, HTTPException, GoogleAuthError) as trouble:
            why = "Google Sheets cannot be reached. Run it again in a minute."
            raise Lost("unreachable", why, ops[0] if ops else None) from trouble
        finally:
            took = round((time.monotonic() - began) * 1000)
            # Its method, like sheets.spreadsheets.batchUpdate: the address holds ids and ranges.
            fields = {"route": call.methodId, "status": status, "duration_ms": took}
            log.info("sheets", extra={"fields": fields})
        return answer

    def _answer(self, call: Any) -> Json:
        if call.methodId != _CHANGE:
            looked: Json = call.execute(num_retries=self._retries)
            return looked
        for tried in itertools.count(1):
            try:
                changed: Json = call.execute()
                break
            except HttpError as refusal:
                if refusal.resp.status != 429 or tried > self._retries:
                    raise
            time.sleep(2**tried * (0.5 + random.random() / 2))  # noqa: S311  spreads them
        return changed

    def _name(self, area: Rect) -> str:
        return area.a1(next(tab.title for tab in self._tabs if tab.id == area.sheet_id))


def _number_format(cell: Mapping[str, Any]) -> Json:
    """The one in effect: of a formula's the second alone has it."""
    for look in ("userEnteredFormat", "effectiveFormat"):
        if found := cell.get(look, {}).get("numberFormat"):
            return dict(found)
    return {}


def _signatures(asked: Iterable[Json], notes: Mapping[int, str]) -> dict[int, str]:
    """What the notes on tabs are to say that those requests make, or change."""
    signed: dict[int, str] = {}
    for request in asked:
        made = request.get("createDeveloperMetadata", {}).get("developerMetadata", {})
        if "sheetId" in made.get("location", {}):
            signed[made["metadataId"]] = made["metadataValue"]
        changed = request.get("updateDeveloperMetadata", {})
        for each in changed.get("dataFilters", ()):
            id = each["developerMetadataLookup"].get("metadataId")
            if id in notes or id in signed:
                signed[id] = changed["developerMetadata"]["metadataValue"]
    return signed


def _refused(refusal: HttpError, ops: Sequence[int]) -> Stopped:
    """Google's refusal for the person. Its own words may hold data and are not passed on."""
    status, said = refusal.resp.status, str(refusal.reason)
    place = re.search(r"requests\[(\d+)\]", said)
    op = None
    if ops:
        op = ops[int(place[1])] if place and int(place[1]) < len(ops) else ops[0]
    if status in (401, 403):
        return Stopped("not_shared", "This spreadsheet is not shared with Counterfoil.", op)
    if status == 404:
        return Stopped("spreadsheet_gone", "This spreadsheet is not there any more.", op)
    if status == 429 or status >= 500:
        kind = Stopped if status == 429 else Lost
        return kind("sheet_busy", "Google Sheets is busy. Run it again in a minute.", op)
    if "10000000" in said:
        return Stopped("spreadsheet_full", FULL, op)
    why = (
        "Google Sheets did not accept the change. If cells there are protected, ask whoever "
        "protected them; then run it again."
    )
    return Stopped("refused", why, op)
