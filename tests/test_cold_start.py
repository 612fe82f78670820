"""A cold start loads what its function uses, and things that are made later are made once."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from bench.imports import BODY, GET, PATHS, _settings
from counterfoil.later import Later, later
from sandbox.google.server import GoogleSandbox

ROOT = pathlib.Path(__file__).resolve().parents[1]
# What reads QuickBooks, and what refreshes and ends consents.
READING = {"flows.export", "flows.entity_read", "adapters.typed_pages", "adapters.quickbooks_api"}
CUSTODY = {"adapters.intuit_oauth", "flows.connect", "flows.fresh_tokens", "flows.leaving"}


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleSandbox]:
    with GoogleSandbox() as sandbox:
        yield sandbox


def started(google: GoogleSandbox, name: str) -> dict[str, Any]:
    """What a function tells of itself after a first request of a person."""
    method = "GET" if name in GET else "POST"
    asked = [name, method, PATHS.get(name, "/"), BODY, google.identity.mint()]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "bench.imports_parts.started", json.dumps(asked)],
            env={**os.environ, **_settings(google.description(), folder)},
            cwd=ROOT, check=True, capture_output=True, text=True,
        )  # fmt: skip
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert told["status"] < 500, told
    return told


def loaded(google: GoogleSandbox, name: str) -> set[str]:
    """Modules of ours, by their names in the package."""
    return {module.partition(".")[2] for module in started(google, name)["names"]}


@pytest.mark.parametrize(
    ("name", "brought"),
    [
        ("pages", []),
        ("home", ["cryptography", "google.auth", "requests"]),
        ("token_refresh", ["cryptography", "google.auth", "requests"]),
        ("export", ["cryptography", "google.auth", "msgspec", "requests"]),
    ],
)
def test_a_function_loads_of_other_peoples_packages_what_it_uses(
    google: GoogleSandbox, name: str, brought: list[str]
) -> None:
    assert started(google, name)["brought"] == brought


def test_the_sidebars_first_call_loads_neither_reading_nor_custody(google: GoogleSandbox) -> None:
    found = loaded(google, "home")
    assert {"flows.exporters", "adapters.google_identity"} <= found
    assert ({"catalog"} | READING | CUSTODY) & found == set()


def test_an_export_of_records_loads_no_reports_and_no_custody_beyond_its_token(
    google: GoogleSandbox,
) -> None:
    found = loaded(google, "export")
    assert found >= READING - {"adapters.quickbooks_api"}  # nobody asked QuickBooks yet
    assert {"flows.report_read", "flows.consolidated_read", "core.report_sums"} & found == set()
    assert {"flows.connect", "flows.joining", "flows.upkeep", "flows.erasing"} & found == set()


def test_a_static_page_loads_no_catalog(google: GoogleSandbox) -> None:
    found = loaded(google, "pages")
    assert ({"catalog", "flows.exporters", "adapters.google_identity"} | READING) & found == set()
    # It keeps nothing: no store is opened for it.
    assert {"adapters.sqlite_records", "adapters.sealer"} & found == set()


class Thing:
    made = 0

    def __init__(self, name: str) -> None:
        Thing.made += 1
        self.name = name

    def __call__(self) -> str:
        return f"called {self.name}"


def test_what_is_made_later_is_made_once_whatever_threads_ask() -> None:
    Thing.made = 0
    thing = Later(lambda: Thing("x"))
    assert Thing.made == 0
    gate, names = threading.Barrier(8), list[str]()

    def ask() -> None:
        gate.wait()
        names.append(thing.name)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (Thing.made, names) == (1, ["x"] * 8)
    assert thing() == "called x"


def test_what_fails_to_be_made_is_tried_again() -> None:
    tries: list[Any] = []

    def make() -> Thing:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("away")
        return Thing("x")

    thing = Later(make)
    with pytest.raises(OSError, match="away"):
        _ = thing.name
    assert thing.name == "x"


def test_a_class_is_named_without_being_loaded() -> None:
    make = later("counterfoil.core.people", "User")
    assert make(sub="1", email="a@example.com").email == "a@example.com"
    missing = later("counterfoil.core.people", "Nobody")()
    with pytest.raises(AttributeError, match="Nobody"):
        _ = missing.email
