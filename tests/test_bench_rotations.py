"""The model of many workers: what it finds with our protocol, and that it would find worse."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bench.custody_parts.model import played
from counterfoil.flows import fresh_tokens
from tests.test_bench import run


def test_four_workers_lose_and_break_nothing_and_ask_once_each_time() -> None:
    done = run("rotations", "--rotations", "600", "--faulty", "600")
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    found = json.loads(line)
    assert (found["rotations"], found["workers"]) == (600, 4)
    assert [found[bad] for bad in ("falsely_broken", "lost", "doubled", "refused")] == [0] * 4
    assert found["served"] + found["busy"] == 4 * 600
    assert found["rotations_per_s"] > 0
    without, with_grace = (found["with_faults"][f"{name}_grace"] for name in ("without", "with"))
    assert without["kills"] > 0
    assert without["falsely_broken"] == with_grace["falsely_broken"] == with_grace["lost"] == 0


def test_the_same_seed_plays_the_same() -> None:
    first, second = (played({"rotations": 40, "seed": 7, "killed": 0.2}) for _ in range(2))
    for each in (first, second):
        del each["cpu_s"]
    assert first == second


def test_a_kill_between_rotation_and_store_is_found_lost_and_with_grace_is_not() -> None:
    often = {"rotations": 60, "seed": 3, "lost": 0.3}
    assert played({**often, "grace": False})["lost"] > 5
    assert "lost" not in played({**often, "grace": True})


def test_a_lease_that_ends_while_intuit_thinks_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fresh_tokens, "LEASE_LASTS", timedelta(seconds=3))
    assert played({"rotations": 400, "seed": 5})["refused"] > 0
