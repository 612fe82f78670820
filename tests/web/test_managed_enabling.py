"""Who may turn managed refresh on, and that no spreadsheet is written into that nobody proved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from counterfoil.core.people import Role
from counterfoil.flows import managed_loads
from counterfoil.flows.managed_health import ManagedHealth
from counterfoil.flows.proofs import PROOFS
from sandbox.google.a1 import Rect
from sandbox.google.server import GoogleSandbox
from sandbox.google.state import grid_state
from tests.web.backend import WRITER
from tests.web.managed_office import HOURLY, QUARTER, ManagedOffice, sheets

OTHER_KEY = "b" * 64


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleSandbox]:
    with sheets() as running:
        yield running


@pytest.fixture
def office(google: GoogleSandbox) -> ManagedOffice:
    return ManagedOffice(google)


def test_it_is_said_with_whom_to_share_and_what_to_write(office: ManagedOffice) -> None:
    id = office.export()
    offered = office.good(f"managed_refresh/exporters/{id}/offer")
    nonce = offered.pop("nonce")
    assert offered == {"account": WRITER, "key": "counterfoil:proof", "expires_in_s": 600}
    assert len(nonce) == 43
    assert nonce not in repr(office.backend.records.all(PROOFS)), "the store holds its digest alone"
    assert office.good("home/")["managed"] == {"account": WRITER}


def test_the_nonce_is_erased_from_the_spreadsheet_and_everything_else_stays(
    office: ManagedOffice,
) -> None:
    office.share()
    id = office.export()
    office.book.add_metadata("counterfoil:proof", "of somebody who is at it at this moment")
    office.book.add_metadata("mine", "of another add-on")
    before = grid_state(office.book)
    office.enable(id)
    assert grid_state(office.book) == before


def test_without_the_nonce_in_the_spreadsheet_nothing_is_turned_on(office: ManagedOffice) -> None:
    office.share()
    id = office.export()
    assert office.refused(id, office.offer(id)) == "proof_missing"
    assert office.refused(id, "made-up") == "proof_missing"
    assert office.record(id)["managed"] is None


def test_who_may_only_look_at_the_spreadsheet_cannot_turn_it_on(office: ManagedOffice) -> None:
    """Mallory knows the id and has a key of a spreadsheet of her own, and cannot write there."""
    victim = office.other_book()
    office.share(book=victim.id)
    office.write("of Ana, who may edit it", victim)
    id = office.export()
    nonce = office.offer(id, book=victim.id)
    assert office.refused(id, nonce, book=victim.id) == "proof_missing"
    office.write(office.offer(id), office.book)
    nonce = office.offer(id, book=victim.id)
    office.write(nonce, office.book)  # in her own one, and not in the one that she names
    assert office.refused(id, nonce, book=victim.id) == "proof_missing"
    office.later(minutes=15)
    office.tick()
    assert [tab.title for tab in victim.tabs] == ["Sheet1"]


def test_a_nonce_works_once(office: ManagedOffice) -> None:
    office.share()
    id = office.export()
    nonce = office.offer(id)
    office.write(nonce)
    path, body = f"managed_refresh/exporters/{id}/enable", {"nonce": nonce, "schedule": QUARTER}
    office.good(path, **body)
    office.write(nonce)
    assert office.code(path, **body) == "proof_missing"


def test_a_spreadsheet_that_is_not_shared_yet_and_a_busy_google_cost_no_nonce(
    office: ManagedOffice,
) -> None:
    id = office.export()
    nonce = office.offer(id)
    office.write(nonce)
    assert office.refused(id, nonce) == "sheet_not_shared"
    office.share()
    office.google.sheets.fail_next(503)
    assert office.refused(id, nonce) == "service_unavailable"
    office.good(f"managed_refresh/exporters/{id}/enable", nonce=nonce, schedule=QUARTER)


def test_of_two_who_show_one_nonce_at_the_same_moment_one_succeeds(office: ManagedOffice) -> None:
    office.share()
    id = office.export()
    nonce = office.offer(id)
    office.write(nonce)
    path, body = f"managed_refresh/exporters/{id}/enable", {"nonce": nonce, "schedule": QUARTER}
    records, answers = office.backend.records, list[int]()

    def twin(collection: str, key: str) -> None:
        if collection == PROOFS:
            records.before_write = lambda *_: None
            answers.append(office.ask(path, **body)[0])

    records.before_write = twin
    answers.append(office.ask(path, **body)[0])
    assert sorted(answers) == [200, 409], "who erased it has shown it"


def test_a_nonce_lives_for_ten_minutes(office: ManagedOffice) -> None:
    office.share()
    id = office.export()
    early, late = office.offer(id), office.offer(id)
    office.write(early)
    office.write(late)
    office.later(minutes=9, seconds=59)
    office.good(f"managed_refresh/exporters/{id}/enable", nonce=early, schedule=QUARTER)
    office.later(seconds=1)
    assert office.refused(id, late) == "proof_missing"


@pytest.mark.parametrize(
    "how",
    [{"who": "ben"}, {"key": OTHER_KEY}, {"book": "other"}],
    ids=["another user", "another key", "another spreadsheet"],
)
def test_a_nonce_is_of_one_user_and_one_spreadsheet(
    office: ManagedOffice, how: dict[str, str]
) -> None:
    office.share()
    other = office.other_book()
    office.share(book=other.id)
    id = office.export()
    nonce = office.offer(id)
    office.write(nonce)
    office.write(nonce, other)
    if "book" in how:
        how = {"book": other.id}
    before = grid_state(office.book)
    # With another key the export itself is not there.
    wanted = "not_found" if "key" in how else "proof_missing"
    assert office.refused(id, nonce, **how) == wanted
    assert grid_state(office.book) == before
    assert office.record(id)["managed"] is None
    office.good(f"managed_refresh/exporters/{id}/enable", nonce=nonce, schedule=QUARTER)


def test_a_nonce_that_not_all_editors_may_see_is_none(office: ManagedOffice) -> None:
    office.share()
    id = office.export()
    nonce = office.offer(id)
    office.write(nonce, visibility="PROJECT")
    assert office.refused(id, nonce) == "proof_missing"
    nonce = office.offer(id)
    office.book.add_metadata("counterfoil:proof", nonce, sheet_id=office.book.tabs[0].sheet_id)
    assert office.refused(id, nonce) == "proof_missing", "on a tab, which may have been copied in"


def test_an_account_that_may_only_look_is_told_apart(office: ManagedOffice) -> None:
    id = office.export()
    office.share("reader")
    nonce = office.offer(id)
    office.write(nonce)
    path, body = f"managed_refresh/exporters/{id}/enable", {"nonce": nonce, "schedule": QUARTER}
    _, told = office.ask(path, **body)
    assert told["error"]["code"] == "sheet_not_shared"
    assert told["error"]["details"] == {"account": WRITER, "may": "look"}
    assert "make it an Editor" in told["error"]["message"]
    office.share(None)
    _, told = office.ask(path, **{**body, "nonce": office.offer(id)})
    assert told["error"]["details"] == {"account": WRITER, "may": "nothing"}
    assert WRITER in told["error"]["message"]


def test_only_an_editor_of_every_company_turns_it_on(office: ManagedOffice) -> None:
    office.share()
    id = office.export()
    office.backend.flows.member(office.backend.user("ref"), office.company, Role.REFRESHER)
    offer, enable = (f"managed_refresh/exporters/{id}/{each}" for each in ("offer", "enable"))
    body = {"nonce": "x", "schedule": QUARTER}
    assert (office.code(offer, "ref"), office.code(enable, "ref", **body)) == ("forbidden",) * 2
    assert (office.code(offer, "eve"), office.code(enable, "eve", **body)) == ("not_found",) * 2


# Nobody takes it elsewhere


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
    status, told = office.ask("exporters/import", "ben", **body)
    if status == 200:
        assert office.record(told["id"])["managed"] is None
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


# How much


def test_what_does_not_fit_is_refused_in_words_and_what_is_gone_makes_room(
    google: GoogleSandbox,
) -> None:
    office = ManagedOffice(google)
    office.share()
    ids = [office.export(name=f"Export {n}") for n in range(61)]
    for id in ids[:60]:
        office.enable(id)
        office.later(seconds=3)
    assert office.backend.managed_health.told()["used"] == [100]  # type: ignore[index]
    nonce = office.offer(ids[60])
    office.write(nonce)
    path = f"managed_refresh/exporters/{ids[60]}/enable"
    status, told = office.ask(path, nonce=nonce, schedule=QUARTER)
    assert (status, told["error"]["code"]) == (409, "managed_full")
    assert "Choose a longer time" in told["error"]["message"]
    assert office.record(ids[60])["managed"] is None
    office.enable(ids[0], schedule=HOURLY)
    office.enable(ids[60], schedule=HOURLY)
    office.good(f"exporters/{ids[1]}/delete")
    office.good(f"exporters/{ids[2]}/schedule", schedule=None)
    office.enable(ids[60])


@pytest.mark.parametrize("why", ["managed_full", "proof_missing", "sheet_not_shared"])
def test_a_refusal_leaves_what_runs_as_it_is_and_the_title_row_comes_once_nothing_is_refused(
    office: ManagedOffice, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = office.managed()
    before = office.record(id)
    nonce, full = office.offer(id, "ben"), why == "managed_full"
    if why != "proof_missing":
        office.write(nonce)
    with monkeypatch.context() as patched:
        if full:
            patched.setattr(managed_loads, "has_room", lambda loads: not list(loads))
        if why == "sheet_not_shared":
            office.share(None)
        assert office.refused(id, nonce, "ben", title_row=True) == why
    assert office.record(id) == before
    office.share()
    office.later(minutes=15)
    assert office.tick()["ran"] == 1
    nonce = office.offer(id)
    office.write(nonce)
    path = f"managed_refresh/exporters/{id}/enable"
    office.good(path, nonce=nonce, schedule=QUARTER, title_row=True)
    shown = office.shown(id)
    assert (shown["stopped"], shown["managed"]["proven"]) == (None, True)
    assert office.record(id)["revision"] == before["revision"] + 1
    office.later(minutes=15)
    assert office.tick()["ran"] == 1


def test_one_that_errors_paused_keeps_its_room_for_a_run_by_hand_to_bring_it_back(
    office: ManagedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    paused, other = office.managed(), office.export(name="Other")
    office.later(minutes=15)
    office.tick()
    tab = office.book.tab("Invoices")
    assert tab is not None
    was = tab.values(Rect(3, 0))
    tab.write(3, 0, [["typed over"]])
    for _ in range(3):
        office.later(minutes=15)
        office.tick()
    assert office.shown(paused)["stopped"] == "errors"
    monkeypatch.setattr(managed_loads, "has_room", lambda loads: len(list(loads)) <= 1)
    nonce = office.offer(other)
    office.write(nonce)
    assert office.refused(other, nonce) == "managed_full"
    tab.write(3, 0, was)
    told = office.good(f"export/exporters/{paused}/run")
    while told.get("cursor"):
        told = office.good("export/steps", cursor=told["cursor"])
    office.good("runs/acknowledge", run_id=told["run_id"], applied=True, rows_seen=35)
    assert office.shown(paused)["stopped"] is None
    nonce = office.offer(other)
    office.write(nonce)
    assert office.refused(other, nonce) == "managed_full", "it runs again, and fills the account"
    office.good(f"exporters/{paused}/delete")
    office.enable(other)


def test_health_tells_within_the_hour_that_room_is_not_used_any_more(office: ManagedOffice) -> None:
    office.share()
    ids = [office.export(name=f"Export {n}") for n in range(10)]
    for id in ids:
        office.enable(id)
    office.tick()
    assert office.backend.managed_health.told()["used"] == [17]  # type: ignore[index]
    for id in ids[1:]:
        office.good(f"exporters/{id}/delete")
    office.later(hours=1)
    office.tick()
    fresh = ManagedHealth(office.backend.records, office.clock, (WRITER,)).told()
    assert fresh is not None
    assert fresh["used"] == [2]


def test_the_trigger_takes_no_minutes(office: ManagedOffice) -> None:
    id = office.export()
    _, told = office.ask(f"exporters/{id}/schedule", schedule=QUARTER)
    assert told["error"]["code"] == "bad_request"
    assert "managed refresh" in told["error"]["message"]


def test_where_no_account_is_named_it_is_not_offered(google: GoogleSandbox) -> None:
    office = ManagedOffice(google, accounts=())
    id = office.export()
    status, told = office.ask(f"managed_refresh/exporters/{id}/offer")
    assert (status, told["error"]["code"]) == (400, "bad_request")
    assert "managed" not in office.good("home/")
    assert office.backend.managed_health.told() is None
