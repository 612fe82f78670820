"""Whatever an OpenAPI client may send, and much that it may not: never a crash, never an answer
that the document does not know."""

from __future__ import annotations

import json
import pathlib
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from counterfoil.openapi.document import document
from sandbox import check
from sandbox.world import World

Json = dict[str, Any]


class Reached:
    """A world with a company and an export, so that requests get past the door."""

    def __init__(self, world: World) -> None:
        self.world = world
        ana = check.sidebar(world, "ana@example.com")
        self.connection = check.connect(ana, world.intuit.companies()[0].realm_id)["id"]
        made = ana.call(
            "exporters/create",
            connection_ids=[self.connection],
            kind="entity",
            dataset="customers",
            name="Customers",
            options={},
        )
        self.exporter = made["id"]
        self.spreadsheet = {
            "id": ana.spreadsheet_id,
            "key": ana.key,
            "time_zone": ana.time_zone,
        }

    def requests(self) -> list[Json]:
        """The lines that the backend's log has of requests."""
        lines = self.world.log.read_text().splitlines()
        told = [json.loads(line) for line in lines if line.startswith("{")]
        return [line for line in told if line["message"] == "request"]

    def document(self) -> Json:
        """The API's, with ids that exist beside ids that do not."""
        told: Json = json.loads(json.dumps(document()))
        known = {
            "connection": [self.connection, "con_nobody"],
            "exporter": [self.exporter, "exp_nobody"],
        }
        for path in told["paths"].values():
            for operation in path.values():
                for parameter in operation.get("parameters", ()):
                    if parameter["name"] in known:
                        parameter["schema"] = {"enum": known[parameter["name"]]}
                self._known_body(operation)
        return told

    def _known_body(self, operation: Json) -> None:
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        fields = content["schema"].get("properties", {}) if content else {}
        if "spreadsheet" in fields:
            fields["spreadsheet"] = {"const": self.spreadsheet}
        if "connection_id" in fields:
            fields["connection_id"] = {"enum": [self.connection, "con_nobody"]}
        if "connection_ids" in fields:
            fields["connection_ids"] = {"enum": [[self.connection], [], ["con_nobody"]]}


@pytest.fixture(scope="module")
def reached() -> Iterator[Reached]:
    with World(env={"COUNTERFOIL_REQUESTS_PER_MINUTE": "1000000"}) as world:
        yield Reached(world)


def asked(
    reached: Reached, told: Json, folder: pathlib.Path, *more: str
) -> subprocess.CompletedProcess[str]:
    """schemathesis by its own command, the same each time."""
    file = folder / "openapi.json"
    file.write_text(json.dumps(told))
    token = reached.world.google.identity.mint("ana@example.com")
    return subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", str(file)),
            *("--url", reached.world.backend.url, "-H", f"Authorization: Bearer {token}"),
            *("--phases", "fuzzing", "--seed", "1", "--no-shrink", "--warnings", "off"),
            *("--max-redirects", "0", "--continue-on-failure", "--no-color"),
            *more,
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


# What ends what the others need comes last, each time to a company that is there.
ENDING = r"/(erase|delete|pause|leave)$"


@pytest.mark.parametrize("ending", [False, True], ids=["all that goes on", "all that ends"])
def test_what_the_document_allows_is_answered_as_it_says(
    reached: Reached, tmp_path: pathlib.Path, ending: bool
) -> None:
    checks = (
        "not_a_server_error,status_code_conformance,content_type_conformance,"
        "response_schema_conformance"
    )
    done = asked(
        reached,
        reached.document(),
        tmp_path,
        "--include-path-regex" if ending else "--exclude-path-regex",
        ENDING,
        "--mode",
        "positive",
        "-c",
        checks,
        "-n",
        "4",
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    asked_of = {path for path in document()["paths"] if bool(re.search(ENDING, path)) == ending}
    tested = re.search(r"Tested: (\d+)", done.stdout)
    assert tested is not None
    assert int(tested[1]) == sum(len(document()["paths"][path]) for path in asked_of)
    # And it got past the door: not every answer was a refusal.
    good = {line["route"] for line in reached.requests() if line["status"] == 200}
    assert len(good) > (3 if ending else 15), good


def test_what_it_does_not_allow_is_no_crash(reached: Reached, tmp_path: pathlib.Path) -> None:
    # The framework itself answers an address with a line break in it, by a page of its own.
    checks = "not_a_server_error,status_code_conformance"
    done = asked(reached, document(), tmp_path, "--mode", "negative", "-c", checks, "-n", "3")
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_an_answer_that_is_not_in_the_document_would_be_noticed(
    reached: Reached, tmp_path: pathlib.Path
) -> None:
    told = document()
    health = told["paths"]["/health"]["get"]
    health["responses"]["200"]["content"]["application/json"]["schema"] = {"type": "array"}
    done = asked(
        reached, told, tmp_path, "--include-path", "/health", "-n", "1", "-c",
        "response_schema_conformance",
    )  # fmt: skip
    assert done.returncode == 1
