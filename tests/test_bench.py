"""The benchmarks run, and say what they promise on their last line."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys

import bench.__main__

ROOT = pathlib.Path(__file__).resolve().parents[1]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        cwd=ROOT,
        env={"PYTHONPATH": "functions:.", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_spine_is_measured_and_every_row_accounted_for() -> None:
    done = run("spine", "--rows", "2500", "--rounds", "1")
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    found = json.loads(line)
    assert (found["rows"], found["calls"]) == (2500, 5)
    assert found["columns"] <= 20
    assert 3500 <= found["bytes_per_invoice"] <= 4500
    assert 3 <= found["lines_per_invoice"][0] <= found["lines_per_invoice"][1] <= 5
    for figure in ("rows_per_s", "ratio_vs_python_quickbooks", "peak_rss_mb", "sandbox_rows_per_s"):
        assert found[figure] > 0


def test_without_a_name_the_benchmarks_are_listed() -> None:
    done = run()
    assert (done.returncode, done.stdout) == (2, "")
    assert "spine" in done.stderr
    assert "spine" in bench.__main__.names()
