"""Saved exports over HTTP: who saved last, what a document may say, what a delete leaves."""

from __future__ import annotations

from typing import Any

import pytest

from counterfoil.core.people import Role
from tests.flows.world import HOSTILE
from tests.web.backend import Backend


class Saved:
    """Ana's company with Ben as an editor, and an export that she saved."""

    def __init__(self) -> None:
        self.backend = Backend()
        self.company = self.backend.flows.connected(self.backend.user("ana"))
        self.backend.flows.member(self.backend.user("ben"), self.company, Role.EDITOR)
        self.id = self.good(
            "exporters/create", connection_ids=[self.company], kind="entity", dataset="invoices",
            options={}, name="Open invoices", target={"tab": "Open"},
        )["id"]  # fmt: skip

    def ask(self, path: str, who: str = "ana", **body: Any) -> tuple[int, dict[str, Any]]:
        return self.backend.ask(who, path, **body)

    def good(self, path: str, who: str = "ana", **body: Any) -> dict[str, Any]:
        status, told = self.ask(path, who, **body)
        assert status == 200, told
        return told

    def code(self, path: str, who: str = "ana", **body: Any) -> tuple[int, str]:
        status, told = self.ask(path, who, **body)
        return status, told["error"]["code"]

    def record(self) -> dict[str, Any]:
        return dict(self.backend.records.all("exporters")[self.id])


@pytest.fixture
def saved() -> Saved:
    return Saved()


# Two who edit at once


def test_whoever_saves_second_is_told_and_changes_nothing(saved: Saved) -> None:
    read = saved.good(f"exporters/{saved.id}/read")["revision"]
    saved.good(f"exporters/{saved.id}/update", who="ben", revision=read, name="Ben's")
    before = saved.record()
    assert saved.code(f"exporters/{saved.id}/update", revision=read, name="Ana's") == (
        409,
        "exporter_changed",
    )
    assert saved.record() == before
    again = saved.good(f"exporters/{saved.id}/read")
    assert (again["name"], again["revision"]) == ("Ben's", read + 1)
    assert saved.good(
        f"exporters/{saved.id}/update", revision=again["revision"], name="Ana's"
    )["revision"] == read + 2  # fmt: skip


def test_of_two_at_the_same_moment_one_is_told(saved: Saved) -> None:
    told: list[tuple[int, dict[str, Any]]] = []

    def bens(collection: str, id: str) -> None:
        if collection == "exporters":
            saved.backend.records.before_write = lambda collection, id: None
            told.append(saved.ask(f"exporters/{saved.id}/update", "ben", revision=1, name="Ben's"))

    saved.backend.records.before_write = bens
    told.append(saved.ask(f"exporters/{saved.id}/update", revision=1, name="Ana's"))
    assert [status for status, _ in told] == [200, 409]
    assert (saved.record()["name"], saved.record()["author"]) == ("Ben's", "google-ben")


def test_a_run_that_ends_meanwhile_is_no_conflict(saved: Saved) -> None:
    step = saved.good(f"export/exporters/{saved.id}/run")
    saved.good("runs/acknowledge", run_id=step["run_id"], applied=False, why_code="x")
    assert saved.good(f"exporters/{saved.id}/update", revision=1, name="Other")["revision"] == 2


@pytest.mark.parametrize("revision", [None, "1", -1, 1.5, True, 10**12])
def test_without_a_revision_nothing_is_saved(saved: Saved, revision: object) -> None:
    before = saved.record()
    assert saved.code(f"exporters/{saved.id}/update", revision=revision, name="X") == (
        400,
        "bad_request",
    )
    assert saved.record() == before


def test_whoever_saves_answers_for_it(saved: Saved) -> None:
    saved.good(f"exporters/{saved.id}/update", who="ben", revision=1, name="Ben's")
    assert saved.record()["author"] == "google-ben"
    saved.backend.records.delete("members", f"{saved.company}:google-ben")
    assert saved.code(f"export/exporters/{saved.id}/run") == (409, "exporter_paused")


# Documents


def test_a_document_makes_the_same_export_of_another_company(saved: Saved) -> None:
    document = saved.good(f"exporters/{saved.id}/export")["document"]
    assert document == {
        "counterfoil": 1,
        "kind": "entity",
        "dataset": "invoices",
        "name": "Open invoices",
        "options": saved.record()["options"],
        "tab": "Open",
        "companies": 1,
    }
    other = saved.backend.flows.connected(
        saved.backend.user("carl"), realm=HOSTILE, sub="intuit-carl"
    )
    made = saved.good("exporters/import", who="carl", connection_ids=[other], document=document)
    assert made["id"] != saved.id
    assert (made["name"], made["options"], made["connection_ids"]) == (
        "Open invoices",
        document["options"],
        [other],
    )
    keys = saved.backend.records.all("exporters")
    assert keys[made["id"]]["digest_key"] != keys[saved.id]["digest_key"]
    assert keys[made["id"]]["author"] == "google-carl"


@pytest.mark.parametrize(
    ("kind", "dataset", "options"),
    [
        ("entity", "invoices", {}),
        ("entity", "invoices", {"cells": {"company": "'Set up'!B1"}}),
        (
            "report",
            "profit-and-loss",
            {"dates": "this_fiscal_year", "consolidate": {"currency": "USD"}},
        ),
    ],
)
def test_an_export_of_two_companies_is_added_for_two(
    saved: Saved, kind: str, dataset: str, options: dict[str, Any]
) -> None:
    other = saved.backend.flows.connected(
        saved.backend.user("ana"), realm=HOSTILE, sub="intuit-ana"
    )
    ids = [saved.company, other]
    made = saved.good(
        "exporters/create",
        connection_ids=ids,
        kind=kind,
        dataset=dataset,
        options=options,
        name="Both",
    )
    document = saved.good(f"exporters/{made['id']}/export")["document"]
    assert document["companies"] == 2
    assert not [id for id in ids if id in str(document)]
    before = saved.backend.records.all("exporters")
    status, told = saved.ask("exporters/import", connection_ids=[saved.company], document=document)
    assert (status, told["error"]["message"]) == (
        400,
        "This export reads 2 companies. Choose as many.",
    )
    assert saved.backend.records.all("exporters") == before
    copied = saved.good("exporters/import", connection_ids=ids, document=document)
    assert (copied["connection_ids"], copied["options"]) == (ids, made["options"])


DOCUMENT: dict[str, Any] = {
    "counterfoil": 1, "kind": "entity", "dataset": "invoices", "name": "Mine",
    "options": {}, "tab": None,
}  # fmt: skip


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"id": "exp_mine00000000"}, id="an id"),
        pytest.param({"author": "google-ana"}, id="an author"),
        pytest.param({"connection_ids": ["con_x"]}, id="companies"),
        pytest.param({"digest_key": "x"}, id="a key"),
        pytest.param({"counterfoil": 2}, id="a newer format"),
        pytest.param({"counterfoil": None}, id="no format"),
        pytest.param({"kind": "table"}, id="no kind of ours"),
        pytest.param({"dataset": 7}, id="no dataset's name"),
        pytest.param({"name": ""}, id="no name"),
        pytest.param({"name": "a\nb\x00"}, id="a name of two lines"),
        pytest.param({"options": []}, id="options that are a list"),
        pytest.param({"options": {"columns": ["NoSuchColumn"]}}, id="a column that is not there"),
        pytest.param({"options": {"unheard_of": 1}}, id="an option that is not there"),
        pytest.param({"tab": 7}, id="a tab that is a number"),
        pytest.param({"companies": 2}, id="more companies than were chosen"),
        pytest.param({"companies": 0}, id="no company"),
        pytest.param({"companies": True}, id="a number of companies that is none"),
        pytest.param({"companies": 21}, id="more companies than an export reads"),
    ],
)
def test_a_document_is_checked_as_if_it_were_typed(saved: Saved, changed: dict[str, Any]) -> None:
    before = saved.backend.records.all("exporters")
    status, told = saved.ask(
        "exporters/import", connection_ids=[saved.company], document=DOCUMENT | changed
    )
    assert (status, told["error"]["code"]) == (400, "bad_request")
    assert saved.backend.records.all("exporters") == before


AUDITED = {"columns": ["id", "name", "tax_number", "bank_account"], "sensitive": True}


@pytest.mark.parametrize(
    ("who", "columns", "kept"),
    [
        ("ana", AUDITED["columns"], ["id", "name"]),
        ("ben", AUDITED["columns"], ["id", "name"]),
        ("ana", ["tax_number", "bank_account"], ["id"]),
    ],
)
def test_a_document_gives_nobodys_consent_to_secrets(
    saved: Saved, who: str, columns: list[str], kept: list[str]
) -> None:
    """They are chosen by an owner who has read who will see them; the importer has not."""
    options = {"columns": columns, "sensitive": True}
    document = DOCUMENT | {"dataset": "vendors", "options": options}
    made = saved.good(
        "exporters/import", who=who, connection_ids=[saved.company], document=document
    )
    assert made["options"]["columns"] == kept
    assert "sensitive" not in made["options"]
    assert made["left_out"] == ["Tax number", "Bank account"]


def test_a_document_takes_the_columns_with_secrets_along_but_no_consent(saved: Saved) -> None:
    made = saved.good(
        "exporters/create", connection_ids=[saved.company], kind="entity", dataset="vendors",
        options=AUDITED, name="Audited",
    )  # fmt: skip
    options = saved.good(f"exporters/{made['id']}/export")["document"]["options"]
    assert options["columns"] == ["id", "name", "tax_number", "bank_account"]
    assert "sensitive" not in options


def test_a_document_that_sorts_by_a_secret_is_refused_in_words(saved: Saved) -> None:
    options = AUDITED | {"sort": {"column": "tax_number", "descending": True}, "first": 10}
    document = DOCUMENT | {"dataset": "vendors", "options": options}
    status, told = saved.ask("exporters/import", connection_ids=[saved.company], document=document)
    assert (status, told["error"]["message"]) == (
        400,
        "This export puts its rows in the order of Tax number, a column with secrets, and these "
        "are not taken along. Take one along that is in another order.",
    )


def test_a_document_of_what_we_do_not_have_is_refused(saved: Saved) -> None:
    document = DOCUMENT | {"dataset": "salaries"}
    assert saved.code(
        "exporters/import", connection_ids=[saved.company], document=document
    ) == (404, "unknown_dataset")  # fmt: skip


def test_a_tabs_name_in_a_document_is_only_a_name(saved: Saved) -> None:
    made = saved.good(
        "exporters/import",
        connection_ids=[saved.company],
        document=DOCUMENT | {"tab": "=IMPORTXML(A1)[*]/\\?:"},
    )
    assert not set(made["tab"]) & set("[]*/\\?:")


# Deleting


def test_a_deleted_export_leaves_nothing_but_its_table(saved: Saved) -> None:
    step = saved.good(f"export/exporters/{saved.id}/run")
    saved.good(f"exporters/{saved.id}/delete", who="ben")
    kept = saved.backend.records
    assert (kept.all("exporters"), kept.all("uses")) == ({}, {})
    assert [id for id in kept.all("leases") if saved.id in id] == []
    for path, body in (
        (f"export/exporters/{saved.id}/run", {}),
        (f"exporters/{saved.id}/read", {}),
        (f"exporters/{saved.id}/delete", {}),
        ("export/steps", {"cursor": step["cursor"]}),
    ):
        assert saved.code(path, **body) == (404, "not_found")
    assert saved.good("home/")["exporters"] == []


# Taking over


def test_an_export_whose_author_left_runs_again_once_an_editor_takes_it_over(saved: Saved) -> None:
    saved.good(f"exporters/{saved.id}/update", who="ben", revision=1, name="Ben's")
    ben = next(
        each["member"]
        for each in saved.good(f"connections/{saved.company}/members")["members"]
        if each["email"] == "ben@example.com"
    )
    saved.good(f"connections/{saved.company}/remove", member=ben)
    assert saved.code(f"export/exporters/{saved.id}/run") == (409, "exporter_paused")
    saved.backend.flows.member(saved.backend.user("ref"), saved.company, Role.REFRESHER)
    assert saved.code(f"exporters/{saved.id}/adopt", who="ref") == (403, "forbidden")
    assert saved.code(f"export/exporters/{saved.id}/run", who="ref") == (409, "exporter_paused")
    taken = saved.good(f"exporters/{saved.id}/adopt")
    assert (taken["paused"], taken["name"], saved.record()["author"]) == (
        None,
        "Ben's",
        "google-ana",
    )
    assert saved.good(f"export/exporters/{saved.id}/run", who="ref")["operations"]


def test_taking_over_ends_what_was_being_edited(saved: Saved) -> None:
    saved.good(f"exporters/{saved.id}/adopt", who="ben")
    assert saved.code(f"exporters/{saved.id}/update", revision=1, name="Ana's") == (
        409,
        "exporter_changed",
    )


# Columns for owners only


@pytest.fixture
def secret(saved: Saved) -> str:
    """An export with a social security number, which Ana, an owner, saved."""
    made = saved.good(
        "exporters/create", connection_ids=[saved.company], kind="entity", dataset="employees",
        options={"columns": ["id", "ssn"], "sensitive": True}, name="Staff", target={"tab": "Staff"},
    )  # fmt: skip
    return str(made["id"])


def _with_role(saved: Saved, role: str, of: str, by: str) -> None:
    members = saved.good(f"connections/{saved.company}/members", who=by)["members"]
    member = next(each["member"] for each in members if each["email"] == of)
    saved.good(f"connections/{saved.company}/role", who=by, member=member, role=role)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("adopt", {}),
        ("update", {"revision": 1, "name": "Mine"}),
        ("update", {"revision": 1, "tab": "Mine"}),
    ],
)
def test_an_editor_does_not_come_to_answer_for_what_they_could_not_create(
    saved: Saved, secret: str, path: str, body: dict[str, Any]
) -> None:
    status, told = saved.ask(f"exporters/{secret}/{path}", "ben", **body)
    assert (status, told["error"]["code"]) == (403, "forbidden")
    assert "Only an owner of this company may export" in told["error"]["message"]
    assert saved.backend.records.all("exporters")[secret]["author"] == "google-ana"


def test_an_editor_may_save_it_without_that_column_and_delete_it(saved: Saved, secret: str) -> None:
    saved.good(f"exporters/{secret}/update", "ben", revision=1, options={"columns": ["id"]})
    assert saved.backend.records.all("exporters")[secret]["author"] == "google-ben"
    saved.good(f"exporters/{secret}/update", revision=2, name="Staff again",
        options={"columns": ["id", "ssn"], "sensitive": True})  # fmt: skip
    saved.good(f"exporters/{secret}/delete", "ben")
    assert secret not in saved.backend.records.all("exporters")


def test_it_rests_when_its_author_is_no_owner_any_more_until_an_owner_takes_it_over(
    saved: Saved, secret: str
) -> None:
    saved.backend.flows.member(saved.backend.user("carl"), saved.company, Role.OWNER)
    _with_role(saved, "editor", of="ana@example.com", by="carl")
    assert saved.code(f"export/exporters/{secret}/run", "ana") == (409, "exporter_paused")
    assert saved.backend.records.all("exporters")[secret]["paused"] == "author_gone"
    assert saved.code(f"exporters/{secret}/adopt", "ana") == (403, "forbidden")
    assert saved.good(f"exporters/{secret}/adopt", "carl")["paused"] is None
    saved.backend.flows.member(saved.backend.user("ref"), saved.company, Role.REFRESHER)
    assert saved.good(f"export/exporters/{secret}/run", "ref")["operations"]
