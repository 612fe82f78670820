"""The embedded stores under kill -9, several processes and a fork."""

from __future__ import annotations

import os
import pathlib
import sqlite3
import subprocess
import sys

import pytest

from counterfoil.adapters.key_file import master_key
from counterfoil.adapters.sealed_secrets import SealedSecrets
from counterfoil.adapters.sqlite_records import SqliteRecords
from counterfoil.core.errors import ServiceUnavailable

ROOT = pathlib.Path(__file__).resolve().parents[2]


def writer(folder: pathlib.Path, who: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.adapters.store_writer", str(folder), who],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'functions'}:{ROOT}"},
        stdout=subprocess.PIPE,
        text=True,
    )


def killed_after(process: subprocess.Popen[str], lines: int) -> list[str]:
    """What it had acknowledged when it was killed, in the middle of whatever it was doing."""
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(lines)]
    process.kill()
    said += process.stdout.readlines()
    process.wait()
    process.stdout.close()
    return [line.strip() for line in said if line.endswith("\n")]


@pytest.mark.parametrize("lines", [1, 2, 3, 50, 200])
def test_what_was_acknowledged_survives_a_kill(tmp_path: pathlib.Path, lines: int) -> None:
    records = SqliteRecords(tmp_path / "records.sqlite")
    records.create("leases", "shared", {"n": 0})
    said = {who: killed_after(writer(tmp_path, who), lines) for who in ("a", "b")}

    secrets = SealedSecrets(tmp_path / "secrets.sqlite", master_key(tmp_path / "key"))
    shared = 0
    for who, spoken in said.items():
        assert len(spoken) >= lines
        for line in spoken:
            kind, *rest = line.split()
            if kind == "record":
                held = records.get("runs", rest[0])
                assert held is not None
                assert held.data["text"] == "x" * 2_000
            elif kind == "secret":
                version, number = rest
                assert secrets.read(f"secret-{who}", version) == f"value {number}".encode()
            else:
                shared += 1
    held = records.get("leases", "shared")
    assert held is not None
    # Each process may have been killed between the write and its word.
    assert shared <= held.data["n"] <= shared + 2
    for name in ("records.sqlite", "secrets.sqlite"):
        with sqlite3.connect(tmp_path / name) as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        db.close()
    # And the next process goes on writing.
    killed_after(writer(tmp_path, "c"), 3)


def test_a_kill_while_the_stores_are_being_made_does_no_harm(tmp_path: pathlib.Path) -> None:
    for number in range(6):
        process = writer(tmp_path, f"w{number}")
        try:
            process.wait(0.15 + number * 0.05)
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()
    assert len(killed_after(writer(tmp_path, "last"), 3)) >= 3


FORKING = """
import os, pathlib, sys
from counterfoil.adapters.sqlite_records import SqliteRecords
records = SqliteRecords(pathlib.Path(sys.argv[1]))
made = records.create("leases", "x", {"n": 0})
child = os.fork()
if child == 0:
    records.replace(made, {"n": 1})
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
held = records.get("leases", "x")
records.replace(held, {"n": held.data["n"] + 1})
"""


def test_a_forked_child_opens_its_own_connection(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "records.sqlite"
    # In a process of its own: this one may have threads, which do not survive a fork.
    subprocess.run(
        [sys.executable, "-c", FORKING, str(path)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "functions")},
        check=True,
        timeout=30,
    )
    held = SqliteRecords(path).get("leases", "x")
    assert held is not None
    assert held.data == {"n": 2}


def test_each_commit_is_on_the_disk_when_it_returns(tmp_path: pathlib.Path) -> None:
    records = SqliteRecords(tmp_path / "records.sqlite")
    assert records._file.rows("PRAGMA synchronous") == [(2,)]
    assert records._file.rows("PRAGMA journal_mode") == [("wal",)]


def test_a_file_that_is_no_store_is_said_to_be_unavailable(tmp_path: pathlib.Path) -> None:
    (tmp_path / "records.sqlite").write_bytes(b"this is not a database" * 100)
    with pytest.raises(ServiceUnavailable):
        SqliteRecords(tmp_path / "records.sqlite").get("runs", "run_1")


def test_a_folder_that_cannot_be_made_is_said_to_be_unavailable(tmp_path: pathlib.Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ServiceUnavailable):
        SqliteRecords(tmp_path / "file" / "records.sqlite").get("runs", "run_1")


def test_a_disk_that_is_full_is_said_to_be_unavailable(tmp_path: pathlib.Path) -> None:
    records = SqliteRecords(tmp_path / "records.sqlite")
    records.create("runs", "small", {})
    records._file.rows("PRAGMA max_page_count = 1")  # SQLite then grows no further
    with pytest.raises(ServiceUnavailable):
        records.create("runs", "large", {"text": "x" * 500_000})
    assert records.get("runs", "large") is None
    assert records.get("runs", "small") is not None
