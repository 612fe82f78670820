"""QuickBooks is away in the middle of a run: what a client of the backend reads, over HTTP."""

from __future__ import annotations

from typing import Any

import requests

from sandbox import check
from sandbox.world import World


def test_the_end_of_a_run_says_why_and_that_it_is_the_end(world: World) -> None:
    sidebar = check.sidebar(world, "ana@example.com")
    connection = check.connect(sidebar, world.intuit.companies()[0].realm_id)["id"]
    world.intuit.inject("503", path="query", times=None)
    first = sidebar.call(
        "export/entities/invoices", connection_id=connection, options={}, target={"tab": "x"}
    )
    second = sidebar.call("export/steps", cursor=first["cursor"])
    third = _asked(sidebar, second["cursor"])
    assert third.status_code == 503
    error = third.json()["error"]
    assert (error["code"], error["retryable"]) == ("quickbooks_busy", True)
    assert "QuickBooks" in error["message"]
    assert error["details"]["ended"] is True
    assert error["details"]["run_id"] == first["run_id"]
    again = _asked(sidebar, second["cursor"])
    assert (again.status_code, again.json()["error"]["code"]) == (410, "cursor_expired")
    assert again.json()["error"]["details"]["ended"] is True
    assert sidebar.call("home")["exporters"] == []


def _asked(sidebar: Any, cursor: str) -> requests.Response:
    spreadsheet = {
        "id": sidebar.spreadsheet_id, "key": sidebar.key,
        "time_zone": sidebar.time_zone, "locale": "en_US",
    }  # fmt: skip
    return requests.post(
        f"{sidebar.backend_url}/export/steps",
        json={"spreadsheet": spreadsheet, "cursor": cursor},
        headers={"Authorization": f"Bearer {sidebar.id_token()}"},
        timeout=60,
    )
