"""The transport tells when a request has been written and when its answer came."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from counterfoil.adapters.meters import Unmetered
from counterfoil.adapters.quickbooks_api import QuickBooksApi
from counterfoil.core.errors import QuickBooksBusy
from sandbox.http import Server
from tests.adapters.quickbooks_fakes import REALM, STATEMENT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Story:
    """The turn of every call, and who answers it, in one list."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def admit(self) -> Story:
        self.told.append("may begin")
        return self

    def left(self) -> None:
        self.told.append("left")

    def answered(self) -> None:
        self.told.append("answered")

    def pause(self, seconds: float) -> bool:
        return Unmetered().pause(0)

    def throttled(self, seconds: float) -> None:
        self.told.append("throttled")

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        environ["wsgi.input"].read()
        start("200 OK", [("Content-Type", "application/json")])
        return [b'{"QueryResponse":{}}']


def test_a_call_is_told_to_have_left_and_to_have_been_answered_each_time_it_is_made() -> None:
    story = Story()
    with Server(story) as server:
        api = QuickBooksApi(server.url, clock=lambda: datetime(2026, 11, 28, tzinfo=UTC))
        company = api.company(REALM, lambda: "token", lambda refused: "token", story)
        for _ in range(2):
            company.query(STATEMENT)
    assert story.told == ["may begin", "left", "answered"] * 2


def test_a_call_that_reaches_nobody_has_not_left_and_is_given_up() -> None:
    story = Story()
    with Server(story) as server:
        url = server.url
    api = QuickBooksApi(url, clock=lambda: datetime(2026, 11, 28, tzinfo=UTC), jitter=lambda: 0)
    company = api.company(REALM, lambda: "token", lambda refused: "token", story)
    with pytest.raises(QuickBooksBusy):
        company.query(STATEMENT)
    assert story.told == ["may begin", "answered"] * 3
