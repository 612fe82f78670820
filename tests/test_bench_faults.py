"""The fault test in short: nothing is lost outside the one window, and a mistake would be seen."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
from typing import Any

import pytest

from bench import faults
from bench.faults import NEVER, holds
from tests.firestore_emulator import EmulatorMissing, FirestoreEmulator, new_project
from tests.secret_manager import in_its_own_process
from tests.test_bench import run

ROOT = pathlib.Path(__file__).resolve().parents[1]


def test_victims_that_are_killed_lose_nothing_outside_the_one_window() -> None:
    done = run("faults", "--kills", "40", "--seed", "1", "--no-cloud")
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    found = json.loads(line)
    assert found["kills"] >= 40
    assert {name: found[name] for name in NEVER} == dict.fromkeys(NEVER, 0)
    assert found["lost_in_window_with_grace"] == 0
    assert min(found["kills_without_grace"], found["kills_with_grace"]) >= 20
    assert sum(found["kills_at"].values()) >= 40


@pytest.mark.parametrize("stores", ["cloud", "envelopes"])
def test_the_same_holds_over_firestore_with_either_store_of_secrets(
    firestore_emulator: FirestoreEmulator, stores: str
) -> None:
    with in_its_own_process() as secret_manager:
        what = {
            "stores": stores,
            "firestore": firestore_emulator.host,
            "secret_manager": secret_manager,
            "project": new_project(),
            "kills": 8,
            "grace": False,
            "seed": 5,
        }
        found = said("bench.custody_parts.ordeal", json.dumps(what))
    assert found["kills"] >= 8
    assert {name: found.get(name, 0) for name in NEVER} == dict.fromkeys(NEVER, 0)


def said(module: str, *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'functions'}:{ROOT}"},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("name", "found", "episodes"),
    [
        ("no_lease", "doubled", 6),
        ("forgets_too_much", "lost_outside_window", 4),
        ("dawdles_in_the_window", "calls_in_window", 4),
        ("gives_up_at_once", "falsely_broken", 3),
        ("never_moves_to_a_spare", "falsely_broken", 3),
        ("erases_here_alone", "unfinished", 3),
        ("erases_others_as_well", "lost_outside_window", 3),
        ("revokes_others_at_intuit", "lost_outside_window", 3),
    ],
)
def test_a_protocol_that_is_broken_in_one_place_is_found_out(
    name: str, found: str, episodes: int
) -> None:
    assert said("tests.broken_tokens", name, str(episodes)).get(found, 0) > 0


def missing(folder: pathlib.Path) -> None:
    raise EmulatorMissing("Install the emulator.")


@pytest.mark.parametrize(("ci", "wanted"), [("true", False), ("", False), ("", True)])
def test_the_clouds_stores_are_left_out_where_that_is_allowed(
    monkeypatch: pytest.MonkeyPatch, ci: str, wanted: bool
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(faults, "FirestoreEmulator", missing)
    with faults._cloud(wanted) as cloud:
        assert cloud is None


def test_in_ci_the_clouds_stores_are_not_left_out_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(faults, "FirestoreEmulator", missing)
    with pytest.raises(SystemExit, match=r"^Install the emulator\.$"), faults._cloud(True):
        pytest.fail("went on without them")


GOOD = dict.fromkeys(NEVER, 0) | {
    "kills_without_grace": 525, "lost_in_window": 30, "lost_in_window_with_grace": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        pytest.param({}, True, id="as it should be"),
        *(pytest.param({name: 1}, False, id=name) for name in NEVER),
        pytest.param({"lost_in_window_with_grace": 1}, False, id="lost though there is grace"),
        pytest.param({"lost_in_window": 0}, False, id="the window was never hit"),
        pytest.param({"lost_in_window": 0, "kills_without_grace": 40}, True, id="too short to hit"),
    ],
)
def test_the_verdict_is_the_issues(found: dict[str, int], verdict: bool) -> None:
    assert holds(GOOD | found) is verdict
