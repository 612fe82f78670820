"""Google Sheets API v4 over the grid, for real clients.

Every request and every answer is held against the API's own description (sheets_contract).
What the stand-in does not do is refused with 400, never ignored.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections import Counter
from collections.abc import Iterable, MutableMapping
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from sandbox.google import masks, sheets_contract, sheets_metadata, sheets_values
from sandbox.google.cells import GridError
from sandbox.google.grid import Workbook
from sandbox.google.sheets_answer import spreadsheet
from sandbox.google.sheets_batch import batch_update
from sandbox.google.sheets_contract import Violation
from sandbox.google.sheets_values import Render

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Json = dict[str, Any]

_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


class ApiError(Exception):
    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class SheetsApi:
    """A WSGI application. `calls` counts requests by method id; `fail_next` makes trouble."""

    def __init__(self, workbooks: MutableMapping[str, Workbook]) -> None:
        self.workbooks = workbooks
        self.calls: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._trouble: list[int] = []

    def fail_next(self, *codes: int) -> None:
        """The next requests are answered with these status codes, in order, and do nothing."""
        with self._lock:
            self._trouble += codes

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        try:
            response = _json(self._answered(request))
        except ApiError as wrong:
            response = _error(wrong.code, str(wrong))
        except (GridError, Violation) as wrong:
            response = _error(400, str(wrong))
        return list(response(environ, start))

    def _answered(self, request: Request) -> Json:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise ApiError(401, "Request is missing required authentication credential.")
        # The raw path: a tab's title may hold an encoded slash.
        found = sheets_contract.find(request.method, request.environ["RAW_URI"].partition("?")[0])
        if found is None:
            raise ApiError(404, "Method not found.")
        method, path = found
        with self._lock:
            self.calls[method.id] += 1
            trouble = self._trouble.pop(0) if self._trouble else None
        if trouble is not None:
            raise ApiError(trouble, "The sandbox was told to fail this request.")
        query = sheets_contract.query(method, dict(request.args.lists()))
        body = self._body(request)
        if method.request is not None:
            sheets_contract.check(method.request, body)
        mask = masks.parse(query["fields"], method.response) if "fields" in query else {}
        handler = getattr(self, "_" + method.id.replace(".", "_"), None)
        if handler is None:
            raise GridError(f"The sandbox does not know {method.id}.")
        if method.id == "spreadsheets.create":
            answer = handler(body)
        else:
            workbook = self.workbooks.get(path.pop("spreadsheetId"))
            if workbook is None:
                raise ApiError(404, "Requested entity was not found.")
            with workbook.lock:
                answer = handler(workbook, path, query, body)
        try:
            sheets_contract.check(method.response, answer)
        except Violation as ours:
            raise ApiError(500, f"The sandbox's own answer is wrong: {ours}") from ours
        kept: Json = masks.kept(mask, answer)
        return kept

    def _body(self, request: Request) -> Json:
        raw = request.get_data()
        try:
            body = json.loads(raw) if raw else {}
        except ValueError:
            raise ApiError(400, "Invalid JSON payload received.") from None
        if not isinstance(body, dict):
            raise ApiError(400, "Invalid JSON payload received: an object is expected.")
        # To the server a field that is null is one that was left out; in a list of cells it is not.
        made: Json = _without_nulls(body) if b"null" in raw else body
        return made

    # spreadsheets

    def _spreadsheets_create(self, body: Json) -> Json:
        properties = body.get("properties", {})
        for name in [*body, *(f"properties.{p}" for p in properties)]:
            known = ("properties", "properties.title", "properties.locale", "properties.timeZone")
            if name not in known:
                raise GridError(f"The sandbox does not create a spreadsheet with {name}.")
        workbook = Workbook(
            secrets.token_urlsafe(33),
            properties.get("title", "Untitled spreadsheet"),
            properties.get("timeZone", "Etc/GMT"),
            properties.get("locale", "en_US"),
        )
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
        ranges = [sheets_values.located(workbook, text) for text in query.get("ranges", [])]
        tabs = [t for t in workbook.tabs if not ranges or any(t is r[0] for r in ranges)]
        rects = [(tab, rect) for tab, rect, _ in ranges] or [(t, t.data_extent()) for t in tabs]
        return spreadsheet(workbook, tabs, rects if data else None)

    def _spreadsheets_batchUpdate(
        self, workbook: Workbook, path: Json, query: Json, body: Json
    ) -> Json:
        if body.get("responseRanges") or body.get("responseIncludeGridData"):
            raise GridError("The sandbox answers whole spreadsheets without grid data only.")
        answer: Json = {
            "spreadsheetId": workbook.id,
            "replies": batch_update(workbook, body.get("requests", [])),
        }
        if body.get("includeSpreadsheetInResponse"):
            answer["updatedSpreadsheet"] = spreadsheet(workbook, list(workbook.tabs), None)
        return answer

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
        matched = [{"developerMetadata": metadata_json(m), "dataFilters": filters} for m in found]
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
        answer: Json = {"spreadsheetId": workbook.id, "responses": done}
        for name in ("updatedRows", "updatedColumns", "updatedCells"):
            answer["total" + name[0].upper() + name[1:]] = sum(one.get(name, 0) for one in done)
        answer["totalUpdatedSheets"] = len({one["updatedRange"].rpartition("!")[0] for one in done})
        return answer

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


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(inner) for name, inner in value.items() if inner is not None}
    return [_without_nulls(inner) for inner in value] if isinstance(value, list) else value


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


def _json(answer: Json) -> Response:
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    return Response(text, mimetype="application/json; charset=UTF-8")


def _error(code: int, message: str) -> Response:
    error = {"code": code, "message": message, "status": _STATUS.get(code, "UNKNOWN")}
    response = _json({"error": error})
    response.status_code = code
    return response
