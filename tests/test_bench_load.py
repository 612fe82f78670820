"""Whoever asks in the load benchmark: when they come, and what they call a wrong table."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from bench.load_parts.crowd import Crowd, Export
from bench.load_parts.deployed import THREADS
from bench.load_parts.tables import digest

TABLE = [["1", "G-1", 10.5], ["2", "G-2", 0]]


def told(*rows: list[Any], op: str = "commit") -> bytes:
    header = {"header_rows": 1, "rows": [["Id", "Number", "Total"], *rows]}
    step = header if op == "commit" else {"rows": list(rows)}
    return json.dumps({"operations": [{"op": "expect"}, {"op": op, **step}]}).encode()


def export(*answers: bytes) -> Export:
    return Export("run_1", 1.0, answers, "", 0)


def test_a_table_is_right_only_row_for_row() -> None:
    right = digest([("1", "G-1", "10.50"), ("2", "G-2", "0.00")])
    assert export(told(*TABLE)).digest() == right
    assert export(told(TABLE[0], op="stage"), told(TABLE[1], op="stage")).digest() == right
    for wrong in ([TABLE[0]], [*TABLE, TABLE[1]], TABLE[::-1], [TABLE[0], ["2", "G-2", 0.01]]):
        assert export(told(*wrong)).digest() != right


def test_people_come_one_after_the_other_and_then_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    crowd = Crowd(["http://127.0.0.1:1"], 1, "")
    monkeypatch.setattr(
        crowd, "_export", lambda number, id: Export(f"{number}:{id}", 0.0, (), "", 0)
    )
    found = crowd.exports(["a", "b", "c", "d", "e"], 4, over_s=2.0)
    assert sorted(waited) == [0.0, 0.5, 1.0, 1.5]
    assert [each.run for each in found] == ["0:a", "1:b", "2:c", "3:d", "4:e"]


def test_an_instance_has_as_many_threads_as_the_deployed_one_is_sent_requests() -> None:
    assert (THREADS["export"], THREADS["token_refresh"]) == (4, 16)
