"""One line for each request, with what it cost; one for each outside call; errors by their place."""

from __future__ import annotations

import ast
import json
import pathlib
from collections.abc import Iterator
from typing import Any

import flask
import pytest

from counterfoil import logs
from counterfoil.core.errors import IncompleteRead, ServiceUnavailable
from counterfoil.web import handlers
from counterfoil.web.endpoint import Route, answer
from sandbox import check
from sandbox.world import World
from tests.web import declared
from tests.web.backend import Backend

Line = dict[str, Any]
ROOT = pathlib.Path(__file__).resolve().parents[2]
TRACE = "105445aa7843bc8bf206b12000100000"


@pytest.fixture(scope="module")
def lines() -> Iterator[list[Line]]:
    """The log of a company connected and exported."""
    with World() as world:
        ana = check.sidebar(world, "ana@example.com")
        connection = check.connect(ana, world.intuit.companies()[0].realm_id)["id"]
        ana.export("entities/customers", connection_id=connection, options={}, target={"tab": "x"})
        yield [json.loads(line) for line in world.log.read_text().splitlines() if line[0] == "{"]


def of(lines: list[Line], message: str, **fields: Any) -> list[Line]:
    return [
        line
        for line in lines
        if line["message"] == message and all(line.get(k) == v for k, v in fields.items())
    ]


def test_a_request_has_one_line_with_its_duration_run_and_costs(lines: list[Line]) -> None:
    (line,) = of(lines, "request", route="/entities/{dataset}")
    assert line["status"] == 200
    assert line["severity"] == "INFO"
    assert line["run"].startswith("run_")
    assert line["calls"] == len(of(lines, "quickbooks", run=line["run"]))
    assert line["calls"] >= 1
    assert line["reads"] > 3
    assert line["writes"] > 3
    assert 0 < line["store_ms"] <= line["duration_ms"]


def test_each_outside_call_has_one_line_with_intuits_word_for_it(lines: list[Line]) -> None:
    calls = of(lines, "quickbooks") + of(lines, "intuit")
    assert {"companyinfo", "query", "discovery"} < {line["route"] for line in calls}
    for line in calls:
        assert line["route"] == "discovery" or line["intuit_tid"]
        assert line["status"] == 200
        assert line["duration_ms"] >= 0
    (certs,) = of(lines, "google certs")
    assert certs["status"] == 200
    assert certs["duration_ms"] >= 0


def test_the_acknowledgement_is_about_the_same_run(lines: list[Line]) -> None:
    (started,) = of(lines, "request", route="/entities/{dataset}")
    (told,) = of(lines, "request", route="/acknowledge")
    assert told["run"] == started["run"]


def test_a_good_journey_reports_no_error(lines: list[Line]) -> None:
    assert [line for line in lines if line["severity"] == "ERROR"] == []


def test_the_runbook_names_every_event_that_can_be_in_the_log() -> None:
    runbook = (ROOT / "docs/runbook.md").read_text()
    found = {event for path in (ROOT / "functions").rglob("*.py") for event in events(path)}
    assert {"request", "quickbooks", "unhandled", "tick"} < found
    assert sorted(event for event in found if f"`{event}`" not in runbook) == []


def events(path: pathlib.Path) -> Iterator[str]:
    """What a module says to its `log`."""
    for call in ast.walk(ast.parse(path.read_text())):
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and isinstance(call.func.value, ast.Name)
            and call.func.value.id == "log"
        ):
            said = [each.value for each in call.args if isinstance(each, ast.Constant)]
            yield from (each for each in said if isinstance(each, str))


def formatted(caplog: pytest.LogCaptureFixture) -> list[Line]:
    formatter = logs.JournalFormatter(project="a-project", service="export")
    return [json.loads(formatter.format(record)) for record in caplog.records]


def failing(request: flask.Request, services: object) -> str:
    raise KeyError("token ya29.secret")


def test_what_breaks_is_reported_by_its_place_and_never_by_its_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    headers = {"X-Cloud-Trace-Context": f"{TRACE}/1;o=1"}
    with flask.Flask("tests").test_request_context("/", method="POST", headers=headers):
        caplog.set_level("INFO")
        answer(flask.request, (Route("POST", "/", failing),), lambda: Backend())  # type: ignore[arg-type,return-value]
        broken, request = formatted(caplog)
    assert broken["error"] == "KeyError"
    assert broken["serviceContext"] == {"service": "export"}
    where = broken["context"]["reportLocation"]
    assert where["functionName"] in broken["place"]
    assert request["logging.googleapis.com/trace"] == f"projects/a-project/traces/{TRACE}"
    assert request["logging.googleapis.com/trace"] == broken["logging.googleapis.com/trace"]
    assert "ya29" not in repr((broken, request))


def refusing(request: flask.Request, services: object) -> str:
    error = IncompleteRead("1 of 7 totals is not the sum of its lines.", sent=7)
    error.beside = {"apart": 'It is "Total Income": 1,200.00, and its lines come to 1,100.00.'}
    raise error


def test_what_a_report_does_not_add_up_to_is_answered_and_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with flask.Flask("tests").test_request_context("/", method="POST"):
        caplog.set_level("INFO")
        told = answer(flask.request, (Route("POST", "/", refusing),), lambda: Backend())  # type: ignore[arg-type,return-value]
        lines = repr(formatted(caplog))
    assert "1,200.00" in told.json["apart"]
    declared.check_error(told.json)
    assert "1,200.00" not in repr(told.json["error"])
    assert "incomplete_read" in lines
    assert "1,200.00" not in lines
    assert "Income" not in lines


def test_a_librarys_words_are_not_repeated(caplog: pytest.LogCaptureFixture) -> None:
    import logging

    logging.getLogger("urllib3").error("POST /v3/company/123?secret=1")
    (line,) = formatted(caplog)
    assert line["message"] == "urllib3 spoke"
    assert "secret=1" not in json.dumps(line)
    assert "company/123" not in json.dumps(line)


# Health


def health(backend: Backend) -> tuple[int, Line]:
    with flask.Flask("tests").test_request_context("/"):
        response = answer(flask.request, handlers.HEALTH, lambda: backend)  # type: ignore[arg-type,return-value]
        return response.status_code, response.get_json()


def test_a_healthy_backend_says_so_to_anybody() -> None:
    status, told = health(Backend())
    assert (status, told["ok"]) == (200, True)
    assert sorted(told) == ["catalog_version", "managed", "ok", "world"]


def test_with_its_store_away_it_is_not_healthy(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Backend()

    def away(*_: object, **__: object) -> None:
        raise ServiceUnavailable("The store is away.")

    monkeypatch.setattr(type(backend.records), "find", away)
    status, told = health(backend)
    assert (status, told["error"]["code"]) == (503, "service_unavailable")


def test_however_often_it_is_asked_it_looks_into_the_store_every_fifteen_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    backend = Backend()
    asked = []
    find = type(backend.records).find

    def counted(self: Any, *given: Any, **more: Any) -> Any:
        asked.append(given)
        return find(self, *given, **more)

    monkeypatch.setattr(type(backend.records), "find", counted)
    for _ in range(20):
        assert health(backend)[0] == 200
    assert len(asked) == 1
