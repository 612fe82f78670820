"""Runs, attempts, invitations and members' keys are somebody's; and what a refresher hands in changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from counterfoil.core.people import Role
from tests.web.backend import KEY
from tests.web.foreign_sheet import COPYS_KEY, Sheet


@pytest.fixture
def sheet() -> Sheet:
    return Sheet()


# Runs, attempts and invitations are somebody's


@pytest.mark.parametrize(
    ("who", "key"), [("ben", KEY), ("ana", COPYS_KEY)], ids=["another user", "another spreadsheet"]
)
@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param("runs/acknowledge", {"applied": True, "seen": {"rows": 35}}, id="applied"),
        pytest.param("runs/acknowledge", {"applied": False, "why_code": "x"}, id="failed"),
        pytest.param("runs/park", {"wait_s": 60}, id="parked"),
    ],
)
def test_a_foreign_run_is_as_one_that_is_not_there(
    sheet: Sheet, who: str, key: str, path: str, body: dict[str, Any]
) -> None:
    sheet.joins("ben", Role.OWNER)
    before = sheet.backend.records.all("runs")
    answers = [
        sheet.ask(who, path, key=key, run_id=run_id, **body)
        for run_id in (sheet.run, "run_nobodyhasthisone000000")
    ]
    assert answers[0] == answers[1]
    assert answers[0][0] == 404
    assert sheet.backend.records.all("runs") == before


def test_an_attempt_to_connect_is_told_only_to_whoever_made_it(sheet: Sheet) -> None:
    attempt = sheet.good("connections/ticket")["attempt"]
    answers = [
        sheet.ask("ben", "connections/attempt", attempt=id)
        for id in (attempt, "att_nobodyhasthisone000000")
    ]
    assert answers[0] == answers[1]
    assert answers[0][0] == 404
    assert sheet.good("connections/attempt", attempt=attempt)["state"] == "waiting"


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_an_invitation_of_somebody_else_is_as_one_that_is_not_there(
    sheet: Sheet, answer: str
) -> None:
    made = sheet.good(
        f"connections/{sheet.company}/invite", email="carl@example.com", role="editor"
    )["invitation"]["id"]
    answers = [
        sheet.ask("ben", f"account/invitations/{id}/{answer}")
        for id in (made, "inv_nobodyhasthisone000000")
    ]
    assert answers[0] == answers[1]
    assert answers[0][0] == 404
    assert sheet.good(f"account/invitations/{made}/{answer}", who="carl")


def test_an_invitation_of_another_company_cannot_be_withdrawn(sheet: Sheet) -> None:
    made = sheet.good(
        f"connections/{sheet.company}/invite", email="carl@example.com", role="editor"
    )["invitation"]["id"]
    answers = [
        sheet.ask("ben", f"connections/{sheet.elsewhere}/withdraw", invitation=id)
        for id in (made, "inv_nobodyhasthisone000000")
    ]
    assert answers[0] == answers[1]
    assert sheet.good("account/invitations", who="carl")["invitations"]


def test_a_members_key_of_one_company_is_nobodys_in_another(sheet: Sheet) -> None:
    sheet.joins("carl", Role.EDITOR)
    carl = next(
        each["member"]
        for each in sheet.good(f"connections/{sheet.company}/members")["members"]
        if each["email"] == "carl@example.com"
    )
    sheet.joins("carl", Role.EDITOR, sheet.elsewhere)
    assert sheet.ask("ben", f"connections/{sheet.elsewhere}/remove", member=carl)[0] == 404


# What a refresher hands in beside the export's id changes nothing


SMUGGLED: dict[str, Any] = {
    "options": {"columns": ["Id"], "filters": [], "lines": True},
    "connection_id": "con_nobodyhasthisone000000",
    "connection_ids": ["con_nobodyhasthisone000000"],
    "dataset": "employees",
    "kind": "report",
    "target": {"tab": "Elsewhere"},
    "revision": 99,
    "author": "google-ref",
    "user": "google-ana",
    "role": "owner",
    "cells": {"'Elsewhere'!B2": "2020-01-01"},
}


def test_a_refresher_runs_what_is_there_whatever_else_they_send(sheet: Sheet) -> None:
    sheet.joins("ref", Role.REFRESHER)
    bare, laden = (sheet.saved("ana", sheet.company) for _ in range(2))
    quickbooks = sheet.backend.exports.quickbooks
    steps = []
    for exporter, body in ((bare, {}), (laden, SMUGGLED)):
        quickbooks.asked.clear()  # type: ignore[attr-defined]
        step = sheet.good(f"export/exporters/{exporter}/run", who="ref", **body)
        steps.append((step["operations"][0]["op"], len(step["operations"]), step.get("progress"),
                      list(quickbooks.asked)))  # type: ignore[attr-defined]  # fmt: skip
    assert steps[0] == steps[1]
    held = sheet.backend.records.all("exporters")[laden]
    assert (held["author"], held["connection_ids"]) == ("google-ana", [sheet.company])


@pytest.mark.parametrize(
    "path",
    [
        "export/entities/invoices",
        "export/entities/invoices/estimate",
        "export/entities/invoices/preview",
        "export/reports/balance-sheet",
        "export/reports/balance-sheet/estimate",
        "export/reports/balance-sheet/preview",
    ],
)
def test_a_refresher_has_no_preview_and_no_unsaved_export(sheet: Sheet, path: str) -> None:
    sheet.joins("ref", Role.REFRESHER)
    before = repr(sheet.backend.records._kept)
    sheet.backend.exports.quickbooks.asked.clear()  # type: ignore[attr-defined]
    options = {"parameters": {"end_date": "2026-10-31"}} if "reports" in path else {}
    status, told = sheet.ask("ref", path, connection_id=sheet.company, options=options)
    assert (status, told["error"]["code"]) == (403, "forbidden")
    assert sheet.backend.exports.quickbooks.asked == []  # type: ignore[attr-defined]
    assert repr(sheet.backend.records._kept) == before
