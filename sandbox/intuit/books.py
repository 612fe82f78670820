"""The accounting API of the simulated companies: `/v3/company/<realm>/...` behind the gateway.

Reads only: query, batches of queries, change data capture, read by id, companyinfo, preferences,
two reports. Whatever else the live service offers answers "Unsupported Operation", so that nothing
here can look like a write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from sandbox.intuit.answers import ApiRefused, answer, answer_time, fault, not_found, unsupported
from sandbox.intuit.batch import batch_answer
from sandbox.intuit.cdc import cdc_answer
from sandbox.intuit.companies_api import ApiRequest, ApiResponse, CompanyCard
from sandbox.intuit.company import Company
from sandbox.intuit.grammar import parse
from sandbox.intuit.store import Found, Row
from sandbox.intuit.vocabulary import Entity, Shape, entity, entity_at

QUERY_TYPES = ("application/text", "text/plain")


class Bookkeeper(Protocol):
    """One company, however its rows are kept."""

    @property
    def card(self) -> CompanyCard: ...

    def handle(self, request: ApiRequest) -> ApiResponse: ...


class DemoBooks:
    """Answers for several companies."""

    def __init__(self, companies: Iterable[Company | Bookkeeper]) -> None:
        self._books: dict[str, Bookkeeper] = {}
        for company in companies:
            self.open(company)

    def open(self, company: Company | Bookkeeper) -> None:
        """One more company, or another in the place of one with the same realm id."""
        keeper = KeptRows(company) if isinstance(company, Company) else company
        self._books[keeper.card.realm_id] = keeper

    def company(self, realm_id: str) -> Company:
        """The company itself, to edit. Raises KeyError for realms that keep no rows."""
        keeper = self._books[realm_id]
        if not isinstance(keeper, KeptRows):
            raise KeyError(realm_id)
        return keeper.company

    def companies(self) -> list[CompanyCard]:
        return [keeper.card for keeper in self._books.values()]

    def handle(self, realm_id: str, request: ApiRequest) -> ApiResponse:
        keeper = self._books.get(realm_id)
        if keeper is None:
            return fault(unsupported(f"v3/company/{realm_id}"), request.now)
        return keeper.handle(request)


class KeptRows:
    """A company whose rows are in memory."""

    def __init__(self, company: Company) -> None:
        self.company = company

    @property
    def card(self) -> CompanyCard:
        return self.company.card

    def handle(self, request: ApiRequest) -> ApiResponse:
        try:
            with self.company.lock:
                if self.company.before_answer is not None:
                    self.company.before_answer(request)
                return answer(self._body(request))
        except ApiRefused as refused:
            return fault(refused, request.now)

    def _body(self, request: ApiRequest) -> Mapping[str, Any]:
        path = request.path_after_realm.strip("/").split("/")
        now = request.now
        if path == ["query"]:
            asked = parse(statement(request))
            self.company.profile.check(asked.entity)
            found = self.company.store.select(asked, now)
            if asked.count:
                return count_answer(found.total, now)
            return page_answer(entity(asked.entity), found, asked.start, now)
        if path == ["batch"] and request.method == "POST":
            return batch_answer(request, self._item)
        if request.method != "GET":
            raise unsupported(request.path_after_realm)
        match path:
            case ["cdc"]:
                return cdc_answer(request.args, self.company, now, self.company.profile.check)
            case ["reports", name]:
                return self.company.report(name, request.args, now)
            case ["companyinfo", realm] if realm == self.card.realm_id:
                return read_answer("CompanyInfo", self.company.store.get("CompanyInfo", "1"), now)
            case ["companyinfo", _]:
                raise not_found()
            case ["preferences"]:
                return read_answer("Preferences", self.company.store.get("Preferences", "1"), now)
            case [kind, id]:
                return self._one(entity_at(kind), id, now)
        raise unsupported(request.path_after_realm)

    def _item(self, request: ApiRequest) -> ApiResponse:
        try:
            return answer(self._body(request))
        except ApiRefused as refused:
            return fault(refused, request.now)

    def _one(self, kind: Entity, id: str, now: datetime) -> Mapping[str, Any]:
        if kind.shape is Shape.SINGLETON:
            raise unsupported(f"{kind.name.lower()}/{id}")
        numbered(id)
        if not self.company.store.has(kind.name, id):
            raise not_found()
        return read_answer(kind.name, self.company.store.get(kind.name, id), now)


def statement(request: ApiRequest) -> str:
    """The query of a GET or a POST. Raises ApiRefused."""
    if request.method == "GET":
        text = request.args.get("query", "")
    elif request.method == "POST":
        if request.headers.get("content-type", "").split(";")[0].strip() not in QUERY_TYPES:
            raise ApiRefused(
                "500",
                "Unsupported Operation",
                "Operation Content-Type is not supported.",
                status=415,
            )
        text = request.body.decode("utf-8", "replace")
    else:
        raise unsupported(request.path_after_realm)
    if not text.strip():
        raise ApiRefused(
            "2020",
            "Required param missing, need to supply the required value for the API",
            "Required parameter query is missing in the request",
            element="query",
        )
    return text


def numbered(id: str) -> None:
    """Raises ApiRefused for what cannot be an id."""
    if not (id.isascii() and id.isdigit()):
        raise ApiRefused(
            "2030",
            "Invalid ID",
            f"Id should be a valid number. Supplied value:{id}",
            element="Id",
        )


def count_answer(total: int, now: datetime) -> Row:
    return {"QueryResponse": {"totalCount": total}, "time": answer_time(now)}


def page_answer(kind: Entity, found: Found, start: int, now: datetime) -> Row:
    """Without rows there is no key for the entity, not an empty list."""
    response: Row = {}
    if found.rows:
        response = {
            kind.answer_key: [kind.shown(row) for row in found.rows],
            "startPosition": start,
            "maxResults": len(found.rows),
        }
        if kind.says_total:
            # Of this page: nobody may take it for the number of rows in the company.
            response["totalCount"] = len(found.rows)
    return {"QueryResponse": response, "time": answer_time(now)}


def read_answer(name: str, row: Row, now: datetime) -> Row:
    return {name: row, "time": answer_time(now)}
