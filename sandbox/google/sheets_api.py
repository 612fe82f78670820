"""Google Sheets API v4 over the grid, for real clients.

Every request and every answer is held against the API's own description (sheets_contract).
What the stand-in does not do is refused with 400 in Google's JSON, never ignored:
- requests: tables, charts, pivot tables, slicers, banding, filter views, comments, data sources,
  deleteRange, findReplace, pasteData, autoFill, textToColumns, deleteDuplicates, trimWhitespace,
  randomizeRange, updateDimensionGroup and the changing of conditional formats;
- cells: text runs, links, chips, the theme's colours, hyperlinkDisplayType;
- filters by condition or colour, sorting by colour, sorting and pasting over merged cells or rows
  that a filter hides, cutting to another tab, transposing formulas, pasting conditional formats;
- the Drive API (gspread's open by title, create, share, export) and Google's batch endpoint.

Where Google's documentation is silent: a duplicate takes no names and no developer metadata
along and stands in front, and writing to a cell beneath a merged one is lost.
"""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from collections.abc import Iterable, MutableMapping
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request

from sandbox.google import masks, sheets_contract, sheets_filters, sheets_metadata, sheets_values
from sandbox.google.a1 import Rect
from sandbox.google.cells import GridError
from sandbox.google.duplicates import TabCopy
from sandbox.google.grid import Workbook
from sandbox.google.sheets_answer import spreadsheet
from sandbox.google.sheets_batch import batch_update
from sandbox.google.sheets_contract import Method, Violation
from sandbox.google.sheets_fields import only
from sandbox.google.sheets_json import metadata_json, sheet_properties
from sandbox.google.sheets_quota import Quotas
from sandbox.google.sheets_values import Render
from sandbox.google.sheets_wire import ApiError, answered, body_of, refused
from sandbox.google.tab import Tab

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Json = dict[str, Any]

_UNUSED_ID = 2**31 - 1
# What Google's front end takes of one request, whatever the API.
LARGEST_BODY = 10 * 1024 * 1024


class SheetsApi:
    """A WSGI application. `calls` counts requests by method id; `fail_next` makes trouble.

    `quotas` is None for none, and can be set at any time; so can `largest_body`, in bytes.
    """

    def __init__(
        self,
        workbooks: MutableMapping[str, Workbook],
        *,
        quotas: Quotas | None = None,
        largest_body: int = LARGEST_BODY,
    ) -> None:
        self.workbooks = workbooks
        self.quotas = quotas
        self.largest_body = largest_body
        self.calls: Counter[str] = Counter()
        # With whom a spreadsheet is shared: "writer" or "reader", by its id and the address of a
        # service account. Tokens that are of none of them may do anything.
        self.shares: dict[str, dict[str, str]] = {}
        self._lock = threading.Lock()
        self._trouble: list[int] = []

    def fail_next(self, *codes: int) -> None:
        """The next requests are answered with these status codes, in order, and do nothing."""
        with self._lock:
            self._trouble += codes

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        try:
            response = answered(self._answered(request))
        except ApiError as wrong:
            response = refused(wrong.code, str(wrong))
        except (GridError, Violation) as wrong:
            response = refused(400, str(wrong))
        return list(response(environ, start))

    def _answered(self, request: Request) -> Json:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise ApiError(401, "Request is missing required authentication credential.")
        verb, arguments = request.method, dict(request.args.lists())
        if request.headers.get("X-HTTP-Method-Override", "").upper() == "GET" and verb == "POST":
            # Google's client does so where the address would be longer than 2048 characters.
            verb, arguments = "GET", arguments | dict(request.form.lists())
        # The raw path: a tab's title may hold an encoded slash.
        found = sheets_contract.find(verb, request.environ["RAW_URI"].partition("?")[0])
        if found is None:
            raise ApiError(404, "Method not found.")
        method, path = found
        query = sheets_contract.query(method, arguments)
        self._admit(method, query.get("quotaUser", token))
        body = body_of(request, self.largest_body) if verb != "GET" else {}
        if method.request is not None:
            sheets_contract.check(method.request, body)
        mask = masks.parse(query["fields"], method.response) if "fields" in query else {}
        self._check_share(token, method, path)
        answer = self._handled(method, path, query, body)
        try:
            sheets_contract.check(method.response, answer)
        except Violation as ours:
            raise ApiError(500, f"The sandbox's own answer is wrong: {ours}") from ours
        kept: Json = masks.kept(mask, answer)
        return kept

    def share(self, spreadsheet: str, account: str, role: str | None) -> None:
        """Somebody shares it with a service account, as "writer" or "reader", or not any more."""
        with self._lock:
            held = self.shares.setdefault(spreadsheet, {})
            held.pop(account, None)
            if role:
                held[account] = role

    def _check_share(self, token: str, method: Method, path: Json) -> None:
        world, _, account = token.partition(":")
        if world != "sandbox" or not account or path.get("spreadsheetId") not in self.workbooks:
            return
        role = self.shares.get(path["spreadsheetId"], {}).get(account)
        if role is None or (method.writes and role != "writer"):
            raise ApiError(403, "The caller does not have permission")

    def _admit(self, method: Method, user: str) -> None:
        with self._lock:
            self.calls[method.id] += 1
            trouble = self._trouble.pop(0) if self._trouble else None
        if trouble is not None:
            raise ApiError(trouble, "The sandbox was told to fail this request.")
        refusal = self.quotas.refusal(user, writes=method.writes) if self.quotas else None
        if refusal is not None:
            raise ApiError(429, refusal)

    def _handled(self, method: Method, path: Json, query: Json, body: Json) -> Json:
        if method.id == "spreadsheets.create":
            return self._spreadsheets_create(body)
        workbook = self._workbook(path.pop("spreadsheetId"))
        if method.id == "spreadsheets.sheets.copyTo":
            return self._copied(workbook, path, body)
        handler = getattr(self, "_" + method.id.replace(".", "_"))
        with workbook.lock:
            answer: Json = handler(workbook, path, query, body)
        return answer

    def _workbook(self, id: str) -> Workbook:
        workbook = self.workbooks.get(id)
        if workbook is None:
            raise ApiError(404, "Requested entity was not found.")
        return workbook

    # spreadsheets

    def _spreadsheets_create(self, body: Json) -> Json:
        properties = body.get("properties", {})
        only(body, "properties", "sheets")
        only(properties, "title", "locale", "timeZone")
        workbook = Workbook(
            secrets.token_urlsafe(33),
            properties.get("title", "Untitled spreadsheet"),
            properties.get("timeZone", "Etc/GMT"),
            properties.get("locale", "en_US"),
        )
        sheets = body.get("sheets", [])
        for sheet in sheets:
            only(sheet, "properties")
        if sheets:
            # Out of the way of what the new ones are called.
            first = workbook.tabs[0]
            first.sheet_id, first.title = _UNUSED_ID, secrets.token_hex()
            batch_update(workbook, [{"addSheet": sheet} for sheet in sheets])
            workbook.delete_tab(first)
        self.workbooks[workbook.id] = workbook
        return spreadsheet(workbook, list(workbook.tabs), None)

    def _spreadsheets_get(self, workbook: Workbook, path: Json, query: Json, _: Json) -> Json:
        for name in ("excludeTablesInBandedRanges", "commentsViewMode"):
            if query.get(name):
                raise GridError(f"The sandbox does not know {name}.")
        mask = masks.parse(query["fields"], "Spreadsheet") if "fields" in query else {}
        # With a field mask it is the mask that says whether cells are wanted.
        data = query.get("includeGridData", False)
        if mask:
            data = masks.covers(mask, ("sheets", "data")) or "data" in mask.get("sheets", {})
        ranges = [sheets_values.located(workbook, text)[:2] for text in query.get("ranges", [])]
        return _selected(workbook, ranges, data)

    def _spreadsheets_getByDataFilter(
        self, workbook: Workbook, path: Json, query: Json, body: Json
    ) -> Json:
        only(body, "dataFilters", "includeGridData")
        mask = masks.parse(query["fields"], "Spreadsheet") if "fields" in query else {}
        data = body.get("includeGridData", False)
        if mask:
            data = masks.covers(mask, ("sheets", "data")) or "data" in mask.get("sheets", {})
        filters = body.get("dataFilters", [])
        places = sheets_filters.all_found(workbook, filters)
        return _selected(workbook, places, data, nothing=bool(filters) and not places)

    def _spreadsheets_batchUpdate(
        self, workbook: Workbook, path: Json, query: Json, body: Json
    ) -> Json:
        only(
            body,
            "requests",
            "includeSpreadsheetInResponse",
            "responseRanges",
            "responseIncludeGridData",
        )
        answer: Json = {
            "spreadsheetId": workbook.id,
            "replies": batch_update(workbook, body.get("requests", [])),
        }
        if body.get("includeSpreadsheetInResponse"):
            texts = body.get("responseRanges", [])
            ranges = [sheets_values.located(workbook, text)[:2] for text in texts]
            data = body.get("responseIncludeGridData", False)
            answer["updatedSpreadsheet"] = _selected(workbook, ranges, data)
        return answer

    def _copied(self, workbook: Workbook, path: Json, body: Json) -> Json:
        """spreadsheets.sheets.copyTo: only one of the two spreadsheets is locked at a time."""
        target = self._workbook(body.get("destinationSpreadsheetId", ""))
        wanted = path["sheetId"]
        with workbook.lock:
            source = workbook.tab_by_id(int(wanted)) if wanted.isdigit() else None
            if source is None:
                raise GridError(f"No grid with id: {wanted}")
            copy = TabCopy.of(source)
        with target.lock:
            return sheet_properties(target, copy.put(target))

    def _spreadsheets_developerMetadata_get(
        self, workbook: Workbook, path: Json, query: Json, _: Json
    ) -> Json:
        wanted = path["metadataId"]
        item = workbook.metadata.get(int(wanted)) if wanted.isdigit() else None
        if item is None:
            raise ApiError(404, "Requested entity was not found.")
        return metadata_json(item)

    def _spreadsheets_developerMetadata_search(
        self, workbook: Workbook, path: Json, query: Json, body: Json
    ) -> Json:
        filters = body.get("dataFilters", [])
        found = sheets_metadata.matching(workbook, filters)
        matched = [
            {
                "developerMetadata": metadata_json(item),
                "dataFilters": [
                    f for f in filters if item in sheets_metadata.matching(workbook, [f])
                ],
            }
            for item in found
        ]
        return {"matchedDeveloperMetadata": matched} if matched else {}

    # spreadsheets.values

    def _spreadsheets_values_get(
        self, workbook: Workbook, path: Json, query: Json, _: Json
    ) -> Json:
        return sheets_values.read(workbook, path["range"], _major(query), _render(query))

    def _spreadsheets_values_batchGet(
        self, workbook: Workbook, path: Json, query: Json, _: Json
    ) -> Json:
        read = [
            sheets_values.read(workbook, text, _major(query), _render(query))
            for text in query.get("ranges", [])
        ]
        return {"spreadsheetId": workbook.id} | ({"valueRanges": read} if read else {})

    def _spreadsheets_values_update(
        self, workbook: Workbook, path: Json, query: Json, body: Json
    ) -> Json:
        option = query.get("valueInputOption", "")
        return sheets_values.write(workbook, path["range"], body, option, _echo(query))

    def _spreadsheets_values_batchUpdate(
        self, workbook: Workbook, path: Json, query: Json, body: Json
    ) -> Json:
        option, echo = body.get("valueInputOption", ""), _echo(body)
        with workbook.atomic():
            done = [
                sheets_values.write(workbook, data.get("range", ""), data, option, echo)
                for data in body.get("data", [])
            ]
        return _totalled(workbook, done)

    def _spreadsheets_values_append(
        self, workbook: Workbook, path: Json, query: Json, body: Json
    ) -> Json:
        insert = query.get("insertDataOption") == "INSERT_ROWS"
        option = query.get("valueInputOption", "")
        return sheets_values.append(workbook, path["range"], body, option, insert, _echo(query))

    def _spreadsheets_values_clear(
        self, workbook: Workbook, path: Json, query: Json, _: Json
    ) -> Json:
        cleared = sheets_values.clear(workbook, path["range"])
        return {"spreadsheetId": workbook.id, "clearedRange": cleared}

    def _spreadsheets_values_batchClear(
        self, workbook: Workbook, path: Json, query: Json, body: Json
    ) -> Json:
        with workbook.atomic():
            cleared = [sheets_values.clear(workbook, text) for text in body.get("ranges", [])]
        return {"spreadsheetId": workbook.id, "clearedRanges": cleared}

    def _spreadsheets_values_batchGetByDataFilter(
        self, workbook: Workbook, path: Json, query: Json, body: Json
    ) -> Json:
        read = sheets_filters.read(
            workbook, body.get("dataFilters", []), _major(body), _render(body)
        )
        return {"spreadsheetId": workbook.id} | ({"valueRanges": read} if read else {})

    def _spreadsheets_values_batchUpdateByDataFilter(
        self, workbook: Workbook, path: Json, query: Json, body: Json
    ) -> Json:
        option, echo = body.get("valueInputOption", ""), _echo(body)
        done: list[Json] = []
        with workbook.atomic():
            for data in body.get("data", []):
                done += sheets_filters.write(workbook, data, option, echo)
        return _totalled(workbook, done)

    def _spreadsheets_values_batchClearByDataFilter(
        self, workbook: Workbook, path: Json, query: Json, body: Json
    ) -> Json:
        with workbook.atomic():
            cleared = sheets_filters.clear(workbook, body.get("dataFilters", []))
        return {"spreadsheetId": workbook.id, "clearedRanges": cleared}


def _selected(
    workbook: Workbook, ranges: list[tuple[Tab, Rect]], data: bool, *, nothing: bool = False
) -> Json:
    """The tabs that have one of the ranges, or all tabs where none is asked for."""
    all_ = not ranges and not nothing
    tabs = [t for t in workbook.tabs if all_ or any(t is tab for tab, _ in ranges)]
    rects = ranges or [(t, t.data_extent()) for t in tabs]
    return spreadsheet(workbook, tabs, rects if data else None)


def _totalled(workbook: Workbook, done: list[Json]) -> Json:
    answer: Json = {"spreadsheetId": workbook.id, "responses": done}
    for name in ("updatedRows", "updatedColumns", "updatedCells"):
        answer["total" + name[0].upper() + name[1:]] = sum(one.get(name, 0) for one in done)
    answer["totalUpdatedSheets"] = len({one["updatedRange"].rpartition("!")[0] for one in done})
    return answer


def _major(query: Json) -> str:
    major: str = query.get("majorDimension", "ROWS")
    return major


def _render(query: Json) -> Render:
    return Render(
        query.get("valueRenderOption", "FORMATTED_VALUE"),
        query.get("dateTimeRenderOption", "SERIAL_NUMBER"),
    )


def _echo(asked: Json) -> Render | None:
    if not asked.get("includeValuesInResponse"):
        return None
    return Render(
        asked.get("responseValueRenderOption", "FORMATTED_VALUE"),
        asked.get("responseDateTimeRenderOption", "SERIAL_NUMBER"),
    )
