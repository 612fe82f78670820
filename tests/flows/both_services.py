"""The sandbox's books for tests of reports, in both styles of QuickBooks' service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from counterfoil.core.reports import ReportTable, plain_report
from sandbox.intuit import acme
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.companies import demo_books
from tests.sandbox.book_answers import request


@pytest.fixture(scope="module")
def books() -> DemoBooks:
    return demo_books()


@pytest.fixture(params=["as it was", "migrated"])
def service(request: pytest.FixtureRequest, books: DemoBooks) -> Iterator[DemoBooks]:
    company = books.company(acme.REALM_ID)
    company.new_reports = request.param == "migrated"
    yield books
    company.new_reports = False


class Books:
    """A company of the flows' port, without HTTP in between; `asked` are its calls."""

    def __init__(self, books: DemoBooks) -> None:
        self._books = books
        self.asked: list[str] = []

    def report(self, name: str, params: Mapping[str, str]) -> ReportTable:
        return plain_report(self.answer(name, params))

    def answer(self, name: str, params: Mapping[str, str]) -> bytes:
        self.asked.append(name)
        response = self._books.handle(acme.REALM_ID, request("GET", f"reports/{name}", **params))
        assert response.status == 200, response.body
        return response.body

    def query(self, statement: str) -> bytes:
        self.asked.append(statement)
        response = self._books.handle(acme.REALM_ID, request("GET", "query", query=statement))
        assert response.status == 200, response.body
        return response.body
