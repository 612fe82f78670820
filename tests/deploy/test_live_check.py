"""The check of what only Intuit can settle, against a sandbox that plays Intuit."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from counterfoil import catalog
from deploy.live_check import main
from sandbox.intuit.server import IntuitSandbox


@pytest.fixture(scope="module")
def intuit() -> Iterator[IntuitSandbox]:
    with IntuitSandbox() as sandbox:
        yield sandbox


def keys(intuit: IntuitSandbox, folder: pathlib.Path) -> dict[str, str]:
    realm = intuit.companies()[0].realm_id
    file = folder / "token"
    file.write_text(intuit.grant(realm).refresh + "\n")
    return {
        "INTUIT_CLIENT_ID": intuit.client_id,
        "INTUIT_CLIENT_SECRET": intuit.client_secret,
        "LIVE_REALM_ID": realm,
        "LIVE_TOKEN_FILE": str(file),
        "LIVE_DISCOVERY_URL": intuit.discovery_url,
        "LIVE_API_URL": intuit.url,
    }


def wrong(said: list[str]) -> set[str]:
    lines = [line.removeprefix("FAIL ") for line in said if line.startswith("FAIL ")]
    return {line.partition(": refused")[0] for line in lines}


def test_every_list_filter_and_report_is_asked_and_the_sandbox_is_as_we_take_intuit_to_be(
    intuit: IntuitSandbox, tmp_path: pathlib.Path
) -> None:
    said: list[str] = []
    env = keys(intuit, tmp_path)
    before = pathlib.Path(env["LIVE_TOKEN_FILE"]).read_text()
    intuit.clock.advance(timedelta(hours=25))  # a day later Intuit gives another refresh token
    main(env, said.append, lambda: datetime.now(UTC))
    assert wrong(said) == set()
    asked = "\n".join(said)
    assert all(f"{each.key}: in the order of ids" in asked for each in catalog.ENTITIES)
    assert asked.count(": filter ") > 60
    # The refresh token was rotated, and the new one is where the next run looks for it.
    after = pathlib.Path(env["LIVE_TOKEN_FILE"]).read_text()
    assert after not in ("", before)
    assert main(env, said.append) == bool(wrong(said))
    assert not [call for call in intuit.calls.accounting() if not call.is_read]
    assert after.strip() not in asked


def test_what_differs_is_named_with_intuits_code(
    intuit: IntuitSandbox, tmp_path: pathlib.Path
) -> None:
    said: list[str] = []
    intuit.inject("5020", path="query", times=1)
    assert main(keys(intuit, tmp_path), said.append) == 1
    (name,) = wrong(said)
    assert name == "invoices: in the order of ids"
    assert any(name in line and "refused with 5020, intuit_tid 1-" in line for line in said)
    assert name in said[-1]


def test_without_keys_it_says_what_to_set() -> None:
    said: list[str] = []
    assert main({}, said.append) == 2
    assert "INTUIT_CLIENT_ID, INTUIT_CLIENT_SECRET, LIVE_REALM_ID, LIVE_TOKEN_FILE" in said[0]


def test_a_token_that_is_over_is_said_and_left_alone(
    intuit: IntuitSandbox, tmp_path: pathlib.Path
) -> None:
    said: list[str] = []
    env = keys(intuit, tmp_path)
    file = pathlib.Path(env["LIVE_TOKEN_FILE"])
    file.write_text("no-token\n")
    assert main(env, said.append) == 2
    assert "refused" in said[0]
    assert file.read_text() == "no-token\n"
