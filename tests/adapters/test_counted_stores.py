"""Each call of a store has its line, and the line tells nothing of what is kept there."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from counterfoil.adapters.counted_stores import CountedRecords, CountedSecrets
from counterfoil.core import journal
from counterfoil.core.errors import ServiceUnavailable
from counterfoil.core.stores import AlreadyThere, Changed, Document, SecretGone, Write
from counterfoil.logs import JournalFormatter
from tests.fakes import MemoryRecords, MemorySecrets

CANARY = "canary-of-the-store"


def said(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """The lines as they are written, without how long it took."""
    lines = [json.loads(JournalFormatter().format(record)) for record in caplog.records]
    assert all(line.pop("duration_ms") >= 0 for line in lines)
    caplog.clear()
    return lines


def line(message: str, method: str, outcome: str = "ok", **more: object) -> dict[str, object]:
    return {
        "severity": "INFO", "message": message, "method": method, "outcome": outcome, **more
    }  # fmt: skip


def test_each_call_of_the_records_has_a_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    kept = MemoryRecords()
    records = CountedRecords(kept, lines=True)
    one = records.create("runs", CANARY, {"exporter": CANARY})
    records.get("runs", CANARY)
    records.get_all([("runs", CANARY), ("grants", CANARY)])
    records.write_all([Write.over(one, {}), Write("leases", CANARY, {})])
    records.find("exporters", {"sheet": CANARY}, limit=1)
    records.delete("leases", CANARY)
    lines = said(caplog)
    assert CANARY not in json.dumps(lines)
    assert lines == [
        line("store", "create", route="runs", count=1),
        line("store", "get", route="runs", count=1),
        line("store", "get_all", route="runs, grants", count=2),
        line("store", "write_all", route="runs, leases", count=2),
        line("store", "find", route="exporters", count=1),
        line("store", "delete", route="leases", count=1),
    ]


def test_a_line_says_what_the_store_said(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    kept = MemoryRecords()
    records = CountedRecords(kept, lines=True)
    records.create("runs", "r", {})
    with pytest.raises(AlreadyThere):
        records.create("runs", "r", {})
    with pytest.raises(Changed):
        records.replace(Document("runs", "r", {}, "old"), {})
    kept.fail = 1
    with pytest.raises(ServiceUnavailable):
        records.get("runs", "r")
    with pytest.raises(TypeError):
        records.create("runs", "s", {"note": object()})
    outcomes = [each["outcome"] for each in said(caplog)]
    assert outcomes == ["ok", "AlreadyThere", "Changed", "ServiceUnavailable", "broke"]


def test_each_call_for_a_secret_has_a_line_without_its_name(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    secrets = CountedSecrets(MemorySecrets(), lines=True)
    version = secrets.add(CANARY, CANARY.encode())
    secrets.read(CANARY, version)
    secrets.destroy(CANARY, version)
    with pytest.raises(SecretGone):
        secrets.read(CANARY, version)
    assert secrets.exists(CANARY)
    secrets.delete(CANARY)
    lines = said(caplog)
    assert CANARY not in json.dumps(lines)
    assert [(each["message"], each["method"], each["outcome"]) for each in lines] == [
        ("secrets", "add", "ok"),
        ("secrets", "read", "ok"),
        ("secrets", "destroy", "ok"),
        ("secrets", "read", "SecretGone"),
        ("secrets", "exists", "ok"),
        ("secrets", "delete", "ok"),
    ]


def test_files_of_this_machine_have_no_lines_and_are_counted_all_the_same(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    occasion = journal.begin(None, None)
    records, secrets = CountedRecords(MemoryRecords()), CountedSecrets(MemorySecrets())
    one = records.create("runs", "r", {})
    records.write_all([Write.over(one, {}), Write("leases", "l", {})])
    records.get_all([("runs", "r"), ("leases", "l"), ("grants", "g")])
    secrets.add("s", b"x")
    assert not caplog.records
    counts = occasion.counts()
    assert {name: counts[name] for name in ("reads", "writes", "secrets")} == {
        "reads": 3, "writes": 3, "secrets": 1
    }  # fmt: skip
