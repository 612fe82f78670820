"""Role by address: every cell of docs/roles.md, tried over HTTP."""

from __future__ import annotations

import pathlib
import re
from typing import Any

import pytest

from counterfoil.core.authority import NEEDS
from counterfoil.core.people import Role
from counterfoil.flows.team import member_key
from tests.web.backend import ROUTES, SCHEDULER, Backend

MAIN = pathlib.Path(__file__).resolve().parents[2] / "functions/main.py"
DOC = pathlib.Path(__file__).resolve().parents[2] / "docs/roles.md"

# Addresses that name no company: anybody whom Google names, and only about themselves.
OPEN = {
    "home/",
    "catalog/",
    "connections/",
    "connections/ticket",
    "connections/attempt",
    "account/invitations",
    "account/invitations/{invitation}/accept",
    "account/invitations/{invitation}/decline",
    "account/erase",
    "runs/acknowledge",
    "runs/park",
    "exporters/due",
}
# For our own services: no person gets in, whatever their role.
SERVICES = {"token_refresh/", "token_refresh/idle", "managed_refresh/tick"}
GUARDED = {
    function + route.path: NEEDS[route.action]
    for function, routes in ROUTES.items()
    for route in routes
    if route.action is not None
}
WHO = {"olga": Role.OWNER, "edith": Role.EDITOR, "ref": Role.REFRESHER, "stranger": None}


class Cell:
    """One company with a member of each role, and one saved export."""

    def __init__(self) -> None:
        self.backend = Backend()
        flows = self.backend.flows
        self.connection = flows.connected(self.backend.user("ana"))
        for who, role in WHO.items():
            if role is not None:
                flows.member(self.backend.user(who), self.connection, role)
        flows.member(self.backend.user("carl"), self.connection, Role.EDITOR)
        status, made = self.backend.ask(
            "ana",
            "exporters/create",
            connection_ids=[self.connection],
            kind="entity",
            dataset="invoices",
            options={},
            name="Open invoices",
        )
        assert status == 200, made
        self.exporter = made["id"]
        hourly = {"often": "hourly"}
        path = f"exporters/{self.exporter}/schedule"
        assert self.backend.ask("ana", path, schedule=hourly)[0] == 200

    @property
    def asked(self) -> tuple[list[str], list[str], int]:
        """Everything that QuickBooks and Intuit have been asked."""
        quickbooks, intuit = self.backend.exports.quickbooks, self.backend.flows.intuit
        asked = list(quickbooks.asked)  # type: ignore[attr-defined]
        return asked, list(intuit.revoked), len(intuit.asked)

    def request(self, who: str, route: str) -> tuple[str, dict[str, Any]]:
        path = route.format(
            connection=self.connection,
            exporter=self.exporter,
            dataset="balance-sheet" if route.startswith("export/reports/") else "invoices",
        )
        return path, self._body(who, route)

    def ask(self, who: str, path: str, body: dict[str, Any]) -> int:
        status, answer = self.backend.ask(who, path, **body)
        assert status == 200 or set(answer) == {"error"}
        return status

    def _body(self, who: str, route: str) -> dict[str, Any]:
        carl = next(
            member_key(each)
            for each in self.backend.records.find("members", {"user": "google-carl"}, limit=1)
        )
        export = {"counterfoil": 1, "kind": "entity", "dataset": "invoices", "name": "Mine",
                  "options": {}, "tab": None}  # fmt: skip
        bodies: dict[str, dict[str, Any]] = {
            "connections/{connection}/rename": {"name": "Acme"},
            "connections/{connection}/invite": {"email": "new@example.com", "role": "editor"},
            "connections/{connection}/withdraw": {"invitation": "inv_none00000000"},
            "connections/{connection}/role": {"member": carl, "role": "refresher"},
            "connections/{connection}/remove": {"member": carl},
            "connections/{connection}/preview": {"what": "delete"},
            "connections/{connection}/pause": {},
            "connections/{connection}/delete": {},
            "export/entities/{dataset}": {"connection_id": self.connection, "options": {}},
            "export/entities/{dataset}/estimate": {"connection_id": self.connection, "options": {}},
            "export/entities/{dataset}/preview": {"connection_id": self.connection, "options": {}},
            "exporters/create": {"connection_ids": [self.connection], "kind": "entity",
                                 "dataset": "invoices", "options": {}, "name": "Mine"},
            "exporters/import": {"connection_ids": [self.connection], "document": export},
            "exporters/{exporter}/schedule": {"schedule": {"often": "daily", "hour": 10}},
            "exporters/{exporter}/forecast": {"schedule": {"often": "daily", "hour": 10}},
            "exporters/{exporter}/update": {"revision": 1, "name": "Other"},
        }  # fmt: skip
        if route == "connections/{connection}/withdraw":
            _, made = self.backend.ask(
                "ana", f"connections/{self.connection}/invite",
                email="x@example.com", role="editor",
            )  # fmt: skip
            return {"invitation": made["invitation"]["id"]}
        if route == "connections/{connection}/delete":
            _, told = self.backend.ask(who, f"connections/{self.connection}/preview", what="delete")
            return {"confirm": told.get("confirm")}
        if route == "managed_refresh/exporters/{exporter}/enable":
            _, told = self.backend.ask(who, f"managed_refresh/exporters/{self.exporter}/offer")
            self.backend.pinboard.written.add(told.get("nonce", ""))
            return {"nonce": told.get("nonce", "made-up"), "schedule": {"often": "hourly"}}
        if route.startswith("export/reports/{dataset}"):
            return {"connection_id": self.connection,
                    "options": {"parameters": {"end_date": "2026-10-31"}}}  # fmt: skip
        if route == "export/steps":
            # A cursor opens only for whom it was made: a stranger has none but somebody else's.
            runner = who if WHO[who] else "olga"
            _, step = self.backend.ask(runner, f"export/exporters/{self.exporter}/run")
            return {"cursor": step["cursor"]}
        return bodies.get(route, {})


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("route", GUARDED)
def test_the_role_decides(route: str, who: str) -> None:
    cell = Cell()
    role = WHO[who]
    if route.startswith("export/reports/{dataset}"):
        cell.backend.exports.quickbooks.reports["BalanceSheet"] = REPORT  # type: ignore[attr-defined]
    path, body = cell.request(who, route)
    before = repr(cell.backend.records._kept), cell.backend.flows.secrets.kept, cell.asked
    status = cell.ask(who, path, body)
    if role is not None and role.covers(GUARDED[route]):
        assert status == 200
        return
    assert status == (404 if role is None else 403)
    after = repr(cell.backend.records._kept), cell.backend.flows.secrets.kept, cell.asked
    assert after == before


@pytest.mark.parametrize("route", [*GUARDED, "home/", "connections/ticket", "exporters/due"])
def test_whatever_somebody_has_done_their_erasing_leaves_nothing_of_them(route: str) -> None:
    """A place that an address writes them into, and that erasing does not know, is found here."""
    cell = Cell()
    if route.startswith("export/reports/{dataset}"):
        cell.backend.exports.quickbooks.reports["BalanceSheet"] = REPORT  # type: ignore[attr-defined]
    assert cell.backend.flows.knows("google-olga")
    assert cell.ask("olga", *cell.request("olga", route)) == 200
    status, told = cell.backend.ask("olga", "account/erase", confirm=True)
    assert (status, told["removed"]["left"]) == (200, 0)
    for trace in ("google-olga", "olga@example.com"):
        assert not cell.backend.flows.knows(trace)


@pytest.mark.parametrize("route", GUARDED)
def test_without_an_identity_nothing_is_answered(route: str) -> None:
    cell = Cell()
    path = route.format(connection=cell.connection, exporter=cell.exporter, dataset="invoices")
    assert cell.backend.ask("", path)[0] == 401


@pytest.mark.parametrize("who", [*WHO, ""])
@pytest.mark.parametrize("route", sorted(SERVICES))
def test_no_person_gets_into_what_is_for_our_own_services(route: str, who: str) -> None:
    cell = Cell()
    status, _ = cell.backend.ask(who, route, connection_id=cell.connection)
    assert (status, cell.backend.flows.intuit.asked) == (401, [])
    assert cell.backend.ask(SCHEDULER, route, connection_id=cell.connection)[0] == 200


def test_every_address_is_in_one_of_the_three_tables() -> None:
    every = [function + route.path for function, routes in ROUTES.items() for route in routes]
    assert sorted(every) == sorted([*OPEN, *SERVICES, *GUARDED])


def test_every_function_that_answers_json_is_tried_here() -> None:
    pages = {"oauth_start", "oauth_callback", "pages"}  # for browsers: tests/web/test_pages.py
    named = set(re.findall(r"^def ([a-z_]+)\(request", MAIN.read_text(), re.MULTILINE))
    assert named - pages - {"health"} == ROUTES.keys()


def test_the_document_says_what_the_code_does() -> None:
    found = re.search(r"<!-- roles:begin.*?-->(.*?)<!-- roles:end -->", DOC.read_text(), re.DOTALL)
    assert found is not None
    lines = [line for line in found[1].strip().splitlines() if line.startswith("|")][2:]
    rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines]
    documented = {row[0]: row[1:4] for row in rows}
    assert documented == {
        route: ["yes" if role.covers(needed) else "no" for role in Role]
        for route, needed in GUARDED.items()
    }


REPORT = b"""{"Header": {"ReportName": "BalanceSheet", "EndPeriod": "2026-10-31",
"Currency": "USD", "ReportBasis": "Accrual"}, "Columns": {"Column": [
{"ColTitle": "", "ColType": "Account"}, {"ColTitle": "Total", "ColType": "Money"}]},
"Rows": {"Row": [{"ColData": [{"value": "Cash", "id": "1"}, {"value": "5.00"}], "type": "Data"}]}}"""


def test_home_shows_who_is_invited_what_they_were_invited_to() -> None:
    cell = Cell()
    cell.backend.ask(
        "ana",
        f"connections/{cell.connection}/invite",
        email="stranger@example.com",
        role="refresher",
    )
    _, home = cell.backend.ask("stranger", "home/")
    [shown] = home["invitations"]
    assert (shown["company"], shown["role"], shown["by"]) == (
        "Acme Landscaping",
        "refresher",
        "ana@example.com",
    )
    assert cell.backend.ask("olga", "home/")[1]["invitations"] == []
    _, joined = cell.backend.ask("stranger", f"account/invitations/{shown['id']}/accept")
    assert joined["connection_id"] == cell.connection
    assert cell.backend.ask("stranger", "home/")[1]["invitations"] == []
