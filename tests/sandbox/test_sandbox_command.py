"""`python -m sandbox`: one line of JSON, then service until it is told to stop."""

from __future__ import annotations

import json
import pathlib
import signal
import subprocess
import sys

import pytest

from sandbox.http import Server
from tests.sandbox.consent_form import fetch, get, send

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATIENCE_S = 60


def started(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "sandbox", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_one_line_serves_and_stops_cleanly(number: signal.Signals) -> None:
    more = ("--redirect-uri", "https://me.example/back", "--invoices", "25")
    process = started(*more)
    try:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        intuit, google = told["intuit"], told["google"]
        discovery = fetch(intuit["discovery_url"]).json()
        assert discovery["token_endpoint"].startswith(intuit["api_url"])
        assert fetch(google["certs_url"]).status_code == 200
        assert fetch(google["page_url"]).status_code == 200
        names = {company["name"]: company["realm_id"] for company in told["companies"]}
        assert {"Acme Landscaping", "Hostile & Sons", "Generated Company"} <= names.keys()

        asked = (
            f"client_id={intuit['client_id']}&response_type=code&state=s"
            f"&scope=com.intuit.quickbooks.accounting&redirect_uri=https://me.example/back"
        )
        assert get(f"{discovery['authorization_endpoint']}?{asked}").status == 200
        token = send(
            f"{told['control_url']}/grants", json={"realm_id": names["Generated Company"]}
        ).json()["access_token"]
        counted = fetch(
            f"{intuit['api_url']}/v3/company/{names['Generated Company']}/query",
            params={"query": "SELECT COUNT(*) FROM Invoice"},
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
        )
        assert counted.json()["QueryResponse"] == {"totalCount": 25}
    finally:
        process.send_signal(number)
        rest, errors = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, rest, errors) == (0, "", "")


def test_a_port_that_is_taken_is_said_in_a_sentence() -> None:
    with Server(lambda environ, start: []) as taken:
        process = started("--intuit-port", str(taken.port))
        out, errors = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, out) == (2, "")
    assert errors.startswith("The sandbox cannot start: ")
    assert len(errors.splitlines()) == 1
