"""What authorises what (docs/roles.md): each rule over HTTP, and what is refused tells nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from counterfoil.core.people import Role
from tests.web.backend import KEY, ROUTES
from tests.web.foreign_sheet import COPYS_KEY, Sheet, asked


@pytest.fixture
def sheet() -> Sheet:
    return Sheet()


# A spreadsheet's id proves nothing, its key stands for it


EXPORTS = {
    "run": lambda id: (f"export/exporters/{id}/run", {}),
    "read": lambda id: (f"exporters/{id}/read", {}),
    "runs": lambda id: (f"exporters/{id}/runs", {}),
    "update": lambda id: (f"exporters/{id}/update", {"revision": 1, "name": "Mine"}),
    "delete": lambda id: (f"exporters/{id}/delete", {}),
    "adopt": lambda id: (f"exporters/{id}/adopt", {}),
    "export": lambda id: (f"exporters/{id}/export", {}),
    "schedule": lambda id: (f"exporters/{id}/schedule", {"schedule": {"often": "hourly"}}),
    "forecast": lambda id: (f"exporters/{id}/forecast", {"schedule": {"often": "hourly"}}),
    "take": lambda id: (f"exporters/{id}/take", {}),
    "freeze": lambda id: (f"exporters/{id}/freeze", {}),
    "unfreeze": lambda id: (f"exporters/{id}/unfreeze", {}),
    "snapshot": lambda id: (f"exporters/{id}/snapshot", {}),
    "how to turn managed refresh on": lambda id: (f"managed_refresh/exporters/{id}/offer", {}),
    "managed refresh": lambda id: (
        f"managed_refresh/exporters/{id}/enable",
        {"nonce": "made-up", "schedule": {"often": "hourly"}},
    ),
}
NOBODYS_EXPORT = "exp_nobodyhasthisone000000"


@pytest.mark.parametrize("act", EXPORTS)
def test_the_id_of_a_spreadsheet_with_another_key_opens_what_a_missing_one_does(
    sheet: Sheet, act: str
) -> None:
    theirs, nobodys = (EXPORTS[act](id) for id in (sheet.exporter, NOBODYS_EXPORT))
    refused = sheet.ask("ana", theirs[0], key=COPYS_KEY, **theirs[1])
    assert refused == sheet.ask("ana", nobodys[0], key=COPYS_KEY, **nobodys[1])
    assert refused == sheet.ask("ana", nobodys[0], **nobodys[1])
    assert refused[0] == 404
    assert sheet.good(f"exporters/{sheet.exporter}/read")["name"] == "Open invoices"


@pytest.mark.parametrize("key", [None, "", "a" * 63, "A" * 64, "a" * 65, "é" * 64])
def test_without_a_key_nothing_is_looked_up(sheet: Sheet, key: str | None) -> None:
    for act in EXPORTS.values():
        theirs, nobodys = act(sheet.exporter), act(NOBODYS_EXPORT)
        refused = sheet.ask("ana", theirs[0], key=key, **theirs[1])
        assert refused == sheet.ask("ana", nobodys[0], key=key, **nobodys[1])
        assert refused[0] == 400


def test_a_copied_spreadsheet_has_a_key_of_its_own_and_none_of_the_exports(sheet: Sheet) -> None:
    assert sheet.seen("ana") == [sheet.exporter]
    assert sheet.seen("ana", key=COPYS_KEY) == []


def test_the_store_keeps_no_key_that_opens_a_spreadsheet(sheet: Sheet) -> None:
    assert KEY not in repr(sheet.backend.records._kept)


# The key alone is not membership


@pytest.mark.parametrize("act", EXPORTS)
@pytest.mark.parametrize("how", ["at rest", "frozen"])
def test_whoever_is_no_member_is_told_as_little_of_a_frozen_export(
    sheet: Sheet, how: str, act: str
) -> None:
    resting = sheet.saved("ana", sheet.company)
    if how == "frozen":
        sheet.good(f"exporters/{resting}/freeze")
    before = repr(sheet.backend.records._kept)
    (path, body), missing = EXPORTS[act](resting), EXPORTS[act](NOBODYS_EXPORT)
    status, told = sheet.ask("ben", path, **body)
    assert (status, told["error"]["code"]) == (404, "not_found")
    assert told["error"]["code"] == sheet.ask("ben", missing[0], **missing[1])[1]["error"]["code"]
    assert not any(word in repr(told) for word in ("ana", "Acme", "froze", sheet.company))
    assert repr(sheet.backend.records._kept) == before
    # Neither does the spreadsheet's copy, whoever asks.
    refused = sheet.ask("ana", path, key=COPYS_KEY, **body)
    assert refused == sheet.ask("ana", missing[0], key=COPYS_KEY, **missing[1])


@pytest.mark.parametrize("act", EXPORTS)
def test_a_colleague_gets_the_key_with_the_document_and_still_needs_membership(
    sheet: Sheet, act: str
) -> None:
    theirs, nobodys = (EXPORTS[act](id) for id in (sheet.exporter, NOBODYS_EXPORT))
    status, refused = sheet.ask("ben", theirs[0], **theirs[1])
    assert (status, sheet.seen("ben")) == (404, [])
    assert (
        refused["error"]["code"] == sheet.ask("ben", nobodys[0], **nobodys[1])[1]["error"]["code"]
    )
    assert "Acme" not in repr(refused) and sheet.company not in repr(refused)  # noqa: PT018
    sheet.joins("ben", Role.EDITOR)
    assert sheet.seen("ben") == [sheet.exporter]
    status, told = sheet.ask("ben", theirs[0], **theirs[1])
    # Ana's run is alive: a member is told whose it is. What no edit of the spreadsheet proved waits.
    assert (status, told.get("error", {}).get("code")) in [
        (200, None),
        (409, "run_in_progress"),
        (409, "proof_missing"),
    ]


def test_of_an_export_over_several_companies_one_needs_each(sheet: Sheet) -> None:
    held = sheet.backend.records.get("exporters", sheet.exporter)
    assert held is not None
    both = [sheet.company, sheet.elsewhere]
    sheet.backend.records.replace(held, {**held.data, "connection_ids": both})
    sheet.joins("carl", Role.OWNER)
    for act in EXPORTS.values():
        path, body = act(sheet.exporter)
        assert sheet.ask("carl", path, **body)[0] == 404
    assert sheet.seen("carl") == []
    sheet.joins("carl", Role.EDITOR, sheet.elsewhere)
    assert sheet.good(f"exporters/{sheet.exporter}/read", who="carl")["connection_ids"] == both


# A company of others answers as one that nobody has


NOBODYS_COMPANY = "con_nobodyhasthisone000000"
COMPANIES: dict[str, Callable[[str], tuple[str, dict[str, Any]]]] = {
    "export of an entity": lambda id: (
        "export/entities/invoices", {"connection_id": id, "options": {}}),
    "size of an entity": lambda id: (
        "export/entities/invoices/estimate", {"connection_id": id, "options": {}}),
    "first rows of an entity": lambda id: (
        "export/entities/invoices/preview", {"connection_id": id, "options": {}}),
    "export of a report": lambda id: (
        "export/reports/balance-sheet",
        {"connection_id": id, "options": {"parameters": {"end_date": "2026-10-31"}}}),
    "size of a report": lambda id: (
        "export/reports/balance-sheet/estimate",
        {"connection_id": id, "options": {"parameters": {"end_date": "2026-10-31"}}}),
    "first lines of a report": lambda id: (
        "export/reports/balance-sheet/preview",
        {"connection_id": id, "options": {"parameters": {"end_date": "2026-10-31"}}}),
    "create": lambda id: (
        "exporters/create", asked(id) | {"kind": "entity", "dataset": "invoices", "name": "Mine"}),
    "import": lambda id: (
        "exporters/import", {"connection_ids": [id], "document": {
            "counterfoil": 1, "kind": "entity", "dataset": "invoices", "name": "Mine",
            "options": {}, "tab": None}}),
    "reconnect": lambda id: ("connections/ticket", {"reconnect": id}),
    "withdraw": lambda id: (
        f"connections/{id}/withdraw", {"invitation": "inv_nobodyhasthisone000000"}),
    "members": lambda id: (f"connections/{id}/members", {}),
    "rename": lambda id: (f"connections/{id}/rename", {"name": "Mine"}),
    "invite": lambda id: (
        f"connections/{id}/invite", {"email": "x@example.com", "role": "owner"}),
    "role": lambda id: (f"connections/{id}/role", {"member": "0" * 24, "role": "owner"}),
    "remove": lambda id: (f"connections/{id}/remove", {"member": "0" * 24}),
    "leave": lambda id: (f"connections/{id}/leave", {}),
    "preview": lambda id: (f"connections/{id}/preview", {"what": "delete"}),
    "pause": lambda id: (f"connections/{id}/pause", {}),
    "delete": lambda id: (f"connections/{id}/delete", {}),
}  # fmt: skip


def test_every_address_of_a_company_or_an_export_is_tried_here() -> None:
    """Beside the steps of a run, which go by a cursor, and a ticket without a company."""
    paths = [act("{id}")[0] for act in (*EXPORTS.values(), *COMPANIES.values())]
    named = {path.replace("invoices", "{id}").replace("balance-sheet", "{id}") for path in paths}
    guarded = {
        re.sub(r"\{[a-z]+\}", "{id}", function + route.path)
        for function, routes in ROUTES.items()
        for route in routes
        if route.action is not None
    }
    assert guarded - {"export/steps"} == named - {"connections/ticket"}


@pytest.mark.parametrize("act", COMPANIES)
def test_a_company_of_others_is_as_one_that_is_not_there(sheet: Sheet, act: str) -> None:
    before = repr(sheet.backend.records._kept)
    answers = [
        sheet.ask("ben", path, **body)
        for path, body in (COMPANIES[act](id) for id in (sheet.company, NOBODYS_COMPANY))
    ]
    assert answers[0] == answers[1]
    assert answers[0][0] == 404
    assert repr(sheet.backend.records._kept) == before


def test_an_export_cannot_be_moved_to_a_company_of_others(sheet: Sheet) -> None:
    answers = [
        sheet.ask("ana", f"exporters/{sheet.exporter}/update", revision=1, connection_ids=[id])
        for id in (sheet.elsewhere, NOBODYS_COMPANY)
    ]
    assert answers[0] == answers[1]
    assert answers[0][0] == 404


# A cursor is for one person, one spreadsheet, one revision


def test_a_cursor_of_somebody_else_is_as_one_that_was_made_up(sheet: Sheet) -> None:
    sheet.joins("ben", Role.OWNER)
    made_up = sheet.ask("ben", "export/steps", cursor="v1.00000000.AAAA")
    assert sheet.ask("ben", "export/steps", cursor=sheet.cursor) == made_up
    assert made_up[0] == 404


def test_a_cursor_of_another_spreadsheet_is_as_one_that_was_made_up(sheet: Sheet) -> None:
    made_up = sheet.ask("ana", "export/steps", key=COPYS_KEY, cursor="v1.00000000.AAAA")
    assert sheet.ask("ana", "export/steps", key=COPYS_KEY, cursor=sheet.cursor) == made_up
    assert made_up[0] == 404


def test_a_cursor_of_an_older_revision_is_over(sheet: Sheet) -> None:
    sheet.good(f"exporters/{sheet.exporter}/update", revision=1, name="Other")
    status, told = sheet.ask("ana", "export/steps", cursor=sheet.cursor)
    assert (status, told["error"]["code"]) == (410, "cursor_expired")
    assert told["error"]["details"]["ended"] is True


def test_the_next_step_of_a_removed_member_finds_nothing(sheet: Sheet) -> None:
    sheet.joins("ben", Role.EDITOR)
    exporter = sheet.saved("ben", sheet.company)
    cursor = sheet.good(f"export/exporters/{exporter}/run", who="ben")["cursor"]
    sheet.backend.records.delete("members", f"{sheet.company}:google-ben")
    assert sheet.ask("ben", "export/steps", cursor=cursor)[0] == 404
