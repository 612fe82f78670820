"""JSON in and out of the Sheets API stand-in, and its errors as Google writes them."""

from __future__ import annotations

import json
from typing import Any

from werkzeug.wrappers import Request, Response

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


def body_of(request: Request, largest: int) -> Json:
    """Raises ApiError for more than `largest` bytes, and for what is no JSON object."""
    if (request.content_length or 0) > largest:
        raise ApiError(400, f"Request payload size exceeds the limit: {largest} bytes.")
    raw = request.get_data()
    if len(raw) > largest:  # sent in chunks, without saying its length
        raise ApiError(400, f"Request payload size exceeds the limit: {largest} bytes.")
    try:
        body = json.loads(raw) if raw else {}
    except ValueError:
        raise ApiError(400, "Invalid JSON payload received.") from None
    if not isinstance(body, dict):
        raise ApiError(400, "Invalid JSON payload received: an object is expected.")
    # To the server a field that is null is one that was left out; in a list of cells it is not.
    made: Json = _without_nulls(body) if b"null" in raw else body
    return made


def answered(answer: Json) -> Response:
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    return Response(text, mimetype="application/json; charset=UTF-8")


def refused(code: int, message: str) -> Response:
    error = {"code": code, "message": message, "status": _STATUS.get(code, "UNKNOWN")}
    response = answered({"error": error})
    response.status_code = code
    return response


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(inner) for name, inner in value.items() if inner is not None}
    return [_without_nulls(inner) for inner in value] if isinstance(value, list) else value
