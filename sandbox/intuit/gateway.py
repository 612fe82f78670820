"""The gateway in front of the accounting API: who may ask, and how the answer travels."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from werkzeug.wrappers import Request, Response

from sandbox.intuit import gateway_faults
from sandbox.intuit.companies_api import ApiRequest, ApiResponse, Books
from sandbox.intuit.consent import ACCOUNTING
from sandbox.intuit.faults import UNABLE
from sandbox.intuit.gateway_faults import Answer
from sandbox.intuit.people import Directory
from sandbox.intuit.throttle import Throttle
from sandbox.intuit.tokens import Standing, Tokens

# Below this a packed answer is no smaller than a plain one.
GZIP_FROM = 1024
# Bearer values of another length are refused before anything is looked up.
TOKEN_LENGTH = range(20, 4097)

_WIRE = {"Cache-Control": "no-cache, no-store", "Vary": "Accept-Encoding"}


class Gateway:
    def __init__(
        self,
        books: Books,
        people: Directory,
        tokens: Tokens,
        throttle: Throttle,
        now: Callable[[], datetime],
    ) -> None:
        self._books = books
        self._people = people
        self._tokens = tokens
        self._throttle = throttle
        self._now = now

    def refusal(self, request: Request, realm_id: str, path: str) -> Response | None:
        """What the gateway says instead of the books, decided when the request arrives."""
        refused = self._refusal(request, realm_id, path)
        return None if refused is None else response(refused)

    def answer(self, request: Request, realm_id: str, path: str, body: bytes) -> Response:
        """The books' answer. `path` is what follows the realm."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        given = self._books.handle(
            realm_id,
            ApiRequest(
                method=request.method,
                path_after_realm=path,
                args=request.args.to_dict(),
                body=body,
                headers=headers,
                now=self._now(),
            ),
        )
        return _packed(given, accepts_gzip=_accepts_gzip(headers.get("accept-encoding", "")))

    def _refusal(self, request: Request, realm_id: str, path: str) -> Answer | None:
        now = self._now()
        if request.method not in ("GET", "POST"):
            return gateway_faults.entity(
                405,
                "ValidationFault",
                "500",
                "Unsupported Operation",
                f"Operation {request.method} is not supported.",
                now,
            )
        token = bearer(request)
        if token is None:
            return gateway_faults.no_authentication(now)
        if len(token) not in TOKEN_LENGTH:
            return gateway_faults.unauthenticated(
                "Malformed bearer token: too short or too long", now
            )
        standing, consent = self._tokens.standing(token)
        # Intuit repeats the token in its text, so a client that logs the text leaks it.
        match standing:
            case Standing.EXPIRED:
                return gateway_faults.unauthenticated(f"Token expired: {token}", now)
            case Standing.ENDED:
                return gateway_faults.unauthenticated(f"Token revoked: {token}", now)
        if consent is None:
            return gateway_faults.unauthenticated(f"Token invalid: {token}", now)
        if consent.realm_id != realm_id or ACCOUNTING not in consent.scopes:
            return gateway_faults.wrong_company(now)
        person = self._people.find(consent.sub)
        if person is None or not self._people.is_admin(person):
            return gateway_faults.entity(
                401,
                "AuthenticationFault",
                "120",
                "Authorization Failure",
                ": -11014-You do not have access to use QuickBooks Online Plus.",
                now,
            )
        if not self._throttle.admits(realm_id, batch=path == "batch"):
            return gateway_faults.throttled(now)
        return None


def bearer(request: Request) -> str | None:
    given = request.authorization
    if given is None or given.type != "bearer":
        return None
    return given.token


def response(answer: Answer) -> Response:
    return Response(
        answer.body, answer.status, {**_WIRE, **answer.headers}, content_type=answer.content_type
    )


def too_large(given: Response) -> Response:
    """The same report, saying that it cannot show its data; the status stays 200."""
    packed = _is_gzip(dict(given.headers))
    try:
        report = json.loads(gzip.decompress(given.data) if packed else given.data)
    except ValueError:
        return given
    if not isinstance(report, dict) or "Rows" not in report:
        return given
    columns: list[Any] = report.get("Columns", {}).get("Column", [])
    cells = [{"value": UNABLE}, *({"value": ""} for _ in columns[1:])]
    report["Rows"] = {"Row": [{"ColData": cells, "type": "Data"}]}
    return Response(json.dumps(report), 200, _WIRE, content_type=gateway_faults.ENTITY_JSON)


def _packed(given: ApiResponse, *, accepts_gzip: bool) -> Response:
    """gzip where the client takes it; bytes that the books have packed already go out as they
    are."""
    headers = {**_WIRE, **given.headers}
    body = given.body
    packed = _is_gzip(headers)
    if packed and not accepts_gzip:
        body = gzip.decompress(body)
        headers = {
            name: value for name, value in headers.items() if name.lower() != "content-encoding"
        }
    elif not packed and accepts_gzip and len(body) >= GZIP_FROM:
        # The lowest level: the sandbox should cost little beside what is measured against it.
        body = gzip.compress(body, compresslevel=1, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, given.status, headers)


def _is_gzip(headers: Mapping[str, str]) -> bool:
    return any(
        name.lower() == "content-encoding" and value.lower() == "gzip"
        for name, value in headers.items()
    )


def _accepts_gzip(accept_encoding: str) -> bool:
    for part in accept_encoding.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
