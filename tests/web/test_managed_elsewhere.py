"""That managed refresh writes into no spreadsheet that nobody proved, whoever changes its export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from counterfoil.flows.proofs import PROOFS
from sandbox.google.server import GoogleSandbox
from tests.web.backend import WRITER
from tests.web.managed_office import QUARTER, ManagedOffice, counts, sheets


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleSandbox]:
    with sheets() as running:
        yield running


@pytest.fixture
def office(google: GoogleSandbox) -> ManagedOffice:
    return ManagedOffice(google)


@pytest.mark.parametrize("change", ["update", "adopt", "options"])
def test_an_edit_by_anybody_wants_another_proof_before_anything_is_written(
    office: ManagedOffice, change: str
) -> None:
    id = office.managed()
    if change == "adopt":
        office.good(f"exporters/{id}/adopt", "ben")
    else:
        edited: dict[str, Any] = {"options": {"columns": ["id"]}} if change == "options" else {
            "target": {"tab": "Secret plans"}
        }  # fmt: skip
        office.good(f"exporters/{id}/update", "ben", revision=1, **edited)
    asked = len(office.quickbooks.asked)
    office.later(minutes=15)
    assert office.tick()["failed"] == 1
    assert office.titles() == ["Sheet1"]
    assert len(office.quickbooks.asked) == asked
    shown = office.shown(id)
    assert (shown["stopped"], shown["managed"]["proven"]) == ("unproven", False)
    office.enable(id, "ben")
    office.later(minutes=15)
    assert office.tick()["ran"] == 1
    assert office.shown(id)["by"] == "ben@example.com"


def test_a_new_name_by_who_proved_it_needs_no_other_proof_and_one_by_others_does(
    office: ManagedOffice,
) -> None:
    """It leads nowhere else; but others would write their words into a spreadsheet that they may
    not edit.
    """
    id = office.managed()
    office.good(f"exporters/{id}/update", revision=1, name="Open invoices")
    assert office.shown(id)["managed"]["proven"] is True
    office.later(minutes=15)
    assert counts(office.tick()) == (1, 0, 0)
    office.good(f"exporters/{id}/update", "ben", revision=2, name="Pay Ben")
    shown = office.shown(id)
    assert (shown["stopped"], shown["late"], shown["managed"]["proven"]) == (
        "unproven",
        True,
        False,
    )
    office.good(f"exporters/{id}/update", revision=3, name="Open invoices")
    assert office.shown(id)["managed"]["proven"] is False, "what was not proven is not by a name"
    office.later(minutes=15)
    assert counts(office.tick()) == (0, 1, 0)


def test_a_new_name_with_anything_else_wants_another_proof(office: ManagedOffice) -> None:
    id = office.managed()
    office.good(f"exporters/{id}/update", revision=1, name="Mine", target={"tab": "Secret plans"})
    office.later(minutes=15)
    assert counts(office.tick()) == (0, 1, 0)
    assert office.shown(id)["stopped"] == "unproven"


def test_a_rename_at_the_moment_at_which_it_is_turned_off_turns_nothing_on(
    office: ManagedOffice,
) -> None:
    id = office.managed()
    records = office.backend.records

    def meanwhile(collection: str, key: str) -> None:
        if collection == "exporters":
            records.before_write = lambda *_: None
            office.good(f"exporters/{id}/schedule", schedule=None)

    records.before_write = meanwhile
    office.good(f"exporters/{id}/update", revision=1, name="Open invoices")
    assert (office.record(id)["managed"], office.record(id)["plan"]) == (None, None)


def test_nobody_takes_it_over_without_a_proof(office: ManagedOffice) -> None:
    id = office.managed()
    assert office.code(f"exporters/{id}/take", "ben") == "proof_missing"
    assert office.record(id)["run_as"] == "google-ana"
    office.enable(id, "ben")
    assert office.record(id)["run_as"] == "google-ben"


def test_a_change_between_the_look_and_the_proof_is_not_covered_by_it(
    office: ManagedOffice,
) -> None:
    office.share()
    id = office.export()
    nonce = office.offer(id)
    office.write(nonce)
    records = office.backend.records

    def edited(collection: str, key: str) -> None:
        if collection == PROOFS:
            records.before_write = lambda *_: None
            office.good(f"exporters/{id}/update", "ben", revision=1, name="Ben's")

    records.before_write = edited
    office.good(f"managed_refresh/exporters/{id}/enable", nonce=nonce, schedule=QUARTER)
    office.later(minutes=15)
    assert office.tick()["failed"] == 1
    assert office.titles() == ["Sheet1"]


def test_a_request_that_names_another_spreadsheet_moves_nothing(office: ManagedOffice) -> None:
    """The key stands for the spreadsheet; which one is written into is what was proven."""
    id = office.managed()
    other = office.other_book()
    office.share(book=other.id)
    office.ask("home/", book=other.id)
    office.ask(f"exporters/{id}/schedule", book=other.id, schedule=QUARTER)
    office.ask(f"managed_refresh/exporters/{id}/offer", book=other.id)
    assert office.record(id)["managed"]["spreadsheet"] == office.id
    office.later(minutes=15)
    assert office.tick()["ran"] == 1
    assert [tab.title for tab in other.tabs] == ["Sheet1"]


@pytest.mark.parametrize("where", ["top", "options"])
def test_an_imported_document_carries_no_managed_refresh(office: ManagedOffice, where: str) -> None:
    id = office.managed()
    document = office.good(f"exporters/{id}/export")["document"]
    assert "managed" not in repr(document)
    assert office.id not in repr(document)
    planted = {"spreadsheet": office.id, "account": WRITER, "revision": 1, "run_as": "google-ana"}
    loaded = dict(document)
    if where == "top":
        loaded |= {"managed": planted, "due_window": 1}
    else:
        loaded["options"] = {**document["options"], "managed": planted}
    body = {"connection_ids": [office.company], "document": loaded}
    assert office.code("exporters/import", "ben", **body) == "bad_request"
    made = office.good(
        "exporters/import", "ben", connection_ids=[office.company], document=document
    )
    record = office.record(made["id"])
    assert (record["managed"], record["plan"], record["due_window"]) == (None, None, None)


def test_a_create_that_asks_for_it_gets_none(office: ManagedOffice) -> None:
    made = office.good(
        "exporters/create", connection_ids=[office.company], kind="entity", dataset="invoices",
        options={}, name="Sly", managed={"spreadsheet": office.id}, due_window=1, plan=QUARTER,
    )  # fmt: skip
    record = office.record(made["id"])
    assert (record["managed"], record["plan"], record["due_window"]) == (None, None, None)


def test_an_account_that_the_operator_took_away_writes_nothing(office: ManagedOffice) -> None:
    id = office.managed()
    held = office.backend.records.get("exporters", id)
    assert held is not None
    managed = {**held.data["managed"], "account": "old@project.iam.gserviceaccount.com"}
    office.backend.records.replace(held, {**held.data, "managed": managed})
    office.later(minutes=15)
    assert office.tick()["failed"] == 1
    assert office.shown(id)["stopped"] == "unshared"
