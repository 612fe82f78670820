"""Canaries: no token in any answer, log, URL or console; no QuickBooks data kept or logged."""

from __future__ import annotations

import base64
import functools
import json
import pathlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
import requests
from playwright.sync_api import Browser

from counterfoil.core.journal import ENVELOPE, FIELDS
from sandbox import check
from sandbox.google.grid import Workbook
from sandbox.google.snapshot import snapshot
from sandbox.intuit.companies import demo_books
from sandbox.world import World
from tests.browser.driver import Person
from tests.chromium import browser, private_window

__all__ = ["browser"]

NAME, NUMBER, MEMO = "Canary Wharf Kiosk 7f3a", "DOC-CANARY-91c2", "memo canary 55d0"
AMOUNT = "918273.64"
KINDS = ("expired_token", "unauthorized_xml", "120", "4002", "5020", "6190", "html", "500")


@dataclass
class Heard:
    """Everything that came out of the system during one long journey."""

    world: World
    answers: list[tuple[str, str]] = field(default_factory=list)  # (address, body and headers)
    texts: dict[str, str] = field(default_factory=dict)  # what was logged, stored, said

    def tokens(self) -> set[str]:
        """All that Intuit ever handed out, and our client secret."""
        return {*self.world.intuit.tokens.given(), self.world.intuit.client_secret}


@pytest.fixture(scope="module")
def heard(browser: Browser) -> Iterator[Heard]:
    books = demo_books()
    company = books.company(books.companies()[0].realm_id)
    customer = dict(next(iter(company.store.all("Customer"))))
    company.add("Customer", {**customer, "Id": "777001", "DisplayName": NAME})
    invoice = dict(next(iter(company.store.all("Invoice"))))
    company.add(
        "Invoice",
        {**invoice, "Id": "777002", "DocNumber": NUMBER, "PrivateNote": MEMO, "LinkedTxn": [],
         "CustomerRef": {"value": "777001", "name": NAME}, "TotalAmt": float(AMOUNT)},
    )  # fmt: skip
    with World(books) as world, pytest.MonkeyPatch.context() as patch:
        heard = Heard(world)
        _listen(patch, heard)
        _journey_without_a_browser(world)
        _journey_in_a_browser(world, browser, heard)
        heard.texts["backend log"] = world.log.read_text()
        heard.texts["add-on console"] = "\n".join(map(str, world.script.console))
        heard.texts["URLs at Intuit"] = "\n".join(
            f"{call.path}?{call.query}" for call in world.intuit.calls.accounting()
        )
        heard.texts["records"] = _bytes_of(world.data / "stores", "records")
        heard.texts["spreadsheets"] = "\n".join(map(_all_of, world.google.workbooks.values()))
        heard.texts["secrets"] = _bytes_of(world.data / "stores", "secrets")
        yield heard


@functools.cache
def written(secret: str) -> set[str]:
    """The ways in which a text may stand somewhere: as it is, in a URL or JSON, in base64."""
    plain = secret.encode()
    ways = {secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}
    for before in range(3):  # base64 begins anew at every third byte
        text = base64.b64encode(b"\0" * before + plain).decode()
        # Only characters that hold nothing of what stands before and after.
        inner = text[-(-before * 8 // 6) : (before + len(plain)) * 8 // 6]
        ways |= {inner, inner.replace("+", "-").replace("/", "_")}
    return ways


def found_in(text: str, secrets: Iterable[str]) -> list[str]:
    return [secret for secret in secrets if any(way in text for way in written(secret))]


def _listen(patch: pytest.MonkeyPatch, heard: Heard) -> None:
    send = requests.Session.send

    def listened(self: requests.Session, request: requests.PreparedRequest, **kw: Any):
        answer = send(self, request, **kw)
        if str(request.url).startswith(heard.world.backend.url):
            heard.answers.append((str(request.url), answer.text + str(answer.headers)))
        return answer

    patch.setattr(requests.Session, "send", listened)


def _journey_without_a_browser(world: World) -> None:
    sidebar = check.sidebar(world, "ana@example.com")
    realm = world.intuit.companies()[0].realm_id
    connection = check.connect(sidebar, realm)["id"]
    for what in ("invoices", "customers"):
        sidebar.export(
            f"entities/{what}", connection_id=connection, options={}, target={"tab": what}
        )
    # And now everything that can go wrong, one after the other, without the pauses.
    sidebar.sleep = lambda _: None
    for kind in KINDS:
        world.intuit.inject(kind, path="query", times=None)
        with pytest.raises(check.CheckFailed):
            sidebar.export(
                "entities/invoices", connection_id=connection, options={}, target={"tab": kind}
            )
        world.intuit.faults.clear()
    world.intuit.disconnect(realm)
    with pytest.raises(check.CheckFailed):
        sidebar.export("entities/customers", connection_id=connection, target={"tab": "x"})
    check.connect(sidebar, realm)


def _journey_in_a_browser(world: World, browser: Browser, heard: Heard) -> None:
    with private_window(browser) as window:
        visited: list[str] = []
        window.on("request", lambda request: visited.append(request.url))
        ana = Person.at(world, window)
        ana.page.on("console", lambda said: visited.append(said.text))
        ana.opens_counterfoil()
        ana.button("Companies").or_(ana.sidebar.get_by_role("tab", name="Companies")).click()
        tab = ana.goes_to_intuit(connect="Connect another")
        tab.get_by_role("radio").first.check()
        tab.get_by_role("button", name="Authorize").click()
        tab.get_by_role("heading", name="Connected").wait_for()
        tab.close()
        ana.page.bring_to_front()
        ana.sees("is connected")
        ana.exports("Invoices")
        world.intuit.disconnect(world.intuit.companies()[0].realm_id)
        ana.button("All exports").click()
        ana.starts_export("Customers")
        ana.sees("was not written")
        heard.texts["sidebar"] = ana.sidebar.locator("body").inner_html()
    # The one-time code is in Intuit's redirect, as OAuth has it; nothing after it carries it.
    heard.texts["addresses in the browser"] = "\n".join(
        url for url in visited if "/oauth_callback?" not in url
    )


def _bytes_of(folder: pathlib.Path, name: str) -> str:
    files = sorted(folder.glob(f"{name}*"))
    assert files
    return "".join(map(_text_of, files))


def _text_of(file: pathlib.Path) -> str:
    """SQLite takes its -wal and -shm away with the last connection, which may be now."""
    try:
        return file.read_bytes().decode("latin-1")
    except FileNotFoundError:
        assert file.name.endswith(("-wal", "-shm"))
        return ""


def _all_of(workbook: Workbook) -> str:
    """Cells, notes, names of ranges, and developer metadata, hidden tabs included."""
    tabs = [snapshot(workbook, tab, rows=5_000) for tab in workbook.tabs]
    return json.dumps(tabs) + repr(workbook.metadata)


def _document_properties(world: World) -> list[dict[str, str]]:
    return [world.script.properties.read(f"document {id}") for id in world.google.workbooks]


def test_the_journey_was_long_enough_to_mean_something(heard: Heard):
    assert len(heard.tokens()) >= 10
    assert len(heard.answers) > 30
    assert all(heard.texts[name] for name in ("backend log", "URLs at Intuit", "records"))
    assert any(NAME in body for _, body in heard.answers)  # the export itself did carry it


@pytest.mark.parametrize("around", ["", "a", "ab", "abc"])
def test_a_canary_is_found_however_it_is_written(around: str):
    text = f"{around}{NAME}{around}?"
    assert found_in(base64.b64encode(text.encode()).decode(), [NAME]) == [NAME]
    assert found_in(base64.urlsafe_b64encode(text.encode()).decode(), [NAME]) == [NAME]
    assert found_in(quote(text), [NAME]) == found_in(quote_plus(text), [NAME]) == [NAME]
    assert found_in(base64.b64encode(b"Quiet Wharf").decode(), [NAME]) == []


def test_no_answer_holds_a_token(heard: Heard):
    for address, body in heard.answers:
        assert found_in(body, heard.tokens()) == [], address


@pytest.mark.parametrize(
    "place",
    ["backend log", "add-on console", "URLs at Intuit", "records", "secrets", "sidebar",
     "addresses in the browser"],
)  # fmt: skip
def test_no_token_is_found_in(heard: Heard, place: str):
    assert found_in(heard.texts[place], heard.tokens()) == []


@pytest.mark.parametrize(
    "place",
    ["backend log", "add-on console", "URLs at Intuit", "records", "secrets",
     "addresses in the browser"],
)  # fmt: skip
@pytest.mark.parametrize("canary", [NAME, NUMBER, MEMO, AMOUNT])
def test_no_quickbooks_data_is_found_in(heard: Heard, place: str, canary: str):
    assert found_in(heard.texts[place], [canary]) == []


def test_no_error_names_quickbooks_data(heard: Heard):
    errors = [body for _, body in heard.answers if '"error": {' in body or '"error":{' in body]
    assert len(errors) >= 8
    assert [body for body in errors if found_in(body, (NAME, NUMBER, MEMO, AMOUNT))] == []


def test_no_sheet_key_and_no_id_token_is_logged_or_stored(heard: Heard):
    keys = [value["sheetKey"] for value in _document_properties(heard.world) if "sheetKey" in value]
    assert keys
    for place in ("backend log", "records", "add-on console"):
        assert "eyJ" not in heard.texts[place]
        assert found_in(heard.texts[place], keys) == []


@pytest.mark.parametrize(
    "place", ["sidebar", "spreadsheets", "addresses in the browser", "secrets"]
)
def test_the_sheet_key_stays_in_the_documents_properties(heard: Heard, place: str):
    keys = [value["sheetKey"] for value in _document_properties(heard.world) if "sheetKey" in value]
    assert keys
    assert heard.texts[place]
    assert found_in(heard.texts[place], keys) == []


def test_the_spreadsheets_were_looked_at_whole(heard: Heard):
    """What must be there is: the export itself, and its receipt."""
    assert found_in(heard.texts["spreadsheets"], [NAME, "CF_"]) == [NAME, "CF_"]


def test_every_log_line_is_json_of_allowed_fields(heard: Heard):
    address, *lines = heard.texts["backend log"].splitlines()
    assert address == heard.world.backend.url
    assert len(lines) > 50
    for line in lines:
        entry = json.loads(line)
        assert {"severity", "message"} <= set(entry) <= FIELDS | ENVELOPE


def test_every_request_to_the_accounting_api_was_a_read(heard: Heard):
    calls = heard.world.intuit.calls.accounting()
    assert len(calls) > 10
    assert [call for call in calls if not call.is_read] == []
    assert heard.world.intuit.calls.writes() == []
