"""What QuickBooks' accounting API puts on the wire: envelopes, faults, times. Pure.

Amounts are Decimals and are written as JSON numbers digit by digit, never through a float.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from sandbox.intuit.companies_api import ApiResponse

DATA_CENTRE = ZoneInfo("America/Los_Angeles")
"""Every time that QuickBooks writes carries its data centre's offset, not the company's."""

JSON = {"Content-Type": "application/json;charset=UTF-8"}

_encoder = msgspec.json.Encoder(decimal_format="number")


class ApiRefused(Exception):
    """A fault of the entity API, in QuickBooks' own words."""

    def __init__(
        self, code: str, message: str, detail: str, *, status: int = 400, element: str | None = None
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.message = message
        self.detail = detail
        self.status = status
        self.element = element


class QueryRefused(ApiRefused):
    def __init__(self, code: str, detail: str) -> None:
        message = "Error parsing query" if code == "4000" else "Invalid query"
        super().__init__(code, message, detail)


def not_supported(what: str) -> ApiRefused:
    """A feature that the company's plan lacks."""
    return ApiRefused(
        "5030",
        "Feature Not Supported Error",
        f"Feature Not Supported Error : The requested feature isn't supported. : {what}",
    )


def not_permitted(what: str) -> ApiRefused:
    """Something that neither the plan nor the role of whoever asks allows."""
    return ApiRefused(
        "5020",
        "Permission Denied Error",
        f"Permission Denied Error : You do not have permission to access {what}.",
        status=403,
    )


def not_queryable(name: str) -> QueryRefused:
    return QueryRefused("4001", f"QueryValidationError: property '{name}' is not queryable")


def unsupported(path: str) -> ApiRefused:
    return ApiRefused(
        "500",
        "Unsupported Operation",
        f"Operation Could not find resource for relative : /{path} is not supported.",
    )


def not_found() -> ApiRefused:
    return ApiRefused(
        "610",
        "Object Not Found",
        "Object Not Found : Something you're trying to use has been made inactive. "
        "Check the fields with accounts, customers, items, vendors or employees.",
        element="",
    )


def encoded(value: object) -> bytes:
    return _encoder.encode(value)


def answer(body: Mapping[str, Any]) -> ApiResponse:
    return ApiResponse(200, JSON, encoded(body))


def fault(refused: ApiRefused, now: datetime) -> ApiResponse:
    error: dict[str, str] = {
        "Message": refused.message,
        "Detail": refused.detail,
        "code": refused.code,
    }
    if refused.element is not None:
        error["element"] = refused.element
    kind = "SystemFault" if refused.status >= 500 else "ValidationFault"
    body = {"Fault": {"Error": [error], "type": kind}, "time": answer_time(now)}
    return ApiResponse(refused.status, JSON, encoded(body))


def answer_time(now: datetime) -> str:
    """As at the end of an answer: 2026-05-05T05:16:21.718-07:00."""
    return now.astimezone(DATA_CENTRE).isoformat(timespec="milliseconds")


def record_time(moment: datetime) -> str:
    """As in MetaData: 2026-05-05T05:16:21-07:00."""
    return moment.astimezone(DATA_CENTRE).isoformat(timespec="seconds")


def plain(amount: Decimal | int | str) -> Decimal:
    """The amount as QuickBooks prints it in JSON: 275, 12.75, 47.5, never 47.50."""
    number = Decimal(amount)
    if number == number.to_integral_value():
        return number.quantize(Decimal(1))
    return number.normalize()
