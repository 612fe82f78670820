"""The benchmarks run, and say what they promise on their last line."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

import bench.__main__
from bench.spine_parts.ideal import ideal_s
from bench.spine_parts.limits import unobeyed
from tests.firestore_emulator import FirestoreEmulator

ROOT = pathlib.Path(__file__).resolve().parents[1]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        cwd=ROOT,
        env={"PYTHONPATH": "functions:.", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_spine_is_measured_and_every_row_accounted_for() -> None:
    done = run("spine", "--rows", "2500", "--rounds", "1", "--calls", "14")
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    found = json.loads(line)
    assert (found["rows"], found["calls"]) == (2500, 5)
    assert found["columns"] <= 20
    assert 3500 <= found["bytes_per_invoice"] <= 4500
    assert 3 <= found["lines_per_invoice"][0] <= found["lines_per_invoice"][1] <= 5
    for figure in ("rows_per_s", "ratio_vs_python_quickbooks", "peak_rss_mb", "sandbox_rows_per_s"):
        assert found[figure] > 0
    large, small, in_steps = found["limits"]["runs"]
    assert (large["calls"], small["calls"], in_steps["calls"]) == (5, 14, 5)
    assert 0 < found["share_of_limit"] == min(large["share"], small["share"])
    assert 0 < found["share_of_limit_in_steps"] == in_steps["share"]
    assert large["store_writes"] > 0
    assert found["unobeyed_429"] == 0
    assert (found["sheet"]["rows"], found["sheet"]["calls"]) == (2500, 5)
    assert found["sheet"]["cells"] == 2501 * found["columns"]
    assert found["steps"] == 1
    assert found["cells_per_s"] > 0


def test_a_perfect_client_is_as_fast_as_ten_a_second_and_five_hundred_a_minute() -> None:
    # 0, 0.3; 8 at 0.6; then ten a second; the last page at 5.0, CDC at 5.3.
    assert ideal_s(52, 0.3) == pytest.approx(5.6)
    assert ideal_s(4, 0.3) == pytest.approx(1.2)
    # In steps of six pages only three calls are left of the second when the second step begins.
    assert ideal_s(52, 0.3, 6) == pytest.approx(6.4)
    # The 501st call comes a minute after the first.
    assert ideal_s(600, 0) - ideal_s(500, 0) == pytest.approx(60 + 9 - 49)


def test_a_refusal_counts_as_unobeyed_when_a_call_begins_inside_its_minute() -> None:
    def call(second: float, status: int = 200) -> dict[str, object]:
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
        return {"at": at.isoformat(), "status": status}

    under_way = [call(1, 429), call(1.2), call(1.3)]
    assert unobeyed([*under_way, call(61.5)]) == 0
    assert unobeyed([*under_way, call(30)]) == 1
    assert unobeyed([call(1, 429), call(1.1, 429), call(30, 429)]) == 2


def test_without_a_name_the_benchmarks_are_listed() -> None:
    done = run()
    assert (done.returncode, done.stdout) == (2, "")
    assert "spine" in done.stderr
    assert "spine" in bench.__main__.names()


def test_a_ledger_is_read_to_operations_in_both_layouts() -> None:
    done = run("reports", "--lines", "1000", "--rounds", "1")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    # Printed: two accounts with a head and a total each, 8 columns; tidy: 23 columns a line.
    assert (found["lines"], found["calls"]) == (1000, 1)  # both from one answer
    assert found["cells"] == 1004 * 8 + 1000 * 23
    assert found["parse_s"] > 0
    assert found["peak_rss_mb"] > 0
    # Of each company a report and its accounts.
    assert (found["companies"], found["consolidated_calls"]) == (10, 20)
    assert found["consolidated_s"] > 0.6


def test_many_columns_and_lines_are_measured_and_every_row_accounted_for() -> None:
    done = run("entities", "--rows", "2500", "--invoices", "1500", "--rounds", "1", "--calls", "14")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert (found["rows"], found["columns"], found["calls"]) == (2500, 40, 5)
    assert (found["line_rows"], found["line_columns"]) == (4500, 25)
    assert found["cpu_over_floor"] > 1  # nothing is cheaper than a part of itself
    assert found["unobeyed_429"] == 0
    for figure in ("ratio_vs_python_quickbooks", "ratio_in_steps", "share_of_limit"):
        assert found[figure] > 0
    for figure in ("peak_rss_mb", "rss_growth"):
        assert found[figure] > 0


def test_a_cold_start_is_measured_and_answers() -> None:
    done = run("imports", "--rounds", "1", "--only", "home", "health")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["framework"] > 1
    assert told["home"] > told["framework"]
    assert told["modules"]["home"] > 20


def test_a_crowd_gets_its_tables_from_the_deployed_shape(
    firestore_emulator: FirestoreEmulator,
) -> None:
    done = run(
        "load", "--exports", "6", "--connections", "3", "--in-flight", "3", "--instances", "2",
        "--rows", "60", "--latency-ms", "100",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert (told["exports"], told["lost"], told["wrong"]) == (6, 0, 0)
    # Each company was asked for twice at the same moment, over two instances: one refreshed.
    assert (told["refreshed"], told["refreshed_twice"]) == (3, 0)
    # By the other function, which exports ask over HTTP.
    assert told["asked_token_refresh"] >= 3
    assert told["calls"] == 1
    assert 0 < told["reads"] <= 8
    assert 0 < told["writes"] <= 10
    assert told["p95_overhead_ms"] > 0
