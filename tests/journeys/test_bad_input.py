"""Bad input gets a clear 4xx before Intuit is called and before anything is written."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
import requests

from sandbox import check
from sandbox.check import Sidebar
from sandbox.intuit.companies import demo_books
from sandbox.world import World


@dataclass
class Desk:
    """Ana, connected to Acme, and Ben, who is connected to nothing."""

    world: World
    ana: Sidebar
    ben: Sidebar
    connection: str
    cursor: str  # of a run of Ana's that is under way

    def post(self, path: str, who: Sidebar | None = None, token: str = "", **body: Any):
        who = who or self.ana
        sheet = {
            "id": who.spreadsheet_id, "key": who.key, "time_zone": who.time_zone, "locale": "en_US",
        }  # fmt: skip
        return requests.post(
            f"{self.world.backend.url}/{path}",
            data=json.dumps({"spreadsheet": sheet, **body}),
            headers={
                "Authorization": f"Bearer {token or who.id_token()}",
                "Content-Type": "application/json",
            },
            timeout=30,
        )


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    books = demo_books()
    # A thousand invoices more than Acme has, so that an export takes several steps.
    company = books.company(books.companies()[0].realm_id)
    first = next(iter(company.store.all("Invoice")))
    for number in range(1_100):
        company.store.add("Invoice", {**first, "Id": str(9_000_000 + number), "LinkedTxn": []})
    company.settled()
    with World(books) as world:
        ana = check.sidebar(world, "ana@example.com")
        ben = check.sidebar(world, "ben@example.com")
        connection = check.connect(ana, world.intuit.companies()[0].realm_id)["id"]
        columns = ana.call("catalog")["entities"][0]["columns"]
        every = [column["key"] for column in columns if not column.get("sensitive")]
        step = ana.call(
            "export/entities/invoices",
            connection_id=connection,
            options={"columns": every},
            target={"tab": "I"},
        )
        assert step["cursor"] is not None
        yield Desk(world, ana, ben, connection, step["cursor"])


OK = {"options": {}, "target": {"tab": "Invoices"}}


@pytest.mark.parametrize(
    ("path", "body", "status", "code", "names"),
    [
        pytest.param("export/entities/nonsense", OK, 404, "unknown_dataset", "", id="unknown entity"),
        pytest.param("export/reports/nonsense", OK, 404, "unknown_dataset", "", id="unknown report"),
        pytest.param("export/entities/profit-and-loss", OK, 404, "unknown_dataset", "", id="a report asked for as an entity"),
        pytest.param("export/nonsense", OK, 404, "not_found", "", id="unknown address"),
        pytest.param("export/entities/invoices", {**OK, "options": {"columns": ["id", "nope"]}}, 400, "bad_request", "nope", id="unknown column"),
        pytest.param("export/entities/invoices", {**OK, "options": {"columns": "id"}}, 400, "bad_request", "columns", id="columns that are no list"),
        pytest.param("export/entities/invoices", {**OK, "options": {"columns": [{"a": 1}]}}, 400, "bad_request", "", id="a column that is no text"),
        pytest.param("export/entities/invoices", {**OK, "options": {"from": "2026-02-30"}}, 400, "bad_request", "2026-02-30", id="a day that does not exist"),
        pytest.param("export/entities/invoices", {**OK, "options": {"from": "01/02/2026"}}, 400, "bad_request", "01/02/2026", id="a date in another form"),
        pytest.param("export/entities/invoices", {**OK, "options": {"from": "2026-02-01", "to": "2026-01-01"}}, 400, "bad_request", "", id="a period that ends before it begins"),
        pytest.param("export/entities/invoices", {**OK, "options": {"from": "\ud800"}}, 400, "bad_request", "not a date", id="half a character for a date"),
        pytest.param("export/entities/invoices", {**OK, "options": {"nonsense": 1}}, 400, "bad_request", "nonsense", id="unknown option"),
        pytest.param("export/entities/invoices", {**OK, "options": []}, 400, "bad_request", "options", id="options that are no object"),
        pytest.param("export/entities/invoices", {**OK, "target": {"tab": "x" * 101}}, 400, "bad_request", "tab", id="a tab name of 101 characters"),
        pytest.param("export/reports/profit-and-loss", OK, 400, "bad_request", "", id="a report without its dates"),
        pytest.param("export/reports/profit-and-loss", {**OK, "options": {"parameters": {"start_date": "2026-01-01", "end_date": "2026-12-31", "accounting_method": "Maybe"}}}, 400, "bad_request", "Basis", id="a basis that does not exist"),
        pytest.param("export/reports/profit-and-loss", {**OK, "options": {"parameters": {"start_date": "2026-01-01", "end_date": "2026-12-31", "testing_migration": "true"}}}, 400, "bad_request", "testing_migration", id="a parameter that we do not offer"),
        pytest.param("export/entities/invoices", {**OK, "connection_id": "con_nonsense"}, 404, "not_found", "", id="unknown connection"),
        pytest.param("export/entities/invoices", {**OK, "connection_id": 7}, 400, "bad_request", "connection_id", id="a connection that is a number"),
        pytest.param("export/exporters/exp_nonsense/run", {}, 404, "not_found", "", id="unknown exporter"),
        pytest.param("export/steps", {"cursor": "nonsense"}, 404, "not_found", "", id="nonsense for a cursor"),
        pytest.param("export/steps", {}, 400, "bad_request", "cursor", id="no cursor"),
        pytest.param("connections/ticket", {"reconnect": "con_nonsense"}, 404, "not_found", "", id="reconnecting what is not there"),
        pytest.param("connections/attempt", {"attempt": "att_nonsense"}, 404, "not_found", "", id="unknown attempt"),
        pytest.param("runs/acknowledge", {"run_id": "run_nonsense", "applied": True}, 404, "not_found", "", id="unknown run"),
        pytest.param("runs/acknowledge", {"run_id": "run_nonsense", "applied": "yes"}, 400, "bad_request", "applied", id="yes instead of true"),
    ],
)  # fmt: skip
def test_it_is_refused_in_words(desk: Desk, path, body, status, code, names):
    before = len(desk.world.intuit.calls.all())
    answer = desk.post(path, **{"connection_id": desk.connection, **body})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, code)
    assert names in error["message"]
    assert error["message"].endswith(".")
    assert len(desk.world.intuit.calls.all()) == before


@pytest.mark.parametrize(
    ("spreadsheet", "names"),
    [
        pytest.param({"key": "short"}, "sheet key", id="a key that is none"),
        pytest.param({"key": None}, "key", id="no key"),
        pytest.param({"time_zone": "Mars/Olympus"}, "time zone", id="a zone that does not exist"),
        pytest.param({"time_zone": "localtime"}, "time zone", id="a zone that is a file of ours"),
        pytest.param({"time_zone": "../../etc/passwd"}, "time zone", id="a zone that is a path"),
        pytest.param({"id": 7}, "spreadsheet.id", id="an id that is a number"),
    ],
)
def test_a_spreadsheet_must_say_who_it_is(desk: Desk, spreadsheet, names):
    good = {"id": "s", "key": "0" * 64, "time_zone": "UTC", "locale": "en_US"}
    answer = desk.post("home", spreadsheet={**good, **spreadsheet})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")
    assert names in answer.json()["error"]["message"]


def test_a_foreign_connection_answers_exactly_as_a_missing_one(desk: Desk):
    path = "export/entities/invoices"
    foreign = desk.post(path, desk.ben, connection_id=desk.connection, **OK)
    missing = desk.post(path, desk.ben, connection_id="con_AAAAAAAAAAAAAAAAAAAAAA", **OK)
    assert foreign.status_code == missing.status_code == 404
    assert foreign.json() == missing.json()


def test_a_foreign_cursor_answers_exactly_as_a_tampered_one(desk: Desk):
    at = len(desk.cursor) // 2
    swapped = "A" if desk.cursor[at] != "A" else "B"
    tampered = desk.post("export/steps", cursor=desk.cursor[:at] + swapped + desk.cursor[at + 1 :])
    foreign = desk.post("export/steps", desk.ben, cursor=desk.cursor)
    other_sheet = desk.post("export/steps", replace(desk.ana, key="1" * 64), cursor=desk.cursor)
    assert {a.status_code for a in (tampered, foreign, other_sheet)} == {404}
    assert tampered.json() == foreign.json() == other_sheet.json()


def test_a_spreadsheets_id_without_its_key_shows_none_of_its_exports(desk: Desk):
    stranger = replace(desk.ana, key="2" * 64)
    assert desk.ana.call("home")["exporters"] != []
    assert stranger.call("home")["exporters"] == []
    assert desk.ben.call("home")["connections"] == []


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"exp": int(time.time()) - 60, "iat": int(time.time()) - 3700}, id="expired"),
        pytest.param({"aud": "somebody-else"}, id="wrong audience"),
        pytest.param({"iss": "https://evil.example"}, id="wrong issuer"),
        pytest.param({"exp": int(time.time()) + 86_400}, id="good for a day"),
        pytest.param({"email_verified": False}, id="unverified address"),
        pytest.param({"sub": None}, id="nobody"),
    ],
)
def test_an_id_token_that_is_not_right_is_refused(desk: Desk, claims):
    token = desk.world.google.identity.mint("ana@example.com", **claims)
    answer = desk.post("home", token=token)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")


def test_an_unsigned_id_token_is_refused(desk: Desk):
    head, body, _ = desk.ana.id_token().split(".")
    for token in (f"{head}.{body}.", "eyJhbGciOiJub25lIn0." + body + ".", "nonsense"):
        answer = desk.post("home", token=token)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")


@pytest.mark.parametrize(
    "path",
    ["home", "catalog", "connections", "connections/ticket", "connections/attempt",
     "export/entities/invoices", "export/reports/profit-and-loss", "export/steps",
     "export/exporters/x/run", "runs/acknowledge", "oauth_start"],
)  # fmt: skip
def test_twenty_megabytes_are_refused(desk: Desk, path: str):
    before = len(desk.world.intuit.calls.all())
    answer = desk.post(path, padding="x" * 20_000_000)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "request_too_large")
    assert len(desk.world.intuit.calls.all()) == before


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'"text"'])
def test_a_body_that_is_no_json_object_is_refused(desk: Desk, body):
    answer = requests.post(
        f"{desk.world.backend.url}/home",
        data=body,
        headers={"Authorization": f"Bearer {desk.ana.id_token()}"},
        timeout=30,
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")


def test_twenty_megabytes_that_do_not_announce_themselves_are_refused(desk: Desk):
    chunks = (b"x" * 1_000_000 for _ in range(20))
    answer = requests.post(
        f"{desk.world.backend.url}/home",
        data=chunks,
        headers={"Authorization": f"Bearer {desk.ana.id_token()}"},
        timeout=30,
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "request_too_large")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "TRACE"])
def test_other_methods_find_nothing(desk: Desk, method):
    answer = requests.request(method, f"{desk.world.backend.url}/export/steps", timeout=30)
    assert answer.status_code in (404, 405, 501)


def test_a_ticket_works_once_and_only_where_it_was_opened(desk: Desk):
    ticket = desk.ana.call("connections/ticket", reconnect=None)
    with check.new_browser() as browser, check.new_browser() as stranger:
        page = browser.get(ticket["url"], timeout=30)
        refused = check.press(stranger, page, ("decision", "continue"))
        assert refused.url.endswith("/pages/other_browser")
        accepted = check.press(browser, page, ("decision", "continue"))
        assert accepted.url.startswith(desk.world.intuit.url)
        assert "no longer good" in browser.get(ticket["url"], timeout=30).text


def test_a_callback_that_nobody_asked_for_is_a_redirect_and_stores_nothing(desk: Desk):
    before = len(desk.world.intuit.calls.all())
    for query in ("", "?code=AB&state=nope&realmId=1", "?error=access_denied&state=nope"):
        answer = requests.get(
            f"{desk.world.backend.url}/oauth_callback{query}", allow_redirects=False, timeout=30
        )
        assert answer.status_code == 302
        assert "code" not in answer.headers["Location"]
    assert len(desk.world.intuit.calls.all()) == before
