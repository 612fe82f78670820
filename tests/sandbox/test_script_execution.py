"""Executions that have ended stay so, whatever their last worker may still say."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.test import Client

from sandbox.google.apps_script import AppsScript
from sandbox.google.cells import GridError
from sandbox.google.grid import Workbook
from sandbox.google.script_execution import ENDS_KEPT, Executions, Locks

ADDON = pathlib.Path(__file__).parent / "fixture_addon"
BOOK = Workbook("book-1")
ANA, BEN = "ana@example.com", "ben@example.com"


@pytest.fixture
def executions() -> Iterator[Executions]:
    made = Executions()
    yield made
    made.close()


def test_a_call_that_comes_after_the_end_does_not_bring_the_execution_back(
    executions: Executions,
) -> None:
    locks = Locks(executions)
    dead = executions.of("e1", ANA, BOOK)
    assert locks.take("document", dead, 0)
    executions.end("e1")
    with pytest.raises(GridError, match="has ended"):
        executions.of("e1", ANA, BOOK)
    assert not executions.alive("e1")
    assert locks.take("document", executions.of("e2", BEN, BOOK), 0)


def test_the_end_may_be_told_before_the_first_call_has_come(executions: Executions) -> None:
    executions.end("e1")
    with pytest.raises(GridError, match="has ended"):
        executions.of("e1", ANA, BOOK)


def test_only_the_latest_ends_are_remembered(executions: Executions) -> None:
    for number in range(ENDS_KEPT + 1):
        executions.end(str(number))
    assert executions.of("0", ANA, BOOK).user == ANA
    with pytest.raises(GridError):
        executions.of("1", ANA, BOOK)


def test_the_late_caller_gets_an_exception_and_nothing_is_done() -> None:
    script = AppsScript({BOOK.id: BOOK}, addon=ADDON, mint=lambda email: email, users=[ANA])
    client = Client(script)

    def call(method: str, **params: Any) -> dict[str, Any]:
        asked = {"execution": "e1", "spreadsheet": BOOK.id, "user": ANA}
        answer = client.post("/apps-script/call", json=asked | {"method": method, "params": params})
        answered: dict[str, Any] = answer.get_json()
        return answered

    change = {"of": "document", "changes": {"key": "value"}, "alone": False}
    assert call("properties.change", **change) == {"value": None}
    assert client.post("/apps-script/closed", data=b'{"executions": ["e1"]}').status_code == 200
    late = change | {"changes": {"key": "other"}}
    assert call("properties.change", **late) == {"error": "This execution has ended."}
    assert script.properties.read(f"document {BOOK.id}") == {"key": "value"}
    script.close()
