"""Asks the sandbox's books without a server in between, and reads what they answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sandbox.intuit.companies_api import ApiRequest, Books

NOW = datetime(2026, 7, 1, 12, 0, 0, 250_000, tzinfo=UTC)


def select(entity: str, *rest: str) -> str:
    return " ".join(("SELECT * FROM", entity, *rest))


def count(entity: str, *rest: str) -> str:
    return " ".join(("SELECT COUNT(*) FROM", entity, *rest))


def request(method: str, path: str, body: str = "", **args: str) -> ApiRequest:
    headers = {"content-type": "application/text", "accept": "application/json"}
    return ApiRequest(method, path, args, body.encode(), headers, NOW)


def answered(books: Books, realm_id: str, asked: ApiRequest) -> tuple[int, Any]:
    response = books.handle(realm_id, asked)
    return response.status, json.loads(response.body, parse_float=Decimal)


def query(books: Books, realm_id: str, statement: str) -> dict[str, Any]:
    """The QueryResponse of a statement that QuickBooks must take."""
    status, body = answered(books, realm_id, request("POST", "query", statement))
    assert status == 200, body
    response: dict[str, Any] = body["QueryResponse"]
    return response


def refusal(books: Books, realm_id: str, asked: ApiRequest) -> tuple[int, str, str, str]:
    """Status, code, message and detail of a request that must be refused."""
    status, body = answered(books, realm_id, asked)
    error = body["Fault"]["Error"][0]
    return status, error["code"], error["Message"], error["Detail"]


def read(books: Books, realm_id: str, path: str, **args: str) -> Any:
    status, body = answered(books, realm_id, request("GET", path, **args))
    assert status == 200, body
    return body


def key_paths(value: Any, at: str = "") -> set[str]:
    """Every path at which a scalar lies: "[].Line[].Amount"."""
    if isinstance(value, dict):
        return {path for key, it in value.items() for path in key_paths(it, f"{at}.{key}")}
    if isinstance(value, list):
        return {path for it in value for path in key_paths(it, f"{at}[]")}
    return {at.lstrip(".")}


def report_lines(rows: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """("header" | "data" | "summary", cells) in the order of the page."""
    for row in rows.get("Row", []):
        if "ColData" in row:
            yield "data", row["ColData"]
        if "Header" in row:
            yield "header", row["Header"]["ColData"]
        yield from report_lines(row.get("Rows", {}))
        if "Summary" in row:
            yield "summary", row["Summary"]["ColData"]


def section(rows: dict[str, Any], group: str) -> dict[str, Any]:
    """The section of that group, wherever it lies; {} where there is none."""
    for row in rows.get("Row", []):
        if row.get("group") == group:
            found: dict[str, Any] = row
            return found
        inner = section(row.get("Rows", {}), group)
        if inner:
            return inner
    return {}


def amounts(cells: list[dict[str, str]]) -> list[Decimal]:
    """The figures behind the label; blank counts as nothing."""
    return [Decimal(cell["value"] or 0) for cell in cells[1:]]


def every(books: Books, realm: str, entity: str, size: int = 1000) -> Iterator[dict[str, Any]]:
    """All rows, page by page."""
    start = 1
    while True:
        asked = select(entity, f"ORDERBY Id STARTPOSITION {start} MAXRESULTS {size}")
        page = query(books, realm, asked).get(entity, [])
        yield from page
        if len(page) < size:
            return
        start += size
