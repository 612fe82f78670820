"""Answers of Intuit's gateway and of the entity API when something is wrong. Pure.

The gateway in front of the API answers some errors as JSON with lower-case keys, others as XML,
whatever the client accepts; the entity API has an envelope of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any

from sandbox.intuit.answers import answer_time

ENTITY_JSON = "application/json;charset=UTF-8"
XML = "application/xml;charset=UTF-8"
BEARER = 'Bearer realm="Intuit", error="invalid_token"'


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


def unauthenticated(detail: str, now: datetime) -> Answer:
    """401 of the gateway: the bearer token is malformed, unknown, expired or revoked."""
    return _gateway(
        401,
        "message=AuthenticationFailed; errorCode=003200; statusCode=401",
        detail,
        "3200",
        "AUTHENTICATION",
        now,
        {"WWW-Authenticate": BEARER},
    )


def wrong_company(now: datetime) -> Answer:
    """403 of the gateway: a good token, for another company or another host."""
    return _gateway(
        403,
        "message=AuthorizationFailed; errorCode=003100; statusCode=403",
        None,
        "3100",
        "SERVICE",
        now,
    )


def no_authentication(now: datetime) -> Answer:
    """401 in XML: no bearer token at all."""
    return xml(
        401,
        "AuthenticationFault",
        "100",
        "General Authentication Error",
        "AuthenticationErrorGeneral: SRV-110-Authentication Failure , statusCode: 401",
        now,
        {"WWW-Authenticate": 'Bearer realm="Intuit"'},
    )


def throttled(now: datetime) -> Answer:
    """429 in XML. No Retry-After is documented, so none is sent."""
    return xml(
        429,
        "SERVICE",
        "3001",
        "message=ThrottleExceeded; errorCode=003001; statusCode=429",
        "The request limit was reached.  Try again later",
        now,
    )


def timed_out(now: datetime) -> Answer:
    """504 in XML; its exact wording was never captured."""
    return xml(504, "SERVICE", "504", "message=GatewayTimeout; statusCode=504", "", now)


def entity(status: int, kind: str, code: str, message: str, detail: str, now: datetime) -> Answer:
    """A fault in the entity API's own envelope."""
    error = {"Message": message, "Detail": detail, "code": code}
    body = {"Fault": {"Error": [error], "type": kind}, "time": answer_time(now)}
    return Answer(status, json.dumps(body).encode(), ENTITY_JSON)


def xml(
    status: int,
    kind: str,
    code: str,
    message: str,
    detail: str,
    now: datetime,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    text = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<IntuitResponse xmlns="http://schema.intuit.com/finance/v3"'
        f' time="{answer_time(now)}"><Fault type="{escape(kind)}"><Error code="{escape(code)}">'
        f"<Message>{escape(message, quote=False)}</Message>"
        f"<Detail>{escape(detail, quote=False)}</Detail></Error></Fault></IntuitResponse>"
    )
    return Answer(status, text.encode(), XML, headers or {})


def _gateway(
    status: int,
    message: str,
    detail: str | None,
    code: str,
    kind: str,
    now: datetime,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    error = {"message": message, "detail": detail, "code": code, "element": None}
    body: dict[str, Any] = {
        "warnings": None,
        "intuitObject": None,
        "fault": {"error": [error], "type": kind},
        "report": None,
        "queryResponse": None,
        "batchItemResponse": [],
        "attachableResponse": [],
        "syncErrorResponse": None,
        "requestId": None,
        "time": int(now.timestamp() * 1000),
        "status": None,
        "cdcresponse": [],
    }
    return Answer(status, json.dumps(body).encode(), "application/json", headers or {})
