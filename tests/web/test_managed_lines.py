"""Each run of managed refresh has one line in the log: which, what became of it, what it cost."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from counterfoil import logs
from counterfoil.core.journal import ENVELOPE, FIELDS
from counterfoil.flows import managed_refresh
from sandbox.google.server import GoogleSandbox
from tests.web.managed_office import ManagedOffice, counts, sheets

Line = dict[str, Any]


class Log(logging.Handler):
    """Lines as they are written, while their request lasts."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logs.JournalFormatter(project="", service=""))
        self.lines: list[Line] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))

    def of(self, message: str) -> list[Line]:
        return [line for line in self.lines if line["message"] == message]


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleSandbox]:
    with sheets() as running:
        yield running


@pytest.fixture
def office(google: GoogleSandbox) -> ManagedOffice:
    return ManagedOffice(google)


@pytest.fixture
def log() -> Iterator[Log]:
    made, logger = Log(), logging.getLogger("counterfoil")
    before = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(made)
    yield made
    logger.removeHandler(made)
    logger.setLevel(before)


def test_a_run_is_told_with_its_id_and_what_it_alone_has_cost(
    office: ManagedOffice, log: Log
) -> None:
    ids = [office.managed(name=name) for name in ("One", "Two")]
    office.later(minutes=15)
    log.lines.clear()
    assert office.tick()["ran"] == 2
    lines = log.of("managed run")
    assert sorted(line["exporter"] for line in lines) == sorted(ids)
    for line in lines:
        assert (line["outcome"], line["code"], line["severity"]) == ("ran", None, "INFO")
        assert line["run"].startswith("run_")
        assert (
            line["sheets"] == sum(each.get("run") == line["run"] for each in log.of("sheets")) + 1
        )
        assert set(line) <= FIELDS | ENVELOPE
    (request,) = log.of("request")
    assert request["sheets"] == sum(line["sheets"] for line in lines)
    (tick,) = log.of("managed refresh")
    assert "run" not in tick, "it is about none of them"
    office.tick()
    assert len(log.of("managed run")) == 2, "nothing was due"


def unshared(office: ManagedOffice, id: str) -> None:
    office.share(None)


def unproven(office: ManagedOffice, id: str) -> None:
    office.good(f"exporters/{id}/update", "ben", revision=1, options={"columns": ["total"]})


def left(office: ManagedOffice, id: str) -> None:
    (member,) = office.backend.records.find("members", {"user": "google-ben"}, limit=2)
    office.backend.records.delete("members", member.id)


def typed_over(office: ManagedOffice, id: str) -> None:
    tab = office.book.tab("Invoices")
    assert tab is not None
    tab.write(3, 0, [["typed over"]])


@pytest.mark.parametrize(
    ("what", "outcome", "code"),
    [
        (unshared, "stopped", "unshared"),
        (unproven, "stopped", "unproven"),
        (left, "stopped", "left"),
        (typed_over, "failed", "differs_cell"),
    ],
)
def test_what_does_not_end_well_is_told_as_well_with_why(
    office: ManagedOffice,
    log: Log,
    what: Callable[[ManagedOffice, str], None],
    outcome: str,
    code: str,
) -> None:
    office.share()
    id = office.export("ben")
    office.enable(id, "ben")
    office.later(minutes=15)
    assert office.tick()["ran"] == 1
    what(office, id)
    office.later(minutes=15)
    log.lines.clear()
    office.tick()
    (line,) = log.of("managed run")
    told = line["exporter"], line["outcome"], line["code"], line["severity"]
    assert told == (id, outcome, code, "WARNING")
    assert ("run" in line) is (what is typed_over), "the others are found before one begins"
    assert "typed over" not in json.dumps(log.lines)
    office.later(minutes=15)
    office.tick()
    assert len(log.of("managed run")) == (2 if what is typed_over else 1)


def test_a_run_in_two_ticks_has_a_line_in_each(
    office: ManagedOffice, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.managed()
    office.later(minutes=15)
    with monkeypatch.context() as patched:
        patched.setattr(managed_refresh, "TIME_S", 0.5)
        office.quickbooks.behave = lambda *_: office.clock.advance(seconds=1)  # type: ignore[func-returns-value]
        assert counts(office.tick()) == (0, 0, 1)
    office.later(minutes=1)
    assert counts(office.tick()) == (1, 0, 0)
    first, second = log.of("managed run")
    assert (first["outcome"], second["outcome"]) == ("goes_on", "ran")
    assert first["run"] == second["run"]
