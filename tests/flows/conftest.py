"""A simulated company, its QuickBooks and Google Sheets, and a table that is brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from sandbox.google.server import GoogleSandbox
from sandbox.intuit import acme
from sandbox.intuit.books import DemoBooks
from sandbox.intuit.companies import demo_books
from sandbox.intuit.company import Company
from sandbox.intuit.server import IntuitSandbox
from tests.flows.export_fakes import REALM
from tests.flows.tie_asking import Asking
from tests.flows.updating import COLUMNS, Refreshed, noon, sheets

assert acme.REALM_ID == REALM


@pytest.fixture(scope="module")
def google() -> Iterator[tuple[GoogleSandbox, Any]]:
    with sheets() as opened:
        yield opened


@pytest.fixture(scope="session")
def demo() -> Iterator[IntuitSandbox]:
    """The companies of the demo over HTTP; who edits them uses `sandbox`."""
    with IntuitSandbox(books=demo_books()) as running:
        yield running


@pytest.fixture(scope="session")
def books(demo: IntuitSandbox) -> DemoBooks:
    """The same without HTTP in between, to be read."""
    found = demo.books
    assert isinstance(found, DemoBooks)
    return found


@pytest.fixture
def asking(books: DemoBooks) -> Asking:
    return Asking(books, REALM)


@pytest.fixture
def sandbox(demo: IntuitSandbox) -> Iterator[IntuitSandbox]:
    demo.reset()
    yield demo
    demo.books.company(REALM).before_answer = None  # type: ignore[attr-defined]


@pytest.fixture
def company() -> Company:
    return acme.acme()


@pytest.fixture
def intuit(company: Company) -> Iterator[IntuitSandbox]:
    with IntuitSandbox(noon(), DemoBooks([company])) as running:
        yield running


@pytest.fixture
def invoices(
    google: tuple[GoogleSandbox, Any], intuit: IntuitSandbox, company: Company
) -> Refreshed:
    made = Refreshed(google, intuit, company, "invoices", mode="update", columns=COLUMNS)
    made.first()
    intuit.clock.advance(timedelta(minutes=5))
    return made
